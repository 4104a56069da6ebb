"""Articles by the million -> what stories cost and find: recall by kind of copy, a batch's time and memory, the views.

python tests/benchmarks/bench_stories.py [--sizes 10000 100000 1000000] [--batch 1000]

Of the warehouse only the newest 5,000 articles are of the corpus, and signed by the code that a load runs; the others
have keys by chance, a tenth of them under keys that fifty others have. Then a batch that it has not seen is put in its
stories by the code that a load runs, several times over, each time rolled back, by a process of its own. A tenth of the
batch are copies of others in it, a tenth copies of the newest articles of the warehouse. The quickest round counts: the
others say how busy the machine was.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
from benchmarks.corpus import articles  # noqa: E402
from benchmarks.fuzz_pages import peak_megabytes  # noqa: E402
from story_cases import KINDS, Case, cases, published  # noqa: E402

from warehouse.connection import open_live  # noqa: E402
from warehouse.rows import registered  # noqa: E402
from warehouse.stories.candidates import probes_of  # noqa: E402
from warehouse.stories.current import CurrentArticles  # noqa: E402
from warehouse.stories.shingles import SCHEME  # noqa: E402
from warehouse.stories.signatures import sign  # noqa: E402
from warehouse.stories.upkeep import assign_stories  # noqa: E402
from warehouse.texts import insert_texts  # noqa: E402
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

NEWEST = 5_000
MADE_UP_KEYS = (
    """
    INSERT INTO core.texts BY NAME
    SELECT
        text_sha256, 'Made up' AS text, 7 AS char_count, 2 AS word_count,
        CAST(NEXTVAL('core.text_numbers') AS UINTEGER) AS text_number
    FROM core.revisions
    """,
    """
    INSERT INTO core.text_keys BY NAME
    SELECT CAST(LEFT(text_sha256, 32) AS UUID) AS text_key, text_number FROM core.texts
    """,
    """
    INSERT INTO core.signatures BY NAME
    SELECT
        article_id, number + 1 AS signature_number, $scheme AS scheme, text_sha256, published_at, 400 AS shingle_count
    FROM made
    JOIN core.revisions USING (revision_id, article_id, published_at)
    """,
    """
    INSERT INTO core.signature_keys BY NAME
    SELECT
        CASE
            WHEN k < 2 THEN CAST(HASH(CAST(FLOOR(RANDOM() * number / 25) AS BIGINT)) >> 1 AS BIGINT)
            ELSE CAST(HASH(number * 100 + k) >> 1 AS BIGINT)
        END AS key,
        number + 1 AS signature_number
    FROM made, RANGE(24) AS r (k)
    """,
)
"""Keys of a band or an anchor each; two of an article's are those of many."""
CASES = 200
COUNT_CASES = """
    WITH told AS (
        SELECT story_id, CAST(REPLACE(identity, 'cms:', '') AS BIGINT) // 2 AS case_number FROM core.articles
    ),

    pairs AS (SELECT COUNT(DISTINCT story_id) AS story_count FROM told GROUP BY case_number),

    stories AS (SELECT COUNT(DISTINCT case_number) AS case_count FROM told GROUP BY story_id)

    SELECT
        (SELECT COUNT(*) FROM pairs WHERE story_count = 1),
        (SELECT COUNT(*) FROM stories WHERE case_count > 1)
"""
MADE_UP = (
    """
    CREATE TEMP TABLE made AS
    SELECT
        i AS number,
        CAST(MD5('article' || i) AS UUID) AS article_id,
        CAST(MD5('revision' || i) AS UUID) AS revision_id,
        CAST(MD5('article' || (i - i % 10)) AS UUID) AS story_id,
        'paper_' || CAST(FLOOR(40 * POW(RANDOM(), 2)) AS INTEGER) AS outlet_id,
        TIMESTAMPTZ '2020-01-01 00:00:00+00' + INTERVAL (3 * i) MINUTES AS published_at
    FROM RANGE($size) AS r (i)
    """,
    """
    INSERT INTO core.revisions BY NAME
    SELECT
        revision_id, article_id, 1 AS revision_number, 'first' AS kind, [] AS changed_fields,
        published_at AS captured_at, published_at AS loaded_at, 'bench' AS run_id, 'Title ' || number AS title,
        SHA256(CAST(number AS VARCHAR)) AS text_sha256, [] AS authors, [] AS tags, published_at,
        'second' AS published_precision, 'en' AS language, FALSE AS has_disclaimer, TRUE AS is_free
    FROM made
    """,
    """
    INSERT INTO core.articles BY NAME
    SELECT
        article_id, outlet_id, 'cms:' || number AS identity, 'https://x.example/' || number AS normalized_url,
        article_id AS link_id, revision_id AS current_revision_id, 1 AS revision_count,
        published_at AS first_seen_at, published_at AS last_seen_at, published_at AS last_captured_at,
        article_id AS last_capture_id, CASE WHEN number % 10 = 1 THEN story_id ELSE article_id END AS story_id
    FROM made
    """,
    """
    INSERT INTO core.republications BY NAME
    SELECT
        article_id AS copy_article_id, story_id AS origin_article_id, story_id AS matched_article_id,
        'published_at' AS origin_reason, CASE WHEN number % 20 = 1 THEN 'source_line' END AS credited_by,
        0.9 AS similarity, 1.0 AS containment
    FROM made
    WHERE number % 10 = 1
    """,
)
VIEWS = {
    "republications": "FROM republications ORDER BY copy_published_at DESC LIMIT 100",
    "stories": "FROM stories ORDER BY outlet_count DESC, published_at DESC LIMIT 100",
    "outlet_republishing": "FROM outlet_republishing",
    "republication_network": "FROM republication_network",
}


def main() -> int:
    """Print a line a size, and end with 1 where the largest costs twice the smallest or memory is too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="articles, ascending")
    parser.add_argument("--batch", type=int, default=1_000, help="articles that are put in their stories at once")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="wirewatch-stories-"))
    try:
        find_cases(folder / "cases")
        time_views(folder / "views", args.sizes[-1])
        return measure(folder / "articles", args.sizes, args.batch)
    finally:
        shutil.rmtree(folder)


def find_cases(home: Path) -> None:
    """Put cases of each kind in their stories, and print how many are together, and how many stories mix cases."""
    print(f"{'kind':<24}{'is a copy':>10}{'found':>8}{'mixed':>8}")
    with open_live(home, wait_seconds=0) as con:
        for kind in KINDS:
            made = cases(kind, CASES, seed=3)
            con.begin()
            for place in (0, 1):
                table = pa.Table.from_pylist([case_row(case, number, place) for number, case in enumerate(made)])
                assign_stories(con, insert(con, table), texts_of(table))
            together, mixed = con.execute(COUNT_CASES).fetchall()[0]
            con.rollback()
            line = f"{kind:<24}{'yes' if made[0].is_copy else 'no':>10}{together / CASES:>8.1%}{mixed / CASES:>8.1%}"
            print(line, flush=True)


def case_row(case: Case, number: int, place: int) -> dict[str, object]:
    """The first or the second article of a case, as a row of the corpus."""
    return {
        "number": UNSEEN + 2 * number + place,
        "outlet_id": f"outlet_{number}" if place == 0 or case.is_same_outlet else "another",
        "language": "en",
        "title": f"Case {number}",
        "text": (case.first, case.second)[place],
        "published_at": published(case)[place],
    }


def time_views(home: Path, size: int) -> None:
    """Print what the views take over so many articles, of which every tenth is a copy."""
    print(f"{'view':<24}{'articles':>10}{'best ms':>9}{'worst ms':>10}")
    with open_live(home, wait_seconds=0) as con:
        for statement in MADE_UP:
            con.execute(statement, values_of(statement, size))
        con.execute("CHECKPOINT")
        for view, sql in VIEWS.items():
            taken = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                con.sql(sql).to_arrow_table()
                taken.append(1e3 * (time.perf_counter() - started))
            print(f"{view:<24}{size:>10}{min(taken):>9.0f}{max(taken):>10.0f}", flush=True)


def measure(folder: Path, sizes: list[int], batch: int) -> int:
    """Make a warehouse of each size, and measure there."""
    header = f"{'batch ms':>10}{'slowest':>9}{'ratio':>8}{'copies':>8}{'keys':>12}{'file MB':>9}{'peak MB':>9}"
    print(f"{'articles':>10}{header}")
    newest, unseen = next(articles(NEWEST)), next(articles(batch, seed=7, batch_size=max(batch, 1_000)))
    base, ratio, most = 0.0, 0.0, 0.0
    for size in sizes:
        home = folder / str(size)
        with open_live(home, wait_seconds=0) as con:
            fill(con, newest, size)
            keys = count(con, "core.signature_keys")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, copies, peak = pool.apply(assign_batch, (home, with_copies(unseen, newest)))
        base, most = base or min(seconds), max(most, peak)
        ratio = min(seconds) / base
        megabytes = (home / "live" / "warehouse.duckdb").stat().st_size / 1e6
        line = f"{1e3 * min(seconds):>10.0f}{1e3 * max(seconds):>9.0f}{ratio:>8.2f}{copies:>8}{keys:>12}"
        print(f"{size:>10}{line}{megabytes:>9.0f}{peak:>9.0f}", flush=True)
        shutil.rmtree(home)
    return 1 if ratio >= 2 or most >= MOST_MEGABYTES else 0


def fill(con: duckdb.DuckDBPyConnection, newest: pa.Table, size: int) -> None:
    """Make up articles, and sign the newest ones."""
    with transaction(con):
        for statement in (*MADE_UP, *MADE_UP_KEYS):
            con.execute(statement, values_of(statement, size - NEWEST))
    numbers = pa.array(range(UNSEEN - NEWEST, UNSEEN))
    table = newest.set_column(0, "number", numbers)
    with transaction(con):
        signatures = sign(con, CurrentArticles(con), insert(con, table), texts_of(table))
        with registered(con, probes=probes_of(signatures)):
            con.execute("INSERT INTO core.signature_keys BY NAME SELECT key, signature_number FROM probes")
    con.execute("DELETE FROM core.republications")
    con.execute("CHECKPOINT")


def values_of(statement: str, size: int) -> dict[str, int]:
    """The parameters that a statement has."""
    return {name: value for name, value in (("size", size), ("scheme", SCHEME)) if f"${name}" in statement}


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
        insert_texts(con, texts_of(table))
        for statement in INSERT:
            con.execute(statement)
    return [str(row[0]) for row in con.execute("SELECT CAST(article_id AS VARCHAR) FROM made").fetchall()]


def texts_of(table: pa.Table) -> dict[str, str]:
    """The texts as a load has them in memory."""
    texts = [str(text) for text in table["text"].to_pylist()]
    return {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}


def assign_batch(home: Path, table: pa.Table) -> tuple[list[float], int, float]:
    """Put a batch in its stories; gives seconds of each round, copies found, peak megabytes of the process."""
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
    return seconds, copies, peak_megabytes()


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    row = con.sql(f"FROM {table}").aggregate("COUNT(*)").fetchall()[0]
    return int(row[0])


if __name__ == "__main__":
    raise SystemExit(main())
