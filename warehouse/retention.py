"""Which archived bodies nothing needs any more, and where records are once a file of the archive was rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.rows import TEXT, arrow_table, columns, read, registered
from warehouse.transactions import transaction

# Never what an article (any page of it), a revision, a stub or a page that waits was read from, nor what showed an
# article again. Time counts from the run that recorded it: pages of 2019 that were loaded yesterday are new here.
READ_DROPPABLE = """
    SELECT
        CAST(c.capture_id AS VARCHAR) AS capture_id,
        c.warc_file, c.warc_offset, c.body_bytes
    FROM raw.captures AS c
    LEFT JOIN raw.runs AS r ON r.run_id = c.run_id
    WHERE
        c.body_dropped_at IS NULL
        AND c.body_bytes > 0
        AND GREATEST(c.fetched_at, r.started_at) < $before
        AND NOT EXISTS (SELECT 1 FROM core.revisions AS v WHERE v.capture_id = c.capture_id)
        AND NOT EXISTS (SELECT 1 FROM core.articles AS a WHERE a.last_capture_id = c.capture_id)
        AND NOT EXISTS (SELECT 1 FROM core.links AS l WHERE l.loaded_capture_id = c.capture_id)
        AND NOT EXISTS (SELECT 1 FROM core.links AS l WHERE l.capture_id = c.capture_id AND l.state <> 'done')
        AND NOT EXISTS (SELECT 1 FROM core.further_pages AS f WHERE f.capture_id = c.capture_id)
        AND NOT EXISTS (SELECT 1 FROM core.stubs AS s WHERE s.capture_id = c.capture_id)
        AND NOT EXISTS (
            SELECT 1
            FROM raw.outcomes AS o
            WHERE
                o.capture_id = c.capture_id
                AND o.stage <> 'discover'
                AND (o.article_id IS NOT NULL OR o.reason IN ('loaded', 'revised', 'unchanged'))
        )
    ORDER BY c.warc_file, c.warc_offset
"""
COUNT_IN_FILES = """
    SELECT COUNT(*) AS capture_count
    FROM raw.captures AS c
    JOIN wanted_files AS w ON w.warc_file = c.warc_file
"""
PLACES = columns(capture_id=TEXT, old_file=TEXT, old_offset=pa.int64(), warc_file=TEXT, warc_offset=pa.int64())
DROPS = columns(capture_id=TEXT)
MOVE = """
    UPDATE raw.captures
    SET warc_file = incoming.warc_file, warc_offset = incoming.warc_offset
    FROM incoming
    WHERE
        captures.capture_id = CAST(incoming.capture_id AS UUID)
        AND captures.warc_file = incoming.old_file
        AND captures.warc_offset = incoming.old_offset
"""
MARK = """
    UPDATE raw.captures
    SET body_dropped_at = $now
    FROM incoming
    WHERE captures.capture_id = CAST(incoming.capture_id AS UUID)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppableBody:
    """The body of a capture that nothing needs."""

    capture_id: str
    warc_file: str
    warc_offset: int
    body_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A capture's record, where it was and where it is."""

    capture_id: str
    old_file: str
    old_offset: int
    warc_file: str
    warc_offset: int


def droppable_bodies(con: duckdb.DuckDBPyConnection, *, before: datetime) -> list[DroppableBody]:
    """Bodies of responses that gave no article and were recorded before a time."""
    return [DroppableBody(**row) for row in read(con, READ_DROPPABLE, {"before": before})]


def record_rewriting(
    con: duckdb.DuckDBPyConnection,
    moves: Sequence[Move],
    dropped: Iterable[str],
    *,
    before: datetime,
    now: datetime,
) -> bool:
    """Let captures point at a rewritten file, in one transaction.

    Args:
        con: The loader's connection.
        moves: Every capture of the old files.
        dropped: ``capture_id`` of those whose body is not in the new file.
        before: What was droppable by.
        now: Aware time.

    Returns:
        Whether that was done; not where a body that is gone from the new file is needed by now.
    """
    wanted = set(dropped)
    with transaction(con):
        if wanted:
            still = {each.capture_id for each in droppable_bodies(con, before=before)}
            if not wanted <= still:
                return False
        rows = [{name: getattr(move, name) for name in PLACES.names} for move in moves]
        with registered(con, incoming=arrow_table(PLACES, rows)):
            con.execute(MOVE)
        with registered(con, incoming=arrow_table(DROPS, [{"capture_id": each} for each in sorted(wanted)])):
            con.execute(MARK, {"now": now})
    return True


def count_in_files(con: duckdb.DuckDBPyConnection, warc_files: Sequence[str]) -> int:
    """How many captures point into some files."""
    table = pa.table({"warc_file": pa.array(warc_files, TEXT)})
    with registered(con, wanted_files=table):
        return int(read(con, COUNT_IN_FILES)[0]["capture_count"])
