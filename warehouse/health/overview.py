"""The published file to how every outlet is doing, for the status command and for monitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import WarehouseUnusableError
from warehouse.connection import open_published, published_path, readable_errors
from warehouse.rows import Row, read

READ_OUTLETS = """
    WITH waiting AS (
        SELECT outlet_id, COUNT(*) AS waiting_count
        FROM main.links
        WHERE state <> 'done'
        GROUP BY outlet_id
    ),

    lately AS (
        SELECT outlet_id, reason, COUNT(*) AS failure_count
        FROM main.outcomes
        WHERE occurred_at > $now - INTERVAL 24 HOURS AND main.is_failure(stage, reason, link_id)
        GROUP BY ALL
    ),

    failed AS (
        SELECT outlet_id, MAP_FROM_ENTRIES(LIST((reason, failure_count) ORDER BY failure_count DESC, reason)) AS reasons
        FROM lately
        GROUP BY outlet_id
    )

    SELECT
        h.outlet_id,
        h.outlet_name,
        h.state,
        h.since,
        h.reasons,
        h.last_polled_at,
        h.last_success_at,
        h.last_article_at,
        (EPOCH($now) - EPOCH(h.last_article_at)) / 3600 AS silence_hours,
        h.article_count,
        h.articles_24h,
        h.articles_7d,
        h.published_at_fill,
        h.standfirst_fill,
        h.authors_fill,
        h.language_fill,
        h.section_fill,
        h.tags_fill,
        h.image_url_fill,
        h.resting_host,
        h.resting_until,
        h.resting_reason,
        COALESCE(f.reasons, MAP {}) AS failures,
        COALESCE(w.waiting_count, 0) AS waiting_count
    FROM main.outlet_health AS h
    LEFT JOIN failed AS f ON f.outlet_id = h.outlet_id
    LEFT JOIN waiting AS w ON w.outlet_id = h.outlet_id
    ORDER BY h.outlet_id
"""
READ_CHECKS = """
    SELECT
        outlet_id, check_name, state, since, evaluated_at, figure, usual, bound, is_promised, sentence, samples
    FROM main.health_checks
    ORDER BY ALL
"""
READ_RUNS = """
    SELECT
        MAX(started_at) AS started_at,
        MAX(finished_at) FILTER (status IN ('done', 'missed')) AS good_at,
        ARG_MAX(EPOCH(finished_at) - EPOCH(started_at), finished_at) FILTER (status IN ('done', 'missed'))
            AS good_seconds,
        ARG_MAX(status, finished_at) AS last_status
    FROM main.runs
    WHERE command IN ('ingest', 'backfill')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How outlets were doing when the file was published.

    Args:
        published_at: When that was.
        published_bytes: Size of the file.
        outlets: Rows of ``main.outlet_health`` with the failures of the last 24 hours and the links that wait.
        checks: Rows of ``main.health_checks``, by outlet.
        runs: When a run last started, when one last ended well and how long it took.
    """

    published_at: datetime
    published_bytes: int
    outlets: tuple[Row, ...]
    checks: Mapping[str, tuple[Row, ...]]
    runs: Mapping[str, Any]


def read_overview(home: Path, *, now: datetime, memory_limit: str = "1GB", threads: int = 2) -> Overview:
    """Read the published file, which locks nobody out and is locked by nobody.

    Raises:
        WarehouseUnusableError: Nothing has been published yet, or the file is damaged or of an older wirewatch.
    """
    path = published_path(home)
    con = open_published(home, memory_limit=memory_limit, threads=threads)
    try:
        stat = path.stat()
        with readable_errors(path):
            outlets = read(con, READ_OUTLETS, {"now": now})
            checks: dict[str, tuple[Row, ...]] = {}
            for row in read(con, READ_CHECKS):
                checks[row["outlet_id"]] = (*checks.get(row["outlet_id"], ()), row)
            (runs,) = read(con, READ_RUNS)
    except duckdb.Error as error:
        advice = "run `wirewatch ingest` once with this wirewatch"
        raise WarehouseUnusableError(str(path), f"has no health in it: {error}".splitlines()[0], advice) from error
    finally:
        con.close()
    return Overview(
        published_at=datetime.fromtimestamp(stat.st_mtime, tz=now.tzinfo),
        published_bytes=stat.st_size,
        outlets=tuple({**row, "failures": dict(row["failures"])} for row in outlets),
        checks=checks,
        runs=runs,
    )
