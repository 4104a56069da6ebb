"""A run's way to the live file: pieces of work one after another, as many as are waiting at one opening.

To open the file and read its log again costs more than most pieces of work do, and outlets that are worked on side by
side have many of them. So the file stays open for a while when nothing is left to do; it is closed when somebody else
waits for it, who then gets the loader's lock.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb

from flows.settings import Workspace
from warehouse.connection import open_live
from warehouse.locks import POLL_SECONDS, is_waited_for

P = ParamSpec("P")
T = TypeVar("T")
HOLD_SECONDS = 2.0
"""How long one opening may go on taking work while somebody else waits for the file."""
FEW_THREADS = 1
"""Of DuckDB, for a run's pieces: for few rows a second thread costs a third more than it helps, by waiting."""
LINGER_SECONDS = 1.0
"""How long it stays open for work that may come, while nobody else waits for it."""


class LiveFile:
    """Does work on the live file for the tasks of one event loop, in a thread, in the order in which they ask."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting: deque[tuple[Callable[[duckdb.DuckDBPyConnection], Any], asyncio.Future[Any]]] = deque()
        self._arrived = threading.Event()
        self._openings: asyncio.Task[None] | None = None
        self._lingers = True

    async def do(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Do one piece of work while holding the loader's lock.

        Raises:
            WarehouseBusyError: Another process kept the lock for too long.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        self._arrived.set()
        if self._openings is None or self._openings.done():
            self._openings = asyncio.create_task(self._open_while_needed())
        return await done

    def let_go(self) -> None:
        """Wait no more for work that may come."""
        self._lingers = False
        self._arrived.set()

    async def _open_while_needed(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.to_thread(self._open_once, loop)
            if self._waiting and is_waited_for(self._workspace.home):
                # Whoever waits looks for the lock every POLL_SECONDS.
                await asyncio.sleep(2 * POLL_SECONDS)

    def _open_once(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the file and do what is waiting; an error ends the opening and is that of the piece that met it."""
        begun: list[asyncio.Future[Any]] = []

        def do_waiting(connection: duckdb.DuckDBPyConnection) -> None:
            until = time.monotonic() + HOLD_SECONDS
            while self._has_work(until):
                work, done = self._waiting.popleft()
                begun.append(done)
                result = work(connection)
                loop.call_soon_threadsafe(settle, begun.pop(), result, None)

        try:
            with opened(self._workspace, threads=FEW_THREADS) as connection:
                do_waiting(connection)
        except BaseException as error:
            if not begun and not self._waiting:
                raise
            failed = begun.pop() if begun else self._waiting.popleft()[1]
            loop.call_soon_threadsafe(settle, failed, None, error)

    def _has_work(self, until: float) -> bool:
        """Wait for work; without any, or when others have waited until ``until``, the file is to be closed."""
        closing = time.monotonic() + LINGER_SECONDS
        while not self._waiting:
            if not self._lingers or time.monotonic() >= closing or is_waited_for(self._workspace.home):
                return False
            self._arrived.wait(POLL_SECONDS)
            self._arrived.clear()
        return time.monotonic() < until or not is_waited_for(self._workspace.home)


def settle(done: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    """Tell whoever waits for a piece of work how it went, unless nobody does any more."""
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def on_live_file(
    workspace: Workspace,
    work: Callable[Concatenate[duckdb.DuckDBPyConnection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Open the live file, do one piece of work, close it again.

    Raises:
        WarehouseBusyError: Another process kept the lock for too long.
    """
    with opened(workspace, threads=workspace.settings.warehouse.threads) as connection:
        return work(connection, *args, **kwargs)


def opened(workspace: Workspace, *, threads: int) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """The live file, open under the loader's lock."""
    options = workspace.settings.warehouse
    return open_live(
        workspace.home, wait_seconds=options.lock_wait_seconds, memory_limit=options.memory_limit, threads=threads
    )
