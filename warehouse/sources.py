"""Outlets and what is remembered of their sources between runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import duckdb
import pyarrow as pa

from extractors.records import OutletCard, SourceState, Validators
from warehouse.rows import STRINGS, TEXT, TIME, columns, read, write
from warehouse.transactions import transaction

OUTLETS = columns(
    outlet_id=TEXT,
    name=TEXT,
    homepage=TEXT,
    country=TEXT,
    languages=STRINGS,
    aliases=STRINGS,
)
VALIDATORS = pa.struct([("url", TEXT), ("etag", TEXT), ("last_modified", TEXT)])
SOURCE_STATES = columns(
    outlet_id=TEXT,
    source_id=TEXT,
    validators=pa.list_(VALIDATORS),
    cursor=TEXT,
    saved_at=TIME,
)
UPSERT_OUTLETS = """
    INSERT INTO core.outlets BY NAME
    SELECT outlet_id, name, homepage, country, languages, aliases
    FROM incoming
    ON CONFLICT (outlet_id) DO UPDATE SET
        name = excluded.name,
        homepage = excluded.homepage,
        country = excluded.country,
        languages = excluded.languages,
        aliases = excluded.aliases
"""
READ_OUTLETS = "SELECT outlet_id, name, homepage, country, languages, aliases FROM core.outlets"
UPSERT_SOURCE_STATES = """
    INSERT INTO core.source_states BY NAME
    SELECT outlet_id, source_id, validators, "cursor", saved_at
    FROM incoming
    ON CONFLICT (outlet_id, source_id) DO UPDATE SET
        validators = excluded.validators,
        "cursor" = excluded."cursor",
        saved_at = excluded.saved_at
"""
READ_SOURCE_STATES = """
    SELECT source_id, validators, "cursor"
    FROM core.source_states
    WHERE outlet_id = $outlet_id
"""
READ_LAST_POLLS = """
    SELECT source_id, MAX(polled_at) AS polled_at
    FROM raw.polls
    WHERE outlet_id = $outlet_id
    GROUP BY source_id
"""


def upsert_outlets(con: duckdb.DuckDBPyConnection, cards: Sequence[OutletCard]) -> None:
    """Keep what the outlets' files say now; nothing is written when it is what they said before."""
    known = {row["outlet_id"]: row for row in read(con, READ_OUTLETS)}
    rows = {
        card.outlet_id: {**asdict(card), "languages": [*card.languages], "aliases": [*card.aliases]} for card in cards
    }
    changed = [row for outlet_id, row in rows.items() if known.get(outlet_id) != row]
    if changed:
        with transaction(con):
            write(con, UPSERT_OUTLETS, OUTLETS, changed)


def source_states(con: duckdb.DuckDBPyConnection, outlet_id: str) -> dict[str, SourceState]:
    """What is remembered of an outlet's sources, by ``source_id``; a source that was never read is not in it."""
    return {
        row["source_id"]: SourceState(
            source_id=row["source_id"],
            validators=tuple(Validators(**each) for each in row["validators"]),
            cursor=row["cursor"],
        )
        for row in read(con, READ_SOURCE_STATES, {"outlet_id": outlet_id})
    }


def last_polls(con: duckdb.DuckDBPyConnection, outlet_id: str) -> dict[str, datetime]:
    """When each of an outlet's sources was polled last, well or not, by ``source_id``."""
    return {row["source_id"]: row["polled_at"] for row in read(con, READ_LAST_POLLS, {"outlet_id": outlet_id})}


def save_source_states(
    con: duckdb.DuckDBPyConnection, outlet_id: str, states: Sequence[SourceState], *, now: datetime
) -> None:
    """Remember the states that good polls left; part of the caller's transaction."""
    rows = {
        state.source_id: {
            "outlet_id": outlet_id,
            "source_id": state.source_id,
            "validators": [asdict(each) for each in state.validators],
            "cursor": state.cursor,
            "saved_at": now,
        }
        for state in states
    }
    write(con, UPSERT_SOURCE_STATES, SOURCE_STATES, list(rows.values()))
