"""Articles by the million -> what it costs to put a batch of 1,000 in their stories, in time and in memory.

python tests/benchmarks/bench_stories.py [--sizes 10000 100000 1000000] [--batch 1000]

The warehouse is filled with the corpus, signed, but not compared with itself. Then a batch that it has not seen is put
in its stories by the code that a load runs, several times over, each time rolled back, by a process of its own. A tenth
of the batch are copies of others in it, a tenth copies of the newest articles of the warehouse. The quickest round
counts: the others say how busy the machine was. First, how many of each kind of copies are found.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
from benchmarks.corpus import articles  # noqa: E402
from benchmarks.fuzz_pages import peak_megabytes  # noqa: E402

from warehouse.connection import open_live  # noqa: E402
from warehouse.rows import registered  # noqa: E402
from warehouse.stories.candidates import probes_of  # noqa: E402
from warehouse.stories.signatures import sign  # noqa: E402
from warehouse.stories.upkeep import assign_stories  # noqa: E402
from warehouse.transactions import transaction  # noqa: E402

ROUNDS = 5
UNSEEN = 90_000_000
"""Number of the first article that no size of the corpus reaches."""
MOST_MEGABYTES = 1_000

INSERT = (
    """
    CREATE OR REPLACE TEMP TABLE made AS
    SELECT
        CAST(MD5('article' || number) AS UUID) AS article_id,
        CAST(MD5('revision' || number) AS UUID) AS revision_id,
        SHA256(text) AS text_sha256,
        *
    FROM incoming
    """,
    """
    INSERT INTO core.texts BY NAME
    SELECT text_sha256, text, LENGTH(text) AS char_count, 0 AS word_count FROM made ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO core.revisions BY NAME
    SELECT
        revision_id, article_id, 1 AS revision_number, 'first' AS kind, [] AS changed_fields,
        published_at AS captured_at, published_at AS loaded_at, 'bench' AS run_id, title, text_sha256,
        [] AS authors, [] AS tags, published_at, 'second' AS published_precision, language,
        FALSE AS has_disclaimer, TRUE AS is_free
    FROM made
    """,
    """
    INSERT INTO core.articles BY NAME
    SELECT
        article_id, outlet_id, 'cms:' || number AS identity, 'https://x.example/' || number AS normalized_url,
        article_id AS link_id, revision_id AS current_revision_id, 1 AS revision_count,
        published_at + INTERVAL 20 MINUTES AS first_seen_at, published_at + INTERVAL 20 MINUTES AS last_seen_at,
        published_at + INTERVAL 20 MINUTES AS last_captured_at, article_id AS last_capture_id,
        CASE WHEN number < 90_000_000 THEN article_id END AS story_id
    FROM made
    """,
)
"""An article as a load leaves it, but for what no story needs."""


def main() -> int:
    """Print a line a size, and end with 1 where the largest costs twice the smallest or memory is too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="articles, ascending")
    parser.add_argument("--batch", type=int, default=1_000, help="articles that are put in their stories at once")
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="wirewatch-stories-"))
    try:
        return measure(home, args.sizes, args.batch)
    finally:
        shutil.rmtree(home)


def measure(home: Path, sizes: list[int], batch: int) -> int:
    """Fill to each size in turn, and measure there."""
    print(f"{'articles':>10}{'batch ms':>10}{'ratio':>8}{'copies':>8}{'keys':>12}{'file MB':>9}{'peak MB':>9}")
    tables, unseen = articles(sizes[-1]), next(articles(batch, seed=7, batch_size=max(batch, 1_000)))
    base, held, ratio, most = 0.0, 0, 0.0, 0.0
    for size in sizes:
        with open_live(home, wait_seconds=0) as con:
            newest = fill(con, tables, size - held)
            keys = count(con, "core.signature_keys")
        held = size
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            cost, copies, peak = pool.apply(assign_batch, (home, with_copies(unseen, newest)))
        base, most = base or cost, max(most, peak)
        ratio = cost / base
        megabytes = (home / "live" / "warehouse.duckdb").stat().st_size / 1e6
        line = f"{size:>10}{1e3 * cost:>10.0f}{ratio:>8.2f}{copies:>8}{keys:>12}{megabytes:>9.0f}{peak:>9.0f}"
        print(line, flush=True)
    return 1 if ratio >= 2 or most >= MOST_MEGABYTES else 0


def fill(con: duckdb.DuckDBPyConnection, tables: Iterator[pa.Table], wanted: int) -> pa.Table:
    """Insert and sign articles of the corpus; gives the last of its tables."""
    table = next(tables)
    while True:
        with transaction(con):
            signatures = sign(con, insert(con, table), texts_of(table))
            with registered(con, probes=probes_of(signatures)):
                con.execute("INSERT INTO core.signature_keys BY NAME SELECT key, signature_number FROM probes")
        wanted -= table.num_rows
        if wanted <= 0:
            return table
        table = next(tables)


def with_copies(unseen: pa.Table, newest: pa.Table) -> pa.Table:
    """The unseen articles; each tenth has the text of one that the warehouse has, and another paragraph."""
    rows, known = unseen.to_pylist(), newest["text"].to_pylist()
    for place, row in enumerate(rows):
        row["number"] = UNSEEN + place
        if place % 10 == 0:
            row["text"] = f"{known[-1 - 3 * place % len(known)]}\n{row['text'][:300]}"
    return pa.Table.from_pylist(rows, schema=unseen.schema)


def insert(con: duckdb.DuckDBPyConnection, table: pa.Table) -> list[str]:
    """Insert articles; gives their ids."""
    with registered(con, incoming=table):
        for statement in INSERT:
            con.execute(statement)
    return [str(row[0]) for row in con.execute("SELECT CAST(article_id AS VARCHAR) FROM made").fetchall()]


def texts_of(table: pa.Table) -> dict[str, str]:
    """The texts as a load has them in memory."""
    texts = [str(text) for text in table["text"].to_pylist()]
    return {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}


def assign_batch(home: Path, table: pa.Table) -> tuple[float, int, float]:
    """Put a batch in its stories; gives seconds of the quickest round, copies found, peak megabytes of the process."""
    texts = texts_of(table)
    seconds = []
    with open_live(home, wait_seconds=0) as con:
        for _ in range(ROUNDS):
            con.begin()
            ids = insert(con, table)
            started = time.perf_counter()
            assign_stories(con, ids, texts)
            seconds.append(time.perf_counter() - started)
            copies = count(con, "core.republications")
            con.rollback()
    return min(seconds), copies, peak_megabytes()


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    row = con.sql(f"FROM {table}").aggregate("COUNT(*)").fetchall()[0]
    return int(row[0])


if __name__ == "__main__":
    raise SystemExit(main())
