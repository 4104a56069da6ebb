"""Which loaded articles are to be fetched again, by their age: core.links as the fetch stage asks for it.

An article's age counts from its publication, or from its discovery where that was earlier or nothing else is known.
At each age of the schedule its address owes one definite answer; what it still owes of several ages, one answer pays.
No table holds the schedule: a link is due when its last answer is older than the newest age that it has reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from extractors.records import SourceKind
from warehouse.further_pages import page_counts
from warehouse.rows import capture_from, read, read_by_keys
from warehouse.worklists import NO_LIMIT, READ_HINTED, DueLink, ListedPost, due_links, link_from

LONGEST_DELAY = timedelta(days=30)
"""A recheck that could not be made for this long is given up, so that a query never looks at older articles."""

# A date without a time is the end of its day. Only the link whose response was loaded last speaks for its article.
# Of 1,000,000 articles of 100 outlets it takes 70 ms for one outlet, 15 ms where none are young (two shared cores).
DUE = """
    WITH young AS MATERIALIZED (
        SELECT link_id, article_id, decided_at
        FROM core.links
        WHERE
            outlet_id = $outlet_id
            AND state = 'done'
            AND article_id IS NOT NULL
            AND first_seen_at > $earliest
            AND decided_at < first_seen_at + TO_SECONDS($longest)
            AND (retry_at IS NULL OR retry_at <= $now)
    ),

    aged AS (
        SELECT
            y.link_id,
            y.decided_at,
            a.removed_at,
            r.is_complete IS FALSE AS is_incomplete,
            LEAST(
                a.first_seen_at,
                r.published_at + CASE WHEN r.published_precision = 'day' THEN INTERVAL 1 DAY ELSE INTERVAL 0 DAY END
            ) AS born_at
        FROM young AS y
        JOIN core.articles AS a ON a.article_id = y.article_id AND a.link_id = y.link_id
        JOIN core.revisions AS r ON r.revision_id = a.current_revision_id
    ),

    reached AS (
        SELECT
            link_id,
            decided_at,
            removed_at,
            is_incomplete,
            born_at,
            LIST_MAX(LIST_FILTER($ages, lambda age: born_at + TO_SECONDS(age) <= $now)) AS age
        FROM aged
    )

    SELECT
        CAST(link_id AS VARCHAR) AS link_id,
        removed_at IS NOT NULL AS is_removed,
        is_incomplete,
        age = $longest AS is_last
    FROM reached
    WHERE decided_at < born_at + TO_SECONDS(age)
    ORDER BY born_at + TO_SECONDS(age), link_id
    LIMIT $limit
"""
HINTED = """
    JOIN wanted AS w ON l.link_id = CAST(w.key AS UUID)
    LEFT JOIN raw.captures AS c ON c.capture_id = l.loaded_capture_id
"""
# A source whose last poll failed may have missed an edit.
READ_LISTED = """
    WITH polled AS (
        SELECT source_id, ARG_MAX(reason, polled_at) AS reason
        FROM raw.polls
        WHERE outlet_id = $outlet_id AND STARTS_WITH(source_id, $kind)
        GROUP BY source_id
    )

    SELECT CAST(s.link_id AS VARCHAR) AS link_id, s.source_id, h.cms_id, h.modified
    FROM core.sightings AS s
    JOIN wanted AS w ON s.link_id = CAST(w.key AS UUID)
    JOIN core.hints AS h ON h.hint_id = s.hint_id
    JOIN polled AS p ON p.source_id = s.source_id
    WHERE p.reason IN ('polled', 'not_modified') AND h.cms_id IS NOT NULL
"""


def due_work(
    con: duckdb.DuckDBPyConnection,
    outlet_id: str,
    *,
    limit: int | None,
    now: datetime,
    ages: Sequence[timedelta] = (),
) -> list[DueLink]:
    """What is to be fetched of an outlet: links that wait, then articles that are due to be looked at again.

    Args:
        con: The loader's connection.
        outlet_id: The outlet.
        limit: How many at most; None for all.
        now: Aware time.
        ages: Ages at which an article is fetched again, ascending; none: never.
    """
    links = due_links(con, outlet_id, limit=limit, now=now)
    left = None if limit is None else limit - len(links)
    return links + due_rechecks(con, outlet_id, limit=left, now=now, ages=ages)


def due_rechecks(
    con: duckdb.DuckDBPyConnection,
    outlet_id: str,
    *,
    limit: int | None,
    now: datetime,
    ages: Sequence[timedelta],
) -> list[DueLink]:
    """Loaded links of an outlet that are to be fetched again, what is due longest first; see :func:`due_work`.

    A recheck at the last age has no validators, since some servers answer 304 whatever has changed.
    """
    if not ages or limit == 0:
        return []
    seconds = [age.total_seconds() for age in ages]
    values = {
        "outlet_id": outlet_id,
        "ages": seconds,
        "longest": seconds[-1],
        "earliest": now - ages[-1] - LONGEST_DELAY,
        "now": now,
        "limit": NO_LIMIT if limit is None else limit,
    }
    due = {row["link_id"]: row for row in read(con, DUE, values)}
    # Of what was removed, or is not whole, that nothing has changed would not bring back what is missing.
    whole = [link_id for link_id, row in due.items() if not row["is_removed"] and not row["is_incomplete"]]
    listed = listed_posts(con, outlet_id, whole)
    found: dict[str, DueLink] = {}
    rows = read_by_keys(con, READ_HINTED + HINTED, due)
    # A first page says nothing of those behind it.
    paged = page_counts(con, (row["capture_id"] for row in rows if row["capture_id"]))
    for row in rows:
        link_id = row["link_id"]
        again = DueLink(link=link_from(row), validators=None, is_recheck=True, listed=listed.get(link_id))
        if row["capture_id"] and link_id in whole and row["capture_id"] not in paged:
            loaded = capture_from(row)
            is_last = due[link_id]["is_last"]
            again = replace(again, body_sha256=loaded.body_sha256, validators=None if is_last else loaded.validators)
        found[link_id] = again
    return [found[link_id] for link_id in due]


def listed_posts(con: duckdb.DuckDBPyConnection, outlet_id: str, link_ids: Iterable[str]) -> dict[str, ListedPost]:
    """The posts behind some links, by ``link_id``, where a WordPress lists them whose last poll was good."""
    kind = f"{SourceKind.WORDPRESS}:"
    rows = read_by_keys(con, READ_LISTED, link_ids, {"outlet_id": outlet_id, "kind": kind})
    return {
        row["link_id"]: ListedPost(source_id=row["source_id"], cms_id=row["cms_id"], modified=row["modified"])
        for row in rows
    }
