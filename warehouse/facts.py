"""Articles to the narrow rows that the counting views read, kept in the transactions that change the articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa

from warehouse.chains import StoredArticle
from warehouse.revisions import Content, Revision, current_of
from warehouse.rows import INTEGER, KEYS, STRINGS, TEXT, TIME, Row, columns, read_by_keys, write

FACTS = columns(
    article_id=TEXT,
    outlet_id=TEXT,
    seen_date=pa.date32(),
    published_at=TIME,
    published_date=pa.date32(),
    lag_minutes=INTEGER,
    language=TEXT,
    section=TEXT,
    authors=STRINGS,
    tags=STRINGS,
    word_count=INTEGER,
    later_revision_count=INTEGER,
    has_standfirst=pa.bool_(),
    has_byline=pa.bool_(),
    has_image=pa.bool_(),
    is_republished=pa.bool_(),
    is_removed=pa.bool_(),
)
READ_WORD_COUNTS = """
    SELECT w.key AS text_sha256, t.word_count
    FROM wanted AS w
    JOIN core.text_keys AS k ON k.text_key = CAST(LEFT(w.key, 32) AS UUID)
    JOIN core.texts AS t ON t.text_number = k.text_number
"""
DELETE_FACTS = """
    DELETE FROM core.article_facts
    WHERE article_id IN (SELECT CAST(key AS UUID) FROM incoming)
"""
INSERT_FACTS = """
    INSERT INTO core.article_facts BY NAME
    SELECT
        article_id, outlet_id, seen_date, published_at, published_date, lag_minutes, language, section, authors, tags,
        word_count, later_revision_count, has_standfirst, has_byline, has_image, is_republished, is_removed
    FROM incoming
"""


def write_facts(
    con: duckdb.DuckDBPyConnection,
    before: Mapping[str, StoredArticle],
    after: Mapping[str, StoredArticle],
    chains: Mapping[str, Sequence[Revision]],
    word_counts: Mapping[str, int],
) -> None:
    """Bring the facts of articles up to date; part of the caller's transaction.

    Args:
        con: The loader's connection.
        before: The articles as they are stored; a new one is not among them.
        after: The articles as they are now.
        chains: Their revisions.
        word_counts: Words of the texts that are at hand, by hash; others are read.
    """
    changed = [article for key, article in after.items() if facts_differ(before.get(key), article)]
    current = {article.article_id: current_of(chains[article.article_id]) for article in changed}
    contents = {key: revision.content for key, revision in current.items() if revision.content is not None}
    wanted = {content.text_sha256 for content in contents.values()} - word_counts.keys()
    read = {row["text_sha256"]: row["word_count"] for row in read_by_keys(con, READ_WORD_COUNTS, wanted)}
    counts = {**word_counts, **read}
    write(con, DELETE_FACTS, KEYS, [{"key": each.article_id} for each in changed if each.article_id in before])
    rows = [
        facts_row(article, contents[key], current[key].published_precision, counts[contents[key].text_sha256])
        for article in changed
        for key in (article.article_id,)
    ]
    write(con, INSERT_FACTS, FACTS, rows)


def facts_differ(before: StoredArticle | None, after: StoredArticle) -> bool:
    """Whether an article's facts are others now; most that are read again only get a later ``last_seen_at``."""
    return before is None or (
        (before.current_revision_id, before.revision_count, before.removed_at, before.first_seen_at)
        != (after.current_revision_id, after.revision_count, after.removed_at, after.first_seen_at)
    )


def facts_row(article: StoredArticle, content: Content, precision: str | None, word_count: int) -> Row:
    """The row of one article."""
    published_at = content.published_at
    lag = article.first_seen_at - published_at if published_at and precision != "day" else None
    return {
        "article_id": article.article_id,
        "outlet_id": article.outlet_id,
        "seen_date": utc_date(article.first_seen_at),
        "published_at": published_at,
        "published_date": utc_date(published_at) if published_at else None,
        "lag_minutes": max(0, lag.days * 1_440 + lag.seconds // 60) if lag is not None else None,
        "language": content.language,
        "section": content.section,
        "authors": content.authors,
        "tags": content.tags,
        "word_count": word_count,
        "later_revision_count": article.revision_count - 1,
        "has_standfirst": content.standfirst is not None,
        "has_byline": content.byline is not None,
        "has_image": content.image_url is not None,
        "is_republished": content.original_publisher is not None,
        "is_removed": article.removed_at is not None,
    }


def utc_date(moment: datetime) -> date:
    """The UTC day of a time."""
    return moment.astimezone(UTC).date()
