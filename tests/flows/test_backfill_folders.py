"""Saved pages: a folder of an outlet's own, and history from folders of anybody's."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from workbench import Workbench

from extractors.archive import read_response
from extractors.errors import ConfigurationError
from extractors.outlets import Source
from flows.backfill import backfill_folders
from flows.runs.report import RunReport
from flows.shown.progress import SilentReporter
from newsroom import RunningNewsroom
from newsroom.pages_of_others import PARAGRAPHS, page

SAVED_AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)


def save(folder: Path, name: str, url: str | None, title: str, *, paragraphs: tuple[str, ...] = PARAGRAPHS) -> Path:
    """A page as a browser saves it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    comment = f"<!-- saved from url=({len(url):04}){url} -->\n".encode() if url else b""
    path.write_bytes(comment + page(title, paragraphs=paragraphs))
    os.utime(path, (SAVED_AT.timestamp(), SAVED_AT.timestamp()))
    return path


def backfill(bench: Workbench, *folders: Path, outlet_id: str | None = None) -> RunReport:
    """Run the backfill."""
    return asyncio.run(backfill_folders(bench.workspace, folders, SilentReporter(), outlet_id=outlet_id))


@pytest.fixture
def saved(tmp_path: Path, newsroom: RunningNewsroom) -> Path:
    """Two pages of anybody's, one of a configured outlet, and what is no page."""
    folder = tmp_path / "saved"
    save(folder, "a.html", "https://www.harbor-post.co.uk/news/breakwater", "Council votes to repair the breakwater")
    save(folder, "deep/b.htm", "https://m.harbor-post.co.uk/news/quay", "Eastern quay closed for a week")
    save(folder, "c.html", f"{newsroom.observatory_url}/en/77777/", "Calm in the harbor district")
    save(folder, "nameless.html", None, "A page from nowhere")
    (folder / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "notes.txt").write_text("no page", encoding="utf-8")
    return folder


def test_saved_pages_become_articles_and_every_other_file_an_outcome(bench: Workbench, saved: Path) -> None:
    """The bytes are in the archive as the file had them, the page's time is the file's, and what failed is named."""
    report = backfill(bench, saved)
    assert not report.has_failed
    rows = {row["title"]: row for row in bench.ask("FROM articles")}
    assert {title: row["outlet_id"] for title, row in rows.items()} == {
        "Council votes to repair the breakwater": "web_harbor_post_co_uk",
        "Eastern quay closed for a week": "web_harbor_post_co_uk",
        "Calm in the harbor district": "sample_observatory_en",
    }
    council = rows["Council votes to repair the breakwater"]
    assert council["text"] == "\n".join(PARAGRAPHS)
    assert council["first_seen_at"] == SAVED_AT
    (capture,) = bench.ask(f"FROM captures WHERE capture_id = '{council['capture_id']}'")
    archived = read_response(bench.workspace.archive_folder, capture["warc_file"], capture["warc_offset"])
    assert archived.is_resource
    assert archived.raw_body == (saved / "a.html").read_bytes()
    assert archived.fetched_at == SAVED_AT
    lost = bench.ask("SELECT requested_url, reason FROM links WHERE article_id IS NULL ORDER BY ALL")
    assert [(row["requested_url"], row["reason"]) for row in lost] == [
        ("file:nameless.html", "bad_url"),
        ("file:picture.html", "not_html"),
    ]


def test_the_same_files_again_write_nothing_and_a_changed_one_is_a_revision(bench: Workbench, saved: Path) -> None:
    """A file is known by its address and bytes, not by its name or time."""
    backfill(bench, saved)
    before = bench.column("SELECT count(*)::INTEGER FROM outcomes")
    (saved / "a.html").rename(saved / "again.html")
    again = backfill(bench, saved)
    assert again.changed == 0
    assert again.outlets[0].other == {"already_known": 5}
    assert bench.column("SELECT count(*)::INTEGER FROM outcomes") == before
    changed = (*PARAGRAPHS[:2], "The vote was postponed late on Tuesday, the mayor said, because two members were ill.")
    url = "https://www.harbor-post.co.uk/news/breakwater"
    save(saved, "again.html", url, "Vote on the breakwater postponed", paragraphs=changed)
    assert backfill(bench, saved).changed == 1
    assert bench.column("SELECT revision_count FROM articles WHERE title LIKE 'Vote%'") == [2]


def test_pages_of_a_named_outlet_are_its_own_or_foreign(bench: Workbench, saved: Path) -> None:
    """``--outlet`` takes what is the outlet's, and nothing else."""
    backfill(bench, saved, outlet_id="sample_observatory_en")
    assert bench.column("SELECT title FROM articles") == ["Calm in the harbor district"]
    reasons = bench.column("SELECT reason FROM links WHERE article_id IS NULL ORDER BY reason")
    assert reasons == ["bad_url", "foreign_host", "foreign_host", "not_html"]


def test_a_folder_is_a_source_of_an_outlet(bench: Workbench, newsroom: RunningNewsroom) -> None:
    """It is read beside the other sources, relative to the outlet's file, and asks the network for nothing."""
    outlet = bench.workspace.outlets["sample_observatory_en"]
    source = Source.model_validate({"kind": "folder", "path": "saved"})
    own = outlet.model_copy(update={"sources": (source,)})
    bench = dataclasses.replace(bench, workspace=dataclasses.replace(bench.workspace, outlets={own.outlet_id: own}))
    missing = bench.ingest()
    assert missing.has_failed
    assert "file_error" in missing.outlets[0].sentence()
    save(outlet.folder / "saved", "c.html", f"{newsroom.observatory_url}/en/77777/", "Calm in the harbor district")
    newsroom.forget_requests()
    first = bench.ingest()
    assert (first.changed, first.has_failed) == (1, False)
    assert bench.ingest().changed == 0
    assert [request.path for request in newsroom.requests] == []
    assert bench.column("SELECT reason FROM links") == ["loaded"]


@pytest.mark.parametrize("name", ["missing", "page.html"])
def test_what_is_no_folder_is_refused_before_anything_is_done(new_bench: Workbench, tmp_path: Path, name: str) -> None:
    """The error names the folder; no run is recorded."""
    (tmp_path / "page.html").write_bytes(b"<html>")
    with pytest.raises(ConfigurationError, match=name):
        backfill(new_bench, tmp_path / name)
    assert not new_bench.workspace.home.exists()
