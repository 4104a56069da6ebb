"""A fault at each step of a run, and the run after it: every article is there once and the books balance."""

from __future__ import annotations

import asyncio
import inspect
import multiprocessing
import pkgutil
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from workbench import Workbench

from extractors.errors import WarehouseError
from extractors.outlets import Outlet, Source
from extractors.records import Extraction, Poll
from flows.runs import stages as plain
from flows.runs.pipeline import Request, Stages, ingest
from flows.runs.run import Run
from flows.shown.progress import SilentReporter
from newsroom import Edition, expected_articles
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.load import LoadCounts
from warehouse.state import DiscoverCounts

OUTLET = "sample_observatory_ar"
TITLES = sorted(each.title for each in expected_articles(Edition.MORNING) if each.outlet_id == OUTLET)

FAULTS = [
    ("flows.journal.events:record_polls", "after", 1),
    ("flows.runs.stages:fetch_link", "after", 3),
    ("extractors.archive.writer:Archive.append", "after", 5),
    ("extractors.archive.writer:Archive.sync", "before", 2),
    ("warehouse.fetches:write_links", "after", 1),
    ("flows.journal.events:record_fetches", "after", 1),
    ("flows.runs.extraction:ExtractionPool._started", "before", 1),
    ("warehouse.load:write_links", "after", 1),
    ("warehouse.search_index:insert_incoming", "after", 1),
    ("flows.journal.events:load", "after", 1),
    ("pathlib:Path.replace", "before", 2),
    ("warehouse.publish:write_note", "before", 1),
    ("flows.journal.events:finish_run", "before", 1),
]
"""What fails, before or after its work is done, and at which of its calls."""


class FaultError(Exception):
    """Something that nobody foresaw."""


def break_down(patch: pytest.MonkeyPatch, target: str, when: str, call: int) -> list[int]:
    """Let a function fail at one of its calls; the list that is returned holds that call once it has come."""
    module, _, path = target.partition(":")
    owner, _, name = path.rpartition(".")
    holder = pkgutil.resolve_name(f"{module}:{owner}" if owner else module)
    original = getattr(holder, name)
    calls, lock, failed = count(1), threading.Lock(), []

    def has_come() -> bool:
        with lock:
            if (is_it := next(calls) == call) is True:
                failed.append(call)
            return is_it

    def broken(*args: Any, **kwargs: Any) -> Any:
        is_it = has_come()
        if is_it and when == "before":
            raise FaultError(target)
        value = original(*args, **kwargs)
        if is_it:
            raise FaultError(target)
        return value

    async def broken_later(*args: Any, **kwargs: Any) -> Any:
        value = await original(*args, **kwargs)
        if has_come():
            raise FaultError(target)
        return value

    patch.setattr(holder, name, broken_later if inspect.iscoroutinefunction(original) else broken)
    return failed


@pytest.mark.parametrize(("target", "when", "call"), FAULTS, ids=[f"{when}-{name}" for name, when, _ in FAULTS])
def test_the_next_run_completes_what_a_fault_cut_short(new_bench: Workbench, target: str, when: str, call: int) -> None:
    """Whatever failed, the next run brings the rest: each article once, each link decided, each check passed."""
    with pytest.MonkeyPatch.context() as patch:
        failed = break_down(patch, target, when, call)
        try:
            has_failed = new_bench.ingest(OUTLET).has_failed
        except FaultError:
            has_failed = True
    assert (failed, has_failed) == ([call], True), "the fault came, and the run did not pass for a good one"
    assert multiprocessing.active_children() == []

    report = new_bench.ingest(OUTLET)
    assert not report.has_failed, report.as_dict()
    articles = new_bench.ask("SELECT title, revision_count FROM articles ORDER BY title")
    assert [row["title"] for row in articles] == TITLES
    assert {row["revision_count"] for row in articles} == {1}
    assert new_bench.column("SELECT DISTINCT state FROM links") == ["done"]
    with open_live(new_bench.workspace.home, wait_seconds=1) as con:
        assert [result for result in run_checks(con) if result.offending_count] == []
    assert not list(new_bench.workspace.home.glob(".*.tmp"))


def test_pages_whose_archive_is_damaged_end_with_that_reason(bench: Workbench) -> None:
    """Responses that cannot be read back are outcomes; the run ends, and the other pages are loaded."""
    with pytest.MonkeyPatch.context() as patch:
        break_down(patch, "flows.journal.events:load", "before", 1)
        bench.ingest(OUTLET)
    (path,) = bench.workspace.archive_folder.rglob("*.warc.gz")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    bench.ingest(OUTLET)
    reasons = {row["reason"]: row["n"] for row in bench.ask("SELECT reason, count(*) AS n FROM links GROUP BY ALL")}
    assert reasons["archive_error"] > 0
    assert reasons["loaded"] > 0
    assert bench.column("SELECT DISTINCT state FROM links") == ["done"]
    assert len(bench.ask("FROM articles")) == reasons["loaded"]


def test_a_load_that_leaves_pages_behind_ends_the_outlet_and_not_in_a_circle(bench: Workbench) -> None:
    """A stage that forgets pages is a defect that a person hears of; the pages wait for the next run."""

    async def load_nothing(run: Run, outlet: Outlet, extractions: Sequence[Extraction]) -> LoadCounts:
        return await plain.load_stage(run, outlet, extractions[:0])

    request = Request(outlet_ids=(OUTLET,))
    stages = replace(Stages(), load=load_nothing)
    report = asyncio.run(ingest(bench.workspace, request, SilentReporter(), stages=stages))
    assert "still to be extracted after they were loaded" in report.outlets[0].problem
    assert bench.ingest(OUTLET).changed == len(TITLES)


def test_a_run_that_must_stop_ends_the_work_on_the_other_outlets(bench: Workbench) -> None:
    """When the warehouse fails under one outlet, the others do not go on with what is closed behind them."""

    async def discover(
        run: Run, outlet: Outlet, since: datetime | None, sources: Sequence[Source]
    ) -> tuple[tuple[Poll, ...], DiscoverCounts]:
        if outlet.outlet_id == OUTLET:
            raise WarehouseError("warehouse.duckdb", "is broken")
        return await plain.discover_stage(run, outlet, since, sources)

    async def run_and_wait() -> None:
        stages = replace(Stages(), discover=discover)
        with pytest.raises(WarehouseError, match="is broken"):
            await ingest(bench.workspace, Request(), SilentReporter(), stages=stages)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run_and_wait())
    assert multiprocessing.active_children() == []
    assert bench.ingest().changed == len(expected_articles(Edition.MORNING))
