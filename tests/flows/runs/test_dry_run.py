"""``wirewatch ingest --dry-run``: it tells what a run would do, and does none of it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from workbench import Workbench, make_workbench

from extractors.errors import ConfigurationError, WarehouseBusyError
from flows.runs.dry_run import dry_run
from flows.runs.forecast import DryRunReport, Forecast, Prospect, Why
from flows.runs.pipeline import Request
from flows.runs.report import OutletReport
from flows.settings import open_workspace
from flows.shown.progress import SilentReporter
from newsroom import Edition, RunningNewsroom, expected_articles, running_newsroom
from warehouse.connection import open_live
from warehouse.locks import loader_lock

EN, AR, GAZETTE = "sample_observatory_en", "sample_observatory_ar", "sample_gazette"
LISTINGS = ("/robots.txt", "/rss", "wp-json", "/feed", "sitemap")


def rehearse(bench: Workbench, *outlet_ids: str, **request: Any) -> DryRunReport:
    """Dry-run the named outlets, or all of them, whether or not they are due."""
    named = outlet_ids or tuple(bench.workspace.outlets)
    return asyncio.run(dry_run(bench.workspace, Request(outlet_ids=named, **request), SilentReporter()))


def pages_asked(newsroom: RunningNewsroom) -> set[str]:
    """Paths of the pages that the newsroom was asked for."""
    return {each.path for each in newsroom.requests if not any(part in each.path for part in LISTINGS)}


def told(report: DryRunReport, newsroom: RunningNewsroom) -> set[str]:
    """Paths of the pages that the dry run says a run would fetch."""
    sites = (newsroom.observatory_url, newsroom.gazette_url)
    urls = [url for outlet in report.outlets for url in outlet.fetched_urls]
    return {url.removeprefix(next(site for site in sites if url.startswith(site))) for url in urls}


def print_of(home: Path) -> dict[str, tuple[int, str]]:
    """Each file and folder of a home: when it was changed last, and its bytes."""
    return {
        str(path.relative_to(home)): (
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted([home, *home.rglob("*")])
    }


def states(outlet: Forecast) -> tuple[dict[str, int], dict[str, int]]:
    """Counts of an outlet: would be fetched by why, would not by reason."""
    return dict(outlet.why_counts()), dict(outlet.reason_counts())


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A home after the morning, which no test of it changes."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path_factory.mktemp("morning"))
        bench.ingest()
        yield bench


def test_on_a_fresh_home_it_tells_the_first_run(new_bench: Workbench) -> None:
    """Everything is new; no home is made; the run that follows asks for exactly those pages."""
    report = rehearse(new_bench)
    assert not report.has_failed
    assert not new_bench.workspace.home.exists()
    assert pages_asked(new_bench.newsroom) == set()
    assert {why for outlet in report.outlets for why in outlet.why_counts()} == {"new"}
    new_bench.ingest()
    assert pages_asked(new_bench.newsroom) == told(report, new_bench.newsroom) != set()


def change_nothing(bench: Workbench) -> None:
    """The second run of the morning."""


def become_evening(bench: Workbench) -> None:
    """New articles, edits and a takedown."""
    bench.newsroom.set_edition("evening")


def kill(bench: Workbench) -> None:
    """A run that died between fetch and extract, and one that never got to its fetches."""
    with open_live(bench.workspace.home, wait_seconds=5) as con:
        con.execute(
            "UPDATE core.links SET state = 'fetched', reason = NULL WHERE link_id IN "
            "(SELECT link_id FROM core.links WHERE reason = 'loaded' ORDER BY link_id LIMIT 3)"
        )
        con.execute(
            "UPDATE core.links SET state = 'pending' WHERE link_id IN "
            "(SELECT link_id FROM core.links WHERE reason = 'loaded' ORDER BY link_id DESC LIMIT 3)"
        )


def fail_for_now(bench: Workbench) -> None:
    """A page waits after a failure, another one's wait is over."""
    with open_live(bench.workspace.home, wait_seconds=5) as con:
        con.execute(
            "UPDATE core.links SET state = 'pending', attempt_count = 1, retry_at = now() + INTERVAL 1 HOUR "
            "WHERE link_id IN (SELECT link_id FROM core.links WHERE reason = 'loaded' ORDER BY link_id LIMIT 2)"
        )
        con.execute(
            "UPDATE core.links SET state = 'pending', attempt_count = 1, retry_at = now() - INTERVAL 1 HOUR "
            "WHERE link_id IN (SELECT link_id FROM core.links WHERE reason = 'loaded' ORDER BY link_id DESC LIMIT 2)"
        )


def widen(bench: Workbench) -> None:
    """An outlet's file that lets in what it kept out."""
    path = bench.workspace.config / "outlets" / f"{GAZETTE}.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("include") for line in lines)
    path.write_text("\n".join(line for line in lines if not line.startswith("include")), encoding="utf-8")


def grow_old(bench: Workbench) -> None:
    """Every article was loaded two hours ago, and is due to be looked at again."""
    with open_live(bench.workspace.home, wait_seconds=5) as con:
        con.execute("UPDATE core.links SET first_seen_at = first_seen_at - INTERVAL 2 HOUR")
        con.execute("UPDATE core.links SET decided_at = decided_at - INTERVAL 2 HOUR")
        con.execute("UPDATE core.articles SET first_seen_at = first_seen_at - INTERVAL 2 HOUR")


SITUATIONS = [
    pytest.param(change_nothing, None, id="again"),
    pytest.param(become_evening, None, id="evening"),
    pytest.param(become_evening, 2, id="evening, two pages"),
    pytest.param(kill, None, id="killed"),
    pytest.param(fail_for_now, None, id="failures"),
    pytest.param(widen, 3, id="wider"),
    pytest.param(grow_old, None, id="rechecks"),
]


@pytest.mark.parametrize(("situation", "limit"), SITUATIONS)
def test_it_tells_what_the_next_run_fetches_and_leaves_the_home_as_it_was(
    morning: Workbench, tmp_path: Path, situation: Callable[[Workbench], None], limit: int | None
) -> None:
    """Whatever came before: the pages that the run asks for are those that the dry run told; no byte was touched."""
    newsroom = morning.newsroom
    for folder in (morning.workspace.config, morning.workspace.home):
        shutil.copytree(folder, tmp_path / folder.name)
    bench = Workbench(newsroom, open_workspace(tmp_path / "config", tmp_path / "home"))
    situation(bench)
    bench = Workbench(newsroom, open_workspace(tmp_path / "config", tmp_path / "home"))
    before = print_of(bench.workspace.home)
    newsroom.forget_requests()
    report = rehearse(bench, limit=limit)
    assert not report.has_failed, report.lines()
    assert print_of(bench.workspace.home) == before
    assert pages_asked(newsroom) == set()
    newsroom.forget_requests()
    bench.ingest(limit=limit)
    assert pages_asked(newsroom) == told(report, newsroom)
    newsroom.set_edition("morning")


def test_every_link_has_one_reason(morning: Workbench) -> None:
    """After a run nothing is left: each link that is listed again is known or not the outlet's, and counted once."""
    for outlet in rehearse(morning, EN, AR, since=datetime(2020, 1, 1, tzinfo=UTC)).outlets:
        whys, reasons = states(outlet)
        assert whys == {}
        assert set(reasons) <= {"already_known", "foreign_host", "excluded_url"}
        assert len({each.requested_url for each in outlet.prospects}) == len(outlet.prospects)
        assert reasons["already_known"] > 0


def test_edits_and_new_articles_are_told_apart(morning: Workbench) -> None:
    """In the evening there are new articles, and links of which their source says something else."""
    morning.newsroom.set_edition("evening")
    whys = [states(outlet)[0] for outlet in rehearse(morning).outlets]
    morning.newsroom.set_edition("morning")
    assert sum(each.get("new", 0) for each in whys) > 0
    assert sum(each.get("changed", 0) for each in whys) == 2


def test_robots_and_age_and_limit_are_reasons(bench: Workbench) -> None:
    """What robots.txt disallows, what is too old and what is beyond the limit is told with its reason."""
    (whole,) = rehearse(bench, GAZETTE).outlets
    whys, reasons = states(whole)
    due = whys["new"] + reasons["robots_disallowed"]
    assert reasons["robots_disallowed"] > 0
    (limited,) = rehearse(bench, GAZETTE, limit=2).outlets
    assert states(limited)[1]["beyond_limit"] == due - 2
    (recent,) = rehearse(bench, GAZETTE, since=datetime(2026, 3, 29, tzinfo=UTC)).outlets
    whys, reasons = states(recent)
    assert reasons["too_old"] == due - whys["new"] - reasons.get("robots_disallowed", 0) > 0


def test_the_days_requests_of_a_host_are_counted(bench: Workbench) -> None:
    """Pages beyond ``requests_per_day`` are told with ``budget_spent``; the run asks for those before them."""
    path = bench.workspace.config / "wirewatch.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[fetch]", "[fetch]\nrequests_per_day = 8", 1), encoding="utf-8")
    bench = Workbench(bench.newsroom, open_workspace(bench.workspace.config, bench.workspace.home))
    report = rehearse(bench, EN)
    assert states(report.outlets[0])[1]["budget_spent"] > 0
    bench.newsroom.forget_requests()
    bench.ingest(EN)
    assert pages_asked(bench.newsroom) == told(report, bench.newsroom) != set()


def test_named_urls_are_told_and_no_source_is_polled(morning: Workbench) -> None:
    """A known page that is asked for is fetched again; a page that nobody's is refused."""
    path = next(e.path for e in expected_articles(Edition.MORNING) if e.outlet_id == EN)
    morning.newsroom.forget_requests()
    report = rehearse(morning, urls=(morning.newsroom.observatory_url + path,))
    assert [states(outlet) for outlet in report.outlets] == [({"asked": 1}, {})]
    assert {each.path for each in morning.newsroom.requests} == {"/robots.txt"}
    with pytest.raises(ConfigurationError, match="is no article of a configured outlet"):
        rehearse(morning, urls=("https://elsewhere.example/",))


def test_sources_that_are_not_due_are_not_polled(morning: Workbench) -> None:
    """Without names, right after a run, nobody is asked; the outlets' lines say so."""
    morning.newsroom.forget_requests()
    report = asyncio.run(dry_run(morning.workspace, Request(), SilentReporter()))
    assert morning.newsroom.requests == ()
    assert [outlet.sentence() for outlet in report.outlets] == [
        f"{outlet_id}: 0 to fetch; its sources are not due" for outlet_id in sorted(morning.workspace.outlets)
    ]


def test_an_outlet_whose_sources_fail_has_failed(bench: Workbench) -> None:
    """The others are told all the same."""
    bench.newsroom.misbehave("gazette", ".*", "http_403")
    report = rehearse(bench)
    failed = {outlet.report.outlet_id: outlet.has_failed for outlet in report.outlets}
    assert failed == {GAZETTE: True, AR: False, EN: False}
    assert "no source answered: http_403" in "\n".join(report.lines())
    assert report.conclusion().endswith(f"Failed: {GAZETTE}.")


def test_a_person_is_shown_the_first_urls() -> None:
    """Twenty of an outlet, then how many more there are; ``--json`` has all."""
    prospects = [Prospect(requested_url=f"https://a.example/{n}", why=Why.NEW) for n in range(23)]
    outlet = Forecast(report=OutletReport(outlet_id="a"), prospects=prospects)
    assert outlet.lines()[19:] == ["  new      https://a.example/19", "  and 3 more (--json shows all)"]
    assert len(outlet.as_dict()["would_fetch"]) == 23


def test_it_waits_for_a_loader_and_gives_up_like_one(morning: Workbench) -> None:
    """While another process writes, the copy would be torn; who holds the lock is told."""
    from dataclasses import replace

    settings = morning.workspace.settings
    hasty = settings.model_copy(update={"warehouse": settings.warehouse.model_copy(update={"lock_wait_seconds": 0.0})})
    workspace = replace(morning.workspace, settings=hasty)
    with (
        loader_lock(morning.workspace.home, wait_seconds=5),
        pytest.raises(WarehouseBusyError, match="another loader"),
    ):
        asyncio.run(dry_run(workspace, Request(), SilentReporter()))
