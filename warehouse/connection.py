"""A home's DuckDB files as connections: the loader's, under its lock, and the analysts', read-only."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from extractors.errors import WarehouseBusyError, WarehouseUnusableError
from warehouse.backups import back_up
from warehouse.locks import POLL_SECONDS, claim_outlet, loader_lock
from warehouse.migrate import is_current, migrate, missing_migration

__all__ = ["claim_outlet", "connect", "live_path", "open_live", "open_published", "published_path", "readable_errors"]

DAMAGE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,  # a commit that could not be written
)
"""What DuckDB raises when a file is not what it should be, or when the disk fails it."""

LOG_LIMIT = "16MB"
"""How long the write-ahead log may grow before it is folded into the file; DuckDB's own limit.

Each opening reads the log (10 ms a megabyte), and a run that others wait for opens the file for each of its
transactions: 600 of them took 99 s with this limit, 137 s with 128 MB. Each folding compresses the unfinished part of
every table anew, up to half a gigabyte of texts (5 s of a processor's time): a load of 100,000 articles in one opening
is cheapest with 128 MB.
"""

LOCKED = "Could not set lock on file"
"""How DuckDB says that another process has the file open; it has no class of its own."""

FULL = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""How it passes on that the disk takes no more."""


def live_path(home: Path) -> Path:
    """The loader's file."""
    return home / "live" / "warehouse.duckdb"


def published_path(home: Path) -> Path:
    """The analysts' file."""
    return home / "warehouse.duckdb"


@contextmanager
def open_live(
    home: Path, *, wait_seconds: float, memory_limit: str = "1GB", threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the loader's file under the loader's lock, migrate it when needed, and close it.

    Meant for short transactions, many times a run: while it is open no other process or thread can load.

    Args:
        home: Folder of the warehouse; made when it is not there.
        wait_seconds: How long to wait for another loader at most.
        memory_limit: DuckDB's limit, such as "1GB"; beyond it, it spills to disk.
        threads: DuckDB's threads.

    Raises:
        WarehouseBusyError: Another process held the lock, or had the file itself open, for longer.
        WarehouseUnusableError: The file is newer than this code, damaged, or not a warehouse.
    """
    with (
        loader_lock(home, wait_seconds=wait_seconds) as deadline,
        open_locked(home, deadline=deadline, memory_limit=memory_limit, threads=threads) as con,
    ):
        yield con


@contextmanager
def open_locked(
    home: Path, *, deadline: float, memory_limit: str = "1GB", threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the loader's file for the holder of the loader's lock; ``deadline`` is what the lock yields."""
    path = live_path(home)
    with readable_errors(path):
        create_when_missing(path, memory_limit=memory_limit, threads=threads)
    con = connect_patiently(path, deadline=deadline, memory_limit=memory_limit, threads=threads)
    try:
        with readable_errors(path):
            if not is_current(con):
                if (next_migration := missing_migration(con)) is not None:
                    con.execute("CHECKPOINT")
                    con.close()
                    back_up(path, before=next_migration, now=datetime.now(UTC))
                    con = connect_patiently(path, deadline=deadline, memory_limit=memory_limit, threads=threads)
                migrate(con)
            yield con
    finally:
        con.close()


def open_published(home: Path, *, memory_limit: str = "1GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Open the analysts' file read-only, with files and network out of reach of SQL.

    Raises:
        WarehouseUnusableError: Nothing has been published yet, or the file is damaged or not a warehouse.
    """
    path = published_path(home)
    if not path.exists():
        raise WarehouseUnusableError(str(path), "nothing has been published yet", "run `wirewatch ingest` first")
    with readable_errors(path):
        return connect(path, read_only=True, memory_limit=memory_limit, threads=threads)


def create_when_missing(path: Path, *, memory_limit: str, threads: int) -> None:
    """Make a new warehouse beside its place and rename it: a kill cannot leave half a file under its name."""
    if path.exists() and path.stat().st_size > 0:
        return
    unfinished = path.with_name("warehouse.new.duckdb")
    for stale in (unfinished, unfinished.with_name("warehouse.new.duckdb.wal")):
        stale.unlink(missing_ok=True)
    con = connect(unfinished, memory_limit=memory_limit, threads=threads)
    try:
        migrate(con)
        con.execute("CHECKPOINT")
    finally:
        con.close()
    # A log that an earlier, now missing, file left behind belongs to that file.
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    unfinished.replace(path)


def connect_patiently(path: Path, *, deadline: float, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """Open the file for writing; wait while someone has it open who did not ask for our lock."""
    while True:
        try:
            with readable_errors(path):
                con = connect(path, memory_limit=memory_limit, threads=threads)
            # A checkpoint at each close took 1.0 s at 80,000 articles, for 20 new ones; the log is read again in
            # 0.05 s, is folded in at LOG_LIMIT and by each publish.
            con.execute(f"PRAGMA disable_checkpoint_on_shutdown; SET checkpoint_threshold = '{LOG_LIMIT}'")
            return con  # noqa: TRY300 - the try stands around the lock that others hold
        except WarehouseBusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(POLL_SECONDS)


def connect(
    path: Path, *, read_only: bool = False, memory_limit: str = "1GB", threads: int = 2, reaches_files: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file with our settings: SQL reaches no other file, no network, no extension, no Python variable.

    Arrow tables that are registered by name work all the same. With ``reaches_files`` another file can be attached.
    """
    con = duckdb.connect(
        path,
        read_only=read_only,
        config={
            "storage_compatibility_version": "v1.2.0",
            "memory_limit": memory_limit,
            "threads": threads,
            "enable_external_access": reaches_files,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )
    # DuckDB draws a progress bar on standard output, terminal or not, once a statement has taken two seconds.
    con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = FALSE")
    return con


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn DuckDB's complaints about the file into errors that say what to do.

    Raises:
        WarehouseBusyError: Another process has the file open.
        WarehouseUnusableError: The disk is full, or the file is damaged, no DuckDB file, or of a newer DuckDB.
    """
    try:
        yield
    except duckdb.ConnectionException as error:
        # DuckDB keeps one instance of a file in a process, with one configuration.
        advice = "close it there first"
        raise WarehouseBusyError(str(path), "is open in this process with other settings", advice) from error
    except DAMAGE as error:
        said = str(error).splitlines()[0]
        if LOCKED in said:
            advice = "analysts open the published file, home/warehouse.duckdb, and with read_only"
            raise WarehouseBusyError(str(path), f"another program has the file open ({said})", advice) from error
        if any(words in said for words in FULL):
            advice = "make room for it; what was written before is kept, and the next run goes on from there"
            raise WarehouseUnusableError(str(path), f"cannot be written: {said}", advice) from error
        advice = "if it is damaged, move it away and load the archive again; the archive holds every response"
        raise WarehouseUnusableError(str(path), f"cannot be used as a warehouse: {said}", advice) from error
