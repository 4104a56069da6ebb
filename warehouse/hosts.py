"""What is remembered of hosts between runs, to rows and back: the requests of a day, rests, challenges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from extractors.errors import Reason
from extractors.records import HostMemory, HostStanding, HostVisits
from warehouse.rows import INTEGER, TEXT, TIME, columns, read, write
from warehouse.transactions import transaction

VISITS = columns(
    host=TEXT,
    asked_date=pa.date32(),
    request_count=pa.int64(),
)
STANDINGS = columns(
    host=TEXT,
    challenge_count=INTEGER,
    resting_until=TIME,
    resting_reason=TEXT,
)
# What is of no use any more is left out: a count of another day, a rest of the past without challenges.
READ_HOSTS = """
    SELECT host, asked_date, request_count, challenge_count, resting_until, resting_reason
    FROM core.hosts
    WHERE
        asked_date >= CAST($now AT TIME ZONE 'UTC' AS DATE)
        OR challenge_count > 0
        OR resting_until > $now
"""
ADD_VISITS = """
    INSERT INTO core.hosts BY NAME
    SELECT host, asked_date, request_count, 0 AS challenge_count
    FROM incoming
    ON CONFLICT (host) DO UPDATE SET
        request_count = CASE
            WHEN hosts.asked_date > excluded.asked_date THEN hosts.request_count
            WHEN hosts.asked_date = excluded.asked_date THEN hosts.request_count + excluded.request_count
            ELSE excluded.request_count
        END,
        asked_date = GREATEST(hosts.asked_date, excluded.asked_date)
"""
SET_STANDINGS = """
    UPDATE core.hosts
    SET
        challenge_count = incoming.challenge_count,
        resting_until = incoming.resting_until,
        resting_reason = incoming.resting_reason
    FROM incoming
    WHERE hosts.host = incoming.host
"""


def known_hosts(con: duckdb.DuckDBPyConnection, *, now: datetime) -> list[HostMemory]:
    """What a run that starts now has to know of hosts; one that is not in it may be asked like a new one."""
    return [memory_from(row) for row in read(con, READ_HOSTS, {"now": now})]


def record_visits(con: duckdb.DuckDBPyConnection, visits: Sequence[HostVisits]) -> None:
    """Add a run's requests to what is remembered, and take over the standings that have changed.

    Requests add up, so runs side by side lose none of each other's; of two standings the later one holds.
    """
    if not visits:
        return
    with transaction(con):
        write(con, ADD_VISITS, VISITS, [{name: getattr(visit, name) for name in VISITS.names} for visit in visits])
        changed = [{"host": visit.host, **asdict(visit.standing)} for visit in visits if visit.standing is not None]
        write(con, SET_STANDINGS, STANDINGS, changed)


def memory_from(row: Mapping[str, Any]) -> HostMemory:
    """A row of READ_HOSTS."""
    return HostMemory(
        host=row["host"],
        asked_date=row["asked_date"],
        request_count=row["request_count"],
        standing=HostStanding(
            challenge_count=row["challenge_count"],
            resting_until=row["resting_until"],
            resting_reason=Reason(row["resting_reason"]) if row["resting_reason"] else None,
        ),
    )
