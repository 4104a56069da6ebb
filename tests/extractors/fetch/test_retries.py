"""``Retry-After`` in both forms, and which failures are worth another attempt."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stamina import instrumentation

from extractors.errors import TRANSIENT_REASONS, NotAskedError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch.client import with_retries
from extractors.fetch.retries import retry_after_seconds, retry_decision
from extractors.outlets import FetchSettings

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90),
        ("Sun, 22 Nov 2026 14:00:10 +0200", 10),
        ("Sun, 22 Nov 2026 12:00:10 -0000", 10),
        ("Sunday, 22-Nov-26 12:00:10 GMT", 10),
        ("Sun Nov 22 12:00:10 2026", 10),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("9" * 30, 365 * 86_400),
        ("Sun, 22 Nov 9999 12:00:00 GMT", 365 * 86_400),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣٠", None),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Seconds, the three date forms of RFC 9110, and what is neither."""
    assert retry_after_seconds(value, now=NOW) == seconds


@given(st.text(max_size=60))
def test_retry_after_is_anybodys_string(value: str) -> None:
    """A number that is not negative, or nothing."""
    seconds = retry_after_seconds(value, now=NOW)
    assert seconds is None or 0 <= seconds <= 365 * 86_400


@pytest.mark.parametrize("reason", sorted(TRANSIENT_REASONS))
def test_transient_failures_are_tried_again(reason: Reason) -> None:
    """Except for robots.txt, which has had its own attempts; a 429's wait is the pacer's."""
    decision = retry_decision(longest_wait_seconds=120)(TransientFetchError(reason, "https://news.example/"))
    if reason == Reason.ROBOTS_UNREACHABLE:
        assert decision is False
    elif reason == Reason.HTTP_429:
        assert decision is not False
        assert decision == 0
    else:
        assert decision is True


def test_what_the_server_asks_for_decides() -> None:
    """Up to the cap the pacer waits; beyond it there is no further attempt; 0 gets our own wait."""
    decide = retry_decision(longest_wait_seconds=120)

    def after(seconds: float) -> bool | float:
        return decide(TransientFetchError(Reason.HTTP_5XX, "https://news.example/", "", 503, seconds))

    assert after(120) is not False
    assert after(120) == 0
    assert after(121) is False
    assert after(0) is True


def test_other_errors_are_not_tried_again() -> None:
    """Permanent failures, a host that is left alone, and errors that nobody foresaw."""
    decide = retry_decision(longest_wait_seconds=120)
    assert decide(NotAskedError(Reason.BUDGET_SPENT, "https://news.example/", "", None, 60)) is False
    assert decide(PermanentFetchError(Reason.HTTP_404, "https://news.example/")) is False
    assert decide(ValueError("unforeseen")) is False


async def test_the_waits_between_attempts_grow_and_are_jittered() -> None:
    """Many pages that fail together are not tried again together."""
    waits: list[list[float]] = [[], []]

    async def fail() -> None:
        raise TransientFetchError(Reason.CONNECT_ERROR, "https://news.example/")

    instrumentation.set_on_retry_hooks([lambda details: waits[details.retry_num - 1].append(details.wait_for)])
    try:
        settings = FetchSettings(attempts=3, retry_wait_seconds=0.01)
        failures = await asyncio.gather(*(with_retries(settings, fail) for _ in range(20)), return_exceptions=True)
    finally:
        instrumentation.set_on_retry_hooks(None)
    assert all(isinstance(each, TransientFetchError) for each in failures)
    for times, shortest in zip(waits, (0.01, 0.02), strict=True):
        assert len(set(times)) == 20
        assert all(shortest <= each <= shortest + 0.005 for each in times)
