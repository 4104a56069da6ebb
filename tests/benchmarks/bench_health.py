"""Print what it costs to judge outlets' health, after a run that brought something and after one that did not.

python tests/benchmarks/bench_health.py [--articles 1000000] [--outlets 100] [--days 200]

The warehouse is filled by SQL: as many articles of each outlet each day, five polls of it an hour, and an attempt and a
fifth for each article. Seconds are the process' own, over all threads; other programs disturb them less than the clock.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from warehouse.connection import open_live  # noqa: E402
from warehouse.expectations import Expectation  # noqa: E402
from warehouse.health.states import judge_outlets  # noqa: E402

START = datetime(2026, 1, 5, tzinfo=UTC)
FILL = """
    CREATE TEMP TABLE made AS
    SELECT
        CAST(MD5('article ' || n) AS UUID) AS article_id,
        'outlet_' || n % $outlets AS outlet_id,
        $start + INTERVAL 1 SECOND * CAST(n * 86400 * $days / $articles AS BIGINT) AS seen_at,
        HASH(n) AS dice
    FROM RANGE($articles) AS r (n);

    INSERT INTO core.article_facts BY NAME
    SELECT
        article_id, outlet_id, CAST(seen_at AT TIME ZONE 'UTC' AS DATE) AS seen_date, seen_at AS published_at,
        CAST(seen_at AT TIME ZONE 'UTC' AS DATE) AS published_date, 5 AS lag_minutes,
        CASE WHEN dice % 20 = 0 THEN 'fr' ELSE 'en' END AS language, 'Section ' || dice % 12 AS section,
        CASE WHEN dice % 10 > 0 THEN ['Ana Marsh'] ELSE [] END AS authors, ['ferry'] AS tags,
        100 + dice % 700 AS word_count, 0 AS later_revision_count, dice % 3 > 0 AS has_standfirst, TRUE AS has_byline,
        TRUE AS has_image, FALSE AS is_republished, FALSE AS is_removed
    FROM made
    ORDER BY seen_at;

    INSERT INTO core.articles BY NAME
    SELECT
        article_id, outlet_id, 'url:' || dice AS identity, 'https://' || dice AS normalized_url,
        article_id AS link_id, article_id AS current_revision_id, 1 AS revision_count, seen_at AS first_seen_at,
        seen_at AS last_seen_at, seen_at AS last_captured_at, article_id AS last_capture_id
    FROM made
    ORDER BY seen_at;

    INSERT INTO raw.outcomes BY NAME
    SELECT
        article_id AS outcome_id, 'run' AS run_id, outlet_id, 'load' AS stage, 'https://' || dice AS requested_url,
        CASE WHEN copy = 1 THEN 'timeout' ELSE 'loaded' END AS reason, '' AS detail, seen_at AS occurred_at,
        article_id AS link_id
    FROM made, RANGE(2) AS c (copy)
    WHERE copy = 0 OR dice % 5 = 0
    ORDER BY seen_at;

    INSERT INTO raw.polls BY NAME
    SELECT
        UUID() AS poll_id, 'run' AS run_id, 'outlet_' || o AS outlet_id, 'feed:x' AS source_id,
        $start + INTERVAL 12 MINUTES * t AS polled_at, 'polled' AS reason, '' AS detail, 1 AS listed_count,
        0 AS new_count, 0 AS changed_count, 0 AS known_count, 0 AS rejected_count, [] AS capture_ids
    FROM RANGE($days * 120) AS times (t), RANGE($outlets) AS outlets (o)
    ORDER BY polled_at;
    DROP TABLE made
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--outlets", type=int, default=100)
    parser.add_argument("--days", type=int, default=200)
    args = parser.parse_args()
    values = {"articles": args.articles, "outlets": args.outlets, "days": args.days, "start": START}
    expectations = [Expectation(outlet_id=f"outlet_{number}") for number in range(args.outlets)]
    now = START + timedelta(days=args.days)
    with tempfile.TemporaryDirectory(prefix="wirewatch-health-") as folder:
        home = Path(folder)
        with open_live(home, wait_seconds=0) as con:
            for statement in FILL.split(";\n"):
                con.execute(statement, {key: value for key, value in values.items() if f"${key}" in statement})
            con.execute("CHECKPOINT")
        with open_live(home, wait_seconds=0) as con:
            print(f"{args.articles:,} articles, {args.outlets} outlets: seconds of processor time")
            for name, is_quiet in (("first", False), ("after news", False), ("after no news", True)):
                started = time.process_time()
                judgement = judge_outlets(con, expectations, now=now, is_quiet=is_quiet)
                told = len(judgement.checks)
                print(f"  {name:<14}{time.process_time() - started:>8.2f}   ({told} changes told)", flush=True)
            show_parts(con)


def show_parts(con: duckdb.DuckDBPyConnection) -> None:
    """How many rows there were to look at."""
    for table in ("core.article_facts", "raw.outcomes", "raw.polls", "core.health_checks"):
        (count,) = con.execute(f"SELECT COUNT(*) FROM {table}").fetchall()[0]
        print(f"  {table:<20}{count:>12,} rows")


if __name__ == "__main__":
    main()
