"""Behavior of extractors.discover.polling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from extractors.discover import discover
from extractors.discover.polling import POLLERS
from extractors.errors import PermanentFetchError, Reason
from extractors.outlets import BUILT_KINDS, Outlet
from extractors.records import Poll

FIRST = "https://www.example.org/rss"
SECOND = "https://www.example.org/rss.xml"
FEEDS = ({"kind": "feed", "url": FIRST}, {"kind": "feed", "url": SECOND})
LIST = {"kind": "urls", "urls": ["https://www.example.org/x", "https://ads.example/y"]}

Make = Callable[..., Outlet]


def rss(*links: str) -> bytes:
    """A feed with links."""
    items = "".join(f"<item><title>T</title><link>{link}</link></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>E</title>{items}</channel></rss>'.encode()


def reasons(polls: tuple[Poll, ...]) -> list[Reason]:
    """How each poll ended."""
    return [poll.outcome.reason for poll in polls]


async def test_the_first_source_that_works_ends_it(make_outlet: Make, site: Any, now: datetime) -> None:
    """A listing from the first source spares the second a request."""
    site.answers[FIRST] = rss("https://www.example.org/a")
    polls = await discover(make_outlet(*FEEDS), site, states={}, since=None, now=now)
    assert reasons(polls) == [Reason.POLLED]
    assert site.asked == [FIRST]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (PermanentFetchError(Reason.HTTP_403, FIRST, "", 403), Reason.HTTP_403),
        (b"<html></html>", Reason.NOT_A_FEED),
        (rss(), Reason.POLLED),
        (rss("https://moved.example/a"), Reason.POLLED),
    ],
)
async def test_a_source_that_fails_or_says_nothing_is_followed_by_the_next(
    make_outlet: Make, site: Any, now: datetime, answer: Any, reason: Reason
) -> None:
    """The failure is kept, and so is the silence of an empty feed or of one that is all another site's."""
    site.answers[FIRST] = answer
    site.answers[SECOND] = rss("https://www.example.org/a")
    polls = await discover(make_outlet(*FEEDS), site, states={}, since=None, now=now)
    assert reasons(polls) == [reason, Reason.POLLED]
    assert [poll.source_id for poll in polls] == [f"feed:{FIRST}", f"feed:{SECOND}"]
    assert len(polls[1].links) == 1


async def test_nothing_modified_is_enough(make_outlet: Make, site: Any, now: datetime) -> None:
    """A source that says that nothing changed works; its state is found by its id."""
    site.answers[FIRST] = rss("https://www.example.org/a")
    site.etags[FIRST] = '"1"'
    outlet = make_outlet(*FEEDS)
    (first,) = await discover(outlet, site, states={}, since=None, now=now)
    assert first.state is not None
    again = await discover(outlet, site, states={first.source_id: first.state}, since=None, now=now)
    assert reasons(again) == [Reason.NOT_MODIFIED]


async def test_a_list_of_urls_is_always_read_and_never_enough(make_outlet: Make, site: Any, now: datetime) -> None:
    """Listed URLs come in addition to what the other sources list, wherever they stand."""
    site.answers[FIRST] = rss("https://www.example.org/a")
    for sources in ((LIST, *FEEDS), (*FEEDS, LIST)):
        polls = await discover(make_outlet(*sources), site, states={}, since=None, now=now)
        links = {link.normalized_url for poll in polls for link in poll.links}
        assert links == {"https://www.example.org/a", "https://www.example.org/x"}
        assert [outcome.reason for poll in polls for outcome in poll.rejected] == [Reason.FOREIGN_HOST]
        assert len(polls) == 2


async def test_only_the_sources_that_are_due_are_polled(make_outlet: Make, site: Any, now: datetime) -> None:
    """The caller may name the sources; none means none."""
    site.answers[SECOND] = rss("https://www.example.org/a")
    outlet = make_outlet(*FEEDS)
    polls = await discover(outlet, site, states={}, since=None, now=now, sources=outlet.sources[1:])
    assert [poll.source_id for poll in polls] == [f"feed:{SECOND}"]
    assert await discover(outlet, site, states={}, since=None, now=now, sources=()) == ()


async def test_every_source_failing_is_every_failure_kept(make_outlet: Make, site: Any, now: datetime) -> None:
    """No source that was asked is missing from the polls."""
    polls = await discover(make_outlet(*FEEDS), site, states={}, since=None, now=now)
    assert reasons(polls) == [Reason.HTTP_404, Reason.HTTP_404]


def test_every_kind_that_a_file_may_name_can_be_polled() -> None:
    """The configuration accepts just the kinds that have a module."""
    assert set(POLLERS) == set(BUILT_KINDS)
