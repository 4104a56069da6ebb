"""Texts by their hashes: written once, read again; of articles that are not free, what can be read of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import duckdb

from extractors.errors import Reason
from extractors.records import Extraction
from warehouse.revisions import text_sha256
from warehouse.rows import INTEGER, TEXT, columns, read_by_keys, write, write_records
from warehouse.sentences import count_sentences
from warehouse.words import count_words

TEXTS = columns(text_sha256=TEXT, text=TEXT, char_count=INTEGER, word_count=INTEGER, sentence_count=INTEGER)
STUBS = columns(capture_id=TEXT, link_id=TEXT, text_sha256=TEXT)
INSERT_STUBS = """
    INSERT INTO core.stubs BY NAME
    SELECT capture_id, link_id, text_sha256
    FROM incoming
    ON CONFLICT (capture_id) DO UPDATE SET text_sha256 = excluded.text_sha256
"""
INSERT_TEXTS = """
    INSERT INTO core.texts BY NAME
    SELECT
        text_sha256, text, char_count, word_count, sentence_count,
        CAST(NEXTVAL('core.text_numbers') AS UINTEGER) AS text_number
    FROM incoming
    ON CONFLICT DO NOTHING
"""
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
    values = list(texts.values())
    word_counts = list(map(count_words, values))
    columns_of_texts: dict[str, list[Any]] = {
        "text_sha256": list(texts),
        "text": values,
        "char_count": list(map(len, values)),
        "word_count": word_counts,
        "sentence_count": list(map(count_sentences, values)),
    }
    write_records(con, INSERT_TEXTS, TEXTS, values, **columns_of_texts)
    return dict(zip(texts, word_counts, strict=True))
