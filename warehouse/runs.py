"""Runs: what was started, how it ended, and which ones were killed before they could say so."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.rows import read
from warehouse.transactions import transaction

INSERT_RUN = """
    INSERT INTO raw.runs BY NAME
    SELECT
        $run_id AS run_id,
        $command AS command,
        $parameters AS parameters,
        $started_at AS started_at,
        $wirewatch_version AS wirewatch_version,
        $process AS process
"""
INSERT_END = """
    INSERT INTO raw.run_ends BY NAME
    SELECT $run_id AS run_id, $finished_at AS finished_at, $status AS status, $summary AS summary
    ON CONFLICT DO NOTHING
"""
READ_OPEN_RUNS = """
    SELECT r.run_id, r.process
    FROM raw.runs AS r
    WHERE NOT EXISTS (SELECT 1 FROM raw.run_ends AS e WHERE e.run_id = r.run_id)
"""


def start_run(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    *,
    command: str,
    parameters: Mapping[str, Any],
    started_at: datetime,
    wirewatch_version: str,
    process: str | None = None,
    interrupted: Sequence[str] | None = None,
) -> None:
    """Record that a run started, and end as ``interrupted`` the earlier ones whose process is gone.

    Args:
        con: The loader's connection.
        run_id: Id of the run; must be new.
        command: The command or flow.
        parameters: Its parameters; what JSON cannot hold is stored as text.
        started_at: Aware time.
        wirewatch_version: Version that runs.
        process: The process that runs; this one where it is left out.
        interrupted: The runs to end; those whose process is gone where it is left out.
    """
    values = {
        "run_id": run_id,
        "command": command,
        "parameters": as_json(parameters),
        "started_at": started_at,
        "wirewatch_version": wirewatch_version,
        "process": process or process_of(os.getpid()),
    }
    with transaction(con):
        for killed_id in killed_runs(con) if interrupted is None else interrupted:
            con.execute(INSERT_END, end_of(killed_id, started_at, "interrupted", {}))
        con.execute(INSERT_RUN, values)


def killed_runs(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Ids of the runs that have not ended and whose process is gone."""
    return [row["run_id"] for row in read(con, READ_OPEN_RUNS) if not is_running(row["process"])]


def finish_run(
    con: duckdb.DuckDBPyConnection, run_id: str, *, finished_at: datetime, status: str, summary: Mapping[str, Any]
) -> None:
    """Record how a run ended; a run ends once, and what is said first stays."""
    with transaction(con):
        con.execute(INSERT_END, end_of(run_id, finished_at, status, summary))


def end_of(run_id: str, finished_at: datetime, status: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of INSERT_END."""
    return {"run_id": run_id, "finished_at": finished_at, "status": status, "summary": as_json(summary)}


def as_json(values: Mapping[str, Any]) -> str:
    """An object as JSON; times, paths and enums as text."""
    return json.dumps(dict(values), default=str, sort_keys=True)


def process_of(pid: int) -> str:
    """``host:pid:start``; the start tells a process from a later one with the same id."""
    return f"{socket.gethostname()}:{pid}:{start_of(pid)}"


def is_running(process: str) -> bool:
    """Whether a recorded process lives. One of another host cannot be asked, and counts as living."""
    host, pid, start = process.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return start == start_of(int(pid))


def start_of(pid: int) -> str:
    """Start of a process in ticks since boot, where the system tells (proc(5), field 22); else nothing."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The name in field 2 may hold spaces and brackets; the fields after it are counted from its last bracket.
    return status.rpartition(")")[2].split()[19]
