"""Print what a tick costs that brings nothing: a hundred sources that are due and answer 304, in processor time.

Each is a process of its own, as a timer or a runner starts it: `wirewatch ingest`; the flow run of `ingest/due` as a
fork of the runner's warm process (flows/deployed/warm_start.py), which is what is held against the limit; and the same
run in a new process that imports Prefect first, as a worker elsewhere does. The server is another process and is not
counted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from socket import create_server
from statistics import median
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.loopback import running_loopback  # noqa: E402

from flows.deployed.warm_start import make_context, run_engine  # noqa: E402
from warehouse.connection import open_live  # noqa: E402

HOSTS = 20
SOURCES = 100
ROUNDS = 5
MOST_CPU_SECONDS = 3.0
SERVER_START_SECONDS = 600
ATTEMPTS = 30

CONFIG = """
[fetch]
contact = "mailto:bench@example.org"
allow_addresses = [{addresses}]
seconds_between_requests = 0
requests_per_day = 1_000_000

[engine]
outlets_at_once = 20
"""
OUTLET = """
name = "Outlet {number}"
homepage = "http://127.0.0.1:{port}/"

[[sources]]
kind = "feed"
url = "http://127.0.0.1:{port}/feed/{feed}"
every_minutes = 1
max_every_minutes = 1

[urls]
hosts = ["127.0.0.1:{port}"]
"""
WITH_ARTICLES = 10
"""Each tenth outlet has an article; the others' pages are gone, since to load more takes long and changes nothing."""

NO_SERVER = "http://127.0.0.1:9/api"
LABELS = (
    "wirewatch ingest",
    "  of it, imports",
    "flow run of ingest/due in a new process",
    "  of it, imports",
    "flow run of ingest/due, started warm",
)


def main() -> int:
    """Print the table; exit code 1 where a tick costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="ticks of each kind; their median counts")
    parser.add_argument("--sources", type=int, default=SOURCES, help="outlets with one source each")
    parser.add_argument("--warm", metavar="RUN", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.warm:
        start_warm(options.warm)
        return 0
    with running_loopback(HOSTS) as ports, tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as name:
        folder = Path(name)
        write_config(folder / "config", ports, options.sources)
        place = ("--config", str(folder / "config"), "--home", str(folder / "home"))
        command = (sys.executable, "-m", "flows.cli", "ingest", *place, "--json")
        alone = {**os.environ, "PREFECT_API_URL": NO_SERVER}
        spend(command, alone)
        with running_server(folder) as env:
            make_deployments(place, env)
            rounds = [measure(folder, command, alone, env, options.sources) for _ in range(options.rounds)]
    print(f"a tick over {options.sources} sources without news{'CPU s':>12}{'of the limit':>15}")
    for label, taken in zip(LABELS, zip(*rounds, strict=True), strict=True):
        print(f"  {label:<40}{median(taken):>6.2f}{median(taken) / MOST_CPU_SECONDS:>15.2f}")
    return int(median(taken[-1] for taken in rounds) > MOST_CPU_SECONDS)


def measure(
    folder: Path, command: Sequence[str], alone: Mapping[str, str], env: Mapping[str, str], sources: int
) -> tuple[float, ...]:
    """Processor seconds of one tick of each kind, and of what each must import before it can do anything."""
    imports = [
        spend((sys.executable, "-c", f"import {modules}"), alone)[0]
        for modules in ("flows.cli, flows.runs.pipeline", "flows.ingest, prefect.flow_engine")
    ]
    make_due(folder)
    plain, out = spend(command, alone)
    assert_no_news(json.loads(out), sources)
    make_due(folder)
    run_id = trigger(env)
    cold, _ = spend((sys.executable, "-m", "prefect.engine", run_id), env)
    assert_completed(run_id, env)
    make_due(folder)
    run_id = trigger(env)
    _, out = spend((sys.executable, __file__, "--warm", run_id), env)
    assert_completed(run_id, env)
    return plain, imports[0], cold, imports[1], float(out.splitlines()[-1])


def start_warm(run_id: str) -> None:
    """Start a run as the runner does, and print the processor seconds of its process."""
    context = make_context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_measured, args=({"PREFECT__FLOW_RUN_ID": run_id}, sender))
    process.start()
    sender.close()
    seconds = receiver.recv()
    process.join()
    print(seconds)


def run_measured(values: Mapping[str, str], sender: Connection) -> None:
    """Run the engine in a fork, and send what it took."""
    try:
        run_engine(values)
    finally:
        usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        sender.send(sum(usage.ru_utime + usage.ru_stime for usage in usages))


def write_config(folder: Path, ports: Sequence[int], sources: int) -> None:
    """One outlet for each feed, spread over the hosts."""
    (folder / "outlets").mkdir(parents=True)
    addresses = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    (folder / "wirewatch.toml").write_text(CONFIG.format(addresses=addresses), encoding="utf-8")
    for number in range(sources):
        feed = f"{number}" if number % WITH_ARTICLES == 0 else f"gone-{number}"
        text = OUTLET.format(number=number, port=ports[number % HOSTS], feed=feed)
        (folder / "outlets" / f"outlet_{number:03}.toml").write_text(text, encoding="utf-8")


def make_due(folder: Path) -> None:
    """Let a day go by."""
    with open_live(folder / "home", wait_seconds=10) as con:
        con.execute("UPDATE core.source_schedules SET due_at = due_at - INTERVAL 1 DAY")


def assert_no_news(report: dict[str, Any], sources: int) -> None:
    """Every source was asked, and said that nothing has changed."""
    reasons = [source["reason"] for outlet in report["outlets"] for source in outlet["sources"]]
    assert reasons == ["not_modified"] * sources, Counter(reasons)


@contextmanager
def running_server(folder: Path) -> Iterator[Mapping[str, str]]:
    """A Prefect server with a database of its own; yields the environment of who asks it."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = (sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port))
    with (folder / "server.log").open("w") as log, subprocess.Popen(command, env=env, stdout=log, stderr=log) as server:
        try:
            wait_for(f"{env['PREFECT_API_URL']}/health")
            yield env
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + SERVER_START_SECONDS
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def make_deployments(place: Sequence[str], env: Mapping[str, str]) -> None:
    """Tell the server of the deployment, as `wirewatch up` does."""
    code = f"""
from pathlib import Path
from flows.deployments import build_deployments
from flows.settings import open_workspace
workspace = open_workspace(Path({place[1]!r}), Path({place[3]!r}))
(due,) = (each for each in build_deployments(workspace) if each.name == "due")
due.schedules = []
due.apply()
"""
    spend((sys.executable, "-c", code), env)


def trigger(env: Mapping[str, str]) -> str:
    """Ask the server for a run of the tick; its id."""
    deployment = ask(env, "GET", "/deployments/name/ingest/due")
    return str(
        ask(env, "POST", f"/deployments/{deployment['id']}/create_flow_run", {"state": {"type": "PENDING"}})["id"]
    )


def assert_completed(run_id: str, env: Mapping[str, str]) -> None:
    """The run ended well, and found nothing."""
    state = ask(env, "GET", f"/flow_runs/{run_id}")["state"]
    assert (state["type"], state["message"]) == ("COMPLETED", "Nothing new: no article was written."), state


def ask(env: Mapping[str, str], method: str, path: str, body: object = None) -> dict[str, Any]:
    """Prefect's HTTP API; its server says 503 while it writes what the run before told it."""
    data = json.dumps(body).encode() if body is not None else None
    request = Request(env["PREFECT_API_URL"] + path, data, {"Content-Type": "application/json"}, method=method)
    for _ in range(ATTEMPTS):
        try:
            with urlopen(request, timeout=60) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except HTTPError as error:
            if error.code != 503:
                raise
            time.sleep(2)
    raise SystemExit(f"{path}: the Prefect server is busy")


def spend(command: Sequence[str], env: Mapping[str, str]) -> tuple[float, str]:
    """Run a process; the processor seconds of it and of its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as out:
        # Its own rusage only: the server and the feeds are children that have not ended.
        done = subprocess.run(command, env=env, cwd=ROOT, check=False, stdout=out, stderr=subprocess.PIPE, text=True)
        out.seek(0)
        text = out.read()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, text


if __name__ == "__main__":
    raise SystemExit(main())
