"""Retention: what was no article goes, articles never, and a kill at any moment loses nothing."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal
from warehouse_samples import NOW, OUTLET, RUN, make_extraction
from workbench import Workbench, make_workbench

from extractors.archive import Archive, ArchivedRecord, archive_files, read_response, scan_file
from extractors.archive.rewriting import rewrite
from extractors.errors import ArchiveError, WarehouseBusyError, WarehouseError
from flows import maintain as maintenance
from flows.maintain import MaintainReport, archive_claimed, finish_killed_maintenance, maintain
from flows.runs.run import now
from flows.shown.progress import SilentReporter
from flows.verify import VerifyReport, verify
from newsroom import running_newsroom
from warehouse import compaction, search_index
from warehouse.connection import live_path, open_live, published_path
from warehouse.load import load
from warehouse.query import run_query

LATER = timedelta(days=400)


def maintained(bench: Workbench, *, later: timedelta = LATER, is_dry: bool = False) -> MaintainReport:
    """Maintenance at a later day."""
    return maintain(bench.workspace, SilentReporter(), now=now() + later, is_dry=is_dry)


def verified(bench: Workbench, **options: bool) -> VerifyReport:
    """What ``wirewatch verify`` finds."""
    return asyncio.run(verify(bench.workspace, SilentReporter(), **options))


def live(bench: Workbench, sql: str) -> list[dict[str, Any]]:
    """Rows of the loader's file."""
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        rows: list[dict[str, Any]] = con.sql(sql).to_arrow_table().to_pylist()
        return rows


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Two runs' archive files: articles, a feed, lists, and a page that is no article."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path_factory.mktemp("runs"))
        for limit in (1, 2):
            bench.ingest("sample_observatory_ar", limit=limit)
    return bench


@pytest.fixture
def bench(two_runs: Workbench, tmp_path: Path) -> Workbench:
    """A copy of their home."""
    shutil.copytree(two_runs.workspace.home, tmp_path / "home")
    return Workbench(two_runs.newsroom, replace(two_runs.workspace, home=tmp_path / "home"))


ARTICLE_CAPTURES = "SELECT capture_id FROM core.revisions UNION SELECT last_capture_id FROM core.articles"


def test_bodies_of_what_was_no_article_go_and_articles_stay(bench: Workbench) -> None:
    """Their rows stay, with the time; every article's body is still there and unharmed."""
    before = live(bench, "SELECT * EXCLUDE (warc_file, warc_offset, body_dropped_at) FROM raw.captures ORDER BY ALL")
    report = maintained(bench)
    assert report.dropped > 0
    assert report.archive_bytes_after < report.archive_bytes_before
    assert (report.files_before, report.files_after) == (2, 1)
    found = verified(bench)
    assert (found.faults, found.notices) == ([], [])
    assert found.records["dropped"] == report.dropped
    after = live(bench, "SELECT * EXCLUDE (warc_file, warc_offset, body_dropped_at) FROM raw.captures ORDER BY ALL")
    assert after == before
    kept = f"SELECT body_dropped_at FROM raw.captures WHERE capture_id IN ({ARTICLE_CAPTURES})"
    assert {row["body_dropped_at"] for row in live(bench, kept)} == {None}
    gone = bench.ask("SELECT warc_file, warc_offset FROM captures WHERE body_dropped_at IS NOT NULL")
    assert len(gone) == report.dropped
    with pytest.raises(ArchiveError, match="was dropped on"):
        read_response(bench.workspace.archive_folder, gone[0]["warc_file"], gone[0]["warc_offset"])


def test_nothing_goes_before_its_time_and_a_second_time_does_nothing(bench: Workbench) -> None:
    """Small files become one all the same; then there is nothing left to do."""
    early = maintained(bench, later=timedelta(days=300))
    assert (early.dropped, early.files_after) == (0, 1)
    assert maintained(bench).dropped > 0
    files = archive_files(bench.workspace.archive_folder)
    again = maintained(bench)
    assert (again.dropped, again.skipped) == (0, [])
    assert archive_files(bench.workspace.archive_folder) == files


def test_nothing_goes_where_everything_is_kept(bench: Workbench) -> None:
    """``non_article_days = 0``."""
    settings = bench.workspace.settings
    kept = settings.model_copy(update={"retention": settings.retention.model_copy(update={"non_article_days": 0})})
    report = maintain(replace(bench.workspace, settings=kept), SilentReporter(), now=now() + LATER)
    assert report.dropped == 0


def test_a_dry_run_only_tells(bench: Workbench) -> None:
    """What it would drop is what is dropped then."""
    files = archive_files(bench.workspace.archive_folder)
    told = maintained(bench, is_dry=True)
    assert archive_files(bench.workspace.archive_folder) == files
    assert told.dropped == maintained(bench).dropped


def test_the_warehouse_loses_its_holes_and_is_published(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is smaller, and analysts get that one; a dry run only tells."""
    monkeypatch.setattr(compaction, "LEAST_FREE_BYTES", 0)
    inode = live_path(bench.workspace.home).stat().st_ino
    told = maintained(bench, is_dry=True)
    assert told.warehouse_bytes_free > 0
    assert f"{told.warehouse_bytes_free / 1e6:.1f} MB hold nothing" in told.lines()[-1]
    assert live_path(bench.workspace.home).stat().st_ino == inode
    rows = live(bench, "FROM core.revisions ORDER BY ALL")
    made = maintained(bench)
    assert live_path(bench.workspace.home).stat().st_ino != inode
    assert made.warehouse_bytes_after < made.warehouse_bytes_before
    assert published_path(bench.workspace.home).stat().st_size == made.warehouse_bytes_after
    assert live(bench, "FROM core.revisions ORDER BY ALL") == rows
    assert verified(bench).faults == []


def test_small_pieces_of_the_index_are_merged(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search finds the same in one as in three."""
    monkeypatch.setattr(search_index, "SEGMENT_DOCUMENTS", 1)
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        for number in (901, 902, 903):
            load(con, RUN, OUTLET, [make_extraction(number, text="A gale closed the harbor.")], now=NOW)
    asked = "SELECT article_id FROM search('gale harbor') ORDER BY ALL"
    found = live(bench, asked)
    assert len(found) >= 3
    assert len(live(bench, "FROM core.search_segments")) >= 3
    maintained(bench)
    assert len(live(bench, "FROM core.search_segments")) == 1
    assert live(bench, asked) == found


def test_a_warehouse_that_cannot_be_copied_is_left_alone_and_told(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is done and published all the same."""

    def no_room(*_: Any, **__: Any) -> bool:
        raise WarehouseError("warehouse.duckdb", "could not be copied: no room", "make room for two copies")

    monkeypatch.setattr(maintenance, "compact", no_room)
    report = maintained(bench)
    assert report.dropped > 0
    assert report.lines()[-1].startswith("left alone: warehouse.duckdb: could not be copied: no room")
    dropped = run_query(bench.workspace.home, "SELECT COUNT(body_dropped_at) AS n FROM captures").to_pylist()
    assert dropped == [{"n": report.dropped}]


def test_what_a_killed_compaction_left_is_removed(bench: Workbench) -> None:
    """At the next start of ``up``, as at the next maintenance."""
    left = bench.workspace.home / "live" / "compacted.duckdb"
    left.write_bytes(b"half")
    assert finish_killed_maintenance(bench.workspace, now=now())
    assert not left.exists()
    assert not finish_killed_maintenance(bench.workspace, now=now())


def test_the_warehouse_can_still_be_rebuilt(bench: Workbench) -> None:
    """Verdicts on pages whose bodies are gone come from the notes; rows and places are as they were."""
    maintained(bench)
    tables = ("raw.captures", "core.links", "core.articles", "core.revisions", "raw.outcomes", "core.texts")
    before = {table: live(bench, f"FROM {table} ORDER BY ALL") for table in tables}
    assert verified(bench, is_rebuild=True).faults == []
    assert {table: live(bench, f"FROM {table} ORDER BY ALL") for table in tables} == before


def test_a_file_that_a_run_writes_to_is_left_alone(bench: Workbench) -> None:
    """Its run holds it; the others are put together."""
    with Archive(bench.workspace.archive_folder) as archive:
        archive.introduce([])
        archive._open_next()  # a run that has written nothing yet but its file's head
        writing = archive._warc_file
        maintained(bench)
        assert writing in archive_files(bench.workspace.archive_folder)
    assert len(archive_files(bench.workspace.archive_folder)) == 2


def test_a_damaged_file_is_left_alone_and_told(bench: Workbench) -> None:
    """To copy it could lose what a better tool may save."""
    first = archive_files(bench.workspace.archive_folder)[0]
    path = bench.workspace.archive_folder / first
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    report = maintained(bench)
    assert report.dropped == 0
    assert first in report.skipped[0]
    assert path.read_bytes() == data


STEPS = {
    "before the new file": ("flows.maintain.rewrite", "before"),
    "in the middle of the new file": ("extractors.archive.rewriting.sync_folder", "before"),
    "before the warehouse knows": ("flows.maintain.record_rewriting", "before"),
    "when the warehouse knows": ("flows.maintain.record_rewriting", "after"),
    "before the old files are gone": ("flows.maintain.Janitor.remove", "before"),
}


class KilledError(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.mark.parametrize(("target", "when"), STEPS.values(), ids=STEPS)
def test_a_kill_at_any_step_loses_nothing(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, target: str, when: str
) -> None:
    """Every capture is in the archive right after it, and the next maintenance finishes the work."""
    import pkgutil

    module, _, name = target.rpartition(".")
    original = getattr(pkgutil.resolve_name(module), name)

    def killed(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            original(*args, **kwargs)
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(target, killed)
        with pytest.raises(KilledError):
            maintained(bench)
    assert verified(bench).faults == []
    maintained(bench)
    found = verified(bench)
    assert (found.faults, found.notices) == ([], [])
    assert found.records["dropped"] > 0
    assert len(archive_files(bench.workspace.archive_folder)) == 1
    assert not (bench.workspace.home / "live" / "maintain.json").exists()
    assert list(bench.workspace.archive_folder.rglob("*.tmp")) == []


def test_a_page_that_became_an_article_meanwhile_keeps_its_body(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the write a re-extraction may have made something of it: the old files stay."""

    def slow(*args: Any, **kwargs: Any) -> Any:
        moved = rewrite(*args, **kwargs)
        gone = next(each.capture_id for each in moved if each.is_dropped)
        live_sql = f"UPDATE core.articles SET last_capture_id = '{gone}'"
        with open_live(bench.workspace.home, wait_seconds=0) as con:
            con.execute(live_sql)
        return moved

    files = archive_files(bench.workspace.archive_folder)
    monkeypatch.setattr("flows.maintain.rewrite", slow)
    report = maintained(bench)
    assert report.dropped == 0
    assert "needed by now" in report.skipped[0]
    assert archive_files(bench.workspace.archive_folder) == files


def test_another_reader_reads_what_is_left(bench: Workbench) -> None:
    """A dropped body is a response with its head alone, marked as truncated, with a good digest."""
    from warcio.archiveiterator import ArchiveIterator

    maintained(bench)
    (name,) = archive_files(bench.workspace.archive_folder)
    with (bench.workspace.archive_folder / name).open("rb") as file:
        heads = [
            (record.rec_headers.get_header("WARC-Truncated"), record.http_headers.get_statuscode())
            for record in ArchiveIterator(file, check_digests=False)
            if record.rec_type == "response"
        ]
    assert ("unspecified", "200") in heads
    whole = list(scan_file(bench.workspace.archive_folder, name, max_body_bytes=10_000_000))
    assert any(isinstance(each, ArchivedRecord) and each.state == "dropped" for each in whole)


def test_the_command_maintains_and_waits_for_a_verification(bench: Workbench, terminal: Terminal) -> None:
    """``--json`` has the figures; a busy archive is exit code 3."""
    where = ("--config", bench.workspace.config, "--home", bench.workspace.home)
    assert terminal.run("maintain", "--json", *where) == 0
    assert json.loads(terminal.out)["files_after"] == 1
    with archive_claimed(bench.workspace.home):
        assert terminal.run("maintain", *where) == 3
    with archive_claimed(bench.workspace.home), pytest.raises(WarehouseBusyError, match="being verified"):
        maintained(bench)
