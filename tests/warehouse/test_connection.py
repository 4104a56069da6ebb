"""Opening the loader's and the analysts' file."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pytest
from warehouse_samples import column

from extractors.errors import WarehouseBusyError, WarehouseUnusableError
from warehouse.connection import live_path, open_live, open_published, published_path
from warehouse.publish import publish


def read_live(path: Path, pipe: Connection) -> None:
    """Be the analyst who opens the wrong file."""
    with duckdb.connect(path, read_only=True):
        pipe.send("open")
        pipe.recv()


def test_a_home_is_made_and_kept(home: Path) -> None:
    """The first opening makes the file, the second finds what was written, and nothing half made stays behind."""
    with open_live(home, wait_seconds=0) as con:
        con.execute("INSERT INTO core.texts VALUES (1, 'h', 'text', 4, 1, 1)")
    with open_live(home, wait_seconds=0) as con:
        assert column(con, "SELECT text FROM core.texts") == ["text"]
        assert column(con, "SELECT CURRENT_SETTING('TimeZone')") == ["UTC"]
    names = {each.name for each in (home / "live").iterdir()}
    assert names == {"lock", "lock.queue", "warehouse.duckdb", "warehouse.duckdb.wal"}


def test_a_killed_first_opening_leaves_nothing_in_the_way(home: Path) -> None:
    """What a kill left of a file being made is made again; an empty file counts as none."""
    (home / "live").mkdir(parents=True)
    (home / "live" / "warehouse.new.duckdb").write_bytes(b"half a file")
    (home / "live" / "warehouse.new.duckdb.wal").write_bytes(b"half a log")
    live_path(home).touch()
    with open_live(home, wait_seconds=0) as con:
        assert column(con, "SELECT COUNT(*) FROM main.articles") == [0]


def test_a_second_opening_waits_and_then_says_who_is_in(home: Path) -> None:
    """Within one process too, one loader is in at a time."""
    with (
        open_live(home, wait_seconds=0),
        pytest.raises(WarehouseBusyError, match="another loader"),
        open_live(home, wait_seconds=0.05),
    ):
        pytest.fail("two loaders")


def test_an_analyst_on_the_live_file_is_a_busy_warehouse(home: Path) -> None:
    """Somebody who opened the loader's own file is named as the trouble, with the file to open instead."""
    with open_live(home, wait_seconds=0):
        pass
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=read_live, args=(live_path(home), theirs))
    process.start()
    try:
        assert ours.poll(30)
        with pytest.raises(WarehouseBusyError, match="published file"), open_live(home, wait_seconds=0.1):
            pytest.fail("opened")
    finally:
        ours.send("go")
        process.join(30)
        process.kill()
    with open_live(home, wait_seconds=5):
        pass


def damaged_bytes(home: Path) -> bytes:
    """A warehouse with every seventh byte behind the headers turned over."""
    with open_live(home, wait_seconds=0):
        pass
    data = bytearray(live_path(home).read_bytes())
    for place in range(12_288 + 100, len(data), 7):
        data[place] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize("kind", ["text", "short", "damaged", "truncated"])
def test_a_file_that_is_no_database_is_refused_in_words(home: Path, kind: str) -> None:
    """No traceback of the database's own, and the file stays as it is."""
    damaged = damaged_bytes(home)
    data = {"text": b"minutes of a meeting " * 999, "short": b"x", "damaged": damaged, "truncated": damaged[:20_000]}
    live_path(home).write_bytes(data[kind])
    with pytest.raises(WarehouseUnusableError, match="cannot be used as a warehouse"), open_live(home, wait_seconds=0):
        pytest.fail("opened")
    assert live_path(home).read_bytes() == data[kind]


def test_somebody_elses_database_is_refused_and_left_alone(home: Path) -> None:
    """A DuckDB file with other tables does not get ours."""
    (home / "live").mkdir(parents=True)
    with duckdb.connect(live_path(home)) as con:
        con.execute("CREATE TABLE recipes (name VARCHAR)")
    with pytest.raises(WarehouseUnusableError, match="not a warehouse"), open_live(home, wait_seconds=0):
        pytest.fail("opened")
    with duckdb.connect(live_path(home)) as con:
        assert column(con, "SELECT table_name FROM duckdb_tables()") == ["recipes"]


def test_sql_of_the_loader_reaches_no_other_file(home: Path, tmp_path: Path) -> None:
    """The live connection cannot be talked into reading or writing files."""
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with open_live(home, wait_seconds=0) as con:
        for sql in (f"FROM read_csv('{tmp_path}/secret.csv')", f"COPY (SELECT 1) TO '{tmp_path}/out.csv'"):
            with pytest.raises(duckdb.PermissionException):
                con.execute(sql)


def test_nothing_published_yet_says_what_to_run(home: Path) -> None:
    """A missing file is told from an empty one."""
    with pytest.raises(WarehouseUnusableError, match="run `wirewatch ingest` first"):
        open_published(home)
    assert not published_path(home).exists()


def test_the_published_file_is_read_only(home: Path) -> None:
    """An analyst cannot write to it, nor open the settings up again."""
    publish(home, wait_seconds=0)
    con = open_published(home)
    try:
        assert column(con, "SELECT COUNT(*) FROM articles") == [0]
        with pytest.raises(duckdb.InvalidInputException):
            con.execute("CREATE TABLE mine (i INTEGER)")
        with pytest.raises(duckdb.InvalidInputException):
            con.execute("SET enable_external_access = TRUE")
    finally:
        con.close()
