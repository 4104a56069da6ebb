"""A run's way to the live file: pieces of work one after another, as many as are waiting at one opening.

To open the file and read its log again costs more than most pieces of work do, and outlets that are worked on side by
side have many of them. The loader's lock is given up between openings, so that other processes get their turn.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb

from flows.settings import Workspace
from warehouse.connection import open_live

P = ParamSpec("P")
T = TypeVar("T")
HOLD_SECONDS = 2.0
"""How long one opening may go on taking work; another process looks for the lock every 20 ms."""


class LiveFile:
    """Does work on the live file for the tasks of one event loop, in a thread, in the order in which they ask."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting: deque[tuple[Callable[[duckdb.DuckDBPyConnection], Any], asyncio.Future[Any]]] = deque()
        self._openings: asyncio.Task[None] | None = None

    async def do(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Do one piece of work while holding the loader's lock.

        Raises:
            WarehouseBusyError: Another process kept the lock for too long.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._openings is None or self._openings.done():
            self._openings = asyncio.create_task(self._open_while_needed())
        return await done

    async def _open_while_needed(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.to_thread(self._open_once, loop)

    def _open_once(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the file and do what is waiting; an error ends the opening and is that of the piece that met it."""
        begun: list[asyncio.Future[Any]] = []

        def do_waiting(connection: duckdb.DuckDBPyConnection) -> None:
            until = time.monotonic() + HOLD_SECONDS
            while self._waiting and time.monotonic() < until:
                work, done = self._waiting.popleft()
                begun.append(done)
                result = work(connection)
                loop.call_soon_threadsafe(settle, begun.pop(), result, None)

        try:
            on_live_file(self._workspace, do_waiting)
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            failed = begun.pop() if begun else self._waiting.popleft()[1]
            loop.call_soon_threadsafe(settle, failed, None, error)


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
    options = workspace.settings.warehouse
    with open_live(
        workspace.home,
        wait_seconds=options.lock_wait_seconds,
        memory_limit=options.memory_limit,
        threads=options.threads,
    ) as connection:
        return work(connection, *args, **kwargs)
