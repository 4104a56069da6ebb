"""Work that waits for somebody else's server, with an end to the waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do some work in a thread, and wait for it no longer than so many seconds.

    A time limit of sockets is one for each read: a server that sends a byte now and then could hold a run for ever.
    The thread is a daemon, so that one that is given up keeps no process alive.

    Raises:
        TimeoutError: It took longer; it may still come to its end.
        Exception: Whatever the work raised.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
