"""A host's requests of the day are counted over runs, and a host that wants no requests gets none for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extractors.errors import NotAskedError, Reason
from extractors.fetch.hosts import HostBook
from extractors.records import HostMemory, HostStanding

HOST = "news.example"
URL = f"https://{HOST}/1"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Desk:
    """A host's book on a clock that is set by hand, and the runs after it."""

    def __init__(self, *known: HostMemory) -> None:
        self.now = NOON
        self.book = HostBook(known, now=lambda: self.now)

    def refusal(self, *, budget: int = 100) -> tuple[Reason, float] | None:
        """Why the host is left alone, and for how many hours; ``None`` where it may be asked."""
        try:
            self.book.admit(HOST, URL, requests_per_day=budget)
        except NotAskedError as error:
            return error.reason, round((error.retry_after_seconds or 0) / 3600, 2)
        return None

    def next_run(self, *, hours: float = 0) -> None:
        """What this run tells is what a later one is lent."""
        known = [
            HostMemory(
                host=visits.host,
                asked_date=visits.asked_date,
                request_count=visits.request_count,
                standing=visits.standing or HostStanding(),
            )
            for visits in self.book.tell()
        ]
        self.now += timedelta(hours=hours)
        self.book = HostBook(known, now=lambda: self.now)

    def challenges(self, count: int) -> None:
        """Answer with challenges."""
        for _ in range(count):
            self.book.challenged(HOST)


def test_the_budget_is_the_days_and_not_the_runs() -> None:
    """What an earlier run asked counts; the next UTC day begins anew."""
    desk = Desk(HostMemory(host=HOST, asked_date=NOON.date(), request_count=8))
    desk.book.count(HOST)
    assert desk.refusal(budget=10) is None
    desk.book.count(HOST)
    assert desk.refusal(budget=10) == (Reason.BUDGET_SPENT, 12)
    assert desk.refusal(budget=11) is None
    desk.now += timedelta(hours=12)
    assert desk.refusal(budget=10) is None


def test_a_count_of_yesterday_counts_for_nothing() -> None:
    """Whatever it was."""
    assert Desk(HostMemory(host=HOST, asked_date=NOON.date() - timedelta(days=1), request_count=99)).refusal() is None


def test_what_is_told_is_told_once() -> None:
    """The warehouse adds it up, so nothing may come twice; a host about which nothing is new is not told of."""
    desk = Desk(HostMemory(host="quiet.example", asked_date=NOON.date(), request_count=5))
    desk.book.count(HOST)
    desk.book.count(HOST)
    (visits,) = desk.book.tell()
    assert (visits.host, visits.asked_date, visits.request_count, visits.standing) == (HOST, NOON.date(), 2, None)
    assert desk.book.tell() == ()
    desk.book.count(HOST)
    assert [visits.request_count for visits in desk.book.tell()] == [1]


def test_one_challenge_is_no_rest_and_two_in_a_row_are() -> None:
    """A good answer between them breaks the row."""
    desk = Desk()
    desk.challenges(1)
    desk.book.answered(HOST)
    desk.challenges(1)
    assert desk.refusal() is None
    desk.challenges(1)
    assert desk.refusal() == (Reason.CHALLENGE, 6)


def test_rests_grow_while_challenges_go_on() -> None:
    """6, 12, 24, 48 and then always 48 hours, over runs."""
    desk = Desk()
    hours = []
    for _ in range(6):
        desk.challenges(2)
        refusal = desk.refusal()
        assert refusal is not None
        hours.append(refusal[1])
        desk.next_run(hours=refusal[1])
        assert desk.refusal() is None
    assert hours == [6, 12, 24, 48, 48, 48]


def test_one_good_answer_clears_it() -> None:
    """After the rest; the next rest is a short one again."""
    desk = Desk()
    desk.challenges(2)
    desk.next_run(hours=6)
    desk.book.answered(HOST)
    desk.challenges(2)
    assert desk.refusal() == (Reason.CHALLENGE, 6)


def test_answers_that_were_under_way_change_no_rest() -> None:
    """Neither a good one nor a third challenge."""
    desk = Desk()
    desk.challenges(3)
    desk.book.answered(HOST)
    assert desk.refusal() == (Reason.CHALLENGE, 6)
    (visits,) = desk.book.tell()
    assert visits.standing is not None
    assert visits.standing.challenge_count == 1


@pytest.mark.parametrize(("asked_hours", "kept_hours"), [(1, 1), (24, 24), (30 * 24, 24)])
def test_a_long_retry_after_is_kept_across_runs_up_to_a_day(asked_hours: float, kept_hours: float) -> None:
    """With the reason of the answer that asked for it."""
    desk = Desk()
    desk.book.rest(HOST, asked_hours * 3600, Reason.HTTP_5XX)
    desk.next_run(hours=0.5)
    assert desk.refusal() == (Reason.HTTP_5XX, kept_hours - 0.5)
    desk.now += timedelta(hours=kept_hours)
    assert desk.refusal() is None


def test_a_shorter_rest_does_not_shorten_a_longer_one() -> None:
    """Nor forget that there were challenges."""
    desk = Desk()
    desk.challenges(2)
    desk.book.rest(HOST, 3600, Reason.HTTP_429)
    assert desk.refusal() == (Reason.CHALLENGE, 6)
    desk.book.rest(HOST, 7 * 3600, Reason.HTTP_429)
    assert desk.refusal() == (Reason.HTTP_429, 7)
    desk.next_run(hours=7)
    desk.challenges(2)
    assert desk.refusal() == (Reason.CHALLENGE, 12)


def test_hosts_are_apart() -> None:
    """What one does is held against no other."""
    desk = Desk()
    desk.challenges(2)
    desk.book.admit("other.example", "https://other.example/", requests_per_day=1)
