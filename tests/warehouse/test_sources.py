"""Outlets and source states."""

from __future__ import annotations

from dataclasses import replace

import duckdb
from warehouse_samples import FEED, NOW, OUTLET, RUN, ask, at, make_poll

from extractors.errors import Reason
from extractors.records import OutletCard, SeenBody, SourceState, Validators
from warehouse.intervals import Bounds, after_poll
from warehouse.polls import record_polls
from warehouse.sources import source_schedules, source_states, upsert_outlets
from warehouse.transactions import change_count

CARD = OutletCard(
    outlet_id=OUTLET,
    name="The Harbor Post",
    homepage="https://harborpost.example/",
    country=None,
    languages=("en", "ar"),
    aliases=("Harbor Post",),
)


def test_an_outlets_card_is_what_its_file_said_last(con: duckdb.DuckDBPyConnection) -> None:
    """A changed card replaces the old one, and the same card again writes nothing."""
    upsert_outlets(con, [CARD])
    upsert_outlets(con, [replace(CARD, name="Harbor Post Daily", aliases=())])
    (row,) = ask(con, "FROM main.outlets")
    assert (row["name"], row["languages"], row["aliases"]) == ("Harbor Post Daily", ["en", "ar"], [])
    before = change_count(con)
    upsert_outlets(con, [replace(CARD, name="Harbor Post Daily", aliases=())])
    assert change_count(con) == before


def test_a_source_state_comes_back_as_it_was_saved(con: duckdb.DuckDBPyConnection) -> None:
    """Validators byte for byte, with their URLs; other outlets' states are not mixed in."""
    state = SourceState(
        source_id=FEED,
        validators=(Validators(url=FEED, etag='W/"x"', last_modified="Mon, 02 Mar 2026 06:00:00 GMT"),),
        bodies=(SeenBody(url=FEED, body_sha256="ab" * 32),),
        cursor='{"root": "/en/"}',
    )
    record_polls(con, RUN, OUTLET, [make_poll(state=state)], now=NOW)
    assert source_states(con, OUTLET) == {FEED: state}
    assert source_states(con, "another") == {}


def test_a_schedule_comes_back_as_it_was_saved(con: duckdb.DuckDBPyConnection) -> None:
    """Of a source whose bounds are known, after a good poll and after a bad one; other outlets' are not mixed in."""
    bounds = {FEED: Bounds(shortest_minutes=15, longest_minutes=120)}
    first, second = make_poll(when=at(0), fresh_seconds=90), make_poll(reason=Reason.TIMEOUT, when=at(9))
    record_polls(con, RUN, OUTLET, [first, make_poll(source_id="feed:unbound")], now=at(0), bounds=bounds)
    good = source_schedules(con, OUTLET)
    assert good == {FEED: after_poll(None, first, bounds[FEED], news_count=0)}
    record_polls(con, RUN, OUTLET, [second], now=at(9), bounds=bounds)
    assert source_schedules(con, OUTLET) == {FEED: after_poll(good[FEED], second, bounds[FEED], news_count=0)}
    assert source_schedules(con, "another") == {}
