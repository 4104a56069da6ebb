"""``wirewatch status`` as a person and as a program meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from terminal import Terminal
from workbench import Workbench


def places(bench: Workbench) -> tuple[str | Path, ...]:
    """The options that point a command at a workbench."""
    return ("--config", bench.workspace.config, "--home", bench.workspace.home)


def expect(bench: Workbench, outlet_id: str, line: str) -> None:
    """Add a line to the end of an outlet's file, which is its ``[expect]``."""
    path = bench.workspace.config / "outlets" / f"{outlet_id}.toml"
    text = path.read_text(encoding="utf-8")
    assert "[expect]" in text
    path.write_text(text.replace("[expect]", f"[expect]\n{line}"), encoding="utf-8")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that no table is too wide for; no server answers."""
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


def test_a_home_that_nobody_ran_says_so(terminal: Terminal, bench: Workbench) -> None:
    """What to do, and the exit code of a warehouse that is not there."""
    assert terminal.run("status", *places(bench)) == 3
    assert "nothing has been published yet" in terminal.err
    assert "wirewatch ingest" in terminal.err


def test_every_outlet_is_shown_well_or_not(terminal: Terminal, bench: Workbench) -> None:
    """A row for each, a sentence for each trouble with what shows it, and the outlets that no run has met."""
    expect(bench, "sample_observatory_ar", "min_words = 100_000")
    assert terminal.run("ingest", "sample_observatory_ar", "--limit", "2", *places(bench)) == 1
    assert "min_words is 100000" in terminal.out
    assert terminal.run("ingest", "sample_gazette", "--limit", "1", *places(bench)) == 0
    assert terminal.run("status", *places(bench)) == 1
    lines = terminal.out.splitlines()
    rows = {line.split()[0]: line.split()[1] for line in lines if line.startswith("sample_")}
    assert rows["sample_gazette"] == "ok"
    assert next(line.split()[1] for line in lines if line.startswith("sample_observatory_ar ")) == "failing"
    assert any(line.startswith("sample_observatory_ar: half of the last week's texts") for line in lines)
    assert any(line.startswith(f"  {bench.newsroom.observatory_url}") for line in lines)
    assert "sample_observatory_en: no run has met it yet" in lines
    assert lines[-1] == "As published 0m ago: 1 failing, 1 ok."
    assert terminal.run("status", "sample_gazette", *places(bench)) == 0
    assert "sample_observatory" not in terminal.out
    assert terminal.run("status", "sample_gazete", *places(bench)) == 2
    assert "did you mean 'sample_gazette'?" in terminal.err


def test_a_machine_gets_every_check(terminal: Terminal, bench: Workbench) -> None:
    """``--json`` has figures, bounds, since when, and the addresses that show it."""
    expect(bench, "sample_observatory_ar", "min_words = 100_000")
    terminal.run("ingest", "sample_observatory_ar", "--limit", "2", *places(bench))
    assert terminal.run("status", "--json", *places(bench)) == 1
    found = json.loads(terminal.out)
    (outlet,) = found["outlets"]
    assert (found["failed"], outlet["state"]) == (True, "failing")
    (check,) = [check for check in outlet["checks"] if check["state"] == "failing"]
    assert (check["check_name"], check["is_promised"], check["bound"]) == ("text_length", True, 100_000)
    assert check["since"] == outlet["since"]
    assert check["samples"]
    assert found["unwatched"] == ["sample_gazette", "sample_observatory_en"]


def test_runs_that_stopped_are_told(terminal: Terminal, bench: Workbench) -> None:
    """Outlets were well when the last run looked; that it was long ago is trouble of its own."""
    bench.ingest("sample_observatory_ar", limit=1)
    settings = bench.workspace.config / "wirewatch.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\n[monitor]\nmax_hours_since_run = 0.000001\n", encoding="utf-8")
    assert terminal.run("status", *places(bench)) == 1
    assert "is `wirewatch up` or the timer still there?" in terminal.out
