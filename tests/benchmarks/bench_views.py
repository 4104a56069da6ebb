"""A warehouse of many articles -> how long each counting view, each macro and each view of history takes to answer.

python tests/benchmarks/bench_views.py [--sizes 10000 100000 1000000] [--repeats 5] [--short]

Texts and times are those of ``corpus.py``; one article in fifty has been edited. The tables are filled by SQL as they
were before migration 0012, so that the migrations do the rest, as with a warehouse of that size. Each query runs on a
read-only connection with two threads: the best wall time of the repeats, and beside it the processor time of two cores,
which other work on the machine disturbs less. With ``--short`` texts are one sentence: quickly filled, and of no matter
to the views that read none.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.corpus import articles  # noqa: E402

from warehouse.connection import connect, live_path, open_live  # noqa: E402
from warehouse.sql_files import bootstrap_sql, sql_files  # noqa: E402

THREADS = 2
LIMIT_MS = 300
OF_BEFORE = "0012"

FILL = r"""
    CREATE OR REPLACE TEMP TABLE staged AS
    SELECT
        number,
        outlet_id,
        language,
        title,
        text,
        published_at,
        CAST(MD5('article ' || number) AS UUID) AS article_id,
        CAST(MD5('revision ' || number) AS UUID) AS revision_id,
        CAST(MD5('edit ' || number) AS UUID) AS edit_id,
        CAST(MD5('capture ' || number) AS UUID) AS capture_id,
        HASH(number) % 1000 AS dice,
        published_at + INTERVAL 1 MINUTE * (HASH(number, 1) % 90) AS seen_at
    FROM incoming;

    CREATE OR REPLACE TEMP TABLE states AS
    SELECT *, revision_id AS state_id, 1 AS revision_number, 'first' AS kind, NULL AS compared_with FROM staged
    UNION ALL
    SELECT
        * REPLACE (
            'Updated: ' || title AS title,
            REGEXP_REPLACE(text, '\. ', '. As of today 12 people were killed. ') AS text,
            seen_at + INTERVAL 6 HOURS AS seen_at
        ),
        edit_id AS state_id,
        2 AS revision_number,
        'edit' AS kind,
        revision_id AS compared_with
    FROM staged
    WHERE dice < 20;

    INSERT INTO core.texts BY NAME
    SELECT
        SHA256(text) AS text_sha256,
        ANY_VALUE(text) AS text,
        LENGTH(ANY_VALUE(text)) AS char_count,
        1 + LENGTH(ANY_VALUE(text)) - LENGTH(REPLACE(ANY_VALUE(text), ' ', '')) AS word_count,
        CAST(NEXTVAL('core.text_numbers') AS UINTEGER) AS text_number
    FROM states
    WHERE CAST(LEFT(SHA256(text), 32) AS UUID) NOT IN (SELECT text_key FROM core.text_keys)
    GROUP BY text_sha256;

    INSERT INTO core.text_keys BY NAME
    SELECT CAST(LEFT(text_sha256, 32) AS UUID) AS text_key, text_number
    FROM core.texts
    WHERE text_number > (SELECT COALESCE(MAX(text_number), 0) FROM core.text_keys);

    INSERT INTO core.articles BY NAME
    SELECT
        article_id,
        outlet_id,
        'cms:' || number AS identity,
        'https://' || outlet_id || '.example/news/' || number AS normalized_url,
        article_id AS link_id,
        CASE WHEN dice < 20 THEN edit_id ELSE revision_id END AS current_revision_id,
        CASE WHEN dice < 20 THEN 2 ELSE 1 END AS revision_count,
        seen_at AS first_seen_at,
        seen_at + INTERVAL 1 DAY AS last_seen_at,
        seen_at + INTERVAL 1 DAY AS last_captured_at,
        capture_id AS last_capture_id
    FROM staged;

    INSERT INTO core.links BY NAME
    SELECT
        article_id AS link_id,
        outlet_id,
        'https://' || outlet_id || '.example/news/' || number AS normalized_url,
        normalized_url AS requested_url,
        seen_at AS first_seen_at,
        seen_at AS queued_at,
        0 AS position,
        CASE WHEN dice = 999 THEN 'pending' ELSE 'done' END AS state,
        CASE WHEN dice < 950 THEN 'load' ELSE 'extract' END AS stage,
        CASE
            WHEN dice < 20 THEN 'revised'
            WHEN dice < 950 THEN 'loaded'
            ELSE ['listing_page', 'paywall_stub', 'http_404', 'timeout', 'too_old'][CAST(1 + dice % 5 AS INTEGER)]
        END AS reason,
        seen_at AS decided_at,
        0 AS attempt_count,
        FALSE AS is_forced,
        capture_id,
        seen_at AS extracted_at,
        CASE WHEN dice < 950 THEN article_id END AS article_id
    FROM staged;

    INSERT INTO core.revisions BY NAME
    SELECT
        state_id AS revision_id,
        article_id,
        revision_number,
        kind,
        compared_with,
        CASE WHEN compared_with IS NULL THEN [] ELSE ['title', 'text'] END AS changed_fields,
        seen_at AS captured_at,
        seen_at AS loaded_at,
        'run' AS run_id,
        capture_id,
        'bench' AS extractor,
        title,
        CASE WHEN dice % 3 > 0 THEN title || ', as told by those who saw it' END AS standfirst,
        SHA256(text) AS text_sha256,
        CASE WHEN dice % 5 > 0 THEN ['Author ' || outlet_id || ' ' || HASH(number, 2) % 80] ELSE [] END AS authors,
        published_at,
        'second' AS published_precision,
        'https://' || outlet_id || '.example/news/' || number AS canonical_url,
        language,
        'Section ' || HASH(number, 3) % 12 AS section,
        LIST_DISTINCT([
            'tag ' || CAST(FLOOR(4000 * POW(HASH(number, 4) % 1000 / 1000, 3)) AS INTEGER),
            'tag ' || CAST(FLOOR(4000 * POW(HASH(number, 5) % 1000 / 1000, 2)) AS INTEGER)
        ]) AS tags,
        'https://' || outlet_id || '.example/' || number || '.jpg' AS image_url,
        CASE WHEN dice % 7 = 0 THEN 'The Gazette' END AS original_publisher,
        FALSE AS has_disclaimer,
        TRUE AS is_free
    FROM states
"""

SHORT = """
    SELECT
        number,
        'paper_' || LPAD(CAST(FLOOR(40 * POW(HASH(number) % 1000 / 1000, 2)) AS VARCHAR), 2, '0') AS outlet_id,
        CASE WHEN number % 5 IN (1, 3) THEN 'ar' ELSE 'en' END AS language,
        'Report' || number % 307 || ' of subject' || number % 1499 AS title,
        'What article' || number || ' says of subject' || number % 1499 || '. Nothing else.' AS text,
        TIMESTAMPTZ '2020-01-01 00:00:00+00' + INTERVAL 3 MINUTES * number AS published_at
    FROM RANGE($start, $stop) AS r (number)
"""

EXAMPLES = {
    "outlet_daily": "SELECT seen_date, outlet_id, article_count, usual_article_count FROM outlet_daily "
    "WHERE baseline_weeks >= 4 AND article_count < usual_article_count / 2 ORDER BY seen_date DESC LIMIT 10",
    "publication_lag": "FROM publication_lag ORDER BY published_date DESC, p90_minutes DESC LIMIT 10",
    "publication_hours": "FROM publication_hours ORDER BY article_count DESC LIMIT 10",
    "coverage": "FROM coverage ORDER BY discovered_date DESC LIMIT 10",
    "fill_rates": "FROM fill_rates WHERE fill_rate < 0.5 ORDER BY week_date DESC LIMIT 10",
    "languages": "FROM languages ORDER BY article_count DESC LIMIT 10",
    "sections": "FROM sections ORDER BY article_count DESC LIMIT 10",
    "authors": "FROM authors ORDER BY article_count DESC LIMIT 10",
    "tags": "FROM tags ORDER BY article_count DESC LIMIT 10",
    "topics_over_time": "FROM topics_over_time('{rare}') ORDER BY share DESC LIMIT 10",
    "timeline": "FROM timeline('{rare} {rarer}') LIMIT 10",
    "changes": "SELECT captured_at, outlet_id, before, after FROM changes WHERE field = 'title' "
    "ORDER BY captured_at DESC LIMIT 10",
    "number_changes": "FROM number_changes ORDER BY captured_at DESC LIMIT 10",
    "articles_as_of": "SELECT title FROM articles_as_of('2020-02-01') WHERE outlet_id = 'paper_07' LIMIT 10",
    "outlet_health": "SELECT outlet_id, silence_hours, article_count FROM outlet_health LIMIT 10",
}


def main() -> int:
    """Print a table, and end with 1 where an answer took longer than it may at any size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="articles")
    parser.add_argument("--repeats", type=int, default=5, help="how often each query runs; the best counts")
    parser.add_argument("--short", action="store_true", help="texts of one sentence, in place of natural ones")
    args = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in EXAMPLES}
    for size in args.sizes:
        folder = Path(tempfile.mkdtemp(prefix="wirewatch-views-"))
        try:
            words = fill(folder, short_articles(size) if args.short else articles(size, seed=1), size)
            for name, measured in measure(folder, words, repeats=args.repeats).items():
                found[name].append(measured)
        finally:
            shutil.rmtree(folder)
    print(f"\n{'best wall ms (processor ms / 2)':<34}" + "".join(f"{size:>18,}" for size in args.sizes))
    for name, cells in found.items():
        print(f"{name:<34}" + "".join(f"{wall:>9.0f} {f'({cpu:.0f})':>8}" for wall, cpu in cells))
    return 1 if any(cpu > LIMIT_MS for cells in found.values() for _, cpu in cells) else 0


def short_articles(size: int) -> Iterator[pa.Table]:
    """The columns of ``corpus.articles`` with texts of one sentence."""
    with duckdb.connect() as con:
        for start in range(0, size, 100_000):
            yield con.sql(SHORT, params={"start": start, "stop": min(size, start + 100_000)}).to_arrow_table()


def fill(home: Path, tables: Iterable[pa.Table], size: int) -> dict[str, str]:
    """A warehouse of ``size`` articles, and two words that some of them say."""
    started = time.perf_counter()
    live_path(home).parent.mkdir(parents=True)
    con = connect(live_path(home), threads=THREADS)
    make_schema_of_before(con)
    last: pa.Table | None = None
    for table in tables:
        con.register("incoming", table)
        con.execute(FILL)
        con.unregister("incoming")
        last = table
    con.execute("CHECKPOINT")
    con.close()
    filled = time.perf_counter()
    with open_live(home, wait_seconds=60, threads=THREADS) as migrated:
        migrated.execute("CHECKPOINT")
    megabytes = live_path(home).stat().st_size / 1e6
    print(
        f"{size:,} articles: filled in {filled - started:.0f} s, migrated in {time.perf_counter() - filled:.0f} s, "
        f"{megabytes:,.0f} MB",
        flush=True,
    )
    assert last is not None
    longest = sorted(set(last["title"][0].as_py().split()), key=len)
    return {"rare": longest[-1], "rarer": longest[-2]}


def make_schema_of_before(con: duckdb.DuckDBPyConnection) -> None:
    """The tables as they were before the first migration whose filling is to be measured."""
    con.execute(bootstrap_sql())
    for file in sql_files("migrations"):
        if file.name < OF_BEFORE:
            con.execute(file.text)
            values = {"name": file.name, "checksum": file.checksum}
            con.execute("INSERT INTO core.schema_migrations VALUES ($name, $checksum, NOW())", values)


def measure(home: Path, words: dict[str, str], *, repeats: int) -> dict[str, tuple[float, float]]:
    """Best wall time and processor time over the threads, in milliseconds, of each example."""
    con = connect(live_path(home), read_only=True, threads=THREADS)
    try:
        found = {}
        for name, sql in EXAMPLES.items():
            runs = []
            for _ in range(repeats):
                wall, cpu = time.perf_counter(), time.process_time()
                con.sql(sql.format(**words)).to_arrow_table()
                runs.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3 / THREADS))
            found[name] = (min(wall for wall, _ in runs), min(cpu for _, cpu in runs))
    finally:
        con.close()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
