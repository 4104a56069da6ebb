"""Reprints of the sample outlets become republications, through the real pipeline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from terminal import Terminal
from workbench import Workbench, make_workbench

from flows.reextract import Request as ReextractRequest
from flows.reextract import reextract
from flows.runs.pipeline import Request, ingest
from flows.settings import StoriesSettings
from flows.shown.progress import SilentReporter
from newsroom import Edition, expected_articles, running_newsroom

OBSERVATORY, GAZETTE = "sample_observatory_en", "sample_gazette"
COPIES = """
    SELECT c.title AS copy_title, o.title AS origin_title, r.*
    FROM republications AS r
    JOIN articles AS c ON c.article_id = r.copy_article_id
    JOIN articles AS o ON o.article_id = r.origin_article_id
    ORDER BY copy_title
"""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """One home after the newsroom's morning and evening."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path_factory.mktemp("day"))
        assert not bench.ingest().has_failed
        newsroom.set_edition("evening")
        assert not bench.ingest().has_failed
        yield bench


def without_stories(bench: Workbench) -> Workbench:
    """The same with stories turned off."""
    settings = bench.workspace.settings.model_copy(update={"stories": StoriesSettings(enabled=False)})
    return replace(bench, workspace=replace(bench.workspace, settings=settings))


def test_each_reprint_is_a_republication_with_its_origin_and_credit(day: Workbench) -> None:
    """The observatory's reprints of the gazette, by their source lines, and nothing else."""
    day_of = {each.path: each for edition in Edition for each in expected_articles(edition)}
    reprints = [
        each
        for each in day_of.values()
        if each.outlet_id == OBSERVATORY and each.original_publisher == "The Levantine Gazette"
    ]
    rows = day.ask(COPIES)
    assert sorted(row["copy_title"] for row in rows) == sorted(each.title for each in reprints)
    assert {(row["origin_outlet_id"], row["copy_outlet_id"]) for row in rows} == {(GAZETTE, OBSERVATORY)}
    assert {(row["origin_reason"], row["credited_by"]) for row in rows} == {("source_line", "source_line")}
    assert all(row["lag_minutes"] > 0 and row["containment"] > 0.9 for row in rows)
    assert len(rows) == 4
    own = day.column("SELECT COUNT(*) FROM articles WHERE outlet_id <> 'sample_observatory_en'")
    assert day.column("SELECT COUNT(*) FROM stories WHERE origin_outlet_id <> 'sample_observatory_en'") == own


def test_a_reprint_from_elsewhere_is_a_story_whose_first_publisher_is_not_watched(day: Workbench) -> None:
    """The newsletter that the observatory names is no outlet here."""
    rows = day.ask("FROM stories WHERE NOT is_first_publisher_watched AND origin_outlet_id = 'sample_observatory_en'")
    assert [(row["first_publisher"], row["copy_count"]) for row in rows] == [("Lettre du Levant", 0)]


def test_bulletins_are_stories_of_their_own(day: Workbench) -> None:
    """The observatory writes in one form day after day; each article that is no reprint is a story."""
    assert day.column("SELECT COUNT(*) FROM articles WHERE story_id IS NULL") == [0]
    (counts,) = day.ask("SELECT COUNT(*) AS stories, SUM(article_count) AS articles, SUM(copy_count) AS n FROM stories")
    assert counts["articles"] == day.column("SELECT COUNT(*) FROM articles")[0]
    assert counts["n"] == day.column("SELECT COUNT(*) FROM republications")[0]


def test_reading_the_archive_again_leaves_the_stories(day: Workbench) -> None:
    """What comes out the same is in the same story."""
    before = day.ask("FROM republications ORDER BY ALL")
    report, _ = asyncio.run(reextract(day.workspace, ReextractRequest(), SilentReporter()))
    assert not report.has_failed
    assert day.ask("FROM republications ORDER BY ALL") == before


def test_stories_that_were_off_follow_with_the_next_run(bench: Workbench) -> None:
    """Nothing is compared while they are off, no check is missed, and a later run does it for all."""
    off = without_stories(bench)
    request = Request(outlet_ids=tuple(bench.workspace.outlets))
    assert not asyncio.run(ingest(off.workspace, request, SilentReporter())).has_failed
    assert bench.column("SELECT COUNT(story_id) FROM articles") == [0]
    assert not bench.ingest().has_failed
    assert bench.column("SELECT COUNT(*) FROM articles WHERE story_id IS NULL") == [0]
    assert bench.column("SELECT COUNT(*) > 0 FROM republications") == [True]


def test_migrate_puts_articles_of_before_in_their_stories(bench: Workbench, terminal: Terminal) -> None:
    """It says how many; a second time there are none."""
    off = without_stories(bench)
    asyncio.run(ingest(off.workspace, Request(outlet_ids=(GAZETTE,)), SilentReporter()))
    places = ["--config", str(bench.workspace.config), "--home", str(bench.workspace.home)]
    for expected in (bench.column("SELECT COUNT(*) FROM articles")[0], 0):
        assert terminal.run("migrate", "--json", *places) == 0
        assert json.loads(terminal.out)["put_in_stories"] == expected
