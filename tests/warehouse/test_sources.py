"""Outlets and source states."""

from __future__ import annotations

from dataclasses import replace

import duckdb
from warehouse_samples import FEED, NOW, OUTLET, RUN, ask, at, make_poll

from extractors.records import OutletCard, SourceState, Validators
from warehouse.polls import record_polls
from warehouse.sources import last_polls, source_states, upsert_outlets
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
        cursor='{"root": "/en/"}',
    )
    record_polls(con, RUN, OUTLET, [make_poll(state=state)], now=NOW)
    assert source_states(con, OUTLET) == {FEED: state}
    assert source_states(con, "another") == {}


def test_the_last_poll_counts_whether_it_went_well_or_not(con: duckdb.DuckDBPyConnection) -> None:
    """A source that fails is not due at once again."""
    record_polls(con, RUN, OUTLET, [make_poll(when=at(0)), make_poll(when=at(9), state=None)], now=at(9))
    assert last_polls(con, OUTLET) == {FEED: at(9)}
