"""Behavior of extractors.normalize.timestamps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.timestamps import parse_timestamp

NIGHT = datetime(2026, 3, 2, 23, 5, 21, tzinfo=UTC)
MINUTE = NIGHT.replace(second=0)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-02T23:05:21Z",
        "2026-03-02T23:05:21.123456Z",
        "2026-03-03T00:05:21+01:00",
        "2026-03-03T00:05:21 +0100",
        "2026-03-02T18:05:21-05",
        "2026-03-02 23:05:21 UTC",
        "2026-03-02T23:05:21",
        "2026-03-03T02:05:21+03:00[Asia/Damascus]",
        "20260302T230521Z",
        "20260302230521",
        "2026/03/02 23:05:21",
        "٢٠٢٦-٠٣-٠٢ ٢٣:٠٥:٢١",
        "2026-03-02 11:05:21 PM",
        "1772492721",
        "1772492721123",
        "Mon, 02 Mar 2026 23:05:21 +0000",
        "Fri, 02 Mar 2026 23:05:21 GMT",
        "2 Mar 26 18:05:21 EST",
        "Monday, 02-Mar-26 23:05:21 GMT",
        "Mon Mar  2 23:05:21 2026",
        "Mon Mar 02 23:05:21 GMT 2026",
        "Tue Mar 03 2026 01:05:21 GMT+0200 (Eastern European Standard Time)",
        "March 2, 2026 11:05:21 pm",
        "  Mon,\n 02 March 2026 23:05:21 Z ",
    ],
)
def test_reads_every_machine_spelling(raw: str) -> None:
    """Every spelling of one second is that second, in UTC."""
    assert parse_timestamp(raw) == (NIGHT, "second")


@pytest.mark.parametrize(
    "raw", ["2026-03-02T23:05Z", "Mon, 02 Mar 2026 23:05 GMT", "202603022305", "2 March 2026 23:05"]
)
def test_keeps_the_precision_of_a_minute(raw: str) -> None:
    """A time without seconds does not pretend to have them."""
    assert parse_timestamp(raw) == (MINUTE, "minute")


@pytest.mark.parametrize("raw", ["2026-03-02", "20260302", "2026-03-02+03:00", "2 Mar 2026", "Mon, March 2nd, 2026"])
def test_a_date_is_a_day_in_utc(raw: str) -> None:
    """A date without a time is that day, whatever zone it names."""
    assert parse_timestamp(raw) == (DAY, "day")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-02T24:00:00Z", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-03-02T23:59:60Z", datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-02T23:30:00-05:00", datetime(2026, 3, 3, 4, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 04 19:48:21 GMT", datetime(2004, 1, 1, 19, 48, 21, tzinfo=UTC)),
        ("Sun, 01 Jan 95 19:48:21 GMT", datetime(1995, 1, 1, 19, 48, 21, tzinfo=UTC)),
        ("March 2, 2026 12:05:21 am", datetime(2026, 3, 2, 0, 5, 21, tzinfo=UTC)),
    ],
)
def test_reads_the_edges_of_a_day(raw: str, expected: datetime) -> None:
    """Midnight at the end of a day, a leap second, a late evening in the west, years of two digits."""
    assert parse_timestamp(raw) == (expected, "second")


@pytest.mark.parametrize(
    "raw",
    [
        "06/05/2020",
        "06-05-2020",
        "6.5.2020 10:00",
        "02-03-04",
        "2026",
        "2026-03",
        "23:05",
        "",
        "yesterday",
        "2 hours ago",
        "2026-02-31",
        "2026-13-01",
        "2026-03-02T25:00:00Z",
        "2026-03-02T23:61:00Z",
        "2026-03-02T23:05:21+99:00",
        "0000-00-00T00:00:00",
        "-0001-11-30T00:00:00",
        "1970-01-01T00:00:00Z",
        "0",
        "2101-01-01",
        "9999-12-31T23:59:59-12:00",
        "2026-03-02 and 2026-03-03",
        "2026-03-02" * 20,
    ],
)
def test_refuses_what_it_would_have_to_guess(raw: str) -> None:
    """Swappable days and months, parts of dates, impossible ones and impossible years are no time."""
    assert parse_timestamp(raw) is None


@pytest.mark.parametrize("raw", ["2026-07-02T23:05:21", "Thu, 02 Jul 2026 23:05:21 IST", "2 Jul 2026 23:05:21"])
def test_a_time_without_a_zone_is_in_the_default_zone(raw: str) -> None:
    """The outlet's zone counts where the source gave none, or one that means several; summer time is its own."""
    assert parse_timestamp(raw, default_zone="Europe/London") == (datetime(2026, 7, 2, 22, 5, 21, tzinfo=UTC), "second")
    assert parse_timestamp(raw) == (datetime(2026, 7, 2, 23, 5, 21, tzinfo=UTC), "second")


def test_a_zone_beats_the_default_zone() -> None:
    """What the source says about its zone is not overruled."""
    assert parse_timestamp("2026-03-02T23:05:21Z", default_zone="Asia/Tokyo") == (NIGHT, "second")


@given(st.text(max_size=60) | st.from_regex(r"[0-9:T+. -]{4,30}", fullmatch=True))
def test_anything_is_a_time_or_none(raw: str) -> None:
    """No text raises, and every time is aware, in UTC and of our age."""
    found = parse_timestamp(raw)
    if found is not None:
        assert found[0].tzinfo is UTC
        assert 1990 <= found[0].year <= 2100


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_iso_round_trip(moment: datetime) -> None:
    """What Python writes is read as the same instant, to the second."""
    found = parse_timestamp(moment.isoformat())
    assert found is not None
    assert found[0].replace(second=0) == moment.astimezone(UTC).replace(second=0, microsecond=0)
