"""A span of time to the whole UTC days, weeks, months or years that the report counts by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

MOST_DAYS, MOST_WEEKS, MOST_MONTHS = 35, 53, 60
"""A bar for each day, week or month only up to about so many of them."""

WEEKS_BEFORE = 8
"""What words are compared with: as many weeks as ``main.outlet_daily`` takes for its usual days."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing was on the web before."""

BEYOND = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}
"""What leads from the first day of a step into the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the beginning of a step (day, Monday, first of a month or year) until a moment of the last day."""

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
        found = [self.since_date]
        while (following := beginning_of(found[-1] + BEYOND[self.step], self.step)) <= self.today:
            found.append(following)
        return found


def period_of(since: datetime, until: datetime) -> Period:
    """The period that a report of a span of time shows: the span, from the beginning of its first step.

    Args:
        since: Aware time.
        until: Aware time, not before ``since``.
    """
    first = max(since, EARLIEST).astimezone(UTC).date()
    days = (until.astimezone(UTC).date() - first).days + 1
    if days <= MOST_DAYS:
        step = "day"
    elif days <= 7 * MOST_WEEKS:
        step = "week"
    else:
        step = "month" if days <= 31 * MOST_MONTHS else "year"
    beginning = datetime.combine(beginning_of(first, step), time.min, UTC)
    return Period(since=beginning, until=until.astimezone(UTC), step=step)


def beginning_of(day: date, step: str) -> date:
    """The first day of the step that a day is in."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if step == "month" else day
