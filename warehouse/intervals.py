"""When a source is polled next: a pure function of how it stood, what its poll brought and the bounds of its file.

A good poll's interval is the one in which, at the rate of the last one, one item would come (as miniflux reckons from a
feed's weekly entries); a poll that brings nothing makes it half as long again. So it settles where a poll brings about
one new item, whatever the source's rate: fewer would be requests for nothing, more would be items that waited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from extractors.errors import NOTHING_TO_DO_REASONS, TRANSIENT_REASONS, Reason
from extractors.records import Poll

QUIET_FACTOR = 1.5
"""How much longer the interval gets after a poll that brought nothing."""
JITTER_SHARE = 0.1
"""Random part of each wait, on top of it, so that sources that were polled together do not stay in step."""
HARD, SOFT, UNRESOLVED = 1.0, 0.5, 0.25
"""Weights of a failure that will come again, of one that may pass, and of a name that cannot be resolved, which says
more of the network than of the source."""
MOST_DOUBLINGS = 16.0
"""No interval is longer than 2 ** 16 minutes, so more would only be large numbers."""

GOOD_REASONS = frozenset({Reason.POLLED, Reason.NOT_MODIFIED, Reason.UNCHANGED})
NOT_ASKED_REASONS = NOTHING_TO_DO_REASONS - GOOD_REASONS
"""A poll that asked nobody says nothing of its source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Shortest and longest interval of a source, by its outlet's file."""

    shortest_minutes: float
    longest_minutes: float

    def clamp(self, minutes: float) -> float:
        """The interval within the bounds that is nearest."""
        return min(max(minutes, self.shortest_minutes), self.longest_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A row of core.source_schedules; what each field means stands in the comments of its migration."""

    source_id: str
    interval_minutes: float
    polled_at: datetime
    due_at: datetime
    last_reason: Reason
    fresh_minutes: float = 0.0
    good_at: datetime | None = None
    is_enough: bool = False
    failing_since: datetime | None = None
    failure_count: int = 0
    failure_weight: float = 0.0
    recovered_at: datetime | None = None
    recovery: str = ""


def is_due(schedule: Schedule | None, bounds: Bounds, *, at: datetime) -> bool:
    """Whether a source is to be polled.

    One that was never polled is. So is one whose last poll lies in the future: the clock was wrong then or is now, and
    the poll puts it right. Bounds that were made narrower since the last poll hold at once.
    """
    if schedule is None:
        return True
    latest = schedule.polled_at + timedelta(minutes=bounds.longest_minutes * (1 + JITTER_SHARE))
    return not schedule.polled_at <= at < min(schedule.due_at, latest)


def next_schedules(
    schedules: Mapping[str, Schedule],
    polls: Sequence[Poll],
    news_counts: Sequence[int],
    bounds: Mapping[str, Bounds],
    *,
    is_history: bool,
) -> list[Schedule]:
    """How sources stand after some polls, each with the count of its news; see :func:`after_poll`."""
    after: dict[str, Schedule] = {}
    for poll, news_count in zip(polls, news_counts, strict=True):
        source_id = poll.source_id
        if source_id in bounds:
            before = after.get(source_id) or schedules.get(source_id)
            stands = after_poll(before, poll, bounds[source_id], news_count=news_count, is_history=is_history)
            after |= {source_id: stands} if stands else {}
    return list(after.values())


def after_poll(
    before: Schedule | None, poll: Poll, bounds: Bounds, *, news_count: int, is_history: bool = False
) -> Schedule | None:
    """How a source stands after a poll.

    Args:
        before: How it stood; ``None`` before its first poll.
        poll: The poll.
        bounds: Of its interval.
        news_count: Links of the poll that were new, or of which it now says something else.
        is_history: The poll asked for more than is new, so that what it brought says nothing of the source's rate.

    Returns:
        The schedule; ``before`` where nobody was asked.
    """
    reason, polled_at = poll.outcome.reason, poll.outcome.occurred_at
    if poll.postponed_until is None and reason in NOT_ASKED_REASONS:
        return before
    last = before or Schedule(
        source_id=poll.source_id,
        interval_minutes=bounds.shortest_minutes,
        polled_at=polled_at,
        due_at=polled_at,
        last_reason=reason,
    )
    last = replace(last, interval_minutes=bounds.clamp(last.interval_minutes))
    if poll.postponed_until is not None:
        after = last
        wait_minutes = min(max(0.0, minutes_between(polled_at, poll.postponed_until)), bounds.longest_minutes)
    elif reason in GOOD_REASONS:
        after = after_success(last, poll, bounds, news_count=None if is_history else news_count)
        wait_minutes = bounds.clamp(max(after.interval_minutes, after.fresh_minutes))
    else:
        after = after_failure(last, poll)
        wait_minutes = bounds.clamp(after.interval_minutes * 2 ** min(after.failure_weight, MOST_DOUBLINGS))
    wait = spread(timedelta(minutes=wait_minutes), poll.outcome.outlet_id, poll.source_id, polled_at.isoformat())
    return replace(after, polled_at=polled_at, due_at=polled_at + wait, is_enough=poll.is_enough, last_reason=reason)


def after_success(last: Schedule, poll: Poll, bounds: Bounds, *, news_count: int | None) -> Schedule:
    """The schedule after a good poll; ``news_count`` is ``None`` where it says nothing of the source's rate."""
    polled_at = poll.outcome.occurred_at
    minutes = last.interval_minutes
    if last.good_at is not None and news_count is not None:
        minutes = bounds.clamp(next_interval(minutes, minutes_between(last.good_at, polled_at), news_count))
    return replace(
        last,
        interval_minutes=minutes,
        fresh_minutes=fresh_minutes(last, poll),
        good_at=polled_at,
        failing_since=None,
        failure_count=0,
        failure_weight=0.0,
        recovered_at=polled_at if last.failure_count else last.recovered_at,
        recovery=recovery_note(last, poll) or last.recovery,
    )


def after_failure(last: Schedule, poll: Poll) -> Schedule:
    """The schedule after a failed poll; the interval by good polls stays for the day when it works again."""
    return replace(
        last,
        failing_since=last.failing_since or poll.outcome.occurred_at,
        failure_count=last.failure_count + 1,
        failure_weight=last.failure_weight + weight_of(poll),
    )


def next_interval(interval: float, since_good: float, news_count: int) -> float:
    """The interval after a good poll, in minutes, before it is held within its bounds.

    A poll long before its time (a run that names its outlet) that brings nothing says nothing. One long after it (the
    machine was off) brings the news of all that time.
    """
    if news_count:
        return max(interval, since_good) / news_count
    return interval * QUIET_FACTOR if since_good >= interval / 2 else interval


def fresh_minutes(last: Schedule, poll: Poll) -> float:
    """How long an answer holds; one that says that nothing has changed leaves what the last full one said."""
    if poll.fresh_seconds is None and poll.outcome.reason != Reason.POLLED:
        return last.fresh_minutes
    return (poll.fresh_seconds or 0.0) / 60


def weight_of(poll: Poll) -> float:
    """The weight of a failed poll."""
    if poll.is_unresolved:
        return UNRESOLVED
    return SOFT if poll.outcome.reason in TRANSIENT_REASONS else HARD


def recovery_note(before: Schedule | None, poll: Poll) -> str:
    """``recovered after 3 failures since 2026-03-02 06:00 UTC``; empty for a poll that is no recovery."""
    if before is None or before.failing_since is None or poll.outcome.reason not in GOOD_REASONS:
        return ""
    count = f"{before.failure_count} failure" + ("" if before.failure_count == 1 else "s")
    return f"recovered after {count} since {before.failing_since:%Y-%m-%d %H:%M} UTC"


def spread(wait: timedelta, *seed: object) -> timedelta:
    """A wait with its jitter on top, which is the same for the same seed."""
    digest = hashlib.sha256("\x1f".join(map(str, seed)).encode()).digest()
    return wait * (1 + JITTER_SHARE * int.from_bytes(digest[:4]) / 2**32)


def minutes_between(earlier: datetime, later: datetime) -> float:
    """Minutes from one moment to another."""
    return (later - earlier).total_seconds() / 60
