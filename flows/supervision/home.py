"""A home that one ``wirewatch up`` looks after: the lock on it, and what killed processes left in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import WarehouseBusyError, WarehouseError
from flows.maintain import archive_claimed, finish_killed_maintenance
from flows.runs.run import now
from flows.settings import Workspace
from flows.supervision.processes import end, marked
from warehouse.leavings import remove_leavings
from warehouse.locks import holder, opened, try_lock

GRACE_SECONDS = 3.0


@contextmanager
def sole_supervisor(home: Path) -> Iterator[None]:
    """Hold a home for one ``wirewatch up``; the kernel frees it however that ends, and no child inherits it.

    Raises:
        WarehouseBusyError: Another one has it; the message names the process.
        WarehouseUnusableError: The home cannot be written to.
    """
    path = home / "live" / "up.lock"
    with opened(path) as descriptor:
        if not try_lock(descriptor):
            problem = f"another `wirewatch up`{holder(path)} runs on this home"
            raise WarehouseBusyError(str(home), problem, "stop that one first, or name another home with --home DIR")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield


def clear_home(workspace: Workspace) -> list[str]:
    """End processes of an earlier life and remove what they left half done; for the holder of the home.

    Locks need no care: the kernel frees them with their holder. Runs that never ended are told so by the next run.

    Returns:
        What was done, a line each.
    """
    done = []
    # Before this life has started any.
    if found := marked(workspace.home):
        left = {each.pid for each in end(found, grace_seconds=GRACE_SECONDS)}
        done.append(
            f"ended processes of an earlier life: {numbers(each.pid for each in found if each.pid not in left)}"
        )
        if left:
            done.append(f"could not end processes of an earlier life: {numbers(left)}")
    if removed := remove_leavings(workspace.home):
        done.append(f"removed what a killed process left: {', '.join(str(path) for path in removed)}")
    try:
        with archive_claimed(workspace.home):
            if finish_killed_maintenance(workspace, now=now()):
                done.append("finished what a killed maintenance had begun")
    except WarehouseError as error:
        done.append(f"the archive was left as it is: {error}")
    return done


def numbers(found: Iterable[int]) -> str:
    """Ids of processes, in their order."""
    return ", ".join(map(str, sorted(found)))
