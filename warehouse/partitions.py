"""The published articles by outlet and month: which parts there are, what tells a changed one, and their rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import WarehouseError
from warehouse.connection import open_published, published_path
from warehouse.rows import read

# An article without a date of its own is in the month in which it was seen first.
# Whatever changes a text changes another column: a revision has a number, a capture and an extractor.
READ_PARTITIONS = """
    SELECT
        a.outlet_id,
        STRFTIME(COALESCE(published_at, first_seen_at) AT TIME ZONE 'UTC', '%Y-%m') AS month,
        COUNT(*) AS row_count,
        BIT_XOR(HASH(a)) AS fingerprint
    FROM (SELECT * EXCLUDE (text) FROM main.articles) AS a
    GROUP BY ALL
    ORDER BY ALL
"""
READ_PARTITION = """
    SELECT *
    FROM main.articles
    WHERE
        outlet_id = $outlet_id
        AND STRFTIME(COALESCE(published_at, first_seen_at) AT TIME ZONE 'UTC', '%Y-%m') = $month
    ORDER BY COALESCE(published_at, first_seen_at), article_id
"""
READ_IDENTITY = """
    SELECT
        (SELECT change_count FROM core.change_counter) AS change_count,
        (SELECT MAX(name) FROM core.schema_migrations) AS migration
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One outlet's articles of one month. ``fingerprint`` is another one when any of them has changed."""

    outlet_id: str
    month: str
    row_count: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """Which state of which warehouse was asked: enough to find it again, or to know that it is gone."""

    path: str
    published_at: datetime
    bytes: int
    change_count: int
    migration: str
    duckdb_version: str


@contextmanager
def published(
    home: Path, *, memory_limit: str, threads: int
) -> Iterator[tuple[duckdb.DuckDBPyConnection, PublishedFile]]:
    """The published file, open for reading, and which one it is.

    Raises:
        WarehouseUnusableError: Nothing has been published yet, or it is damaged.
        WarehouseError: DuckDB refuses what is asked of it, such as for want of memory.
    """
    path = published_path(home)
    con, source = open_identified(home, memory_limit=memory_limit, threads=threads)
    try:
        yield con, source
    except duckdb.Error as error:
        raise WarehouseError(str(path), str(error)) from error
    finally:
        con.close()


def open_identified(home: Path, *, memory_limit: str, threads: int) -> tuple[duckdb.DuckDBPyConnection, PublishedFile]:
    """Open the published file and say which one it is, though a run may replace it at that very moment."""
    while True:
        path = published_path(home)
        before = path.stat() if path.exists() else None
        con = open_published(home, memory_limit=memory_limit, threads=threads)
        if before is not None and path.stat().st_ino == before.st_ino:
            return con, identify(con, path, before)
        con.close()


def identify(con: duckdb.DuckDBPyConnection, path: Path, stat: os.stat_result) -> PublishedFile:
    """Which file a connection reads."""
    (row,) = read(con, READ_IDENTITY)
    return PublishedFile(
        path=str(path),
        published_at=datetime.fromtimestamp(stat.st_mtime, UTC),
        bytes=stat.st_size,
        change_count=row["change_count"],
        migration=row["migration"],
        duckdb_version=duckdb.__version__,
    )


def list_partitions(con: duckdb.DuckDBPyConnection) -> list[Partition]:
    """Every outlet and month that has articles."""
    return [
        Partition(
            outlet_id=row["outlet_id"],
            month=row["month"],
            row_count=row["row_count"],
            fingerprint=f"{row['fingerprint']:016x}",
        )
        for row in read(con, READ_PARTITIONS)
    ]


def read_partition(con: duckdb.DuckDBPyConnection, partition: Partition) -> pa.Table:
    """The articles of one, oldest first."""
    values = {"outlet_id": partition.outlet_id, "month": partition.month}
    return con.sql(READ_PARTITION, params=values).to_arrow_table()
