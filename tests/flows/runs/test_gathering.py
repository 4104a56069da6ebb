"""Questions of tasks side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import duckdb
import pytest

from flows.runs.gathering import Gathering


class Turns:
    """Does pieces of work one after another, each after all tasks had their turn."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def do(self, work: Callable[[Any], None]) -> None:
        """One piece of work."""
        await asyncio.sleep(0)
        work(None)

    def doubled(self, _: duckdb.DuckDBPyConnection, questions: Sequence[int]) -> list[int]:
        """Twice each number; refuses 13."""
        self.batches.append(list(questions))
        if 13 in questions:
            raise ValueError("13")
        return [2 * number for number in questions]


async def ask_all(gathering: Gathering[int, int], *numbers: int) -> list[int | BaseException]:
    """Ask side by side."""
    asked: list[Awaitable[int]] = [gathering.ask(number) for number in numbers]
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_what_is_asked_side_by_side_is_answered_at_once() -> None:
    """Each gets its own answer, of one piece of work."""
    turns = Turns()
    gathering = Gathering(turns.do, turns.doubled)
    assert await ask_all(gathering, 1, 2, 3) == [2, 4, 6]
    assert turns.batches == [[1, 2, 3]]
    assert await ask_all(gathering, 4) == [8]
    assert turns.batches == [[1, 2, 3], [4]]


async def test_an_error_is_everybodys_who_asked_with_it() -> None:
    """Nobody waits for ever, and the next question is answered."""
    turns = Turns()
    gathering = Gathering(turns.do, turns.doubled)
    assert [type(each) for each in await ask_all(gathering, 1, 13)] == [ValueError, ValueError]
    assert await ask_all(gathering, 2) == [4]


async def test_who_is_refused_a_turn_leaves_no_question_behind() -> None:
    """Where the file cannot be opened nothing is done later in the name of who has given up."""
    turns = Turns()

    async def refuse(_: Callable[[Any], None]) -> None:
        raise OSError("busy")

    gathering = Gathering(refuse, turns.doubled)
    with pytest.raises(OSError, match="busy"):
        await gathering.ask(1)
    gathering._do = turns.do
    assert await ask_all(gathering, 2) == [4]
    assert turns.batches == [[2]]
