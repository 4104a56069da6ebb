"""The loader's file to the analysts' file: checkpoint, copy, fsync, rename; a reader never sees half of one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

from extractors.errors import WarehouseError
from warehouse.connection import live_path, open_locked, published_path
from warehouse.locks import loader_lock
from warehouse.transactions import change_count

FICLONE = 0x40049409
"""ioctl_ficlone(2): let two files share their blocks until one of them is written."""


def publish(home: Path, *, wait_seconds: float, force: bool = False) -> bool:
    """Publish what is loaded, unless the published file has it already.

    Readers that have the old file open go on reading it; whoever opens the file next reads the new one.

    Args:
        home: Folder of the warehouse.
        wait_seconds: How long to wait for another loader at most.
        force: Publish even when nothing has changed.

    Returns:
        Whether a new file was published.

    Raises:
        WarehouseBusyError: Another process held the lock for longer.
        WarehouseUnusableError: The loader's file is newer than this code, damaged, or not a warehouse.
        WarehouseError: The copy could not be written; the old file is as it was.
    """
    target = published_path(home)
    with loader_lock(home, wait_seconds=wait_seconds) as deadline:
        remove_stale(home)
        with open_locked(home, deadline=deadline) as con:
            count = change_count(con)
            if not force and is_published(home, count):
                return False
            con.execute("CHECKPOINT")
        # Closed: to open the file and close it again would drop DuckDB's own lock on it, for the whole process.
        try:
            copy_durably(live_path(home), target)
            write_note(home, count)
        except OSError as error:
            raise WarehouseError(str(target), f"could not be written: {error.strerror}", "make room for it") from error
    return True


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file beside its place, and rename it when all of it is on the disk."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with source.open("rb") as reader, temporary.open("wb") as writer:
            try:
                fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
            except OSError:
                # Most file systems cannot share blocks.
                shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        # Somebody who opened the published file for writing left a log, which belongs to the file that goes now.
        target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_stale(home: Path) -> None:
    """Remove what killed publishers left; only the holder of the lock makes such files, and that is us."""
    target = published_path(home)
    for stale in home.glob(f".{target.name}.*.tmp"):
        stale.unlink(missing_ok=True)


def is_published(home: Path, count: int) -> bool:
    """Whether the published file is the one that was made at this count of writes.

    A note beside the live file tells, so that nobody's reading of the published file is met. A file that somebody has
    replaced or written to since is not the one; a note that a kill left behind is of an older file, or of none.
    """
    try:
        noted = json.loads(note_path(home).read_text(encoding="ascii"))
        return bool(noted == note_of(published_path(home), count))
    except (OSError, ValueError):
        return False


def write_note(home: Path, count: int) -> None:
    """Note what was published; the note counts only while it fits the file, so it need not be durable."""
    note_path(home).write_text(json.dumps(note_of(published_path(home), count)), encoding="ascii")


def note_of(path: Path, count: int) -> dict[str, int]:
    """The count of writes with what tells one file from another."""
    stat = path.stat()
    return {"change_count": count, "inode": stat.st_ino, "bytes": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def note_path(home: Path) -> Path:
    """Where the note is."""
    return home / "live" / "published.json"
