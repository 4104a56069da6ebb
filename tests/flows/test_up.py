"""``wirewatch up`` for real: a Prefect server, a runner, runs on the newsroom, and kill -9 of each of them in turn."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil
import pytest
from workbench import Workbench, make_workbench

from flows.supervision.processes import kill, marked
from newsroom import Edition, RunningNewsroom, expected_articles, running_newsroom
from warehouse.checks import run_checks
from warehouse.connection import open_live

PATIENCE_SECONDS = 400.0
"""A first start takes 25 s of a processor, and the machine may be busy with other things."""

ATTEMPTS = 60
QUICK, SLOW = "seconds_between_requests = 0\n", "seconds_between_requests = 0.7\n"
"""Slow enough for a run to be met at work."""

ENDED = ("COMPLETED", "CANCELLED", "FAILED", "CRASHED")
FLOW_RUN = "PREFECT__FLOW_RUN_ID"


class Up:
    """A ``wirewatch up`` that runs, what it says, and its server's API."""

    def __init__(self, bench: Workbench, port: int, log: Path) -> None:
        self.bench = bench
        self.port = port
        self.log = log
        self.command = [sys.executable, "-m", "flows.cli", "up", *self.places()]
        self.process = self.start()

    def places(self) -> list[str]:
        """Where it works."""
        return ["--config", str(self.bench.workspace.config), "--home", str(self.bench.workspace.home)]

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, with a log of its own."""
        self.log.write_bytes(b"")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)
        return self.process

    @property
    def lines(self) -> list[str]:
        """What it said, without the time."""
        return [line.partition(" ")[2] for line in self.log.read_text(encoding="utf-8").splitlines()]

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for a truth, and return it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := condition()):
            assert self.process.poll() is None, (what, self.lines)
            assert time.monotonic() < end, (what, self.lines)
            time.sleep(0.05)
        return found

    def until_ready(self, times: int = 1) -> None:
        """Wait until a runner has said so often that it is ready."""
        self.until(lambda: sum("runner: ready" in line for line in self.lines) >= times, "no runner got ready")

    def pid(self, name: str) -> int:
        """Id of the server or the runner."""
        line = [line for line in self.lines if line.startswith(f"{name}: starting (process ")][-1]
        return int(line.partition("process ")[2].rstrip(")"))

    def workers(self) -> dict[str, psutil.Process]:
        """Living processes of flow runs, by the run's id; not the processes below them."""
        found = {}
        for process in marked(self.bench.workspace.home):
            with contextlib.suppress(psutil.Error):
                run_id = process.environ().get(FLOW_RUN)
                if run_id and "prefect.engine" in process.cmdline():
                    found[run_id] = process
        return found

    def ask(self, path: str, body: object = None) -> Any:
        """What the API answers; a database that is busy for the moment is asked again."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}", data=data, headers=headers)
        for _ in range(ATTEMPTS):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
            time.sleep(1.0)
        return pytest.fail(f"the server stays busy: {path}")

    def trigger(self) -> str:
        """Ask for a run of every outlet, as the user interface does; its id."""
        deployments = self.ask("deployments/filter", {})
        (deployment_id,) = [each["id"] for each in deployments if each["name"] == "due"]
        parameters = {"outlets": list(self.bench.workspace.outlets)}
        run = self.ask(f"deployments/{deployment_id}/create_flow_run", {"parameters": parameters})
        return str(run["id"])

    def state(self, run_id: str) -> str:
        """State of a run, while the server answers."""
        try:
            return str(self.ask(f"flow_runs/{run_id}")["state_type"])
        except (urllib.error.URLError, OSError):
            return ""

    def run_at_work(self) -> tuple[str, psutil.Process]:
        """Ask for a run, unless a tick came first, and wait until it has fetched some pages."""
        before = pages_asked(self.bench)
        self.trigger()
        self.until(lambda: pages_asked(self.bench) >= before + 2, "no run fetched pages")
        return next(iter(self.workers().items()))

    def completed_run(self) -> None:
        """Let a run come to its end; one that meets a tick at work is skipped, and asked for again."""
        for _ in range(ATTEMPTS):
            self.until(lambda: not self.workers(), "a run does not end")
            run_id = self.trigger()
            self.until(lambda run_id=run_id: self.state(run_id) in ENDED, run_id)  # type: ignore[misc]
            if self.state(run_id) == "COMPLETED":
                return
        pytest.fail(f"no run was completed: {self.lines}")


def pages_asked(bench: Workbench) -> int:
    """Article pages that the newsroom was asked for so far."""
    listings = ("/robots.txt", "/rss", "wp-json", "/feed")
    return sum(not any(part in request.path for part in listings) for request in bench.newsroom.requests)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets in the morning."""
    with running_newsroom() as running:
        yield running


@pytest.fixture(scope="module")
def up(newsroom: RunningNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that is ready; the tests of this module share it, since a server takes a while to start."""
    folder = tmp_path_factory.mktemp("up")
    bench = make_workbench(newsroom, folder)
    port = free_port()
    settings = bench.workspace.config / "wirewatch.toml"
    text = settings.read_text(encoding="utf-8").replace(QUICK, SLOW)
    text += f"\n[server]\nport = {port}\npoll_seconds = 1\n\n[monitor]\nport = 0\n"
    settings.write_text(text, encoding="utf-8")
    running = Up(bench, port, folder / "up.log")
    try:
        running.until_ready()
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()
        kill(marked(bench.workspace.home))


def test_kill_9_of_each_in_turn_loses_nothing_and_doubles_nothing(up: Up) -> None:
    """A run's worker, the runner, the server and `up` itself: each time the next run goes on from there.

    A run that died is marked as crashed and holds no slot; what it had started is gone.
    """
    run_id, worker = up.run_at_work()
    worker.kill()
    up.until(lambda: up.state(run_id) == "CRASHED", "the killed worker's run is not crashed")

    run_id, worker = up.run_at_work()
    os.kill(up.pid("runner"), signal.SIGKILL)
    up.until_ready(2)
    assert not worker.is_running()
    assert up.state(run_id) == "CRASHED"
    assert "the runner was ended by SIGKILL; starting it again in 1 s" in up.lines

    run_id, worker = up.run_at_work()
    os.kill(up.pid("server"), signal.SIGKILL)
    up.until_ready(3)
    assert not worker.is_running()
    assert up.state(run_id) == "CRASHED"

    run_id, worker = up.run_at_work()
    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    end = time.monotonic() + PATIENCE_SECONDS
    while left := marked(up.bench.workspace.home):
        assert time.monotonic() < end, f"still running: {left}"
        time.sleep(0.05)
    up.start()
    up.until_ready()
    assert up.state(run_id) == "CRASHED"
    assert not worker.is_running()

    settings = up.bench.workspace.config / "wirewatch.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(SLOW, QUICK), encoding="utf-8")
    up.completed_run()
    wanted = {(e.outlet_id, e.title): e.text for e in expected_articles(Edition.MORNING)}
    rows = up.bench.ask("SELECT outlet_id, title, text, revision_count FROM articles")
    assert {(row["outlet_id"], row["title"]): row["text"] for row in rows} == wanted
    assert len(rows) == len(wanted)
    assert {row["revision_count"] for row in rows} == {1}
    assert up.bench.column("SELECT DISTINCT state FROM links") == ["done"]
    with open_live(up.bench.workspace.home, wait_seconds=60) as con:
        assert [each for each in run_checks(con) if each.offending_count] == []


def test_a_second_one_on_the_same_home_is_refused(up: Up) -> None:
    """The message names the process that has it."""
    second = subprocess.run(up.command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert second.returncode == 3
    assert f"another `wirewatch up` (process {up.process.pid}) runs on this home" in second.stderr


def test_its_port_taken_is_told(up: Up, tmp_path: Path) -> None:
    """A home of its own does not help against a port that another server has."""
    command = [*up.command[:-1], str(tmp_path / "home")]
    second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert second.returncode == 2
    assert f"127.0.0.1:{up.port} is taken by another Prefect server (process {up.pid('server')}" in second.stderr


def test_a_signal_ends_everything(up: Up) -> None:
    """With a run at work, and exit code 0: it was asked for. The run says that it was cancelled."""
    up.bench.newsroom.set_edition(Edition.EVENING)
    up.bench.newsroom.misbehave("observatory", ".*", "silent")
    up.bench.newsroom.misbehave("gazette", ".*", "silent")
    up.trigger()
    up.until(up.workers, "no run was started")
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(PATIENCE_SECONDS) == 0
    assert marked(up.bench.workspace.home) == []
    assert any(line.startswith("stopped within ") for line in up.lines)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", up.port))
