"""The published file to what a person looks at: search, one article with all that is known of it, stories, health.

Nothing is reckoned here: each page is a few queries of ``sql/browse/`` on the views and macros of schema ``main``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connection import published_path
from warehouse.partitions import PublishedFile, published
from warehouse.rows import read
from warehouse.search import SEARCH, readable_complaints
from warehouse.sql_files import sql_files

Row = dict[str, Any]

MOST_REVISIONS = 200
COMPARED_REVISIONS = 20
"""Of an article's revisions, so many of the newest are shown word by word: a live blog may have hundreds."""

MOST_CAPTURES = 50
MOST_VERSIONS = 200
MOST_DAYS_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One published file, what it holds, and what a search can be narrowed to."""

    file: PublishedFile
    counts: Row
    outlets: list[Row]
    languages: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found; ``badges`` are what became of each article, by its id."""

    rows: list[Row]
    badges: Mapping[str, Row]
    match_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """Stories that were copied, each with its copies, and who copies whom."""

    rows: list[Row]
    copying: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """One article with its revisions, their changes, where each field came from, and its story."""

    article: Row
    revisions: list[Row]
    changes: list[Row]
    provenance: list[Row]
    captures: list[Row]
    versions: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Looks into the published file of a home; each look opens it anew, so that it is always the newest one.

    Opening costs some 30 ms, and keeps neither a replaced file's room on the disk nor its pages in memory. A look never
    keeps a publisher waiting: the file is replaced by a rename, and the one that was opened stays readable.

    Args:
        home: Folder of the warehouse.
        memory_limit: DuckDB's limit, such as "1GB".
        threads: DuckDB's threads.
    """

    home: Path
    memory_limit: str = "1GB"
    threads: int = 2

    @contextmanager
    def opened(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, PublishedFile]]:
        """The published file for one look.

        Raises:
            WarehouseUnusableError: Nothing has been published yet, or it is damaged or older than search.
            WarehouseError: A query is wrong; the message says what to write.
        """
        with (
            published(self.home, memory_limit=self.memory_limit, threads=self.threads) as (con, file),
            readable_complaints(published_path(self.home)),
        ):
            yield con, file

    def identity(self) -> tuple[int, int, int] | None:
        """What tells one published file from the next; ``None`` while there is none."""
        try:
            stat = published_path(self.home).stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino, stat.st_mtime_ns

    def edition(self) -> Edition:
        """Which file it is and what it holds."""
        with self.opened() as (con, file):
            (counts,) = ask(con, "edition")
            return Edition(file=file, counts=counts, outlets=ask(con, "outlets"), languages=ask(con, "languages"))

    def find(self, words: str, *, limit: int = 20) -> Found:
        """The best articles for a query; where it has no words but filters, or nothing at all, the newest ones.

        Raises:
            WarehouseError: The query is wrong; the message says what to write.
        """
        with self.opened() as (con, _):
            (asked,) = ask(con, "has_words", words=words)
            if asked["has_words"]:
                rows = read(con, SEARCH, {"words": words, "limit": limit, "clitics": True})
            else:
                rows = ask(con, "newest", words=words, limit=limit)
            badges = ask(con, "badges", article_ids=[str(row["article_id"]) for row in rows])
        return Found(
            rows=rows,
            badges={str(badge["article_id"]): badge for badge in badges},
            match_count=rows[0]["match_count"] if rows else 0,
        )

    def article(self, article_id: str) -> ArticlePage | None:
        """All that is known of one article; ``None`` where the file holds no such one."""
        with self.opened() as (con, _):
            articles = ask(con, "article", article_id=article_id)
            if not articles:
                return None
            wanted = {"article_id": str(articles[0]["article_id"])}
            above = articles[0]["revision_count"] - COMPARED_REVISIONS
            return ArticlePage(
                article=articles[0],
                revisions=ask(con, "revisions", **wanted, limit=MOST_REVISIONS),
                changes=ask(con, "changes", **wanted, above=above),
                provenance=ask(con, "provenance", **wanted),
                captures=ask(con, "captures", **wanted, limit=MOST_CAPTURES),
                versions=ask(con, "versions", story_id=text_or_none(articles[0]["story_id"]), limit=MOST_VERSIONS),
            )

    def stories(self, *, limit: int = 50, outlets: int = 1) -> Stories:
        """Stories that were copied, and who copies whom.

        Args:
            limit: How many stories at most.
            outlets: In how many outlets a story must be.
        """
        with self.opened() as (con, _):
            rows = ask(con, "stories", limit=limit, outlets=outlets)
            return Stories(rows=rows, copying=ask(con, "copying", limit=limit))

    def health(self, *, days: int = 28) -> list[Row]:
        """How the outlets are doing, with their last days."""
        with self.opened() as (con, _):
            return ask(con, "health", days=days)

    def coverage(self, *, days: int = 14) -> list[Row]:
        """What became of everything that was discovered in the last days that have anything."""
        with self.opened() as (con, _):
            return ask(con, "coverage", days=days, limit=MOST_DAYS_ROWS)


@cache
def browse_sql(name: str) -> str:
    """The text of ``sql/browse/<name>.sql``."""
    return next(file.text for file in sql_files("browse") if file.name == name)


def ask(con: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> list[Row]:
    """Rows of ``sql/browse/<name>.sql``."""
    return read(con, browse_sql(name), parameters)


def text_or_none(value: object) -> str | None:
    """A UUID as text."""
    return None if value is None else str(value)
