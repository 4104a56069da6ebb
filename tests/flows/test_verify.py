"""The warehouse against its archive: what is missing, damaged, elsewhere or nobody's is told, and put right."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from captured import response
from terminal import Terminal
from workbench import Workbench, make_workbench

from extractors.archive import Archive
from flows.shown.progress import SilentReporter
from flows.verify import VerifyReport, verify
from newsroom import running_newsroom
from warehouse.connection import live_path, open_live
from warehouse.publish import publish


def found(bench: Workbench, **options: bool) -> VerifyReport:
    """What ``wirewatch verify`` finds."""
    return asyncio.run(verify(bench.workspace, SilentReporter(), **options))


def faults(bench: Workbench, **options: bool) -> dict[str, int]:
    """Names of the checks that find something, with how much."""
    return {each.name: each.offending_count for each in found(bench, **options).faults}


def change(bench: Workbench, sql: str) -> None:
    """What somebody else did to the loader's file."""
    with open_live(bench.workspace.home, wait_seconds=0) as con:
        con.execute(sql)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A home with two articles."""
    with running_newsroom() as newsroom:
        bench = make_workbench(newsroom, tmp_path_factory.mktemp("run"))
        bench.ingest("sample_observatory_ar", limit=2)
    return bench


@pytest.fixture
def bench(one_run: Workbench, tmp_path: Path) -> Workbench:
    """A copy of it."""
    shutil.copytree(one_run.workspace.home, tmp_path / "home")
    return Workbench(one_run.newsroom, replace(one_run.workspace, home=tmp_path / "home"))


@pytest.fixture
def archive_file(bench: Workbench) -> Path:
    """Its one archive file."""
    (path,) = bench.workspace.archive_folder.rglob("*.warc.gz")
    return path


def test_a_sound_home_has_nothing_to_tell(bench: Workbench) -> None:
    """Each record was read, its hash computed, and is where its capture says."""
    report = found(bench)
    assert (report.faults, report.notices) == ([], [])
    assert report.records == {"whole": report.captures}
    assert report.captures > 2
    assert report.notes > 3


def test_a_flipped_byte_is_found(bench: Workbench, archive_file: Path) -> None:
    """Bit rot inside a page's record damages that record alone, and its capture is named."""
    (row,) = bench.ask("SELECT c.* FROM articles AS a JOIN captures AS c USING (capture_id) ORDER BY ALL LIMIT 1")
    data = bytearray(archive_file.read_bytes())
    data[row["warc_offset"] + 300] ^= 0xFF
    archive_file.write_bytes(data)
    assert faults(bench) == {"captures_archived": 1, "captures_unharmed": 1}
    assert faults(bench, is_repair=True) == {"captures_archived": 1, "captures_unharmed": 1}


def test_a_body_that_is_another_is_found(bench: Workbench) -> None:
    """A whole record whose SHA-256 is not the capture's."""
    change(bench, "UPDATE raw.captures SET body_sha256 = REPEAT('0', 64) WHERE warc_offset > 0 AND http_status = 200")
    assert set(faults(bench)) == {"captures_unharmed"}


def test_a_lost_file_is_found(bench: Workbench, archive_file: Path) -> None:
    """Every capture that it held is missing."""
    archive_file.unlink()
    report = found(bench)
    assert {each.name: each.offending_count for each in report.faults} == {"captures_archived": report.captures}


def test_a_file_that_was_moved_is_found_again(bench: Workbench, archive_file: Path) -> None:
    """Told without ``--repair``; with it the captures point at the new place, and analysts see it."""
    archive_file.rename(archive_file.with_name("renamed.warc.gz"))
    report = found(bench)
    assert {each.name: each.offending_count for each in report.faults} == {"captures_in_place": report.captures}
    repaired = found(bench, is_repair=True)
    assert repaired.faults == []
    assert repaired.repaired == [f"captures_in_place: {report.captures} rows put right"]
    assert {name.rpartition("/")[2] for name in bench.column("SELECT warc_file FROM captures")} == {"renamed.warc.gz"}


def test_a_response_without_a_row_is_told_and_no_fault(bench: Workbench) -> None:
    """What a killed run had archived and not yet written down."""
    with Archive(bench.workspace.archive_folder) as archive:
        archive.append(response("https://harbor-post.example/1", b"<p>Late ferry</p>"))
    report = found(bench)
    assert report.faults == []
    assert [(each.name, each.offending_count) for each in report.notices] == [("records_referenced", 1)]
    assert "no fault" in " ".join(report.lines())


def test_a_text_that_was_tampered_with_is_found(bench: Workbench) -> None:
    """Its hash is its key; the warehouse can be made from the archive again."""
    change(bench, "UPDATE core.texts SET text = text || '!'")
    assert faults(bench) == {"texts_match_their_hash": 2}
    assert faults(bench, is_rebuild=True) == {}


def test_a_warehouse_that_is_gone_is_told_and_made_again(bench: Workbench, terminal: Terminal) -> None:
    """Exit code 3 names the way out; ``--repair`` goes it, and the published file has everything."""
    before = bench.ask("FROM articles ORDER BY article_id")
    live_path(bench.workspace.home).unlink()
    where = ("--config", bench.workspace.config, "--home", bench.workspace.home)
    assert terminal.run("verify", *where) == 3
    assert "verify --repair" in terminal.err
    assert terminal.run("verify", "--repair", "--json", *where) == 0
    assert json.loads(terminal.out)["rebuilt"]["pages"] == 2
    assert bench.ask("FROM articles ORDER BY article_id") == before


def test_a_damaged_warehouse_is_kept_and_made_again(bench: Workbench, terminal: Terminal) -> None:
    """What cannot be opened is moved aside, not thrown away."""
    publish(bench.workspace.home, wait_seconds=0)
    damaged = live_path(bench.workspace.home)
    damaged.write_bytes(b"not a database" * 1_000)
    where = ("--config", bench.workspace.config, "--home", bench.workspace.home)
    assert terminal.run("verify", *where) == 3
    assert terminal.run("verify", "--repair", *where) == 0
    (kept,) = damaged.parent.glob("warehouse.before-rebuild-*.duckdb")
    assert kept.read_bytes().startswith(b"not a database")
    assert "kept as" in terminal.out
    assert bench.column("SELECT COUNT(*) FROM articles") == [2]


def test_the_exit_code_and_the_lines_say_what_is_wrong(bench: Workbench, terminal: Terminal) -> None:
    """A person reads which check found how much, with an example."""
    change(bench, "UPDATE core.links SET article_id = UUID() WHERE article_id IS NOT NULL")
    assert terminal.run("verify", "--config", bench.workspace.config, "--home", bench.workspace.home) == 1
    assert "links_have_one_state: 2 rows, such as link_id" in terminal.out
