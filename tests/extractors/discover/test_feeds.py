"""Behavior of extractors.discover.feeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from extractors.discover.feeds import poll_feed
from extractors.errors import NotAskedError, PermanentFetchError, Reason, TransientFetchError, UnresolvedHostError
from extractors.fetch import Accept
from extractors.outlets import Outlet
from extractors.records import Poll, SourceState, Stage, Validators

URL = "https://www.example.org/feed/"
SOURCE = {"kind": "feed", "url": URL}


def rss(*items: str) -> bytes:
    """A feed with items."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>E</title>{inner}</channel></rss>'.encode()


def item(path: str, day: int = 2, guid: str = "") -> str:
    """One item."""
    link = path if path.startswith("http") else f"https://www.example.org{path}"
    return (
        f"<title>{path}</title><link>{link}</link><pubDate>{day:02} Mar 2026 10:00:00 GMT</pubDate>"
        f'<guid isPermaLink="false">{guid}</guid>'
    )


Make = Callable[..., Outlet]


async def poll_once(
    outlet: Outlet, site: Any, now: datetime, *, state: SourceState | None = None, since: datetime | None = None
) -> Poll:
    """Poll the outlet's first source."""
    return await poll_feed(outlet.sources[0], outlet, site, state=state, since=since, now=now)


async def test_a_feed_becomes_links(make_outlet: Make, site: Any, now: datetime) -> None:
    """Each entry on the outlet's hosts is a link with hints; the poll says how many there were."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/news/a?traffic_source=rss", guid="https://www.example.org/?p=12"), item("/news/b"))
    poll = await poll_once(outlet, site, now)
    first, second = poll.links
    assert first.requested_url == "https://www.example.org/news/a?traffic_source=rss"
    assert first.normalized_url == "https://www.example.org/news/a"
    assert first.source_id == f"feed:{URL}"
    assert first.hints.cms_id == "12"
    assert second.hints.cms_id is None
    assert (poll.listed_count, poll.rejected) == (2, ())
    assert poll.outcome.reason == Reason.POLLED
    assert poll.outcome.stage == Stage.DISCOVER
    assert poll.outcome.http_status == 200
    assert [capture.capture_id for capture in poll.captures] == [poll.outcome.capture_id]
    assert site.accepted == [Accept.FEED]


async def test_every_entry_that_is_no_link_is_an_outcome(make_outlet: Make, site: Any, now: datetime) -> None:
    """Adverts, other pages, entries without an address and old ones are each counted with their reason."""
    outlet = make_outlet(SOURCE, include=["/news/"])
    site.answers[URL] = rss(
        item("/news/a"),
        item("https://ads.example/buy"),
        item("/tag/a"),
        "<title>No link</title>",
        "<title>Another without one</title>",
        "<title>M</title><link>mailto:desk@example.org</link>",
        item("/news/old", day=1),
        "<title>Undated</title><link>https://www.example.org/news/undated</link>",
    )
    poll = await poll_once(outlet, site, now, since=now - timedelta(days=1, hours=3))
    assert [link.normalized_url[-7:] for link in poll.links] == ["/news/a", "undated"]
    reasons = [outcome.reason for outcome in poll.rejected]
    assert reasons == [
        Reason.FOREIGN_HOST,
        Reason.EXCLUDED_URL,
        Reason.BAD_URL,
        Reason.BAD_URL,
        Reason.BAD_URL,
        Reason.TOO_OLD,
    ]
    assert poll.listed_count == len(poll.links) + len(poll.rejected)
    foreign, *_, old = poll.rejected
    assert (foreign.requested_url, foreign.source_id) == ("https://ads.example/buy", f"feed:{URL}")
    assert foreign.occurred_at == now
    assert old.link_id is not None
    assert "No link" in poll.rejected[2].detail


async def test_one_address_twice_is_one_link(make_outlet: Make, site: Any, now: datetime) -> None:
    """The first entry counts, and the second fills what it left out."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(
        "<title>First</title><link>https://www.example.org/a?utm_source=x</link>",
        "<title>Second</title><link>http://www.example.org/a#x</link><category>News</category>",
    )
    poll = await poll_once(outlet, site, now)
    (link,) = poll.links
    assert link.requested_url == "https://www.example.org/a?utm_source=x"
    assert (link.hints.title, link.hints.tags) == ("First", ("News",))
    assert poll.listed_count == 2


@pytest.mark.parametrize(
    ("guid", "cms_id"),
    [
        ("https://www.example.org/?p=12", "12"),
        ("https://www.example.org/?post_type=video&amp;p=12", "12"),
        ("https://www.example.org/node/12", "12"),
        ("12 at https://www.example.org", "12"),
        ("https://www.example.org/?t=1789019882", None),
        ("https://www.example.org/?p=draft", None),
        ("https://other.example/?p=12", None),
        ("12 at https://other.example", None),
        ("12", None),
    ],
)
async def test_ids_in_guids(make_outlet: Make, site: Any, now: datetime, guid: str, cms_id: str | None) -> None:
    """WordPress and Drupal write an article's id into the guid; another site's id is not taken."""
    site.answers[URL] = rss(item("/a", guid=guid))
    poll = await poll_once(make_outlet(SOURCE), site, now)
    assert poll.links[0].hints.cms_id == cms_id


async def test_the_outlets_pattern_beats_the_guid(make_outlet: Make, site: Any, now: datetime) -> None:
    """An id in the address, where the outlet says so, is the id."""
    site.answers[URL] = rss(item("/en/34/", guid="https://www.example.org/?p=12"))
    poll = await poll_once(make_outlet(SOURCE, cms_id=r"/en/(?P<id>\d+)/"), site, now)
    assert poll.links[0].hints.cms_id == "34"


async def test_an_unchanged_feed_is_not_read_again(make_outlet: Make, site: Any, now: datetime) -> None:
    """Validators go out as they came, 304 is an outcome of its own, and the state stays."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/a"))
    site.etags[URL] = 'W/"1"'
    first = await poll_once(outlet, site, now)
    assert first.state is not None
    assert first.state.validators == (Validators(url=URL, etag='W/"1"'),)
    second = await poll_once(outlet, site, now + timedelta(hours=1), state=first.state)
    assert second.outcome.reason == Reason.NOT_MODIFIED
    assert second.state == first.state
    assert (second.links, second.captures) == ((), ())


async def test_a_new_answer_with_the_same_bytes_is_not_read_again(make_outlet: Make, site: Any, now: datetime) -> None:
    """A server that never says 304 costs a request and no reading; its newest validators are the ones to send."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/a"))
    first = await poll_once(outlet, site, now)
    site.headers[URL] = {"ETag": '"2"'}
    second = await poll_once(outlet, site, now + timedelta(hours=1), state=first.state)
    assert (second.outcome.reason, second.links, len(second.captures)) == (Reason.UNCHANGED, (), 1)
    assert first.state is not None
    assert second.state is not None
    assert (second.state.cursor, second.state.bodies) == (first.state.cursor, first.state.bodies)
    assert second.state.validators == (Validators(url=URL, etag='"2"'),)
    site.headers[URL] = {"ETag": '"3"'}
    site.answers[URL] = rss(item("/a"), item("/b"))
    third = await poll_once(outlet, site, now + timedelta(hours=2), state=second.state)
    assert (third.outcome.reason, third.listed_count) == (Reason.POLLED, 2)


async def test_the_same_bytes_are_read_again_a_day_later(make_outlet: Make, site: Any, now: datetime) -> None:
    """Another file of the outlet may find in them what the last one did not."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/a"))
    first = await poll_once(outlet, site, now)
    later = await poll_once(outlet, site, now + timedelta(hours=25), state=first.state)
    assert (later.outcome.reason, later.listed_count) == (Reason.POLLED, 1)


async def test_the_same_bytes_are_read_again_after_something_was_left_out(
    make_outlet: Make, site: Any, now: datetime
) -> None:
    """What was too old for one run is not for the next."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/a"), item("/old", day=1))
    first = await poll_once(outlet, site, now, since=now - timedelta(days=1, hours=3))
    second = await poll_once(outlet, site, now + timedelta(hours=1), state=first.state)
    assert (second.outcome.reason, len(second.links)) == (Reason.POLLED, 2)


async def test_a_feed_says_how_long_it_holds(make_outlet: Make, site: Any, now: datetime) -> None:
    """By its headers and by itself, whichever is longer; one that has not changed says nothing new."""
    outlet = make_outlet(SOURCE)
    site.headers[URL] = {"Cache-Control": "max-age=600"}
    site.answers[URL] = rss(item("/a"))
    first = await poll_once(outlet, site, now)
    assert first.fresh_seconds == 600
    site.answers[URL] = rss(item("/a")).replace(b"<channel>", b"<channel><ttl>60</ttl>")
    assert (await poll_once(outlet, site, now)).fresh_seconds == 3_600
    site.answers[URL] = rss(item("/a"))
    assert (await poll_once(outlet, site, now, state=first.state)).fresh_seconds is None


@pytest.mark.parametrize("age", [timedelta(hours=25), timedelta(hours=-2)])
async def test_a_day_later_the_feed_is_asked_for_in_full(
    make_outlet: Make, site: Any, now: datetime, age: timedelta
) -> None:
    """A server that always says 304 is believed for a day; a clock that was set back is not believed at all."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = rss(item("/a"))
    site.etags[URL] = '"1"'
    first = await poll_once(outlet, site, now)
    second = await poll_once(outlet, site, now + age, state=first.state)
    assert site.sent_validators == [None, None]
    assert second.outcome.reason == Reason.POLLED


async def test_no_validators_after_a_poll_that_left_something_out(make_outlet: Make, site: Any, now: datetime) -> None:
    """What was too old for this run, or not the outlet's before its file was corrected, is seen by the next one."""
    outlet = make_outlet(SOURCE)
    site.etags[URL] = '"1"'
    site.answers[URL] = rss(item("/a"), item("/old", day=1))
    old = await poll_once(outlet, site, now, since=now - timedelta(days=1, hours=3))
    assert old.state is not None
    assert old.state.validators == ()
    site.answers[URL] = rss(item("https://moved.example/a"))
    foreign = await poll_once(outlet, site, now)
    assert foreign.state is not None
    assert foreign.state.validators == ()


@pytest.mark.parametrize(
    ("answer", "reason", "status"),
    [
        (TransientFetchError(Reason.TIMEOUT, URL, "after 60 s"), Reason.TIMEOUT, None),
        (PermanentFetchError(Reason.HTTP_403, URL, "", 403), Reason.HTTP_403, 403),
        (b"<!doctype html><title>Just a moment</title>", Reason.NOT_A_FEED, 200),
        (b"", Reason.NOT_A_FEED, 200),
        (b"[]", Reason.NOT_A_FEED, 200),
        (b"\xef\xbb\xbf{", Reason.FEED_PARSE_ERROR, 200),
        (b"<rss version='2.0'><channel><ti", Reason.FEED_PARSE_ERROR, 200),
    ],
)
async def test_a_failure_is_an_outcome(
    make_outlet: Make, site: Any, now: datetime, answer: Any, reason: Reason, status: int | None
) -> None:
    """Whatever goes wrong, the poll has a reason, a detail, and no state that would replace a good one."""
    site.answers[URL] = answer
    poll = await poll_once(make_outlet(SOURCE), site, now, state=SourceState(source_id=f"feed:{URL}", cursor="x"))
    assert (poll.outcome.reason, poll.outcome.http_status) == (reason, status)
    assert poll.outcome.detail
    assert poll.state is None
    assert len(poll.captures) == (1 if isinstance(answer, bytes) else 0)


async def test_a_name_without_an_address_and_a_host_that_rests_are_told(
    make_outlet: Make, site: Any, now: datetime
) -> None:
    """The one weighs less than other failures, the other is none."""
    outlet = make_outlet(SOURCE)
    site.answers[URL] = UnresolvedHostError(Reason.ROBOTS_UNREACHABLE, URL, "the name cannot be resolved")
    assert (await poll_once(outlet, site, now)).is_unresolved
    site.answers[URL] = NotAskedError(Reason.BUDGET_SPENT, URL, "spent", None, 90.0)
    poll = await poll_once(outlet, site, now)
    assert (poll.postponed_until, poll.is_unresolved) == (now + timedelta(seconds=90), False)


async def test_json_feeds_are_feeds(make_outlet: Make, site: Any, now: datetime) -> None:
    """The format is told by the body, not by the header."""
    site.answers[URL] = b'\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a"}]}'
    poll = await poll_once(make_outlet(SOURCE), site, now)
    assert [link.normalized_url for link in poll.links] == ["https://www.example.org/a"]


async def test_an_edit_changes_the_fingerprint(make_outlet: Make, site: Any, now: datetime) -> None:
    """The same entry has the same fingerprint from poll to poll, an edited description another."""
    outlet = make_outlet(SOURCE)
    prints = []
    for text in ("Two hurt.", "Two hurt.", "Three hurt."):
        site.answers[URL] = rss(f"{item('/a')}<description>{text}</description>")
        prints.append((await poll_once(outlet, site, now)).links[0].hints.fingerprint())
    assert prints[0] == prints[1] != prints[2]
