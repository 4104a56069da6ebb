"""What people write for a point in time, as an aware datetime."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from extractors.errors import ConfigurationError

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
DURATION = re.compile(r"(\d{1,6})([mhdw])")


def parse_since(value: str, now: datetime, *, option: str = "--since") -> datetime:
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
            raise ConfigurationError(option, value, "reaches too far back", advice) from None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(option, value, "is no point in time", advice) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now:
        raise ConfigurationError(option, value, "lies in the future", advice)
    return moment.astimezone(UTC)


def check_backfill(
    *,
    outlet: str | None,
    since: str | None,
    until: str | None,
    warc: Sequence[object] | None,
    folder: Sequence[object] | None,
    owner: str | None,
) -> None:
    """Refuse a call of ``backfill`` that names no origin of history, or several.

    Raises:
        ConfigurationError: With what to write instead.
    """
    advice = "write backfill OUTLET --since DATE, backfill --warc FILE or backfill --folder DIR"
    named = [name for name, value in (("OUTLET", outlet), ("--warc", warc), ("--folder", folder)) if value]
    if len(named) != 1:
        raise ConfigurationError("backfill", " and ".join(named), "needs one origin of history", advice)
    if outlet and not since:
        raise ConfigurationError("backfill", outlet, "needs --since", advice)
    if (since or until) and not outlet:
        raise ConfigurationError("backfill", "--since" if since else "--until", "goes with an OUTLET", advice)
    if owner and not folder:
        raise ConfigurationError("backfill", "--outlet", "goes with --folder", advice)
