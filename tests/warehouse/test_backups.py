"""Files of every earlier version on the disk: copied, migrated, and as good as new ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from warehouse_samples import (
    NOW,
    OUTLET,
    RUN,
    ask,
    at,
    column,
    make_capture,
    make_extraction,
    make_failure,
    make_fetch,
    make_link,
    make_outcome,
    make_poll,
    make_verdict,
)

from extractors.errors import Reason, WarehouseUnusableError
from extractors.records import HostVisits
from warehouse import migrate as subject
from warehouse.backups import BACKUPS_KEPT, backups_of
from warehouse.checks import run_checks
from warehouse.connection import connect, live_path, open_live, open_published
from warehouse.fetches import record_fetches
from warehouse.hosts import record_visits
from warehouse.intervals import Bounds
from warehouse.load import load
from warehouse.migrate import migrate
from warehouse.polls import record_polls
from warehouse.publish import publish
from warehouse.sql_files import sql_files

MIGRATIONS = [file.name for file in sql_files("migrations")]
FEED_BOUNDS = {make_link().source_id: Bounds(shortest_minutes=5, longest_minutes=60)}


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """A row in every table that a run writes."""
    links = [make_link(number) for number in range(1, 6)]
    poll = make_poll(*links, captures=(make_capture("f"),), rejected=(make_outcome(Reason.FOREIGN_HOST, url="x"),))
    record_polls(con, RUN, OUTLET, [poll], now=NOW, bounds=FEED_BOUNDS)
    record_fetches(con, RUN, OUTLET, [make_fetch(number) for number in (1, 2, 3)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1), make_extraction(2), make_verdict(3, Reason.EMPTY)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, title="Edited", fetched_at=at(9))], now=at(9))
    record_fetches(con, RUN, OUTLET, [make_failure(2, Reason.HTTP_410, when=at(9))], now=at(9))
    record_visits(con, [HostVisits(host="harborpost.example", asked_date=NOW.date(), request_count=7)])


@pytest.fixture(scope="module")
def today() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of today with rows."""
    with duckdb.connect() as con:
        migrate(con)
        fill(con)
        yield con


def make_file_of(
    path: Path, last: str, today: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """A file as the wirewatch left it whose last migration this was, with the rows of a warehouse of today.

    Returns:
        How many rows each of its tables has.
    """
    of_then = [file for file in sql_files("migrations") if file.name <= last]
    path.parent.mkdir(parents=True)
    counts: dict[str, int] = {}
    with connect(path) as old, monkeypatch.context() as patched:
        patched.setattr(subject, "sql_files", lambda folder: of_then if folder == "migrations" else ())
        migrate(old)
        for name in column(old, TABLES):
            if column(old, f"SELECT COUNT(*) FROM {name}")[0]:
                continue  # the migration itself has filled it
            columns = [row["column_name"] for row in ask(old, f"DESCRIBE {name}")]
            rows = today.sql(f"SELECT {', '.join(columns)} FROM {name}").to_arrow_table()
            old.register("incoming", rows)
            old.execute(f"INSERT INTO {name} BY NAME FROM incoming")
            old.unregister("incoming")
            counts[name] = rows.num_rows
    return counts


TABLES = """
    SELECT schema_name || '.' || table_name
    FROM duckdb_tables()
    WHERE table_name NOT LIKE 'schema_%' AND table_name <> 'change_counter'
    ORDER BY ALL
"""


@pytest.mark.parametrize("last", MIGRATIONS[:-1])
def test_a_file_of_every_earlier_version_becomes_one_of_today(
    home: Path, last: str, today: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are all there, the checks hold, the next run loads into it, and analysts read it."""
    counts = make_file_of(live_path(home), last, today, monkeypatch)
    assert sum(counts.values()) > 5
    with open_live(home, wait_seconds=0) as con:
        assert {name: column(con, f"SELECT COUNT(*) FROM {name}")[0] for name in counts} == counts
        if "core.revisions" in counts:
            assert [each for each in run_checks(con) if each.offending_count] == []
            load(con, RUN, OUTLET, [make_extraction(1, title="Once more", fetched_at=at(60))], now=at(60))
        else:
            load(con, RUN, OUTLET, [make_extraction(1, title="Once more")], now=NOW)
    publish(home, wait_seconds=0)
    with open_published(home) as con:
        assert column(con, "SELECT title FROM articles ORDER BY title")[0] == "Once more"
        for view in column(con, "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"):
            con.execute(f"FROM {view} LIMIT 1")


def test_the_file_of_before_is_kept(
    home: Path, today: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the new one, named by what it lacks, and whole: the wirewatch of then can go on with it."""
    make_file_of(live_path(home), MIGRATIONS[2], today, monkeypatch)
    with open_live(home, wait_seconds=0):
        pass
    (kept,) = backups_of(live_path(home))
    assert kept.name.startswith(f"warehouse.before-{MIGRATIONS[3]}-")
    with duckdb.connect(kept, read_only=True) as old:
        assert column(old, "SELECT MAX(name) FROM core.schema_migrations") == [MIGRATIONS[2]]
        assert column(old, "SELECT COUNT(*) FROM core.articles") == [2]
    with open_live(home, wait_seconds=0):
        pass
    assert backups_of(live_path(home)) == [kept]


def test_a_new_file_needs_no_copy(home: Path) -> None:
    """There is nothing to lose."""
    for _ in range(2):
        with open_live(home, wait_seconds=0):
            pass
    assert backups_of(live_path(home)) == []


def test_few_copies_are_kept(home: Path, today: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest ones; what else is in the folder is not touched."""
    make_file_of(live_path(home), MIGRATIONS[-2], today, monkeypatch)
    others = [live_path(home).with_name(f"warehouse.before-000{n}_x-20200101T00000{n}Z.duckdb") for n in range(1, 5)]
    for each in others:
        each.write_bytes(b"older")
    mine = live_path(home).with_name("warehouse.before-holiday.duckdb")
    mine.write_bytes(b"mine")
    with open_live(home, wait_seconds=0):
        pass
    assert len(backups_of(live_path(home))) == BACKUPS_KEPT
    assert backups_of(live_path(home))[-1].name.startswith(f"warehouse.before-{MIGRATIONS[-1]}-")
    assert mine.exists()


def test_without_room_for_the_copy_nothing_is_migrated(
    home: Path, today: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and the file is as it was."""
    make_file_of(live_path(home), MIGRATIONS[-2], today, monkeypatch)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.copies.shutil.copyfileobj", full)
        patched.setattr("warehouse.copies.fcntl.ioctl", full)
        with pytest.raises(WarehouseUnusableError, match="nothing was changed"), open_live(home, wait_seconds=0):
            pytest.fail("opened")
    with duckdb.connect(live_path(home), read_only=True) as con:
        assert column(con, "SELECT MAX(name) FROM core.schema_migrations") == [MIGRATIONS[-2]]
    assert backups_of(live_path(home)) == []
