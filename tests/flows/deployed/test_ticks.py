"""Runs that name no outlet: what they do for outlets of which nothing is due, and for many at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from workbench import Workbench

from extractors.errors import Reason
from flows.runs.pipeline import PLAIN_STAGES, Request, Stages, ingest
from flows.runs.report import RunReport
from flows.shown.progress import SilentReporter


class Counted:
    """Stages that remember of which outlets they were asked to discover or to fetch."""

    def __init__(self) -> None:
        self.discovered: list[str] = []
        self.fetched: list[str] = []

    def stages(self) -> Stages:
        """The plain stages, counted."""

        async def discover(*values: Any) -> Any:
            self.discovered.append(values[1].outlet_id)
            return await PLAIN_STAGES.discover(*values)

        async def fetch(*values: Any) -> Any:
            self.fetched.append(values[1].outlet_id)
            return await PLAIN_STAGES.fetch(*values)

        return replace(PLAIN_STAGES, discover=discover, fetch=fetch)


def tick(bench: Workbench, counted: Counted) -> RunReport:
    """A run over whatever is due."""
    return asyncio.run(ingest(bench.workspace, Request(), SilentReporter(), stages=counted.stages()))


def test_an_outlet_of_which_nothing_is_due_is_not_touched(bench: Workbench) -> None:
    """Nothing is asked of it, and it is told as ``not_due``; rechecks of young articles are all made by then."""
    bench.ingest()
    tick(bench, Counted())
    bench.newsroom.forget_requests()
    counted = Counted()
    report = tick(bench, counted)
    assert [dict(outlet.other) for outlet in report.outlets] == [{Reason.NOT_DUE: 1}] * 3
    assert not report.has_failed
    assert (counted.discovered, counted.fetched, bench.newsroom.requests) == ([], [], ())


def test_what_waits_is_worked_off_though_no_source_is_due(bench: Workbench) -> None:
    """A limit left links behind; the next tick fetches them."""
    bench.ingest("sample_gazette", limit=2)
    counted = Counted()
    tick(bench, counted)
    assert "sample_gazette" in counted.fetched
    assert "sample_gazette" not in counted.discovered
    assert bench.column("SELECT count(*) FROM articles WHERE outlet_id = 'sample_gazette'") == [11]


@pytest.mark.parametrize(("many", "count"), [(2, 0), (3, 3)])
def test_to_discover_is_no_task_where_there_are_many_outlets(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, many: int, count: int
) -> None:
    """The stage that may be a task is asked for few outlets; pages are fetched by it in any case."""
    monkeypatch.setattr("flows.runs.pipeline.MANY_OUTLETS", many)
    counted = Counted()
    report = tick(bench, counted)
    assert len(counted.discovered) == count
    assert len(set(counted.fetched)) == 3
    assert not report.has_failed
