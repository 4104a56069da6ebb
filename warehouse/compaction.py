"""The loader's file with its holes -> one without: each table copied anew, while loaders go on.

DuckDB gives what is freed in a file to later rows, never back to the disk, and what came in small pieces lies in more
blocks than it fills.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.errors import WarehouseBusyError, WarehouseError
from warehouse.connection import connect, live_path, open_locked, readable_errors
from warehouse.copies import clone, put_in_place
from warehouse.leavings import remove
from warehouse.locks import loader_lock

TRIES = 3
"""How often a copy is begun anew because somebody loaded meanwhile."""

LEAST_FREE_BYTES = 16_000_000
LEAST_FREE_SHARE = 0.2
"""With less than this to gain, the file stays as it is."""

READ_SIZES = "SELECT total_blocks * block_size, free_blocks * block_size FROM PRAGMA_DATABASE_SIZE()"
READ_TABLES = """
    SELECT
        FORMAT('"{}"."{}"."{}"', database_name, schema_name, table_name) AS address,
        FORMAT('{}.{}', schema_name, table_name) AS name
    FROM DUCKDB_TABLES()
    WHERE database_name = $name
    ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSizes:
    """The loader's file, in bytes; ``free_bytes`` hold nothing."""

    total_bytes: int
    free_bytes: int


def file_sizes(con: duckdb.DuckDBPyConnection, *, checkpoints: bool = False) -> FileSizes:
    """How large the file is, as of its last checkpoint, or of one that is made for it."""
    if checkpoints:
        con.execute("CHECKPOINT")
    row = con.execute(READ_SIZES).fetchone()
    assert row is not None
    return FileSizes(total_bytes=int(row[0]), free_bytes=int(row[1]))


def compact(
    home: Path,
    *,
    wait_seconds: float,
    memory_limit: str = "1GB",
    threads: int = 2,
    force: bool = False,
) -> bool:
    """Copy the loader's file table by table, and put the copy in its place; for the holder of the archive.

    The copy is made of a copy, so that loaders wait for the checkpoint and a plain copy only. Where they have written
    meanwhile it is begun anew. Both copies need room.

    Args:
        home: Folder of the warehouse.
        wait_seconds: How long to wait for a loader at most.
        memory_limit: DuckDB's limit, such as "1GB".
        threads: DuckDB's threads.
        force: Copy it even with little to gain.

    Returns:
        Whether it was done; with too little to gain, the file is as it was.

    Raises:
        WarehouseBusyError: Somebody held the lock for longer, or loaded during each try.
        WarehouseUnusableError: The file is damaged, or there is no room.
        WarehouseError: A copy could not be written, or lost a row; the file is as it was.
    """
    live = live_path(home)
    try:
        for _ in range(TRIES):
            remove_unfinished(home)
            with loader_lock(home, wait_seconds=wait_seconds) as deadline:
                with open_locked(home, deadline=deadline, memory_limit=memory_limit, threads=threads) as con:
                    sizes = file_sizes(con, checkpoints=True)
                if not force and sizes.free_bytes < max(LEAST_FREE_BYTES, LEAST_FREE_SHARE * sizes.total_bytes):
                    return False
                clone(live, source_path(home))
                state = state_of(live)
            copy_tables(home, memory_limit=memory_limit, threads=threads)
            with loader_lock(home, wait_seconds=wait_seconds) as deadline:
                # A program that has it open and does not ask for our lock is met here.
                with open_locked(home, deadline=deadline, memory_limit=memory_limit, threads=threads):
                    pass
                if state_of(live) == state:
                    put_in_place(target_path(home), live)
                    return True
    except OSError as error:
        raise WarehouseError(str(live), f"could not be copied: {error.strerror}", "make room for two copies") from error
    finally:
        remove_unfinished(home)
    problem = f"was written to each of {TRIES} times while it was copied to be compacted"
    raise WarehouseBusyError(str(live), problem, "run `wirewatch maintain` when fewer runs are at work")


def state_of(live: Path) -> list[tuple[int, int, int] | None]:
    """What tells whether anything was written to a file or its log since; opening alone changes nothing."""
    stats = [path.stat() if path.exists() else None for path in (live, live.with_name(f"{live.name}.wal"))]
    return [(stat.st_ino, stat.st_size, stat.st_mtime_ns) if stat else None for stat in stats]


def copy_tables(home: Path, *, memory_limit: str, threads: int) -> None:
    """Copy everything in one file to a new one: schemas, sequences, tables, views, macros.

    Raises:
        WarehouseUnusableError: The file is damaged, or there is no room.
        WarehouseError: The copy has other numbers of rows.
    """
    live = live_path(home)
    with (
        readable_errors(live),
        connect(target_path(home), memory_limit=memory_limit, threads=threads, reaches_files=True) as con,
    ):
        # ATTACH takes no parameters; the path is the home's own.
        quoted = str(source_path(home)).replace("'", "''")
        con.execute(f"ATTACH '{quoted}' AS compacting (READ_ONLY)")
        con.execute("SET enable_external_access = FALSE")
        con.execute("COPY FROM DATABASE compacting TO compacted")
        before, after = row_counts(con, "compacting"), row_counts(con, "compacted")
        con.execute("DETACH compacting; CHECKPOINT")
    if before != after:
        raise WarehouseError(str(live), "was not compacted: a copy has other numbers of rows", "run `wirewatch verify`")


def row_counts(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    """How many rows each table of an attached file has."""
    tables = con.execute(READ_TABLES, {"name": database}).fetchall()
    return {name: len(con.table(address)) for address, name in tables}


def remove_unfinished(home: Path) -> list[Path]:
    """Remove the copies of a compaction that ended in any way; for the holder of the archive."""
    return remove(live_path(home).parent.glob("compact*.duckdb*"))


def source_path(home: Path) -> Path:
    """The file that is copied from."""
    return live_path(home).with_name("compacting.duckdb")


def target_path(home: Path) -> Path:
    """The file that is copied to."""
    return live_path(home).with_name("compacted.duckdb")
