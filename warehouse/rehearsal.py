"""A copy of a home's live file to try a run on, and what stands there of the links that the run would look at."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from extractors.errors import WarehouseUnusableError
from warehouse.connection import live_path
from warehouse.links import LinkState
from warehouse.locks import readers_lock
from warehouse.rows import read

READ_CONSIDERED = """
    SELECT
        CAST(l.link_id AS VARCHAR) AS link_id,
        l.requested_url, l.state, l.first_seen_at, l.queued_at, l.attempt_count, l.retry_at, l.is_forced
    FROM core.links AS l
    WHERE
        l.outlet_id = $outlet_id
        AND (
            l.state <> 'done'
            OR l.link_id IN (SELECT s.link_id FROM core.sightings AS s WHERE s.last_run_id = $run_id)
        )
    ORDER BY l.queued_at DESC, l.position, l.link_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsideredLink:
    """A link that a run looks at: one that is open, or that a source listed in this run."""

    link_id: str
    requested_url: str
    state: LinkState
    first_seen_at: datetime
    queued_at: datetime
    attempt_count: int
    retry_at: datetime | None
    is_forced: bool


def copy_live(home: Path, rehearsal_home: Path, *, wait_seconds: float) -> None:
    """Copy the loader's file, with its write-ahead log, into another home; nothing in ``home`` is made or written.

    Args:
        home: Folder of the warehouse; where there is none yet, nothing is copied.
        rehearsal_home: Folder of the copy, empty.
        wait_seconds: How long to wait for a loader to finish its transaction at most.

    Raises:
        WarehouseBusyError: A loader held the lock for longer.
        WarehouseUnusableError: The file cannot be read, or there is no room for the copy.
    """
    source, target = live_path(home), live_path(rehearsal_home)
    target.parent.mkdir(parents=True)
    with readers_lock(home, wait_seconds=wait_seconds):
        # What a killed loader left beside the file belongs to it: its log, and the log of a checkpoint.
        for path in sorted(source.parent.glob(f"{source.name}*")):
            try:
                shutil.copyfile(path, target.parent / path.name)
            except OSError as error:
                problem = f"cannot be copied to {target.parent}: {error.strerror}"
                advice = "where there is no room, name another folder for temporary files with $TMPDIR"
                raise WarehouseUnusableError(str(path), problem, advice) from error


def considered_links(con: duckdb.DuckDBPyConnection, outlet_id: str, run_id: str) -> list[ConsideredLink]:
    """Links of an outlet that are open, or that a source listed in this run."""
    rows = read(con, READ_CONSIDERED, {"outlet_id": outlet_id, "run_id": run_id})
    return [ConsideredLink(**row) for row in rows]
