"""The process pool that extracts pages; a page that kills a worker costs that page, not the run."""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from extractors.errors import Reason
from extractors.extract import PageTask, extract_pages
from extractors.records import Extraction


class ExtractionPool:
    """Worker processes, started with the first page and kept for the run.

    Args:
        archive_folder: Where the workers read the responses.
        workers: Number of processes; 0 means one for each processor.
        pages_per_chunk: Pages handed to a worker at once.
    """

    def __init__(self, archive_folder: Path, *, workers: int, pages_per_chunk: int) -> None:
        self._archive_folder = archive_folder
        self._workers = workers or os.cpu_count() or 1
        self._pages_per_chunk = pages_per_chunk
        self._pool: ProcessPoolExecutor | None = None

    async def extract(self, tasks: Sequence[PageTask]) -> AsyncIterator[list[Extraction]]:
        """Extract pages and yield the results chunk by chunk, in the order in which they are done."""
        size = self._pages_per_chunk
        chunks = [tasks[start : start + size] for start in range(0, len(tasks), size)]
        for done in asyncio.as_completed([self._extract_chunk(chunk) for chunk in chunks]):
            yield await done

    async def _extract_chunk(self, chunk: Sequence[PageTask]) -> list[Extraction]:
        pool = self._started()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, extract_pages, self._archive_folder, chunk)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            return [await asyncio.to_thread(self._extract_alone, task) for task in chunk]

    def _extract_alone(self, task: PageTask) -> Extraction:
        # After a worker died nobody knows which page killed it, so each page of the chunk gets a process of its own.
        with make_pool(1) as pool:
            try:
                return pool.submit(extract_pages, self._archive_folder, [task]).result()[0]
            except BrokenProcessPool:
                detail = "the worker process died on this page"
                return Extraction(
                    capture=task.capture, link_id=task.link_id, article=None, reason=Reason.EXTRACT_ERROR, detail=detail
                )

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = make_pool(self._workers)
        return self._pool

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def make_pool(workers: int) -> ProcessPoolExecutor:
    """A pool whose workers share no lock, thread or connection with this process."""
    # A forked copy of a process with threads (DuckDB, Prefect) can deadlock; a fork server has none of them.
    context = multiprocessing.get_context("spawn" if sys.platform == "darwin" else "forkserver")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(["extractors.extract"])
    return ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=depend_on_the_parent)


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
