"""The archive through today's extractors, through the real pipeline."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from workbench import Workbench

from extractors.outlets import Outlet, Text, Title
from flows.cli import main
from flows.reextract import Request, reextract
from flows.runs.report import RunReport
from flows.settings import Workspace
from flows.shown.differences import Differences
from flows.shown.progress import SilentReporter

OBSERVATORY = "sample_observatory_en"


def with_outlet(workspace: Workspace, **changes: Any) -> Workspace:
    """A workspace in which the English observatory's file says something else."""
    changed = workspace.outlets[OBSERVATORY].model_copy(update=changes)
    outlets: dict[str, Outlet] = {**workspace.outlets, OBSERVATORY: changed}
    return Workspace(config=workspace.config, home=workspace.home, settings=workspace.settings, outlets=outlets)


def run(workspace: Workspace, *outlet_ids: str, is_dry: bool = False) -> tuple[RunReport, Differences]:
    """Read the archive again."""
    return asyncio.run(reextract(workspace, Request(outlet_ids=outlet_ids, is_dry=is_dry), SilentReporter()))


def test_the_same_extractors_change_nothing(bench: Workbench) -> None:
    """Reading every page again with the code and rules that read it first writes no revision and no outcome."""
    bench.ingest()
    before = bench.ask("SELECT article_id, revision_count FROM articles ORDER BY ALL")
    outcomes = bench.column("SELECT COUNT(*) FROM outcomes")
    report, differences = run(bench.workspace)
    assert not report.has_failed
    assert not differences.found
    assert sum(differences.read_count.values()) >= len(before)
    assert bench.ask("SELECT article_id, revision_count FROM articles ORDER BY ALL") == before
    assert bench.column("SELECT COUNT(*) FROM outcomes") == outcomes


def test_a_new_rule_becomes_revisions_that_are_no_edits(bench: Workbench) -> None:
    """A changed outlet file changes what old pages say; the revisions are of kind reextracted, once."""
    bench.ingest()
    asked = len(bench.newsroom.requests)
    changed = with_outlet(bench.workspace, title=Title(suffixes=(), kicker_separator=None))
    _, dry = run(changed, OBSERVATORY, is_dry=True)
    assert bench.column("SELECT COUNT(*) FROM revisions WHERE kind = 'reextracted'") == [0]
    _, done = run(changed, OBSERVATORY)
    assert [(each.article_id, each.changed_fields) for each in dry.found] == [
        (each.article_id, each.changed_fields) for each in done.found
    ]
    assert done.fields()["title"] > 0
    assert bench.column("SELECT COUNT(*) FROM revisions WHERE kind = 'reextracted'") == [len(done.found)]
    assert set(bench.column("SELECT DISTINCT kind FROM changes WHERE field = 'title'")) == {"reextracted"}
    assert len(bench.newsroom.requests) == asked
    _, again = run(changed, OBSERVATORY)
    assert not again.found


def test_an_article_that_is_none_by_todays_rules_stays(bench: Workbench) -> None:
    """A rule that no text satisfies takes no article away: it is told, and left as an outcome."""
    bench.ingest()
    before = bench.ask("SELECT article_id, title, text, removed_at FROM articles ORDER BY ALL")
    report, differences = run(with_outlet(bench.workspace, text=Text(min_chars=100_000)), OBSERVATORY)
    lost = [each for each in differences.found if each.is_lost]
    assert lost
    assert f"{len(lost)} articles are none by today's rules" in differences.conclusion()
    assert bench.ask("SELECT article_id, title, text, removed_at FROM articles ORDER BY ALL") == before
    told = bench.column(f"SELECT COUNT(*) FROM outcomes WHERE run_id = '{report.run_id}' AND stage = 'extract'")
    assert told == [len(lost)]


def test_the_command_shows_fields_and_outlets(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--dry-run`` lists what would change by article, field and outlet, and ``--json`` says all of it."""
    bench.ingest()
    path = Path(bench.workspace.config) / "outlets" / f"{OBSERVATORY}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("suffixes = [", 'suffixes = ["no such suffix"] #', 1))
    options = ["--config", str(bench.workspace.config), "--home", str(bench.workspace.home)]
    monkeypatch.setattr("sys.argv", ["wirewatch", "reextract", OBSERVATORY, "--dry-run", "--json", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dry_run"]
    assert told["read"][OBSERVATORY] > 0
    monkeypatch.setattr("sys.argv", ["wirewatch", "reextract", "--dry-run", *options])
    with pytest.raises(SystemExit):
        main()
    assert "pages read again" in capsys.readouterr().out
