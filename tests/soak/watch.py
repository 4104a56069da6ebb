"""``wirewatch up`` over six outlets that misbehave in turn: what it says, does and tells, as a timeline.

    python tests/soak/watch.py [--minutes 34] [--folder DIR]

For half an hour, on loopback only. An outlet falls silent, one gets slow, one answers 429, one gets a new design, one
is down; then all of them recover, and one is well throughout. Printed: when what was done to an outlet, which
notification came when, what ``wirewatch status`` said, how the flow runs ended; at the end, whether every story that
the outlets published is in the warehouse once.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from soak.press import ADDRESS, OUTLETS, Mood, Press, running_press  # noqa: E402

SERVER_PORT, MONITOR_PORT = 4290, 4291
LOOK_SECONDS = 20.0
STOP_SECONDS = 30.0
START_SECONDS = 300.0
REPAIRED = "repaired"
"""A person writes a layout for the new design and reads the archive again with it."""

EVENTS: tuple[tuple[int, str, Mood | str], ...] = (
    (2, "ridge_monitor", Mood.REDESIGNED),
    (4, "harbor_times", Mood.SILENT),
    (6, "valley_post", Mood.SLOW),
    (8, "northern_wire", Mood.BUSY),
    (12, "lake_courier", Mood.DOWN),
    (18, "harbor_times", Mood.WELL),
    (19, "valley_post", Mood.WELL),
    (20, "northern_wire", Mood.WELL),
    (21, "ridge_monitor", REPAIRED),
    (23, "lake_courier", Mood.WELL),
)
"""Minutes after the first run, and how an outlet does from then on; ``plains_herald`` is well throughout."""

SETTINGS = """
[fetch]
contact = "https://example.org/wirewatch-soak"
allow_addresses = [{addresses}]
seconds_between_requests = 0.2
total_timeout_seconds = 15
retry_wait_seconds = 0.5
retry_after_cap_seconds = 1

[recheck]
after_hours = []

[server]
port = {server_port}

[monitor]
port = {monitor_port}

[schedules]
tick_minutes = 1

[expect]
# Half an hour is no history: what is unusual cannot be judged here, and the promises below are.
recent_articles = 6
max_source_failure_hours = 0.08

[notify]
settle_hours = 0.05
"""
OUTLET = """
name = "{name}"
homepage = "{url}/"
languages = ["en"]

[[sources]]
kind = "feed"
url = "{url}/feed.xml"
every_minutes = 1
max_every_minutes = 1

[urls]
hosts = ["{host}"]
include = ['^{url}/news/\\d+$']

[[layouts]]
body = "//div[@class='entry-content']"

[expect]
max_silence_hours = 0.08
min_words = 100
"""
NEW_LAYOUT = """
[[layouts]]
body = "//article[div[@class='reader-flow']//p]"
drop = [".//h1"]
"""


@dataclass(slots=True)
class Timeline:
    """What happened when; printed as it happens."""

    began: float = field(default_factory=time.monotonic)
    lines: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, who: str, what: str) -> None:
        """Add a line."""
        seconds = time.monotonic() - self.began
        with self.lock:
            self.lines.append(f"{int(seconds // 60):>3}:{int(seconds % 60):02}  {who:<13} {what}")
            print(self.lines[-1], flush=True)


def main() -> int:
    """Watch, and print what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=34.0, help="from the first run on")
    parser.add_argument("--folder", type=Path, help="where configuration and home are kept [a temporary one]")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-soak-") as temporary:
        folder = args.folder or Path(temporary)
        return watch(folder, args.minutes)


def watch(folder: Path, minutes: float) -> int:
    """Run everything; 0 where nothing is lost or doubled and it stopped in time."""
    timeline = Timeline()
    with running_press() as press, receiving(timeline) as (notify_url, heartbeat_url):
        config = write_config(folder / "config", press)
        environment = {**os.environ, "WIREWATCH_NOTIFY_URLS": notify_url, "WIREWATCH_HEARTBEAT_URL": heartbeat_url}
        where = ["--config", str(config), "--home", str(folder / "home")]
        command = [sys.executable, "-m", "flows.cli"]
        up = subprocess.Popen([*command, "up", *where], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            threading.Thread(target=relay, args=(up, timeline), daemon=True).start()
            wait_for_server(up)
            timeline.began = time.monotonic()
            timeline.say("up", "the server answers; minutes count from here")
            misbehave(press, timeline, minutes, command, where)
            show_runs(timeline)
        finally:
            seconds = stopped_after(up)
        timeline.say("up", f"SIGTERM: ended with {up.returncode} after {seconds:.1f} s")
        return settle(press, timeline, command, where, is_stopped=up.returncode == 0 and seconds < 10)


def write_config(folder: Path, press: Press) -> Path:
    """A configuration of the six outlets."""
    hosts = {outlet_id: press.url(outlet_id).removeprefix("http://") for outlet_id in OUTLETS}
    addresses = ", ".join(f'"{host}"' for host in hosts.values())
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    values = {"addresses": addresses, "server_port": SERVER_PORT, "monitor_port": MONITOR_PORT}
    (folder / "wirewatch.toml").write_text(SETTINGS.format(**values), encoding="utf-8")
    for outlet_id, name in OUTLETS.items():
        text = OUTLET.format(name=name, url=press.url(outlet_id), host=hosts[outlet_id])
        (folder / "outlets" / f"{outlet_id}.toml").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def receiving(timeline: Timeline) -> Iterator[tuple[str, str]]:
    """A receiver of notifications and heartbeats on loopback: how each is addressed."""
    beats = Counter[str]()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            timeline.say("NOTIFICATION", told.get("title", ""))
            for line in str(told.get("message", "")).splitlines():
                timeline.say("", f"| {line}")
            self.respond()

        def do_GET(self) -> None:
            beats["heartbeat"] += 1
            self.respond()

        def respond(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the timeline tells it."""

    server = ThreadingHTTPServer((ADDRESS, 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    try:
        yield f"json://{ADDRESS}:{port}/told", f"http://{ADDRESS}:{port}/alive"
    finally:
        server.shutdown()
        timeline.say("heartbeat", f"came {beats['heartbeat']} times")


def relay(up: subprocess.Popen[str], timeline: Timeline) -> None:
    """What ``wirewatch up`` says goes into the timeline."""
    assert up.stdout is not None
    for line in up.stdout:
        timeline.say("up says", line.rstrip().partition(" ")[2] or line.rstrip())


def wait_for_server(up: subprocess.Popen[str]) -> None:
    """Return when the server is healthy.

    Raises:
        RuntimeError: It did not get so far.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and up.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{SERVER_PORT}/api/health", timeout=2) as answer:
                if answer.read().strip() == b"true":
                    return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"`wirewatch up` did not come up; exit code {up.poll()}")


def misbehave(press: Press, timeline: Timeline, minutes: float, command: Sequence[str], where: Sequence[str]) -> None:
    """Let outlets do badly and well again in turn, and look at ``wirewatch status`` meanwhile."""
    waiting = list(EVENTS)
    states: dict[str, str] = {}
    is_healthy: bool | None = None
    end = timeline.began + minutes * 60
    while time.monotonic() < end:
        while waiting and time.monotonic() >= timeline.began + waiting[0][0] * 60:
            _, outlet_id, change = waiting.pop(0)
            if isinstance(change, Mood):
                press.set_mood(outlet_id, change)
                timeline.say("OUTLET", f"{outlet_id} is {change} from now on")
            else:
                repair(outlet_id, timeline, command, where)
        said = subprocess.run(
            [*command, "status", *where, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        if said.stdout.startswith("{"):
            for outlet in json.loads(said.stdout)["outlets"]:
                outlet_id, state = outlet["outlet_id"], str(outlet["state"])
                if states.get(outlet_id) != state:
                    why = "; ".join(outlet["reasons"] or ())
                    timeline.say("status", f"{outlet_id}: {states.get(outlet_id)} -> {state} {why}".rstrip())
                    states[outlet_id] = state
        healthy = is_monitor_content()
        if healthy != is_healthy:
            timeline.say("/healthz", "ok" if healthy else "not ok")
            is_healthy = healthy
        time.sleep(LOOK_SECONDS)


def repair(outlet_id: str, timeline: Timeline, command: Sequence[str], where: Sequence[str]) -> None:
    """Do what the notification about a new design says."""
    file = Path(where[1]) / "outlets" / f"{outlet_id}.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n[[layouts]]", f"{NEW_LAYOUT}\n[[layouts]]", 1), encoding="utf-8")
    timeline.say("PERSON", f"adds a [[layouts]] to {outlet_id}.toml and runs `wirewatch reextract {outlet_id}`")
    said = subprocess.run(
        [*command, "reextract", outlet_id, *where], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    timeline.say("reextract", f"exit code {said.returncode}: {' '.join(said.stdout.split()[-20:])}")


def is_monitor_content() -> bool:
    """Whether ``/healthz`` answers with 200."""
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}:{MONITOR_PORT}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def show_runs(timeline: Timeline) -> None:
    """How the flow runs ended, as Prefect's interface has it."""
    request = urllib.request.Request(
        f"http://{ADDRESS}:{SERVER_PORT}/api/flow_runs/filter",
        data=json.dumps({"limit": 200, "sort": "EXPECTED_START_TIME_ASC"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        runs = json.loads(answer.read())
    started = [run for run in runs if run["state"]["type"] != "SCHEDULED"]
    counts = Counter(run["state"]["name"] for run in started)
    timeline.say("flow runs", ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    for message in dict.fromkeys(
        run["state"]["message"] or "" for run in started if run["state"]["name"] != "Completed"
    ):
        timeline.say("", f"| {message}")


def stopped_after(up: subprocess.Popen[str]) -> float:
    """Seconds until ``wirewatch up`` ended after SIGTERM; killed where it takes far too long."""
    before = time.monotonic()
    if up.poll() is None:
        up.send_signal(signal.SIGTERM)
        try:
            up.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            up.kill()
            up.wait()
    return time.monotonic() - before


def settle(press: Press, timeline: Timeline, command: list[str], where: list[str], *, is_stopped: bool) -> int:
    """Ingest what was published last, and count: every story once."""
    for outlet_id in OUTLETS:
        press.set_mood(outlet_id, Mood.SILENT)
    subprocess.run([*command, "ingest", *OUTLETS, *where, "--json"], cwd=ROOT, capture_output=True, check=False)
    sql = "SELECT outlet_id, COUNT(*) AS n, COUNT(DISTINCT canonical_url) AS d FROM articles GROUP BY ALL"
    said = subprocess.run(
        [*command, "query", sql, *where, "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {row["outlet_id"]: row for row in json.loads(said.stdout)["rows"]}
    is_whole = True
    for outlet_id, house in press.houses.items():
        row: dict[str, Any] = found.get(outlet_id, {"n": 0, "d": 0})
        is_whole = is_whole and row["n"] == row["d"] == len(house.stories)
        timeline.say("count", f"{outlet_id}: published {len(house.stories)}, in the warehouse {row['n']}")
    verified = subprocess.run([*command, "verify", *where], cwd=ROOT, capture_output=True, text=True, check=False)
    timeline.say("verify", f"exit code {verified.returncode}: {verified.stdout.strip().splitlines()[-1:]}")
    return 0 if is_whole and is_stopped and verified.returncode == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
