from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from stand_ins import is_gone

from extractors.errors import WarehouseBusyError
from flows.settings import Settings, Workspace
from flows.supervision.home import clear_home, sole_supervisor
from flows.supervision.processes import MARK, mark_of
from warehouse.locks import loader_lock, opened, try_lock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty home."""
    return Workspace(config=tmp_path / "config", home=tmp_path / "home", settings=Settings(), outlets={})


def leave(home: Path, *names: str) -> None:
    """What killed processes leave."""
    for name in names:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")


LEFT = (
    ".warehouse.duckdb.123.tmp",
    "live/.warehouse.before-0007_x.duckdb.123.tmp",
    "live/warehouse.duckdb.tmp/duckdb_temp_storage.tmp",
)
KEPT = ("warehouse.duckdb", "live/warehouse.duckdb.wal", "live/outlets/x.lock", "archive/2026/11/a.warc.gz")


def test_unfinished_files_are_removed_and_nothing_else(workspace: Workspace) -> None:
    """What counts stays, locks too: the kernel frees them, and an unlinked one would be held by nobody."""
    leave(workspace.home, *LEFT, *KEPT)
    (line,) = clear_home(workspace)
    assert line == (
        "removed what a killed process left: .warehouse.duckdb.123.tmp, "
        "live/.warehouse.before-0007_x.duckdb.123.tmp, live/warehouse.duckdb.tmp"
    )
    assert not any((workspace.home / name).exists() for name in LEFT)
    assert all((workspace.home / name).exists() for name in KEPT)
    assert clear_home(workspace) == []


def test_files_of_those_at_work_stay(workspace: Workspace) -> None:
    """Somebody who loads or publishes by hand is not disturbed."""
    leave(workspace.home, *LEFT)
    with loader_lock(workspace.home, wait_seconds=0), opened(workspace.home / "live" / "publish.lock") as publisher:
        assert try_lock(publisher)
        assert clear_home(workspace) == []
    assert all((workspace.home / name).exists() for name in LEFT)


def test_processes_of_an_earlier_life_are_ended(workspace: Workspace) -> None:
    """An orphaned server would hold the port."""
    workspace.home.mkdir()
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    environment = {**os.environ, MARK: mark_of(workspace.home)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE) as orphan:
        assert orphan.stdout is not None
        orphan.stdout.readline()
        assert clear_home(workspace) == [f"ended processes of an earlier life: {orphan.pid}"]
        assert is_gone(orphan.pid)


def test_a_home_has_one_supervisor(workspace: Workspace) -> None:
    """The second one is told which process is the first."""
    refused = pytest.raises(WarehouseBusyError, match=rf"another `wirewatch up` \(process {os.getpid()}\) runs")
    with sole_supervisor(workspace.home), refused, sole_supervisor(workspace.home):
        pass
    with sole_supervisor(workspace.home):
        pass
