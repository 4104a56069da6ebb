"""The command line as a person meets it: what is printed, and the exit code."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from terminal import Terminal
from workbench import Workbench, make_workbench

from flows.commands import options
from newsroom import RunningNewsroom


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Prefect server answers, whatever runs on this machine."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


def places(bench: Workbench) -> tuple[str | Path, ...]:
    """The options that point a command at a workbench."""
    return ("--config", bench.workspace.config, "--home", bench.workspace.home)


def test_ingest_shows_what_came_out(terminal: Terminal, bench: Workbench) -> None:
    """A line and a row for each outlet, a sentence for the run, exit code 0; then nothing new."""
    assert terminal.run("ingest", "sample_observatory_ar", "--limit", "2", *places(bench)) == 0
    assert "sample_observatory_ar: 2 new, 0 revised" in terminal.out
    assert "2 new and 0 revised articles." in terminal.out
    path = bench.newsroom.observatory_url + "/en/41388/"
    assert terminal.run("ingest", "--url", path, *places(bench)) == 0
    assert "1 new and 0 revised articles." in terminal.out
    assert terminal.run("ingest", "--url", path, *places(bench)) == 0
    assert "Nothing new: no article was written." in terminal.out


def test_a_dry_run_tells_and_makes_nothing(terminal: Terminal, new_bench: Workbench) -> None:
    """A line for each outlet, the URLs with why, a sentence; ``--json`` has every link with its reason; no home yet."""
    words = ("ingest", "sample_observatory_en", "--dry-run", *places(new_bench))
    assert terminal.run(*words, "--json") == 0
    (outlet,) = json.loads(terminal.out)["outlets"]
    count = len(outlet["would_fetch"])
    assert len(outlet["not_fetched_links"]) == sum(outlet["not_fetched"].values())
    assert terminal.run(*words) == 0
    lines = terminal.out.splitlines()
    assert lines[0].startswith(f"sample_observatory_en: {count} to fetch ({count} new)")
    assert lines[1:-1] == [f"  new      {each['requested_url']}" for each in outlet["would_fetch"]]
    assert lines[-1] == f"A run would fetch {count} pages now. Nothing was written."
    assert not new_bench.workspace.home.exists()


def test_ingest_since_sets_older_links_aside(terminal: Terminal, bench: Workbench) -> None:
    """``--since`` takes a date; what is older is not fetched, and counted."""
    words = ("ingest", "sample_gazette", "--since", "2026-03-29", "--json", *places(bench))
    assert terminal.run(*words) == 0
    (outlet,) = json.loads(terminal.out)["outlets"]
    assert outlet["not_loaded"]["too_old"] > 0
    assert outlet["listed"] == outlet["new"] + outlet["not_loaded"]["too_old"] + sum(
        outlet["not_loaded"].get(reason, 0) for reason in ("foreign_host", "excluded_url")
    )


def test_a_failed_outlet_is_exit_code_1_and_one_line(terminal: Terminal, bench: Workbench) -> None:
    """The others are loaded, and the line says what was wrong."""
    bench.newsroom.misbehave("gazette", ".*", "http_403")
    assert terminal.run("ingest", "sample_gazette", *places(bench)) == 1
    (line,) = [line for line in terminal.out.splitlines() if line.startswith("sample_gazette: ")]
    assert "no source answered: http_403" in line
    assert "Failed: sample_gazette." in terminal.out


def test_json_is_one_line_on_standard_output(terminal: Terminal, bench: Workbench) -> None:
    """Another program reads the summary and nothing else."""
    assert terminal.run("ingest", "sample_observatory_ar", "--limit", "1", "--json", *places(bench)) == 0
    summary = json.loads(terminal.out)
    assert summary["failed"] is False
    assert summary["outlets"][0]["loaded"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ingest", "sample_gazete"), "did you mean 'sample_gazette'?"),
        (("ingest", "--since", "yesterday"), "--since: yesterday: is no point in time"),
        (("ingest", "--url", "https://elsewhere.example/"), "is no article of a configured outlet"),
        (("backfill", "--warc", "nowhere.warc.gz"), "nowhere.warc.gz"),
        (("backfill", "--folder", "nowhere"), "nowhere: there is no such folder"),
        (("backfill", "--folder", ".", "--outlet", "sample_gazete"), "did you mean 'sample_gazette'?"),
        (("backfill",), "write backfill OUTLET --since DATE"),
        (("backfill", "sample_gazette"), "needs --since"),
        (("backfill", "sample_gazette", "--since", "2d", "--until", "soon"), "--until: soon: is no point in time"),
        (("backfill", "sample_gazette", "--warc", "a.warc"), "OUTLET and --warc: needs one origin of history"),
        (("backfill", "--warc", "a.warc", "--since", "2d"), "--since: goes with an OUTLET"),
        (("backfill", "--warc", "a.warc", "--outlet", "sample_gazette"), "--outlet: goes with --folder"),
        (("up", "--server", "server:4200"), "--server: server:4200: is no address of a Prefect API; write http://"),
    ],
)
def test_a_wrong_call_is_exit_code_2_and_one_line(
    terminal: Terminal, new_bench: Workbench, words: tuple[str, ...], message: str
) -> None:
    """The line says what is wrong with what, and what to do; there is no traceback and no home yet."""
    assert terminal.run(*words, *places(new_bench)) == 2
    assert message in terminal.err
    assert len(terminal.err.splitlines()) == 1
    assert not new_bench.workspace.home.exists()


@pytest.mark.parametrize("words", [("ingset",), ("ingest", "--limit", "0"), ("query",), ("outlets", "lst")])
def test_a_misspelled_call_is_exit_code_2(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Commands, options and arguments that do not exist are told before anything is done."""
    assert terminal.run(*words) == 2
    assert terminal.err


def test_a_wrong_configuration_is_exit_code_2(terminal: Terminal, bench: Workbench) -> None:
    """The message names file, key and the nearest valid key."""
    path = bench.workspace.config / "outlets" / "sample_gazette.toml"
    path.write_text("langages = ['en']\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert terminal.run("outlets", "list", "--config", bench.workspace.config) == 2
    assert f"{path}: langages: is not a known key; did you mean 'languages'?" in terminal.err
    assert terminal.run("ingest", "--config", path) == 2
    assert "there is no such folder" in terminal.err


def test_query_prints_each_form(terminal: Terminal, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table for people; CSV, JSON Lines and Parquet for programs."""
    home = ("--home", bench.workspace.home)
    assert terminal.run("query", "FROM articles", *home) == 3
    assert "run `wirewatch ingest` first" in terminal.err
    bench.ingest("sample_observatory_ar", limit=3)
    sql = "SELECT language, tags, published_at, title FROM articles ORDER BY title"
    assert terminal.run("query", sql, *home) == 0
    assert "published_at" in terminal.out
    assert terminal.run("query", sql, "--format", "json", *home) == 0
    rows = [json.loads(line) for line in terminal.out.splitlines()]
    assert [row["language"] for row in rows] == ["ar"] * 3
    assert isinstance(rows[0]["tags"], list)

    class Output(io.TextIOWrapper):
        def __init__(self) -> None:
            super().__init__(io.BytesIO(), encoding="utf-8")

    csv, parquet = Output(), Output()
    for form, output in (("csv", csv), ("parquet", parquet)):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            assert terminal.run("query", sql, "--format", form, *home) == 0
    text = csv.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert rows[0]["title"] in text
    assert text.splitlines()[0] == '"language","tags","published_at","title"'
    table = pyarrow.parquet.read_table(io.BytesIO(parquet.buffer.getvalue()))  # type: ignore[attr-defined]
    assert table.column("title").to_pylist() == [row["title"] for row in rows]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM articles",
        "SELEC 1",
        "DROP VIEW articles",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/hostname')",
        "",
    ],
)
def test_a_wrong_query_is_exit_code_2(terminal: Terminal, bench: Workbench, sql: str) -> None:
    """DuckDB's own words, without a traceback; nothing but the warehouse can be read, and nothing written."""
    bench.ingest("sample_observatory_ar", limit=1)
    assert terminal.run("query", sql, "--home", bench.workspace.home) == 2
    assert terminal.err.startswith("wirewatch: ")
    assert "Traceback" not in terminal.err


def test_outlets_list_names_every_outlet_and_source(terminal: Terminal, bench: Workbench) -> None:
    """What is configured, as a table and for programs."""
    assert terminal.run("outlets", "list", "--config", bench.workspace.config) == 0
    assert all(outlet_id in terminal.out for outlet_id in bench.workspace.outlets)
    assert terminal.run("outlets", "list", "--json", "--config", bench.workspace.config) == 0
    rows = {row["outlet_id"]: row for row in json.loads(terminal.out)}
    assert set(rows) == set(bench.workspace.outlets)
    assert [source.split(":")[0] for source in rows["sample_observatory_en"]["sources"]] == ["wordpress", "feed"]


def test_outlets_list_shows_whose_certificates_are_not_checked(terminal: Terminal, bench: Workbench) -> None:
    """That the switch is set is not to be found out from the files alone."""
    path = bench.workspace.config / "outlets" / "sample_gazette.toml"
    text = path.read_text(encoding="utf-8")
    assert "[fetch]" not in text
    path.write_text(f"{text}\n[fetch]\nverify_tls = false\n", encoding="utf-8")
    try:
        assert terminal.run("outlets", "list", "--config", bench.workspace.config) == 0
        assert terminal.out.count("NOT CHECKED") == 1
        assert terminal.run("outlets", "list", "--json", "--config", bench.workspace.config) == 0
    finally:
        path.write_text(text, encoding="utf-8")
    checked = {row["outlet_id"]: row["is_tls_verified"] for row in json.loads(terminal.out)}
    assert [outlet_id for outlet_id, is_verified in checked.items() if not is_verified] == ["sample_gazette"]


def test_migrate_says_what_it_did(terminal: Terminal, new_bench: Workbench) -> None:
    """The first call makes the schema, the second finds it up to date."""
    assert terminal.run("migrate", "--json", *places(new_bench)) == 0
    first = json.loads(terminal.out)
    assert first["applied"] == first["migrations"] != []
    assert terminal.run("migrate", *places(new_bench)) == 0
    assert "was up to date" in terminal.out


def test_a_busy_warehouse_is_exit_code_3(terminal: Terminal, bench: Workbench) -> None:
    """Who waits too long for the lock is told who holds it."""
    from warehouse.connection import open_live

    settings = bench.workspace.config / "wirewatch.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\n[warehouse]\nlock_wait_seconds = 0.2\n", encoding="utf-8")
    with open_live(bench.workspace.home, wait_seconds=5):
        assert terminal.run("ingest", *places(bench)) == 3
    assert "wirewatch: " in terminal.err


def test_a_damaged_warehouse_is_exit_code_3(terminal: Terminal, new_bench: Workbench) -> None:
    """A file that is no warehouse is left as it is."""
    live = new_bench.workspace.home / "live" / "warehouse.duckdb"
    live.parent.mkdir(parents=True)
    live.write_bytes(b"not a database" * 1000)
    assert terminal.run("ingest", *places(new_bench)) == 3
    assert live.read_bytes().startswith(b"not a database")


def test_backfill_is_a_command(terminal: Terminal, bench: Workbench, tmp_path: Path) -> None:
    """An empty WARC file is read, and nothing comes of it."""
    path = tmp_path / "empty.warc"
    path.write_bytes(b"")
    assert terminal.run("backfill", "--warc", path, *places(bench)) == 0
    assert "Nothing new" in terminal.out


def test_demo_refuses_a_folder_that_is_not_its_own(terminal: Terminal, tmp_path: Path) -> None:
    """``--fresh`` can never empty a folder that holds something else."""
    (tmp_path / "thesis.txt").write_text("draft", encoding="utf-8")
    assert terminal.run("demo", "--fresh", "--home", tmp_path) == 2
    assert (tmp_path / "thesis.txt").exists()


def test_a_terminal_gets_bars(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """A bar for each stage, and the lines above them."""
    from rich.console import Console

    from extractors.records import Stage
    from flows.shown.progress import BarReporter

    out = io.StringIO()
    bench = make_workbench(newsroom, tmp_path)
    console = Console(file=out, force_terminal=True, width=100)
    with options.reporter(console) as shown:
        assert isinstance(shown, BarReporter)
        bench_run(bench, shown)
    text = out.getvalue()
    assert "sample_observatory_ar: 1 new" in text
    assert all(str(stage) in text for stage in (Stage.DISCOVER, Stage.FETCH, Stage.EXTRACT, Stage.LOAD))


def bench_run(bench: Workbench, shown: Any) -> None:
    """One small run with a progress display."""
    import asyncio

    from flows.runs.pipeline import Request, ingest

    asyncio.run(ingest(bench.workspace, Request(outlet_ids=("sample_observatory_ar",), limit=1), shown))
