"""Behavior of extractors.discover.sitemaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extractors.discover import sitemaps
from extractors.discover.polling import settles
from extractors.discover.sitemaps import poll_sitemap
from extractors.errors import PermanentFetchError, Reason, TransientFetchError
from extractors.outlets import Outlet
from extractors.records import Poll, SourceState

Make = Callable[..., Outlet]

SITE = "https://www.example.org"
MAP = f"{SITE}/sitemap.xml"
ROBOTS = f"{SITE}/robots.txt"


def entries(*rows: tuple[str, str | None], news: bool = False) -> bytes:
    """A sitemap of pages with their ``lastmod``."""
    mark = '<n:news xmlns:n="urn:x"><n:title>T</n:title></n:news>' if news else ""
    return b"<urlset>%s</urlset>" % "".join(row("url", path, lastmod, mark) for path, lastmod in rows).encode()


def index(*rows: tuple[str, str | None]) -> bytes:
    """An index of sitemaps."""
    return b"<sitemapindex>%s</sitemapindex>" % "".join(row("sitemap", *each) for each in rows).encode()


def row(name: str, path: str, lastmod: str | None, more: str = "") -> str:
    """One entry."""
    address = path if "//" in path else f"{SITE}{path}"
    dated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<{name}><loc>{address}</loc>{dated}{more}</{name}>"


def paths(poll: Poll) -> list[str]:
    """What a poll lists, in its order."""
    return [link.normalized_url.removeprefix(SITE) for link in poll.links]


@pytest.fixture
def ask(site: Any, make_outlet: Make, now: datetime) -> Callable[..., Any]:
    """Poll a sitemap."""

    async def poll(
        state: SourceState | None = None,
        *,
        since: datetime | None = None,
        at: datetime = now,
        rules: Any = None,
        **source: Any,
    ) -> Poll:
        outlet = make_outlet({"kind": "sitemap", "url": MAP, **source}, **(rules or {}))
        return await poll_sitemap(outlet.sources[0], outlet, site, state=state, since=since, now=at)

    return poll


async def test_an_index_is_read_newest_first(ask: Any, site: Any) -> None:
    """Its sitemaps by their own times, what they list by theirs, what has none last."""
    site.answers[MAP] = index(("/old.xml", "2026-01-31"), ("/new.xml", "2026-03-02"), ("/any.xml", None))
    site.answers[f"{SITE}/old.xml"] = entries(("/a", "2026-01-30"))
    site.answers[f"{SITE}/new.xml"] = entries(("/b", "2026-03-01"), ("/c", "2026-03-02T10:00:00+03:00"))
    site.answers[f"{SITE}/any.xml"] = entries(("/d", None))
    poll = await ask()
    assert site.asked == [MAP, f"{SITE}/new.xml", f"{SITE}/old.xml", f"{SITE}/any.xml"]
    assert paths(poll) == ["/c", "/b", "/a", "/d"]
    assert (poll.outcome.reason, poll.outcome.detail, poll.listed_count) == (Reason.POLLED, "", 4)
    assert len(poll.captures) == 4
    assert poll.links[0].hints.modified == "2026-03-02T10:00:00+03:00"


async def test_links_that_are_not_the_outlets_are_outcomes(ask: Any, site: Any) -> None:
    """Another host, another pattern, no address."""
    site.answers[MAP] = entries(("/news/a", None), ("https://ads.example/x", None), ("/tag/x", None), ("http://", None))
    poll = await ask(rules={"include": ["/news/"]})
    assert paths(poll) == ["/news/a"]
    assert [each.reason for each in poll.rejected] == [Reason.FOREIGN_HOST, Reason.EXCLUDED_URL, Reason.BAD_URL]


async def test_later_polls_ask_and_list_only_what_changed(ask: Any, site: Any, now: datetime) -> None:
    """An unchanged sitemap is not asked for, by its time in the index or by 304; old entries are left out."""
    parts = {"/a.xml": entries(("/a", "2026-01-01")), "/b.xml": entries(("/b", "2026-03-02"), ("/old", "2026-01-02"))}
    site.answers = {f"{SITE}{path}": body for path, body in parts.items()}
    site.answers[MAP] = index(("/a.xml", "2026-01-01"), ("/b.xml", "2026-03-02"))
    site.etags = {f"{SITE}/a.xml": '"a"', f"{SITE}/b.xml": '"b"', MAP: '"m"'}
    first = await ask()
    assert paths(first) == ["/b", "/old", "/a"]
    site.asked.clear()
    second = await ask(first.state, at=now + timedelta(hours=1))
    assert site.asked == [MAP, f"{SITE}/b.xml"]
    assert (second.outcome.reason, second.links) == (Reason.NOT_MODIFIED, ())
    site.answers[f"{SITE}/b.xml"] = entries(("/c", "2026-03-03"), ("/b", "2026-03-02"), ("/old", "2026-01-02"))
    site.etags[f"{SITE}/b.xml"] = '"b2"'
    third = await ask(second.state, at=now + timedelta(hours=2))
    assert paths(third) == ["/c", "/b"]
    assert "1 of 3 entries are older" in third.outcome.detail


async def test_validators_are_kept_for_each_sitemap_and_not_for_an_index(ask: Any, site: Any) -> None:
    """An index that says 304 would hide what its sitemaps hold."""
    site.answers[MAP] = index(("/a.xml", None), ("/b.xml", None))
    site.answers |= {f"{SITE}/a.xml": entries(("/a", None)), f"{SITE}/b.xml": entries(("/b", None))}
    site.etags = {MAP: '"m"', f"{SITE}/a.xml": '"a"', f"{SITE}/b.xml": '"b"'}
    first = await ask()
    assert {each.url for each in first.state.validators} == {f"{SITE}/a.xml", f"{SITE}/b.xml"}
    again = await ask(first.state)
    assert {each.url for each in again.state.validators} == {f"{SITE}/a.xml", f"{SITE}/b.xml"}


@pytest.mark.parametrize(("hours", "is_conditional"), [(23, True), (25, False)])
async def test_everything_is_asked_for_in_full_once_a_day(
    ask: Any, site: Any, now: datetime, hours: int, is_conditional: bool
) -> None:
    """Servers lie about 304; a day counts from the last full answer."""
    site.answers[MAP], site.etags[MAP] = entries(("/a", None)), '"1"'
    first = await ask()
    second = await ask(first.state, at=now + timedelta(hours=1))
    assert second.outcome.reason == Reason.NOT_MODIFIED
    await ask(second.state, at=now + timedelta(hours=hours))
    assert (site.sent_validators[-1] is not None) is is_conditional


async def test_since_takes_what_is_as_new_and_asks_in_full(ask: Any, site: Any) -> None:
    """Also behind what is known; a day counts as a whole."""
    rows = (("/a", "2026-03-02"), ("/b", "2026-02-10"), ("/c", "2026-02-10T08:00:00Z"), ("/d", "2026-01-01"))
    site.answers[MAP], site.etags[MAP] = entries(*rows, ("/e", None)), '"1"'
    first = await ask(max_items=1)
    assert paths(first) == ["/a", "/e"]
    assert "3 entries beyond 1 were left out" in first.outcome.detail
    since = datetime(2026, 2, 10, 12, tzinfo=UTC)
    history = await ask(first.state, since=since, max_items=1)
    assert site.sent_validators[-1] is None
    assert paths(history) == ["/a", "/b", "/e"]
    assert not history.rejected


async def test_of_undated_entries_both_ends_are_taken(ask: Any, site: Any) -> None:
    """New ones are added at one of them; nobody says at which."""
    site.answers[MAP] = entries(*((f"/{number}", None) for number in range(10)))
    poll = await ask(max_items=4)
    assert paths(poll) == ["/0", "/1", "/8", "/9"]
    assert "6 entries beyond 4 were left out" in poll.outcome.detail


async def test_a_time_in_the_future_hides_nothing_later(ask: Any, site: Any, now: datetime) -> None:
    """What is remembered is never later than the poll."""
    site.answers[MAP] = entries(("/a", "2082-01-01"))
    first = await ask()
    site.answers[MAP] = entries(("/a", "2082-01-01"), ("/b", now.isoformat()))
    assert "/b" in paths(await ask(first.state, at=now + timedelta(hours=1)))


async def test_an_endless_index_ends_with_a_detail(ask: Any, site: Any) -> None:
    """Deeper than three, more than max_pages, or listing itself: said, bounded."""
    site.answers[MAP] = lambda url: index((f"{url.partition('?')[0]}?{len(url)}", None))
    poll = await ask()
    assert len(site.asked) == sitemaps.MAX_DEPTH
    assert "is an index at depth 3" in poll.outcome.detail
    site.asked.clear()
    site.answers = {MAP: index(*((f"/{number}.xml", None) for number in range(9)))}
    site.answers |= {f"{SITE}/{number}.xml": entries((f"/{number}", None)) for number in range(9)}
    poll = await ask(max_pages=4)
    assert len(site.asked) == 4
    assert "6 sitemaps were not read: max_pages is 4" in poll.outcome.detail
    assert paths(poll) == ["/0", "/8", "/1"]
    site.answers = {MAP: index(("/sitemap.xml", None), ("/1.xml", None)), f"{SITE}/1.xml": entries(("/a", None))}
    poll = await ask()
    assert paths(poll) == ["/a"]
    assert "is listed again inside itself" in poll.outcome.detail


async def test_the_same_bytes_are_not_read_again_for_a_day(ask: Any, site: Any, now: datetime) -> None:
    """A server that never says 304 tells by its bytes that nothing has changed, and how long they hold."""
    site.answers[MAP] = entries(("/a", "2026-03-02"))
    site.headers[MAP] = {"Cache-Control": "max-age=600"}
    first = await ask()
    assert (first.outcome.reason, first.fresh_seconds) == (Reason.POLLED, 600)
    again = await ask(first.state, at=now + timedelta(hours=1))
    assert (again.outcome.reason, again.links, len(again.captures)) == (Reason.UNCHANGED, (), 1)
    later = await ask(again.state, at=now + timedelta(hours=25))
    assert (later.outcome.reason, paths(later)) == (Reason.POLLED, ["/a"])


async def test_what_is_left_unread_is_looked_for_again(ask: Any, site: Any, now: datetime) -> None:
    """A sitemap that fails does not let the time move past what it holds; the others' bytes are not read again."""
    site.answers[MAP] = index(("/new.xml", "2026-03-02"), ("/old.xml", "2026-02-01"))
    site.answers[f"{SITE}/new.xml"] = entries(("/b", "2026-03-02"))
    site.answers[f"{SITE}/old.xml"] = PermanentFetchError(Reason.HTTP_403, f"{SITE}/old.xml", "", 403)
    first = await ask()
    assert (first.outcome.reason, paths(first)) == (Reason.POLLED, ["/b"])
    assert "http_403" in first.outcome.detail
    site.answers[f"{SITE}/old.xml"] = entries(("/a", "2026-02-01"))
    assert paths(await ask(first.state, at=now + timedelta(hours=1))) == ["/a"]


async def test_a_host_in_trouble_is_left_alone(ask: Any, site: Any) -> None:
    """After a transient failure its other sitemaps are not asked for."""
    site.answers[MAP] = index(("/a.xml", None), ("/b.xml", None))
    site.answers[f"{SITE}/a.xml"] = TransientFetchError(Reason.HTTP_5XX, f"{SITE}/a.xml", "", 503)
    poll = await ask()
    assert site.asked == [MAP, f"{SITE}/a.xml"]
    assert (poll.outcome.reason, poll.state) == (Reason.HTTP_5XX, None)


@pytest.mark.parametrize(
    ("body", "reason", "listed"),
    [
        (b"<html><body>Sorry</body></html>", Reason.NOT_A_FEED, []),
        (b"<urlset><url>", Reason.FEED_PARSE_ERROR, []),
        (entries(("/a", None))[:-9] + b"<url><loc>", Reason.FEED_PARSE_ERROR, ["/a"]),
    ],
)
async def test_a_broken_sitemap_fails_and_keeps_what_was_read(
    ask: Any, site: Any, body: bytes, reason: Reason, listed: list[str]
) -> None:
    """The outcome says so; nothing is remembered; the next source is asked."""
    site.answers[MAP] = body
    poll = await ask()
    assert (poll.outcome.reason, paths(poll), poll.state) == (reason, listed, None)
    assert poll.outcome.detail
    assert poll.outcome.capture_id == poll.captures[0].capture_id


async def test_a_sites_root_is_asked_by_its_robots_txt(ask: Any, site: Any) -> None:
    """The sitemaps that it names are read; where it names none, or is none, the usual place is tried."""
    site.answers[ROBOTS] = f"User-agent: *\nSitemap: {SITE}/a.xml\nsitemap: /news-b.xml\n".encode()
    site.answers |= {f"{SITE}/a.xml": entries(("/a", None)), f"{SITE}/news-b.xml": entries(("/b", None), news=True)}
    assert paths(await ask(url=f"{SITE}/")) == ["/a", "/b"]
    assert paths(await ask(url=SITE, kind="news_sitemap")) == ["/b"]
    site.answers = {MAP: entries(("/c", None))}
    assert paths(await ask(url=f"{SITE}/")) == ["/c"]
    site.answers[ROBOTS] = b"User-agent: *\nDisallow: /x\nSitemap: http://[x\n"  # and one that is no address
    assert paths(await ask(url=f"{SITE}/")) == ["/c"]
    site.answers[ROBOTS] = TransientFetchError(Reason.TIMEOUT, ROBOTS)
    assert (await ask(url=f"{SITE}/")).outcome.reason == Reason.TIMEOUT


async def test_a_news_sitemap_lists_news_only(ask: Any, site: Any) -> None:
    """A sitemap without any is another kind; an empty one had no news these two days."""
    site.answers[MAP] = entries(("/a", None))
    assert (await ask(kind="news_sitemap")).outcome.reason == Reason.NOT_A_FEED
    site.answers[MAP] = entries(("/a", None)).replace(b"</urlset>", entries(("/b", None), news=True)[8:])
    assert paths(await ask(kind="news_sitemap")) == ["/b"]
    site.answers[MAP] = entries()
    assert (await ask(kind="news_sitemap")).outcome.reason == Reason.POLLED


async def test_a_quiet_sitemap_needs_no_other_source(ask: Any, site: Any, make_outlet: Make, now: datetime) -> None:
    """Nothing newer than what is known is an answer; a sitemap that lists nothing is none."""
    source = make_outlet({"kind": "sitemap", "url": MAP}).sources[0]
    site.answers[MAP] = entries(("/a", "2026-03-02"))
    first = await ask()
    site.answers[MAP] = entries(("/a", "2026-01-02"))
    quiet = await ask(first.state, at=now + timedelta(hours=1))
    assert (quiet.outcome.reason, quiet.links) == (Reason.POLLED, ())
    assert settles(quiet, source)
    site.answers[MAP] = entries()
    assert not settles(await ask(), source)


@pytest.mark.parametrize("cursor", ["", "[]", "{", '{"newest_at": 5, "known": 7}', "2026-03-02T00:00:00+00:00"])
async def test_a_cursor_that_cannot_be_read_makes_a_first_poll(ask: Any, site: Any, cursor: str) -> None:
    """Such as one of another kind of source."""
    site.answers[MAP] = entries(("/a", "2026-01-02"))
    assert paths(await ask(SourceState(source_id=f"sitemap:{MAP}", cursor=cursor))) == ["/a"]
