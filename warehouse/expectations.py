"""What the outlets' files promise, held against ``main.outlet_health``: a sentence for each promise that is missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

HEALTH = """
WITH first_polls AS (
    SELECT
        outlet_id,
        MIN(polled_at) AS first_polled_at
    FROM main.polls
    GROUP BY outlet_id
)

SELECT
    h.*,
    (EPOCH(NOW()) - EPOCH(f.first_polled_at)) / 3600 AS watched_hours
FROM main.outlet_health AS h
LEFT JOIN first_polls AS f ON f.outlet_id = h.outlet_id
"""

WEEK_HOURS = 7 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """``[expect]`` of one outlet: hours, articles a day, and for each field the share of articles that have it."""

    outlet_id: str
    max_silence_hours: float | None = None
    min_articles_per_day: float | None = None
    min_fill: Mapping[str, float] = field(default_factory=dict)


def missed_expectations(con: duckdb.DuckDBPyConnection, expectations: Iterable[Expectation]) -> list[str]:
    """Tell which promises are missed now, with what was found.

    Silence counts from the newest article's first sight, or from the first poll where there is no article yet. Volume
    is judged when the outlet has been watched for a week, fill rates over the articles of the last seven days.

    Args:
        con: A connection to the live or the published file.
        expectations: What is promised; outlets that were never polled are passed over.

    Returns:
        One sentence each, empty where all is well.
    """
    rows = {row["outlet_id"]: row for row in con.sql(HEALTH).to_arrow_table().to_pylist()}
    return [
        sentence
        for expectation in expectations
        if (row := rows.get(expectation.outlet_id)) is not None and row["watched_hours"] is not None
        for sentence in missed_of(expectation, row)
    ]


def missed_of(expectation: Expectation, health: Mapping[str, Any]) -> Iterable[str]:
    """The sentences about one outlet."""
    name = expectation.outlet_id
    silence = health["silence_hours"] if health["silence_hours"] is not None else health["watched_hours"]
    longest = expectation.max_silence_hours
    if longest is not None and silence > longest:
        yield f"{name}: no new article for {silence:.0f} hours; max_silence_hours is {longest:g}"
    least = expectation.min_articles_per_day
    daily = health["articles_7d"] / 7
    if least is not None and health["watched_hours"] >= WEEK_HOURS and daily < least:
        yield f"{name}: {daily:.1f} articles a day in the last week; min_articles_per_day is {least:g}"
    for column, share in expectation.min_fill.items():
        found = health[f"{column}_fill"]
        if found is not None and found < share:
            yield f"{name}: {column} is there in {found:.0%} of the last week's articles; min_fill is {share:.0%}"
