"""Which days, weeks, months and years a report counts by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from flows.report_page.period import EARLIEST, period_of

UNTIL = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "step", "first", "count"),
    [
        (0, "day", date(2026, 3, 30), 1),
        (1, "day", date(2026, 3, 29), 2),
        (34, "day", date(2026, 2, 24), 35),
        (35, "week", date(2026, 2, 23), 6),
        (370, "week", date(2025, 3, 24), 54),
        (371, "month", date(2025, 3, 1), 13),
        (1_859, "month", date(2021, 2, 1), 62),
        (1_860, "year", date(2021, 1, 1), 6),
    ],
)
def test_steps_grow_with_the_period(days: int, step: str, first: date, count: int) -> None:
    """So that bars stay wide enough to be seen; the first step is whole, and the last holds today."""
    period = period_of(UNTIL - timedelta(days=days), UNTIL)
    steps = period.steps()
    assert (period.step, steps[0], len(steps)) == (step, first, count)
    assert steps[-1] <= period.today
    assert period.since == datetime(first.year, first.month, first.day, tzinfo=UTC)


def test_days_are_utc() -> None:
    """Whatever zone the moments are in."""
    zone = timezone(timedelta(hours=5))
    period = period_of(datetime(2026, 3, 30, 2, 0, tzinfo=zone), datetime(2026, 3, 31, 3, 0, tzinfo=zone))
    assert (period.since_date, period.today) == (date(2026, 3, 29), date(2026, 3, 30))


def test_nothing_is_counted_from_before_the_web() -> None:
    """A date that is typed wrong does not make two thousand bars."""
    period = period_of(datetime(1, 1, 1, tzinfo=UTC), UNTIL)
    assert (period.since, len(period.steps())) == (EARLIEST, 37)
    assert period.before < EARLIEST
