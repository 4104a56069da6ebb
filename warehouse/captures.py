"""Which archived responses have been dealt with, so that history that is loaded twice is read once."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from warehouse.rows import read_by_keys

SETTLED = """
    SELECT DISTINCT CAST(o.capture_id AS VARCHAR) AS capture_id
    FROM raw.outcomes AS o
    JOIN wanted AS w ON o.capture_id = TRY_CAST(w.key AS UUID)
"""


def settled_captures(con: duckdb.DuckDBPyConnection, capture_ids: Iterable[str]) -> set[str]:
    """Tell which captures have an outcome.

    A capture whose row was written by a run that was killed before it loaded the page has none, and is not settled.
    """
    return {row["capture_id"] for row in read_by_keys(con, SETTLED, capture_ids)}
