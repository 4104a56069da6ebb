"""When a source is polled next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from warehouse_samples import FEED, NOW, at, make_poll

from extractors.errors import NOTHING_TO_DO_REASONS, Reason
from warehouse.intervals import (
    JITTER_SHARE,
    NOT_ASKED_REASONS,
    Bounds,
    Schedule,
    after_poll,
    is_due,
    recovery_note,
)

BOUNDS = Bounds(shortest_minutes=15, longest_minutes=120)


def polled(before: Schedule | None, *, news: int = 0, minutes: float = 0, bounds: Bounds = BOUNDS, **poll: Any) -> Any:
    """The schedule after a poll."""
    is_history = poll.pop("is_history", False)
    return after_poll(before, make_poll(when=at(minutes), **poll), bounds, news_count=news, is_history=is_history)


def standing(interval: float = 60, **changes: Any) -> Schedule:
    """A source that was polled well at NOW."""
    values: dict[str, Any] = {
        "source_id": FEED,
        "interval_minutes": interval,
        "polled_at": NOW,
        "due_at": at(interval),
        "last_reason": Reason.POLLED,
        "good_at": NOW,
        "is_enough": True,
    }
    return Schedule(**{**values, **changes})


def waits(schedule: Schedule, minutes: float) -> bool:
    """Whether a schedule waits for so long, and the jitter at most."""
    wait = schedule.due_at - schedule.polled_at
    return timedelta(minutes=minutes) <= wait <= timedelta(minutes=minutes * (1 + JITTER_SHARE))


def test_a_source_that_was_never_polled_is_due() -> None:
    """And after its first poll waits for its shortest interval: a first list says nothing of a rate."""
    assert is_due(None, BOUNDS, at=NOW)
    first = polled(None, news=200)
    assert (first.interval_minutes, waits(first, 15)) == (15, True)
    assert not is_due(first, BOUNDS, at=at(14))
    assert is_due(first, BOUNDS, at=at(15 * (1 + JITTER_SHARE)))


@pytest.mark.parametrize(
    ("interval", "minutes", "news", "expected"),
    [
        pytest.param(60, 60, 0, 90, id="quiet"),
        pytest.param(60, 60, 1, 60, id="one item: as it should be"),
        pytest.param(60, 60, 2, 30, id="two items"),
        pytest.param(60, 60, 3, 20, id="three items"),
        pytest.param(60, 60, 10_000, 15, id="a whole archive"),
        pytest.param(100, 100, 0, 120, id="never beyond the longest"),
        pytest.param(60, 5, 0, 60, id="quiet, by hand long before its time"),
        pytest.param(60, 5, 2, 30, id="news long before its time"),
        pytest.param(60, 600, 6, 100, id="news of a night in which the machine was off"),
        pytest.param(60, -600, 0, 60, id="quiet, with a clock that was set back"),
        pytest.param(60, -600, 2, 30, id="news, with a clock that was set back"),
        pytest.param(600, 600, 1, 120, id="bounds that were made narrower"),
        pytest.param(1, 1, 1, 15, id="bounds that were raised"),
    ],
)
def test_the_interval_follows_what_a_poll_brought(interval: float, minutes: float, news: int, expected: float) -> None:
    """It becomes the one in which, at the last rate, one item comes."""
    after = polled(standing(interval), news=news, minutes=minutes)
    assert after.interval_minutes == expected
    assert waits(after, expected)


@pytest.mark.parametrize("minutes_between_items", [1, 20, 45, 60, 110])
def test_the_interval_settles_at_the_rate_of_the_source(minutes_between_items: int) -> None:
    """Whatever the rate, half to two items come with a poll; what comes too fast is polled at the shortest interval."""
    schedule = polled(None)
    seen = polls = 0
    for minute in range(14 * 24 * 60):
        if is_due(schedule, BOUNDS, at=at(minute)):
            news = minute // minutes_between_items - seen
            seen += news
            polls += 1
            schedule = polled(schedule, news=news, minutes=minute)
    if minutes_between_items < BOUNDS.shortest_minutes:
        assert schedule.interval_minutes == BOUNDS.shortest_minutes
    else:
        assert 0.5 <= seen / polls <= 2


def test_history_says_nothing_of_a_rate() -> None:
    """A poll with --since may bring years at once, or nothing of what is known; the interval stays."""
    for news in (0, 5_000):
        assert polled(standing(60), news=news, minutes=60, is_history=True).interval_minutes == 60


def test_the_jitter_is_of_source_and_poll() -> None:
    """The same poll has the same wait, another source or another time another; none is shorter than its interval."""

    def due(minutes: float = 60, source_id: str = FEED) -> datetime:
        after: Schedule = polled(standing(60), minutes=minutes, source_id=source_id, is_history=True)
        return after.due_at

    assert due() == due()
    many = {due(source_id=f"feed:{n}") for n in range(50)} | {due(60 + n) - timedelta(minutes=n) for n in range(50)}
    assert len(many) == 100
    assert all(at(120) <= due <= at(120 + 60 * JITTER_SHARE) for due in many)


@pytest.mark.parametrize(
    ("fresh_minutes", "expected"),
    [(None, 60), (0, 60), (30, 60), (90, 90), (100_000, 120)],
)
def test_a_source_is_not_polled_sooner_than_it_says(fresh_minutes: float | None, expected: float) -> None:
    """Up to the longest interval, so that nobody can keep it from being polled; the interval itself stays."""
    fresh_seconds = None if fresh_minutes is None else fresh_minutes * 60
    after = polled(standing(60), news=1, minutes=60, fresh_seconds=fresh_seconds)
    assert (after.interval_minutes, waits(after, expected)) == (60, True)


@pytest.mark.parametrize("reason", [Reason.NOT_MODIFIED, Reason.UNCHANGED])
def test_what_has_not_changed_still_says_how_long_it_holds(reason: Reason) -> None:
    """A 304 has no feed in it: what the feed said last holds on; a new answer that says nothing ends it."""
    told = polled(standing(60), news=1, minutes=60, fresh_seconds=90 * 60)
    quiet = polled(told, news=0, minutes=160, reason=reason)
    assert quiet.fresh_minutes == 90
    assert polled(quiet, news=1, minutes=300).fresh_minutes == 0


HARD = (Reason.HTTP_403, Reason.HTTP_404, Reason.NOT_A_FEED, Reason.FEED_PARSE_ERROR, Reason.CHALLENGE)
SOFT = (Reason.TIMEOUT, Reason.HTTP_5XX, Reason.HTTP_429, Reason.CONNECT_ERROR, Reason.TLS_ERROR)


@pytest.mark.parametrize(
    ("reason", "is_unresolved", "weight"),
    [
        *((reason, False, 1.0) for reason in (*HARD, Reason.ROBOTS_DISALLOWED)),
        *((reason, False, 0.5) for reason in SOFT),
        (Reason.CONNECT_ERROR, True, 0.25),
        (Reason.ROBOTS_UNREACHABLE, True, 0.25),
    ],
)
def test_failures_weigh_by_their_kind(reason: Reason, is_unresolved: bool, weight: float) -> None:
    """Their sum doubles the wait for each whole one; the interval for better days stays."""
    one = polled(standing(20), minutes=20, reason=reason, is_unresolved=is_unresolved)
    two = polled(one, minutes=40, reason=reason, is_unresolved=is_unresolved)
    assert (one.failure_count, one.failure_weight, one.failing_since) == (1, weight, at(20))
    assert (two.failure_count, two.failure_weight, two.failing_since) == (2, 2 * weight, at(20))
    assert waits(one, 20 * 2**weight)
    assert waits(two, 20 * 2 ** (2 * weight))
    assert (two.interval_minutes, two.good_at, two.last_reason) == (20, NOW, reason)


def test_a_source_that_fails_for_ever_is_polled_for_ever() -> None:
    """At its longest interval, whatever its failures weigh together."""
    schedule: Schedule = polled(None, reason=Reason.HTTP_403)
    for number in range(5_000):
        schedule = polled(schedule, minutes=number * 120, reason=Reason.HTTP_403)
    assert waits(schedule, 120)
    assert is_due(schedule, BOUNDS, at=schedule.polled_at + timedelta(hours=3))


def test_recovery_is_noticed() -> None:
    """One good poll ends the failures, goes on at the interval before them, and says from what it recovered."""
    failing = standing(20)
    for minutes in (20, 60, 140):
        failing = polled(failing, minutes=minutes, reason=Reason.HTTP_5XX)
    good = make_poll(when=at(200))
    note = "recovered after 3 failures since 2026-03-02 06:20 UTC"
    assert recovery_note(failing, good) == note
    well = after_poll(failing, good, BOUNDS, news_count=9)
    assert well is not None
    assert (well.failing_since, well.failure_count, well.failure_weight) == (None, 0, 0)
    assert (well.recovered_at, well.recovery) == (at(200), note)
    assert waits(well, max(15, 200 / 9))
    later = polled(well, news=1, minutes=220)
    assert (later.recovered_at, later.recovery) == (at(200), note)
    assert recovery_note(well, make_poll(when=at(220))) == ""
    assert recovery_note(failing, make_poll(reason=Reason.TIMEOUT)) == ""
    assert recovery_note(None, good) == ""


@pytest.mark.parametrize("reason", sorted(NOTHING_TO_DO_REASONS - {Reason.NOT_MODIFIED, Reason.UNCHANGED}))
def test_a_poll_that_asked_nobody_changes_nothing(reason: Reason) -> None:
    """That there was nothing to do, or that somebody else does it, is no failure of the source."""
    assert reason in NOT_ASKED_REASONS
    assert polled(standing(), minutes=60, reason=reason) == standing()
    assert polled(None, reason=reason) is None


def test_a_poll_that_was_put_off_is_no_failure() -> None:
    """A host that rests, or whose day is spent, is asked when it may be, and within the longest interval."""
    for minutes, expected in ((45, 45), (1_000, 120), (-5, 0)):
        until = at(60 + minutes)
        after = polled(standing(), minutes=60, reason=Reason.CHALLENGE, postponed_until=until, is_enough=False)
        assert (after.failure_count, after.failing_since, after.good_at) == (0, None, NOW)
        assert after.interval_minutes == 60
        assert waits(after, expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(-1), True),  # the clock was ahead when it was polled, by a minute or by a year
        (at(0), False),
        (at(59), False),
        (at(60), True),
        (at(10**6), True),
    ],
)
def test_a_clock_that_jumps_hides_no_source(moment: datetime, expected: bool) -> None:
    """A poll that lies in the future was made by a wrong clock, so that the source is due."""
    assert is_due(standing(60), BOUNDS, at=moment) == expected


def test_bounds_that_were_made_narrower_hold_at_once() -> None:
    """Who lowers max_every_minutes does not wait for the old one to pass."""
    slow = replace(standing(1_440), due_at=at(1_440))
    assert not is_due(slow, Bounds(shortest_minutes=60, longest_minutes=1_440), at=at(200))
    assert is_due(slow, BOUNDS, at=at(200))
