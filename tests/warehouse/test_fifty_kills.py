"""kill -9 of a loader at fifty random moments, with four readers and an analyst's open shell beside it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from concurrent_use import BATCH, ask_for_ever, load_for_ever, look_for_ever, start
from warehouse_samples import NOW

from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.publish import publish
from warehouse.query import run_query

ROUNDS = 50
READERS = 4
MOST_STEPS = 4
"""How far a loader may come, in steps that it says: begun, loaded, published, begun again. Kills follow its steps and
not the clock alone, so that they come at every stage on a busy machine too."""

LONGEST_SECONDS = 0.3
"""How long it may go on after the last of them."""

PATIENCE_SECONDS = 60.0


@contextmanager
def beside(home: Path, folder: Path) -> Iterator[list[Path]]:
    """Four readers and a shell, told to end when the block does; the files in which they say what they saw."""
    stop = folder / "stop"
    said = [folder / f"said-{number}" for number in range(READERS + 1)]
    processes = [start(look_for_ever, home, stop, file) for file in said[:READERS]]
    processes.append(start(ask_for_ever, home, stop, said[READERS]))
    try:
        yield said
        stop.touch()
        for process in processes:
            process.join(PATIENCE_SECONDS)
        assert [process.exitcode for process in processes] == [0] * len(processes)
    finally:
        for process in processes:
            process.kill()
            process.join()


def killed_loader(home: Path, first: int, said: Path, dice: random.Random) -> list[str]:
    """Let a loader come some steps far from a batch on, and a moment further, and kill it; what it had said."""
    said.write_text("")
    steps = dice.randint(1, MOST_STEPS)
    process = start(load_for_ever, home, first, said)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while said.read_text().count("\n") < steps:
            assert process.is_alive(), "the loader ended by itself"
            assert time.monotonic() < end, "the loader did not go on"
            time.sleep(0.005)
        time.sleep(dice.uniform(0.0, LONGEST_SECONDS))
        assert process.is_alive(), "the loader ended by itself"
    finally:
        process.kill()
        process.join()
    return said.read_text().splitlines()


def article_count(home: Path) -> int:
    """Articles in the live file, which a killed loader may have left in any state."""
    with open_live(home, wait_seconds=30) as con:
        row = con.execute("SELECT COUNT(*) FROM articles").fetchone()
    assert row is not None
    return int(row[0])


def lines_of(file: Path) -> list[dict[str, Any]]:
    """What a reader said."""
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_fifty_kills_lose_and_double_nothing(home: Path, tmp_path: Path) -> None:
    """What a loader had loaded stays, half a batch never shows, no read fails and an open file stays as it was."""
    dice = random.Random(2026)
    loader_said = tmp_path / "loader"
    killed_loader(home, 0, loader_said, dice)
    count = first = article_count(home)
    publish(home, wait_seconds=30)
    amid_batch = 0
    with beside(home, tmp_path) as said:
        for _ in range(ROUNDS):
            steps = killed_loader(home, count // BATCH, loader_said, dice)
            done = count // BATCH + sum(step.startswith("loaded") for step in steps)
            count = article_count(home)
            assert count % BATCH == 0, "half a batch was loaded"
            # The last one may have been committed just before that could be said.
            assert count // BATCH in (done, done + 1), steps
            amid_batch += steps[-1].startswith("begin")
        publish(home, wait_seconds=30)
    seen = [lines_of(file) for file in said]
    assert [line for lines in seen for line in lines if "fault" in line] == []
    assert all(lines[-1]["looks"] > ROUNDS // 5 for lines in seen), "the readers hardly read"
    assert amid_batch, "no kill came while a batch was loaded"
    assert count > first, "no batch was loaded before a kill"
    with open_live(home, wait_seconds=30) as con:
        assert con.execute("SELECT article_id FROM revisions GROUP BY ALL HAVING COUNT(*) > 1").fetchall() == []
        assert [each.name for each in run_checks(con, since=NOW) if each.offending_count] == []
    (row,) = run_query(home, "SELECT COUNT(*) AS articles FROM articles").to_pylist()
    assert row["articles"] == count
