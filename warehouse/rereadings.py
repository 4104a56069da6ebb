"""What was extracted before and is in the archive: the pages to read again, and what reading them again changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from extractors.errors import NO_ARTICLE_REASONS, Reason
from extractors.records import Capture, Extraction, Hints
from warehouse.load import LoadCounts, judge, load, open_books, outcome_of
from warehouse.outcomes import insert_outcomes
from warehouse.rows import capture_from, hints_from, read
from warehouse.transactions import transaction
from warehouse.worklists import READ_HINTED

# Of an article only its newest response is read again, of a page that gave none the last one.
ARCHIVED = """
    LEFT JOIN core.articles AS a ON a.article_id = l.article_id
    JOIN raw.captures AS c ON c.capture_id = COALESCE(a.last_capture_id, l.capture_id)
    WHERE
        l.outlet_id = $outlet_id
        AND l.state = 'done'
        AND l.extracted_at IS NOT NULL
        AND (a.article_id IS NULL OR a.link_id = l.link_id)
        AND c.fetched_at >= $since
        AND (c.fetched_at, CAST(l.link_id AS VARCHAR)) > ($after_at, $after_link)
    ORDER BY c.fetched_at, CAST(l.link_id AS VARCHAR)
    LIMIT $limit
"""
BEGINNING = (datetime(1, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """One page read again. ``reason`` is what it comes to now, ``before`` what it came to when it was read last."""

    outlet_id: str
    requested_url: str
    title: str | None
    article_id: str | None
    before: Reason | None
    reason: Reason
    changed_fields: tuple[str, ...]

    @property
    def is_lost(self) -> bool:
        """Whether an article is none by today's rules; it stays in the warehouse all the same."""
        return self.article_id is not None and self.reason not in (Reason.LOADED, Reason.REVISED, Reason.UNCHANGED)

    @property
    def is_change(self) -> bool:
        """Whether the warehouse is other after this reading."""
        if self.is_lost or self.reason == Reason.UNCHANGED:
            return False
        return self.reason in (Reason.LOADED, Reason.REVISED) or (
            self.reason in NO_ARTICLE_REASONS and self.reason != self.before
        )


def archived_links(
    con: duckdb.DuckDBPyConnection,
    outlet_id: str,
    *,
    since: datetime | None,
    after: tuple[datetime, str] = BEGINNING,
    limit: int,
) -> list[tuple[Capture, str, Hints]]:
    """Capture, ``link_id`` and hints of pages that were extracted before, oldest first.

    Args:
        con: The loader's connection.
        outlet_id: Whose pages.
        since: Captures from then on; ``None`` for all.
        after: Time of the capture and ``link_id`` of the last page that was read, to go on after it.
        limit: How many at most.
    """
    values = {
        "outlet_id": outlet_id,
        "since": since or BEGINNING[0],
        "after_at": after[0],
        "after_link": after[1],
        "limit": limit,
    }
    return [(capture_from(row), row["link_id"], hints_from(row)) for row in read(con, READ_HINTED + ARCHIVED, values)]


def preview(
    con: duckdb.DuckDBPyConnection, run_id: str, extractions: Sequence[Extraction], *, now: datetime
) -> list[Rereading]:
    """What loading pages that were read again would change, in their order; nothing is written."""
    books = open_books(con, extractions)
    known_ids = {revision.revision_id for chain in books.chains.values() for revision in chain}
    found = []
    for extraction in extractions:
        link = books.links.get(extraction.link_id)
        reason, article_id = judge(books, extraction, run_id=run_id, now=now)
        chain = books.chains.get(article_id or "", [])
        new = [revision for revision in chain if revision.revision_id not in known_ids]
        known_ids |= {revision.revision_id for revision in new}
        found.append(
            Rereading(
                outlet_id=extraction.capture.outlet_id,
                requested_url=extraction.capture.requested_url,
                title=extraction.article.title if extraction.article else None,
                article_id=article_id or (link.article_id if link else None),
                before=Reason(link.reason) if link and link.reason else None,
                reason=reason,
                changed_fields=new[0].changed_fields if new else (),
            )
        )
    return found


def reload(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlet_id: str,
    extractions: Sequence[Extraction],
    *,
    now: datetime,
    keeps_stories: bool = True,
) -> tuple[list[Rereading], LoadCounts]:
    """Load what reading pages again has changed, and only that.

    An article that is none by today's rules stays, and leaves an outcome that says so.

    Returns:
        What was found of each page, and the counts of what was written.
    """
    found = preview(con, run_id, extractions, now=now)
    changed = [each for each, reread in zip(extractions, found, strict=True) if reread.is_change]
    lost = [
        outcome_of(each, outlet_id, reread.reason, None, now=now)
        for each, reread in zip(extractions, found, strict=True)
        if reread.is_lost
    ]
    counts = LoadCounts()
    if changed:
        counts = load(con, run_id, outlet_id, changed, now=now, keeps_stories=keeps_stories)
    with transaction(con):
        insert_outcomes(con, run_id, lost)
    return found, counts
