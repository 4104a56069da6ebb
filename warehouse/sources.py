"""Outlets and what is remembered of their sources between runs: how far each was read, and when it is polled next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import duckdb
import pyarrow as pa

from extractors.errors import Reason
from extractors.records import OutletCard, SeenBody, SourceState, Validators
from warehouse.intervals import Schedule
from warehouse.rows import INTEGER, STRINGS, TEXT, TIME, columns, read, write
from warehouse.transactions import transaction

OUTLETS = columns(
    outlet_id=TEXT,
    name=TEXT,
    homepage=TEXT,
    country=TEXT,
    languages=STRINGS,
    aliases=STRINGS,
    hosts=STRINGS,
    is_tls_verified=pa.bool_(),
)
VALIDATORS = pa.struct([("url", TEXT), ("etag", TEXT), ("last_modified", TEXT)])
BODIES = pa.struct([("url", TEXT), ("body_sha256", TEXT)])
SOURCE_STATES = columns(
    outlet_id=TEXT,
    source_id=TEXT,
    validators=pa.list_(VALIDATORS),
    bodies=pa.list_(BODIES),
    cursor=TEXT,
    saved_at=TIME,
)
UPSERT_OUTLETS = """
    INSERT INTO core.outlets BY NAME
    SELECT outlet_id, name, homepage, country, languages, aliases, hosts, is_tls_verified
    FROM incoming
    ON CONFLICT (outlet_id) DO UPDATE SET
        name = excluded.name,
        homepage = excluded.homepage,
        country = excluded.country,
        languages = excluded.languages,
        aliases = excluded.aliases,
        hosts = excluded.hosts,
        is_tls_verified = excluded.is_tls_verified
"""
READ_OUTLETS = """
    SELECT outlet_id, name, homepage, country, languages, aliases, hosts, is_tls_verified
    FROM core.outlets
"""
UPSERT_SOURCE_STATES = """
    INSERT INTO core.source_states BY NAME
    SELECT outlet_id, source_id, validators, bodies, "cursor", saved_at
    FROM incoming
    ON CONFLICT (outlet_id, source_id) DO UPDATE SET
        validators = excluded.validators,
        bodies = excluded.bodies,
        "cursor" = excluded."cursor",
        saved_at = excluded.saved_at
"""
READ_SOURCE_STATES = """
    SELECT source_id, validators, COALESCE(bodies, []) AS bodies, "cursor"
    FROM core.source_states
    WHERE outlet_id = $outlet_id
"""
SCHEDULES = columns(
    outlet_id=TEXT,
    source_id=TEXT,
    interval_minutes=pa.float64(),
    fresh_minutes=pa.float64(),
    polled_at=TIME,
    due_at=TIME,
    good_at=TIME,
    is_enough=pa.bool_(),
    last_reason=TEXT,
    failing_since=TIME,
    failure_count=INTEGER,
    failure_weight=pa.float64(),
    recovered_at=TIME,
    recovery=TEXT,
)
UPSERT_SCHEDULES = """
    INSERT INTO core.source_schedules BY NAME
    SELECT
        outlet_id, source_id, interval_minutes, fresh_minutes, polled_at, due_at, good_at, is_enough, last_reason,
        failing_since, failure_count, failure_weight, recovered_at, recovery
    FROM incoming
    ON CONFLICT (outlet_id, source_id) DO UPDATE SET
        interval_minutes = excluded.interval_minutes,
        fresh_minutes = excluded.fresh_minutes,
        polled_at = excluded.polled_at,
        due_at = excluded.due_at,
        good_at = excluded.good_at,
        is_enough = excluded.is_enough,
        last_reason = excluded.last_reason,
        failing_since = excluded.failing_since,
        failure_count = excluded.failure_count,
        failure_weight = excluded.failure_weight,
        recovered_at = excluded.recovered_at,
        recovery = excluded.recovery
"""
READ_SCHEDULES = """
    SELECT
        source_id, interval_minutes, fresh_minutes, polled_at, due_at, good_at, is_enough, last_reason,
        failing_since, failure_count, failure_weight, recovered_at, recovery
    FROM core.source_schedules
    WHERE outlet_id = $outlet_id
"""


def upsert_outlets(con: duckdb.DuckDBPyConnection, cards: Sequence[OutletCard]) -> None:
    """Keep what the outlets' files say now; nothing is written when it is what they said before."""
    known = {row["outlet_id"]: row for row in read(con, READ_OUTLETS)}
    rows = {
        card.outlet_id: {
            **asdict(card),
            "languages": [*card.languages],
            "aliases": [*card.aliases],
            "hosts": [*card.hosts],
        }
        for card in cards
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
            bodies=tuple(SeenBody(**each) for each in row["bodies"]),
            cursor=row["cursor"],
        )
        for row in read(con, READ_SOURCE_STATES, {"outlet_id": outlet_id})
    }


def source_schedules(con: duckdb.DuckDBPyConnection, outlet_id: str) -> dict[str, Schedule]:
    """When each of an outlet's sources is polled next, by ``source_id``; one that was never polled is not in it."""
    rows = read(con, READ_SCHEDULES, {"outlet_id": outlet_id})
    return {row["source_id"]: Schedule(**{**row, "last_reason": Reason(row["last_reason"])}) for row in rows}


def save_schedules(con: duckdb.DuckDBPyConnection, outlet_id: str, schedules: Iterable[Schedule]) -> None:
    """Remember when sources are polled next; part of the caller's transaction."""
    rows = [{"outlet_id": outlet_id, **asdict(schedule)} for schedule in schedules]
    write(con, UPSERT_SCHEDULES, SCHEDULES, rows)


def save_source_states(
    con: duckdb.DuckDBPyConnection, outlet_id: str, states: Sequence[SourceState], *, now: datetime
) -> None:
    """Remember the states that good polls left; part of the caller's transaction."""
    rows = {
        state.source_id: {
            "outlet_id": outlet_id,
            "source_id": state.source_id,
            "validators": [asdict(each) for each in state.validators],
            "bodies": [asdict(each) for each in state.bodies],
            "cursor": state.cursor,
            "saved_at": now,
        }
        for state in states
    }
    write(con, UPSERT_SOURCE_STATES, SOURCE_STATES, list(rows.values()))
