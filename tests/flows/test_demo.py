"""``wirewatch demo`` as a new user runs it: the flow itself, in processes of its own, on a Prefect of its own."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsroom import Edition, expected_articles


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for both demos of this module."""
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def demo_port() -> int:
    """The first of two free ports."""
    for port in range(28_081, 28_281, 2):
        with closing(socket.socket()) as first, closing(socket.socket()) as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports")


def run_demo(home: Path, port: int, *options: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, summary and what a person saw of one demo."""
    command = [sys.executable, "-m", "flows.cli", "demo", "--home", str(home), "--port", str(port), "--json", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def test_a_fresh_demo_loads_the_day_and_a_second_one_loads_nothing(demo_home: Path, demo_port: int) -> None:
    """Morning, evening with two edits, then nothing new; each run recorded in Prefect by outlet and stage."""
    code, summary, shown = run_demo(demo_home, demo_port)
    assert code == 0, shown
    morning, evening = summary["runs"]["morning"], summary["runs"]["evening"]
    assert sum(outlet["loaded"] for outlet in morning["outlets"]) == len(expected_articles(Edition.MORNING))
    assert sum(outlet["revised"] for outlet in evening["outlets"]) == 2
    assert "What came out" in shown
    assert all(f'"{sql}"' in shown for sql in summary["queries"])
    assert len(summary["queries"]) == 3

    code, again, shown = run_demo(demo_home, demo_port)
    assert (code, list(again["runs"])) == (0, ["evening"])
    assert all(outlet["loaded"] == outlet["revised"] == 0 for outlet in again["runs"]["evening"]["outlets"])
    assert "Nothing new: no article was written." in shown

    with closing(sqlite3.connect(demo_home / "prefect" / "prefect.db")) as prefect:
        flows = prefect.execute("SELECT state_type FROM flow_run").fetchall()
        tasks = {name for (name,) in prefect.execute("SELECT name FROM task_run")}
        artifacts = prefect.execute("SELECT key, data FROM artifact ORDER BY created").fetchall()
    assert flows == [("COMPLETED",)] * 3
    stages = ("discover", "fetch", "extract", "load")
    outlets = ("sample_gazette", "sample_observatory_ar", "sample_observatory_en")
    assert tasks >= {f"{stage} {outlet}" for stage in stages for outlet in outlets}
    assert [key for key, _ in artifacts] == ["ingest"] * 3
    assert "sample_gazette" in artifacts[0][1]


def test_the_queries_that_the_demo_prints_work(demo_home: Path) -> None:
    """Each of the three has an answer."""
    from flows.demo import QUERIES
    from warehouse.query import run_query

    assert all(run_query(demo_home, sql).num_rows for _, sql in QUERIES)


def test_a_taken_port_is_told(demo_home: Path, demo_port: int) -> None:
    """The message says which, and what to do."""
    with closing(socket.socket()) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", demo_port))
        taken.listen()
        command = [sys.executable, "-m", "flows.cli", "demo", "--home", str(demo_home), "--port", str(demo_port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "is in use by another program" in done.stderr
