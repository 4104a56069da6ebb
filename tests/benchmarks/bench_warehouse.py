"""Print what loading, publishing and opening a warehouse cost at several sizes, beside the plain way of storing it.

python tests/benchmarks/bench_warehouse.py [--counts 10000 100000 1000000] [--plain 2000]

Each size is a process of its own, so that its peak of memory is its own (the generator's 300 MB included). Articles
come from a seeded generator, are made while the clock stands, and are loaded in transactions of 5,000 with the file
open throughout. Other programs on the machine slow the rows a second down, not the rows a second of processor time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.corpus import articles, extractions  # noqa: E402
from benchmarks.fuzz_pages import peak_megabytes  # noqa: E402

from extractors.records import Extraction  # noqa: E402
from warehouse.checks import run_checks  # noqa: E402
from warehouse.compaction import compact  # noqa: E402
from warehouse.connection import live_path, open_live, published_path  # noqa: E402
from warehouse.load import load  # noqa: E402
from warehouse.publish import publish  # noqa: E402

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 5_000
LAST_SHARE = 10
LEAST_ROWS_PER_SECOND = 5_000
LEAST_WITH_STORIES = 1_500
LEAST_RATIO = 0.7
MOST_MEGABYTES = 300
COUNTS = (10_000, 100_000, 1_000_000)
COLUMNS = ("article_id", "outlet_id", "url", "title", "text", "published_at", "fetched_at", "authors", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one size cost. ``last_rate`` is that of the last tenth; ``cpu_rate`` counts the process' own time.

    Sizes are megabytes for 100,000 articles.
    """

    count: int
    keeps_stories: bool
    rate: float
    last_rate: float
    cpu_rate: float
    megabytes: float
    publish_seconds: float
    reopen_seconds: float
    check_seconds: float
    compact_seconds: float
    compacted_megabytes: float
    peak_megabytes: float


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="sizes, in articles")
    parser.add_argument("--plain", type=int, default=2_000, help="articles that the plain way stores")
    args = parser.parse_args()
    names = (
        "articles",
        "stories",
        "rows/s",
        "last 10 %",
        "rows/CPU s",
        "MB/100,000",
        "publish s",
        "reopen s",
        "checks s",
        "compact s",
        "MB/100,000",
        "peak MB",
    )
    print("".join(f"{name:>12}" for name in names))
    sizes = [(count, keeps_stories) for count in args.counts for keeps_stories in (False, True)]
    for each in (in_a_process(measure, *size) for size in sizes):
        cells = (each.publish_seconds, each.reopen_seconds, each.check_seconds, each.compact_seconds)
        print(
            f"{each.count:>12,}{'on' if each.keeps_stories else 'off':>12}"
            + "".join(f"{cell:>12,.0f}" for cell in (each.rate, each.last_rate, each.cpu_rate, each.megabytes))
            + "".join(f"{cell:>12.2f}" for cell in cells)
            + f"{each.compacted_megabytes:>12,.0f}{each.peak_megabytes:>12.0f}",
            flush=True,
        )
    rate, size = in_a_process(measure_plainly, args.plain)
    print(f"{args.plain:>12,}{'':>12}{rate:>12,.0f}{'':>24}{size / args.plain / 10:>12.0f}   one table, executemany")
    print(
        f"wanted: {LEAST_ROWS_PER_SECOND:,} rows/s without stories, {LEAST_WITH_STORIES:,} with them; at the largest "
        f"{LEAST_RATIO:.0%} of the smallest's rate; ",
        end="",
    )
    print(f"at most {MOST_MEGABYTES} MB")
    return 0


def in_a_process(work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """What a function gives in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args, options)


def measure(count: int, keeps_stories: bool) -> Figures:
    """Load so many articles into a new home; all of them are indexed for search, as each load does."""
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        home = Path(folder)
        marks, cpu_seconds = load_all(home, count, keeps_stories=keeps_stories)
        seconds = [after - before for before, after in pairwise(marks)]
        tail = max(1, len(seconds) // LAST_SHARE)
        publish_seconds = timed(lambda: publish(home, wait_seconds=0))
        started = datetime.now(UTC)
        (batch,) = batches(BATCH // 10, seed=2)
        with open_live(home, wait_seconds=0) as con:
            load(con, "run-2", "outlet", batch, now=started)
        reopen_seconds = timed(lambda: open_and_close(home))
        check_seconds = timed(lambda: check(home, started))
        return Figures(
            count=count,
            keeps_stories=keeps_stories,
            rate=count / sum(seconds),
            last_rate=min(count, tail * BATCH) / sum(seconds[-tail:]),
            cpu_rate=count / cpu_seconds,
            megabytes=published_path(home).stat().st_size / count / 10,
            publish_seconds=publish_seconds,
            reopen_seconds=reopen_seconds,
            check_seconds=check_seconds,
            compact_seconds=timed(lambda: compact(home, wait_seconds=0, force=True)),
            compacted_megabytes=live_path(home).stat().st_size / (count + len(batch)) / 10,
            peak_megabytes=peak_megabytes(),
        )


def load_all(home: Path, count: int, *, keeps_stories: bool) -> tuple[list[float], float]:
    """Load batch by batch; the clock stands while the next batch is made."""
    marks, cpu_seconds = [0.0], 0.0
    with open_live(home, wait_seconds=0) as con:
        for batch in batches(count):
            before, cpu_before = time.perf_counter(), time.process_time()
            load(con, "run-1", "outlet", batch, now=datetime.now(UTC), keeps_stories=keeps_stories)
            cpu_seconds += time.process_time() - cpu_before
            marks.append(marks[-1] + time.perf_counter() - before)
    return marks, cpu_seconds


def batches(count: int, *, seed: int = 1) -> Iterator[list[Extraction]]:
    """Articles as the extract stage hands them on."""
    for table in articles(count, seed=seed, batch_size=min(count, BATCH)):
        yield list(extractions(table))


def open_and_close(home: Path) -> None:
    """What each transaction of a run begins with."""
    with open_live(home, wait_seconds=0):
        pass


def check(home: Path, since: datetime) -> None:
    """What a run checks at its end."""
    with open_live(home, wait_seconds=0) as con:
        run_checks(con, since=since)


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def measure_plainly(count: int) -> tuple[float, int]:
    """One table, one row an INSERT, no compression of its own choice: rows a second, and bytes of the file."""
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as folder:
        path = Path(folder) / "plain.duckdb"
        rows = [plain_row(each) for batch in batches(count) for each in batch]
        with duckdb.connect(path) as con:
            con.execute(f"CREATE TABLE articles ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
            marks = "?, " * (len(COLUMNS) - 1) + "?"
            seconds = timed(lambda: con.executemany(f"INSERT INTO articles VALUES ({marks})", rows))
            con.execute("CHECKPOINT")
        return count / seconds, path.stat().st_size


def plain_row(extraction: Extraction) -> Sequence[str]:
    """An article as text in a row."""
    article = extraction.article
    assert article is not None
    times = (str(article.published_at), str(extraction.capture.fetched_at))
    lists = (", ".join(article.authors), ", ".join(article.tags))
    words = (article.article_id, article.outlet_id, article.canonical_url, article.title, article.text)
    return (*words, *times, *lists)


if __name__ == "__main__":
    raise SystemExit(main())
