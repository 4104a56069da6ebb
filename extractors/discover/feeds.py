"""A source of kind ``feed`` into a poll: RSS, RDF, Atom or JSON Feed, asked for conditionally (RFC 9110)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from extractors.discover.json_feeds import read_json_feed
from extractors.discover.listings import Item, failed_poll, listed_poll, poll_outcome, sift
from extractors.discover.xml_feeds import read_xml_feed
from extractors.errors import DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.timestamps import parse_timestamp
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Poll, SourceState, Validators

FULL_ANSWER_EVERY = timedelta(hours=24)
"""Servers lie about 304, so a feed is asked for unconditionally when its last full answer is older than this."""


async def poll_feed(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """Poll one feed; see :func:`extractors.discover.polling.poll`."""
    url = source.url or ""
    try:
        fetched = await fetcher.fetch(
            url, outlet=outlet, accept=Accept.FEED, validators=usable_validators(url, state, now)
        )
    except FetchError as error:
        return failed_poll(source, outlet, error, now=now)
    if fetched is None:
        outcome = poll_outcome(source, outlet, Reason.NOT_MODIFIED, now)
        return Poll(source_id=source.source_id, outcome=outcome, state=state)
    captures = [fetched.capture]
    try:
        # in a thread: a large feed takes a second, and other outlets are being asked meanwhile
        items = await asyncio.to_thread(read_feed, fetched.body, fetched.capture)
    except DiscoverError as error:
        return failed_poll(source, outlet, error, captures=captures, now=now)
    sifted = sift(items, source, outlet, since=since, now=now)
    # A feed that brought nothing, or from which something was set aside for its age, is asked for in full next time.
    is_complete = bool(sifted.links) and not sifted.has_too_old
    return listed_poll(
        source,
        outlet,
        sifted,
        listed_count=len(items),
        captures=captures,
        state=next_state(source, fetched.capture, now, is_complete=is_complete),
        now=now,
    )


def read_feed(body: bytes, capture: Capture) -> list[Item]:
    """Items of a feed in any format.

    Raises:
        DiscoverError: ``not_a_feed`` or ``feed_parse_error``.
    """
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise DiscoverError(Reason.NOT_A_FEED, capture.final_url, "the answer is empty")
    if start in (b"{", b"["):
        return read_json_feed(body, url=capture.final_url)
    headers = {name.lower(): value for name, value in capture.headers}
    return read_xml_feed(body, url=capture.final_url, headers=headers)


def usable_validators(url: str, state: SourceState | None, now: datetime) -> Validators | None:
    """The validators of the last full answer, unless that is too long ago."""
    if state is None:
        return None
    last = parse_timestamp(state.cursor or "")
    if last is None or not timedelta(0) <= now - last[0] < FULL_ANSWER_EVERY:
        return None
    return next((validators for validators in state.validators if validators.url == url), None)


def next_state(source: Source, capture: Capture, now: datetime, *, is_complete: bool) -> SourceState:
    """What to remember of a full answer; ``cursor`` is when it came."""
    validators = capture.validators
    is_useful = is_complete and bool(validators.etag or validators.last_modified)
    return SourceState(
        source_id=source.source_id, validators=(validators,) if is_useful else (), cursor=now.isoformat()
    )
