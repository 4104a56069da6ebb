"""Turns many wishes to ask one host into requests one after another, apart by a jittered spacing.

One pacer serves a whole run, so outlets that share a host share its patience. A host is a name with its port, where
that is not the scheme's own; what one host asks for is never applied to another.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from extractors.errors import Reason, TransientFetchError

SPACING_AFTER_429_SECONDS = 30.0
MAX_CRAWL_DELAY_SECONDS = 60.0
"""A longer ``Crawl-delay`` than this is read as this; some sites ask for hours, by mistake or as a no."""


@dataclass(slots=True)
class HostState:
    """What is remembered of a host within a run."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    least_spacing_seconds: float = 0.0
    next_turn_at: float = float("-inf")
    resting_until: float = float("-inf")
    resting_reason: Reason = Reason.HTTP_429


class Pacer:
    """Gives turns at hosts.

    Where nothing asks for a spacing (``seconds_between_requests = 0`` and no ``Crawl-delay``), turns at one host are
    given at once and side by side: that is for loopback and for hosts of one's own, and ``max_connections`` bounds it.

    Args:
        jitter_share: The spacing grows by up to this share of itself, at random.
        longest_rest_seconds: A rest that a host asks for is waited out up to this; for a longer one, turns are refused
            until it is over.
        clock: Monotonic seconds.
        sleep: Waits for seconds.
        chance: Gives numbers from 0 to 1.
    """

    def __init__(
        self,
        *,
        jitter_share: float,
        longest_rest_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.jitter_share = jitter_share
        self.longest_rest_seconds = longest_rest_seconds
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._hosts: dict[str, HostState] = {}

    @asynccontextmanager
    async def turn(self, host: str, spacing_seconds: float, url: str) -> AsyncIterator[None]:
        """Wait for a turn at a host, and hold it as long as the request takes.

        Args:
            host: The host's name, with its port where that is not the scheme's own.
            spacing_seconds: From the end of this request to the start of the next, unless the host asks for more.
            url: What will be asked for, for the error.

        Raises:
            TransientFetchError: ``http_429`` or ``http_5xx``, without asking: the host has asked to be left alone for
                longer than we wait.
        """
        state = self._hosts.setdefault(host, HostState())
        if max(spacing_seconds, state.least_spacing_seconds) <= 0:
            await self._wait_until(state.resting_until, state, url)
            yield
            return
        async with state.lock:
            await self._wait_until(max(state.next_turn_at, state.resting_until), state, url)
            try:
                yield
            finally:
                spacing = max(spacing_seconds, state.least_spacing_seconds)
                state.next_turn_at = self._clock() + spacing * (1 + self.jitter_share * self._chance())

    def keep_apart(self, host: str, seconds: float) -> None:
        """Never ask a host more often than this, in this run: its robots.txt says so."""
        state = self._hosts.setdefault(host, HostState())
        state.least_spacing_seconds = max(state.least_spacing_seconds, min(seconds, MAX_CRAWL_DELAY_SECONDS))

    def rest(self, host: str, *, reason: Reason, asked_seconds: float | None) -> None:
        """Leave a host alone after a 429 or 503, and ask it more slowly for the rest of the run.

        Args:
            host: As in ``turn``.
            reason: ``http_429`` or ``http_5xx``.
            asked_seconds: What its ``Retry-After`` asks for. Without it, a 429 means 30 s and a 503 nothing: that one
                is the retries' business.
        """
        state = self._hosts.setdefault(host, HostState())
        seconds = asked_seconds
        if reason == Reason.HTTP_429:
            slower = min(SPACING_AFTER_429_SECONDS, self.longest_rest_seconds)
            state.least_spacing_seconds = max(state.least_spacing_seconds, slower)
            seconds = slower if seconds is None else seconds
        if seconds is not None:
            until = self._clock() + seconds
            if until > state.resting_until:
                state.resting_until, state.resting_reason = until, reason

    async def _wait_until(self, moment: float, state: HostState, url: str) -> None:
        """Sleep until a moment; looks again after each sleep, since the host may have asked for more meanwhile."""
        while (seconds := max(moment, state.resting_until) - self._clock()) > 0:
            rest_seconds = state.resting_until - self._clock()
            if rest_seconds > self.longest_rest_seconds:
                raise TransientFetchError(
                    state.resting_reason,
                    url,
                    f"not asked: the host wants to be left alone for {rest_seconds:.0f} s more",
                    None,
                    rest_seconds,
                )
            await self._sleep(seconds)
