"""Several responses of one source in one poll: asked for conditionally, bounded, and accounted for.

A sitemap index and the pages of a section are both read so. What is remembered between polls is in :class:`Memory`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from extractors.discover.feeds import FULL_ANSWER_EVERY
from extractors.discover.listings import Sifted, failed_poll, listed_poll, poll_outcome
from extractors.errors import TRANSIENT_REASONS, DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.timestamps import parse_timestamp
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Fetched, Poll, SeenBody, SourceState, Validators

MOST_KNOWN = 1_000
"""Marks of listed addresses that are remembered between polls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What ``SourceState.cursor`` holds for these kinds.

    ``full_at`` is when everything was last asked for unconditionally, ``read_until`` when everything was last read,
    ``newest_at`` the newest time that was listed; ``known`` are marks of the addresses that were listed, newest first.
    """

    full_at: datetime | None = None
    read_until: datetime | None = None
    newest_at: datetime | None = None
    known: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str | None) -> Memory:
        """Read it back; what cannot be read is nothing, and the next poll is a first one."""
        try:
            values = json.loads(text or "{}")
        except ValueError:
            return cls()
        if not isinstance(values, dict):
            return cls()
        known = values.get("known")
        return cls(
            full_at=moment_of(values.get("full_at")),
            read_until=moment_of(values.get("read_until")),
            newest_at=moment_of(values.get("newest_at")),
            known=tuple(map(str, known)) if isinstance(known, list) else (),
        )

    def write(self) -> str:
        """The form that a source's state keeps."""
        times = {"full_at": self.full_at, "read_until": self.read_until, "newest_at": self.newest_at}
        written = {name: moment.isoformat() if moment else None for name, moment in times.items()}
        return json.dumps({**written, "known": self.known[:MOST_KNOWN]})


def moment_of(value: object) -> datetime | None:
    """A time of the cursor."""
    found = parse_timestamp(value) if isinstance(value, str) else None
    return found[0] if found else None


@dataclass(slots=True, kw_only=True)
class Round:
    """One poll under way.

    ``known`` are the validators to send, ``seen`` the bodies of the last time, ``validators`` and ``bodies`` those to
    remember. ``read_count`` counts the responses that were read whole, ``unmodified_count`` those that had not changed
    (``same_count``: by their bytes, though the server did not say so), ``skipped_count`` what was not asked for since
    it had not changed either; ``missing`` is the last page that was not there. ``notes`` end in the outcome's detail:
    what was not read, and why. ``is_complete`` says whether nothing was left out that a later poll has to look for.
    """

    source: Source
    outlet: Outlet
    fetcher: Fetching
    memory: Memory
    known: Mapping[str, Validators]
    seen: frozenset[SeenBody]
    now: datetime
    asked: set[str] = field(default_factory=set)
    captures: list[Capture] = field(default_factory=list)
    validators: dict[str, Validators] = field(default_factory=dict)
    bodies: list[SeenBody] = field(default_factory=list)
    failures: list[FetchError | DiscoverError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read_count: int = 0
    unmodified_count: int = 0
    same_count: int = 0
    skipped_count: int = 0
    missing: FetchError | None = None
    is_complete: bool = True

    @property
    def is_used_up(self) -> bool:
        """Whether this poll has asked for as much as the source allows."""
        return len(self.asked) >= self.source.max_pages

    async def ask(self, url: str, accept: Accept) -> Fetched | None:
        """Ask for one more URL of the source; ``None`` where it has not changed.

        Raises:
            FetchError: It could not be had.
        """
        self.asked.add(url)
        fetched = await self.fetcher.fetch(url, outlet=self.outlet, accept=accept, validators=self.known.get(url))
        if fetched is None:
            self.unmodified_count += 1
            self.validators[url] = self.known[url]
            self.bodies += [body for body in self.seen if body.url == url]
            return None
        self.captures.append(fetched.capture)
        if SeenBody(url=url, body_sha256=fetched.capture.body_sha256) in self.seen:
            self.unmodified_count += 1
            self.same_count += 1
            self.remember(url, fetched.capture)
            return None
        return fetched

    def remember(self, url: str, capture: Capture) -> None:
        """Remember how to ask for a URL next time and what it answered, once it was read whole."""
        validators = capture.validators
        if validators.etag or validators.last_modified:
            self.validators[url] = validators
        self.bodies.append(SeenBody(url=url, body_sha256=capture.body_sha256))

    def fail(self, error: FetchError | DiscoverError) -> bool:
        """Keep a failure.

        Returns:
            Whether the host is in trouble, so that its other addresses would only cost it more.
        """
        self.failures.append(error)
        self.captures.extend([error.capture] if isinstance(error, FetchError) and error.capture else [])
        self.is_complete = False
        return error.reason in TRANSIENT_REASONS

    def miss(self, error: FetchError) -> None:
        """Note a page that is not there, where a page need not be."""
        self.missing = error
        self.skipped_count += 1
        self.captures.extend([error.capture] if error.capture else [])

    def leave_out(self, note: str) -> None:
        """Say that something was not read that a later poll has to look for."""
        self.notes.append(note)
        self.is_complete = False

    def next_state(self, *, newest_at: datetime | None, known: tuple[str, ...] = ()) -> SourceState:
        """What to remember; a time in the future would hide what comes until then."""
        newest = min(newest_at, self.now) if newest_at else None
        before = self.memory.newest_at
        memory = Memory(
            full_at=self.memory.full_at if self.known or self.seen else self.now,
            read_until=self.now if self.is_complete else self.memory.read_until,
            newest_at=max(filter(None, (newest, before)), default=None) if self.is_complete else before,
            known=tuple(dict.fromkeys((*known, *self.memory.known))),
        )
        return SourceState(
            source_id=self.source.source_id,
            validators=tuple(self.validators.values()),
            bodies=tuple(self.bodies),
            cursor=memory.write(),
        )

    def finish(self, sifted: Sifted, *, listed_count: int, state: SourceState) -> Poll:
        """End the poll: what was read, and in the detail what was not.

        Where nothing was read whole the poll has failed, as its first failure says; what was read before the damage is
        kept all the same.
        """
        detail = "; ".join([*self.notes, *(str(failure) for failure in self.failures)])
        if self.failures and not self.read_count and not self.unmodified_count:
            transient = (failure for failure in self.failures if failure.reason in TRANSIENT_REASONS)
            poll = failed_poll(
                self.source, self.outlet, next(transient, self.failures[0]), captures=self.captures, now=self.now
            )
            return replace(poll, links=sifted.links, rejected=sifted.rejected, listed_count=listed_count)
        if (self.unmodified_count or self.skipped_count) and not self.failures and not listed_count:
            reason = Reason.UNCHANGED if self.same_count else Reason.NOT_MODIFIED
            outcome = poll_outcome(self.source, self.outlet, reason, self.now, detail=detail, captures=self.captures)
            return Poll(source_id=self.source.source_id, outcome=outcome, captures=tuple(self.captures), state=state)
        return listed_poll(
            self.source,
            self.outlet,
            sifted,
            listed_count=listed_count,
            captures=self.captures,
            state=state,
            now=self.now,
            detail=detail,
        )


def begin_round(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Round:
    """Begin a poll.

    Validators are sent unless history is asked for (``since``: what a source has not changed may hold it), and unless
    everything was last asked for in full too long ago, since servers lie about 304.
    """
    memory = Memory.read(state.cursor if state else None)
    age = now - memory.full_at if memory.full_at else None
    is_conditional = since is None and age is not None and timedelta(0) <= age < FULL_ANSWER_EVERY
    remembered = state if state and is_conditional else SourceState(source_id=source.source_id)
    return Round(
        source=source,
        outlet=outlet,
        fetcher=fetcher,
        memory=memory,
        known={each.url: each for each in remembered.validators},
        seen=frozenset(remembered.bodies),
        now=now,
    )
