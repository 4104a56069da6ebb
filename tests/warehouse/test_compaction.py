"""The loader's file without its holes: the same rows, under any name and in any order of events."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from concurrent_use import start
from warehouse_samples import OUTLET, RUN, at, make_extraction

from extractors.errors import WarehouseBusyError, WarehouseError
from warehouse import compaction
from warehouse.checks import run_checks
from warehouse.compaction import compact, copy_tables, file_sizes
from warehouse.connection import live_path, open_live
from warehouse.load import load
from warehouse.publish import publish
from warehouse.query import run_query

STORED = """
    SELECT FORMAT('{}.{}', schema_name, table_name), sql
    FROM DUCKDB_TABLES()
    WHERE database_name = CURRENT_DATABASE() AND NOT temporary
    ORDER BY ALL
"""
STORAGE = "SELECT tags['storage_version'] FROM DUCKDB_DATABASES() WHERE NOT internal"


def load_pieces(home: Path, first: int, count: int) -> None:
    """Load stories one by one, each behind a checkpoint, which leaves holes."""
    with open_live(home, wait_seconds=5) as con:
        for number in range(first, first + count):
            load(con, RUN, OUTLET, [make_extraction(number, text=f"Gale {number}. " * 1_000)], now=at(number))
            con.execute("CHECKPOINT")


def contents(home: Path) -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
    """Each table's definition and rows."""
    with open_live(home, wait_seconds=5) as con:
        tables = con.execute(STORED).fetchall()
        # Names of tables, which the file itself tells.
        return {name: (sql, con.execute(f"FROM {name} ORDER BY ALL").fetchall()) for name, sql in tables}


def left_in(home: Path) -> set[str]:
    """Files beside the loader's."""
    return {each.name for each in live_path(home).parent.iterdir() if "compact" in each.name}


@pytest.fixture(scope="module")
def in_pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with holes in its file."""
    home = tmp_path_factory.mktemp("pieces")
    load_pieces(home, 1, 12)
    return home


@pytest.fixture
def pieces(in_pieces: Path, home: Path) -> Path:
    """A copy of that home."""
    shutil.copytree(in_pieces, home)
    return home


def test_all_rows_are_there_in_less_room(pieces: Path) -> None:
    """Every table, its definition and what is built on it; nothing is left beside it."""
    before = contents(pieces)
    bytes_before = live_path(pieces).stat().st_size
    assert compact(pieces, wait_seconds=5, force=True)
    assert live_path(pieces).stat().st_size < bytes_before
    assert contents(pieces) == before
    assert left_in(pieces) == set()
    with open_live(pieces, wait_seconds=5) as con:
        sizes = file_sizes(con)
        # Older and newer DuckDBs must still read it.
        assert con.execute(STORAGE).fetchall() == [("v1.2.0+",)]
        assert [each for each in run_checks(con) if each.offending_count] == []
    assert sizes.free_bytes < 0.2 * sizes.total_bytes


def test_loading_and_searching_go_on(pieces: Path) -> None:
    """Numbers are not given twice; a reader of the file of before goes on reading it."""
    publish(pieces, wait_seconds=5)
    assert compact(pieces, wait_seconds=5, force=True)
    load_pieces(pieces, 13, 2)
    with open_live(pieces, wait_seconds=5) as con:
        assert con.execute("SELECT COUNT(*), COUNT(DISTINCT text_number) FROM core.texts").fetchall() == [(14, 14)]
        assert [each for each in run_checks(con) if each.offending_count] == []
    assert run_query(pieces, "SELECT COUNT(*) AS n FROM articles").to_pylist() == [{"n": 12}]
    publish(pieces, wait_seconds=5)
    found = run_query(pieces, "SELECT COUNT(*) AS n FROM search('gale 13')").to_pylist()
    assert found == [{"n": 1}]


def test_what_has_no_holes_stays(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too little is free, in bytes or as a share, no copy is made."""
    inode = live_path(pieces).stat().st_ino
    assert not compact(pieces, wait_seconds=5)
    assert live_path(pieces).stat().st_ino == inode
    monkeypatch.setattr(compaction, "LEAST_FREE_BYTES", 0)
    assert compact(pieces, wait_seconds=5)
    inode = live_path(pieces).stat().st_ino
    assert not compact(pieces, wait_seconds=5)
    assert live_path(pieces).stat().st_ino == inode


def loading_meanwhile(home: Path, times: int) -> Callable[..., None]:
    """A copying during which somebody loads, the first times."""
    numbers = iter(range(100, 100 + times))

    def copy_and_load(*args: Any, **options: Any) -> None:
        copy_tables(*args, **options)
        if (number := next(numbers, None)) is not None:
            load_pieces(home, number, 1)

    return copy_and_load


def test_what_is_loaded_meanwhile_is_kept(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is made anew."""
    monkeypatch.setattr(compaction, "copy_tables", loading_meanwhile(pieces, 2))
    assert compact(pieces, wait_seconds=5, force=True)
    rows = contents(pieces)
    assert len(rows["core.articles"][1]) == 14


def test_a_write_that_counts_nowhere_is_kept_too(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether something was written is told by the files, not by our own counter."""
    wrote = iter([True])

    def copy_and_write(*args: Any, **options: Any) -> None:
        copy_tables(*args, **options)
        if next(wrote, False):
            with open_live(pieces, wait_seconds=5) as con:
                con.execute("UPDATE core.story_upkeep SET outlets_sha256 = 'written meanwhile'")

    monkeypatch.setattr(compaction, "copy_tables", copy_and_write)
    assert compact(pieces, wait_seconds=5, force=True)
    assert contents(pieces)["core.story_upkeep"][1][0].count("written meanwhile") == 1


def test_a_copy_runs_nothing_from_outside(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the two files are open, SQL reaches no other file and no extension."""
    settings: list[tuple[Any, ...]] = []

    def asked(con: duckdb.DuckDBPyConnection, _: str) -> dict[str, int]:
        names = ("enable_external_access", "autoload_known_extensions", "autoinstall_known_extensions")
        chosen = [f"CURRENT_SETTING('{name}')" for name in names]  # a closed set, above
        settings.extend(con.execute(f"SELECT {', '.join(chosen)}").fetchall())
        return {}

    monkeypatch.setattr(compaction, "row_counts", asked)
    assert compact(pieces, wait_seconds=5, force=True)
    assert set(settings) == {(False, False, False)}


def test_it_gives_up_where_loading_never_stops(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays, with everything in it."""
    monkeypatch.setattr(compaction, "copy_tables", loading_meanwhile(pieces, 99))
    with pytest.raises(WarehouseBusyError, match="3 times while it was copied"):
        compact(pieces, wait_seconds=5, force=True)
    assert len(contents(pieces)["core.articles"][1]) == 15
    assert left_in(pieces) == set()


def test_a_copy_that_lost_rows_is_not_used(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted before it takes the file's place."""
    counts = iter([{"core.articles": 12}, {"core.articles": 11}])
    monkeypatch.setattr(compaction, "row_counts", lambda *_: next(counts))
    with pytest.raises(WarehouseError, match="other numbers of rows"):
        compact(pieces, wait_seconds=5, force=True)
    assert len(contents(pieces)["core.articles"][1]) == 12
    assert left_in(pieces) == set()


def test_a_full_disk_costs_nothing(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said what to do, and the file stays."""

    def no_room(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(compaction, "clone", no_room)
    with pytest.raises(WarehouseError, match="make room"):
        compact(pieces, wait_seconds=5, force=True)
    assert len(contents(pieces)["core.articles"][1]) == 12


def compact_for_ever(home: Path) -> None:
    """Compact again and again."""
    while True:
        compact(home, wait_seconds=30, force=True)


def test_a_kill_at_any_moment_loses_nothing(pieces: Path) -> None:
    """What it leaves is removed by the next one."""
    before = contents(pieces)
    for pause in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5):
        process = start(compact_for_ever, pieces)
        deadline = time.monotonic() + 60
        inode = live_path(pieces).stat().st_ino
        while live_path(pieces).stat().st_ino == inode:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(pause)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert contents(pieces) == before
    compact(pieces, wait_seconds=5, force=True)
    assert left_in(pieces) == set()
