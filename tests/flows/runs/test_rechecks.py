"""Rechecks over real HTTP with a clock that moves: edits and takedowns that no source mentions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from empty_home import plant_warehouse
from workbench import Workbench, make_workbench

from extractors.errors import ConfigurationError, WirewatchError
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, Hints
from flows.recheck import recheck
from flows.runs.pipeline import PLAIN_STAGES, Request, Stages, ingest
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run
from flows.settings import open_workspace
from flows.shown.progress import SilentReporter
from newsroom import RunningNewsroom, SampleArticle, load_articles
from newsroom.desk import LoggedRequest

GAZETTE = "sample_gazette"
OBSERVATORY = "sample_observatory_en"
EDITED = next(a for a in load_articles() if a.site == "gazette" and a.evening)
REMOVED = next(a for a in load_articles() if a.site == "observatory_en" and a.removed_in)
EDITED_POST = next(a for a in load_articles() if a.site == "observatory_en" and a.evening)

LOADED_AT = datetime(2026, 3, 25, 12, tzinfo=UTC)
DUE_POSTS = [
    a
    for a in load_articles()
    if a.site == "observatory_en" and LOADED_AT - timedelta(days=10) < a.published < LOADED_AT - timedelta(days=5)
]
"""Posts that reach an age of ten days in the five days after they are loaded."""


class Clock:
    """Stands in place of ``datetime`` in flows.runs.run: a present that a test moves."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self, zone: tzinfo | None = None) -> datetime:
        """The present."""
        return self.moment.astimezone(zone)

    def after(self, article: SampleArticle, hours: float) -> None:
        """Move to an age of an article."""
        self.moment = article.published + timedelta(hours=hours)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Six minutes after the Gazette's article that will be edited was published."""
    clock = Clock(EDITED.published + timedelta(minutes=6))
    monkeypatch.setattr("flows.runs.run.datetime", clock)
    return clock


MakeBench = Callable[..., Workbench]


@pytest.fixture
def make_bench(newsroom: RunningNewsroom, tmp_path: Path, empty_warehouse: Path) -> MakeBench:
    """Makes a workbench with one outlet, whose sources are due once a week, and what a test adds to its file.

    All but one of its pages are excluded, unless a test wants them.
    """

    def make(
        outlet_id: str = GAZETTE, *, outlet: str = "", settings: str = "", only_page: SampleArticle | None = EDITED
    ) -> Workbench:
        make_workbench(newsroom, tmp_path)
        config = tmp_path / "config"
        for path in (config / "outlets").glob("*.toml"):
            if path.stem != outlet_id:
                path.unlink()
        path = config / "outlets" / f"{outlet_id}.toml"
        text = re.sub(r"(?m)^max_every_minutes = .*\n", "", path.read_text(encoding="utf-8"))
        text = re.sub(r"(?m)^every_minutes = \d+", "every_minutes = 10080\nmax_every_minutes = 10080", text)
        if only_page is not None:
            text = re.sub(r"(?m)^include = \[.*\]", f"include = ['{re.escape(only_page.path)}$']", text)
        path.write_text(text + outlet, encoding="utf-8")
        with (config / "wirewatch.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        plant_warehouse(empty_warehouse, tmp_path / "home")
        return Workbench(newsroom, open_workspace(config, tmp_path / "home"))

    return make


def run_due(bench: Workbench, *, stages: Stages = PLAIN_STAGES, **request: Any) -> RunReport:
    """A run that names no outlet: its sources are not due, its rechecks may be."""
    return asyncio.run(ingest(bench.workspace, Request(**request), SilentReporter(), stages=stages))


def asked(bench: Workbench, part: str) -> list[LoggedRequest]:
    """Requests since the log was emptied whose address holds ``part``; the log is emptied."""
    found = [request for request in bench.newsroom.requests if part in request.path]
    bench.newsroom.forget_requests()
    return found


def only(report: RunReport) -> OutletReport:
    """The one outlet's part."""
    (outlet,) = report.outlets
    return outlet


def article(bench: Workbench, sample: SampleArticle) -> dict[str, Any]:
    """The article as analysts see it, with its link."""
    (row,) = bench.ask(
        "SELECT a.*, l.state, l.reason, l.attempt_count, l.retry_at FROM articles AS a "
        f"JOIN links AS l USING (article_id) WHERE a.canonical_url LIKE '%{sample.path}'"
    )
    return row


def outcomes(bench: Workbench, sample: SampleArticle) -> list[str]:
    """Reasons of an article's attempts, oldest first."""
    return bench.column(
        f"SELECT reason FROM outcomes WHERE requested_url LIKE '%{sample.path}%' ORDER BY occurred_at, stage"
    )


def kinds(bench: Workbench, sample: SampleArticle) -> list[str]:
    """Kinds of an article's revisions."""
    article_id = article(bench, sample)["article_id"]
    return bench.column(f"SELECT kind FROM revisions WHERE article_id = '{article_id}' ORDER BY revision_number")


def test_an_article_is_asked_for_at_each_age_and_not_between(make_bench: MakeBench, clock: Clock) -> None:
    """Conditionally but at the last age, where the whole page is asked for; the same body is not extracted again."""
    bench = make_bench()
    run_due(bench)
    assert len(asked(bench, EDITED.path)) == 1
    for hours in (1, 6, 24, 72, 336):
        clock.after(EDITED, hours - 0.1)
        run_due(bench)
        assert asked(bench, EDITED.path) == []
        clock.after(EDITED, hours + 0.1)
        report = run_due(bench)
        (request,) = asked(bench, EDITED.path)
        assert ("if-none-match" in request.headers) == (hours != 336)
        assert not report.has_failed
        assert (only(report).rechecked, only(report).unchanged, only(report).other) == (1, 1, {"not_due": 1})
        assert article(bench, EDITED)["last_seen_at"] == clock.moment
    clock.after(EDITED, 10_000)
    run_due(bench)
    assert asked(bench, EDITED.path) == []
    assert outcomes(bench, EDITED) == ["loaded", *["not_modified"] * 4, "unchanged"]
    assert (article(bench, EDITED)["reason"], kinds(bench, EDITED)) == ("loaded", ["first"])


def test_ages_that_were_missed_are_one_recheck(make_bench: MakeBench, clock: Clock) -> None:
    """A machine that was off for three days asks once, not four times."""
    bench = make_bench()
    run_due(bench)
    bench.newsroom.forget_requests()
    clock.after(EDITED, 73)
    run_due(bench)
    run_due(bench)
    assert len(asked(bench, EDITED.path)) == 1


def test_an_edit_that_no_source_mentions_becomes_a_revision(make_bench: MakeBench, clock: Clock) -> None:
    """The page itself is the witness; the report tells it from a new page."""
    bench = make_bench()
    run_due(bench)
    bench.newsroom.forget_requests()
    bench.newsroom.set_edition("evening")
    clock.after(EDITED, 1.1)
    report = run_due(bench)
    assert asked(bench, "/rss") == []
    assert (only(report).revised, only(report).fetched, only(report).rechecked) == (1, 0, 1)
    assert kinds(bench, EDITED) == ["first", "edit"]
    assert only(report).sentence().startswith(f"{GAZETTE}: 0 new, 1 revised; 1 rechecked")


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("http_404", "http_404"),
        ("http_410", "http_410"),
        ("redirect_home", "redirected_home"),
        ("soft_404", "soft_404"),
        ("meta_refresh", "empty"),
    ],
)
def test_a_takedown_sets_removed_at_and_the_page_may_come_back(
    make_bench: MakeBench, clock: Clock, behavior: str, reason: str
) -> None:
    """Gone, led home or emptied: a revision without content, and its text is kept; later it is restored."""
    bench = make_bench()
    run_due(bench)
    bench.newsroom.misbehave("gazette", EDITED.path, behavior)
    clock.after(EDITED, 1.1)
    report = run_due(bench)
    assert not report.has_failed, report.as_dict()
    row = article(bench, EDITED)
    assert (row["removed_at"], row["reason"], bool(row["text"])) == (clock.moment, reason, True)
    assert (kinds(bench, EDITED), outcomes(bench, EDITED)) == (["first", "removed"], ["loaded", reason])
    clock.after(EDITED, 6.1)
    run_due(bench)
    assert kinds(bench, EDITED) == ["first", "removed"]
    bench.newsroom.behave()
    clock.after(EDITED, 24.1)
    run_due(bench)
    assert kinds(bench, EDITED) == ["first", "removed", "restored"]
    assert (article(bench, EDITED)["removed_at"], article(bench, EDITED)["reason"]) == (None, "revised")


WAITING = {"attempt_count": None, "retry_at": None}
"""What a link shows of a wait, set aside to compare the rest."""


@pytest.mark.parametrize(
    ("behavior", "reason"),
    [
        ("consent_wall", "consent_wall"),
        ("login_page", "paywall_stub"),
        ("quiet_challenge", "challenge"),
        ("challenge", "challenge"),
        ("script_only", "script_only"),
        ("front_page", "listing_page"),
        ("http_403", "http_403"),
        ("http_401", "http_401"),
        ("redirect_to_login", "excluded_url"),
        ("redirect_to_foreign", "foreign_host"),
        ("not_html", "not_html"),
    ],
)
def test_what_stands_in_the_way_takes_nothing_down(
    make_bench: MakeBench, clock: Clock, behavior: str, reason: str
) -> None:
    """The article and its link stay as they are, the outcome says what was met, and the next age asks again."""
    bench = make_bench()
    run_due(bench)
    before = article(bench, EDITED)
    bench.newsroom.misbehave("gazette", EDITED.path, behavior)
    clock.after(EDITED, 1.1)
    run_due(bench)
    now = article(bench, EDITED)
    assert {**now, **WAITING} == {**before, **WAITING}
    # one that may pass is met again before the next age
    assert (now["attempt_count"], now["retry_at"] is not None) == ((1, True) if behavior == "challenge" else (0, False))
    assert (outcomes(bench, EDITED), kinds(bench, EDITED)) == (["loaded", reason], ["first"])
    bench.newsroom.behave()
    bench.newsroom.forget_requests()
    clock.after(EDITED, 30)
    run_due(bench)
    assert len(asked(bench, EDITED.path)) == 1


def test_a_recheck_that_fails_for_now_is_made_later_and_leaves_the_link_loaded(
    make_bench: MakeBench, clock: Clock
) -> None:
    """Coverage never counts it as pending or failed; after a quarter of an hour it is asked for again."""
    bench = make_bench()
    run_due(bench)
    bench.newsroom.misbehave("gazette", EDITED.path, "http_503")
    clock.after(EDITED, 1.1)
    run_due(bench)
    row = article(bench, EDITED)
    assert (row["state"], row["reason"], row["attempt_count"]) == ("done", "loaded", 1)
    assert bench.column("SELECT SUM(pending) FROM coverage") == [0]
    bench.newsroom.behave()
    bench.newsroom.forget_requests()
    clock.after(EDITED, 1.2)
    run_due(bench)
    assert asked(bench, EDITED.path) == []
    clock.after(EDITED, 1.5)
    run_due(bench)
    assert len(asked(bench, EDITED.path)) == 1
    assert (article(bench, EDITED)["attempt_count"], article(bench, EDITED)["retry_at"]) == (0, None)


@pytest.mark.parametrize("behavior", ["soft_404", "redirect_home", "meta_refresh"])
def test_an_outlet_whose_pages_are_emptied_at_once_has_lost_none(
    make_bench: MakeBench, clock: Clock, behavior: str
) -> None:
    """A new design or an outage looks like many takedowns: none is believed, and the run says so and fails."""
    bench = make_bench(outlet="\n[recheck]\nafter_hours = [1, 6, 24, 72, 336, 1000]\n", only_page=None)
    run_due(bench)
    bench.newsroom.misbehave("gazette", "/(news|features|opinion)/.*", behavior)
    clock.moment += timedelta(days=40)
    report = run_due(bench)
    rechecked = only(report).rechecked
    assert rechecked >= 4
    assert bench.column("SELECT COUNT(*) FROM articles WHERE removed_at IS NOT NULL") == [0]
    assert bench.column("SELECT DISTINCT reason FROM links WHERE article_id IS NOT NULL") == ["loaded"]
    assert report.has_failed
    (missed,) = report.missed
    assert missed.startswith(f"{GAZETTE}: {rechecked} pages that were articles came out empty")


def test_a_run_that_ended_between_fetch_and_load_is_taken_up(make_bench: MakeBench, clock: Clock) -> None:
    """The response waits in the archive; the next run reads it and asks for nothing again."""
    bench = make_bench()
    run_due(bench)
    bench.newsroom.misbehave("gazette", EDITED.path, "soft_404")
    clock.after(EDITED, 1.1)

    async def end(_run: Run, _outlet: Outlet, _: Sequence[tuple[Capture, str, Hints]]) -> list[Extraction]:
        raise WirewatchError("the machine was switched off")

    run_due(bench, stages=replace(PLAIN_STAGES, extract=end))
    assert article(bench, EDITED)["removed_at"] is None
    bench.newsroom.forget_requests()
    run_due(bench)
    assert asked(bench, EDITED.path) == []
    assert kinds(bench, EDITED) == ["first", "removed"]


def test_an_outlet_has_a_schedule_of_its_own(make_bench: MakeBench, clock: Clock) -> None:
    """Its file differs from wirewatch.toml."""
    bench = make_bench(outlet="\n[recheck]\nafter_hours = [2]\n", settings="\n[recheck]\nafter_hours = [1, 6]\n")
    run_due(bench)
    bench.newsroom.forget_requests()
    for hours, count in ((1.5, 0), (2.5, 1), (7, 0)):
        clock.after(EDITED, hours)
        run_due(bench)
        assert len(asked(bench, EDITED.path)) == count, hours


@pytest.mark.parametrize(
    "added", [{"outlet": "\n[recheck]\nafter_hours = []\n"}, {"settings": "\n[recheck]\nafter_hours = []\n"}]
)
def test_an_empty_schedule_turns_rechecks_off(make_bench: MakeBench, clock: Clock, added: dict[str, str]) -> None:
    """For one outlet or for all."""
    bench = make_bench(**added)
    run_due(bench)
    clock.after(EDITED, 100)
    assert only(run_due(bench)).rechecked == 0


def test_new_pages_come_before_rechecks_and_both_count_in_the_limit(make_bench: MakeBench, clock: Clock) -> None:
    """A limit that new links use up leaves none for rechecks; they stay due."""
    bench = make_bench(only_page=None)
    run_due(bench)
    clock.after(EDITED, 24.1)
    due = only(run_due(bench, limit=1))
    assert (due.rechecked, due.fetched) == (1, 0)
    bench.newsroom.set_edition("evening")
    clock.moment = datetime(2026, 3, 31, tzinfo=UTC)
    evening = only(bench.ingest(GAZETTE, limit=1))
    assert (evening.rechecked, evening.fetched) == (0, 1)
    rest = only(run_due(bench))
    assert rest.rechecked > 0


def test_who_names_a_page_waits_for_no_recheck(make_bench: MakeBench, clock: Clock) -> None:
    """``--url`` fetches what it names."""
    bench = make_bench()
    run_due(bench)
    clock.after(EDITED, 100)
    report = run_due(bench, urls=(bench.newsroom.gazette_url + EDITED.path,))
    assert (only(report).rechecked, only(report).fetched) == (0, 1)


def is_page(request: LoggedRequest) -> bool:
    """Whether an article's page was asked for."""
    return re.fullmatch(r"/en/\d+/", request.path) is not None


@pytest.fixture
def posts(make_bench: MakeBench, clock: Clock) -> Workbench:
    """The Observatory's posts, some of them due, its sources not, and a log that is empty."""
    bench = make_bench(OBSERVATORY, outlet="\n[recheck]\nafter_hours = [240]\n", only_page=None)
    clock.moment = LOADED_AT
    run_due(bench)
    bench.newsroom.forget_requests()
    clock.moment += timedelta(days=5)
    return bench


def test_a_wordpress_is_asked_once_for_all_posts(posts: Workbench, clock: Clock) -> None:
    """No page is fetched; each article was seen, and its outcome names the list that says so."""
    report = run_due(posts)
    (request,) = asked(posts, "/en/")
    assert "include=" in request.path
    count = len(DUE_POSTS)
    assert (only(report).rechecked, only(report).unchanged) == (count, count)
    rows = posts.ask(
        "SELECT o.reason, c.requested_url FROM outcomes AS o JOIN captures AS c USING (capture_id) "
        "WHERE o.detail LIKE 'the REST API lists it%'"
    )
    assert len(rows) == count
    assert {(row["reason"], row["requested_url"].endswith(request.path)) for row in rows} == {("not_modified", True)}
    assert {article(posts, each)["last_seen_at"] for each in DUE_POSTS} == {clock.moment}
    run_due(posts)
    assert asked(posts, "/en/") == []


def test_a_post_that_is_missing_or_modified_is_fetched(posts: Workbench) -> None:
    """The list alone takes nothing down: the page confirms it; an edit that no poll has seen yet is one at once."""
    posts.newsroom.set_edition("evening")
    run_due(posts)
    requests = asked(posts, "/en/")
    assert {request.path for request in requests if is_page(request)} == {REMOVED.path, EDITED_POST.path}
    assert len(requests) == 3
    assert (kinds(posts, REMOVED), article(posts, REMOVED)["reason"]) == (["first", "removed"], "http_410")
    assert kinds(posts, EDITED_POST) == ["first", "edit"]


def test_pages_are_fetched_where_the_last_poll_failed(posts: Workbench) -> None:
    """What a poll may have missed, its list does not tell."""
    posts.newsroom.misbehave("observatory", r".*(wp-json|rest_route).*", "http_404")
    posts.ingest(OBSERVATORY)
    assert sum(is_page(request) for request in asked(posts, "/en/")) == len(DUE_POSTS)


def test_a_wordpress_that_refuses_the_question_is_fetched_page_by_page(posts: Workbench) -> None:
    """Some sites close their REST API to such requests."""
    posts.newsroom.misbehave("observatory", r".*include=.*", "http_403")
    report = run_due(posts)
    assert sum(is_page(request) for request in asked(posts, "/en/")) == len(DUE_POSTS)
    assert not report.missed


def test_a_wordpress_in_trouble_is_left_alone(posts: Workbench) -> None:
    """No page is asked for after the list could not be had; every article stays loaded and is asked for later."""
    posts.newsroom.misbehave("observatory", r".*include=.*", "http_503")
    run_due(posts)
    assert not any(is_page(request) for request in asked(posts, "/en/"))
    states = [(row["state"], row["reason"], row["attempt_count"]) for row in (article(posts, a) for a in DUE_POSTS)]
    assert states == [("done", "loaded", 1)] * len(DUE_POSTS)


def test_a_recheck_alone_leaves_new_pages_to_the_next_run(make_bench: MakeBench, clock: Clock) -> None:
    """Articles that reached an age are asked for; no source is polled, and links that wait go on waiting."""
    bench = make_bench(only_page=None)
    run_due(bench, limit=3)
    loaded = set(bench.column("SELECT canonical_url FROM articles"))
    bench.newsroom.forget_requests()
    clock.after(EDITED, 400)
    report = only(asyncio.run(recheck(bench.workspace, Request(), SilentReporter())))
    pages = {request.path for request in bench.newsroom.requests if request.path != "/robots.txt"}
    assert report.rechecked == len(pages) >= 1
    assert {bench.newsroom.gazette_url + path for path in pages} <= loaded
    assert report.sources == []
    assert bench.column("SELECT count(*) FROM links WHERE state = 'pending'") != [0]


def test_a_recheck_of_an_unknown_outlet_is_refused(make_bench: MakeBench) -> None:
    """The message names the nearest one."""
    with pytest.raises(ConfigurationError, match="did you mean 'sample_gazette'"):
        asyncio.run(recheck(make_bench().workspace, Request(outlet_ids=("sample_gazete",)), SilentReporter()))
