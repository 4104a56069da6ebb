"""Publishing for analysts."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_samples import NOW, OUTLET, RUN, column, make_extraction

from extractors.errors import WarehouseBusyError, WarehouseError
from warehouse.connection import open_live, open_published, published_path
from warehouse.load import load
from warehouse.locks import opened, try_lock
from warehouse.publish import Throttle, publish
from warehouse.query import run_query

COUNT_IN_ANOTHER_PROCESS = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as con:
    print(con.execute("SELECT COUNT(*) FROM articles").fetchone()[0])
"""


def load_stories(home: Path, *numbers: int) -> None:
    """Load some stories."""
    with open_live(home, wait_seconds=5) as con:
        load(con, RUN, OUTLET, [make_extraction(n) for n in numbers], now=NOW)


def count_elsewhere(home: Path) -> int:
    """Count the articles as an analyst in a process of its own does."""
    command = [sys.executable, "-c", COUNT_IN_ANOTHER_PROCESS, str(published_path(home))]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)


def test_it_publishes_what_is_new_and_nothing_else(home: Path) -> None:
    """The second time there is nothing to do, unless it is forced or the file is gone."""
    load_stories(home, 1)
    assert publish(home, wait_seconds=0)
    assert not publish(home, wait_seconds=0)
    assert publish(home, wait_seconds=0, force=True)
    published_path(home).unlink()
    assert publish(home, wait_seconds=0)
    load_stories(home, 2)
    assert publish(home, wait_seconds=0)
    assert run_query(home, "SELECT COUNT(*) AS n FROM articles").to_pylist() == [{"n": 2}]
    assert sorted(each.name for each in home.iterdir()) == ["live", "warehouse.duckdb"]


def test_another_process_reads_while_the_loader_writes(home: Path) -> None:
    """``FROM articles`` on the published file works in the middle of a load, and the load goes on."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    with open_live(home, wait_seconds=0) as con:
        con.begin()
        con.execute("DELETE FROM core.articles")
        assert count_elsewhere(home) == 1
        con.rollback()
        load(con, RUN, OUTLET, [make_extraction(2)], now=NOW)
        assert count_elsewhere(home) == 1
    publish(home, wait_seconds=0)
    assert count_elsewhere(home) == 2


def test_an_open_reader_goes_on_with_the_old_file(home: Path) -> None:
    """A file that is replaced stays whole for whoever has it open."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    reader = open_published(home)
    try:
        load_stories(home, 2)
        assert publish(home, wait_seconds=0)
        assert column(reader, "SELECT COUNT(*) FROM articles") == [1]
        assert count_elsewhere(home) == 2
    finally:
        reader.close()


def test_a_reader_never_sees_half_a_file(home: Path) -> None:
    """Opening the file again and again while it is published again and again always works."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    done = threading.Event()
    failures: list[BaseException] = []
    counts: list[int] = []

    def read() -> None:
        while not done.is_set():
            try:
                counts.extend(row["n"] for row in run_query(home, "SELECT COUNT(*) AS n FROM articles").to_pylist())
            except WarehouseError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(2, 8):
            load_stories(home, number)
            assert publish(home, wait_seconds=5)
    finally:
        done.set()
        reader.join(60)
    assert failures == []
    assert counts == sorted(counts)
    assert counts


def test_a_file_system_that_cannot_share_blocks_gets_a_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reflink is tried and not needed."""

    def refuse(*_: Any) -> int:
        raise OSError(errno.EOPNOTSUPP, "not supported")

    monkeypatch.setattr(fcntl, "ioctl", refuse)
    load_stories(home, 1)
    assert publish(home, wait_seconds=0)
    assert count_elsewhere(home) == 1


def test_a_full_disk_leaves_the_old_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written whole is not published, and leaves nothing behind."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    load_stories(home, 2)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(WarehouseError, match="No space left"):
            publish(home, wait_seconds=0)
    assert count_elsewhere(home) == 1
    assert sorted(each.name for each in home.iterdir()) == ["live", "warehouse.duckdb"]
    assert publish(home, wait_seconds=0)


def test_what_killed_publishers_left_is_removed(home: Path) -> None:
    """A temporary file of a process that is gone does not stay for ever."""
    load_stories(home, 1)
    (home / ".warehouse.duckdb.12345.tmp").write_bytes(b"half a copy")
    publish(home, wait_seconds=0)
    assert sorted(each.name for each in home.iterdir()) == ["live", "warehouse.duckdb"]


def test_what_somebody_wrote_into_the_published_file_is_gone(home: Path) -> None:
    """An analyst who opened it for writing and was killed left a log; the next file is ours, whole."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    with duckdb.connect(published_path(home)) as analyst:
        analyst.execute("PRAGMA disable_checkpoint_on_shutdown")
        analyst.execute("CREATE TABLE main.mine AS SELECT 1 AS one")
    assert (home / "warehouse.duckdb.wal").exists()
    load_stories(home, 2)
    assert publish(home, wait_seconds=0)
    assert run_query(home, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").num_rows == 0
    assert count_elsewhere(home) == 2


def test_a_note_without_its_file_counts_for_nothing(home: Path) -> None:
    """A kill, or somebody's hand, between file and note: it is published again."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    note = home / "live" / "published.json"
    for text in ("", "{", "[]", '{"change_count": 1}'):
        note.write_text(text, encoding="ascii")
        assert publish(home, wait_seconds=0)
    assert not publish(home, wait_seconds=0)


def test_a_damaged_published_file_is_replaced(home: Path) -> None:
    """It is a copy; nothing is lost with it."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    published_path(home).write_bytes(b"coffee")
    assert publish(home, wait_seconds=0)
    assert count_elsewhere(home) == 1


def test_an_analyst_in_the_same_process_with_settings_of_their_own_is_no_trouble(home: Path) -> None:
    """A notebook that has the file open in its own way does not stop a publish."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    with duckdb.connect(published_path(home), read_only=True) as notebook:
        load_stories(home, 2)
        assert publish(home, wait_seconds=0)
        assert notebook.execute("SELECT COUNT(*) FROM articles").fetchall() == [(1,)]


def test_a_large_file_is_published_more_seldom(home: Path) -> None:
    """By its size, between bounds; nothing is lost: a later run publishes what was loaded meanwhile."""
    throttle = Throttle(least_seconds=5, seconds_per_gigabyte=300)
    assert throttle.interval_seconds(0) == 5
    assert throttle.interval_seconds(90_000_000) == 5
    assert throttle.interval_seconds(2_100_000_000) == 600
    assert throttle.interval_seconds(500_000_000_000) == 3_600
    load_stories(home, 1)
    hourly = Throttle(least_seconds=3_600)
    assert publish(home, wait_seconds=0, throttle=hourly)
    load_stories(home, 2)
    assert not publish(home, wait_seconds=0, throttle=hourly)
    assert count_elsewhere(home) == 1
    os.utime(published_path(home), (0, time.time() - 3_601))
    assert publish(home, wait_seconds=0, throttle=hourly)
    assert count_elsewhere(home) == 2


def test_a_clock_that_was_set_back_holds_nothing_back(home: Path) -> None:
    """A file of tomorrow is old enough."""
    load_stories(home, 1)
    publish(home, wait_seconds=0)
    load_stories(home, 2)
    os.utime(published_path(home), (0, time.time() + 86_400))
    assert publish(home, wait_seconds=0, throttle=Throttle(least_seconds=3_600))


def test_loaders_do_not_wait_for_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the file is copied the lock is free: a load goes on while the copy is still being written out."""
    load_stories(home, 1)
    original = os.fsync
    loaded: list[int] = []

    def slow(descriptor: int) -> None:
        if not loaded:
            loaded.append(2)
            load_stories(home, 2)
        original(descriptor)

    monkeypatch.setattr("warehouse.copies.os.fsync", slow)
    assert publish(home, wait_seconds=0)
    assert loaded == [2]
    assert count_elsewhere(home) == 1
    assert publish(home, wait_seconds=0)
    assert count_elsewhere(home) == 2


def test_of_two_publishers_one_waits(home: Path) -> None:
    """An older state never takes a newer one's place."""
    load_stories(home, 1)
    with opened(home / "live" / "publish.lock") as descriptor:
        assert try_lock(descriptor)
        with pytest.raises(WarehouseBusyError):
            publish(home, wait_seconds=0.05)
    assert publish(home, wait_seconds=0)
