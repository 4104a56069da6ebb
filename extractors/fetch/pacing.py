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

from extractors.errors import Reason
from extractors.fetch.hosts import HostBook

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


class Pacer:
    """Gives turns at hosts.

    Where nothing asks for a spacing (``seconds_between_requests = 0`` and no ``Crawl-delay``), turns at one host are
    given at once and side by side: that is for loopback and for hosts of one's own, and ``max_connections`` bounds it.

    Args:
        book: What is known of hosts across runs; it is asked before each turn, and keeps the rests that are too long
            to be waited out.
        jitter_share: Each spacing and each rest grows by up to this share of itself, at random.
        longest_rest_seconds: A rest that a host asks for is waited out up to this; for a longer one, turns are refused
            until it is over.
        clock: Monotonic seconds.
        sleep: Waits for seconds.
        chance: Gives numbers from 0 to 1.
    """

    def __init__(
        self,
        book: HostBook,
        *,
        jitter_share: float,
        longest_rest_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.book = book
        self.jitter_share = jitter_share
        self.longest_rest_seconds = longest_rest_seconds
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._hosts: dict[str, HostState] = {}

    @asynccontextmanager
    async def turn(self, host: str, spacing_seconds: float, url: str, *, requests_per_day: int) -> AsyncIterator[None]:
        """Wait for a turn at a host, and hold it as long as the request takes.

        Args:
            host: The host's name, with its port where that is not the scheme's own.
            spacing_seconds: From the end of this request to the start of the next, unless the host asks for more.
            url: What will be asked for, for the error.
            requests_per_day: How many turns the host has in one UTC day, over all runs.

        Raises:
            NotAskedError: The host rests for longer than we wait, or its turns of the day are spent.
        """
        state = self._hosts.setdefault(host, HostState())
        if max(spacing_seconds, state.least_spacing_seconds) <= 0 and state.resting_until <= self._clock():
            self.book.admit(host, url, requests_per_day=requests_per_day)
            self.book.count(host)
            yield
            return
        async with state.lock:
            self.book.admit(host, url, requests_per_day=requests_per_day)  # who is refused does not wait for it
            await self._wait(state)
            self.book.admit(host, url, requests_per_day=requests_per_day)  # others ask without spacing meanwhile
            self.book.count(host)
            try:
                yield
            finally:
                spacing = max(spacing_seconds, state.least_spacing_seconds)
                state.next_turn_at = self._clock() + self._jittered(spacing)

    def keep_apart(self, host: str, seconds: float) -> None:
        """Never ask a host more often than this, in this run: its robots.txt says so."""
        state = self._hosts.setdefault(host, HostState())
        state.least_spacing_seconds = max(state.least_spacing_seconds, min(seconds, MAX_CRAWL_DELAY_SECONDS))

    def slow_down(self, host: str, reason: Reason, *, spacing_seconds: float) -> None:
        """Ask a host more slowly for the rest of the run: a 429 means 30 s, a 503 twice the spacing, 30 s at most.

        Args:
            host: As in ``turn``.
            reason: ``http_429``, or ``http_5xx`` for a 503.
            spacing_seconds: What the request that was answered so was asked with.
        """
        state = self._hosts.setdefault(host, HostState())
        slowest = min(SPACING_AFTER_429_SECONDS, self.longest_rest_seconds)
        doubled = 2 * max(spacing_seconds, state.least_spacing_seconds)
        slower = slowest if reason == Reason.HTTP_429 else min(doubled, slowest)
        state.least_spacing_seconds = max(state.least_spacing_seconds, slower)

    def rest(self, host: str, *, reason: Reason, asked_seconds: float | None) -> None:
        """Leave a host alone for a while.

        Args:
            host: As in ``turn``.
            reason: ``http_429`` or ``http_5xx``.
            asked_seconds: What its ``Retry-After`` asks for. Without it, a 429 means 30 s and a 503 nothing: that one
                is the retries' business.
        """
        state = self._hosts.setdefault(host, HostState())
        seconds = asked_seconds
        if seconds is None and reason == Reason.HTTP_429:
            seconds = min(SPACING_AFTER_429_SECONDS, self.longest_rest_seconds)
        if seconds is None:
            return
        if seconds > self.longest_rest_seconds:
            self.book.rest(host, seconds, reason)
        else:
            state.resting_until = max(state.resting_until, self._clock() + self._jittered(seconds))

    async def _wait(self, state: HostState) -> None:
        """Sleep until a host may be asked; looks again after each sleep, since it may have asked for more meanwhile."""
        while (seconds := max(state.next_turn_at, state.resting_until) - self._clock()) > 0:
            await self._sleep(seconds)

    def _jittered(self, seconds: float) -> float:
        """A time, or up to ``jitter_share`` more."""
        return seconds * (1 + self.jitter_share * self._chance())
