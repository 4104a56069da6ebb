"""The processes that extract pages; a page that kills or holds up a worker costs that page, not the run."""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from extractors.errors import Reason, WirewatchError
from extractors.extract import PageTask, extract_page
from extractors.records import Extraction

PAGE_SECONDS = 60.0
"""A page is read in 0.1 s; one that takes this long is never done."""

GRACE_SECONDS = 3.0
"""How long a worker may go on with its chunk when the pool is closed; whatever it does not finish is done next time."""

ExtractPage = Callable[[Path, PageTask], Extraction]


class ExtractionPool:
    """Worker processes, started with the first page and kept for the run.

    Args:
        archive_folder: Where the workers read the responses.
        workers: Number of processes; 0 means one for each processor.
        pages_per_chunk: Pages handed to a worker at once.
        page_seconds: A worker that reads one page for longer is ended, and the page becomes an ``extract_error``.
        extract: What reads one page; a function that a worker can import.
    """

    def __init__(
        self,
        archive_folder: Path,
        *,
        workers: int,
        pages_per_chunk: int,
        page_seconds: float = PAGE_SECONDS,
        extract: ExtractPage = extract_page,
    ) -> None:
        self._archive_folder = archive_folder
        self._workers = workers or os.cpu_count() or 1
        self._pages_per_chunk = pages_per_chunk
        self._page_seconds = page_seconds
        self._extract = extract
        self._pool: ProcessPoolExecutor | None = None
        self._slots = asyncio.Semaphore(self._workers)
        self._is_closed = False

    async def extract(self, tasks: Sequence[PageTask]) -> AsyncIterator[list[Extraction]]:
        """Extract pages and yield the results chunk by chunk, in the order in which they are done."""
        size = self._pages_per_chunk
        chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]
        working = [asyncio.create_task(self._extract_chunk(chunk)) for chunk in chunks]
        try:
            for done in asyncio.as_completed(working):
                yield await done
        finally:
            for each in working:
                each.cancel()
            # Seen to their end: a page that is read alone has a process, which its task ends.
            await asyncio.gather(*working, return_exceptions=True)

    async def _extract_chunk(self, chunk: Sequence[PageTask]) -> list[Extraction]:
        # A death breaks every chunk that was handed out, so no more are handed out than can be worked on.
        async with self._slots:
            pool = self._started()
            work = (self._extract, self._archive_folder, chunk, self._page_seconds)
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, extract_chunk, *work)
            except BrokenProcessPool:
                if self._pool is pool:
                    self._pool = None
                # Nobody knows which page ended the worker, so each page of the chunk gets a process of its own.
                return [await self._extract_alone(task) for task in chunk]

    async def _extract_alone(self, task: PageTask) -> Extraction:
        receiver, sender = make_context().Pipe(duplex=False)
        work = (sender, self._extract, self._archive_folder, task, self._page_seconds)
        process = make_context().Process(target=send_extraction, args=work, daemon=True)
        with receiver:
            with sender:
                process.start()
            answer = asyncio.ensure_future(asyncio.to_thread(receive_extraction, receiver))
            try:
                found = await asyncio.shield(answer)
            except asyncio.CancelledError:
                process.kill()
                await asyncio.wait([answer])
                raise
            finally:
                process.join()
        return found or without_worker(task, process.exitcode, self._page_seconds)

    def _started(self) -> ProcessPoolExecutor:
        if self._is_closed:
            raise WirewatchError("the run's extraction pool is closed")
        if self._pool is None:
            self._pool = make_pool(self._workers)
        return self._pool

    def close(self) -> None:
        """End the workers, also those that still read a page of a run that was interrupted."""
        self._is_closed = True
        if self._pool is not None:
            end_pool(self._pool)
            self._pool = None


def make_context() -> ForkServerContext | SpawnContext:
    """How processes start that share no lock, thread or connection with this one."""
    # A forked copy of a process with threads (DuckDB, Prefect) can deadlock; a fork server has none of them.
    if sys.platform == "darwin":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["extractors.extract", "extractors.parse.page", "extractors.parse.joining"])
    return context


def make_pool(workers: int) -> ProcessPoolExecutor:
    """A pool of workers."""
    return ProcessPoolExecutor(max_workers=workers, mp_context=make_context(), initializer=depend_on_the_parent)


def end_pool(pool: ProcessPoolExecutor) -> None:
    """Wait for the workers to end, and kill them when they take too long: a hung page may have a minute left."""
    # They have no public name before Python 3.14, whose pool has kill_workers().
    workers = list((pool._processes or {}).values())  # noqa: SLF001
    ending = threading.Thread(target=pool.shutdown, kwargs={"wait": True, "cancel_futures": True}, daemon=True)
    ending.start()
    ending.join(GRACE_SECONDS)
    if ending.is_alive():
        for worker in workers:
            worker.kill()
        ending.join()


def extract_chunk(
    extract: ExtractPage, archive_folder: Path, tasks: Sequence[PageTask], page_seconds: float
) -> list[Extraction]:
    """Extract pages one after the other; runs in a worker."""
    return [extract_in_time(extract, archive_folder, task, page_seconds) for task in tasks]


def extract_in_time(extract: ExtractPage, archive_folder: Path, task: PageTask, page_seconds: float) -> Extraction:
    """Extract one page, or end this process when it takes too long.

    The kernel ends it, by a signal that Python does not handle: a parser's loop that never gives up the interpreter
    lock would let neither a thread nor a signal handler run.
    """
    signal.setitimer(signal.ITIMER_REAL, page_seconds)
    try:
        return extract(archive_folder, task)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def send_extraction(
    sender: Connection, extract: ExtractPage, archive_folder: Path, task: PageTask, page_seconds: float
) -> None:
    """Extract one page in a process of its own and send what came out."""
    depend_on_the_parent()
    sender.send(extract_in_time(extract, archive_folder, task, page_seconds))


def receive_extraction(receiver: Connection) -> Extraction | None:
    """What a process sends; None when it ended without an answer."""
    try:
        found = receiver.recv()
    except EOFError:
        return None
    assert isinstance(found, Extraction)
    return found


def without_worker(task: PageTask, exit_code: int | None, page_seconds: float) -> Extraction:
    """The extraction of a page whose process ended before it was read."""
    if exit_code == -signal.SIGALRM:
        detail = f"reading this page took longer than {page_seconds:g} s"
    else:
        how = f"signal {-exit_code}" if exit_code and exit_code < 0 else f"exit code {exit_code}"
        detail = f"the worker process died on this page ({how})"
    return Extraction(
        capture=task.capture, link_id=task.link_id, article=None, reason=Reason.EXTRACT_ERROR, detail=detail
    )


def depend_on_the_parent() -> None:
    """Let Ctrl-C reach the parent alone, which ends the pool; and end with a parent that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A worker waits on a pipe whose other end it holds itself, so it would outlive a killed parent for ever.
    threading.Thread(target=exit_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def exit_with(parent: multiprocessing.process.BaseProcess | None) -> None:
    """Wait for a process to end and end this one."""
    if parent is not None:
        parent.join()
        os._exit(1)
