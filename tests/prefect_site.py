"""A Prefect server and a runner with the deployments of a newsroom, each a process: what a triggered run stands on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from workbench import Workbench, make_workbench

from newsroom import running_newsroom

SERVICE_UNAVAILABLE = 503
PATIENCE_SECONDS = 600
"""A machine that is busy with other things takes minutes to import Prefect a few times."""

ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
SERVE = """
import asyncio, sys
from pathlib import Path
from flows.deployments import build_deployments
from flows.settings import open_workspace
from flows.deployed.warm_start import WarmRunner

async def serve():
    runner = WarmRunner(name="test", pause_on_shutdown=False)
    for deployment in build_deployments(open_workspace(Path(sys.argv[1]), Path(sys.argv[2]))):
        await runner.aadd_deployment(deployment)
    await runner.start()

if __name__ == "__main__":
    asyncio.run(serve())
"""


@dataclass(frozen=True, slots=True)
class PrefectSite:
    """A running server and runner; ``seen`` are the runs that a test has looked at."""

    url: str
    env: Mapping[str, str]
    bench: Workbench
    log: Path
    seen: list[str] = field(default_factory=list)

    def ask(self, path: str, body: object = None) -> Any:
        """Prefect's HTTP API: POST where there is a body; asked again while the server says that it is too busy."""
        data = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self.url}/api{path}", data, {"Content-Type": "application/json"})
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except HTTPError as error:
                # What Prefect's own clients do: the answer of a server whose SQLite file is locked by another request.
                if error.code != SERVICE_UNAVAILABLE or time.monotonic() > until:
                    raise
                time.sleep(1)

    def prefect(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``prefect WORDS``, as typed in a shell."""
        command = [sys.executable, "-m", "prefect", *words]
        return subprocess.run(
            command, env=self.env, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )

    def deployment_id(self, name: str) -> str:
        """Of ``flow/deployment``."""
        return str(self.ask(f"/deployments/name/{name}")["id"])

    def trigger(self, name: str, **parameters: object) -> str:
        """Ask for a run; its id."""
        path = f"/deployments/{self.deployment_id(name)}/create_flow_run"
        return str(self.ask(path, {"parameters": parameters})["id"])

    def new_runs(self, name: str) -> list[dict[str, Any]]:
        """Runs of a deployment that no test has looked at, whatever their state."""
        wanted = {"deployments": {"id": {"any_": [self.deployment_id(name)]}}, "sort": "START_TIME_DESC"}
        return [run for run in self.ask("/flow_runs/filter", wanted) if run["id"] not in self.seen]

    def ended(self, name: str) -> dict[str, Any]:
        """Wait for a run of a deployment to end that no test has looked at."""

        def find() -> dict[str, Any] | None:
            return next((run for run in self.new_runs(name) if run["state"]["type"] in ENDED), None)

        run: dict[str, Any] = self.wait_for(find)
        self.seen.append(run["id"])
        return run

    def lines(self, run: Mapping[str, Any]) -> list[tuple[int, str]]:
        """Levels and lines of a run's log, which arrives a little later than its state."""
        wanted = {"logs": {"flow_run_id": {"any_": [run["id"]]}}, "sort": "TIMESTAMP_ASC"}

        def find() -> list[tuple[int, str]] | None:
            lines = [(line["level"], line["message"]) for line in self.ask("/logs/filter", wanted)]
            return lines if any(line.startswith("Finished in state") for _, line in lines) else None

        found: list[tuple[int, str]] = self.wait_for(find)
        return found

    def of_run(self, kind: str, run: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A run's ``artifacts`` or ``task_runs``."""
        found: list[dict[str, Any]] = self.ask(
            f"/{kind}/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}, "limit": 50}
        )
        return found

    def wait_for(self, find: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
        """Ask until there is an answer; the processes' log is told when there is none."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if found := find():
                    return found
            except OSError:
                pass  # not yet there
            time.sleep(0.5)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-3000:])


@contextmanager
def running_process(command: list[str], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the ``with`` block."""
    with log.open("a") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as running:
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(timeout=30)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def running_prefect_site(folder: Path, *, has_runner: bool = True) -> Iterator[PrefectSite]:
    """Start everything below a folder; ticks are a day apart, so that none comes between."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "DO_NOT_TRACK": "1",
    }
    with ExitStack() as stack:
        bench = make_workbench(stack.enter_context(running_newsroom()), folder)
        place = bench.workspace.config, bench.workspace.home
        with (place[0] / "wirewatch.toml").open("a", encoding="utf-8") as settings:
            settings.write("\n[schedules]\ntick_minutes = 1440\n")
        site = PrefectSite(url, env, bench, folder / "processes.log")
        serve = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        stack.enter_context(running_process(serve, env, site.log))
        site.wait_for(lambda: site.ask("/health"))
        if has_runner:
            run = [sys.executable, "-c", SERVE, *map(str, place)]
            stack.enter_context(running_process(run, env, site.log))
            site.wait_for(lambda: site.deployment_id("backfill/backfill"))
        yield site
