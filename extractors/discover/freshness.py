"""How long an answer holds, by what its headers and its feed say: not before then is its source asked again.

Source: RFC 9111 sections 4.2 and 5.2.2 (``Cache-Control``, ``Age``, ``Expires``) and RSS 2.0 (``ttl``, in minutes).
``sy:updatePeriod`` is not heeded: WordPress writes "hourly" into every feed, and nobody means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from extractors.records import Capture

DIRECTIVE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s,\"]*)))?")
DAY_SECONDS = 86_400.0
LONGEST_SECONDS = 365 * DAY_SECONDS
"""More is said by mistake, or means "never"."""


def header_seconds(capture: Capture) -> float | None:
    """How long a response holds by its headers, 0 for not at all; ``None`` where they do not say.

    ``s-maxage`` is for caches that many people share, and ``must-revalidate`` says nothing of the time before.
    """
    control = ",".join(value for name, value in capture.headers if name.lower() == "cache-control")
    directives = {name.lower(): quoted or plain for name, quoted, plain in DIRECTIVE.findall(control)}
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        seconds = number_of(directives["max-age"])
        return None if seconds is None else max(0.0, seconds - (number_of(capture.header("age")) or 0.0))
    expires = http_date(capture.header("expires"))
    if expires is None:
        return None
    return min(
        max(0.0, (expires - (http_date(capture.header("date")) or capture.fetched_at)).total_seconds()), LONGEST_SECONDS
    )


def shortest_seconds(captures: Iterable[Capture]) -> float | None:
    """The shortest time for which one of several responses holds; ``None`` where none says."""
    said = (seconds for capture in captures if (seconds := header_seconds(capture)) is not None)
    return min(said, default=None)


def channel_seconds(channel: Mapping[str, Any]) -> float | None:
    """How seldom a feed says that it changes; ``None`` where it does not say.

    Args:
        channel: What feedparser found of the feed itself.
    """
    minutes = number_of(str(channel.get("ttl") or ""))
    return minutes * 60 if minutes else None


def longer(first: float | None, second: float | None) -> float | None:
    """The longer of two times that may both be unsaid."""
    return max((each for each in (first, second) if each is not None), default=None)


def number_of(text: str | None) -> float | None:
    """A whole number that is not negative; ``None`` for anything else."""
    text = (text or "").strip()
    return min(float(text), LONGEST_SECONDS) if text.isascii() and text.isdigit() and len(text) < 100 else None


def http_date(text: str | None) -> datetime | None:
    """A date as HTTP writes it; ``None`` for anything else, ``0`` and ``-1`` among it."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else None
