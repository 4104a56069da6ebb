"""What killed processes leave in a home beside the files that count, removed where nobody is at work."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from extractors.errors import WarehouseBusyError
from warehouse.connection import live_path, published_path
from warehouse.locks import loader_lock, opened, try_lock


def remove_leavings(home: Path) -> list[Path]:
    """Remove unfinished copies and DuckDB's spilled memory, unless a publisher or loader that lives may own them.

    Args:
        home: Folder of the warehouse.

    Returns:
        What was removed, by its place in the home.
    """
    removed = []
    with opened(home / "live" / "publish.lock") as descriptor:
        if try_lock(descriptor):
            removed += remove(home.glob(f".{published_path(home).name}.*.tmp"))
    with contextlib.suppress(WarehouseBusyError), loader_lock(home, wait_seconds=0):
        removed += remove(home.glob("live/.warehouse.before-*.tmp"))
        removed += remove(home.glob(f"live/{live_path(home).name}.tmp"))
    return [path.relative_to(home) for path in removed]


def remove(found: Iterable[Path]) -> list[Path]:
    """Remove files, and folders with what is in them."""
    paths = sorted(found)
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return paths
