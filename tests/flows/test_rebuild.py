"""A warehouse from the archive alone."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from captured import response, write_warc
from loopback_receiver import running_receiver
from warehouse_samples import FORGOTTEN, contents
from workbench import Workbench

from extractors.archive import Archive, ArchivedResponse, Note, copy_response, iter_responses
from extractors.errors import ArchiveError
from flows.backfill import backfill_warcs
from flows.settings import Workspace
from flows.shown.progress import SilentReporter
from flows.verify import VerifyReport, verify
from newsroom import Edition
from newsroom.pages_of_others import PARAGRAPHS, page
from warehouse.connection import open_live


def rows_of(home: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of a home's warehouse, but for what is remembered of hosts, and the last figures of health."""
    with open_live(home, wait_seconds=0) as con:
        return {table: rows for table, rows in contents(con).items() if table not in FORGOTTEN}


def verified(workspace: Workspace, **options: bool) -> VerifyReport:
    """What ``wirewatch verify`` finds."""
    return asyncio.run(verify(workspace, SilentReporter(), **options))


def archive_alone(bench: Workbench, folder: Path) -> Workspace:
    """The same configuration, and a home that holds nothing but the archive."""
    shutil.copytree(bench.workspace.archive_folder, folder / "archive")
    return replace(bench.workspace, home=folder)


def assert_same(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Two warehouses have the same rows."""
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    for table, rows in before.items():
        assert after[table] == rows, table


def test_a_warehouse_comes_back_from_its_archive_row_by_row(bench: Workbench, tmp_path: Path) -> None:
    """Morning, evening, pages that go and one that comes back: every row of every table is the one that was there."""
    bench.ingest()
    bench.newsroom.set_edition(Edition.EVENING)
    bench.ingest()
    paths = bench.column("SELECT canonical_url FROM articles WHERE outlet_id = 'sample_gazette' ORDER BY ALL LIMIT 2")
    for url, behavior in zip(paths, ("http_410", "meta_refresh"), strict=True):
        bench.newsroom.misbehave("gazette", url.removeprefix(bench.newsroom.gazette_url), behavior)
    bench.ingest(urls=paths)
    bench.newsroom.behave()
    bench.ingest(urls=paths[:1])
    before = rows_of(bench.workspace.home)
    assert {row["kind"] for row in before["core.revisions"]} == {"first", "edit", "removed", "restored"}
    alone = archive_alone(bench, tmp_path / "alone")
    report = verified(alone, is_repair=True)
    assert report.faults == report.notices == []
    assert report.rebuilt is not None
    assert report.rebuilt.kept_as is None
    assert_same(before, rows_of(alone.home))


def test_history_of_others_comes_back_too(bench: Workbench, tmp_path: Path) -> None:
    """A backfill from somebody's WARC file: outlets that no file describes, lost records, refused pages."""
    theirs = write_warc(
        tmp_path / "theirs",
        response("https://www.harbor-post.co.uk/news/breakwater", page("Council votes to repair the breakwater")),
        response("https://coast-daily.com/a/1", page("Council votes to repair breakwater")),
        response("https://hill-times.org/2026/quay", page("The quay", paragraphs=PARAGRAPHS[1:])),
        response("https://coast-daily.com/a/2", page("Another", paragraphs=(PARAGRAPHS[0], *PARAGRAPHS))),
        response("https://gone.example.org/news/1", b"<h1>Not found</h1>", status=404),
        response("https://files.example.org/report.pdf", b"%PDF-1.7", kind="application/pdf"),
        response(f"{bench.newsroom.observatory_url}/about-us", page("About us")),
        response("https://", page("No address")),
    )
    asyncio.run(backfill_warcs(bench.workspace, [theirs], SilentReporter()))
    before = rows_of(bench.workspace.home)
    assert len(before["core.articles"]) == 4
    assert before["core.republications"]
    alone = archive_alone(bench, tmp_path / "alone")
    assert verified(alone, is_repair=True).faults == []
    assert_same(before, rows_of(alone.home))


def without_notes(folder: Path) -> None:
    """Let an archive be as it was before there were notes."""
    for path in sorted(folder.rglob("*.warc.gz")):
        with Archive(folder / "copy", now=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as archive:
            for each in iter_responses(path):
                assert isinstance(each, ArchivedResponse)
                copy_response(each, archive, outlet_id="")
        path.unlink()
    for copy in (folder / "copy").rglob("*.warc.gz"):
        copy.replace(next(folder.glob("20*/*")) / copy.name)


def test_archives_of_before_there_were_notes_give_their_articles(bench: Workbench, tmp_path: Path) -> None:
    """What the responses hold comes back: articles, texts and revisions; what sources said of them does not."""
    bench.ingest()
    bench.newsroom.set_edition(Edition.EVENING)
    bench.ingest()
    alone = archive_alone(bench, tmp_path / "alone")
    without_notes(alone.archive_folder)
    report = verified(alone, is_repair=True)
    assert report.faults == []
    assert report.rebuilt is not None
    assert report.rebuilt.unnoted != []
    told = "SELECT article_id, outlet_id, title, text, revision_count FROM articles ORDER BY ALL"
    assert Workbench(bench.newsroom, alone).ask(told) == bench.ask(told)


def test_a_rebuild_keeps_the_old_warehouse_and_says_where(bench: Workbench) -> None:
    """Asked for by hand, it takes the place of the old file, which can still be opened; readers get the new one."""
    bench.ingest("sample_observatory_ar", limit=2)
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        con.execute("UPDATE core.articles SET identity = 'somebody was here'")
    report = verified(bench.workspace, is_rebuild=True)
    assert report.faults == []
    assert report.rebuilt is not None
    assert report.rebuilt.kept_as is not None
    with duckdb.connect(report.rebuilt.kept_as, read_only=True) as old:
        assert old.execute("SELECT DISTINCT identity FROM core.articles").fetchall() == [("somebody was here",)]
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        assert con.execute("SELECT COUNT(*) FROM core.articles WHERE identity LIKE 'cms:%'").fetchall() == [(2,)]
    assert not (bench.workspace.home / "live" / "rebuild").exists()


def test_a_note_of_a_newer_wirewatch_stops_the_rebuild(bench: Workbench) -> None:
    """It says which record it cannot read, and the old warehouse stays where it is."""
    bench.ingest("sample_observatory_ar", limit=1)
    with Archive(bench.workspace.archive_folder) as archive:
        archive.note(Note(event="telepathy", noted_at=datetime.now(UTC), data=b"{}"))
    with pytest.raises(ArchiveError, match=r"telepathy.*newer wirewatch"):
        verified(bench.workspace, is_rebuild=True)
    assert bench.column("SELECT COUNT(*) FROM articles") == [1]
    assert verified(bench.workspace).faults == []


def test_states_and_what_was_told_come_back(bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since when an outlet fails is known after a rebuild too, and nobody is told of it again."""
    outlet_id = "sample_observatory_ar"
    outlet = bench.workspace.outlets[outlet_id]
    promise = outlet.model_copy(update={"expect": outlet.expect.model_copy(update={"min_words": 100_000})})
    with running_receiver() as receiver:
        monkeypatch.setenv("WIREWATCH_NOTIFY_URLS", receiver.notify_url)
        workspace = replace(bench.workspace, outlets={**bench.workspace.outlets, outlet_id: promise})
        Workbench(bench.newsroom, workspace).ingest(outlet_id, limit=1)
        before = rows_of(workspace.home)
        assert [len(before[f"core.{table}"]) for table in ("health_changes", "health_check_changes", "notices")] == [
            1,
            1,
            2,
        ]
        alone = replace(archive_alone(bench, tmp_path / "alone"), outlets=workspace.outlets)
        assert verified(alone, is_repair=True).faults == []
        assert_same(before, rows_of(alone.home))
        Workbench(bench.newsroom, alone).ingest(outlet_id, limit=1)
        assert len(receiver.messages) == 1
    with open_live(alone.home, wait_seconds=0) as con:
        (row,) = con.sql("SELECT state, reasons FROM outlet_health WHERE state <> 'ok'").to_arrow_table().to_pylist()
    assert row["state"] == "failing"
