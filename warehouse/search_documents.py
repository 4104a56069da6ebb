"""What a batch changed of its articles -> what the search index has to learn of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from extractors.records import Article
from warehouse.chains import StoredArticle
from warehouse.revisions import Content, Revision, current_of
from warehouse.search_index import SearchDocument, index_articles, update_dates


def index_changes(
    con: duckdb.DuckDBPyConnection,
    articles: Iterable[StoredArticle],
    before: Mapping[str, Sequence[Revision]],
    after: Mapping[str, Sequence[Revision]],
    read: Mapping[str, Article],
) -> None:
    """Let the index show each article in its current revision; part of the caller's transaction.

    An article that was removed keeps its last content, and is found by it.

    Args:
        con: The loader's connection.
        articles: Those whose rows have changed.
        before: Revisions of articles that were known.
        after: Revisions of all of them now.
        read: By ``revision_id``, what was read from a page in this batch.
    """
    indexed, known, redated = [], [], []
    for article in articles:
        current = current_of(after[article.article_id])
        document = document_of(article, current, read.get(current.revision_id))
        chain = before.get(article.article_id)
        if chain is None or not chain:
            indexed.append(document)
        elif words_of(content_of(current_of(chain))) != words_of(content_of(current)):
            indexed.append(document)
            known.append(article.article_id)
        else:
            redated.append(document)
    index_articles(con, indexed, known=known)
    update_dates(con, redated)


def document_of(article: StoredArticle, current: Revision, read: Article | None) -> SearchDocument:
    """An article in its current revision."""
    content = content_of(current)
    return SearchDocument(
        article_id=article.article_id,
        outlet_id=article.outlet_id,
        language=content.language,
        dated_at=content.published_at or article.first_seen_at,
        title=content.title or "",
        heading="\n".join(part for part in (content.kicker, content.title, content.standfirst) if part is not None),
        text_sha256=content.text_sha256,
        text=read.text if read else None,
    )


def words_of(content: Content) -> tuple[str | None, ...]:
    """What of a state is in the index."""
    return content.kicker, content.title, content.standfirst, content.text_sha256


def content_of(revision: Revision) -> Content:
    """The content of a revision that is current, and so has some."""
    assert revision.content is not None
    return revision.content
