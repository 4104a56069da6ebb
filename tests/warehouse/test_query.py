"""Analysts' SQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from extractors.errors import WarehouseBusyError, WarehouseError, WarehouseUnusableError
from warehouse.connection import open_live, published_path
from warehouse.load import load
from warehouse.publish import publish
from warehouse.query import run_query


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one published article, which no test can change."""
    home = tmp_path_factory.mktemp("published")
    with open_live(home, wait_seconds=0) as con:
        load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    publish(home, wait_seconds=0)
    return home


@pytest.mark.parametrize(
    "sql",
    [
        "FROM articles",
        "SELECT title FROM articles;",
        "WITH a AS (FROM articles) SELECT * FROM a -- with a comment",
        "DESCRIBE articles",
        "SHOW TABLES",
        "SUMMARIZE articles",
        "EXPLAIN FROM articles",
        "VALUES (1)",
        "PIVOT articles ON language USING COUNT(*)",
    ],
)
def test_what_reads_is_answered(published: Path, sql: str) -> None:
    """Every form of a reading statement, as an Arrow table."""
    assert run_query(published, sql).num_rows > 0


def test_times_come_in_utc(published: Path) -> None:
    """Whatever zone the machine is in."""
    (row,) = run_query(published, "SELECT published_at FROM articles").to_pylist()
    assert row["published_at"].isoformat() == "2026-03-02T05:00:00+00:00"


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_csv('{folder}/secret.csv')",
        "FROM read_text('{folder}/secret.csv')",
        "FROM '{folder}/secret.csv'",
        "FROM glob('{folder}/*')",
        "FROM sniff_csv('{folder}/secret.csv')",
        "ATTACH '{folder}/other.duckdb' AS other",
        "COPY articles TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
        "SET enable_external_access = TRUE",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
        "CREATE TABLE mine (i INTEGER)",
        "DELETE FROM core.articles",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "SELEKT 1",
        "SELECT nothing FROM articles",
        "SELECT CAST('x' AS INTEGER)",
        "EXPLAIN ANALYZE COPY articles TO '{folder}/out.csv'",
    ],
)
def test_what_does_not_read_or_is_wrong_is_an_error_in_words(published: Path, tmp_path: Path, sql: str) -> None:
    """No file but the published one is read, none is written, and nothing but our own error comes out."""
    (tmp_path / "secret.csv").write_text("secret\n42\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WarehouseError):
        run_query(published, sql.format(folder=tmp_path))
    assert sorted(tmp_path.rglob("*")) == before


def test_duckdbs_own_words_reach_the_analyst(published: Path) -> None:
    """With the place of the mistake and the nearest name."""
    with pytest.raises(WarehouseError, match=r'(?s)"titel" not found.*title'):
        run_query(published, "SELECT titel FROM articles")


def test_a_python_variable_is_no_table(published: Path) -> None:
    """SQL does not look into the program that runs it."""
    path = run_query(published, "FROM articles")
    assert path.num_rows == 1
    with pytest.raises(WarehouseError, match="path does not exist"):
        run_query(published, "FROM path")


def test_nothing_published_is_told_from_nothing_found(home: Path) -> None:
    """No data never looks like nothing happened."""
    with pytest.raises(WarehouseUnusableError, match="nothing has been published yet"):
        run_query(home, "FROM articles")


def test_a_result_beyond_memory_spills_and_leaves_nothing(published: Path) -> None:
    """A large sort works within a small limit."""
    sql = """
        WITH sorted AS (SELECT REPEAT(i::VARCHAR, 40) AS v FROM range(800000) AS t(i) ORDER BY v DESC LIMIT 700000)
        SELECT MAX(v) AS v FROM sorted
    """
    assert run_query(published, sql, memory_limit="60MB", threads=1).num_rows == 1
    assert sorted(each.name for each in published.iterdir()) == ["live", "warehouse.duckdb"]


def test_queries_of_one_process_do_not_meet(published: Path) -> None:
    """Several threads ask at once, as an application does."""
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(run_query, published, "SELECT COUNT(*) AS n FROM articles") for _ in range(24)]
        assert [each.result(60).to_pylist() for each in asked] == [[{"n": 1}]] * 24


def test_a_file_that_is_open_with_other_settings_is_busy(published: Path) -> None:
    """A notebook that has the file open in its own way is told to close it, not shown a traceback."""
    with (
        duckdb.connect(published_path(published), read_only=True),
        pytest.raises(WarehouseBusyError, match="other settings"),
    ):
        run_query(published, "FROM articles")


def test_columns_of_one_name_are_all_there(published: Path) -> None:
    """A join brings two columns called ``a``; neither is lost where rows become dictionaries."""
    assert run_query(published, "SELECT 1 AS a, 2 AS a, 3 AS a_1").to_pylist() == [{"a": 1, "a_1": 2, "a_1_1": 3}]
