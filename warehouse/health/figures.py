"""The warehouse to the figures that an outlet is judged by, each beside what is usual for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from warehouse.expectations import Expectation
from warehouse.rows import INTEGER, TEXT, Row, arrow_table, columns, read, registered
from warehouse.sql_files import sql_files

JUDGED = columns(outlet_id=TEXT, history_weeks=INTEGER, recent_articles=INTEGER)
CONFIGURED = columns(outlet_id=TEXT, source_id=TEXT, position=INTEGER)
PROMISED = columns(outlet_id=TEXT, kind=TEXT, item=TEXT)
RECENT_DAYS = 14
"""As far back the newest articles are looked for; the history begins where they begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was found of one outlet: rows of the files of ``warehouse/sql/health/``, which say what they mean."""

    silence: Row
    volume: Row | None = None
    lengths: Row | None = None
    shares: tuple[Row, ...] = ()
    sources: tuple[Row, ...] = ()


def read_figures(
    con: duckdb.DuckDBPyConnection, expectations: Sequence[Expectation], *, now: datetime
) -> dict[str, Figures]:
    """Read what some outlets are judged by.

    Args:
        con: A connection to the live or the published file.
        expectations: The outlets, with how much of their history counts.
        now: Aware time; nothing later may be in the warehouse.

    Returns:
        By ``outlet_id``; an outlet whose sources were not polled lately is not in it.
    """
    today = now.astimezone(UTC).date()
    weeks = max((each.history_weeks for each in expectations), default=0)
    values = {"now": now, "today": today, "from_date": today - timedelta(days=7 * weeks + RECENT_DAYS)}
    with registered(con, **parameter_tables(expectations)):
        found = {
            file.name: read(con, file.text, {key: value for key, value in values.items() if f"${key}" in file.text})
            for file in sql_files("health")
        }
    silence, volume, lengths = (by_outlet(found[name]) for name in ("silence", "volume", "lengths"))
    return {
        each.outlet_id: Figures(
            silence=silence[each.outlet_id],
            volume=volume.get(each.outlet_id),
            lengths=lengths.get(each.outlet_id),
            shares=tuple(row for row in found["shares"] if row["outlet_id"] == each.outlet_id),
            sources=tuple(row for row in found["sources"] if row["outlet_id"] == each.outlet_id),
        )
        for each in expectations
        if each.outlet_id in silence
    }


def parameter_tables(expectations: Sequence[Expectation]) -> dict[str, pa.Table]:
    """The tables that the SQL reads beside the warehouse's."""
    judged = [
        {
            "outlet_id": each.outlet_id,
            "history_weeks": each.history_weeks,
            "recent_articles": each.recent_articles,
        }
        for each in expectations
    ]
    configured = [
        {"outlet_id": each.outlet_id, "source_id": source_id, "position": position}
        for each in expectations
        for position, source_id in enumerate(each.source_ids)
    ]
    promised = [
        {"outlet_id": each.outlet_id, "kind": kind, "item": item}
        for each in expectations
        for kind, items in (("language", each.min_language_share), ("section", each.min_section_share))
        for item in items
    ]
    return {
        "judged": arrow_table(JUDGED, judged),
        "configured": arrow_table(CONFIGURED, configured),
        "promised": arrow_table(PROMISED, promised),
    }


def by_outlet(rows: Sequence[Row]) -> Mapping[str, Row]:
    """Rows of one an outlet, by it."""
    return {row["outlet_id"]: row for row in rows}
