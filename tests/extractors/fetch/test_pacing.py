"""Requests to one host come one after another, apart by what we, its robots.txt and its answers ask for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from extractors.errors import NotAskedError, Reason
from extractors.fetch.hosts import HostBook
from extractors.fetch.pacing import MAX_CRAWL_DELAY_SECONDS, Pacer

URL = "https://news.example/1"
MORNING = datetime(2026, 11, 22, 6, tzinfo=UTC)
PLENTY = 1_000


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def clock(self) -> float:
        """The time."""
        return self.seconds

    def now(self) -> datetime:
        """The time on the wall."""
        return MORNING + timedelta(seconds=self.seconds - 1_000)

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.seconds += seconds
        await asyncio.sleep(0)


def make_pacer(time: FakeTime, *, longest_rest_seconds: float = 120, jitter_share: float = 0) -> Pacer:
    """A pacer on a fake clock; the jitter is always the whole share."""
    return Pacer(
        HostBook(now=time.now),
        jitter_share=jitter_share,
        longest_rest_seconds=longest_rest_seconds,
        clock=time.clock,
        sleep=time.sleep,
        chance=lambda: 1.0,
    )


async def starts_of(
    pacer: Pacer, time: FakeTime, hosts: list[str], *, spacing: float, takes: float = 0, budget: int = PLENTY
) -> list[tuple[str, float]]:
    """Who started when, for one request to each host, all wished at once."""
    starts: list[tuple[str, float]] = []

    async def ask(host: str) -> None:
        async with pacer.turn(host, spacing, URL, requests_per_day=budget):
            starts.append((host, time.seconds - 1_000))
            await time.sleep(takes)

    await asyncio.gather(*(ask(host) for host in hosts))
    return starts


async def test_the_first_request_does_not_wait() -> None:
    """A host that nobody has asked yet is asked at once."""
    time = FakeTime()
    assert await starts_of(make_pacer(time), time, ["a"], spacing=5) == [("a", 0)]


async def test_spacing_counts_from_the_end_of_the_request_before() -> None:
    """A slow server is not asked faster than a quick one."""
    time = FakeTime()
    starts = await starts_of(make_pacer(time), time, ["a", "a", "a"], spacing=5, takes=2)
    assert starts == [("a", 0), ("a", 7), ("a", 14)]


async def test_jitter_only_adds() -> None:
    """The spacing is a minimum."""
    time = FakeTime()
    starts = await starts_of(make_pacer(time, jitter_share=0.2), time, ["a", "a"], spacing=5)
    assert starts == [("a", 0), ("a", 6)]


async def test_hosts_do_not_wait_for_each_other() -> None:
    """Two hosts have two turns."""
    time = FakeTime()
    starts = await starts_of(make_pacer(time), time, ["a", "b:8081", "b:8082"], spacing=5)
    assert starts == [("a", 0), ("b:8081", 0), ("b:8082", 0)]


async def test_without_spacing_requests_run_side_by_side() -> None:
    """Zero is for hosts of one's own."""
    time = FakeTime()
    pacer = make_pacer(time)
    async with pacer.turn("a", 0, URL, requests_per_day=9), pacer.turn("a", 0, URL, requests_per_day=9):
        pass
    assert time.seconds == 1_000


async def test_one_at_a_time_otherwise() -> None:
    """The second request does not start while the first one runs, and starts when it is over."""
    time = FakeTime()
    pacer = make_pacer(time)
    async with pacer.turn("a", 1, URL, requests_per_day=9):
        second = asyncio.create_task(starts_of(pacer, time, ["a"], spacing=1))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not second.done()
        time.seconds += 10
    assert await second == [("a", 11)]


async def test_a_failed_request_ends_its_turn() -> None:
    """An error does not block the host, and counts as a request."""
    time = FakeTime()
    pacer = make_pacer(time)
    with pytest.raises(ValueError, match="broken"):
        async with pacer.turn("a", 5, URL, requests_per_day=9):
            raise ValueError("broken")
    assert await starts_of(pacer, time, ["a"], spacing=5) == [("a", 5)]


async def test_crawl_delay_is_a_minimum_with_a_cap() -> None:
    """A robots.txt can slow us down, not speed us up, and not stop us by an absurd number."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.keep_apart("a", 1)
    assert await starts_of(pacer, time, ["a", "a"], spacing=5) == [("a", 0), ("a", 5)]
    pacer.keep_apart("b", 86_400)
    starts = await starts_of(pacer, time, ["b", "b"], spacing=5)
    assert starts[1][1] - starts[0][1] == MAX_CRAWL_DELAY_SECONDS


async def test_a_crawl_delay_holds_where_we_would_not_wait_at_all() -> None:
    """Spacing 0 is ours; the host's word counts more."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.keep_apart("a", 3)
    assert await starts_of(pacer, time, ["a", "a"], spacing=0) == [("a", 0), ("a", 3)]


async def test_a_429_means_a_rest_of_thirty_seconds_where_it_does_not_say() -> None:
    """A 503 that does not say leaves the wait to the retries."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.rest("a", reason=Reason.HTTP_429, asked_seconds=None)
    pacer.rest("b", reason=Reason.HTTP_5XX, asked_seconds=None)
    assert await starts_of(pacer, time, ["b", "a"], spacing=5) == [("b", 0), ("a", 30)]


@pytest.mark.parametrize(
    ("answers", "spacing", "slowed"),
    [
        ([Reason.HTTP_429], 5, 30),
        ([Reason.HTTP_429], 0, 30),
        ([Reason.HTTP_429], 60, 60),
        ([Reason.HTTP_5XX], 5, 10),
        ([Reason.HTTP_5XX, Reason.HTTP_5XX], 5, 20),
        ([Reason.HTTP_5XX] * 9, 5, 30),
        ([Reason.HTTP_5XX], 60, 60),
        ([Reason.HTTP_5XX], 0, 0),
    ],
)
async def test_a_429_or_503_slows_the_host_for_the_rest_of_the_run(
    answers: list[Reason], spacing: float, slowed: float
) -> None:
    """To thirty seconds, or twice the spacing each time; never faster than it was, and no other host."""
    time = FakeTime()
    pacer = make_pacer(time)
    for reason in answers:
        pacer.slow_down("a", reason, spacing_seconds=spacing)
    assert await starts_of(pacer, time, ["a", "a", "a"], spacing=spacing) == [
        ("a", 0),
        ("a", slowed),
        ("a", 2 * slowed),
    ]
    before = time.seconds - 1_000
    assert await starts_of(pacer, time, ["b", "b"], spacing=1) == [("b", before), ("b", before + 1)]


async def test_a_rest_is_jittered_too() -> None:
    """Hosts that fail together are not asked again together; what was asked for is a minimum."""
    time = FakeTime()
    pacer = make_pacer(time, jitter_share=0.2)
    pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=60)
    assert await starts_of(pacer, time, ["a"], spacing=5) == [("a", 72)]


async def test_those_who_waited_side_by_side_go_on_one_by_one() -> None:
    """A host that asked for a rest is not met by everybody at once when it is over, though spacing is off."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=60)
    assert await starts_of(pacer, time, ["a", "a", "a"], spacing=0, takes=2) == [("a", 60), ("a", 62), ("a", 64)]


async def test_outlets_on_one_host_share_its_spacing() -> None:
    """Whoever asks, the pause after a request is kept; each outlet's own spacing follows its own request."""
    time = FakeTime()
    pacer = make_pacer(time)
    first = starts_of(pacer, time, ["a", "a"], spacing=5)
    second = starts_of(pacer, time, ["a", "a"], spacing=10)
    starts = [start for found in await asyncio.gather(first, second) for start in found]
    assert sorted(starts) == [("a", 0), ("a", 5), ("a", 10), ("a", 20)]


@pytest.mark.parametrize("spacing", [0, 5])
async def test_a_budget_that_is_spent_is_refused_at_once(spacing: float) -> None:
    """The turns of the day are given out, the next one is refused without a wait, and another host has its own."""
    time = FakeTime()
    pacer = make_pacer(time)
    await starts_of(pacer, time, ["a", "a"], spacing=spacing, budget=2)
    before = time.seconds
    with pytest.raises(NotAskedError) as caught:
        await starts_of(pacer, time, ["a"], spacing=spacing, budget=2)
    assert (caught.value.reason, time.seconds) == (Reason.BUDGET_SPENT, before)
    assert len(await starts_of(pacer, time, ["b"], spacing=spacing, budget=2)) == 1


async def test_those_who_wait_when_the_budget_is_spent_are_refused_too() -> None:
    """Ten wishes at once, three turns: seven refusals, and no pause for requests that were not made."""
    time = FakeTime()
    pacer = make_pacer(time)
    found = await asyncio.gather(
        *(starts_of(pacer, time, ["a"], spacing=5, budget=3) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(each, NotAskedError) for each in found) == 7
    assert time.seconds == 1_010


async def test_retry_after_is_waited_out() -> None:
    """What the host asks for counts, for a 503 too, and only for this host."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=90)
    starts = await starts_of(pacer, time, ["b", "a", "a"], spacing=5)
    assert starts == [("b", 0), ("a", 90), ("a", 95)]


async def test_an_earlier_moment_does_not_shorten_a_rest() -> None:
    """Two answers: the longer rest holds."""
    time = FakeTime()
    pacer = make_pacer(time)
    pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=90)
    pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=10)
    assert await starts_of(pacer, time, ["a"], spacing=5) == [("a", 90)]


@pytest.mark.parametrize("spacing", [0, 5])
async def test_a_host_that_wants_more_than_the_cap_is_not_asked_again(spacing: float) -> None:
    """Later links of that host end with the host's reason, at once and without a request."""
    time = FakeTime()
    pacer = make_pacer(time, longest_rest_seconds=120)
    pacer.rest("a", reason=Reason.HTTP_429, asked_seconds=3_600)
    with pytest.raises(NotAskedError) as caught:
        await starts_of(pacer, time, ["a"], spacing=spacing)
    assert caught.value.reason == Reason.HTTP_429
    assert caught.value.retry_after_seconds == 3_600
    assert time.seconds == 1_000


async def test_those_who_wait_already_see_a_new_rest() -> None:
    """A request that waits for its turn when the host asks for a rest waits for both."""
    time = FakeTime()
    pacer = make_pacer(time)

    async def ask() -> float:
        async with pacer.turn("a", 5, URL, requests_per_day=9):
            return time.seconds - 1_000

    async with pacer.turn("a", 5, URL, requests_per_day=9):
        waiting = asyncio.create_task(ask())
        await asyncio.sleep(0)
        pacer.rest("a", reason=Reason.HTTP_5XX, asked_seconds=60)
    assert await waiting == 60
