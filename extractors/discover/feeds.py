"""A source of kind ``feed`` into a poll: RSS, RDF, Atom or JSON Feed, asked for conditionally (RFC 9110)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from extractors.discover.freshness import longer
from extractors.discover.json_feeds import read_json_feed
from extractors.discover.listings import failed_poll, listed_poll, poll_outcome, sift
from extractors.discover.xml_feeds import FeedFile, read_xml_feed
from extractors.errors import DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.timestamps import parse_timestamp
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Poll, SeenBody, SourceState, Validators

FULL_ANSWER_EVERY = timedelta(hours=24)
"""Servers lie about 304, so a feed is asked for unconditionally, and read, when it was last read longer ago."""


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
    known = state if state and is_recent(state, now) else None
    validators = known.validators[0] if known and known.validators else None
    try:
        fetched = await fetcher.fetch(url, outlet=outlet, accept=Accept.FEED, validators=validators)
    except FetchError as error:
        return failed_poll(source, outlet, error, now=now)
    if fetched is None:
        outcome = poll_outcome(source, outlet, Reason.NOT_MODIFIED, now)
        return Poll(source_id=source.source_id, outcome=outcome, state=state)
    capture = fetched.capture
    body = SeenBody(url=url, body_sha256=capture.body_sha256)
    if known and body in known.bodies:
        # What the server calls a new answer has the very bytes that were read last.
        outcome = poll_outcome(source, outlet, Reason.UNCHANGED, now, captures=[capture])
        after = replace(known, validators=useful_validators(capture))
        return Poll(source_id=source.source_id, outcome=outcome, captures=(capture,), state=after)
    try:
        # in a thread: a large feed takes a second, and other outlets are being asked meanwhile
        feed = await asyncio.to_thread(read_feed, fetched.body, capture)
    except DiscoverError as error:
        return failed_poll(source, outlet, error, captures=[capture], now=now)
    sifted = sift(feed.items, source, outlet, since=since, now=now)
    # A feed that brought nothing, or from which something was set aside for its age, is asked for in full next time.
    is_complete = bool(sifted.links) and not sifted.has_too_old
    after = SourceState(
        source_id=source.source_id,
        validators=useful_validators(capture) if is_complete else (),
        bodies=(body,) if is_complete else (),
        cursor=now.isoformat(),
    )
    poll = listed_poll(source, outlet, sifted, listed_count=len(feed.items), captures=[capture], state=after, now=now)
    return replace(poll, fresh_seconds=longer(poll.fresh_seconds, feed.fresh_seconds))


def read_feed(body: bytes, capture: Capture) -> FeedFile:
    """A feed in any format.

    Raises:
        DiscoverError: ``not_a_feed`` or ``feed_parse_error``.
    """
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise DiscoverError(Reason.NOT_A_FEED, capture.final_url, "the answer is empty")
    if start in (b"{", b"["):
        return FeedFile(items=read_json_feed(body, url=capture.final_url))
    headers = {name.lower(): value for name, value in capture.headers}
    return read_xml_feed(body, url=capture.final_url, headers=headers)


def is_recent(state: SourceState, now: datetime) -> bool:
    """Whether a feed was read not too long ago; ``cursor`` says when. A clock that was set back is not believed."""
    last = parse_timestamp(state.cursor or "")
    return last is not None and timedelta(0) <= now - last[0] < FULL_ANSWER_EVERY


def useful_validators(capture: Capture) -> tuple[Validators, ...]:
    """What a response gives to ask with next time."""
    validators = capture.validators
    return (validators,) if validators.etag or validators.last_modified else ()
