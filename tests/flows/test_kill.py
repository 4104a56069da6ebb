"""kill -9 in the middle of a run, with real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from workbench import Workbench

from newsroom import Edition, expected_articles
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.search import search

PATIENCE_SECONDS = 60.0


@contextmanager
def ingesting(bench: Workbench) -> Iterator[subprocess.Popen[bytes]]:
    """``wirewatch ingest`` in a process group of its own, which is gone at the end."""
    named = list(bench.workspace.outlets)
    where = ["--config", str(bench.workspace.config), "--home", str(bench.workspace.home)]
    command = [sys.executable, "-m", "flows.cli", "ingest", *named, *where, "--json"]
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    pipe = subprocess.PIPE
    # A shell makes what it starts in the background deaf to Ctrl-C, and that is inherited; a handler is not.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, start_new_session=True)
    signal.signal(signal.SIGINT, heard)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Return when the condition holds, or the process has ended."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition() and process.poll() is None:
        assert time.monotonic() < end, "the run neither got there nor ended"
        time.sleep(0.005)


def pages_asked(bench: Workbench) -> int:
    """Article pages that the newsroom was asked for so far."""
    listings = ("/robots.txt", "/rss", "wp-json", "/feed")
    return sum(not any(part in request.path for part in listings) for request in bench.newsroom.requests)


def processes_of_group(group: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def test_a_killed_run_goes_on_and_every_article_is_there_once(bench: Workbench) -> None:
    """Killed while it fetches, again and again, the next run takes up what was left; the books balance at the end.

    What is found by its title is found once.
    """
    for pages in (3, 9, 20):
        bench.newsroom.forget_requests()
        with ingesting(bench) as process:
            wait_until(lambda pages=pages: pages_asked(bench) >= pages, process)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
    report = bench.ingest()
    assert not report.has_failed, report.as_dict()
    wanted = {(e.outlet_id, e.title): e.text for e in expected_articles(Edition.MORNING)}
    rows = bench.ask("SELECT outlet_id, title, text, revision_count FROM articles")
    assert {(row["outlet_id"], row["title"]): row["text"] for row in rows} == wanted
    assert len(rows) == len(wanted)
    assert {row["revision_count"] for row in rows} == {1}
    assert bench.column("SELECT DISTINCT state FROM links") == ["done"]
    for outlet_id, title in wanted:
        found = search(bench.workspace.home, f'"{title.replace(chr(34), " ")}" outlet:{outlet_id}', limit=100)
        assert found["title"].to_pylist().count(title) == 1
    with open_live(bench.workspace.home, wait_seconds=10) as con:
        assert [each for each in run_checks(con) if each.offending_count] == []


def test_ctrl_c_ends_a_run_with_one_line(bench: Workbench) -> None:
    """A person who stops a run hears that nothing is lost, and the next run takes it up."""
    path = next(e.path for e in expected_articles(Edition.MORNING) if e.outlet_id == "sample_observatory_en")
    bench.newsroom.misbehave("observatory", path, "silent")
    with ingesting(bench) as process:
        wait_until(lambda: pages_asked(bench) >= 3, process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    (line,) = [line for line in said.decode().splitlines() if line]
    assert line.startswith("wirewatch: interrupted;")
    bench.newsroom.behave()
    assert not bench.ingest().has_failed
    assert len(bench.ask("FROM articles")) == len(expected_articles(Edition.MORNING))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the process table where Linux keeps it")
def test_a_killed_run_leaves_no_process_behind(bench: Workbench) -> None:
    """The extracting processes end with their parent, so that nothing holds memory or ports for ever."""
    with ingesting(bench) as process:
        wait_until(lambda: len(processes_of_group(process.pid)) >= 4, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        end = time.monotonic() + PATIENCE_SECONDS
        while left := processes_of_group(process.pid):
            assert time.monotonic() < end, f"still running: {left}"
            time.sleep(0.05)


def test_an_analyst_reads_while_a_run_writes(bench: Workbench) -> None:
    """A shell that keeps the published file open, and other readers that come and go, never fail nor stop the run."""
    bench.ingest("sample_observatory_ar")
    path = bench.workspace.home / "warehouse.duckdb"
    connect = f"import duckdb; shell = duckdb.connect({str(path)!r}, read_only=True)"
    read_once = f"{connect}; print(shell.sql('FROM articles').count('*').fetchall()[0][0])"
    counts = []
    with duckdb.connect(path, read_only=True) as shell, ingesting(bench) as process:
        while process.poll() is None:
            (kept,) = shell.execute("SELECT count(*) FROM articles").fetchone() or (0,)
            fresh = subprocess.run([sys.executable, "-c", read_once], capture_output=True, check=True, text=True)
            counts.append((kept, int(fresh.stdout)))
        assert process.returncode == 0
    assert counts
    assert all(fresh >= kept > 0 for kept, fresh in counts)
    assert len(bench.ask("FROM articles")) == len(expected_articles(Edition.MORNING))
