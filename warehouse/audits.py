"""Archive against warehouse: which captures have no record, which records are damaged, elsewhere or nobody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.checks import CheckResult, run_files
from warehouse.rows import TEXT, TIME, arrow_table, columns, registered
from warehouse.sql_files import sql_files
from warehouse.transactions import transaction

ARCHIVED = columns(
    warc_file=TEXT,
    warc_offset=pa.int64(),
    state=TEXT,
    capture_id=TEXT,
    body_sha256=TEXT,
    body_bytes=pa.int64(),
    dropped_at=TIME,
    detail=TEXT,
)
NOTICES = frozenset({"records_referenced"})
"""Audits whose rows are told and are no fault."""

# Of several copies of a record the first is taken.
MOVE_CAPTURES = """
    UPDATE raw.captures
    SET warc_file = found.warc_file, warc_offset = found.warc_offset
    FROM (
        SELECT CAST(capture_id AS UUID) AS capture_id, warc_file, warc_offset
        FROM archived
        WHERE state <> 'damaged'
        QUALIFY ROW_NUMBER() OVER (PARTITION BY capture_id ORDER BY warc_file, warc_offset) = 1
    ) AS found
    WHERE
        captures.capture_id = found.capture_id
        AND NOT EXISTS (
            SELECT 1
            FROM archived AS a
            WHERE
                a.state <> 'damaged'
                AND CAST(a.capture_id AS UUID) = captures.capture_id
                AND a.warc_file = captures.warc_file
                AND a.warc_offset = captures.warc_offset
        )
"""
MARK_DROPPED = """
    UPDATE raw.captures
    SET body_dropped_at = a.dropped_at
    FROM archived AS a
    WHERE
        a.state <> 'damaged'
        AND CAST(a.capture_id AS UUID) = captures.capture_id
        AND a.warc_file = captures.warc_file
        AND a.warc_offset = captures.warc_offset
        AND (a.state = 'dropped') <> (captures.body_dropped_at IS NOT NULL)
"""
READ_CAPTURE_IDS = "SELECT CAST(capture_id AS VARCHAR) AS capture_id FROM raw.captures"


def archived_table(records: Sequence[Mapping[str, Any]]) -> pa.Table:
    """What an archive holds, as the audits read it; rows as ``extractors.archive.ArchivedRecord`` has fields."""
    return arrow_table(ARCHIVED, records)


def run_audits(con: duckdb.DuckDBPyConnection, archived: pa.Table, known_before: pa.Table) -> list[CheckResult]:
    """Run every file of ``sql/audits/``.

    Args:
        con: The loader's connection.
        archived: What the archive holds.
        known_before: The captures that were known before the archive was read; a run may have added some since.
    """
    with registered(con, archived=archived, known_before=known_before):
        return run_files(con, sql_files("audits"))


def read_capture_ids(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every capture that the warehouse knows."""
    return con.sql(READ_CAPTURE_IDS).to_arrow_table()


def repair_places(con: duckdb.DuckDBPyConnection, archived: pa.Table) -> None:
    """Let captures point at where their records are, and say of each body whether it was dropped."""
    with registered(con, archived=archived), transaction(con):
        con.execute(MOVE_CAPTURES)
        con.execute(MARK_DROPPED)
