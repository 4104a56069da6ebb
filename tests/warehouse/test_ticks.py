"""How outlets stand at a run's start; of rechecks, test_rechecks.py asks in both ways."""

from __future__ import annotations

from datetime import timedelta

import duckdb
from warehouse_samples import FEED, NOW, OUTLET, RUN, make_extraction, make_fetch, make_link, make_poll

from warehouse.fetches import record_fetches
from warehouse.intervals import Bounds
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.sources import source_schedules
from warehouse.ticks import read_standings

AGES = (timedelta(hours=1),)
BOUNDS = {FEED: Bounds(shortest_minutes=30, longest_minutes=240)}


def has_work(con: duckdb.DuckDBPyConnection, *, hours: float = 0) -> bool:
    """Whether something of the outlet waits."""
    return read_standings(con, {OUTLET: AGES}, now=NOW + timedelta(hours=hours))[OUTLET].has_work


def test_an_outlet_has_work_while_a_link_waits_or_is_fetched(con: duckdb.DuckDBPyConnection) -> None:
    """What is listed waits, what is fetched is to be extracted, what is loaded is done until it is rechecked."""
    assert not has_work(con)
    record_polls(con, RUN, OUTLET, [make_poll(links=(make_link(),))], now=NOW)
    assert has_work(con)
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    assert has_work(con)
    load(con, RUN, OUTLET, [make_extraction(published_at=NOW)], now=NOW)
    assert not has_work(con, hours=0.9)
    assert has_work(con, hours=1.1)


def test_the_schedules_are_those_that_each_outlet_has(con: duckdb.DuckDBPyConnection) -> None:
    """All are read at once; an outlet that was never polled has none, and another's are not its own."""
    record_polls(con, RUN, OUTLET, [make_poll()], now=NOW, bounds=BOUNDS)
    found = read_standings(con, {OUTLET: AGES, "other": ()}, now=NOW)
    assert found[OUTLET].schedules == source_schedules(con, OUTLET) != {}
    assert found["other"].schedules == {}
    assert not found["other"].has_work


def test_an_outlet_without_rechecks_is_never_due_for_one(con: duckdb.DuckDBPyConnection) -> None:
    """``[recheck] after_hours = []``."""
    record_polls(con, RUN, OUTLET, [make_poll(links=(make_link(),))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(published_at=NOW)], now=NOW)
    assert not read_standings(con, {OUTLET: ()}, now=NOW + timedelta(hours=2))[OUTLET].has_work
