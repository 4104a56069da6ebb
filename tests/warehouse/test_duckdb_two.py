"""DuckDB 2.0, in an environment of its own, reads the published file as 1.5 does: views, macros, search, export."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from warehouse.connection import open_live, published_path
from warehouse.load import load
from warehouse.publish import publish

TWO = "duckdb==2.0.0"
QUERIES = (
    "FROM search('officer')",
    'FROM search(\'"customs officer" OR harbor outlet:' + OUTLET + "')",
    "FROM search_matches('the')",
    "FROM articles_as_of(TIMESTAMPTZ '2100-01-01')",
    "FROM topics_over_time('officer')",
    "FROM timeline('officer')",
)
ASK = """
import json, sys, duckdb
path, exported, *queries = sys.argv[1:]
answers = {"version": duckdb.__version__}
with duckdb.connect(path, read_only=True) as con:
    listed = "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY view_name"
    asked = [f"FROM {name}" for (name,) in con.execute(listed).fetchall()] + queries
    for query in asked:
        rows = con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({query})").fetchall()
        answers[query] = sorted(rows, key=repr)
    commented = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    answers["comments"] = sorted(con.execute(commented).fetchall(), key=repr)
    con.execute(f"COPY (FROM articles) TO '{exported}' (FORMAT parquet)")
    answers["exported"] = con.execute(f"SELECT article_id, title, text FROM '{exported}' ORDER BY ALL").fetchall()
print(json.dumps(answers, default=str))
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has DuckDB 2.0 and nothing else."""
    folder = tmp_path_factory.mktemp("duckdb-two")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("uv, which makes an environment for DuckDB 2.0, is not installed here: run `make .venv/.built`")
    python = folder / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), TWO],
    ):
        made = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if made.returncode != 0:
            pytest.skip(f"{TWO} cannot be installed here, so it is not known whether it reads the file: {made.stderr}")
    return python


@pytest.fixture
def published(home: Path) -> Path:
    """A published file with several articles, one of which was edited."""
    with open_live(home, wait_seconds=0) as con:
        load(con, RUN, OUTLET, [make_extraction(number) for number in range(1, 6)], now=NOW)
        later = NOW + timedelta(hours=1)
        edited = make_extraction(1, title="Customs officer held, 12 questioned", fetched_at=later)
        load(con, RUN, OUTLET, [edited], now=later)
    publish(home, wait_seconds=0)
    return published_path(home)


def ask(python: Path, published: Path, exported: Path) -> dict[str, Any]:
    """Everything that one DuckDB answers about a file."""
    command = [str(python), "-c", ASK, str(published), str(exported), *QUERIES]
    told = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stderr
    answers: dict[str, Any] = json.loads(told.stdout)
    return answers


def test_two_reads_every_view_macro_and_search_as_one_does(two: Path, published: Path, tmp_path: Path) -> None:
    """The same rows of each, the same comments, and the same articles in an exported Parquet file."""
    ours = ask(Path(sys.executable), published, tmp_path / "ours.parquet")
    theirs = ask(two, published, tmp_path / "theirs.parquet")
    assert (ours.pop("version").split(".")[0], theirs.pop("version").split(".")[0]) == ("1", "2")
    assert len(theirs["exported"]) == 5
    assert theirs[QUERIES[0]]
    assert theirs.keys() == ours.keys()
    # Silences count to the moment of the question.
    assert len(theirs.pop("FROM outlet_health")) == len(ours.pop("FROM outlet_health")) == 1
    assert [query for query in ours if ours[query] != theirs[query]] == []
