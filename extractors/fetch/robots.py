"""Turns a host's robots.txt into a yes or no for each URL and a least spacing, after RFC 9309.

An unavailable file (any 4xx but 429) allows everything, an unreachable one (5xx, 429, no answer) allows nothing for
now. Each host's file is asked for once, however many pages wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from extractors.errors import PermanentFetchError, Reason, TransientFetchError, UnresolvedHostError
from extractors.fetch.robots_rules import RobotsRules, parse_robots

MAX_ROBOTS_REDIRECTS = 5
UNREACHABLE_MINUTES = 5
"""How long an unreachable file is not asked for again; a run's many pages must not each wait for the same timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """What became of the request for a robots.txt.

    ``body`` is the file, ``None`` where there is none and everything is allowed; ``unreachable`` says why nothing is
    allowed for now, ``reason`` is what the host's pages end with then, and ``is_unresolved`` says that its name has no
    address.
    """

    body: bytes | None = None
    unreachable: str | None = None
    reason: Reason = Reason.ROBOTS_UNREACHABLE
    is_unresolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRobots:
    """A host's rules and how long they hold."""

    rules: RobotsRules | None
    unreachable: str | None
    reason: Reason
    is_unresolved: bool
    holds_until: datetime


AskForRobots = Callable[[str], Awaitable[RobotsAnswer]]


class RobotsCache:
    """The rules of the hosts of a run.

    Args:
        cache_hours: How long an answer holds; RFC 9309 asks for at most 24.
        now: Aware wall-clock time.
    """

    def __init__(self, *, cache_hours: float, now: Callable[[], datetime]) -> None:
        self._cache = timedelta(hours=cache_hours)
        self._now = now
        self._known: dict[tuple[str, bool], KnownRobots] = {}
        self._locks: dict[tuple[str, bool], asyncio.Lock] = {}

    async def check(self, url: str, ask: AskForRobots, *, is_tls_verified: bool = True) -> float | None:
        """Ask whether a URL may be fetched.

        Args:
            url: Absolute http or https URL.
            ask: Fetches a robots.txt by its URL, where it is not known yet; raises only what has nothing to do with
                robots.txt (``private_address``, a host that is left alone).
            is_tls_verified: Whether its certificate is checked; what is known with the check and without it is kept
                apart.

        Returns:
            The ``Crawl-delay`` that the host asks of us, in seconds; ``None`` where it asks for none.

        Raises:
            PermanentFetchError: ``robots_disallowed``.
            TransientFetchError: ``robots_unreachable``, or ``tls_error`` where it would be the pages' own.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        key = (site, is_tls_verified)
        async with self._locks.setdefault(key, asyncio.Lock()):
            known = self._known.get(key)
            if known is None or self._now() >= known.holds_until:
                known = self._known[key] = self._read(await ask(f"{site}/robots.txt"))
        if known.unreachable is not None:
            kind = UnresolvedHostError if known.is_unresolved else TransientFetchError
            raise kind(known.reason, url, known.unreachable)
        if known.rules is None:
            return None
        if not known.rules.can_fetch(url):
            raise PermanentFetchError(Reason.ROBOTS_DISALLOWED, url, f"{site}/robots.txt says no")
        return known.rules.crawl_delay

    def _read(self, answer: RobotsAnswer) -> KnownRobots:
        holds = timedelta(minutes=UNREACHABLE_MINUTES) if answer.unreachable is not None else self._cache
        rules = None if answer.body is None else parse_robots(answer.body)
        return KnownRobots(
            rules=rules,
            unreachable=answer.unreachable,
            reason=answer.reason,
            is_unresolved=answer.is_unresolved,
            holds_until=self._now() + holds,
        )
