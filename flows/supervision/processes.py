"""The processes below this one, and those that an earlier life of a home left: found, told to end, ended.

Each process that ``wirewatch up`` starts carries its home in its environment, and so does whatever it starts in turn,
in whatever session or group it hides. On Linux, processes whose parent ends become children of ``up``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

MARK = "WIREWATCH_UP"
"""Environment variable that holds the home of the ``wirewatch up`` by which a process was started."""

POLL_SECONDS = 0.05
PARENT_POLL_SECONDS = 0.5

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""prctl(2)."""


def mark_of(home: Path) -> str:
    """The value of the mark: the home by its one name."""
    return str(home.resolve())


def set_process_option(option: int, value: int) -> bool:
    """Call prctl(2); False where there is none."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)


def adopt_orphans() -> bool:
    """Become the parent of every process below this one whose own parent ends; False where the system cannot."""
    return set_process_option(PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent(parent: int) -> None:
    """Let this process end when its parent does, by kill -9 too, with everything below it.

    The kernel sees to it where it can; a thread looks as well, and ends what is below.

    Args:
        parent: Id of the parent that this process was started by; it may be gone already.
    """
    set_process_option(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=end_when_orphaned, args=(parent,), name="end-with-parent", daemon=True).start()


def end_when_orphaned(parent: int, leave: Callable[[int], object] = os._exit) -> None:
    """Wait until another process is the parent, then end everything below this process, and this process."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    kill(descendants())
    leave(1)


def descendants(pid: int | None = None) -> list[psutil.Process]:
    """Living processes below one, the nearest first; below this one where none is named."""
    try:
        return [each for each in psutil.Process(pid).children(recursive=True) if is_alive(each)]
    except psutil.NoSuchProcess:
        return []


def marked(home: Path) -> list[psutil.Process]:
    """Living processes that a ``wirewatch up`` of this home started, in this life or an earlier one."""
    mark = mark_of(home)
    found = []
    for process in psutil.process_iter():
        # Those of other users and of the kernel do not tell, and are none of ours.
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark and is_alive(process):
                found.append(process)
    return found


def end(processes: Iterable[psutil.Process], *, grace_seconds: float) -> list[psutil.Process]:
    """Tell processes to end, and kill those that have not after a while.

    Returns:
        Those that are still there: nobody can end them.
    """
    living = [each for each in processes if is_alive(each)]
    for process in living:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    kill(wait_for(living, seconds=grace_seconds))
    return wait_for(living, seconds=1.0)


def kill(processes: Iterable[psutil.Process]) -> None:
    """Kill processes; what is gone already is no matter."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def wait_for(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Wait until processes have ended, without taking their exit codes from whoever waits for these.

    Returns:
        Those that have not.
    """
    deadline = time.monotonic() + seconds
    living = [each for each in processes if is_alive(each)]
    while living and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        living = [each for each in living if is_alive(each)]
    return living


def is_alive(process: psutil.Process) -> bool:
    """Whether a process is there and has not ended; one that has the id of an earlier one is another."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def bury(known: Iterable[int]) -> None:
    """Take the exit codes of adopted children that have ended; nobody else waits for them.

    Args:
        known: Ids of the children that somebody waits for.
    """
    waited_for = set(known)
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if child.pid not in waited_for and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)
