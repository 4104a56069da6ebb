"""Texts by their hashes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import duckdb

from warehouse.rows import read_by_keys

READ_TEXTS = """
    SELECT t.text_sha256, t.text
    FROM core.texts AS t
    JOIN wanted AS w ON t.text_sha256 = w.key
"""
KEYS_AT_ONCE = 40
"""DuckDB 1.5 looks up to 50 keys up (8 ms among a million texts); for more it unpacks every text there is."""


def read_texts(con: duckdb.DuckDBPyConnection, hashes: Iterable[str]) -> dict[str, str]:
    """The known ones of some texts, by hash."""
    wanted = iter(sorted(set(hashes)))
    found: dict[str, str] = {}
    while keys := list(islice(wanted, KEYS_AT_ONCE)):
        found |= {row["text_sha256"]: row["text"] for row in read_by_keys(con, READ_TEXTS, keys)}
    return found
