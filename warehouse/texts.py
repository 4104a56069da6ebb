"""Texts by their hashes: written once, read again; of articles that are not free, what can be read of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from extractors.errors import Reason
from extractors.records import Extraction
from warehouse.revisions import text_sha256
from warehouse.rows import INTEGER, TEXT, arrow_records, columns, read, read_by_keys, registered, write
from warehouse.sentences import count_sentences
from warehouse.words import count_words

TEXTS = columns(
    text_sha256=TEXT, text=TEXT, char_count=INTEGER, word_count=INTEGER, sentence_count=INTEGER, text_number=pa.uint32()
)
STUBS = columns(capture_id=TEXT, link_id=TEXT, text_sha256=TEXT)
INSERT_STUBS = """
    INSERT INTO core.stubs BY NAME
    SELECT capture_id, link_id, text_sha256
    FROM incoming
    ON CONFLICT (capture_id) DO UPDATE SET text_sha256 = excluded.text_sha256
"""
INSERT_TEXTS = """
    INSERT INTO core.texts BY NAME
    SELECT text_sha256, text, char_count, word_count, sentence_count, text_number
    FROM incoming
"""
INSERT_TEXT_KEYS = """
    INSERT INTO core.text_keys BY NAME
    SELECT
        CAST(LEFT(text_sha256, 32) AS UUID) AS text_key,
        text_number
    FROM incoming
"""
READ_NUMBERS = """
    SELECT w.key AS text_sha256, k.text_number
    FROM core.text_keys AS k
    JOIN wanted AS w ON k.text_key = CAST(LEFT(w.key, 32) AS UUID)
"""
NEXT_NUMBERS = "SELECT CAST(NEXTVAL('core.text_numbers') AS UINTEGER) FROM RANGE($count)"
# By numbers that lie together: each range is found without a look at the others.
READ_TEXTS = """
    SELECT text_sha256, text
    FROM core.texts
    WHERE text_number BETWEEN $first AND $last AND LIST_CONTAINS($numbers, text_number)
"""
TOGETHER = 2_048
"""Texts that DuckDB compresses and unpacks together: to find one of them takes some 8 ms."""


def read_texts(con: duckdb.DuckDBPyConnection, hashes: Iterable[str]) -> dict[str, str]:
    """The known ones of some texts, by hash.

    Their places are looked up first, and only what lies there is unpacked: a join would unpack every text there is.
    """
    numbers = sorted(text_numbers(con, hashes).values())
    found: dict[str, str] = {}
    for _, some in groupby(numbers, key=lambda number: number // TOGETHER):
        together = list(some)
        values = {"first": together[0], "last": together[-1], "numbers": together}
        found |= {row["text_sha256"]: row["text"] for row in read(con, READ_TEXTS, values)}
    return found


def text_numbers(con: duckdb.DuckDBPyConnection, hashes: Iterable[str]) -> dict[str, int]:
    """Numbers of the known ones of some texts, by hash."""
    return {row["text_sha256"]: int(row["text_number"]) for row in read_by_keys(con, READ_NUMBERS, hashes)}


def write_stubs(con: duckdb.DuckDBPyConnection, extractions: Iterable[Extraction]) -> None:
    """Write the free words of articles that are not free."""
    stubs = [each for each in extractions if each.reason is Reason.PAYWALL_STUB and each.shown_text]
    insert_texts(con, {text_sha256(each.shown_text): each.shown_text for each in stubs})
    rows = {
        each.capture.capture_id: {
            "capture_id": each.capture.capture_id,
            "link_id": each.link_id,
            "text_sha256": text_sha256(each.shown_text),
        }
        for each in stubs
    }
    write(con, INSERT_STUBS, STUBS, list(rows.values()))


def insert_texts(con: duckdb.DuckDBPyConnection, texts: Mapping[str, str]) -> dict[str, int]:
    """Store each text once, by its hash.

    Returns:
        The word count of each, by its hash.
    """
    if not texts:
        return {}
    word_counts = {text_sha256: count_words(text) for text_sha256, text in texts.items()}
    known = text_numbers(con, texts)
    fresh = [text_sha256 for text_sha256 in texts if text_sha256 not in known]
    values = [texts[text_sha256] for text_sha256 in fresh]
    columns_of_texts: dict[str, list[Any]] = {
        "text_sha256": fresh,
        "text": values,
        "char_count": list(map(len, values)),
        "word_count": [word_counts[text_sha256] for text_sha256 in fresh],
        "sentence_count": list(map(count_sentences, values)),
        "text_number": [number for (number,) in con.execute(NEXT_NUMBERS, {"count": len(fresh)}).fetchall()],
    }
    if fresh:
        with registered(con, incoming=arrow_records(TEXTS, values, **columns_of_texts)):
            con.execute(INSERT_TEXTS)
            con.execute(INSERT_TEXT_KEYS)
    return word_counts
