"""Another file in the place of the loader's, in one step; the file of before is kept beside it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from warehouse.connection import live_path


def replace_live(home: Path, new: Path, *, now: datetime) -> Path | None:
    """Put a closed, checkpointed file where the loader's is; the caller holds the loader's lock.

    Returns:
        Where the old file is now, with its log, if it had one, beside it; None where there was none.
    """
    live = live_path(home)
    log = live.with_name(live.name + ".wal")
    kept: Path | None = None
    if live.exists():
        kept = live.with_name(f"warehouse.before-rebuild-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.duckdb")
        # Its second name before its first is taken: whenever the power goes, both files are there under some name.
        os.link(live, kept)
        if log.exists():
            log.replace(kept.with_name(kept.name + ".wal"))
    else:
        log.unlink(missing_ok=True)
    new.replace(live)
    sync_folder(live.parent)
    return kept


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
