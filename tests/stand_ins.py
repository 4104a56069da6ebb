"""A supervisor whose server and runner are a few lines of Python each."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from flows.supervision.children import Plan
from flows.supervision.patience import Patience
from flows.supervision.processes import MARK, mark_of
from flows.supervision.supervisor import RUNNER, SERVER, Supervisor, Watch

PATIENCE_SECONDS = 60.0

SERVER_PROGRAM = """
import http.server, os, sys
folder, port = sys.argv[1:]
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ill = os.path.exists(os.path.join(folder, "ill"))
        self.send_response(503 if ill else 200)
        self.end_headers()
        self.wfile.write(b"ill" if ill else b"true")
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    allow_reuse_address = True
Server(("127.0.0.1", int(port)), Answer).serve_forever()
"""

RUNNER_PROGRAM = """
import json, os, sys, time
with os.fdopen(int(sys.argv[-1]), "w") as channel:
    json.dump({"served": [["ingest/due", "every minute"]], "recovered": []}, channel)
time.sleep(600)
"""

DEAF_FAMILY = """
import json, os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
near = subprocess.Popen([sys.executable, "-c", deaf])
hidden = subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True)
with os.fdopen(int(sys.argv[-1]), "w") as channel:
    json.dump({"served": [], "recovered": [], "pids": [os.getpid(), near.pid, hidden.pid]}, channel)
time.sleep(600)
"""
"""A runner that does not hear SIGTERM, with two children that do not either, one of them in a session of its own."""


class Bench:
    """What a supervisor said and was told, and its processes."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.port = port
        self.said: list[str] = []
        self.told: list[dict[str, Any]] = []

    def plan(self, name: str, program: str, *words: object) -> Plan:
        """How a stand-in is started; it carries the home's mark."""
        environment = {**os.environ, MARK: mark_of(self.home)}
        return Plan(name=name, command=[sys.executable, "-c", program, *map(str, words)], environment=environment)

    def supervisor(self, *, server: str | None = SERVER_PROGRAM, runner: str = RUNNER_PROGRAM) -> Supervisor:
        """A supervisor that waits for less long than a real one."""
        return Supervisor(
            home=self.home,
            server=None if server is None else self.plan(SERVER, server, self.folder, self.port),
            runner=self.plan(RUNNER, runner),
            api=f"http://127.0.0.1:{self.port}/api",
            start_timeout_seconds=PATIENCE_SECONDS,
            say=self.said.append,
            told=self.told.append,
            patience=Patience(first_seconds=0.05, most_seconds=0.2, deaths=3, good_life_seconds=600.0),
            watch=Watch(every_seconds=0.1, answer_seconds=5.0, failures=3),
        )

    def run(self, supervisor: Supervisor, *acts: Callable[[], object]) -> None:
        """Run a supervisor; each act follows when the runner has got ready once more, then it is stopped."""

        async def both() -> None:
            stop = asyncio.Event()
            work = asyncio.create_task(supervisor.run(stop))
            for count, act in enumerate((*acts, stop.set), start=1):
                await self.until(lambda count=count: len(self.told) >= count or work.done())  # type: ignore[misc]
                if not work.done():
                    act()
            await work

        asyncio.run(both())

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when the condition holds."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < end, self.said
            await asyncio.sleep(0.02)

    def pid(self, name: str) -> int:
        """Id of a child, as it was said last."""
        line = [line for line in self.said if line.startswith(f"{name}: starting")][-1]
        return int(line.split("process ")[1].rstrip(")"))


def is_gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
