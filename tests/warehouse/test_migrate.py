"""Migrations, views, comments and storage."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from warehouse_samples import NOW, OUTLET, RUN, ask, column, make_extraction

from extractors.errors import WarehouseUnusableError
from warehouse import migrate as subject
from warehouse.connection import live_path, open_live
from warehouse.load import load
from warehouse.migrate import migrate, status
from warehouse.sources import source_states
from warehouse.sql_files import SqlFile, sql_files


def with_migration(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let this code have one migration more."""

    def more(folder: str) -> tuple[SqlFile, ...]:
        found = sql_files(folder)
        return (*found, SqlFile(name="9999_more", text=text)) if folder == "migrations" else found

    monkeypatch.setattr(subject, "sql_files", more)


def test_a_new_file_gets_every_migration_once() -> None:
    """From nothing to today's schema, each migration recorded with its checksum; a second time does nothing."""
    names = [file.name for file in sql_files("migrations")]
    with duckdb.connect() as con:
        assert [each.applied_at for each in status(con)] == [None] * len(names)
        assert migrate(con) == names
        assert migrate(con) == []
        assert all(each.applied_at for each in status(con))
        recorded = column(con, "SELECT checksum FROM core.schema_migrations ORDER BY name")
        assert recorded == [file.checksum for file in sql_files("migrations")]


def test_a_changed_migration_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    """An applied migration is history: a change of it is told by its checksum."""
    con.execute("UPDATE core.schema_migrations SET checksum = 'abc' WHERE name LIKE '0002%'")
    with pytest.raises(WarehouseUnusableError, match="0002_links is not what was applied"):
        migrate(con)


def test_a_newer_file_is_refused_and_left_alone(home: Path) -> None:
    """A migration that this code does not know was written by a newer one."""
    with open_live(home, wait_seconds=0) as con:
        con.execute("INSERT INTO core.schema_migrations VALUES ('0999_future', 'abc', NOW())")
    before = live_path(home).read_bytes()
    with pytest.raises(WarehouseUnusableError, match=r"0999_future.*newer"), open_live(home, wait_seconds=0):
        pytest.fail("opened")
    assert live_path(home).read_bytes() == before


def test_a_migration_that_fails_leaves_nothing(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its statements and its record are one transaction."""
    with_migration(monkeypatch, "CREATE TABLE core.extra (i INTEGER); SELECT 1 / 'x'::INTEGER;")
    with pytest.raises(duckdb.ConversionException):
        migrate(con)
    assert column(con, "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = 'extra'") == [0]
    assert column(con, "SELECT COUNT(*) FROM core.schema_migrations WHERE name = '9999_more'") == [0]


def test_states_of_before_do_not_know_their_credits(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of before gets the columns: nothing is known of what was loaded then, and it can be read and revised."""
    of_before = [file for file in sql_files("migrations") if file.name < "0009"]
    columns = "dateline, corrections, agency, image_caption, image_credit"
    with duckdb.connect() as old, monkeypatch.context() as patched:
        patched.setattr(subject, "sql_files", lambda folder: of_before if folder == "migrations" else ())
        migrate(old)
        load(con, RUN, OUTLET, [make_extraction(dateline="PORT AMAL (AP)", agency=("AP",))], now=NOW)
        tables = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core' AND table_name NOT LIKE 'schema_%'"
        for table in column(old, tables):
            rows = con.sql(f"FROM core.{table}").to_arrow_table()
            known = [row["column_name"] for row in ask(old, f"DESCRIBE core.{table}")]
            old.register("incoming", rows.select(known))
            old.execute(f"INSERT INTO core.{table} BY NAME FROM incoming")
            old.unregister("incoming")
        patched.undo()
        assert "0009_credits" in migrate(old)
        assert ask(old, f"SELECT {columns} FROM main.articles") == [
            {"dateline": None, "corrections": None, "agency": [], "image_caption": None, "image_credit": None}
        ]
        again = make_extraction(agency=("AP",), fetched_at=NOW + timedelta(hours=1))
        load(old, RUN, OUTLET, [again], now=NOW + timedelta(hours=1))
        assert column(old, "SELECT after FROM main.changes") == ["AP"]


def test_a_large_file_of_before_gets_its_new_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrations add columns to tables with keys and more rows than DuckDB handles at once."""
    of_before = [file for file in sql_files("migrations") if file.name < "0004"]
    with duckdb.connect() as old, monkeypatch.context() as patched:
        patched.setattr(subject, "sql_files", lambda folder: of_before if folder == "migrations" else ())
        migrate(old)
        old.execute("CREATE TEMP TABLE many AS SELECT CAST(i AS VARCHAR) AS i FROM RANGE(5_000) AS r (i)")
        old.execute("INSERT INTO core.outlets SELECT i, 'Name', 'https://o.example/', NULL, [], [] FROM many")
        old.execute("INSERT INTO core.source_states SELECT i, 'feed:x', [], NULL, NOW() FROM many")
        patched.undo()
        assert "0005_hosts" in migrate(old)
        assert column(old, "SELECT COUNT(*) FROM main.outlets WHERE is_tls_verified") == [5_000]
        assert source_states(old, "4999")["feed:x"].bodies == ()


def test_views_are_made_again_after_a_migration(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view that a migration broke or that somebody added does not survive it; data does."""
    load(con, RUN, OUTLET, [make_extraction()], now=NOW)
    con.execute("CREATE VIEW main.mine AS SELECT 1 AS one")
    con.execute("CREATE MACRO main.my_table() AS TABLE SELECT 1 AS one")
    con.execute("CREATE OR REPLACE VIEW main.articles AS SELECT 1 AS one")
    with_migration(monkeypatch, "ALTER TABLE core.articles ADD COLUMN note VARCHAR;")
    assert migrate(con) == ["9999_more"]
    assert column(con, "SELECT title FROM main.articles") == ["Story 1"]
    assert not column(con, "SELECT view_name FROM duckdb_views() WHERE view_name = 'mine'")
    assert not column(con, "SELECT function_name FROM duckdb_functions() WHERE function_name = 'my_table'")


def test_changed_views_are_applied_without_a_migration(con: duckdb.DuckDBPyConnection) -> None:
    """The set of views has a checksum of its own."""
    con.execute("UPDATE core.schema_views SET checksum = 'older'")
    con.execute("DROP VIEW main.articles")
    assert migrate(con) == []
    assert column(con, "SELECT COUNT(*) FROM main.articles") == [0]


def test_every_table_view_macro_and_column_has_a_comment(home: Path) -> None:
    """Analysts read them with DESCRIBE tools; they survive closing the file."""
    with open_live(home, wait_seconds=0):
        pass
    with open_live(home, wait_seconds=0) as con:
        things = ask(
            con,
            """
            SELECT schema_name || '.' || table_name AS thing, comment FROM duckdb_tables() WHERE NOT internal
            UNION ALL
            SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal
            UNION ALL
            SELECT schema_name || '.' || function_name, comment FROM duckdb_functions()
            WHERE NOT internal AND schema_name = 'main'
            UNION ALL
            SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns()
            WHERE NOT internal
            """,
        )
    assert len(things) > 300
    assert [thing["thing"] for thing in things if not thing["comment"]] == []


def test_main_holds_views_and_macros_only(con: duckdb.DuckDBPyConnection) -> None:
    """``main`` is the analysts' interface; data lives in raw and core."""
    assert column(con, "SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY ALL") == ["core", "raw"]
    assert column(con, "SELECT DISTINCT schema_name FROM duckdb_views() WHERE NOT internal") == ["main"]


def test_texts_are_stored_with_zstd(con: duckdb.DuckDBPyConnection) -> None:
    """The bodies, which are most of the file, are compressed as declared."""
    words = ["ferry", "harbor", "gale", "quay", "pilot", "lighthouse", "mooring", "tide"]
    batch = [
        make_extraction(n, text=" ".join(words[(n * k) % 8] + str(n) for k in range(1, 300))) for n in range(1, 200)
    ]
    load(con, RUN, OUTLET, batch, now=NOW)
    con.execute("CHECKPOINT")
    found = column(
        con,
        "SELECT DISTINCT compression FROM pragma_storage_info('core.texts') "
        "WHERE column_name = 'text' AND segment_type = 'VARCHAR'",
    )
    assert found == ["ZSTD"]
