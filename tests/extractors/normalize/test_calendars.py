from __future__ import annotations

import pytest

from extractors.normalize.calendars import from_islamic, from_persian


@pytest.mark.parametrize(
    ("year", "first_day"),
    [
        (1375, "1996-03-20"),
        (1380, "2001-03-21"),
        (1387, "2008-03-20"),
        (1391, "2012-03-20"),
        (1396, "2017-03-21"),
        (1399, "2020-03-20"),
        (1400, "2021-03-21"),
        (1404, "2025-03-21"),
        (1408, "2029-03-20"),
    ],
)
def test_the_persian_year_begins_in_spring(year: int, first_day: str) -> None:
    """Leap years and those around them; the last month of a leap year has 30 days."""
    assert from_persian(year, 1, 1).isoformat() == first_day


@pytest.mark.parametrize(
    ("day", "expected"),
    [((1442, 1, 1), "2020-08-20"), ((1445, 9, 1), "2024-03-11"), ((1447, 12, 10), "2026-05-27")],
)
def test_islamic_days(day: tuple[int, int, int], expected: str) -> None:
    """The tabular calendar, which agrees with the crescent but for one day."""
    assert from_islamic(*day).isoformat() == expected


@pytest.mark.parametrize("day", [(1442, 13, 1), (1442, 0, 1), (1442, 1, 31)])
def test_days_that_do_not_exist(day: tuple[int, int, int]) -> None:
    """Refused, as ``datetime`` refuses them."""
    with pytest.raises(ValueError, match="is no day"):
        from_islamic(*day)
    with pytest.raises(ValueError, match="is no day"):
        from_persian(day[0], day[1], day[2] + 1)
