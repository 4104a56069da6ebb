"""Articles on several pages over real HTTP: joined, interrupted, damaged and hostile ones."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from paged_site import PAGES, STANDFIRST, TITLE, PagedBench, PagedSite, make_paged_bench, page_of, paged_site
from warehouse_samples import FORGOTTEN, contents

from extractors.errors import Reason
from extractors.extract import PageTask, extract_page
from extractors.records import Extraction, Hints
from flows.reextract import Request as ReextractRequest
from flows.reextract import reextract
from flows.runs.dry_run import dry_run
from flows.runs.pipeline import Request
from flows.shown.progress import SilentReporter
from flows.verify import verify
from warehouse.connection import open_live
from warehouse.further_pages import known_pages, record_further_pages
from warehouse.rows import capture_from, read

FIRST = "\n".join((STANDFIRST, *PAGES[0]))  # of a page without a layout the standfirst stays in the text
TWO = "\n".join((FIRST, *PAGES[1]))
WHOLE = "\n".join((TWO, *PAGES[2]))
STARTED_AT = datetime(2026, 3, 19, 9, 30, tzinfo=UTC)
PARTS = """
    SELECT f.page_number, f.reason, c.requested_url
    FROM further_pages AS f
    JOIN articles AS a ON a.capture_id = f.first_capture_id
    LEFT JOIN captures AS c ON c.capture_id = f.capture_id
    ORDER BY f.page_number
"""


class Clock:
    """Stands in place of ``datetime`` in flows.runs.run: a present that a test moves."""

    def __init__(self) -> None:
        self.moment = STARTED_AT

    def now(self, zone: tzinfo | None = None) -> datetime:
        """The present."""
        return self.moment.astimezone(zone)


class InlinePool:
    """Stands in place of the pool of workers, each of which takes a second to start."""

    def __init__(self, archive_folder: Path, **settings: Any) -> None:
        del settings
        self._archive_folder = archive_folder

    async def extract(self, tasks: Sequence[PageTask]) -> AsyncIterator[list[Extraction]]:
        """Extract the pages."""
        yield [extract_page(self._archive_folder, task) for task in tasks]

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Ninety minutes after the article was published."""
    clock = Clock()
    monkeypatch.setattr("flows.runs.run.datetime", clock)
    return clock


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[PagedSite]:
    """A site with an article on three pages, which are read in this process."""
    monkeypatch.setattr("flows.runs.run.ExtractionPool", InlinePool)
    with paged_site() as running:
        running.article()
        yield running


@pytest.fixture
def bench(site: PagedSite, tmp_path: Path, clock: Clock) -> PagedBench:
    """An empty home; the outlet lists the first page."""
    del clock
    return make_paged_bench(site, tmp_path)


def test_an_article_on_three_pages_is_one(tmp_path: Path) -> None:
    """Its text is theirs in order; headline, standfirst and byline of each page are not in it again."""
    with paged_site() as site:
        site.article()
        bench = make_paged_bench(site, tmp_path)
        report = bench.ingest()
    assert (report.fetched, report.loaded, report.other) == (1, 1, {})
    article = bench.article()
    assert (article["title"], article["text"], article["is_complete"]) == (TITLE, WHOLE, True)
    assert [row["state"] for row in bench.ask("FROM links")] == ["done"]


def test_every_part_leads_to_its_bytes(bench: PagedBench) -> None:
    """Each page has a capture, an outcome and a line of provenance that names both."""
    bench.ingest()
    parts = bench.ask(PARTS)
    assert [(row["page_number"], row["reason"]) for row in parts] == [(2, "further_page"), (3, "further_page")]
    assert [row["requested_url"] for row in parts] == [bench.site.url(f"/story?page={number}") for number in (2, 3)]
    outcomes = bench.ask("SELECT stage, capture_id, link_id FROM outcomes WHERE reason = 'further_page'")
    captures = {str(row["capture_id"]) for row in outcomes}
    assert {(row["stage"], row["link_id"] is None) for row in outcomes} == {("fetch", False)}
    told = bench.ask("SELECT source, raw FROM provenance WHERE field = 'text' AND source LIKE 'page%' ORDER BY source")
    assert [row["source"].split(".")[0] for row in told] == ["page[2]", "page[3]"]
    assert {row["raw"].split()[0] for row in told} == captures


def test_a_second_run_asks_for_nothing(bench: PagedBench) -> None:
    """What is loaded is loaded, further pages too."""
    bench.ingest()
    bench.site.pages_asked()
    assert bench.ingest().changed == 0
    assert bench.site.pages_asked() == []


def test_the_archive_alone_gives_the_same_article(bench: PagedBench) -> None:
    """A re-extraction joins the same responses without asking for one, and so does reading them by hand."""
    bench.ingest()
    bench.site.pages_asked()
    for is_dry in (True, False):
        report, differences = asyncio.run(reextract(bench.workspace, ReextractRequest(is_dry=is_dry), SilentReporter()))
        assert not report.has_failed
        assert (sum(differences.read_count.values()), differences.found) == (1, [])
    assert bench.site.pages_asked() == []
    assert [row["revision_count"] for row in bench.ask("FROM articles")] == [1]
    with open_live(bench.workspace.home, wait_seconds=5) as con:
        (row,) = read(con, "SELECT *, CAST(capture_id AS VARCHAR) AS id FROM captures WHERE final_url LIKE '%story'")
        capture = capture_from({**row, "capture_id": row["id"]})
        further = known_pages(con, [capture.capture_id])[capture.capture_id]
    task = PageTask(capture=capture, link_id="", hints=Hints(), outlet=bench.outlet, further=further)
    found = extract_page(bench.workspace.archive_folder, task).article
    assert found is not None
    assert (found.text, found.is_complete, found.page_count) == (WHOLE, True, 3)


def test_a_page_that_is_gone_leaves_an_article_that_says_so(bench: PagedBench) -> None:
    """What could be read is there; why the rest is not is a row, an outcome and a line of provenance."""
    bench.site.answers["/story?page=3"] = 404
    report = bench.ingest()
    assert report.loaded == 1
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (TWO, False)
    assert [row["reason"] for row in bench.ask(PARTS)] == ["further_page", "http_404"]
    assert len(bench.ask("FROM outcomes WHERE reason = 'http_404' AND requested_url LIKE '%page=3'")) == 1
    assert len(bench.ask("FROM provenance WHERE field = 'text' AND source = 'page[3].missing:http_404'")) == 1
    assert bench.ingest().changed == 0


@pytest.mark.parametrize(("answer", "reason"), [(403, "http_403"), ("<p>", "empty")])
def test_a_page_that_is_none_is_missing(bench: PagedBench, answer: str | int, reason: str) -> None:
    """A refusal, or a page without a text: the article is its first page, and not complete."""
    bench.site.answers["/story?page=2"] = answer
    assert bench.ingest().loaded == 1
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (FIRST, False)
    told = bench.ask("SELECT source FROM provenance WHERE source LIKE 'page[2].missing%'")
    assert [row["source"] for row in told] == [f"page[2].missing:{reason}"]


def test_an_article_waits_for_a_page_that_may_still_come(bench: PagedBench, clock: Clock) -> None:
    """Nothing of it is loaded meanwhile; then the pages that are there are not asked for again."""
    whole = bench.site.answers["/story?page=3"]
    bench.site.answers["/story?page=3"] = 503
    report = bench.ingest()
    assert (report.loaded, report.other) == (0, {Reason.HTTP_5XX: 1})
    assert bench.ask("FROM articles") == []
    assert [(row["state"], row["attempt_count"]) for row in bench.ask("FROM links")] == [("fetched", 1)]
    bench.site.pages_asked()
    assert bench.ingest().changed == 0
    assert bench.site.pages_asked() == []

    clock.moment += timedelta(hours=1)
    bench.site.answers["/story?page=3"] = whole
    assert bench.ingest().loaded == 1
    assert bench.site.pages_asked() == ["/story?page=3"]
    article = bench.article()
    assert (article["text"], article["is_complete"], article["revision_count"]) == (WHOLE, True, 1)


def test_after_five_failures_an_article_is_loaded_without_the_page(bench: PagedBench, clock: Clock) -> None:
    """As a link that fails five times is given up."""
    bench.site.answers["/story?page=2"] = 503
    for hours in (0, 1, 2, 12, 48):
        assert bench.ask("FROM articles") == [] if hours else True
        clock.moment += timedelta(hours=hours)
        bench.ingest()
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (FIRST, False)
    assert bench.site.pages_asked().count("/story?page=2") == 5


def test_an_article_waits_while_the_days_requests_are_spent(site: PagedSite, tmp_path: Path, clock: Clock) -> None:
    """The budget holds for further pages; the next day brings the rest."""
    bench = make_paged_bench(site, tmp_path, requests_per_day=3)  # robots.txt, the first page, the second
    assert bench.ingest().other == {Reason.BUDGET_SPENT: 1}
    assert bench.ask("FROM articles") == []
    clock.moment += timedelta(days=1)
    bench.ingest()
    assert bench.article()["text"] == WHOLE


FAULTS = [
    ("record_further_pages", 1, ["/story", "/story?page=2"], ["/story?page=2", "/story?page=3"]),
    ("record_further_pages", 2, ["/story", "/story?page=2", "/story?page=3"], ["/story?page=3"]),
    ("load", 1, ["/story", "/story?page=2", "/story?page=3"], []),
]


@pytest.mark.parametrize(("target", "call", "asked", "asked_again"), FAULTS)
def test_a_run_that_dies_between_two_pages_loses_nothing(
    bench: PagedBench, monkeypatch: pytest.MonkeyPatch, target: str, call: int, asked: list[str], asked_again: list[str]
) -> None:
    """It loads no half article; the next run asks for what was not written down, and loads the whole."""
    calls = iter(range(1, 9))
    original: Callable[..., Any] = record_further_pages  # the load is called once, and dies

    def dies(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            raise OSError("killed")
        return original(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(f"flows.journal.events.{target}", dies)
        assert "killed" in bench.ingest().problem
    assert bench.ask("FROM articles") == []
    assert bench.site.pages_asked() == asked
    assert bench.ingest().loaded == 1
    assert bench.site.pages_asked() == asked_again
    article = bench.article()
    assert (article["text"], article["is_complete"], article["revision_count"]) == (WHOLE, True, 1)


def test_an_article_comes_back_whole_from_the_archive_alone(bench: PagedBench, tmp_path: Path) -> None:
    """Which pages were asked for, and what became of each, is noted beside them."""
    bench.site.answers["/story?page=3"] = 410
    bench.ingest()
    alone = replace(bench.workspace, home=tmp_path / "alone")
    shutil.copytree(bench.workspace.archive_folder, alone.archive_folder)
    assert asyncio.run(verify(alone, SilentReporter(), is_repair=True)).faults == []
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        before = contents(con)
    with open_live(alone.home, wait_seconds=0) as con:
        after = contents(con)
    assert len(before["core.further_pages"]) == 2
    for table, rows in before.items():
        if table not in FORGOTTEN:
            assert after[table] == rows, table


HOSTILE = {
    "to itself": page_of(1, following="/story"),
    "to another article": page_of(1, following="/other"),
    "to another number": page_of(1, following="/story?page=7"),
    "to another article with a number": page_of(1, following="/story-2"),
    "to another host": page_of(1, following="http://127.0.0.2:9/story?page=2"),
    "to no address": page_of(1, following="http://[x"),
    "to a script": page_of(1, following="javascript:next(2)"),
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_a_next_that_leads_elsewhere_is_not_followed(bench: PagedBench, page: str) -> None:
    """The article is the page, whole; nothing else is asked for."""
    bench.site.answers["/story"] = page
    bench.ingest()
    assert bench.site.pages_asked() == ["/story"]
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (FIRST, True)


def test_a_next_that_goes_in_a_circle_ends(bench: PagedBench) -> None:
    """The second page names the first, or itself, as the next."""
    for following in ("/story", "/story?page=2", "/story?page=1"):
        bench.site.answers["/story?page=2"] = page_of(2, following=following)
        bench.ingest(urls=(bench.site.url("/story"),))
        assert bench.site.pages_asked() == ["/story", "/story?page=2"]
        assert bench.article()["text"] == TWO


def test_a_page_that_repeats_the_first_ends_the_article(bench: PagedBench) -> None:
    """A site that answers every number with the same page: the text stands once, and is all there is."""
    bench.site.answers["/story?page=2"] = page_of(1, following="/story?page=3")
    bench.ingest()
    assert bench.site.pages_asked() == ["/story", "/story?page=2"]
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (FIRST, True)
    assert len(bench.ask("FROM provenance WHERE source = 'page[2].repeated'")) == 1


def test_a_page_of_another_article_is_not_joined(bench: PagedBench) -> None:
    """One that was published on another day is none of its pages, whatever its address says."""
    bench.site.answers["/story?page=2"] = page_of(2, title="Yesterday's news", published="2026-02-01T08:00:00Z")
    bench.ingest()
    assert bench.article()["text"] == FIRST
    assert len(bench.ask("FROM provenance WHERE source = 'page[2].another_article'")) == 1


def test_the_number_of_pages_is_bounded(site: PagedSite, tmp_path: Path, clock: Clock) -> None:
    """An article with more pages is there with those that were read, and says that it is not complete."""
    del clock
    bench = make_paged_bench(site, tmp_path, max_article_pages=2)
    bench.ingest()
    assert bench.site.pages_asked() == ["/story", "/story?page=2"]
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (TWO, False)


def test_robots_txt_holds_for_further_pages(bench: PagedBench) -> None:
    """What may not be fetched is missing, with that reason."""
    bench.site.robots = "User-agent: *\nDisallow: /*page=3\n"
    bench.ingest()
    assert [row["reason"] for row in bench.ask(PARTS)] == ["further_page", "robots_disallowed"]
    assert bench.article()["is_complete"] is False
    assert "/story?page=3" not in bench.site.pages_asked()


def test_pages_that_are_only_numbered_are_found(bench: PagedBench) -> None:
    """Without rel=next, by their number in any digits, or the word for it; not by another number."""
    links = '<a href="/story">١</a> <a href="/story?page={}">{}</a>'
    bench.site.answers["/story"] = page_of(1, links=links.format(2, "٢"))
    bench.site.answers["/story?page=2"] = page_of(2, links='<a href="/story?page=3">التالي »</a>')
    bench.site.answers["/story?page=3"] = page_of(3, links='<a href="/story?page=4">17 comments</a>')
    bench.ingest()
    assert bench.article()["text"] == WHOLE
    assert bench.site.pages_asked() == ["/story", "/story?page=2", "/story?page=3"]


def test_an_edit_of_a_further_page_is_seen(bench: PagedBench, clock: Clock) -> None:
    """A recheck asks for all pages, though the first says that it has not changed."""
    bench.ingest()
    bench.site.pages_asked()
    bench.site.answers["/story?page=3"] = page_of(3, lines=("There was no bread on the quay on Thursday after all.",))
    clock.moment += timedelta(days=1)
    report = bench.ingest()
    assert (report.rechecked, report.revised) == (1, 1)
    assert bench.site.pages_asked() == ["/story", "/story?page=2", "/story?page=3"]
    assert bench.article()["text"].endswith("after all.")
    assert bench.ask("SELECT kind, changed_fields FROM revisions ORDER BY revision_number")[1] == {
        "kind": "edit",
        "changed_fields": ["text"],
    }


def test_a_recheck_that_misses_a_page_changes_nothing(bench: PagedBench, clock: Clock) -> None:
    """The whole text stands; the attempt says what was met, and a later one sees it all again."""
    bench.ingest()
    whole = bench.site.answers["/story?page=2"]
    bench.site.answers["/story?page=2"] = 404
    clock.moment += timedelta(days=1)
    report = bench.ingest()
    assert (report.rechecked, report.revised, report.other) == (1, 0, {Reason.INCOMPLETE: 1})
    article = bench.article()
    assert (article["text"], article["is_complete"], article["removed_at"]) == (WHOLE, True, None)
    assert [row["reason"] for row in bench.ask("FROM links")] == ["loaded"]
    bench.site.answers["/story?page=2"] = whole
    clock.moment += timedelta(days=3)
    report = bench.ingest()
    assert (report.rechecked, report.unchanged) == (1, 1)


def test_an_article_that_is_not_whole_is_completed_later(bench: PagedBench, clock: Clock) -> None:
    """A recheck brings the page that was missing, as an edit."""
    whole = bench.site.answers["/story?page=2"]
    bench.site.answers["/story?page=2"] = 404
    bench.ingest()
    assert bench.article()["text"] == FIRST
    bench.site.answers["/story?page=2"] = whole
    clock.moment += timedelta(days=1)
    assert bench.ingest().revised == 1
    article = bench.article()
    assert (article["text"], article["is_complete"]) == (WHOLE, True)


def test_a_further_page_that_is_listed_is_no_article_of_its_own(site: PagedSite, tmp_path: Path, clock: Clock) -> None:
    """Whether or not its first page is listed too; the outcome says whose page it is."""
    del clock
    bench = make_paged_bench(site, tmp_path, "/story", "/story?page=2")
    bench.ingest()
    assert bench.article()["text"] == WHOLE
    (row,) = bench.ask("FROM outcomes WHERE reason = 'further_page' AND stage = 'extract'")
    assert row["detail"] == f"a further page of {site.url('/story')}"
    assert bench.ask("SELECT no_article, loaded FROM coverage") == [{"no_article": 1, "loaded": 1}]


def test_a_dry_run_asks_for_no_page(bench: PagedBench) -> None:
    """It names the link; on how many pages its article stands is known only to a run."""
    report = asyncio.run(dry_run(bench.workspace, Request(outlet_ids=("papers",)), SilentReporter()))
    (forecast,) = report.outlets
    assert forecast.fetched_urls == [bench.site.url("/story")]
    assert bench.site.pages_asked() == []
    assert not (bench.workspace.home / "live").exists()
