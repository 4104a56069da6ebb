"""Candidates to the pairs in ``core.copies``: each compared exactly with what it may be a copy of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa

from warehouse.rows import KEYS, TEXT, Row, arrow_table, columns, read_by_keys, registered, row_of, write
from warehouse.stories.candidates import candidates
from warehouse.stories.current import CurrentArticles
from warehouse.stories.origins import Pair, pair_of
from warehouse.stories.signatures import Signature
from warehouse.stories.verification import Text, copy_overlap
from warehouse.texts import read_texts

PAIRS = columns(first_id=TEXT, second_id=TEXT, similarity=pa.float64(), containment=pa.float64())
TEXTS_AT_ONCE = 500
"""Texts of candidates that are in memory together."""

FORGET_PAIRS = """
    DELETE FROM core.copies
    WHERE
        first_id IN (SELECT CAST(key AS UUID) FROM wanted)
        OR second_id IN (SELECT CAST(key AS UUID) FROM wanted)
"""
INSERT_PAIRS = """
    INSERT INTO core.copies BY NAME
    SELECT first_id, second_id, similarity, containment
    FROM incoming
"""
READ_PAIRS = """
    SELECT
        CAST(c.first_id AS VARCHAR) AS first_id,
        CAST(c.second_id AS VARCHAR) AS second_id,
        c.similarity, c.containment
    FROM core.copies AS c
    WHERE
        c.first_id IN (SELECT CAST(key AS UUID) FROM wanted)
        OR c.second_id IN (SELECT CAST(key AS UUID) FROM wanted)
"""


def read_pairs(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> list[Pair]:
    """The pairs that some articles are in."""
    return [Pair(**row) for row in read_by_keys(con, READ_PAIRS, article_ids)]


def renew_pairs(con: duckdb.DuckDBPyConnection, articles: CurrentArticles, signatures: Sequence[Signature]) -> set[str]:
    """Find the pairs of what was just signed, in place of those that it was in before.

    Part of the caller's transaction.

    Returns:
        The articles that were or are in a pair with one of them, those of them that are in one included.
    """
    rows = articles.rows(signature.article_id for signature in signatures)
    if not rows:
        return set()
    # What has no story yet was never compared.
    grouped = sorted(article_id for article_id, row in rows.items() if row["story_id"])
    before = read_pairs(con, grouped)
    if before:
        with registered(con, wanted=arrow_table(KEYS, [{"key": each} for each in grouped])):
            con.execute(FORGET_PAIRS)
    found = compared(con, articles, signatures)
    write(con, INSERT_PAIRS, PAIRS, [row_of(pair) for pair in found])
    return {article_id for pair in (*before, *found) for article_id in (pair.first_id, pair.second_id)}


def compared(con: duckdb.DuckDBPyConnection, articles: CurrentArticles, signatures: Sequence[Signature]) -> list[Pair]:
    """Those candidates that are copies."""
    texts = {signature.article_id: signature.text for signature in signatures}
    wanted = sorted(candidates(con, signatures), key=lambda each: each[1])
    found = []
    for start in range(0, len(wanted), TEXTS_AT_ONCE):
        some = wanted[start : start + TEXTS_AT_ONCE]
        others = read_compared(con, articles.rows({article_id for _, article_id in some} - texts.keys()))
        for signature, article_id in some:
            overlap = copy_overlap(signature.text, texts.get(article_id) or others[article_id])
            if overlap is not None:
                found.append(pair_of(signature.article_id, article_id, overlap))
    return found


def read_compared(con: duckdb.DuckDBPyConnection, articles: Mapping[str, Row]) -> dict[str, Text]:
    """The texts of articles, by ``article_id``."""
    texts = read_texts(con, {row["text_sha256"] for row in articles.values()})
    return {
        article_id: Text(
            outlet_id=row["outlet_id"], published_at=row["published_at"], text=texts.get(row["text_sha256"], "")
        )
        for article_id, row in articles.items()
    }
