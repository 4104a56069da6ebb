"""Turns a failed attempt into the wait before the next one, or into none; ``Retry-After`` after RFC 9110, 10.2.3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from extractors.errors import FetchError, NotAskedError, Reason, TransientFetchError

MAX_RETRY_AFTER_SECONDS = 365 * 86_400.0


def retry_after_seconds(value: str | None, *, now: datetime) -> float | None:
    """Read a ``Retry-After`` header in either form.

    Args:
        value: Seconds, or an HTTP date.
        now: Aware time that a date is counted from.

    Returns:
        Seconds from now, 0 for a moment that has passed; ``None`` without the header or where it is neither.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # "-0000": UTC, of an unknown place
    return min(max(0.0, (moment - now).total_seconds()), MAX_RETRY_AFTER_SECONDS)


def retry_decision(*, longest_wait_seconds: float) -> Callable[[Exception], bool | float]:
    """Make the hook by which stamina decides about an attempt that has failed.

    The hook gives ``False`` for no further attempt, ``True`` for stamina's growing wait, and 0 where the pacer makes
    the host's next turn wait anyway, so that nobody waits twice.

    Args:
        longest_wait_seconds: A host that asks for more is not asked again in this run.
    """

    def decide(error: Exception) -> bool | float:
        if not isinstance(error, TransientFetchError) or isinstance(error, NotAskedError):
            return False
        if error.reason == Reason.ROBOTS_UNREACHABLE:
            return False  # robots.txt has had its attempts before it was called unreachable
        if error.retry_after_seconds:  # a server that says 0 gets our own wait
            return 0.0 if error.retry_after_seconds <= longest_wait_seconds else False
        return 0.0 if error.reason == Reason.HTTP_429 else True

    return decide


def describe(error: FetchError) -> str:
    """An error in one line without its URL, for another error's detail."""
    return f"{error.reason}: {error.detail}" if error.detail else str(error.reason)
