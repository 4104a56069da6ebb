"""A span of time to the whole UTC days, weeks or months that the report counts by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MOST_DAYS, MOST_WEEKS = 35, 53
"""A bar for each day, or week, only up to so many of them."""

WEEKS_BEFORE = 8
"""What words are compared with: as many weeks as ``main.outlet_daily`` takes for its usual days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the beginning of a step (day, Monday or first of a month) until a moment of the last, unfinished day."""

    since: datetime
    until: datetime
    step: str

    @property
    def since_date(self) -> date:
        """First day."""
        return self.since.date()

    @property
    def today(self) -> date:
        """The day that is not over, and so is compared with nothing."""
        return self.until.date()

    @property
    def before(self) -> datetime:
        """Where the weeks begin that words are compared with."""
        return self.since - timedelta(weeks=WEEKS_BEFORE)

    def steps(self) -> list[date]:
        """The first day of each step."""
        return list(self._steps())

    def _steps(self) -> Iterator[date]:
        step_date = self.since_date
        while step_date <= self.today:
            yield step_date
            step_date = beginning_of(step_date + {"day": timedelta(1), "week": timedelta(7)}.get(self.step, LONG_MONTH), self.step)


LONG_MONTH = timedelta(31)
"""From the first of a month it leads into the next one."""


def period_of(since: datetime, until: datetime) -> Period:
    """The period that a report of a span of time shows: the span, from the beginning of its first step.

    Args:
        since: Aware time.
        until: Aware time, not before ``since``.
    """
    first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
    days = (last - first).days + 1
    step = "day" if days <= MOST_DAYS else "week" if days <= MOST_WEEKS * 7 else "month"
    beginning = datetime.combine(beginning_of(first, step), time.min, UTC)
    return Period(since=beginning, until=until.astimezone(UTC), step=step)


def beginning_of(day: date, step: str) -> date:
    """The first day of the step that a day is in."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day
