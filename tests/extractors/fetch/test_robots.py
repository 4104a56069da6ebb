"""robots.txt is asked once a host, obeyed, and forgotten in time (RFC 9309)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from extractors.errors import PermanentFetchError, Reason, TransientFetchError
from extractors.fetch.robots import RobotsAnswer, RobotsCache


class Site:
    """A site whose robots.txt can change, and which counts who asks."""

    def __init__(self, answer: RobotsAnswer) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.now = datetime(2026, 11, 22, tzinfo=UTC)
        self.cache = RobotsCache(cache_hours=24, now=lambda: self.now)

    async def ask(self, url: str) -> RobotsAnswer:
        """Answer after a moment."""
        self.asked.append(url)
        await asyncio.sleep(0)
        return self.answer

    async def check(self, url: str) -> float | None:
        """Ask whether a URL may be fetched."""
        return await self.cache.check(url, self.ask)


RULES = b"""\
User-agent: *
Disallow: /all

User-agent: WireWatch
Crawl-delay: 7.5
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
Disallow: /\xd8\xb3\xd8\xb1
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/all", True),
        ("/private/", False),
        ("/private/x?y=1", False),
        ("/private/open/1", True),
        ("/report.pdf", False),
        ("/report.pdf?x", True),
        ("/%D8%B3%D8%B1/1", False),
        ("/%d8%b3%d8%b1/1", False),
    ],
)
async def test_our_own_group_of_rules_counts(path: str, *, allowed: bool) -> None:
    """The longest match wins, wildcards and escapes included, and the group for all others is not ours."""
    site = Site(RobotsAnswer(body=RULES))
    if allowed:
        assert await site.check(f"https://news.example{path}") == 7.5
    else:
        with pytest.raises(PermanentFetchError) as caught:
            await site.check(f"https://news.example{path}")
        assert caught.value.reason == Reason.ROBOTS_DISALLOWED


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>not found</html>", b"Disallow: /", b"\x00\xff\xfe", b"User-agent: otherbot\nDisallow: /", None],
)
async def test_without_a_rule_for_us_everything_is_allowed(body: bytes | None) -> None:
    """An unavailable file, an empty one, and what is no robots.txt at all."""
    assert await Site(RobotsAnswer(body=body)).check("https://news.example/1") is None


async def test_an_unreachable_file_allows_nothing_for_a_while() -> None:
    """The pages are told why, without a request each; after five minutes the host is asked again."""
    site = Site(RobotsAnswer(unreachable="http_5xx: 503"))
    for _ in range(3):
        with pytest.raises(TransientFetchError, match="503") as caught:
            await site.check("https://news.example/1")
        assert caught.value.reason == Reason.ROBOTS_UNREACHABLE
    assert len(site.asked) == 1
    site.now += timedelta(minutes=5)
    site.answer = RobotsAnswer(body=b"")
    assert await site.check("https://news.example/1") is None


async def test_many_pages_ask_once() -> None:
    """Those who come while the file is on its way wait for it."""
    site = Site(RobotsAnswer(body=RULES))
    await asyncio.gather(*(site.check(f"https://news.example/{number}") for number in range(20)))
    assert site.asked == ["https://news.example/robots.txt"]


async def test_scheme_and_port_have_their_own_file() -> None:
    """RFC 9309: the rules are valid for scheme, host and port; the host's case and a user's name do not count."""
    site = Site(RobotsAnswer(body=b""))
    for url in (
        "https://news.example/1",
        "https://NEWS.example/2",
        "http://news.example/1",
        "http://news.example:81/1",
    ):
        await site.check(url)
    assert site.asked == [
        "https://news.example/robots.txt",
        "http://news.example/robots.txt",
        "http://news.example:81/robots.txt",
    ]


async def test_rules_are_asked_for_again_after_a_day() -> None:
    """A site may change its mind."""
    site = Site(RobotsAnswer(body=b""))
    await site.check("https://news.example/private/")
    site.answer = RobotsAnswer(body=RULES)
    site.now += timedelta(hours=23, minutes=59)
    await site.check("https://news.example/private/")
    site.now += timedelta(minutes=1)
    with pytest.raises(PermanentFetchError):
        await site.check("https://news.example/private/")
