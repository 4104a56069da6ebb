"""An outlet's past through the real pipeline."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from workbench import Workbench

from extractors.discover import wordpress_past
from extractors.errors import ConfigurationError
from extractors.outlets import Source
from flows.runs.backfill_history import backfill_outlet
from flows.runs.report import RunReport
from flows.shown.progress import SilentReporter
from newsroom import expected_articles
from newsroom.sitemaps import INDEX
from warehouse.state import DiscoverCounts, record_polls

OBSERVATORY, GAZETTE = "sample_observatory_en", "sample_gazette"
BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)
MIDDLE = datetime(2026, 3, 20, tzinfo=UTC)


def backfill(bench: Workbench, outlet_id: str, since: datetime, until: datetime | None = None) -> RunReport:
    """Run the backfill."""
    return asyncio.run(backfill_outlet(bench.workspace, outlet_id, SilentReporter(), since=since, until=until))


def with_sources(bench: Workbench, outlet_id: str, *sources: dict[str, object]) -> Workbench:
    """The same home with other sources of one outlet."""
    outlet = bench.workspace.outlets[outlet_id]
    changed = outlet.model_copy(update={"sources": tuple(Source.model_validate(each) for each in sources)})
    outlets = {**bench.workspace.outlets, outlet_id: changed}
    return dataclasses.replace(bench, workspace=dataclasses.replace(bench.workspace, outlets=outlets))


def test_the_past_of_a_wordpress_is_loaded_once_and_then_watched(bench: Workbench) -> None:
    """A span is loaded, asking again loads nothing, a live run brings the rest, and an edit of the past is seen."""
    report = backfill(bench, OBSERVATORY, BEGINNING, MIDDLE)
    assert not report.has_failed, report.as_dict()
    expected = {each.title for each in expected_articles("morning", OBSERVATORY) if each.published_at < MIDDLE}
    assert expected
    assert set(bench.column("SELECT title FROM articles")) == expected
    assert backfill(bench, OBSERVATORY, BEGINNING, MIDDLE).changed == 0
    bench.ingest(OBSERVATORY)
    everything = {each.title for each in expected_articles("morning", OBSERVATORY)}
    assert set(bench.column("SELECT title FROM articles")) == everything
    bench.newsroom.set_edition("evening")
    assert bench.ingest(OBSERVATORY).outlets[0].revised == 1


def test_the_next_source_with_a_past_is_read_where_one_fails(bench: Workbench) -> None:
    """A feed is passed over, a WordPress that is none is a failed poll, and the sitemap brings the history."""
    url = bench.newsroom.gazette_url
    bench = with_sources(
        bench,
        GAZETTE,
        {"kind": "feed", "url": f"{url}/rss.xml"},
        {"kind": "wordpress", "url": f"{url}/"},
        {"kind": "sitemap", "url": f"{url}{INDEX}"},
    )
    report = backfill(bench, GAZETTE, BEGINNING)
    assert [reason for _, reason, _ in report.outlets[0].sources] == ["http_404", "polled"]
    expected = {each.title for each in expected_articles("morning", GAZETTE)}
    assert set(bench.column("SELECT title FROM articles")) == expected
    assert set(bench.column("SELECT source_id FROM polls")) == {
        f"backfill:wordpress:{url}/",
        f"backfill:sitemap:{url}{INDEX}",
    }


def test_a_backfill_that_is_killed_goes_on_where_it_was(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was listed is due and is loaded by the next run; the listing goes on at its place."""
    monkeypatch.setattr(wordpress_past, "LARGEST_PAGE", 4)
    with monkeypatch.context() as patch:
        patch.setattr("flows.journal.events.record_polls", dying_after(2))
        with pytest.raises(KilledError):
            backfill(bench, OBSERVATORY, BEGINNING)
    bench.newsroom.forget_requests()
    report = backfill(bench, OBSERVATORY, BEGINNING)
    asked = [request.path for request in bench.newsroom.requests if "wp-json" in request.path]
    everything = expected_articles("morning", OBSERVATORY)
    assert {each.title for each in everything} == set(bench.column("SELECT title FROM articles"))
    assert report.outlets[0].listed < len(everything)
    assert len(asked) < 4


class KilledError(BaseException):
    """The end of a process, as far as a test can have it."""


def dying_after(count: int) -> Callable[..., DiscoverCounts]:
    """What records polls, until it is killed."""
    calls = itertools.count(1)

    def record(*values: Any, **named: Any) -> DiscoverCounts:
        if next(calls) > count:
            raise KilledError
        return record_polls(*values, **named)

    return record


@pytest.mark.parametrize(
    ("outlet_id", "sources"), [("no_such_outlet", None), (GAZETTE, [{"kind": "feed", "url": "http://127.0.0.1:1/"}])]
)
def test_an_outlet_without_a_past_is_refused(
    new_bench: Workbench, outlet_id: str, sources: list[dict[str, object]] | None
) -> None:
    """Before anything is done, with what to add."""
    new_bench = with_sources(new_bench, outlet_id, *sources) if sources else new_bench
    with pytest.raises(ConfigurationError, match=outlet_id):
        backfill(new_bench, outlet_id, BEGINNING)
    assert not new_bench.workspace.home.exists()
