"""Polls that listed nothing, told of several outlets together, beside the same polls told one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from empty_home import plant_warehouse
from warehouse_samples import NOW, RUN, at, contents, make_capture, make_link, make_poll

from extractors.errors import Reason
from extractors.records import Poll
from warehouse.connection import open_live
from warehouse.intervals import Bounds
from warehouse.links import DiscoverCounts
from warehouse.polls import QuietPolls, is_quiet, record_polls, record_quiet_polls

OUTLETS = ("a", "b", "c", "d")
BOUNDS = {f"feed:{name}": Bounds(shortest_minutes=30, longest_minutes=240) for name in OUTLETS}
Tell = Callable[[duckdb.DuckDBPyConnection, list[QuietPolls]], Any]


def poll_of(name: str, *, minutes: float, reason: Reason = Reason.POLLED, **more: Any) -> Poll:
    """A poll of an outlet's feed."""
    poll = make_poll(reason=reason, source_id=f"feed:{name}", when=at(minutes), **more)
    return replace(poll, outcome=replace(poll.outcome, outlet_id=name))


def quiet(name: str, minutes: float, *polls: Poll) -> QuietPolls:
    """An outlet's polls."""
    return QuietPolls(outlet_id=name, polls=polls, now=at(minutes), bounds=BOUNDS)


HALF_AN_HOUR_LATER = [
    quiet("a", 31, poll_of("a", minutes=30, reason=Reason.NOT_MODIFIED)),
    quiet("b", 32, poll_of("b", minutes=30, reason=Reason.HTTP_5XX, state=None)),
    quiet("c", 33, poll_of("c", minutes=30, reason=Reason.UNCHANGED, listed_count=9, captures=(make_capture(),))),
    quiet("d", 34, poll_of("d", minutes=30, reason=Reason.TIMEOUT, state=None), poll_of("d", minutes=31)),
]
AN_HOUR_LATER = [
    quiet("a", 61, poll_of("a", minutes=60, reason=Reason.NOT_MODIFIED)),
    quiet("b", 62, poll_of("b", minutes=60)),  # it works again
]


def one_by_one(con: duckdb.DuckDBPyConnection, polls: list[QuietPolls]) -> list[DiscoverCounts]:
    """A transaction for each outlet."""
    return [
        record_polls(con, RUN, each.outlet_id, each.polls, now=each.now, bounds=each.bounds, is_history=each.is_history)
        for each in polls
    ]


def together(con: duckdb.DuckDBPyConnection, polls: list[QuietPolls]) -> list[DiscoverCounts]:
    """One transaction."""
    return record_quiet_polls(con, RUN, polls)


@pytest.fixture
def told(tmp_path: Path, empty_warehouse: Path) -> Callable[[Tell], Any]:
    """A warehouse of its own that was told in some way: its contents, and what the telling returned."""

    def tell(way: Tell) -> Any:
        home = tmp_path / way.__name__
        plant_warehouse(empty_warehouse, home)
        with open_live(home, wait_seconds=0) as con:
            for number, name in enumerate(OUTLETS):
                link = make_link(number, source_id=f"feed:{name}", outlet_id=name)
                first = replace(poll_of(name, minutes=0), links=(link,), listed_count=1)
                record_polls(con, RUN, name, [first], now=NOW, bounds=BOUNDS)
            returned = [way(con, HALF_AN_HOUR_LATER), way(con, AN_HOUR_LATER)]
            return contents(con), returned

    return tell


def test_what_is_told_together_is_what_is_told_one_by_one(told: Callable[[Tell], Any]) -> None:
    """Polls, outcomes, captures, states, schedules and notes of recovery are the same, each with its own time."""
    rows, counts = told(together)
    expected_rows, expected_counts = told(one_by_one)
    assert counts == expected_counts
    assert rows == expected_rows
    assert len(rows["raw.polls"]) == len(OUTLETS) + 5 + 2
    assert any("after 1 failure" in row["detail"] for row in rows["raw.polls"]), rows["raw.polls"]


def test_a_poll_that_lists_or_rejects_something_is_not_quiet() -> None:
    """Those are told one by one."""
    assert is_quiet([make_poll(), make_poll(reason=Reason.NOT_MODIFIED)])
    assert not is_quiet([make_poll(), make_poll(make_link())])
    assert not is_quiet([make_poll(rejected=(make_poll().outcome,))])
