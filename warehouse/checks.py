"""Rules that must hold in every warehouse, as SQL that lists the rows that break them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from warehouse.rows import Row
from warehouse.sql_files import SqlFile, sql_files

SAMPLE_ROWS = 5
EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check found. ``sample`` holds some of the offending rows by column name."""

    name: str
    offending_count: int
    sample: tuple[Row, ...]


def run_checks(con: duckdb.DuckDBPyConnection, *, since: datetime = EVER) -> list[CheckResult]:
    """Run every file of ``sql/checks/``; a check that holds has an ``offending_count`` of 0.

    Args:
        con: A connection to the warehouse.
        since: Only rows that were written from then on are looked at, where a check can tell: what a run has touched
            is a small part of a large warehouse.
    """
    return run_files(con, sql_files("checks"), since=since)


def run_files(con: duckdb.DuckDBPyConnection, files: Iterable[SqlFile], *, since: datetime = EVER) -> list[CheckResult]:
    """Run some checks."""
    return [run_check(con, file.name, file.text, since=since) for file in files]


def run_check(con: duckdb.DuckDBPyConnection, name: str, sql: str, *, since: datetime = EVER) -> CheckResult:
    """Run one check."""
    parameters = {"since": since} if "$since" in without_comments(sql) else None
    table = (con.sql(sql, params=parameters) if parameters else con.sql(sql)).to_arrow_table()
    return CheckResult(name=name, offending_count=table.num_rows, sample=tuple(table.slice(0, SAMPLE_ROWS).to_pylist()))


def without_comments(sql: str) -> str:
    """SQL without its header, which may speak of parameters."""
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
