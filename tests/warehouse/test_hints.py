"""Which wordings of sources need not be noted in the archive again."""

from __future__ import annotations

import duckdb
from warehouse_samples import FEED, NOW, OUTLET, RUN, make_link, make_poll

from warehouse.hints import archived_hints, hints_of_sightings
from warehouse.polls import record_polls

LINK = make_link(1)
KEY = (LINK.link_id, FEED)


def test_only_what_was_said_in_the_same_words_is_spared(con: duckdb.DuckDBPyConnection) -> None:
    """Of the same link by the same source; any other word, and it is noted."""
    assert archived_hints(con, {KEY: LINK.hints}) == set()
    record_polls(con, RUN, OUTLET, [make_poll(LINK)], now=NOW)
    assert archived_hints(con, {KEY: LINK.hints}) == {KEY}
    assert archived_hints(con, {KEY: make_link(1, section="Sport").hints}) == set()
    assert archived_hints(con, {(LINK.link_id, "feed:other"): LINK.hints}) == set()


def test_what_was_stored_before_there_were_notes_is_noted(con: duckdb.DuckDBPyConnection) -> None:
    """The archive does not have it."""
    record_polls(con, RUN, OUTLET, [make_poll(LINK)], now=NOW)
    con.execute("UPDATE core.hints SET is_archived = FALSE")
    assert archived_hints(con, {KEY: LINK.hints}) == set()


def test_what_was_spared_is_found_again(con: duckdb.DuckDBPyConnection) -> None:
    """A rebuild takes it from what it was told before."""
    record_polls(con, RUN, OUTLET, [make_poll(LINK)], now=NOW)
    assert hints_of_sightings(con, [KEY]) == {KEY: LINK.hints}
    assert hints_of_sightings(con, [(make_link(2).link_id, FEED)]) == {}
