"""``wirewatch explore`` as a person starts it: a process of its own, with a folder of its own for a home directory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RunningExplore:
    """An app that answers."""

    url: str
    process: subprocess.Popen[str]
    person: Path

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Stop it as a person or a supervisor does; exit code and what it complained of."""
        self.process.send_signal(how)
        _, complaints = self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode, complaints


@contextmanager
def running_explore(home: Path, person: Path) -> Iterator[RunningExplore]:
    """Start it on a home and any free port, and end it.

    Args:
        home: Folder of the warehouse.
        person: Stands for the person's home directory.
    """
    person.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flows.cli", "explore", "--port", "0", "--no-open", "--json", "--home", str(home)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MARIMO_"))}
    process = subprocess.Popen(
        command, env={**kept, "HOME": str(person)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said, process.communicate()[1]
        yield RunningExplore(json.loads(said)["url"], process, person)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
