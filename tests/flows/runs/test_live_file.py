"""Pieces of work on the live file are done in order, many at one opening, and each has its own result or error."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from extractors.errors import WarehouseBusyError
from flows.runs.live_file import LiveFile, on_live_file
from flows.settings import Settings, WarehouseSettings, Workspace
from warehouse.connection import open_live
from warehouse.locks import loader_lock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A home in which nobody has written."""
    settings = Settings(warehouse=WarehouseSettings(lock_wait_seconds=0.1))
    return Workspace(config=tmp_path, home=tmp_path / "home", settings=settings, outlets={})


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for each time that the file is opened."""
    counted: list[None] = []
    original = open_live

    def opened(*args: object, **options: object) -> object:
        counted.append(None)
        return original(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("flows.runs.live_file.open_live", opened)
    return counted


def patient(workspace: Workspace) -> Workspace:
    """Another process' view of the same home, which waits for its turn."""
    return replace(workspace, settings=Settings(warehouse=WarehouseSettings(lock_wait_seconds=120)))


async def test_what_is_waiting_is_done_at_one_opening_in_order(workspace: Workspace, openings: list[None]) -> None:
    """Forty pieces that are asked for at once cost an opening or two, not forty."""
    live = LiveFile(workspace)
    done: list[int] = []

    def work(number: int) -> int:
        done.append(number)
        return number * 2

    results = await asyncio.gather(*(live.do(lambda _, n=n: work(n)) for n in range(40)))  # type: ignore[misc]
    assert results == [number * 2 for number in range(40)]
    assert done == list(range(40))
    assert len(openings) <= 2


async def test_the_file_stays_open_for_work_that_comes_soon(workspace: Workspace, openings: list[None]) -> None:
    """One piece after another, each asked for when the one before is done, as a run of one outlet does."""
    live = LiveFile(workspace)
    for number in range(5):
        assert await live.do(lambda _, n=number: n) == number  # type: ignore[misc]
    assert len(openings) == 1


async def test_who_waits_gets_the_file_from_one_that_has_nothing_to_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before it would be closed by itself; and work that comes then opens it again."""
    monkeypatch.setattr("flows.runs.live_file.LINGER_SECONDS", 600.0)
    live = LiveFile(patient(workspace))
    assert await live.do(lambda _: 1) == 1
    assert await asyncio.to_thread(on_live_file, patient(workspace), lambda _: 2) == 2
    assert await live.do(lambda _: 3) == 3
    assert await asyncio.to_thread(on_live_file, patient(workspace), lambda _: 4) == 4


async def test_who_waits_gets_the_file_while_there_is_always_work(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After HOLD_SECONDS at the latest, and not before the pieces that were begun are done."""
    monkeypatch.setattr("flows.runs.live_file.HOLD_SECONDS", 0.1)
    live = LiveFile(patient(workspace))
    waiting = asyncio.create_task(asyncio.to_thread(on_live_file, patient(workspace), lambda _: "ours"))
    done = 0
    while not waiting.done():
        done += await live.do(lambda _: 1)
        assert done < 100_000
    assert await waiting == "ours"
    assert done > 0


async def test_an_error_is_that_of_the_piece_that_met_it(workspace: Workspace) -> None:
    """The others are done, before and after."""
    live = LiveFile(workspace)

    def fail(_: duckdb.DuckDBPyConnection) -> None:
        raise ValueError("broken")

    results = await asyncio.gather(live.do(lambda _: 1), live.do(fail), live.do(lambda _: 3), return_exceptions=True)
    assert (results[0], results[2]) == (1, 3)
    assert isinstance(results[1], ValueError)


async def test_a_file_that_another_process_keeps_is_busy_for_each_that_asks(workspace: Workspace) -> None:
    """And free again when the other one has ended."""
    live = LiveFile(workspace)
    with loader_lock(workspace.home, wait_seconds=0):
        results = await asyncio.gather(live.do(lambda _: 1), live.do(lambda _: 2), return_exceptions=True)
    assert [type(result) for result in results] == [WarehouseBusyError, WarehouseBusyError]
    assert await live.do(lambda _: 3) == 3


async def test_nobody_needs_to_wait_for_the_end(workspace: Workspace) -> None:
    """Whoever gives up waiting costs the others nothing."""
    live = LiveFile(workspace)
    given_up = asyncio.create_task(live.do(lambda _: 1))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await live.do(lambda _: 2) == 2


def test_a_file_that_was_let_go_is_closed_at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends waits for nothing: its loop ends when the thread that holds the file does."""
    monkeypatch.setattr("flows.runs.live_file.LINGER_SECONDS", 600.0)

    async def run() -> tuple[int, int]:
        live = LiveFile(workspace)
        first = await live.do(lambda _: 1)
        live.let_go()
        return first, await live.do(lambda _: 2)

    assert asyncio.run(run()) == (1, 2)
