"""A DuckDB file to today's schema: numbered migrations with checksums, then the views and macros of ``main``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from extractors.errors import WarehouseUnusableError
from warehouse.fills import FILLS
from warehouse.search_index import FOLDING, fill_index
from warehouse.sql_files import SqlFile, bootstrap_sql, checksum_of, sql_files
from warehouse.transactions import transaction

SEARCH = "0012_search"
"""The migration with the search index, which is then filled from what there is."""

COUNT_TABLES = "SELECT COUNT(*) FROM duckdb_tables() WHERE NOT internal"
COUNT_OUR_TABLE = """
    SELECT COUNT(*)
    FROM duckdb_tables()
    WHERE database_name = CURRENT_DATABASE() AND schema_name = 'core' AND table_name = 'schema_migrations'
"""
READ_PATH = "SELECT COALESCE(path, ':memory:') FROM duckdb_databases() WHERE database_name = CURRENT_DATABASE()"
READ_APPLIED = "SELECT name, checksum FROM core.schema_migrations ORDER BY name"
READ_STATUS = "SELECT name, applied_at FROM core.schema_migrations"
RECORD = """
    INSERT INTO core.schema_migrations BY NAME
    SELECT $name AS name, $checksum AS checksum, NOW() AS applied_at
"""
READ_VIEWS_CHECKSUM = "SELECT checksum FROM core.schema_views"
RECORD_VIEWS = "INSERT INTO core.schema_views BY NAME SELECT $checksum AS checksum, NOW() AS applied_at"
READ_CONDITION = """
    SELECT
        (SELECT LIST([name, checksum] ORDER BY name) FROM core.schema_migrations),
        (SELECT LIST(checksum) FROM core.schema_views),
        (SELECT LIST(folding) FROM core.search_state WHERE filled_to IS NULL)
"""
LIST_VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
LIST_MACROS = """
    SELECT DISTINCT function_name, function_type
    FROM duckdb_functions()
    WHERE NOT internal AND schema_name = 'main' AND function_type IN ('macro', 'table_macro')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationStatus:
    """One migration of this code; ``applied_at`` is None while the file lacks it."""

    name: str
    checksum: str
    applied_at: datetime | None


def migrate(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Bring a file to today's schema; each migration is one transaction with its record and what it fills.

    Returns:
        Names of the migrations that were applied now; empty when there was nothing to do.

    Raises:
        WarehouseUnusableError: The file is not a warehouse, is of a newer wirewatch, or an applied migration has
            changed since.
    """
    applied = read_applied(con)
    if applied is None:
        refuse_foreign(con)
        con.begin()
        con.execute(bootstrap_sql())
        con.commit()
        applied = {}
    migrations = sql_files("migrations")
    refuse_unknown(con, migrations, applied)
    missing = [file for file in migrations if file.name not in applied]
    for file in missing:
        with transaction(con):
            con.execute(file.text)
            if fill := FILLS.get(file.name):
                fill(con)
            con.execute(RECORD, {"name": file.name, "checksum": file.checksum})
    apply_views(con, anyway=bool(missing))
    if any(file.name == SEARCH for file in migrations):
        fill_index(con)
    return [file.name for file in missing]


def is_current(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether :func:`migrate` has nothing to do, asked in one statement: each opening of a file begins with it."""
    try:
        condition = con.execute(READ_CONDITION).fetchone()
    except duckdb.CatalogException:
        return False
    applied = [[file.name, file.checksum] for file in sql_files("migrations")]
    return condition == (applied, [checksum_of(sql_files("views"))], [FOLDING])


def missing_migration(con: duckdb.DuckDBPyConnection) -> str | None:
    """The first migration that a warehouse of before lacks; None for a new one, one of today, or one of a newer code.

    Raises:
        WarehouseUnusableError: The file is of a newer wirewatch, or an applied migration has changed since.
    """
    applied = read_applied(con)
    if not applied:
        return None
    migrations = sql_files("migrations")
    refuse_unknown(con, migrations, applied)
    return next((file.name for file in migrations if file.name not in applied), None)


def status(con: duckdb.DuckDBPyConnection) -> list[MigrationStatus]:
    """Each migration of this code, and when the file got it."""
    # Arrow, since fetchall() needs pytz for times with a zone.
    rows = [] if read_applied(con) is None else con.sql(READ_STATUS).to_arrow_table().to_pylist()
    times = {row["name"]: row["applied_at"] for row in rows}
    return [
        MigrationStatus(name=file.name, checksum=file.checksum, applied_at=times.get(file.name))
        for file in sql_files("migrations")
    ]


def read_applied(con: duckdb.DuckDBPyConnection) -> dict[str, str] | None:
    """Checksum by name of each applied migration; None when the file keeps no record of any."""
    if one_value(con, COUNT_OUR_TABLE) == 0:
        return None
    return {str(name): str(checksum) for name, checksum in con.execute(READ_APPLIED).fetchall()}


def refuse_foreign(con: duckdb.DuckDBPyConnection) -> None:
    """Refuse a DuckDB file that holds somebody's tables."""
    if one_value(con, COUNT_TABLES) != 0:
        problem = "is a DuckDB file, but not a warehouse of wirewatch"
        raise WarehouseUnusableError(path_of(con), problem, "move it away, or name another home")


def refuse_unknown(con: duckdb.DuckDBPyConnection, migrations: tuple[SqlFile, ...], applied: dict[str, str]) -> None:
    """Refuse a file with migrations that this code does not have, or has in another wording."""
    known = {file.name: file.checksum for file in migrations}
    for name, checksum in applied.items():
        if name not in known:
            problem = f"has migration {name}, which this wirewatch does not know: a newer one wrote it"
            raise WarehouseUnusableError(path_of(con), problem, "update wirewatch")
        if known[name] != checksum:
            problem = f"migration {name} is not what was applied: its checksum has changed"
            advice = "restore the migration's file; a change of the schema is a new migration"
            raise WarehouseUnusableError(path_of(con), problem, advice)


def apply_views(con: duckdb.DuckDBPyConnection, *, anyway: bool) -> None:
    """Drop and create all views and macros of ``main`` in one transaction, when they differ from the file's.

    DuckDB does not track what a view needs, so they are made again after each migration (``anyway``).
    """
    files = sql_files("views")
    checksum = checksum_of(files)
    if not anyway and con.execute(READ_VIEWS_CHECKSUM).fetchall() == [(checksum,)]:
        return
    with transaction(con):
        drop_views(con)
        for file in files:
            con.execute(file.text)
        con.execute("DELETE FROM core.schema_views")
        con.execute(RECORD_VIEWS, {"checksum": checksum})


def drop_views(con: duckdb.DuckDBPyConnection) -> None:
    """Empty ``main``, which holds views and macros only."""
    # DDL takes no parameters for names; these come from DuckDB's own catalog, and are quoted all the same.
    for (name,) in con.execute(LIST_VIEWS).fetchall():
        con.execute(f"DROP VIEW main.{quoted(name)}")
    for name, kind in con.execute(LIST_MACROS).fetchall():
        con.execute(f"DROP MACRO{' TABLE' if kind == 'table_macro' else ''} main.{quoted(name)}")


def quoted(identifier: str) -> str:
    """An identifier as SQL writes it."""
    return '"' + identifier.replace('"', '""') + '"'


def path_of(con: duckdb.DuckDBPyConnection) -> str:
    """The file behind a connection."""
    return str(one_value(con, READ_PATH))


def one_value(con: duckdb.DuckDBPyConnection, query: str) -> object:
    """The one value that a query gives."""
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0]
