"""Several ``wirewatch ingest`` at once on one home, in real processes, with readers beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import duckdb
from workbench import Workbench

from newsroom import Edition, expected_articles
from warehouse.checks import run_checks
from warehouse.connection import claim_outlet, open_live

PATIENCE_SECONDS = 90.0


def start(bench: Workbench, *outlet_ids: str) -> subprocess.Popen[str]:
    """Start a run over some outlets."""
    where = ["--config", str(bench.workspace.config), "--home", str(bench.workspace.home)]
    command = [sys.executable, "-m", "flows.cli", "ingest", *outlet_ids, *where, "--json"]
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


def count_while_running(bench: Workbench, processes: list[subprocess.Popen[str]]) -> list[int]:
    """Read the published file over and over, as analysts do, until all processes have ended."""
    counts = [0]
    end = time.monotonic() + PATIENCE_SECONDS
    while any(process.poll() is None for process in processes):
        assert time.monotonic() < end, "a run did not end"
        if (bench.workspace.home / "warehouse.duckdb").exists():
            counts += bench.column("SELECT count(*) FROM articles")
        time.sleep(0.02)
    return counts


def test_runs_side_by_side_load_every_article_once(bench: Workbench) -> None:
    """Two runs over the same outlets, one over one of them and one that is killed lose and double nothing."""
    everything = list(bench.workspace.outlets)
    processes = [start(bench, *everything), start(bench, *everything), start(bench, everything[0])]
    killed = start(bench, *everything)
    try:
        while not bench.newsroom.requests:
            time.sleep(0.01)
        killed.kill()
        counts = count_while_running(bench, processes)
        said = [process.communicate() for process in processes]
    finally:
        for process in (*processes, killed):
            process.kill()
            process.communicate()
    assert counts == sorted(counts), "what was published once stays published"
    for process, (out, errors) in zip(processes, said, strict=True):
        assert errors == ""
        assert process.returncode in (0, 1), out
        reported = json.loads(out)["outlets"]
        assert all(each["problem"] in ("", "skipped: another run is working on it") for each in reported)

    bench.ingest()
    rows = bench.ask("SELECT outlet_id, title, revision_count FROM articles")
    wanted = sorted((each.outlet_id, each.title) for each in expected_articles(Edition.MORNING))
    assert sorted((row["outlet_id"], row["title"]) for row in rows) == wanted
    assert {row["revision_count"] for row in rows} == {1}
    assert bench.column("SELECT DISTINCT state FROM links") == ["done"]
    with open_live(bench.workspace.home, wait_seconds=1) as con:
        assert [result for result in run_checks(con) if result.offending_count] == []


def test_a_tick_that_meets_a_busy_outlet_has_not_failed(bench: Workbench) -> None:
    """It says that it was skipped, and comes again; to whoever names the outlet that is a failure."""
    with claim_outlet(bench.workspace.home, "sample_gazette"):
        scheduled, asked = bench.tick(limit=1), bench.ingest("sample_gazette")
    (skipped,) = (each for each in scheduled.outlets if each.outlet_id == "sample_gazette")
    assert skipped.sentence() == "sample_gazette: skipped: another run is working on it"
    assert (skipped.has_failed, scheduled.has_failed, skipped.other) == (False, False, {"outlet_busy": 1})
    assert (asked.outlets[0].sentence(), asked.has_failed) == (skipped.sentence(), True)
    assert bench.ingest("sample_gazette").changed > 0


def test_two_runs_over_different_outlets_do_not_wait_for_each_other(bench: Workbench) -> None:
    """Each loads its own, though an analyst's shell keeps the published file open."""
    bench.ingest("sample_observatory_ar", limit=1)
    with duckdb.connect(bench.workspace.home / "warehouse.duckdb", read_only=True):
        processes = [start(bench, each) for each in ("sample_observatory_en", "sample_gazette")]
        said = [process.communicate(timeout=PATIENCE_SECONDS) for process in processes]
    for outlet_id, (out, errors) in zip(("sample_observatory_en", "sample_gazette"), said, strict=True):
        assert errors == ""
        (reported,) = json.loads(out)["outlets"]
        wanted = [each for each in expected_articles(Edition.MORNING) if each.outlet_id == outlet_id]
        assert reported["loaded"] == len(wanted)
