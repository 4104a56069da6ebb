"""The account that runs give of every link: books that balance, outlets without a file, links with a second chance."""

from __future__ import annotations

import asyncio
import re

import pytest
from workbench import Workbench

from flows.settings import open_workspace
from flows.shown.progress import SilentReporter
from flows.verify import verify
from warehouse.connection import open_live

EN, AR, GAZETTE = "sample_observatory_en", "sample_observatory_ar", "sample_gazette"
SUMS = """
    SELECT
        SUM(discovered)::INTEGER AS discovered,
        SUM(pending + loaded + revised + unchanged + no_article + gone + rejected + failed)::INTEGER AS told,
        (SELECT COUNT(*)::INTEGER FROM links) AS links
    FROM coverage
"""


def tamper(bench: Workbench, sql: str) -> None:
    """Write to the loader's file behind its back."""
    with open_live(bench.workspace.home, wait_seconds=5) as con:
        con.execute(sql)


def with_file(bench: Workbench, outlet_id: str, pattern: str, replacement: str) -> Workbench:
    """The workbench after a change of an outlet's file."""
    path = bench.workspace.config / "outlets" / f"{outlet_id}.toml"
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count, pattern
    path.write_text(text, encoding="utf-8")
    return reopened(bench)


def reopened(bench: Workbench) -> Workbench:
    """The workbench with its configuration read again."""
    return Workbench(bench.newsroom, open_workspace(bench.workspace.config, bench.workspace.home))


def test_the_columns_of_coverage_add_up_after_a_day(bench: Workbench) -> None:
    """After news, edits, a takedown, failures and links that were left: every link is in one column."""
    bench.ingest(limit=4)
    bench.newsroom.misbehave("gazette", ".*", "http_503")
    bench.ingest()
    bench.newsroom.behave()
    bench.newsroom.set_edition("evening")
    bench.ingest(limit=3)
    (sums,) = bench.ask(SUMS)
    assert sums["discovered"] == sums["told"] == sums["links"] > 0


LATELY = "decided_at = TIMESTAMPTZ '2100-01-01'"
"""A run looks at the links that something became of since it began; `wirewatch verify` at all."""

BREAKAGES = {
    "coverage_adds_up": "UPDATE core.links SET reason = 'polled' WHERE reason = 'loaded'",
    "outcomes_explain_links": f"UPDATE core.links SET reason = 'http_404', {LATELY} WHERE reason = 'loaded'",
    "links_have_one_state": f"UPDATE core.links SET stage = NULL, {LATELY} WHERE reason = 'loaded'",
}


@pytest.mark.parametrize(("check", "breakage"), BREAKAGES.items(), ids=BREAKAGES)
def test_a_run_fails_when_the_books_do_not_balance(bench: Workbench, check: str, breakage: str) -> None:
    """Whoever broke them: the next run says which check was missed, with rows, and ends as failed."""
    assert not bench.ingest(AR, limit=2).has_failed
    tamper(bench, breakage)
    report = bench.ingest(AR, limit=1)
    assert report.has_failed
    assert any(line.startswith(f"{check}: ") for line in report.missed)


def test_what_was_broken_before_a_run_is_found_by_verify(bench: Workbench) -> None:
    """A run that touches none of it is fine; the check of everything is not."""
    bench.ingest(AR, limit=2)
    tamper(bench, "UPDATE core.links SET reason = 'http_404' WHERE reason = 'loaded'")
    assert not bench.ingest(AR, limit=1).has_failed
    report = asyncio.run(verify(bench.workspace, SilentReporter()))
    assert "outcomes_explain_links" in {fault.name for fault in report.faults}


def test_what_waits_for_an_outlet_without_a_file_is_told(bench: Workbench) -> None:
    """Its links stay pending, each run names them, and nothing of it is asked; with the file they are fetched."""
    bench.ingest(AR, limit=1)
    waiting = bench.column(f"SELECT SUM(pending)::INTEGER FROM coverage WHERE outlet_id = '{AR}'")[0]
    assert waiting > 0
    path = bench.workspace.config / "outlets" / f"{AR}.toml"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    report = reopened(bench).ingest(EN, limit=1)
    assert not report.has_failed
    assert report.as_dict()["unconfigured"] == {AR: waiting}
    assert f"{waiting} links wait for {AR}, which has no outlet file." in report.conclusion()
    path.write_text(text, encoding="utf-8")
    report = bench.ingest(AR)
    assert (report.unconfigured, report.changed) == ({}, waiting)


def test_what_a_source_listed_is_fetched_when_the_source_is_taken_out(bench: Workbench) -> None:
    """Links belong to the outlet: a source that is gone leaves nothing waiting."""
    bench.ingest(EN, limit=1)
    left = with_file(bench, EN, r'(?s)^\[\[sources\]\]\nkind = "wordpress".*?(?=^\[\[sources\]\])', "")
    bench.newsroom.misbehave("observatory", ".*/feed/", "http_404")
    left.ingest(EN)
    assert left.column(f"SELECT SUM(pending)::INTEGER FROM coverage WHERE outlet_id = '{EN}'") == [0]


def test_links_that_were_set_aside_are_fetched_when_the_file_lets_them_in(bench: Workbench) -> None:
    """An outlet's file that excluded too much is mended, and the next list brings the articles."""
    strict = with_file(bench, GAZETTE, r"^\[urls\]$", '[urls]\nexclude = ["."]')
    strict.ingest(GAZETTE)
    assert set(strict.column("SELECT DISTINCT reason FROM links")) <= {"excluded_url", "foreign_host"}
    assert strict.column("SELECT COUNT(*)::INTEGER FROM links")[0] > 3
    mended = with_file(strict, GAZETTE, r'^exclude = \["."\]$', "")
    assert mended.ingest(GAZETTE).changed > 3
    (sums,) = mended.ask(SUMS)
    assert sums["discovered"] == sums["told"] == sums["links"]
