from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from stand_ins import PATIENCE_SECONDS, is_gone

from flows.supervision.processes import MARK, end, mark_of, marked

TIED = """
import os, subprocess, sys, time
module = [sys.executable, "-m", "flows.supervision.tied", str(os.getpid()), "{module}"]
print(subprocess.Popen(module).pid, flush=True)
time.sleep(600)
"""


def wait_until_gone(pid: int) -> None:
    """Wait for the end of a process that is none of ours."""
    end_of_wait = time.monotonic() + PATIENCE_SECONDS
    while not is_gone(pid):
        assert time.monotonic() < end_of_wait
        time.sleep(0.02)


def test_a_tied_module_ends_with_its_parent_and_all_below_it(tmp_path: Path) -> None:
    """Kill -9 of the parent leaves neither the child nor a grandchild that hears no SIGTERM."""
    (tmp_path / "family.py").write_text(
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "deaf = 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'\n"
        "print(subprocess.Popen([sys.executable, '-c', deaf], start_new_session=True).pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    program = TIED.replace("{module}", "family")
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        parent.send_signal(signal.SIGKILL)
        for pid in pids:
            wait_until_gone(pid)


def test_a_home_knows_its_processes(tmp_path: Path) -> None:
    """By the mark that each carries, whoever its parent is; those of another home are not touched."""
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    homes = [tmp_path / "home", tmp_path / "other"]
    started = [subprocess.Popen(sleep, env={**os.environ, MARK: mark_of(home)}) for home in homes]
    try:
        # The mark is there once the program is.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while [each.pid for each in marked(homes[0])] != [started[0].pid]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert end(marked(homes[0]), grace_seconds=PATIENCE_SECONDS) == []
        assert is_gone(started[0].pid)
        assert psutil.pid_exists(started[1].pid)
        assert started[1].poll() is None
    finally:
        for process in started:
            process.kill()
            process.wait()
