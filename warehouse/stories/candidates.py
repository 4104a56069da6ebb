"""Signatures to the articles that are worth comparing: those that share a key, the most alike first."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse.rows import registered
from warehouse.stories.shingles import BANDS
from warehouse.stories.signatures import Signature

MOST_HOLDERS = 200
"""Signatures under one key. What more texts say ("according to a statement issued by") tells nobody apart, and each
look-up stays short however many articles there are."""
MOST_CANDIDATES = 12
"""Articles that one is compared with; to read the text of one takes some 6 ms."""
LEAST_WEIGHT = 2
"""A band is worth two, an anchor one: two texts that share a single run of five words quote the same sentence."""

KEEP_HITS = """
    CREATE OR REPLACE TEMP TABLE story_hits AS
    SELECT k.key, k.signature_number
    FROM core.signature_keys AS k
    SEMI JOIN probes AS p ON p.key = k.key
"""
# A key that is full keeps those that hold it: a copy of a much copied text finds some of the others.
KEEP_KEYS = """
    INSERT INTO core.signature_keys BY NAME
    SELECT p.key, p.signature_number
    FROM probes AS p
    LEFT JOIN (SELECT key, COUNT(*) AS holders FROM story_hits GROUP BY key) AS h ON h.key = p.key
    WHERE COALESCE(h.holders, 0) < $most_holders
    QUALIFY
        COALESCE(h.holders, 0) + ROW_NUMBER() OVER (PARTITION BY p.key ORDER BY p.signature_number) <= $most_holders
"""
READ_CANDIDATES = """
    WITH held AS (
        FROM (SELECT key, signature_number FROM story_hits UNION ALL SELECT key, signature_number FROM probes)
        QUALIFY ROW_NUMBER() OVER (PARTITION BY key ORDER BY signature_number) <= $most_holders
    ),

    shared AS (
        SELECT p.signature_number, h.signature_number AS candidate_number, SUM(p.weight) AS weight
        FROM probes AS p
        JOIN held AS h ON h.key = p.key
        WHERE h.signature_number < p.signature_number
        GROUP BY ALL
        HAVING SUM(p.weight) >= $least_weight
    )

    SELECT h.signature_number, CAST(s.article_id AS VARCHAR) AS article_id
    FROM shared AS h
    JOIN core.signatures AS s ON s.signature_number = h.candidate_number
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY h.signature_number ORDER BY h.weight DESC, h.candidate_number
    ) <= $most_candidates
"""


def candidates(con: duckdb.DuckDBPyConnection, signatures: Sequence[Signature]) -> list[tuple[Signature, str]]:
    """Each signature with each article, signed earlier or with it, that it is to be compared with; keeps the keys.

    Part of the caller's transaction.
    """
    if not any(len(signature.keys) for signature in signatures):
        return []
    by_number = {signature.number: signature for signature in signatures}
    most = {"most_holders": MOST_HOLDERS, "most_candidates": MOST_CANDIDATES, "least_weight": LEAST_WEIGHT}
    with registered(con, probes=probes_of(signatures)):
        con.execute(KEEP_HITS)
        con.execute(KEEP_KEYS, {"most_holders": MOST_HOLDERS})
        found = con.execute(READ_CANDIDATES, most).fetchall()
    con.execute("DROP TABLE story_hits")
    return [(by_number[number], article_id) for number, article_id in sorted(found)]


def probes_of(signatures: Sequence[Signature]) -> pa.Table:
    """The keys of signatures as a table; signed, since a filter that DuckDB hands to Arrow takes no larger numbers."""
    keys: npt.NDArray[np.int64] = np.concatenate([signature.keys for signature in signatures]).view(np.int64)
    counts = [len(signature.keys) for signature in signatures]
    numbers = np.repeat(np.array([signature.number for signature in signatures], dtype=np.int32), counts)
    weights = [np.where(np.arange(count) < BANDS, 2, 1).astype(np.int32) for count in counts]
    return pa.table(
        {
            "key": pa.array(keys),
            "signature_number": pa.array(numbers),
            "weight": pa.array(np.concatenate(weights)),
        }
    )
