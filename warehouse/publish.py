"""The loader's file to the analysts' file: checkpoint, copy, fsync, rename; a reader never sees half of one."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import WarehouseError
from warehouse.connection import live_path, open_locked, published_path
from warehouse.copies import clone, put_in_place, temporary_for
from warehouse.locks import loader_lock, opened, wait_for_lock
from warehouse.transactions import change_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How often a file may be published: the larger, the more seldom.

    A checkpoint and a copy of the whole file stand before each publish, whatever has changed.
    """

    least_seconds: float = 0.0
    seconds_per_gigabyte: float = 0.0
    most_seconds: float = 3_600.0

    def interval_seconds(self, file_bytes: int) -> float:
        """The shortest time between two publishes of a file of this size."""
        counted_bytes = max(0, file_bytes - FREE_BYTES)
        wanted = max(self.least_seconds, counted_bytes / 1e9 * self.seconds_per_gigabyte)
        return min(wanted, max(self.most_seconds, self.least_seconds))


FREE_BYTES = 100_000_000
"""What is copied in a moment is published by every run."""

UNTHROTTLED = Throttle()


def publish(home: Path, *, wait_seconds: float, force: bool = False, throttle: Throttle = UNTHROTTLED) -> bool:
    """Publish what is loaded, unless the published file has it already, or is too young to be replaced.

    Readers that have the old file open go on reading it; whoever opens the file next reads the new one. Loaders wait
    for the checkpoint, and for the copy where the file system cannot share blocks; not for the disk.

    Args:
        home: Folder of the warehouse.
        wait_seconds: How long to wait for another loader or publisher at most.
        force: Publish even when nothing has changed.
        throttle: What is due later is left to a later run.

    Returns:
        Whether a new file was published.

    Raises:
        WarehouseBusyError: Another process held the lock for longer.
        WarehouseUnusableError: The loader's file is newer than this code, damaged, or not a warehouse.
        WarehouseError: The copy could not be written; the old file is as it was.
    """
    target = published_path(home)
    if not force and is_too_young(target, throttle):
        return False
    # A lock of its own: of two publishers the later state must win.
    with opened(home / "live" / "publish.lock") as descriptor:
        wait_for_lock(descriptor, home / "live" / "publish.lock", wait_seconds)
        remove_stale(home)
        temporary = temporary_for(target)
        try:
            with loader_lock(home, wait_seconds=wait_seconds) as deadline:
                with open_locked(home, deadline=deadline) as con:
                    count = change_count(con)
                    if not force and is_published(home, count):
                        return False
                    con.execute("CHECKPOINT")
                # Closed: to open the file and close it again would drop DuckDB's own lock on it, for the whole process.
                clone(live_path(home), temporary)
            put_in_place(temporary, target)
            write_note(home, count)
        except OSError as error:
            raise WarehouseError(str(target), f"could not be written: {error.strerror}", "make room for it") from error
        finally:
            temporary.unlink(missing_ok=True)
    return True


def is_too_young(target: Path, throttle: Throttle) -> bool:
    """Whether the published file is not to be replaced yet."""
    try:
        stat = target.stat()
    except FileNotFoundError:
        return False
    # A clock that was set back must not hold it for ever.
    age_seconds = time.time() - stat.st_mtime
    return 0 <= age_seconds < throttle.interval_seconds(stat.st_size)


def remove_stale(home: Path) -> None:
    """Remove what killed publishers left; only the holder of the publishers' lock makes such files."""
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
