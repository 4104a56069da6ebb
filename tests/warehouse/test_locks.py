"""Locks between threads and between processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from extractors.errors import WarehouseBusyError
from warehouse.locks import claim_outlet, is_waited_for, loader_lock, readers_lock


def hold_lock(home: Path, pipe: Connection) -> None:
    """Hold both locks in a process of its own until told to end."""
    with loader_lock(home, wait_seconds=0), claim_outlet(home, "harbor_post"):
        pipe.send(os.getpid())
        pipe.recv()


def test_a_second_process_is_told_who_holds_the_lock_and_gets_it_after_a_kill(home: Path) -> None:
    """The wait is bounded, the message names the process, and kill -9 frees both locks."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=hold_lock, args=(home, theirs))
    process.start()
    try:
        assert ours.poll(30)
        pid = ours.recv()
        with pytest.raises(WarehouseBusyError, match=f"process {pid}"), loader_lock(home, wait_seconds=0.1):
            pytest.fail("got a lock that is held")
        with claim_outlet(home, "harbor_post") as is_ours:
            assert not is_ours
        with claim_outlet(home, "another") as is_ours:
            assert is_ours
        os.kill(pid, signal.SIGKILL)
    finally:
        process.kill()
        process.join(30)
    with loader_lock(home, wait_seconds=5), claim_outlet(home, "harbor_post") as is_ours:
        assert is_ours


def test_threads_of_one_process_take_turns(home: Path) -> None:
    """Two threads never hold the lock at once, and both get it."""
    inside: list[str] = []
    overlaps: list[str] = []

    def work(name: str) -> None:
        for _ in range(5):
            with loader_lock(home, wait_seconds=30):
                if inside:
                    overlaps.append(name)
                inside.append(name)
                inside.remove(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not overlaps
    assert not any(thread.is_alive() for thread in threads)


def test_the_holder_sees_whether_it_is_waited_for(home: Path) -> None:
    """By a loader or a reader that has not given up; nobody who does not wait is seen."""

    def wait(lock: Callable[..., AbstractContextManager[object]]) -> None:
        with lock(home, wait_seconds=60):
            pass

    for lock in (loader_lock, readers_lock):
        with loader_lock(home, wait_seconds=0):
            assert not is_waited_for(home)
            thread = threading.Thread(target=wait, args=(lock,))
            thread.start()
            deadline = time.monotonic() + 60
            while not is_waited_for(home):
                assert time.monotonic() < deadline
        thread.join(60)
        assert not thread.is_alive()
        assert not is_waited_for(home)


def test_a_claim_is_freed_at_the_end_of_its_block(home: Path) -> None:
    """One claim wins, a second one in the same process does not, and afterwards it is free."""
    with claim_outlet(home, "harbor_post") as first, claim_outlet(home, "harbor_post") as second:
        assert (first, second) == (True, False)
    with claim_outlet(home, "harbor_post") as again:
        assert again


@pytest.mark.parametrize("outlet_id", ["", "../lock", "a/b", ".hidden", "a\n"])
def test_an_outlet_id_that_is_no_file_name_is_refused(home: Path, outlet_id: str) -> None:
    """A lock never lands outside its folder."""
    with pytest.raises(ValueError, match="outlet_id"), claim_outlet(home, outlet_id):
        pytest.fail("claimed")
