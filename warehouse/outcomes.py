"""Outcomes to rows of raw.outcomes, each attempt once."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from extractors.records import Outcome, uuid5_of
from warehouse.rows import INTEGER, TEXT, TIME, columns, write_records

OUTCOMES = columns(
    outcome_id=TEXT,
    run_id=TEXT,
    outlet_id=TEXT,
    stage=TEXT,
    requested_url=TEXT,
    reason=TEXT,
    detail=TEXT,
    http_status=INTEGER,
    occurred_at=TIME,
    source_id=TEXT,
    link_id=TEXT,
    capture_id=TEXT,
    article_id=TEXT,
)
# An anti-join instead of a primary key: the index of the largest table would cost more than it saves.
INSERT_OUTCOMES = """
    INSERT INTO raw.outcomes BY NAME
    SELECT
        outcome_id, run_id, outlet_id, stage, requested_url, reason, detail, http_status,
        occurred_at, source_id, link_id, capture_id, article_id
    FROM incoming
    WHERE NOT EXISTS (
        SELECT 1
        FROM raw.outcomes AS o
        WHERE o.run_id = incoming.run_id AND o.outcome_id = CAST(incoming.outcome_id AS UUID)
    )
"""


def outcome_id_of(run_id: str, outcome: Outcome) -> str:
    """UUIDv5 of an attempt.

    A capture is tried once a run and stage; an attempt without one is told apart by its time. The reason is no part
    of it: a batch that is loaded a second time finds everything unchanged, and that is no second attempt.
    """
    told_apart = outcome.capture_id or outcome.occurred_at.isoformat()
    place = outcome.link_id or f"{outcome.source_id} {outcome.requested_url}"
    stage = "extract" if outcome.stage == "load" else outcome.stage
    return uuid5_of(f"outcome\x1f{run_id}\x1f{stage}\x1f{place}\x1f{told_apart}")


def insert_outcomes(con: duckdb.DuckDBPyConnection, run_id: str, outcomes: Sequence[Outcome]) -> None:
    """Store outcomes; an attempt that is there already stays as it is."""
    unique: dict[str, Outcome] = {}
    for outcome in outcomes:
        unique.setdefault(outcome_id_of(run_id, outcome), outcome)
    told = {"outcome_id": list(unique), "run_id": [run_id] * len(unique)}
    write_records(con, INSERT_OUTCOMES, OUTCOMES, list(unique.values()), **told)
