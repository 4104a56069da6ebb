"""Behavior of extractors.fetch.robots_rules: one table a paragraph of RFC 9309 section 2.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.fetch.robots_rules import MAX_ROBOTS_BYTES, parse_robots

SITE = "https://news.example"


def may(robots: str | bytes, path: str, *, agent: str = "wirewatch") -> bool:
    """Whether a file lets an agent fetch a path."""
    body = robots.encode() if isinstance(robots, str) else robots
    return parse_robots(body, agent=agent).can_fetch(SITE + path)


def may_by(pattern: str, path: str) -> bool:
    """Whether a path may be fetched where all but a pattern is forbidden."""
    return may(f"User-agent: *\nDisallow: /\nAllow: {pattern}\n", path)


@pytest.mark.parametrize(
    ("robots", "forbidden"),
    [
        ("User-agent: *\nDisallow: /x\n\nUser-agent: wirewatch\nDisallow: /y", "/y"),
        ("User-agent: WireWatch\nDisallow: /y\nUser-agent: *\nDisallow: /x", "/y"),
        ("User-agent: wirewatch/1.0 (news)\nDisallow: /y", "/y"),
        ("User-agent: wirewatchbot\nDisallow: /x\nUser-agent: *\nDisallow: /y", "/y"),
        ("User-agent: wire\nDisallow: /x\nUser-agent: *\nDisallow: /y", "/y"),
        ("User-agent: * everybody\nDisallow: /y", "/y"),
        ("user-agent:wirewatch\ndisallow:/y", "/y"),
        ("USER-AGENT : wirewatch\nDISALLOW : /y", "/y"),
    ],
)
def test_the_group_that_names_us_counts_and_else_the_one_for_all(robots: str, forbidden: str) -> None:
    """The whole product token is compared, in any case, and what follows it is not (2.2.1)."""
    assert not may(robots, forbidden)
    assert may(robots, "/y" if forbidden == "/x" else "/x")


@pytest.mark.parametrize(
    ("robots", "path", "expected"),
    [
        ("User-agent: a\nUser-agent: wirewatch\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nUser-agent: *\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\n\n# a note\n\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nDisallow: /x\nUser-agent: b\nDisallow: /y", "/y", True),
        ("User-agent: wirewatch\nDisallow: /x\nUser-agent: b\nAllow:\nUser-agent: wirewatch\nDisallow:/y", "/y", False),
        ("User-agent: wirewatch\nUser-agent: wirewatch\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nDisallow:\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /\nUser-agent: wirewatch", "/x", True),
        ("Disallow: /x\nUser-agent: *\nDisallow: /y", "/x", True),
        ("User-agent: wirewatch\nSitemap: https://news.example/s.xml\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nDisallow: /y\nSitemap: https://news.example/s.xml\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nCrawl-delay: 5\nUser-agent: b\nDisallow: /x", "/x", False),
        ("User-agent: wirewatch\nNoindex: /\nUser-agent: b\nDisallow: /x", "/x", False),
    ],
)  # fmt: skip
def test_names_in_a_row_share_the_rules_that_follow(robots: str, path: str, *, expected: bool) -> None:
    """Only a rule ends a list of names; groups of one name are one; other records do not interfere (2.2.1, 2.2.4)."""
    assert may(robots, path) is expected


@pytest.mark.parametrize(
    ("allow", "disallow", "path", "expected"),
    [
        ("/news/", "/", "/news/1", True),
        ("/", "/news/", "/news/1", False),
        ("/news", "/news", "/news/1", True),
        ("/page", "/*.html", "/page.html", False),
        ("/$", "/", "/", True),
        ("/$", "/", "/news", False),
        ("/news", "/news$", "/news", False),
        ("", "", "/news", True),
    ],
)
def test_the_longest_pattern_decides(allow: str, disallow: str, path: str, *, expected: bool) -> None:
    """Whatever the order in the file; of equals, ``Allow`` (2.2.2)."""
    assert may(f"User-agent: *\nAllow: {allow}\nDisallow: {disallow}", path) is expected
    assert may(f"User-agent: *\nDisallow: {disallow}\nAllow: {allow}", path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/fish", "/fishing?x=1", True),
        ("/fish", "/Fish", False),
        ("/fish", "/a/fish", False),
        ("/fish*", "/fish", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/a/b.php5?x", True),
        ("/*.php$", "/a/b.php", True),
        ("/*.php$", "/b.php?x", False),
        ("/a*b*c$", "/a-b-c-b-c", True),
        ("/a*b*c$", "/a-c-b", False),
        ("/ab*ba$", "/aba", False),
        ("/a**b", "/a-b", True),
        ("/a$b", "/a$b", True),
        ("/exactly$", "/exactly", True),
        ("/exactly$", "/exactly/", False),
        ("/*?page=", "/list?page=2", True),
        ("/*?page=", "/list", False),
        ("*/amp/", "/news/amp/", True),
        ("news", "/news", True),
        ("/a # a note", "/a", True),
        ("/", "/", True),
        ("/", "", True),
    ],
)
def test_stars_and_the_dollar_sign(pattern: str, path: str, *, expected: bool) -> None:
    """A star stands for anything, a dollar sign at the end for the end; case counts in paths (2.2.2, 2.2.3)."""
    assert may_by(pattern, path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/خبر", "/%D8%AE%D8%A8%D8%B1", True),
        ("/%d8%ae%d8%a8%d8%b1", "/%D8%AE%D8%A8%D8%B1", True),
        ("/%D8%AE%D8%A8%D8%B1", "/خبر", True),
        ("/%6Eews", "/news", True),
        ("/news", "/%6eews", True),
        ("/a%2Fb", "/a%2fb", True),
        ("/a%2Fb", "/a/b", False),
        ("/go?to=https://a.example/", "/go?to=https%3A%2F%2Fa.example%2F", True),
        ("/go?to=https%3A%2F%2Fa.example%2F", "/go?to=https://a.example/", True),
        ("/star-%2A", "/star-*", True),
        ("/price-%24", "/price-$", True),
        ("/star-%2A", "/star-x", False),
        ("/a b", "/a%20b", True),
        ("/100%", "/100%", True),
    ],
)
def test_escapes_are_compared_by_what_they_stand_for(pattern: str, path: str, *, expected: bool) -> None:
    """An escaped and a plain octet are the same, reserved ones in a path are not (2.2.2, figures 4 and 6)."""
    assert may_by(pattern, path) is expected


@pytest.mark.parametrize(
    "robots",
    [
        b"User-agent: *\rDisallow: /x\r",
        b"User-agent: *\r\nDisallow: /x\r\n",
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x",
        b"\xef\xbbUser-agent: *\nDisallow: /x",
        "User-agent: *\nDisallow: /x".encode("utf-16"),
        b"<br>\nUser-agent: *\n<br>\nDisallow: /x",
        b"User-agent *\nDisallow /x",
        b"user agent: *\ndissalow: /x",
        b"  User-agent: *  # all\n\tDisallow:\t/x\t# this",
        "User-agent: *\nAllow: /\u2028\nDisallow: /x".encode(),
        b"User-agent: *\nDisallow: /\xe4\nDisallow: /x",
    ],
)
def test_files_as_they_are_found(robots: bytes) -> None:
    """Any end of a line, marks, other markup, missing colons and known misspellings (2.2)."""
    assert not may(robots, "/x")
    assert may(robots, "/y")


def test_octets_that_are_no_utf_8_are_compared_as_such() -> None:
    """A rule in Latin forbids the same octets, escaped, and nothing else."""
    robots = b"User-agent: *\nDisallow: /caf\xe9"
    assert not may(robots, "/caf%E9")
    assert may(robots, "/caf%C3%A9")


def test_the_file_itself_may_always_be_fetched() -> None:
    """Section 2.2.2: it is implicitly allowed."""
    assert may("User-agent: *\nDisallow: /", "/robots.txt")
    assert not may("User-agent: *\nDisallow: /", "/robots.txt?x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5", 5.0), ("0.5", 0.5), ("soon", None), ("-1", None), ("inf", None), ("nan", None), ("", None)],
)
def test_a_crawl_delay_is_a_number_of_seconds(value: str, expected: float | None) -> None:
    """Anything else is none."""
    assert parse_robots(f"User-agent: *\nCrawl-delay: {value}".encode()).crawl_delay == expected


def test_the_crawl_delay_is_ours() -> None:
    """That of the group for all does not count beside a group of our own."""
    robots = b"User-agent: *\nCrawl-delay: 9\nDisallow:\nUser-agent: wirewatch\nDisallow: /x"
    assert parse_robots(robots).crawl_delay is None
    assert parse_robots(robots, agent="other").crawl_delay == 9


def test_sitemaps_are_listed_wherever_they_stand() -> None:
    """They belong to no group; the colon of the address does not end the field."""
    robots = (
        b"Sitemap: https://news.example/1.xml\nUser-agent: b\nDisallow: /\nsitemap:https://news.example/2.xml\nSitemap:"
    )
    assert parse_robots(robots).sitemaps == ("https://news.example/1.xml", "https://news.example/2.xml")


def test_a_huge_file_is_read_at_its_beginning() -> None:
    """The first 500 KiB count; a rule after them does not."""
    robots = b"User-agent: *\nDisallow: /first\n" + b"# padding\n" * (MAX_ROBOTS_BYTES // 10) + b"Disallow: /last\n"
    assert not may(robots, "/first")
    assert may(robots, "/last")


@pytest.mark.parametrize(
    "robots",
    [
        "User-agent: *\nDisallow: /" + "*" * 10_000 + "x",
        "User-agent: *\nDisallow: /" + "*a" * 200_000,
        "User-agent: *\n" + "Disallow: /*a*b*c*d*e*f*g*h$\n" * 15_000,
        "User-agent: b\n" * 20_000 + "Disallow: /\n" * 15_000,
        "a" * 500_000,
        " " * 250_000 + ":" * 250_000,
    ],
)
def test_hostile_files_end(robots: str) -> None:
    """Stars by the ten thousand, long lists of names and endless lines are read like any other."""
    assert may(robots, "/" + "abcdefg" * 280)


@given(st.binary(max_size=2_000), st.text(max_size=100))
def test_anybodys_bytes_are_rules_or_none(body: bytes, path: str) -> None:
    """Whatever a host sends, and whatever is asked, there is an answer."""
    assert may(body, f"/{path}") in (True, False)


@given(st.text(alphabet="ab*$/?%2A=", max_size=12), st.text(alphabet="ab/?%2A=", max_size=12))
def test_a_star_before_a_pattern_only_widens_it(pattern: str, path: str) -> None:
    """What a pattern fits, it fits with stars in it too."""
    if may_by(f"/{pattern}", f"/{path}"):
        assert may_by(f"/*{pattern}", f"/{path}")
