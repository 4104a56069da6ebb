"""Runs and how they end."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from warehouse_samples import ask, at

from warehouse.runs import finish_run, is_running, process_of, start_run


def start(con: duckdb.DuckDBPyConnection, run_id: str, minute: float = 0) -> None:
    """Start a run."""
    start_run(
        con,
        run_id,
        command="ingest",
        parameters={"since": at(0), "home": Path("x")},
        started_at=at(minute),
        wirewatch_version="0.1",
    )


def statuses(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Status by run."""
    return {row["run_id"]: row["status"] for row in ask(con, "FROM main.runs")}


def test_a_run_is_running_until_it_says_how_it_ended(con: duckdb.DuckDBPyConnection) -> None:
    """What it says first stays."""
    start(con, "a")
    assert statuses(con) == {"a": "running"}
    finish_run(con, "a", finished_at=at(1), status="done", summary={"loaded": 3})
    finish_run(con, "a", finished_at=at(2), status="failed", summary={})
    (row,) = ask(con, "FROM main.runs")
    assert (row["status"], row["summary"], row["finished_at"]) == ("done", '{"loaded": 3}', at(1))


def test_a_run_whose_process_is_gone_is_interrupted_when_the_next_one_starts(con: duckdb.DuckDBPyConnection) -> None:
    """A killed run shows; one that is still running elsewhere or in this process does not."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(30)
    start(con, "killed")
    start(con, "elsewhere")
    start(con, "here")
    con.execute("UPDATE raw.runs SET process = $1 WHERE run_id = 'killed'", [f"{socket.gethostname()}:{ended.pid}:5"])
    con.execute("UPDATE raw.runs SET process = 'another-host:1:5' WHERE run_id = 'elsewhere'")
    start(con, "next", minute=1)
    assert statuses(con) == {"killed": "interrupted", "elsewhere": "running", "here": "running", "next": "running"}


def test_a_reused_process_id_is_another_process() -> None:
    """The start of a process tells it from a later one with the same id."""
    host, pid, start_tick = process_of(1).rsplit(":", 2)
    assert is_running(process_of(1))
    if start_tick == "":
        pytest.skip("this system does not tell when a process started")
    assert not is_running(f"{host}:{pid}:{int(start_tick) + 1}")
