"""Counts what a host is asked in a day, and keeps away from hosts that asked for a rest or answer with challenges.

Unlike the pacer's, this is remembered across runs: a run is lent what is known, and tells what it adds to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from extractors.errors import NotAskedError, Reason
from extractors.records import HostMemory, HostStanding, HostVisits

CHALLENGES_BEFORE_REST = 2
FIRST_CHALLENGE_REST = timedelta(hours=6)
LONGEST_CHALLENGE_REST = timedelta(hours=48)
LONGEST_ASKED_REST = timedelta(hours=24)
"""A longer ``Retry-After`` than this is read as this: asking once a day finds a host that has changed its mind."""

BLANK = HostStanding()


@dataclass(slots=True, kw_only=True)
class HostRecord:
    """What is known of one host; ``untold_count`` and ``is_standing_new`` are this run's, and not told yet."""

    asked_date: date
    request_count: int = 0
    untold_count: int = 0
    standing: HostStanding = BLANK
    is_standing_new: bool = False
    challenges_in_a_row: int = 0

    def set_standing(self, standing: HostStanding) -> None:
        """Take another standing, and remember to tell it."""
        self.standing, self.is_standing_new = standing, True


class HostBook:
    """What is known of hosts.

    Runs side by side each count for themselves until they end, so together they may ask for more than the day's
    requests; the next run starts from the sum.

    Args:
        known: What earlier runs have left.
        now: Aware wall-clock time.
    """

    def __init__(self, known: Iterable[HostMemory] = (), *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._records = {
            memory.host: HostRecord(
                asked_date=memory.asked_date, request_count=memory.request_count, standing=memory.standing
            )
            for memory in known
        }

    def admit(self, host: str, url: str, *, requests_per_day: int) -> None:
        """Let a request pass, or say until when the host is left alone.

        Args:
            host: The host's name, with its port where that is not the scheme's own.
            url: What would be asked for, for the error.
            requests_per_day: How many requests the host gets in one UTC day.

        Raises:
            NotAskedError: ``challenge``, ``http_429`` or ``http_5xx`` while the host rests; ``budget_spent``.
        """
        now = self._now()
        record = self._record(host, now)
        if (rest := rest_left(record.standing, now)) is not None:
            reason = record.standing.resting_reason or Reason.HTTP_429
            why = "it answered with challenges" if reason == Reason.CHALLENGE else "it asked for it"
            detail = f"not asked: {host} is left alone for {in_words(rest)} more, since {why}"
            raise NotAskedError(reason, url, detail, None, rest.total_seconds())
        if record.request_count >= requests_per_day:
            midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
            detail = f"not asked: {host} got its {requests_per_day} requests_per_day of today (UTC)"
            raise NotAskedError(Reason.BUDGET_SPENT, url, detail, None, (midnight - now).total_seconds())

    def count(self, host: str) -> None:
        """Note that a request is sent."""
        record = self._record(host, self._now())
        record.request_count += 1
        record.untold_count += 1

    def rest(self, host: str, seconds: float, reason: Reason) -> None:
        """Leave a host alone for as long as its ``Retry-After`` asks for, a day at most; a longer rest stays."""
        now = self._now()
        record = self._record(host, now)
        until = now + min(timedelta(seconds=seconds), LONGEST_ASKED_REST)
        before = record.standing.resting_until
        if before is None or before < until:
            count = record.standing.challenge_count
            record.set_standing(HostStanding(challenge_count=count, resting_until=until, resting_reason=reason))

    def challenged(self, host: str) -> None:
        """Note a challenge; the second one in a row means a rest, each time twice as long as the time before."""
        now = self._now()
        record = self._record(host, now)
        record.challenges_in_a_row += 1
        if record.challenges_in_a_row < CHALLENGES_BEFORE_REST or rest_left(record.standing, now) is not None:
            return  # the first one, or the answer to a request that was under way when the rest began
        count = record.standing.challenge_count + 1
        until = now + min(FIRST_CHALLENGE_REST * 2 ** min(count - 1, 10), LONGEST_CHALLENGE_REST)
        record.set_standing(HostStanding(challenge_count=count, resting_until=until, resting_reason=Reason.CHALLENGE))

    def answered(self, host: str) -> None:
        """Note a good answer: what was held against the host is forgotten, unless it rests by now."""
        now = self._now()
        record = self._record(host, now)
        record.challenges_in_a_row = 0
        if record.standing != BLANK and rest_left(record.standing, now) is None:
            record.set_standing(BLANK)

    def tell(self) -> tuple[HostVisits, ...]:
        """What has come to be known since this was asked last."""
        visits = tuple(
            HostVisits(
                host=host,
                asked_date=record.asked_date,
                request_count=record.untold_count,
                standing=record.standing if record.is_standing_new else None,
            )
            for host, record in self._records.items()
            if record.untold_count or record.is_standing_new
        )
        for record in self._records.values():
            record.untold_count, record.is_standing_new = 0, False
        return visits

    def _record(self, host: str, now: datetime) -> HostRecord:
        """The record of a host, which starts to count anew on each UTC day."""
        today = now.astimezone(UTC).date()
        record = self._records.setdefault(host, HostRecord(asked_date=today))
        if record.asked_date != today:
            record.asked_date, record.request_count, record.untold_count = today, 0, 0
        return record


def rest_left(standing: HostStanding, now: datetime) -> timedelta | None:
    """How long a host is still to be left alone; ``None`` where it may be asked."""
    if standing.resting_until is None or standing.resting_until <= now:
        return None
    return standing.resting_until - now


def in_words(rest: timedelta) -> str:
    """A time for a person: hours, or seconds where it is less than an hour."""
    seconds = rest.total_seconds()
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds:.0f} s"
