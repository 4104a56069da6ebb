"""Polls of an outlet's sources to rows: what was listed, what of it is new or changed, and where each source stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import duckdb

from extractors.records import Link, Outcome, Poll, make_link_id, uuid5_of
from warehouse.intervals import GOOD_REASONS, Bounds, next_schedules, recovery_note
from warehouse.links import DiscoverCounts, StoredLink, new_link, read_links, touch_articles, write_links
from warehouse.outcomes import insert_outcomes
from warehouse.rows import (
    INTEGER,
    STRINGS,
    TEXT,
    TIME,
    Row,
    columns,
    hint_id_of,
    insert_captures,
    insert_hints,
    read_by_keys,
    write,
)
from warehouse.sources import save_schedules, save_source_states, schedules_of, source_schedules
from warehouse.transactions import transaction

POLLS = columns(
    poll_id=TEXT,
    run_id=TEXT,
    outlet_id=TEXT,
    source_id=TEXT,
    polled_at=TIME,
    reason=TEXT,
    detail=TEXT,
    http_status=INTEGER,
    listed_count=INTEGER,
    new_count=INTEGER,
    changed_count=INTEGER,
    known_count=INTEGER,
    rejected_count=INTEGER,
    capture_ids=STRINGS,
)
SIGHTINGS = columns(
    link_id=TEXT,
    source_id=TEXT,
    fingerprint=TEXT,
    hint_id=TEXT,
    first_seen_at=TIME,
    last_seen_at=TIME,
    last_run_id=TEXT,
)
INSERT_POLLS = """
    INSERT INTO raw.polls BY NAME
    SELECT
        poll_id, run_id, outlet_id, source_id, polled_at, reason, detail, http_status, listed_count,
        new_count, changed_count, known_count, rejected_count, CAST(capture_ids AS UUID[]) AS capture_ids
    FROM incoming
"""
READ_FINGERPRINTS = """
    SELECT CAST(s.link_id AS VARCHAR) AS link_id, s.source_id, s.fingerprint
    FROM core.sightings AS s
    JOIN wanted AS w ON s.link_id = CAST(w.key AS UUID)
"""
UPSERT_SIGHTINGS = """
    INSERT INTO core.sightings BY NAME
    SELECT link_id, source_id, fingerprint, hint_id, first_seen_at, last_seen_at, last_run_id
    FROM incoming
    ON CONFLICT (link_id, source_id) DO UPDATE SET
        fingerprint = excluded.fingerprint,
        hint_id = excluded.hint_id,
        last_seen_at = excluded.last_seen_at,
        last_run_id = excluded.last_run_id
"""
TOUCH_SIGHTINGS = """
    UPDATE core.sightings
    SET last_seen_at = incoming.last_seen_at, last_run_id = incoming.last_run_id
    FROM incoming
    WHERE sightings.link_id = CAST(incoming.link_id AS UUID) AND sightings.source_id = incoming.source_id
"""

Finding = Literal["new", "changed", "known"]


@dataclass(kw_only=True)
class Desk:
    """What is known of the links that a batch of polls lists, and what of it the batch changes."""

    links: dict[str, StoredLink]
    fingerprints: dict[tuple[str, str], str]
    due: dict[str, StoredLink] = field(default_factory=dict)
    rejected: list[Outcome] = field(default_factory=list)
    sightings: dict[tuple[str, str], Link] = field(default_factory=dict)
    unsettled: set[tuple[str, str]] = field(default_factory=set)

    def receive(self, link: Link, *, now: datetime, position: int) -> Finding:
        """Decide what a listed link is, and make it due when it is new or changed."""
        sighting = (link.link_id, link.source_id)
        first_time = self.sightings.setdefault(sighting, link) is link
        known = self.links.get(link.link_id)
        if known is None:
            self.put(new_link(link, now=now, position=position))
            return "new"
        if known.was_rejected:
            self.put(known.due_again(link, now=now, position=position))
            return "new"
        if not first_time or not self.says_something_else(link):
            return "known"
        if known.state == "fetched":
            # Its response waits to be extracted (a killed run's). The old fingerprint stays, so the next poll sees
            # the change again, when that response has been read.
            self.unsettled.add(sighting)
            return "known"
        self.put(known.due_again(link, now=now, position=position))
        return "changed" if known.state == "done" else "known"

    def says_something_else(self, link: Link) -> bool:
        """Whether the same source said something else of the link before; another source's wording is no change."""
        before = self.fingerprints.get((link.link_id, link.source_id))
        return before is not None and before != link.hints.fingerprint()

    def put(self, link: StoredLink) -> None:
        """Take over the new state of a link."""
        self.links[link.link_id] = self.due[link.link_id] = link

    def reject(self, outcome: Outcome, *, now: datetime) -> None:
        """Record a link that is not the outlet's, the first time only; one that is known stays as it is."""
        link_id = outcome.link_id or make_link_id(outcome.outlet_id, outcome.requested_url)
        if link_id in self.links:
            return
        link = StoredLink(
            link_id=link_id,
            outlet_id=outcome.outlet_id,
            normalized_url=None,
            requested_url=outcome.requested_url,
            source_id=outcome.source_id,
            hint_id=None,
            first_seen_at=now,
            queued_at=now,
        )
        self.put(link.decided(outcome.stage, outcome.reason, now=now))
        self.rejected.append(replace(outcome, link_id=link_id))


def record_polls(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlet_id: str,
    polls: Sequence[Poll],
    *,
    now: datetime,
    bounds: Mapping[str, Bounds] | None = None,
    is_history: bool = False,
) -> DiscoverCounts:
    """Record an outlet's polls in one transaction: captures, outcomes, links with their sightings, source states.

    A link is due when it is new, when it was rejected before and is not any more, or when the same source now says
    something else of it. A poll that failed leaves what is remembered of its source as it was.

    Args:
        con: The loader's connection.
        run_id: The run.
        outlet_id: Outlet of the polls.
        polls: The polls in their order; of a link that several list, the first wording counts.
        now: Aware time of discovery.
        bounds: Of the sources' intervals, by ``source_id``; a source without any gets no schedule.
        is_history: The polls asked for more than is new, which says nothing of their sources' rates.

    Returns:
        Counts over all polls.
    """
    with transaction(con):
        schedules = source_schedules(con, outlet_id)
        polls = [with_note(poll, recovery_note(schedules.get(poll.source_id), poll)) for poll in polls]
        desk = open_desk(con, polls)
        rows = []
        positions = iter(range(2**31 - 1))
        for poll in polls:
            findings = Counter(desk.receive(link, now=now, position=next(positions)) for link in poll.links)
            for outcome in poll.rejected:
                desk.reject(outcome, now=now)
            rows.append(poll_row(poll, run_id, outlet_id, findings))
        insert_captures(con, run_id, (capture for poll in polls for capture in poll.captures))
        write(con, INSERT_POLLS, POLLS, rows)
        insert_outcomes(con, run_id, [*(poll.outcome for poll in polls), *desk.rejected])
        write_findings(con, run_id, desk, now=now)
        unsettled = {source_id for _, source_id in desk.unsettled}
        # What was not taken from a poll is to be listed again, which an answer of "not modified" would not do.
        good = [poll.state for poll in polls if poll.state and is_good(poll) and poll.source_id not in unsettled]
        save_source_states(con, ((outlet_id, now, state) for state in good))
        news_counts = [row["new_count"] + row["changed_count"] for row in rows]
        polled = next_schedules(schedules, polls, news_counts, bounds or {}, is_history=is_history)
        save_schedules(con, {outlet_id: polled})
    return DiscoverCounts(
        listed=sum(row["listed_count"] for row in rows),
        new=sum(row["new_count"] for row in rows),
        changed=sum(row["changed_count"] for row in rows),
        known=sum(row["known_count"] for row in rows),
        rejected=sum(row["rejected_count"] for row in rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietPolls:
    """An outlet's polls that listed nothing: ``not_modified``, ``unchanged``, failures; see :func:`record_polls`."""

    outlet_id: str
    polls: Sequence[Poll]
    now: datetime
    bounds: Mapping[str, Bounds]
    is_history: bool = False


def is_quiet(polls: Iterable[Poll]) -> bool:
    """Whether polls listed nothing, neither links nor what is rejected."""
    return not any(poll.links or poll.rejected for poll in polls)


def record_quiet_polls(
    con: duckdb.DuckDBPyConnection, run_id: str, quiet: Sequence[QuietPolls]
) -> list[DiscoverCounts]:
    """Record polls that listed nothing, of several outlets in one transaction, as :func:`record_polls` does each.

    A tick over many sources consists of them, and each statement costs the same for one row as for a hundred.

    Args:
        con: The loader's connection.
        run_id: The run.
        quiet: The polls; of each outlet once.

    Returns:
        Counts over the polls of each.
    """
    with transaction(con):
        schedules = schedules_of(con, [each.outlet_id for each in quiet])
        told: list[tuple[QuietPolls, Poll]] = [
            (each, with_note(poll, recovery_note(schedules[each.outlet_id].get(poll.source_id), poll)))
            for each in quiet
            for poll in each.polls
        ]
        insert_captures(con, run_id, (capture for _, poll in told for capture in poll.captures))
        write(con, INSERT_POLLS, POLLS, [poll_row(poll, run_id, each.outlet_id, Counter()) for each, poll in told])
        insert_outcomes(con, run_id, [poll.outcome for _, poll in told])
        good = ((each.outlet_id, each.now, poll.state) for each, poll in told if poll.state and is_good(poll))
        save_source_states(con, good)
        polled = {
            each.outlet_id: next_schedules(
                schedules[each.outlet_id],
                [poll for origin, poll in told if origin is each],
                [0] * len(each.polls),
                each.bounds,
                is_history=each.is_history,
            )
            for each in quiet
        }
        save_schedules(con, polled)
    return [DiscoverCounts(listed=sum(poll.listed_count for poll in each.polls)) for each in quiet]


def is_good(poll: Poll) -> bool:
    """Whether a poll ended as a poll should."""
    return poll.outcome.reason in GOOD_REASONS


def with_note(poll: Poll, note: str) -> Poll:
    """The poll with a note before its outcome's detail."""
    if not note:
        return poll
    detail = f"{note}; {poll.outcome.detail}" if poll.outcome.detail else note
    return replace(poll, outcome=replace(poll.outcome, detail=detail))


def open_desk(con: duckdb.DuckDBPyConnection, polls: Iterable[Poll]) -> Desk:
    """Read what is known of everything that the polls list."""
    link_ids = set(listed_ids(polls))
    fingerprints = {
        (row["link_id"], row["source_id"]): row["fingerprint"] for row in read_by_keys(con, READ_FINGERPRINTS, link_ids)
    }
    return Desk(links=read_links(con, link_ids), fingerprints=fingerprints)


def listed_ids(polls: Iterable[Poll]) -> Iterator[str]:
    """``link_id`` of each listed link, rejected ones too."""
    for poll in polls:
        yield from (link.link_id for link in poll.links)
        for outcome in poll.rejected:
            yield outcome.link_id or make_link_id(outcome.outlet_id, outcome.requested_url)


def poll_id_of(poll: Poll, run_id: str) -> str:
    """UUIDv5 of run, source and time, so that a poll that is told again has the same id."""
    parts = ("poll", run_id, poll.source_id, poll.outcome.occurred_at.isoformat())
    return uuid5_of("\x1f".join(parts))


def poll_row(poll: Poll, run_id: str, outlet_id: str, findings: Counter[Finding]) -> Row:
    """A row of raw.polls."""
    return {
        "poll_id": poll_id_of(poll, run_id),
        "run_id": run_id,
        "outlet_id": outlet_id,
        "source_id": poll.source_id,
        "polled_at": poll.outcome.occurred_at,
        "reason": poll.outcome.reason,
        "detail": poll.outcome.detail,
        "http_status": poll.outcome.http_status,
        "listed_count": poll.listed_count,
        "new_count": findings["new"],
        "changed_count": findings["changed"],
        "known_count": findings["known"],
        "rejected_count": len(poll.rejected),
        "capture_ids": [capture.capture_id for capture in poll.captures],
    }


def write_findings(con: duckdb.DuckDBPyConnection, run_id: str, desk: Desk, *, now: datetime) -> None:
    """Write the links that changed and who saw which."""
    new_words: list[Row] = []
    same_words: list[Row] = []
    for (link_id, source_id), link in desk.sightings.items():
        row = {
            "link_id": link_id,
            "source_id": source_id,
            "fingerprint": link.hints.fingerprint(),
            "hint_id": hint_id_of(link.hints),
            "first_seen_at": now,
            "last_seen_at": now,
            "last_run_id": run_id,
        }
        told = (link_id, source_id)
        is_same = desk.fingerprints.get(told) == row["fingerprint"] or told in desk.unsettled
        (same_words if is_same else new_words).append(row)
    insert_hints(con, (desk.sightings[row["link_id"], row["source_id"]].hints for row in new_words))
    write_links(con, desk.due.values())
    write(con, UPSERT_SIGHTINGS, SIGHTINGS, new_words)
    write(con, TOUCH_SIGHTINGS, SIGHTINGS, same_words)
    touch_articles(con, (desk.links[link_id] for link_id, _ in desk.sightings), now=now)
