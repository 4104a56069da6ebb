"""A warehouse of many articles -> how large the report is, and how long it takes: asking, drawing and all.

python tests/benchmarks/bench_report.py [--sizes 10000 100000] [--outlets 40] [--short] [--home DIR --until DATE]

Texts, outlets and times are those of ``corpus.py``; one article in fifty has been edited, and one in ten copies the one
before it. Reports are of the last week, and of the last year. With ``--home`` a home that is there is measured.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.bench_views import fill, short_articles  # noqa: E402
from benchmarks.corpus import articles  # noqa: E402

from flows.report_page.answers import gather  # noqa: E402
from flows.report_page.page import render  # noqa: E402
from flows.report_page.period import period_of  # noqa: E402
from warehouse.connection import open_live  # noqa: E402
from warehouse.partitions import published  # noqa: E402
from warehouse.publish import publish  # noqa: E402
from warehouse.query import run_query  # noqa: E402

LIMIT_BYTES = 3_000_000

# Many outlets in place of forty, so that every list of the page is longer than what is shown of it.
SPREAD = """
    UPDATE core.articles SET outlet_id = 'paper_' || LPAD(CAST(HASH(article_id) % $outlets AS VARCHAR), 3, '0');
    UPDATE core.article_facts SET outlet_id = 'paper_' || LPAD(CAST(HASH(article_id) % $outlets AS VARCHAR), 3, '0');
    UPDATE core.links SET outlet_id = 'paper_' || LPAD(CAST(HASH(article_id) % $outlets AS VARCHAR), 3, '0')
    WHERE article_id IS NOT NULL
"""
COPY = """
    CREATE TEMP TABLE paired AS
    SELECT article_id AS copy_id, LAG(article_id) OVER (ORDER BY first_seen_at, article_id) AS origin_id
    FROM core.articles;
    UPDATE core.articles SET story_id = article_id;
    INSERT INTO core.republications BY NAME
    SELECT
        copy_id AS copy_article_id, origin_id AS origin_article_id, origin_id AS matched_article_id,
        'published_at' AS origin_reason, NULL AS credited_by, 0.9 AS similarity, 1.0 AS containment
    FROM paired
    WHERE origin_id IS NOT NULL AND HASH(copy_id) % 10 = 0 AND HASH(origin_id) % 10 > 0;
    UPDATE core.articles SET story_id = r.origin_article_id
    FROM core.republications AS r WHERE r.copy_article_id = articles.article_id
"""


def main() -> int:
    """Print a line for each report, and end with 1 where one is larger than it may be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="articles")
    parser.add_argument("--outlets", type=int, default=100, help="so many outlets, in place of the corpus's forty")
    parser.add_argument("--short", action="store_true", help="texts of one sentence, in place of natural ones")
    parser.add_argument("--home", type=Path, help="measure this home's published file")
    parser.add_argument("--until", type=datetime.fromisoformat, help="with --home: when its reports end")
    args = parser.parse_args()
    print(f"{'articles':>10} {'report of':>10} {'asking s':>15} {'drawing s':>15} {'page':>9}", flush=True)
    if args.home:
        return int(max(measure(args.home, args.until)) > LIMIT_BYTES)
    largest = 0
    for size in args.sizes:
        home = Path(tempfile.mkdtemp(prefix="wirewatch-report-"))
        try:
            fill(home, short_articles(size) if args.short else articles(size, seed=1), size)
            with open_live(home, wait_seconds=60) as con:
                for statement in (SPREAD.replace("$outlets", str(args.outlets)) + ";" + COPY).split(";"):
                    con.execute(statement)
            publish(home, wait_seconds=60)
            largest = max(largest, *measure(home, None))
        finally:
            shutil.rmtree(home)
    return int(largest > LIMIT_BYTES)


def measure(home: Path, until: datetime | None) -> list[int]:
    """Bytes of the pages of a home; wall time, and in brackets the processor's."""
    sql = "SELECT COUNT(*) AS articles, MAX(first_seen_at) AS newest FROM core.articles"
    (row,) = run_query(home, sql).to_pylist()
    last = until.replace(tzinfo=UTC) if until else row["newest"]
    found = []
    for days in (7, 365):
        clocks = [(time.perf_counter(), time.process_time())]
        with published(home, memory_limit="1GB", threads=2) as (con, source):
            answers = gather(con, period_of(last - timedelta(days=days), last))
        clocks.append((time.perf_counter(), time.process_time()))
        page = render(answers, source, made_at=last).encode()
        clocks.append((time.perf_counter(), time.process_time()))
        asking, drawing = (
            f"{after[0] - before[0]:.1f} ({after[1] - before[1]:.1f})" for before, after in pairwise(clocks)
        )
        found.append(len(page))
        print(
            f"{row['articles']:>10,} {days:>5} days {asking:>15} {drawing:>15} {len(page) / 1e6:>6.2f} MB", flush=True
        )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
