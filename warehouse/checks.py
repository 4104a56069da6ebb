"""Rules that must hold in every warehouse, as SQL that lists the rows that break them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from warehouse.rows import Row
from warehouse.sql_files import sql_files

SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check found. ``sample`` holds some of the offending rows by column name."""

    name: str
    offending_count: int
    sample: tuple[Row, ...]


def run_checks(con: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Run every file of ``sql/checks/``; a check that holds has an ``offending_count`` of 0."""
    return [run_check(con, file.name, file.text) for file in sql_files("checks")]


def run_check(con: duckdb.DuckDBPyConnection, name: str, sql: str) -> CheckResult:
    """Run one check."""
    table = con.sql(sql).to_arrow_table()
    return CheckResult(name=name, offending_count=table.num_rows, sample=tuple(table.slice(0, SAMPLE_ROWS).to_pylist()))
