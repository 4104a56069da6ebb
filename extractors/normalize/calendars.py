"""Days of the Persian (Solar Hijri) and the Islamic (Hijri) calendar -> days of the Gregorian one.

Source: the arithmetic of Reingold and Dershowitz, "Calendrical Calculations": the 33-year cycle of Persian leap years
and the tabular Islamic calendar with the civil epoch (16 July 622, Julian). Where the crescent decides, the Islamic
day can be one off.
"""

from __future__ import annotations

from datetime import date

ISLAMIC_EPOCH = 227_015
"""Day number of 1 Muharram of the year 1, where 1 January of the year 1 is day 1."""

PERSIAN_EPOCH = 226_894
"""Day number of the day before 1 Farvardin of the year 1, less the leap days that the formula counts."""


def from_islamic(year: int, month: int, day: int) -> date:
    """The Gregorian day of a day of the Islamic calendar; right but for one day.

    Raises:
        ValueError: The month or day does not exist.
    """
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(f"{year}-{month}-{day} is no day of the Islamic calendar")
    before = (year - 1) * 354 + (3 + 11 * year) // 30
    return date.fromordinal(ISLAMIC_EPOCH - 1 + before + 29 * (month - 1) + month // 2 + day)


def from_persian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a day of the Persian calendar, for the years 1244-1472.

    Raises:
        ValueError: The month or day does not exist.
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError(f"{year}-{month}-{day} is no day of the Persian calendar")
    before = (year - 1) * 365 + (8 * year + 21) // 33
    return date.fromordinal(PERSIAN_EPOCH + before + (month - 1) * 30 + min(month - 1, 6) + day)
