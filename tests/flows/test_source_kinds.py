"""Each kind of source through the real pipeline: what it lists is what the outlet's desk wrote."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from workbench import Workbench, make_workbench

from extractors.outlets import Outlet, Source
from flows.runs.report import RunReport
from newsroom import Expected, RunningNewsroom, expected_articles, load_articles, running_newsroom
from newsroom.hubs import HUB
from newsroom.sitemaps import INDEX, SECTION_SITEMAPS

GAZETTE, OBSERVATORY, ARABIC = "sample_gazette", "sample_observatory_en", "sample_observatory_ar"
BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)  # before the first article
MONTHS = "date/{year}/{month:02}/page/{page}/"

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "by_sitemap": (GAZETTE, {"kind": "sitemap", "url": "{gazette}" + INDEX}),
    "by_news_sitemap": (GAZETTE, {"kind": "news_sitemap", "url": "{gazette}/"}),  # its robots.txt names it
    "by_section": (
        GAZETTE,
        {
            "kind": "section",
            "url": "{gazette}" + HUB,
            "links": "//div[@class='view-latest']//h2/a",
            "next_page": "//nav[@class='pager']/a[@rel='next']",
        },
    ),
    "by_archive": (
        OBSERVATORY,
        {"kind": "section", "url": "{observatory}/en/", "page_url": "{observatory}/en/" + MONTHS, "max_pages": 60},
    ),
    "by_arabic_archive": (
        ARABIC,
        {"kind": "section", "url": "{observatory}/", "page_url": "{observatory}/" + MONTHS, "max_pages": 60},
    ),
}
"""An outlet for each kind: a sample outlet by another name, with one source."""

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the outlets' morning and evening brought; ``reports`` are of the morning, again, and the evening."""

    bench: Workbench
    reports: tuple[RunReport, ...]
    morning: dict[str, Rows]
    evening: dict[str, Rows]


def outlet_by(outlet_id: str, bench: Workbench) -> Outlet:
    """A sample outlet with a source of a kind in place of its own."""
    sample_id, values = KINDS[outlet_id]
    places = {"{gazette}": bench.newsroom.gazette_url, "{observatory}": bench.newsroom.observatory_url}
    for name, origin in places.items():  # not by format(): the patterns have braces of their own
        values = {k: v.replace(name, origin) if isinstance(v, str) else v for k, v in values.items()}
    changes = {"outlet_id": outlet_id, "sources": (Source.model_validate(values),)}
    return bench.workspace.outlets[sample_id].model_copy(update=changes)


def make_bench(newsroom: RunningNewsroom, folder: Path, *outlet_ids: str) -> Workbench:
    """A home with these outlets."""
    bench = make_workbench(newsroom, folder)
    outlets = {outlet_id: outlet_by(outlet_id, bench) for outlet_id in outlet_ids}
    return dataclasses.replace(bench, workspace=dataclasses.replace(bench.workspace, outlets=outlets))


def standing(bench: Workbench) -> dict[str, Rows]:
    """The articles that stand, by outlet and by the paths of their addresses."""
    rows: dict[str, Rows] = {outlet_id: {} for outlet_id in KINDS}
    for row in bench.ask("FROM articles WHERE removed_at IS NULL"):
        rows[row["outlet_id"]][unquote(urlsplit(row["canonical_url"]).path)] = row
    return rows


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """One home after a morning, another look, and an evening."""
    with running_newsroom() as newsroom:
        bench = make_bench(newsroom, tmp_path_factory.mktemp("kinds"), *KINDS)
        first = bench.ingest(since=BEGINNING)
        morning = standing(bench)
        again = bench.ingest(since=BEGINNING)
        newsroom.set_edition("evening")
        last = bench.ingest(since=BEGINNING)
        yield Day(bench=bench, reports=(first, again, last), morning=morning, evening=standing(bench))


def compare(rows: Rows, expected: tuple[Expected, ...]) -> None:
    """These articles are there as they were written."""
    for each in expected:
        row = rows[unquote(each.path)]
        assert row["text"] == each.text
        for field in ("title", "language", "section", "published_at", "standfirst", "has_disclaimer"):
            assert row[field] == getattr(each, field), field
        assert row["original_publisher"] == each.original_publisher
        assert set(row["tags"]) == set(each.tags)
        assert tuple(row["authors"]) == each.authors


def test_no_run_fails_and_another_look_changes_nothing(day: Day) -> None:
    """Whatever the kind."""
    assert [report.has_failed for report in day.reports] == [False] * 3, day.reports[-1].as_dict()
    assert day.reports[1].changed == 0


@pytest.mark.parametrize("outlet_id", KINDS)
def test_the_morning_is_loaded_as_it_was_written(day: Day, outlet_id: str) -> None:
    """All articles of the outlet, and nothing else."""
    expected = expected_articles("morning", KINDS[outlet_id][0])
    compare(day.morning[outlet_id], expected)
    assert set(day.morning[outlet_id]) == {unquote(each.path) for each in expected}


@pytest.mark.parametrize("outlet_id", KINDS)
def test_the_evening_brings_what_is_new(day: Day, outlet_id: str) -> None:
    """And the edit, where the kind tells of it: a page of links does not say that an article was changed."""
    sample_id = KINDS[outlet_id][0]
    expected = expected_articles("evening", sample_id)
    edited = {a.path for a in load_articles() if a.outlet.outlet_id == sample_id and a.evening}
    told = edited if "sitemap" in outlet_id else set()
    compare(day.evening[outlet_id], tuple(each for each in expected if each.path not in edited - told))
    assert {unquote(each.path) for each in expected} <= set(day.evening[outlet_id])
    edits = day.bench.ask(f"FROM revisions WHERE kind = 'edit' AND outlet_id = '{outlet_id}'")
    assert len(edits) == len(told)


def test_what_a_sitemap_lists_that_is_no_article_is_accounted_for(day: Day) -> None:
    """Stubs, galleries, section pages and disallowed pages end in their reasons, like a feed's."""
    rows = day.bench.ask("FROM links SELECT reason, count(*) AS n WHERE outlet_id = 'by_sitemap' GROUP BY ALL")
    reasons = {row["reason"]: row["n"] for row in rows}
    written = [a for a in load_articles() if a.outlet.outlet_id == GAZETTE and a.reason and not a.advert_url]
    assert {a.reason for a in written} <= set(reasons)
    assert reasons["excluded_url"] >= len(SECTION_SITEMAPS)  # the sections' own pages
    assert None not in reasons


def test_an_unmodified_post_costs_no_request(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """The REST API tells of edits: of the pages of known posts only the edited one is asked for again."""
    bench = make_workbench(newsroom, tmp_path)
    bench.ingest(OBSERVATORY)
    newsroom.forget_requests()
    bench.ingest(OBSERVATORY)
    paths = {urlsplit(request.path).path for request in newsroom.requests}
    assert paths == {"/robots.txt", "/en/wp-json/wp/v2/posts"}
    newsroom.set_edition("evening")
    newsroom.forget_requests()
    bench.ingest(OBSERVATORY)
    known = {each.path for each in expected_articles("morning", OBSERVATORY)}
    edited = {a.path for a in load_articles() if a.outlet.outlet_id == OBSERVATORY and a.evening}
    assert edited
    assert {request.path for request in newsroom.requests} & known == edited


def test_a_quiet_sitemap_costs_one_request_and_some_that_bring_nothing(
    newsroom: RunningNewsroom, tmp_path: Path
) -> None:
    """Without ``--since`` the sitemaps that the index calls old are not asked for, the others conditionally."""
    bench = make_bench(newsroom, tmp_path, "by_sitemap")
    bench.ingest(limit=1)
    newsroom.forget_requests()
    bench.ingest(limit=1)
    asked = [request for request in newsroom.requests if "sitemap" in request.path]
    assert asked[0].path == INDEX
    assert 0 < len(asked[1:]) < len(SECTION_SITEMAPS)
    assert all("if-none-match" in request.headers for request in asked[1:])
    assert bench.column("SELECT reason FROM polls ORDER BY polled_at DESC LIMIT 1") == ["not_modified"]
