"""A copy of the loader's file before its schema changes, in case the new one turns out to be a mistake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from extractors.errors import WarehouseUnusableError
from warehouse.copies import copy_durably

BACKUPS_KEPT = 2


def back_up(live: Path, *, before: str, now: datetime) -> Path:
    """Copy a closed, checkpointed file; the caller holds the loader's lock.

    Args:
        live: The loader's file.
        before: The migration that it does not have yet; part of the copy's name.
        now: Aware time.

    Returns:
        The copy. Of earlier ones only the newest is kept.

    Raises:
        WarehouseUnusableError: There is no room for it; nothing was migrated.
    """
    copy = live.with_name(f"warehouse.before-{before}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.duckdb")
    try:
        copy_durably(live, copy)
    except OSError as error:
        problem = f"cannot be copied to {copy.name} before its schema is changed: {error.strerror}"
        raise WarehouseUnusableError(str(live), problem, "make room for the copy; nothing was changed") from error
    for old in backups_of(live)[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    return copy


def backups_of(live: Path) -> list[Path]:
    """Copies that were made before migrations, oldest first."""
    found = live.parent.glob("warehouse.before-[0-9][0-9][0-9][0-9]_*.duckdb")
    return sorted(found, key=lambda path: path.stat().st_mtime)
