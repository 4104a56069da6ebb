"""Outlets and what is remembered of their sources between runs: how far each was read, and when it is polled next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import duckdb
import pyarrow as pa

from extractors.errors import Reason
from extractors.records import OutletCard, SeenBody, SourceState, Validators
from warehouse.intervals import Schedule
from warehouse.rows import INTEGER, STRINGS, TEXT, TIME, columns, read, read_by_keys, write
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
    SELECT s.outlet_id, s.source_id, s.validators, COALESCE(s.bodies, []) AS bodies, s."cursor"
    FROM core.source_states AS s
    JOIN wanted AS w ON w.key = s.outlet_id
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
        s.outlet_id, s.source_id, s.interval_minutes, s.fresh_minutes, s.polled_at, s.due_at, s.good_at, s.is_enough,
        s.last_reason, s.failing_since, s.failure_count, s.failure_weight, s.recovered_at, s.recovery
    FROM core.source_schedules AS s
    JOIN wanted AS w ON w.key = s.outlet_id
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
    return states_of(con, (outlet_id,))[outlet_id]


def states_of(con: duckdb.DuckDBPyConnection, outlet_ids: Sequence[str]) -> dict[str, dict[str, SourceState]]:
    """The same of several outlets, by ``outlet_id``."""
    found: dict[str, dict[str, SourceState]] = {outlet_id: {} for outlet_id in outlet_ids}
    for row in read_by_keys(con, READ_SOURCE_STATES, outlet_ids):
        found[row["outlet_id"]][row["source_id"]] = SourceState(
            source_id=row["source_id"],
            validators=tuple(Validators(**each) for each in row["validators"]),
            bodies=tuple(SeenBody(**each) for each in row["bodies"]),
            cursor=row["cursor"],
        )
    return found


def source_schedules(con: duckdb.DuckDBPyConnection, outlet_id: str) -> dict[str, Schedule]:
    """When each of an outlet's sources is polled next, by ``source_id``; one that was never polled is not in it."""
    return schedules_of(con, (outlet_id,))[outlet_id]


def schedules_of(con: duckdb.DuckDBPyConnection, outlet_ids: Sequence[str]) -> dict[str, dict[str, Schedule]]:
    """The same of several outlets, by ``outlet_id``."""
    found: dict[str, dict[str, Schedule]] = {outlet_id: {} for outlet_id in outlet_ids}
    for row in read_by_keys(con, READ_SCHEDULES, outlet_ids):
        outlet_id = row.pop("outlet_id")
        found[outlet_id][row["source_id"]] = Schedule(**{**row, "last_reason": Reason(row["last_reason"])})
    return found


def save_schedules(con: duckdb.DuckDBPyConnection, schedules: Mapping[str, Iterable[Schedule]]) -> None:
    """Remember when sources are polled next, by ``outlet_id``; part of the caller's transaction."""
    rows = [{"outlet_id": outlet_id, **asdict(each)} for outlet_id, group in schedules.items() for each in group]
    write(con, UPSERT_SCHEDULES, SCHEDULES, rows)


def save_source_states(con: duckdb.DuckDBPyConnection, states: Iterable[tuple[str, datetime, SourceState]]) -> None:
    """Remember the states that good polls left, each with its outlet and its time; part of the caller's transaction."""
    rows = {
        (outlet_id, state.source_id): {
            "outlet_id": outlet_id,
            "source_id": state.source_id,
            "validators": [asdict(each) for each in state.validators],
            "bodies": [asdict(each) for each in state.bodies],
            "cursor": state.cursor,
            "saved_at": saved_at,
        }
        for outlet_id, saved_at, state in states
    }
    write(con, UPSERT_SOURCE_STATES, SOURCE_STATES, list(rows.values()))
