"""What people write for a point in time, as an aware datetime."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from extractors.errors import ConfigurationError

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DURATION = re.compile(r"(\d{1,6})([mhdw])")


def parse_since(value: str, now: datetime) -> datetime:
    """Read ``2d``, ``12h``, ``90m``, ``3w``, a date or an ISO 8601 time; a time without a zone is in UTC.

    Raises:
        ConfigurationError: It is none of them, or it lies in the future.
    """
    advice = "write a duration such as 2d, 12h or 3w, or a date such as 2026-03-01"
    text = value.strip()
    if found := DURATION.fullmatch(text):
        try:
            return now - timedelta(**{UNITS[found[2]]: int(found[1])})
        except OverflowError:
            raise ConfigurationError("--since", value, "reaches too far back", advice) from None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError("--since", value, "is no point in time", advice) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now:
        raise ConfigurationError("--since", value, "lies in the future", advice)
    return moment.astimezone(UTC)
