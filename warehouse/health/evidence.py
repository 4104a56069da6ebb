"""A check that is not ok to a few addresses that show why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb

from warehouse.rows import read
from warehouse.sql_files import sql_files

OF_ARTICLES = ("text_length", "language", "section")
OF_ATTEMPTS = ("failures", "no_article")


def samples_of(con: duckdb.DuckDBPyConnection, outlet_id: str, check_name: str, *, now: datetime) -> tuple[str, ...]:
    """Up to three addresses; none for what did not come, and for sources, which the sentence names."""
    if check_name in OF_ATTEMPTS:
        name, from_date = "outcomes", now - timedelta(hours=24)
    elif check_name in OF_ARTICLES or check_name.startswith("fill_"):
        name, from_date = "articles", now.astimezone(UTC) - timedelta(days=14)
    else:
        return ()
    (text,) = (file.text for file in sql_files("samples") if file.name == name)
    values = {"outlet_id": outlet_id, "check_name": check_name, "from_date": from_date}
    return tuple(row["sample"] for row in read(con, text, values))
