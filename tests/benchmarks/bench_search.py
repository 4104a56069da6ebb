"""Made-up articles by the million -> how fast search indexes and answers, beside SQLite's FTS5 on the same ones.

python tests/benchmarks/bench_search.py [--sizes 10000 100000 1000000] [--peer-size 10000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
from benchmarks.corpus import articles  # noqa: E402

from extractors.records import make_article_id  # noqa: E402
from warehouse.connection import connect, live_path, open_live  # noqa: E402
from warehouse.rows import registered  # noqa: E402
from warehouse.search_index import SearchDocument, index_articles, merge_segments  # noqa: E402
from warehouse.texts import insert_texts  # noqa: E402
from warehouse.transactions import transaction  # noqa: E402

QUERIES = 40
MAX_WORDS_P95, MAX_PHRASE_P95 = 60, 150
"""Milliseconds at a million articles."""


@dataclass(kw_only=True)
class Asked:
    """Queries as they are written for both, each kind from words that stand in the articles."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)


def main() -> int:
    """Print the tables; end with 1 where a limit is missed at a million."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="articles")
    parser.add_argument("--peer-size", type=int, default=10_000, help="articles that FTS5 indexes too; 0 for none")
    parser.add_argument("--folder", type=Path, default=None, help="where the files are made [a temporary folder]")
    args = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        home, asked, done, spent = Path(folder), Asked(), 0, 0.0
        peer = sqlite3.connect(home / "peer.sqlite")
        peer.execute("CREATE VIRTUAL TABLE peer USING fts5(title, text, outlet UNINDEXED, published UNINDEXED)")
        tables = articles(max(args.sizes))
        for size in sorted(args.sizes):
            while done < size:
                table = next(tables)
                spent += index_table(home, table)
                gather(asked, table, done)
                if done < args.peer_size:
                    index_peer(peer, table)
                done += table.num_rows
            started = time.perf_counter()
            with open_live(home, wait_seconds=0) as con:
                while merge_segments(con):
                    pass
                con.execute("CHECKPOINT")
            print(f"\n{done:,} articles, {len(asked.words)} queries of each kind")
            print(f"  {'indexed':<44}{done / spent:>9,.0f} articles/s of processor time")
            print(f"  {'merged in':<44}{time.perf_counter() - started:>9.0f} s")
            print_sizes(home, done)
            missed = measure(home, asked) and size >= 1_000_000
            if size <= args.peer_size:
                measure_peer(peer, asked)
            sys.stdout.flush()
    return 1 if missed else 0


def index_table(home: Path, table: pa.Table) -> float:
    """Store a table's texts, and index its articles; gives the processor time of the latter."""
    documents = [
        SearchDocument(
            article_id=make_article_id(row["outlet_id"], f"cms:{row['number']}"),
            outlet_id=row["outlet_id"],
            language=row["language"],
            dated_at=row["published_at"],
            title=row["title"],
            heading=row["title"],
            text_sha256=row["text_sha256"],
            text=row["text"],
        )
        for row in with_hashes(table).to_pylist()
    ]
    with open_live(home, wait_seconds=0) as con, transaction(con):
        insert_texts(con, {document.text_sha256: document.text or "" for document in documents})
        started = processor_seconds()
        index_articles(con, documents, known=())
        return processor_seconds() - started


def with_hashes(table: pa.Table) -> pa.Table:
    """A table with the hashes of its texts."""
    with duckdb.connect() as con, registered(con, incoming=table):
        return con.sql("SELECT *, SHA256(text) AS text_sha256 FROM incoming").to_arrow_table()


def gather(asked: Asked, table: pa.Table, start: int) -> None:
    """Take queries from a table: two words of an article; a phrase of it with another word and filters."""
    if len(asked.words) >= QUERIES:
        return
    chance = random.Random(start)
    rows = table.to_pylist()
    for row in chance.sample(rows, QUERIES):
        # As often as they are written, but for the shortest, which are mostly frequent ones that search passes over.
        words = re.findall(r"[\w\u064b-\u065f]{4,}", row["text"])
        runs = re.findall(r"([\w\u064b-\u065f]{4,} [\w\u064b-\u065f]{4,})[ .,،]", row["text"]) or [" ".join(words[:2])]
        asked.words.append(" ".join(chance.sample(words, 2)))
        filters = chance.choice([f"outlet:{row['outlet_id']}", f"lang:{row['language']}"])
        asked.phrases.append(f'"{chance.choice(runs)}" {chance.choice(words)} {filters} after:{row["published_at"]:%Y}')


def print_sizes(home: Path, done: int) -> None:
    """Print what the index takes."""
    with open_live(home, wait_seconds=0) as con:
        blocks = {
            table: len(
                {
                    block
                    for first, more in con.execute(
                        f"SELECT block_id, additional_block_ids FROM pragma_storage_info('core.{table}')"
                    ).fetchall()
                    for block in (first, *(more or ()))
                    if block is not None and block >= 0
                }
            )
            for table in ("search_postings", "search_documents", "texts")
        }
    for table, count in blocks.items():
        print(f"  {'core.' + table:<44}{count * 0.262144 / done * 100_000:>9.0f} MB per 100,000")
    print(f"  {'file':<44}{live_path(home).stat().st_size / 1e6:>9.0f} MB")


def measure(home: Path, asked: Asked) -> bool:
    """Print how long answers take, in milliseconds; whether a limit is missed."""
    print(f"  {'answers in milliseconds':<40}{'p50':>8}{'p95':>8}{'of processor time':>20}")
    con = connect(live_path(home), read_only=True)
    try:
        words = timed("two words, ranked", asked.words, ranked(con))
        timed("two words, with ten snippets", asked.words, with_snippets(con))
        timed("two words, every match", asked.words, matched(con))
        phrases = timed("phrase, word and filters, ranked", asked.phrases, ranked(con))
        timed("phrase, word and filters, ten snippets", asked.phrases, with_snippets(con))
    finally:
        con.close()
    return words > MAX_WORDS_P95 or phrases > MAX_PHRASE_P95


def ranked(con: duckdb.DuckDBPyConnection) -> Callable[[str], Any]:
    """The ten best, without reading a text."""
    sql = (
        "SELECT d.article_id, d.title, r.score FROM core.search_documents AS d JOIN "
        "(FROM main.search_ranked($1) ORDER BY score DESC LIMIT 10) AS r ON d.rowid = r.document_row"
    )
    return lambda query: con.execute(sql, [query]).fetchall()


def with_snippets(con: duckdb.DuckDBPyConnection) -> Callable[[str], Any]:
    """The ten best with their snippets."""
    sql = "SELECT * EXCLUDE (published_at) FROM main.search($1)"
    return lambda query: con.execute(sql, [query]).fetchall()


def matched(con: duckdb.DuckDBPyConnection) -> Callable[[str], Any]:
    """How many there are."""
    return lambda query: con.execute("SELECT COUNT(*) FROM main.search_matches($1)", [query]).fetchall()


def index_peer(peer: sqlite3.Connection, table: pa.Table) -> None:
    """Put a table's articles into FTS5."""
    rows = ((row["title"], row["text"], row["outlet_id"], str(row["published_at"])) for row in table.to_pylist())
    with peer:
        peer.executemany("INSERT INTO peer VALUES (?, ?, ?, ?)", rows)


def measure_peer(peer: sqlite3.Connection, asked: Asked) -> None:
    """Print how long FTS5 takes, with its own BM25 and snippets."""
    sql = (
        "SELECT rowid, title, bm25(peer), snippet(peer, 1, '[', ']', '…', 30) FROM peer "
        "WHERE peer MATCH ? ORDER BY rank LIMIT 10"
    )

    def ask(query: str) -> Any:
        words = re.findall(r'"[^"]+"|[^\s":]+(?![\w]*:)', re.sub(r"\b(?:outlet|lang|after):\S+", "", query))
        return peer.execute(sql, [" ".join(each if each[0] == '"' else f'"{each}"' for each in words)]).fetchall()

    timed("FTS5: two words, with ten snippets", asked.words, ask)
    timed("FTS5: phrase and word, with ten snippets", asked.phrases, ask)


def timed(name: str, queries: Sequence[str], ask: Callable[[str], Any]) -> float:
    """Ask every query twice, and print the better times; gives the 95th percentile in milliseconds."""
    tries = [list(measured(ask, query)) for query in queries]
    walls = sorted(1000 * min(wall for wall, _ in each) for each in tries)
    used = sorted(1000 * min(processor for _, processor in each) for each in tries)
    middle, late = len(tries) // 2, int(len(tries) * 0.95)
    print(f"  {name:<40}{walls[middle]:>8.1f}{walls[late]:>8.1f}{used[middle]:>8.1f}{used[late]:>8.1f}")
    return walls[late]


def measured(ask: Callable[[str], Any], query: str) -> Iterator[tuple[float, float]]:
    """Wall and processor seconds of two answers."""
    for _ in range(2):
        started, used = time.perf_counter(), processor_seconds()
        ask(query)
        yield time.perf_counter() - started, processor_seconds() - used


def processor_seconds() -> float:
    """What this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
