from datetime import UTC, datetime, timedelta

import pytest

from extractors.errors import ConfigurationError
from flows.parameters import parse_since

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("2d", NOW - timedelta(days=2)),
        ("3w", NOW - timedelta(weeks=3)),
        (" 2d ", NOW - timedelta(days=2)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T08:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01T23:30:00-05:00", datetime(2026, 3, 2, 4, 30, tzinfo=UTC)),
    ],
)
def test_reads_durations_dates_and_times(written: str, meant: datetime) -> None:
    """A duration counts back from now; a time without a zone is in UTC."""
    assert parse_since(written, NOW) == meant


@pytest.mark.parametrize(
    "written", ["", "2", "d2", "-2d", "2 days", "yesterday", "2026-13-01", "2027-01-01", "999999w"]
)
def test_refuses_what_is_no_past_point_in_time(written: str) -> None:
    """The error names the option and says what to write."""
    with pytest.raises(ConfigurationError, match="write a duration such as 2d") as caught:
        parse_since(written, NOW)
    assert caught.value.key == written
