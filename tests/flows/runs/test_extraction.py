"""Pages that bring their worker down, in real processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hard_pages import read_hard_page
from warehouse_samples import SITE, make_capture
from workbench import Workbench

from extractors.errors import Reason, WirewatchError
from extractors.extract import PageTask
from extractors.records import Extraction, Hints
from flows.runs.extraction import ExtractionPool

PAGE_SECONDS = 0.5


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[ExtractionPool]:
    """Two workers, three pages a chunk."""
    made = ExtractionPool(tmp_path, workers=2, pages_per_chunk=3, page_seconds=PAGE_SECONDS, extract=read_hard_page)
    yield made
    made.close()


def make_tasks(bench: Workbench, *names: str) -> list[PageTask]:
    """A page to extract by each name; the name is in its address."""
    outlet = next(iter(bench.workspace.outlets.values()))
    captures = [make_capture(f"{SITE}/{number}-{name}/") for number, name in enumerate(names)]
    return [PageTask(capture=each, link_id=each.capture_id, hints=Hints(), outlet=outlet) for each in captures]


def extract(pool: ExtractionPool, tasks: list[PageTask]) -> dict[str, Extraction]:
    """Run the pool to its end; the result by address."""

    async def collect() -> list[Extraction]:
        return [each async for chunk in pool.extract(tasks) for each in chunk]

    found = asyncio.run(collect())
    assert len(found) == len(tasks), "each page has exactly one result"
    return {each.capture.requested_url: each for each in found}


def wait_for_a_child() -> None:
    """Return when this process has started another."""
    while not multiprocessing.active_children():
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("hangs", "reading this page took longer than 0.5 s"),
        ("dies", "the worker process died on this page (exit code 3)"),
        ("killed", "the worker process died on this page (signal 9)"),
    ],
)
def test_a_page_that_brings_its_worker_down_costs_only_itself(
    bench: Workbench, pool: ExtractionPool, name: str, detail: str
) -> None:
    """It becomes an extract_error that says why; the pages beside it, before it and after it are read."""
    tasks = make_tasks(bench, "a", name, "b", "c", "d", "e", name, "f")
    found = extract(pool, tasks)
    hard = [each for url, each in found.items() if name in url]
    assert [(each.reason, each.detail) for each in hard] == [(Reason.EXTRACT_ERROR, detail)] * 2
    assert {each.detail for url, each in found.items() if name not in url} == {"read"}


def test_no_process_is_left(bench: Workbench, pool: ExtractionPool) -> None:
    """Workers that were ended and those that read a page alone are gone when the pool is closed."""
    extract(pool, make_tasks(bench, "a", "hangs", "dies", "b"))
    pool.close()
    assert multiprocessing.active_children() == []


def test_giving_up_in_the_middle_leaves_no_process(bench: Workbench, tmp_path: Path) -> None:
    """A run that is stopped while a page hangs alone in its process ends that process."""
    pool = ExtractionPool(tmp_path, workers=1, pages_per_chunk=1, page_seconds=30, extract=read_hard_page)
    (task,) = make_tasks(bench, "hangs")

    async def stop_early() -> None:
        alone = asyncio.create_task(pool._extract_alone(task))
        await asyncio.to_thread(wait_for_a_child)
        alone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await alone

    asyncio.run(stop_early())
    assert multiprocessing.active_children() == []


def test_a_hung_page_does_not_hold_up_the_end_of_a_run(bench: Workbench, tmp_path: Path) -> None:
    """A run that is interrupted kills a worker that hangs, instead of waiting until its page's time is up."""
    pool = ExtractionPool(tmp_path, workers=1, pages_per_chunk=1, page_seconds=30, extract=read_hard_page)

    async def read() -> list[list[Extraction]]:
        return [chunk async for chunk in pool.extract(make_tasks(bench, "hangs"))]

    async def stop_early() -> None:
        working = asyncio.create_task(read())
        await asyncio.to_thread(wait_for_a_child)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working

    asyncio.run(stop_early())
    (worker,) = multiprocessing.active_children()
    pool.close()
    assert worker.exitcode == -signal.SIGKILL
    assert multiprocessing.active_children() == []


def test_a_closed_pool_starts_no_worker(bench: Workbench, pool: ExtractionPool) -> None:
    """What is left of a run that has failed cannot start processes that nobody would end."""
    pool.close()
    with pytest.raises(WirewatchError, match="closed"):
        extract(pool, make_tasks(bench, "a"))
    assert multiprocessing.active_children() == []
