"""Advisory file locks (flock) that hold between processes and threads, and that the kernel frees after kill -9."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import WarehouseBusyError, WarehouseUnusableError

POLL_SECONDS = 0.02
"""Pause between two tries; a short transaction's length."""

SAFE_OUTLET_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,200}")


@contextmanager
def readers_lock(home: Path, *, wait_seconds: float) -> Iterator[None]:
    """Keep loaders out of a home while its live file is read; nothing in the home is made or written.

    Args:
        home: Folder of the warehouse. Where no loader ever was there is no lock, and nobody to keep out.
        wait_seconds: How long to wait for a loader at most.

    Raises:
        WarehouseBusyError: A loader held the lock for longer.
        WarehouseUnusableError: The lock file is there and cannot be read.
    """
    path = home / "live" / "lock"
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield
        return
    except OSError as error:
        raise WarehouseUnusableError(str(path), f"cannot be read: {error.strerror}") from error
    try:
        wait_for_lock(descriptor, path, wait_seconds, kind=fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def loader_lock(home: Path, *, wait_seconds: float) -> Iterator[float]:
    """Hold the loader's lock of a home.

    Args:
        home: Folder of the warehouse.
        wait_seconds: How long to wait for another holder at most; 0 tries once.

    Yields:
        The moment, by ``time.monotonic()``, at which the wait would have ended.

    Raises:
        WarehouseBusyError: Another process or thread held it for longer; the message names the process.
    """
    path = home / "live" / "lock"
    deadline = time.monotonic() + wait_seconds
    with opened(path) as descriptor, opened(queue_path(path)):
        wait_for_lock(descriptor, path, wait_seconds)
        # For those who wait. On a full disk they are not told, and that is no reason to stop.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield deadline


@contextmanager
def claim_outlet(home: Path, outlet_id: str) -> Iterator[bool]:
    """Claim an outlet for this run, so that two runs never work on one outlet at once.

    Args:
        home: Folder of the warehouse.
        outlet_id: The outlet.

    Yields:
        Whether the claim was won; False when another process or thread has it. It is not waited for.

    Raises:
        ValueError: The ``outlet_id`` cannot be the name of a file.
    """
    if not SAFE_OUTLET_ID.fullmatch(outlet_id):
        raise ValueError(f"{outlet_id!r} cannot be an outlet_id")
    with opened(home / "live" / "outlets" / f"{outlet_id}.lock") as descriptor:
        yield try_lock(descriptor)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Open a lock file, making it when needed.

    It is never unlinked: a lock on a file that is gone would be held by nobody that others can see. Closing the
    descriptor frees the lock, and so does the end of the process. Python's descriptors are not inherited by exec.

    Raises:
        WarehouseUnusableError: There can be no such file: the home is no folder, or is not ours to write to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise WarehouseUnusableError(str(path), problem, "name a home that can be, with --home DIR") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def wait_for_lock(descriptor: int, path: Path, wait_seconds: float, *, kind: int = fcntl.LOCK_EX) -> None:
    """Take the lock, or give up; whoever holds it can see that it is waited for.

    Raises:
        WarehouseBusyError: Another process or thread held it for longer; the message names the process.
    """
    if try_lock(descriptor, kind=kind):
        return
    deadline = time.monotonic() + wait_seconds
    with queued(path):
        while not try_lock(descriptor, kind=kind):
            if time.monotonic() >= deadline:
                problem = f"another loader{holder(path)} has held the lock for more than {wait_seconds:g} s"
                raise WarehouseBusyError(str(path), problem, "wait until it ends, or stop it")
            time.sleep(POLL_SECONDS)


def is_waited_for(home: Path) -> bool:
    """Whether somebody waits for the loader's lock of a home, which the caller holds."""
    try:
        descriptor = os.open(queue_path(home / "live" / "lock"), os.O_RDONLY)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def queued(path: Path) -> Iterator[None]:
    """Stand in the queue of a lock for the length of a block: share a lock on the file beside it.

    Nothing is made: where there is no such file, nobody looks at it.
    """
    try:
        descriptor = os.open(queue_path(path), os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        # Waits for the moment in which somebody looks whether the queue is empty.
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def queue_path(path: Path) -> Path:
    """The file that those share who wait for a lock."""
    return path.with_name(f"{path.name}.queue")


def try_lock(descriptor: int, *, kind: int = fcntl.LOCK_EX) -> bool:
    """Take the lock if nobody has it; of ``LOCK_SH`` there can be several holders."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder(path: Path) -> str:
    """`` (process 123)``, or nothing when the lock file does not say."""
    written = path.read_text(encoding="ascii", errors="replace").strip()
    return f" (process {written})" if written.isdigit() else ""
