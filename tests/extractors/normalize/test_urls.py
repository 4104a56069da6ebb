"""Behavior of extractors.normalize.urls."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import Reason
from extractors.normalize.urls import (
    cms_id_of,
    host_of,
    image_key,
    is_home,
    led_home,
    link_problem,
    normalize,
    normalize_url,
)
from extractors.outlets import Outlet
from extractors.toml_records import make_record


def outlet(**urls: Any) -> Outlet:
    """An outlet with the given URL rules."""
    values = {"hosts": ["www.example.org", "127.0.0.1:8081"], **urls}
    record = {"outlet_id": "example", "name": "Example", "homepage": "https://www.example.org/", "urls": values}
    return make_record(Outlet, record, file="example.toml")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Example.ORG", "https://www.example.org/"),
        ("https://www.example.org:443/a", "https://www.example.org/a"),
        ("http://www.example.org:443/a", "http://www.example.org:443/a"),
        ("https://user:secret@www.example.org/a", "https://www.example.org/a"),
        ("https://www.example.org./a#top", "https://www.example.org/a"),
        ("https://www.example.org/a/./b/../c/", "https://www.example.org/a/c/"),
        ("https://www.example.org/../../a/..", "https://www.example.org/"),
        ("https://www.example.org/%7Ejo/%2e%2E/x%2fy", "https://www.example.org/x%2Fy"),
        ("https://www.example.org/50%", "https://www.example.org/50%25"),
        ('https://www.example.org/a b"c', "https://www.example.org/a%20b%22c"),
        ("  https://www.example.org/a\n/b\t ", "https://www.example.org/a/b"),
        ("https://www.example.org/a\\b", "https://www.example.org/a/b"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://[::0001]:80/a", "http://[::1]/a"),
        ("https://www.example.org/a;jsessionid=8F2?b=1", "https://www.example.org/a?b=1"),
        ("https://www.example.org/a?&&b=1&", "https://www.example.org/a?b=1"),
        ("https://www.example.org/a?b=1&amp;c=2", "https://www.example.org/a?b=1&c=2"),
        ("https://www.example.org/a?c=2&b=1", "https://www.example.org/a?c=2&b=1"),
    ],
)
def test_one_spelling(url: str, expected: str) -> None:
    """A URL has one spelling, and normalizing it again changes nothing."""
    assert normalize(url) == expected
    assert normalize(expected) == expected


@pytest.mark.parametrize("path", ["/قصف-على-إدلب/12/", "/%D9%82%D8%B5%D9%81/1/", "/%d9%82%d8%b5%d9%81/1/"])
def test_arabic_letters_raw_or_encoded_are_the_same(path: str) -> None:
    """An Arabic slug has one spelling, in either case of percent escapes or none."""
    found = normalize(f"https://www.example.org{path}")
    assert found.isascii()
    assert found == normalize(found.replace("%D9", "%d9"))
    assert normalize("https://www.example.org/%d9%82/") == normalize("https://www.example.org/ق/")


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x&utm_medium=rss",
        "fbclid=IwAR0",
        "FBCLID=IwAR0",
        "traffic_source=rss",
        "mc_cid=1&mc_eid=2",
        "utm%5Fsource=x",
        "gclid=1&amp;utm_campaign=2",
        "at_medium=RSS&at_campaign=rss",
    ],
)
def test_tracking_parameters_are_dropped(query: str) -> None:
    """Where a reader came from is no part of an address; what the page depends on is."""
    assert normalize(f"https://www.example.org/a?{query}") == "https://www.example.org/a"
    assert normalize(f"https://www.example.org/a?p=7&{query}&lang=ar") == "https://www.example.org/a?p=7&lang=ar"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/en/12/",
        "//www.example.org/a",
        "www.example.org/a",
        "ftp://www.example.org/a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://exa mple.org/",
        "https://a..b/",
        "https://-a.org/",
        "https://www.example.org:99999/",
        "https://www.example.org:x/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://www.example.org\\@evil.example/",
        "https://www.example.org/" + "a" * 5000,
    ],
)
def test_garbage_is_a_value_error(url: str) -> None:
    """What is no absolute http or https URL raises ValueError, and is the reason bad_url."""
    with pytest.raises(ValueError, match=r"."):
        normalize(url)
    assert link_problem(url, outlet()) == Reason.BAD_URL
    assert cms_id_of(url, outlet(cms_id="(?P<id>.)")) is None


@given(st.text(max_size=80) | st.from_regex(r"https?://[a-z0-9.:@%\[\]\\-]{1,20}[/?#;].{0,60}", fullmatch=True))
def test_normalizing_twice_is_normalizing_once(url: str) -> None:
    """For anybody's text: a ValueError, or an ASCII form that is its own normal form."""
    try:
        once = normalize(url)
    except ValueError:
        return
    assert once.isascii()
    assert normalize(once) == once
    assert host_of(once) == host_of(url)


REWRITES = [
    {"pattern": r"^https://www\.example\.org/en/\?p=(\d+)$", "replace": r"https://www.example.org/en/\1/"},
    {"pattern": r"^(https://www\.example\.org/en/\d+)$", "replace": r"\1/"},
]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/en/12/",
        "https://www.example.org/en/12",
        "http://www.example.org/en/?p=12",
        "https://www.example.org/en/?fbclid=x&p=12#more",
    ],
)
def test_rewrite_rules_make_one_of_two_forms(url: str) -> None:
    """The old form of an article's address is the new one, also with http and a tracking parameter."""
    rules = outlet(rewrite=REWRITES, cms_id=r"/en/(?P<id>\d+)/$")
    assert normalize_url(url, rules) == "https://www.example.org/en/12/"
    assert normalize_url(normalize_url(url, rules), rules) == normalize_url(url, rules)
    assert cms_id_of(url, rules) == "12"


@pytest.mark.parametrize("url", ["http://other.example/a", "http://127.0.0.1:8081/a"])
def test_http_stays_where_nothing_is_known_of_https(url: str) -> None:
    """Only the outlet's own hosts on the scheme's own port are taken to https."""
    assert normalize_url(url, outlet()) == url


def test_http_stays_for_an_outlet_on_http() -> None:
    """A homepage on http says nothing about https."""
    plain = outlet().model_copy(update={"homepage": "http://www.example.org/"})
    assert normalize_url("http://www.example.org/a", plain) == "http://www.example.org/a"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.org/news/a", None),
        ("HTTPS://WWW.EXAMPLE.ORG:443/news/a?utm_source=x", None),
        ("http://127.0.0.1:8081/news/a", None),
        ("http://127.0.0.1:8082/news/a", Reason.FOREIGN_HOST),
        ("http://127.0.0.1/news/a", Reason.FOREIGN_HOST),
        ("https://example.org/news/a", Reason.FOREIGN_HOST),
        ("https://ads.example/news/a", Reason.FOREIGN_HOST),
        ("https://www.example.org.evil.example/news/a", Reason.FOREIGN_HOST),
        ("https://www.example.org@evil.example/news/a", Reason.FOREIGN_HOST),
        ("https://www.example.org/tag/a", Reason.EXCLUDED_URL),
        ("https://www.example.org/news/live/a", Reason.EXCLUDED_URL),
    ],
)
def test_link_problem(url: str, expected: Reason | None) -> None:
    """A link is judged by its host with its port, then by the outlet's patterns."""
    assert link_problem(url, outlet(include=["/news/"], exclude=["/live/"])) == expected


def test_cms_id_needs_a_pattern_and_a_match() -> None:
    """No pattern, no match and an empty match are no id."""
    url = "https://www.example.org/node/12"
    assert cms_id_of(url, outlet()) is None
    assert cms_id_of(url, outlet(cms_id=r"/post/(?P<id>\d+)")) is None
    assert cms_id_of(url, outlet(cms_id=r"/node(?P<id>)/")) is None
    assert cms_id_of(url, outlet(cms_id=r"/node/(?P<id>\d+)")) == "12"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.example.org/sites/default/files/styles/large_16_9/public/2026-03/x.jpg?h=1a&itok=Zz",
            "https://www.example.org/sites/default/files/2026-03/x.jpg",
        ),
        ("https://www.example.org/2026/03/x.PNG?w=300#a", "https://www.example.org/2026/03/x.PNG"),
        ("https://www.example.org/image?id=7", "https://www.example.org/image?id=7"),
        (" /relative/x.jpg ", "/relative/x.jpg"),
    ],
)
def test_image_key(url: str, expected: str) -> None:
    """All renditions of a picture have one key; pictures served by number keep their number."""
    assert image_key(url) == expected


HOME = "https://www.example.org/en/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOME, True),
        (f"{HOME}?utm_source=removed#top", True),
        ("http://www.example.org/en/", True),
        ("https://www.example.org/", True),
        ("https://www.example.org", True),
        ("https://www.example.org/?p=41", False),
        ("https://www.example.org/?login=required", False),
        ("https://www.example.org/en/41/", False),
        ("https://elsewhere.example/", False),
    ],
)
def test_the_home_page_is_told_from_other_pages(url: str, expected: bool) -> None:
    """The outlet's own home page, or the root of one of its hosts; a query may be an article's address."""
    site = outlet().model_copy(update={"homepage": HOME})
    assert is_home(url, site) is expected
    assert led_home("https://www.example.org/en/42/", url, site) is expected
    assert not led_home(url, url, site)


def test_another_spelling_of_the_home_page_leads_nowhere() -> None:
    """Whoever lists the home page itself gets it."""
    site = outlet().model_copy(update={"homepage": HOME})
    assert not led_home(f"{HOME}?utm_source=x", HOME, site)


def test_a_url_that_is_too_long_in_its_normal_form_is_none() -> None:
    """Each letter of Arabic takes six characters there; what is made of the form could not be read again."""
    with pytest.raises(ValueError, match="encoded"):
        normalize("https://www.gazette.example/" + "م" * 2_000)
    assert normalize("https://www.gazette.example/" + "م" * 200).count("%D9%85") == 200
