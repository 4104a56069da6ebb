"""Articles that were loaded without stories."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pytest
from story_cases import Writer
from warehouse_samples import NOW, OUTLET, RUN, ask, at, column, contents, make_extraction

from extractors.records import Extraction, OutletCard
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.sources import upsert_outlets
from warehouse.stories import signatures
from warehouse.stories.upkeep import catch_up
from warehouse.transactions import change_count

REPORT = Writer(11).report(6)
CARD = OutletCard(
    outlet_id=OUTLET, name="The Harbor Post", homepage="https://h.example/", country=None, languages=(), aliases=()
)


def batch(count: int = 4) -> list[Extraction]:
    """A report by so many outlets."""
    return [
        make_extraction(n, text=REPORT, outlet_id=OUTLET if n == 1 else f"o{n}", published_at=at(n - 60))
        for n in range(1, count + 1)
    ]


def is_complete(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse says that every article was compared."""
    return bool(column(con, "SELECT is_complete FROM core.story_upkeep")[0])


def all_hold(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether no check about stories finds anything."""
    return not [
        each.name
        for each in run_checks(con)
        if each.offending_count and ("stories" in each.name or "signatures" in each.name)
    ]


def test_what_was_loaded_without_stories_gets_the_same_ones(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """In batches, each of which is kept; a last one with nothing to do writes nothing."""
    load(con, RUN, OUTLET, batch(), now=NOW, keeps_stories=False)
    assert column(con, "SELECT COUNT(story_id) FROM articles") == [0]
    assert not is_complete(con)
    assert all_hold(con)
    assert [catch_up(con, limit=3) for _ in range(2)] == [3, 1]
    assert is_complete(con)
    assert all_hold(con)
    written = change_count(con)
    assert catch_up(con, limit=3) == 0
    assert change_count(con) == written
    with open_live(tmp_path, wait_seconds=0) as other:
        load(other, RUN, OUTLET, batch(), now=NOW)
        catch_up(other, limit=3)
        tables = ("core.republications", "core.copies", "core.articles")
        assert {each: contents(con)[each] for each in tables} == {each: contents(other)[each] for each in tables}


def test_a_load_without_stories_is_remembered(con: duckdb.DuckDBPyConnection) -> None:
    """A revision that was not compared is found by its text, whatever stands in the article's row."""
    load(con, RUN, OUTLET, batch(2), now=NOW)
    catch_up(con, limit=9)
    rewritten = Writer(12).report(6)
    edit = make_extraction(2, text=rewritten, outlet_id="o2", published_at=at(-58), fetched_at=at(9))
    load(con, RUN, OUTLET, [edit], now=at(9), keeps_stories=False)
    assert not is_complete(con)
    assert catch_up(con, limit=9) == 1
    assert column(con, "SELECT COUNT(*) FROM republications") == [0]
    assert all_hold(con)


def test_another_scheme_signs_everything_anew(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures of two versions of the library cannot be compared; those of before lead nowhere any more."""
    load(con, RUN, OUTLET, batch(), now=NOW)
    catch_up(con, limit=9)
    before = ask(con, "FROM core.republications ORDER BY ALL")
    monkeypatch.setattr(signatures, "SCHEME", 999)
    assert catch_up(con, limit=9) == 4
    assert column(con, "SELECT DISTINCT scheme FROM core.signatures") == [999]
    assert ask(con, "FROM core.republications ORDER BY ALL") == before
    assert all_hold(con)


def test_credits_are_read_again_when_an_outlet_gets_another_name(con: duckdb.DuckDBPyConnection) -> None:
    """An alias that is added to a file counts for what was loaded before."""
    upsert_outlets(con, [CARD])
    credited = make_extraction(2, text=REPORT, outlet_id="o2", published_at=at(-70), original_publisher="HaPo")
    load(con, RUN, OUTLET, [make_extraction(1, text=REPORT, published_at=at(-60)), credited], now=NOW)
    catch_up(con, limit=9)
    assert ask(con, "SELECT copy_outlet_id, credited_by FROM republications") == [
        {"copy_outlet_id": OUTLET, "credited_by": None}
    ]
    upsert_outlets(con, [replace(CARD, aliases=("HaPo",))])
    assert catch_up(con, limit=9) == 0
    assert ask(con, "SELECT copy_outlet_id, credited_by FROM republications") == [
        {"copy_outlet_id": "o2", "credited_by": "source_line"}
    ]


def test_an_empty_warehouse_is_complete_at_once(con: duckdb.DuckDBPyConnection) -> None:
    """There is nothing to compare."""
    assert catch_up(con, limit=9) == 0
    assert is_complete(con)


def test_kill_9_leaves_no_half_story(home: Path) -> None:
    """Killed while it catches up, again and again: what was begun is not there, and the rest follows."""
    with open_live(home, wait_seconds=0) as con:
        load(con, RUN, OUTLET, batch(12), now=NOW, keeps_stories=False)
    context = multiprocessing.get_context("spawn")
    for _ in range(3):
        ours, theirs = context.Pipe()
        process = context.Process(target=catch_up_for_ever, args=(home, theirs))
        process.start()
        ours.recv()
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with open_live(home, wait_seconds=10) as con:
            signed, placed = (
                column(con, "SELECT COUNT(*) FROM core.signatures"),
                column(con, "SELECT COUNT(story_id) FROM core.articles"),
            )
            assert signed == placed
            assert all_hold(con)
    with open_live(home, wait_seconds=10) as con:
        while catch_up(con, limit=5):
            pass
        assert column(con, "SELECT COUNT(DISTINCT story_id) FROM articles") == [1]
        assert column(con, "SELECT COUNT(*) FROM republications") == [11]


def catch_up_for_ever(home: Path, begun: Connection) -> None:
    """Catch up article by article, and tell when the first is done."""
    with open_live(home, wait_seconds=10) as con:
        while True:
            catch_up(con, limit=1)
            begun.send(None)
