"""What the processes of a warehouse in use do: a loader that is killed, readers that look again and again, a shell.

Each is a function that a process of its own runs, and that writes what it did into a file of its own: one line a step,
so that what a killed process had done can be told.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from extractors.errors import WarehouseError
from warehouse.connection import open_live, published_path
from warehouse.load import load
from warehouse.publish import publish
from warehouse.query import run_query

BATCH = 8
"""Articles that are loaded in one transaction."""

WAIT_SECONDS = 30.0
LOOK_SECONDS = 1.0
LOOK = "SELECT COUNT(*) AS articles, COUNT(DISTINCT article_id) AS ids, COUNT(text) AS texts FROM articles"
SEARCH = "SELECT article_id, snippet FROM search('the') LIMIT 3"
FIRST_LOOK = "SELECT COUNT(*), SUM(word_count) FROM articles"


def start(work: Callable[..., None], *arguments: object) -> BaseProcess:
    """Run a function in a process that is forked from one in which all modules are loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["concurrent_use"])
    process = context.Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def say(said: Path, line: str) -> None:
    """Append a line at once and whole."""
    with said.open("ab", buffering=0) as file:
        os.write(file.fileno(), f"{line}\n".encode())


def load_for_ever(home: Path, first: int, said: Path) -> None:
    """Load batch after batch from one on, each once, publish each, and say how far it is; it is killed."""
    number = first
    while True:
        say(said, f"begin {number}")
        batch = [make_extraction(number * BATCH + each) for each in range(BATCH)]
        with open_live(home, wait_seconds=WAIT_SECONDS) as con:
            load(con, RUN, OUTLET, batch, now=NOW + timedelta(minutes=number))
        say(said, f"loaded {number}")
        publish(home, wait_seconds=WAIT_SECONDS)
        say(said, f"published {number}")
        number += 1


def look_for_ever(home: Path, stop: Path, said: Path) -> None:
    """Open the published file again and again, count and search; say what was wrong, and at the end how often."""
    looks = last = 0
    while not stop.exists():
        try:
            (row,) = run_query(home, LOOK).to_pylist()
            run_query(home, SEARCH)
        except (WarehouseError, duckdb.Error) as error:
            say(said, json.dumps({"fault": f"{type(error).__name__}: {error}"}))
            continue
        if not row["articles"] == row["ids"] == row["texts"] or row["articles"] < last:
            say(said, json.dumps({"fault": f"{row} after {last} articles"}))
        looks, last = looks + 1, row["articles"]
        time.sleep(LOOK_SECONDS)
    say(said, json.dumps({"looks": looks, "last": last}))


def ask_for_ever(home: Path, stop: Path, said: Path) -> None:
    """Open the published file once and go on asking: what it sees is the file that it opened."""
    with duckdb.connect(published_path(home), read_only=True) as con:
        first = con.execute(FIRST_LOOK).fetchone()
        asked = 0
        while not stop.exists():
            found = con.execute(FIRST_LOOK).fetchone()
            if found != first:
                say(said, json.dumps({"fault": f"{found} after {first}"}))
            asked += 1
            time.sleep(LOOK_SECONDS)
    say(said, json.dumps({"looks": asked}))
