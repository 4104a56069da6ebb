"""Articles to signatures in ``core``: which are still to be signed, and the keys of those that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.rows import INTEGER, TEXT, TIME, Row, columns, read, read_by_keys, write
from warehouse.stories.current import CurrentArticles
from warehouse.stories.shingles import SCHEME, Hashes, keys_of
from warehouse.stories.verification import Text
from warehouse.texts import read_texts

SIGNATURES = columns(
    article_id=TEXT,
    signature_number=INTEGER,
    scheme=INTEGER,
    text_sha256=TEXT,
    published_at=TIME,
    shingle_count=INTEGER,
)
READ_SIGNED = """
    SELECT CAST(s.article_id AS VARCHAR) AS article_id, s.scheme, s.text_sha256, s.published_at
    FROM core.signatures AS s
    JOIN wanted AS w ON s.article_id = CAST(w.key AS UUID)
"""
# The oldest first, so that a copy mostly finds its origin signed.
READ_WAITING = """
    SELECT CAST(a.article_id AS VARCHAR) AS article_id
    FROM core.articles AS a
    JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    LEFT JOIN core.signatures AS s ON s.article_id = a.article_id
    WHERE
        s.scheme IS DISTINCT FROM $scheme
        OR s.text_sha256 <> r.text_sha256
        OR s.published_at IS DISTINCT FROM r.published_at
    ORDER BY a.first_seen_at, a.article_id
    LIMIT $limit
"""
COUNT_OTHER_SCHEMES = "SELECT COUNT(*) FROM core.signatures WHERE scheme <> $scheme"
LAST_NUMBER = "SELECT COALESCE(MAX(signature_number), 0) FROM core.signatures"
UPSERT_SIGNATURES = """
    INSERT INTO core.signatures BY NAME
    SELECT article_id, signature_number, scheme, text_sha256, published_at, shingle_count
    FROM incoming
    ON CONFLICT (article_id) DO UPDATE SET
        signature_number = excluded.signature_number,
        scheme = excluded.scheme,
        text_sha256 = excluded.text_sha256,
        published_at = excluded.published_at,
        shingle_count = excluded.shingle_count
"""
NO_TEXTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The signature that an article gets now."""

    article_id: str
    number: int
    text_sha256: str
    text: Text
    keys: Hashes


def waiting_articles(con: duckdb.DuckDBPyConnection, *, limit: int) -> list[str]:
    """Articles that have no signature of today's scheme and of their present text, the oldest first."""
    return [row["article_id"] for row in read(con, READ_WAITING, {"limit": limit, "scheme": SCHEME})]


def are_of_one_scheme(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether every signature is of today's scheme."""
    return con.execute(COUNT_OTHER_SCHEMES, {"scheme": SCHEME}).fetchall() == [(0,)]


def sign(
    con: duckdb.DuckDBPyConnection,
    articles: CurrentArticles,
    article_ids: Sequence[str],
    texts: Mapping[str, str] = NO_TEXTS,
) -> list[Signature]:
    """Sign those of some articles whose text or time is not the one that was signed, and keep the signatures.

    Their keys are not kept yet: see ``candidates``. Part of the caller's transaction.

    Args:
        con: The loader's connection.
        articles: Where they are looked up.
        article_ids: The articles, in the order in which they are signed.
        texts: Texts by ``text_sha256`` that need not be read.
    """
    found = articles.rows(article_ids)
    rows = unsigned(con, {each: found[each] for each in article_ids if each in found})
    stored = read_texts(con, {row["text_sha256"] for row in rows} - texts.keys())
    signed = [
        Text(
            outlet_id=row["outlet_id"],
            published_at=row["published_at"],
            text=texts.get(row["text_sha256"]) or stored.get(row["text_sha256"], ""),
        )
        for row in rows
    ]
    keys = keys_of([text.shingles for text in signed])
    (last,) = con.execute(LAST_NUMBER).fetchall()[0]
    signatures = [
        Signature(article_id=row["article_id"], number=number, text_sha256=row["text_sha256"], text=text, keys=each)
        for number, row, text, each in zip(range(last + 1, last + 1 + len(rows)), rows, signed, keys, strict=True)
    ]
    write(con, UPSERT_SIGNATURES, SIGNATURES, [signature_row(signature) for signature in signatures])
    return signatures


def unsigned(con: duckdb.DuckDBPyConnection, articles: Mapping[str, Row]) -> list[Row]:
    """Those articles that are not signed as they are now."""
    # What has no story yet was never signed: a batch of new articles need not be looked for.
    grouped = [article_id for article_id, row in articles.items() if row["story_id"]]
    signed = {row["article_id"]: row for row in read_by_keys(con, READ_SIGNED, grouped)}
    return [
        row
        for article_id, row in articles.items()
        if (known := signed.get(article_id)) is None
        or (known["scheme"], known["text_sha256"], known["published_at"])
        != (SCHEME, row["text_sha256"], row["published_at"])
    ]


def signature_row(signature: Signature) -> dict[str, object]:
    """A row of core.signatures."""
    return {
        "article_id": signature.article_id,
        "signature_number": signature.number,
        "scheme": SCHEME,
        "text_sha256": signature.text_sha256,
        "published_at": signature.text.published_at,
        "shingle_count": len(signature.text.shingles.hashes),
    }
