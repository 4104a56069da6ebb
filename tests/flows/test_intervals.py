"""Whole runs on a clock that moves: which sources are polled when, and when a page that failed is tried again."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from workbench import Workbench

from extractors.outlets import Outlet
from flows.runs.pipeline import Request, ingest
from flows.runs.report import OutletReport
from flows.shown.progress import SilentReporter
from newsroom import load_articles
from warehouse.fetches import RETRY_DELAYS
from warehouse.intervals import JITTER_SHARE

GAZETTE = "sample_gazette"
FIRST, SECOND = "/rss", "/rss.xml"
START = datetime(2026, 3, 3, 12, tzinfo=UTC)
LATEST = 1 + JITTER_SHARE


class Clock:
    """Stands in place of ``datetime`` in flows.runs.run: a present that a test moves."""

    def __init__(self) -> None:
        self.moment = START

    def now(self, zone: tzinfo | None = None) -> datetime:
        """The present."""
        return self.moment.astimezone(zone)

    def set(self, minutes: float) -> None:
        """Move to some minutes after the start."""
        self.moment = START + timedelta(minutes=minutes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The present of the flows."""
    clock = Clock()
    monkeypatch.setattr("flows.runs.run.datetime", clock)
    return clock


Tick = Callable[..., OutletReport]


@pytest.fixture
def tick(bench: Workbench, clock: Clock) -> Tick:
    """Makes a run over the Gazette alone, which names no outlet and fetches no page unless a test wants it.

    Its feeds are polled every 20 to 160 minutes.
    """

    def run(minutes: float, *, outlet: Outlet | None = None, **request: Any) -> OutletReport:
        clock.set(minutes)
        outlets = {GAZETTE: outlet or bench.workspace.outlets[GAZETTE]}
        workspace = replace(bench.workspace, outlets=outlets)
        values = {"limit": 0, **request}
        (report,) = asyncio.run(ingest(workspace, Request(**values), SilentReporter())).outlets
        return report

    return run


def asked(bench: Workbench) -> list[str]:
    """The feeds that were asked for since the last look."""
    found = [request.path for request in bench.newsroom.requests if request.path in (FIRST, SECOND)]
    bench.newsroom.forget_requests()
    return found


def source(bench: Workbench, path: str = FIRST) -> dict[str, Any]:
    """What analysts see of a feed."""
    (row,) = bench.ask(f"FROM sources WHERE outlet_id = '{GAZETTE}' AND source_id LIKE '%{path}'")
    return row


def minutes_of(moment: datetime) -> float:
    """Minutes since the start."""
    return (moment - START).total_seconds() / 60


def polled_until(bench: Workbench, tick: Tick, end: float) -> dict[str, list[float]]:
    """Run whenever a source is due, and shortly before, when nothing may be asked; the minutes of each feed's polls."""
    times: dict[str, list[float]] = {FIRST: [], SECOND: []}
    minute = 0.0
    while minute < end:
        tick(minute)
        for path in asked(bench):
            times[path].append(minute)
        due = min(minutes_of(moment) for moment in bench.column("SELECT due_at FROM sources"))
        assert tick(due - 0.1).as_dict()["not_loaded"] == {"not_due": 1}
        assert asked(bench) == []
        minute = due
    return times


def waits(times: list[float]) -> list[float]:
    """The intervals between polls, without their jitter; intervals of a test are further apart than that."""
    known = (20, 30, 40, 45, 67.5, 80, 160)
    return [
        next((each for each in known if each <= later - earlier <= each * LATEST), -1)
        for earlier, later in itertools.pairwise(times)
    ]


def test_a_source_is_polled_when_it_is_due_and_less_often_while_it_is_quiet(bench: Workbench, tick: Tick) -> None:
    """Neither sooner nor its stand-in meanwhile; analysts see how it stands and when it is polled next."""
    times = polled_until(bench, tick, 150)
    assert waits(times[FIRST]) == [20, 30, 45]
    assert times[SECOND] == []
    row = source(bench)
    assert (row["interval_minutes"], row["last_reason"], row["failure_count"]) == (67.5, "not_modified", 0)
    assert row["last_polled_at"] == row["last_success_at"] < row["due_at"]


def test_news_makes_the_interval_shorter(bench: Workbench, tick: Tick) -> None:
    """What the evening brings ends the quiet of the day."""
    for minutes in (0, 25, 60, 120, 200):
        tick(minutes)
    quiet = source(bench)["interval_minutes"]
    bench.newsroom.set_edition("evening")
    report = tick(400)
    assert report.new > 1
    assert 20 <= source(bench)["interval_minutes"] < quiet


def test_a_stand_in_keeps_its_own_time_while_the_first_source_fails(bench: Workbench, tick: Tick) -> None:
    """The failing one is asked less and less often, the other one at its own interval, until the first recovers."""
    bench.newsroom.misbehave("gazette", FIRST, "http_403")
    times = polled_until(bench, tick, 180)
    assert waits(times[FIRST]) == [40, 80]
    assert waits(times[SECOND])[:4] == [20, 30, 45, 67.5][: len(waits(times[SECOND]))]
    assert len(times[SECOND]) > len(times[FIRST])
    row = source(bench)
    assert (row["failure_count"], row["failure_weight"], row["last_reason"]) == (3, 3, "http_403")
    assert (row["failing_since"], row["last_success_at"]) == (START, None)

    bench.newsroom.behave()
    report = tick(400)
    assert asked(bench) == [FIRST]
    note = "recovered after 3 failures since 2026-03-03 12:00 UTC"
    assert report.recovered == [note]
    assert note in report.sentence()
    row = source(bench)
    assert (row["failing_since"], row["failure_count"], row["recovery"]) == (None, 0, note)
    assert bench.column("SELECT detail FROM polls ORDER BY polled_at DESC LIMIT 1") == [note]
    assert bench.column("SELECT detail FROM outcomes WHERE stage = 'discover' AND reason = 'polled' AND detail <> ''")
    # The stand-in rests again, though it was polled longer ago than its interval.
    tick(425)
    assert asked(bench) == [FIRST]


def test_a_named_outlet_is_polled_at_once(bench: Workbench, tick: Tick) -> None:
    """Somebody wants to know now; the schedule of a quiet source is not disturbed by it."""
    tick(0)
    tick(25)
    for minute in (26, 27, 28):
        assert tick(minute, outlet_ids=(GAZETTE,)).sources
    assert source(bench)["interval_minutes"] == 30
    assert asked(bench) == [FIRST] * 5


def test_history_and_single_pages_do_not_disturb_the_schedule(bench: Workbench, tick: Tick) -> None:
    """A poll with --since keeps the interval, a run with --url polls nothing."""
    tick(0)
    tick(25)
    before = source(bench)
    page = bench.column("SELECT requested_url FROM links WHERE state = 'pending' LIMIT 1")
    tick(30, urls=tuple(page), limit=1)
    assert source(bench) == before
    tick(90, outlet_ids=(GAZETTE,), since=START - timedelta(days=365))
    after = source(bench)
    assert (after["interval_minutes"], minutes_of(after["last_polled_at"])) == (before["interval_minutes"], 90)


def test_clocks_that_jump_do_not_disturb_the_schedule(bench: Workbench, tick: Tick) -> None:
    """A poll that lies in the future is made again, and only once; the interval stays."""
    tick(0)
    tick(25)
    interval = source(bench)["interval_minutes"]
    assert tick(-600).sources
    assert tick(-599).sources == []
    row = source(bench)
    assert row["interval_minutes"] == interval
    assert interval <= minutes_of(row["due_at"]) + 600 <= interval * LATEST


def test_a_server_that_always_says_304_is_believed_for_a_day(bench: Workbench, tick: Tick) -> None:
    """Then the feed is asked for unconditionally, and what it had hidden comes in."""
    tick(0)
    bench.newsroom.misbehave("gazette", FIRST, "lying_304")
    bench.newsroom.set_edition("evening")
    assert [tick(60 * hour).new for hour in (1, 12, 23)] == [0, 0, 0]
    assert source(bench)["last_reason"] == "not_modified"
    assert tick(60 * 27).new > 1


def test_a_page_that_failed_is_tried_again_later_and_given_up_in_the_end(bench: Workbench, tick: Tick) -> None:
    """Through new runs each time, with growing waits; every attempt is an outcome, the last reason the link's."""
    page = next(each for each in load_articles() if each.site == "gazette" and each.path.startswith("/news/"))
    sample = bench.workspace.outlets[GAZETTE]
    outlet = sample.model_copy(update={"urls": sample.urls.model_copy(update={"include": (re.escape(page.path),)})})
    bench.newsroom.misbehave("gazette", page.path, "http_500")

    def attempts(minutes: float) -> int:
        """Failures of the page after one more run."""
        tick(minutes, limit=None, outlet=outlet)
        where = f"requested_url LIKE '%{page.path}' AND stage = 'fetch' AND reason = 'http_5xx'"
        (count,) = bench.column(f"SELECT COUNT(*) FROM outcomes WHERE {where}")
        return int(count)

    minute = 0.0
    assert attempts(minute) == 1
    for number, delay in enumerate(RETRY_DELAYS, start=1):
        wait = delay.total_seconds() / 60
        assert attempts(minute + wait - 1) == number
        minute += wait * LATEST
        assert attempts(minute) == number + 1
    assert attempts(minute + 100_000) == len(RETRY_DELAYS) + 1
    assert bench.ask("SELECT state, reason FROM links WHERE reason NOT IN ('excluded_url', 'foreign_host')") == [
        {"state": "done", "reason": "http_5xx"}
    ]
