"""Files for other programs: whole or not there, written again when something changed, and known by what was asked."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
from terminal import Terminal
from warehouse_samples import NOW, OUTLET, RUN, at, make_extraction

from extractors.errors import ConfigurationError
from flows.export import ExportFormat, ExportReport, export
from flows.shown.result_files import WrittenFile, write_result
from warehouse.connection import open_live, published_path
from warehouse.load import load
from warehouse.publish import publish


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A published warehouse with articles of January, February and March, and one without a date."""
    home = tmp_path / "home"
    dates = [datetime(2026, month, 5, tzinfo=UTC) for month in (1, 1, 2, 3)]
    batch = [make_extraction(number, published_at=moment) for number, moment in enumerate([*dates, None], start=1)]
    with open_live(home, wait_seconds=0) as con:
        load(con, RUN, OUTLET, batch, now=NOW)
    publish(home, wait_seconds=0)
    return home


def exported(home: Path, folder: Path, form: ExportFormat = ExportFormat.PARQUET) -> ExportReport:
    """Export now."""
    return export(home, folder, form, now=NOW, memory_limit="500MB", threads=1)


def months(names: list[str]) -> list[str]:
    """The months of files."""
    return [name.split("month=")[1][:7] for name in names]


def revise(home: Path, number: int) -> None:
    """Change one article's title, and publish."""
    with open_live(home, wait_seconds=0) as con:
        edited = make_extraction(
            number, published_at=datetime(2026, 2, 5, tzinfo=UTC), title="Edited", fetched_at=at(60)
        )
        load(con, RUN, OUTLET, [edited], now=at(60))
    publish(home, wait_seconds=0)


def test_each_outlet_and_month_is_a_file_that_others_read(home: Path, tmp_path: Path) -> None:
    """Hive partitions in Parquet: DuckDB reads them as one table with what the warehouse has."""
    report = exported(home, tmp_path / "out")
    assert months(report.written) == ["2026-01", "2026-02", "2026-03"]
    assert report.rows == 5
    with duckdb.connect() as con:
        files = f"{tmp_path}/out/articles/*/*/*.parquet"
        found = con.execute(f"SELECT month, COUNT(*), MIN(outlet_id) FROM '{files}' GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [("2026-01", 2, OUTLET), ("2026-02", 1, OUTLET), ("2026-03", 2, OUTLET)]


def test_only_what_changed_is_written_again(home: Path, tmp_path: Path) -> None:
    """The same warehouse writes nothing; an edit writes its month; a file that somebody removed comes back."""
    out = tmp_path / "out"
    exported(home, out)
    assert months(exported(home, out).kept) == ["2026-01", "2026-02", "2026-03"]
    revise(home, 3)
    report = exported(home, out)
    assert (months(report.written), months(report.kept)) == (["2026-02"], ["2026-01", "2026-03"])
    table = pyarrow.parquet.read_table(out / report.written[0], partitioning=None)
    assert table.column("title").to_pylist() == ["Edited"]
    (out / report.kept[0]).unlink()
    assert months(exported(home, out).written) == ["2026-01"]


def test_the_manifest_says_what_was_exported(home: Path, tmp_path: Path) -> None:
    """The query, the warehouse and its state, and of each file rows, bytes and SHA-256."""
    exported(home, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "FROM main.articles" in manifest["query"]
    assert manifest["exported_at"] == NOW.isoformat()
    assert manifest["warehouse"]["path"] == str(published_path(home))
    assert manifest["warehouse"]["change_count"] > 0
    for name, noted in manifest["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert (noted["bytes"], noted["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(("form", "ending"), [(ExportFormat.CSV, "csv"), (ExportFormat.JSON, "jsonl")])
def test_other_formats_are_parted_too_and_take_each_others_place(
    home: Path, tmp_path: Path, form: ExportFormat, ending: str
) -> None:
    """Another format in the same folder leaves nothing of the one before."""
    exported(home, tmp_path / "out")
    report = exported(home, tmp_path / "out", form)
    assert len(report.removed) == 3
    files = sorted(path.name for path in (tmp_path / "out").rglob("articles.*"))
    assert files == [f"articles.{ending}"] * 3
    assert "Story 1" in (tmp_path / "out" / report.written[0]).read_text(encoding="utf-8")


def test_the_published_file_itself_is_copied_once(home: Path, tmp_path: Path) -> None:
    """Anybody's DuckDB opens the copy; an unchanged one is left alone."""
    report = exported(home, tmp_path / "out", ExportFormat.DUCKDB)
    assert report.written == ["warehouse.duckdb"]
    with duckdb.connect(tmp_path / "out" / "warehouse.duckdb", read_only=True) as con:
        assert con.execute("SELECT COUNT(*) FROM articles").fetchall() == [(5,)]
    assert exported(home, tmp_path / "out", ExportFormat.DUCKDB).kept == ["warehouse.duckdb"]


def test_a_folder_that_holds_something_else_is_refused(home: Path, tmp_path: Path) -> None:
    """An export removes what is no more, so it wants a folder of its own."""
    (tmp_path / "thesis.txt").write_text("draft", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no export"):
        exported(home, tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def export_until_killed(home: Path, folder: Path) -> None:
    """Dies in the middle of the second file."""
    patch = pytest.MonkeyPatch()
    patch.setattr("flows.export.write_result", dying)
    exported(home, folder)


def dying(result: pa.Table, path: Path, form: str) -> WrittenFile:
    """Writes files until February's comes."""
    if "month=2026-02" in str(path):
        path.parent.mkdir(parents=True)
        (path.parent / f".{path.name}.1.tmp").write_bytes(b"half a fi")
        os.kill(os.getpid(), signal.SIGKILL)
    return write_result(result, path, form)


def test_a_killed_export_leaves_whole_files_and_the_next_one_finishes(home: Path, tmp_path: Path) -> None:
    """What stands under a file's name can be read at any time; leavings are cleaned up."""
    out = tmp_path / "out"
    process = multiprocessing.get_context("spawn").Process(target=export_until_killed, args=(home, out))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert [path.parent.name for path in out.rglob("articles.parquet")] == ["month=2026-01"]
    assert not (out / "manifest.json").exists()
    assert months(exported(home, out).written) == ["2026-01", "2026-02", "2026-03"]
    assert list(out.rglob("*.tmp")) == []


def test_a_querys_text_stands_beside_its_result(home: Path, tmp_path: Path, terminal: Terminal) -> None:
    """What was asked, when, and of which warehouse, for whoever finds the file in a year."""
    sql = "SELECT title, tags FROM articles ORDER BY title"
    out = tmp_path / "titles.csv"
    assert terminal.run("query", sql, "--output", out, "--home", home) == 0
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith('"Story 1"')
    note = json.loads((tmp_path / "titles.csv.query.json").read_text(encoding="utf-8"))
    assert (note["query"], note["rows"]) == (sql, 5)
    assert note["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert datetime.fromisoformat(note["asked_at"]) > datetime.now(UTC) - timedelta(minutes=5)
    assert note["warehouse"]["path"] == str(published_path(home))


@pytest.mark.parametrize("name", ["t.parquet", "t.jsonl"])
def test_the_files_name_says_its_format(home: Path, tmp_path: Path, terminal: Terminal, name: str) -> None:
    """So does ``--format``, and a name that says nothing is refused before anything is asked."""
    assert terminal.run("query", "SELECT 1 AS one", "--output", tmp_path / name, "--home", home) == 0
    assert (tmp_path / name).stat().st_size > 0
    assert terminal.run("query", "SELECT 1 AS one", "--output", tmp_path / "t", "--home", home) == 2
    assert "--format" in terminal.err


def test_the_command_exports(home: Path, tmp_path: Path, terminal: Terminal) -> None:
    """With a summary for machines; where nothing is published, exit code 3."""
    assert terminal.run("export", tmp_path / "out", "--home", home, "--json") == 0
    assert json.loads(terminal.out)["rows"] == 5
    assert terminal.run("export", tmp_path / "more", "--home", tmp_path / "nowhere") == 3


def test_a_result_that_cannot_be_written_is_told(home: Path, tmp_path: Path, terminal: Terminal) -> None:
    """A path through a file; no traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "t.csv"
    assert terminal.run("query", "SELECT 1 AS one", "--output", out, "--home", home) == 1
    assert "could not be written" in terminal.err
