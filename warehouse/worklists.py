"""What is to be fetched and extracted next, and what has become of a link: core.links as the flows ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from extractors.errors import Reason
from extractors.records import Capture, Hints, Link, Validators
from warehouse.further_pages import page_counts
from warehouse.links import LinkState
from warehouse.rows import capture_from, hints_from, read, read_by_keys

READ_HINTED = """
    SELECT
        CAST(l.link_id AS VARCHAR) AS link_id,
        l.outlet_id, l.source_id, l.normalized_url,
        l.requested_url AS link_url,
        h.hint_id, h.title, h.standfirst, h.body_html, h.language, h.authors,
        h.published, h.modified, h.cms_id, h.section, h.tags, h.image_url,
        CAST(c.capture_id AS VARCHAR) AS capture_id,
        c.requested_url, c.final_url, c.http_status, c.headers, c.fetched_at,
        c.body_sha256, c.body_bytes, c.warc_file, c.warc_offset
    FROM core.links AS l
    LEFT JOIN core.hints AS h ON h.hint_id = l.hint_id
"""
# A page that was gone is asked for without validators: "not modified" would not bring its article back.
# What was never tried comes before what failed; then the newest list, in the list's own order (a feed's newest first).
DUE = """
    LEFT JOIN raw.captures AS c ON
        c.capture_id = l.loaded_capture_id
        AND NOT l.is_forced
        AND COALESCE(l.reason, '') NOT IN ('http_404', 'http_410', 'redirected_home', 'soft_404', 'empty')
    WHERE
        l.outlet_id = $outlet_id
        AND l.state = 'pending'
        AND (l.retry_at IS NULL OR l.retry_at <= $now)
    ORDER BY l.attempt_count > 0, l.queued_at DESC, l.position, l.link_id
    LIMIT $limit
"""
FETCHED = """
    JOIN raw.captures AS c ON c.capture_id = l.capture_id
    WHERE
        l.outlet_id = $outlet_id
        AND l.state = 'fetched'
        AND (l.retry_at IS NULL OR l.retry_at <= $now)
    ORDER BY c.fetched_at, l.link_id
    LIMIT $limit
"""
READ_KNOWN = """
    SELECT
        CAST(l.link_id AS VARCHAR) AS link_id,
        l.normalized_url,
        l.state,
        CASE WHEN l.state = 'done' THEN l.reason END AS reason,
        CAST(l.article_id AS VARCHAR) AS article_id
    FROM core.links AS l
    JOIN wanted AS w ON w.key = l.normalized_url
    WHERE l.outlet_id = $outlet_id
"""
READ_WAITING_COUNTS = """
    SELECT outlet_id, COUNT(*) AS link_count
    FROM core.links
    WHERE state <> 'done'
    GROUP BY outlet_id
    ORDER BY outlet_id
"""
NO_LIMIT = 2**62
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """A link as a WordPress lists it: its number there, and when it was modified, in the source's own form."""

    source_id: str
    cms_id: str
    modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLink:
    """A link to fetch.

    ``validators`` are those of the response that was loaded last, if any was. Of a recheck, ``body_sha256`` is the
    body that was loaded last, and ``listed`` the post by which its source knows it, where that source can be asked
    for many at once.
    """

    link: Link
    validators: Validators | None
    is_recheck: bool = False
    body_sha256: str | None = None
    listed: ListedPost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLink:
    """What has become of a link so far; ``reason`` is None while it is not done."""

    link_id: str
    normalized_url: str
    state: LinkState
    reason: Reason | None
    article_id: str | None


def due_links(con: duckdb.DuckDBPyConnection, outlet_id: str, *, limit: int | None, now: datetime) -> list[DueLink]:
    """Links of an outlet that are to be fetched, in the order in which to fetch them.

    Args:
        con: The loader's connection.
        outlet_id: The outlet.
        limit: How many at most; None for all.
        now: Aware time; a link that failed comes back when its wait is over.
    """
    values = {"outlet_id": outlet_id, "now": now, "limit": NO_LIMIT if limit is None else limit}
    rows = read(con, READ_HINTED + DUE, values)
    loaded = {row["link_id"]: capture_from(row) for row in rows if row["capture_id"]}
    # A first page says nothing of those behind it.
    paged = page_counts(con, (capture.capture_id for capture in loaded.values()))
    validators = {key: capture.validators for key, capture in loaded.items() if capture.capture_id not in paged}
    return [DueLink(link=link_from(row), validators=validators.get(row["link_id"])) for row in rows]


def link_from(row: Mapping[str, Any]) -> Link:
    """The link of a row of READ_HINTED."""
    return Link(
        outlet_id=row["outlet_id"],
        source_id=row["source_id"] or "",
        requested_url=row["link_url"],
        normalized_url=row["normalized_url"] or row["link_url"],
        hints=hints_from(row),
    )


def fetched_links(
    con: duckdb.DuckDBPyConnection, outlet_id: str, *, limit: int | None = None, now: datetime = END_OF_TIME
) -> list[tuple[Capture, str, Hints]]:
    """Capture, ``link_id`` and hints of links that are fetched and not extracted, a killed run's among them.

    Args:
        con: The loader's connection.
        outlet_id: The outlet.
        limit: How many at most; None for all.
        now: Aware time; an article that waits for a page is left out until that is to be asked for again.
    """
    values = {"outlet_id": outlet_id, "now": now, "limit": NO_LIMIT if limit is None else limit}
    rows = read(con, READ_HINTED + FETCHED, values)
    return [(capture_from(row), row["link_id"], hints_from(row)) for row in rows]


def waiting_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many links wait to be fetched or extracted, by ``outlet_id``, of outlets without a file too."""
    return {row["outlet_id"]: row["link_count"] for row in read(con, READ_WAITING_COUNTS)}


def known_links(con: duckdb.DuckDBPyConnection, outlet_id: str, urls: Iterable[str]) -> dict[str, KnownLink]:
    """What has become of an outlet's links, by normalized URL; unknown ones are not in it."""
    rows = read_by_keys(con, READ_KNOWN, urls, {"outlet_id": outlet_id})
    return {row["normalized_url"]: known_from(row) for row in rows}


def known_from(row: Mapping[str, Any]) -> KnownLink:
    """A row of READ_KNOWN."""
    return KnownLink(
        link_id=row["link_id"],
        normalized_url=row["normalized_url"],
        state=row["state"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        article_id=row["article_id"],
    )
