"""An analyst's SQL on the published file to an Arrow table; it can read the warehouse and nothing else."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path

import duckdb
import pyarrow as pa

from extractors.errors import WarehouseError
from warehouse.connection import open_published, published_path
from warehouse.partitions import PublishedFile, published

READING = frozenset({"SELECT", "EXPLAIN", "RELATION"})
"""Kinds of statement that only read; FROM, WITH, VALUES, DESCRIBE, SHOW and SUMMARIZE are SELECT to DuckDB."""


def run_query(home: Path, sql: str, *, memory_limit: str = "1GB", threads: int = 2) -> pa.Table:
    """Run one reading statement on the published file.

    Args:
        home: Folder of the warehouse.
        sql: The statement.
        memory_limit: DuckDB's limit, such as "1GB".
        threads: DuckDB's threads.

    Returns:
        The result; times in UTC.

    Raises:
        WarehouseUnusableError: Nothing has been published yet.
        WarehouseError: The statement is wrong, or is not one statement that reads; with DuckDB's own words.
    """
    path = published_path(home)
    con = open_published(home, memory_limit=memory_limit, threads=threads)
    try:
        refuse_writing(con, path, sql)
        return with_names_of_their_own(con.sql(sql).to_arrow_table())
    except duckdb.Error as error:
        raise WarehouseError(str(path), str(error)) from error
    finally:
        con.close()


def run_identified_query(
    home: Path, sql: str, *, memory_limit: str = "1GB", threads: int = 2
) -> tuple[pa.Table, PublishedFile]:
    """The same as :func:`run_query`, and which state of the warehouse was asked."""
    path = published_path(home)
    with published(home, memory_limit=memory_limit, threads=threads) as (con, source):
        refuse_writing(con, path, sql)
        return with_names_of_their_own(con.sql(sql).to_arrow_table()), source


def with_names_of_their_own(table: pa.Table) -> pa.Table:
    """Number columns of one name, ``a`` and ``a_1``: rows that become dictionaries would lose all but the last."""
    names: list[str] = []
    for name in table.column_names:
        numbered = (f"{name}_{number}" for number in count(1))
        names.append(next(each for each in chain([name], numbered) if each not in names))
    return table.rename_columns(names)


def refuse_writing(con: duckdb.DuckDBPyConnection, path: Path, sql: str) -> None:
    """Accept one statement that reads."""
    statements = [(statement.type.name, statement.query) for statement in con.extract_statements(sql)]
    # DuckDB puts a statement without text before a PIVOT: it makes the temporary list of the columns.
    asked = [kind for kind, text in statements if (kind, text) != ("CREATE", "")]
    if len(asked) != 1:
        raise WarehouseError(str(path), f"got {len(asked)} statements", "a query is one statement")
    kind = asked[0]
    if kind not in READING:
        advice = "a query reads: SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN"
        raise WarehouseError(str(path), f"{kind} statements are not for the published file", advice)
