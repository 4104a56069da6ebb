"""Articles as they stand now, as far as stories depend on it."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from warehouse.rows import Row, read_by_keys

READ_ARTICLES = """
    SELECT
        CAST(a.article_id AS VARCHAR) AS article_id,
        CAST(a.current_revision_id AS VARCHAR) AS revision_id,
        CAST(a.story_id AS VARCHAR) AS story_id,
        a.outlet_id, a.first_seen_at, a.normalized_url
    FROM core.articles AS a
    JOIN wanted AS w ON a.article_id = CAST(w.key AS UUID)
"""
READ_REVISIONS = """
    SELECT
        CAST(r.revision_id AS VARCHAR) AS revision_id,
        r.text_sha256, r.published_at, r.published_precision, r.canonical_url,
        r.original_publisher, r.original_url, r.byline,
        COALESCE(r.agency, []) AS agency
    FROM core.revisions AS r
    JOIN wanted AS w ON r.revision_id = CAST(w.key AS UUID)
"""


class CurrentArticles:
    """Articles with their current revisions, each read once: nothing but their stories changes meanwhile.

    In two look-ups: DuckDB joins the tables by making a hash table of every revision, which at a million of them took
    ten times as long and 190 MB.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._rows: dict[str, Row] = {}

    def rows(self, article_ids: Iterable[str]) -> dict[str, Row]:
        """Rows by ``article_id``, ascending; what is no article is not among them."""
        wanted = sorted(set(article_ids))
        articles = read_by_keys(self._con, READ_ARTICLES, (each for each in wanted if each not in self._rows))
        revisions = {
            row["revision_id"]: row
            for row in read_by_keys(self._con, READ_REVISIONS, (row["revision_id"] for row in articles))
        }
        self._rows |= {row["article_id"]: row | revisions[row["revision_id"]] for row in articles}
        return {each: self._rows[each] for each in wanted if each in self._rows}
