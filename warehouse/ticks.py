"""How all outlets stand, in three queries: what a run over a thousand of them asks before it asks anything of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from warehouse.intervals import Schedule
from warehouse.rechecks import LONGEST_DELAY
from warehouse.rows import TEXT, arrow_table, columns, read, registered
from warehouse.sources import schedules_of
from warehouse.worklists import waiting_counts

AGES = columns(outlet_id=TEXT, ages=pa.list_(pa.float64()))
# The rule of warehouse/rechecks.py, for every outlet with its own ages; see there.
READ_RECHECKED = """
    WITH young AS MATERIALIZED (
        SELECT l.outlet_id, l.link_id, l.article_id, l.decided_at, w.ages
        FROM core.links AS l
        JOIN wanted AS w ON w.outlet_id = l.outlet_id
        WHERE
            l.state = 'done'
            AND l.article_id IS NOT NULL
            AND l.first_seen_at > $now - TO_SECONDS(w.ages[-1]) - TO_SECONDS($delay)
            AND l.decided_at < l.first_seen_at + TO_SECONDS(w.ages[-1])
            AND (l.retry_at IS NULL OR l.retry_at <= $now)
    ),

    aged AS (
        SELECT
            y.outlet_id,
            y.decided_at,
            y.ages,
            LEAST(
                a.first_seen_at,
                r.published_at + CASE WHEN r.published_precision = 'day' THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END
            ) AS born_at
        FROM young AS y
        JOIN core.articles AS a ON a.article_id = y.article_id AND a.link_id = y.link_id
        JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    )

    SELECT DISTINCT outlet_id
    FROM aged
    WHERE decided_at < born_at + TO_SECONDS(LIST_MAX(LIST_FILTER(ages, lambda age: born_at + TO_SECONDS(age) <= $now)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one outlet stands: when its sources are polled next, and whether links or rechecks of it wait."""

    schedules: Mapping[str, Schedule]
    has_work: bool


def read_standings(
    con: duckdb.DuckDBPyConnection, ages: Mapping[str, Sequence[timedelta]], *, now: datetime
) -> dict[str, Standing]:
    """Tell how outlets stand.

    Args:
        con: The loader's connection.
        ages: By ``outlet_id``, at which ages its articles are fetched again, ascending; none: never.
        now: Aware time.

    Returns:
        By ``outlet_id``, of the outlets in ``ages``. One of which nothing is known has no schedules and no work.
    """
    schedules = schedules_of(con, list(ages))
    working = waiting_counts(con).keys() | rechecked(con, ages, now=now)
    return {each: Standing(schedules=schedules[each], has_work=each in working) for each in ages}


def rechecked(con: duckdb.DuckDBPyConnection, ages: Mapping[str, Sequence[timedelta]], *, now: datetime) -> set[str]:
    """The outlets that have an article which is to be fetched again."""
    rows = [{"outlet_id": key, "ages": [age.total_seconds() for age in each]} for key, each in ages.items() if each]
    if not rows:
        return set()
    with registered(con, wanted=arrow_table(AGES, rows)):
        values = {"now": now, "delay": LONGEST_DELAY.total_seconds()}
        return {row["outlet_id"] for row in read(con, READ_RECHECKED, values)}
