"""The file: where it goes, whole or not there; and the command that writes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from terminal import Terminal
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from extractors.errors import WarehouseUnusableError, WirewatchError
from flows.report_page import write_report
from flows.settings import Workspace, open_workspace
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.publish import publish

SAMPLE = Path(__file__).parents[3] / "config" / "sample"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A home with one article."""
    home = tmp_path / "home"
    with open_live(home, wait_seconds=0) as con:
        load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    publish(home, wait_seconds=0)
    return open_workspace(SAMPLE, home)


def test_a_report_is_there_by_its_day_and_as_the_latest(workspace: Workspace) -> None:
    """Two names, the same bytes, nothing else in the folder; another day's takes the place of the latest alone."""
    first = write_report(workspace, since=NOW, now=NOW + timedelta(hours=2))
    assert first.path == workspace.home / "reports" / "report-2026-03-02.html"
    assert first.latest is not None
    assert first.latest.read_bytes() == first.path.read_bytes()
    assert (first.bytes, first.articles) == (first.path.stat().st_size, 1)
    second = write_report(workspace, since=NOW, now=NOW + timedelta(days=1))
    assert sorted(each.name for each in (workspace.home / "reports").iterdir()) == [
        "latest.html",
        "report-2026-03-02.html",
        "report-2026-03-03.html",
    ]
    assert first.latest.read_bytes() == second.path.read_bytes() != first.path.read_bytes()


def test_a_report_elsewhere_is_that_file_alone(workspace: Workspace, tmp_path: Path) -> None:
    """The home's reports stay as they are."""
    written = write_report(workspace, since=NOW, now=NOW, output=tmp_path / "out" / "mine.html")
    assert (written.path, written.latest) == (tmp_path / "out" / "mine.html", None)
    assert not (workspace.home / "reports").exists()


def test_a_report_that_cannot_be_written_leaves_the_old_one(workspace: Workspace) -> None:
    """A file where the folder should be."""
    (workspace.home / "reports").write_text("in the way", encoding="utf-8")
    with pytest.raises(WirewatchError, match="could not be written"):
        write_report(workspace, since=NOW, now=NOW)
    assert (workspace.home / "reports").read_text(encoding="utf-8") == "in the way"


def test_without_a_published_warehouse_there_is_no_report(tmp_path: Path) -> None:
    """And the message says what to do."""
    with pytest.raises(WarehouseUnusableError, match="wirewatch ingest"):
        write_report(open_workspace(SAMPLE, tmp_path), since=NOW, now=NOW)


def test_the_command_says_where_it_is(workspace: Workspace, terminal: Terminal) -> None:
    """In a sentence, or for a machine."""
    folders = ("--home", workspace.home, "--config", SAMPLE)
    assert terminal.run("report", *folders) == 0
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert f"report-{today}.html: 0 articles since" in terminal.out
    assert terminal.run("report", "--since", "2026-03-01", "--json", *folders) == 0
    said = json.loads(terminal.out)
    assert (said["articles"], said["latest"]) == (1, str(workspace.home / "reports" / "latest.html"))
    assert Path(said["path"]).stat().st_size == said["bytes"]


def test_the_command_writes_elsewhere(workspace: Workspace, terminal: Terminal, tmp_path: Path) -> None:
    """``--output`` names the file."""
    target = tmp_path / "mine.html"
    assert terminal.run("report", "--output", target, "--home", workspace.home, "--config", SAMPLE) == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("--since", "soon"), 2, "write a duration such as 2d"),
        (("--since", "2999-01-01"), 2, "lies in the future"),
    ],
)
def test_a_wrong_call_is_explained(
    workspace: Workspace, terminal: Terminal, words: tuple[str, ...], code: int, complaint: str
) -> None:
    """What was written, and what to write instead."""
    assert terminal.run("report", *words, "--home", workspace.home, "--config", SAMPLE) == code
    assert complaint in terminal.err


def test_an_unpublished_home_ends_with_its_own_code(terminal: Terminal, tmp_path: Path) -> None:
    """3, as for every command that reads the warehouse."""
    assert terminal.run("report", "--home", tmp_path, "--config", SAMPLE) == 3
    assert "nothing has been published yet" in terminal.err
