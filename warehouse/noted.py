"""What a rebuild asks of the warehouse that it fills: what notes speak of without repeating it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from extractors.records import Capture, Hints
from warehouse.rows import TEXT, arrow_table, capture_from, columns, hints_from, read, read_by_keys, registered
from warehouse.worklists import READ_HINTED

PLACES = columns(capture_id=TEXT, warc_file=TEXT, warc_offset=pa.int64())
CREATE_PLACES = """
    CREATE TEMP TABLE IF NOT EXISTS places (capture_id VARCHAR, warc_file VARCHAR, warc_offset BIGINT)
"""
ADD_PLACES = "INSERT INTO places SELECT capture_id, warc_file, warc_offset FROM incoming"
READ_PLACES = """
    SELECT p.capture_id, ANY_VALUE(p.warc_file) AS warc_file, ANY_VALUE(p.warc_offset) AS warc_offset
    FROM places AS p
    JOIN wanted AS w ON w.key = p.capture_id
    GROUP BY p.capture_id
"""
HAS_RUN = "SELECT COUNT(*) AS run_count FROM raw.runs WHERE run_id = $run_id"
PAGES = """
    JOIN wanted AS w ON l.link_id = CAST(SPLIT_PART(w.key, ' ', 2) AS UUID)
    JOIN raw.captures AS c ON c.capture_id = CAST(SPLIT_PART(w.key, ' ', 1) AS UUID)
"""
Place = tuple[str, int]
"""WARC file and offset."""


def add_places(con: duckdb.DuckDBPyConnection, places: Iterable[tuple[str, str, int]]) -> None:
    """Keep for this connection where responses are: capture, file, offset."""
    con.execute(CREATE_PLACES)
    rows = [dict(zip(PLACES.names, place, strict=True)) for place in places]
    with registered(con, incoming=arrow_table(PLACES, rows)):
        con.execute(ADD_PLACES)


def places_of(con: duckdb.DuckDBPyConnection, capture_ids: Iterable[str]) -> dict[str, Place]:
    """Where some responses are; one that is not in the archive any more is not in it."""
    rows = read_by_keys(con, READ_PLACES, capture_ids)
    return {row["capture_id"]: (row["warc_file"], row["warc_offset"]) for row in rows}


def has_run(con: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    """Whether a run is known."""
    return bool(read(con, HAS_RUN, {"run_id": run_id})[0]["run_count"])


def pages_of(con: duckdb.DuckDBPyConnection, pages: Sequence[tuple[str, str]]) -> list[tuple[Capture, str, Hints]]:
    """Capture, ``link_id`` and the link's hints, by capture and link; a page that is not known whole is not in it."""
    rows = read_by_keys(con, READ_HINTED + PAGES, (f"{capture_id} {link_id}" for capture_id, link_id in pages))
    return [(capture_from(row), row["link_id"], hints_from(row)) for row in rows]
