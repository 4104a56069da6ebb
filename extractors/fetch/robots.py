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

from protego import Protego

from extractors.errors import PermanentFetchError, Reason, TransientFetchError

PRODUCT_TOKEN = "wirewatch"  # noqa: S105 - RFC 9309's word for the name that a group of rules is addressed to
MAX_ROBOTS_BYTES = 512_000
"""RFC 9309 section 2.5 asks for at least 500 KiB; what comes after it is not read."""
MAX_ROBOTS_REDIRECTS = 5
UNREACHABLE_MINUTES = 5
"""How long an unreachable file is not asked for again; a run's many pages must not each wait for the same timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """What became of the request for a robots.txt.

    ``body`` is the file, ``None`` where there is none and everything is allowed; ``unreachable`` says why nothing is
    allowed for now.
    """

    body: bytes | None = None
    unreachable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRobots:
    """A host's rules and how long they hold."""

    rules: Protego | None
    unreachable: str | None
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
        self._known: dict[str, KnownRobots] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str, ask: AskForRobots) -> float | None:
        """Ask whether a URL may be fetched.

        Args:
            url: Absolute http or https URL.
            ask: Fetches a robots.txt by its URL, where it is not known yet; raises only what has nothing to do with
                robots.txt (``private_address``).

        Returns:
            The ``Crawl-delay`` that the host asks of us, in seconds; ``None`` where it asks for none.

        Raises:
            PermanentFetchError: ``robots_disallowed``.
            TransientFetchError: ``robots_unreachable``.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        async with self._locks.setdefault(site, asyncio.Lock()):
            known = self._known.get(site)
            if known is None or self._now() >= known.holds_until:
                known = self._known[site] = self._read(await ask(f"{site}/robots.txt"))
        if known.unreachable is not None:
            raise TransientFetchError(Reason.ROBOTS_UNREACHABLE, url, known.unreachable)
        if known.rules is None:
            return None
        if not known.rules.can_fetch(url, PRODUCT_TOKEN):
            raise PermanentFetchError(Reason.ROBOTS_DISALLOWED, url, f"{site}/robots.txt says no")
        delay = known.rules.crawl_delay(PRODUCT_TOKEN)
        return None if delay is None else float(delay)

    def _read(self, answer: RobotsAnswer) -> KnownRobots:
        holds = timedelta(minutes=UNREACHABLE_MINUTES) if answer.unreachable is not None else self._cache
        rules = None if answer.body is None else parse_robots(answer.body)
        return KnownRobots(rules=rules, unreachable=answer.unreachable, holds_until=self._now() + holds)


def parse_robots(body: bytes) -> Protego:
    """Read a robots.txt; whatever is no rule is passed over, so anybody's bytes will do."""
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
    return Protego.parse(text.replace("\x00", ""))
