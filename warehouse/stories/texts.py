"""Articles to the texts that are compared, read from where they lie in ``core.texts``.

Texts are compressed some two thousand together, and a join unpacks all of them to find a few: at 100,000 texts that
took 0.25 s. So their places are looked up first, and only what lies there is unpacked, in some 10 ms a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import duckdb

from warehouse.rows import read, read_by_keys

TOGETHER = 2_048
"""Rows that DuckDB compresses and unpacks together."""

READ_PLACES = """
    SELECT t.rowid AS place
    FROM core.texts AS t
    SEMI JOIN wanted AS w ON w.key = t.text_sha256
    ORDER BY t.rowid
"""
READ_TEXTS = """
    SELECT t.text_sha256, t.text
    FROM core.texts AS t
    WHERE t.rowid BETWEEN $first AND $last AND LIST_CONTAINS($places, t.rowid)
"""


def read_texts(con: duckdb.DuckDBPyConnection, text_keys: Iterable[str]) -> dict[str, str]:
    """Texts by ``text_sha256``."""
    places = [int(row["place"]) for row in read_by_keys(con, READ_PLACES, text_keys)]
    found: dict[str, str] = {}
    for _, some in groupby(places, key=lambda place: place // TOGETHER):
        found |= read_neighbors(con, list(some))
    return found


def read_neighbors(con: duckdb.DuckDBPyConnection, places: Sequence[int]) -> Mapping[str, str]:
    """Texts that lie together, by ``text_sha256``."""
    values = {"first": places[0], "last": places[-1], "places": list(places)}
    return {row["text_sha256"]: row["text"] for row in read(con, READ_TEXTS, values)}
