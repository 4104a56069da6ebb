"""The pages on which articles go on: which of them are known, and what asking for one came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import duckdb

from extractors.errors import Reason
from extractors.records import Capture, FurtherPage, Outcome
from warehouse.fetches import NOT_TRIED, RETRY_DELAYS, WORTH_RETRYING, retry_delay
from warehouse.links import StoredLink, read_links, write_links
from warehouse.outcomes import insert_outcomes
from warehouse.rows import INTEGER, TEXT, TIME, capture_from, columns, insert_captures, read_by_keys, write
from warehouse.transactions import transaction

SHORTEST_WAIT = timedelta(minutes=1)
"""An article waits at least so long for a page that was not asked for, so that a run does not turn on the spot."""

FURTHER_PAGES = columns(
    first_capture_id=TEXT,
    page_number=INTEGER,
    requested_url=TEXT,
    capture_id=TEXT,
    reason=TEXT,
    occurred_at=TIME,
    run_id=TEXT,
)
INSERT_FURTHER_PAGES = """
    INSERT INTO core.further_pages BY NAME
    SELECT first_capture_id, page_number, requested_url, capture_id, reason, occurred_at, run_id
    FROM incoming
    ON CONFLICT DO NOTHING
"""
READ_FURTHER_PAGES = """
    SELECT
        CAST(f.first_capture_id AS VARCHAR) AS first_capture_id,
        f.page_number,
        f.requested_url AS page_url,
        f.reason,
        CAST(c.capture_id AS VARCHAR) AS capture_id,
        c.outlet_id, c.requested_url, c.final_url, c.http_status, c.headers, c.fetched_at,
        c.body_sha256, c.body_bytes, c.warc_file, c.warc_offset
    FROM core.further_pages AS f
    JOIN wanted AS w ON f.first_capture_id = CAST(w.key AS UUID)
    LEFT JOIN raw.captures AS c ON c.capture_id = f.capture_id
    ORDER BY f.first_capture_id, f.page_number
"""
READ_PAGE_COUNTS = """
    SELECT
        CAST(f.first_capture_id AS VARCHAR) AS first_capture_id,
        COUNT(*) FILTER (f.reason = 'further_page') + 1 AS page_count
    FROM core.further_pages AS f
    JOIN wanted AS w ON f.first_capture_id = CAST(w.key AS UUID)
    GROUP BY f.first_capture_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFetch:
    """What became of one request for the next page of an article.

    ``first`` is the response that shows the article's first page, ``outcome`` names that article's link;
    ``postponed_until`` says that nothing was asked, and when it may be.
    """

    first: Capture
    number: int
    outcome: Outcome
    capture: Capture | None = None
    postponed_until: datetime | None = None


def known_pages(con: duckdb.DuckDBPyConnection, capture_ids: Iterable[str]) -> dict[str, tuple[FurtherPage, ...]]:
    """The settled further pages of articles, in their order, by the ``capture_id`` of the first page."""
    found: dict[str, list[FurtherPage]] = defaultdict(list)
    for row in read_by_keys(con, READ_FURTHER_PAGES, capture_ids):
        page = FurtherPage(
            number=row["page_number"],
            requested_url=row["page_url"],
            capture=capture_from(row) if row["capture_id"] else None,
            reason=Reason(row["reason"]),
        )
        found[row["first_capture_id"]].append(page)
    return {capture_id: tuple(pages) for capture_id, pages in found.items()}


def page_counts(con: duckdb.DuckDBPyConnection, capture_ids: Iterable[str]) -> dict[str, int]:
    """How many pages were fetched of each article that was asked for more than one, by its first page's capture."""
    rows = read_by_keys(con, READ_PAGE_COUNTS, capture_ids)
    return {row["first_capture_id"]: row["page_count"] for row in rows}


def record_further_pages(
    con: duckdb.DuckDBPyConnection, run_id: str, fetches: Sequence[PageFetch], *, now: datetime
) -> set[str]:
    """Record requests for further pages in one transaction: captures, outcomes, what is settled and what waits.

    A page that was fetched, or failed for good, is settled. One that failed for now, or was not asked for, lets its
    article wait: the link stays fetched and is read again at its ``retry_at``. The fifth transient failure is for
    good, as it is for links.

    Returns:
        The first pages' captures whose articles may be read again at once.
    """
    settled = [each for each in fetches if each.postponed_until is None]
    with transaction(con):
        links = read_links(con, (each.outcome.link_id for each in fetches if each.outcome.link_id))
        waiting = {each.first.capture_id for each in fetches if is_to_wait(links.get(each.outcome.link_id or ""), each)}
        settled = [each for each in settled if each.first.capture_id not in waiting]
        insert_captures(con, run_id, (each.capture for each in fetches if each.capture))
        write(con, INSERT_FURTHER_PAGES, FURTHER_PAGES, [page_row(each, run_id) for each in settled])
        after = (after_page(links[each.outcome.link_id or ""], each, waiting, now=now) for each in fetches)
        write_links(con, [link for link in after if link != links[link.link_id]])
        insert_outcomes(con, run_id, [each.outcome for each in fetches])
    return {each.first.capture_id for each in settled}


def is_to_wait(link: StoredLink | None, fetch: PageFetch) -> bool:
    """Whether an article waits for a page that may still come."""
    if fetch.postponed_until is not None or fetch.outcome.reason in NOT_TRIED:
        return True
    return link is not None and fetch.outcome.reason in WORTH_RETRYING and link.attempt_count < len(RETRY_DELAYS)


def after_page(link: StoredLink, fetch: PageFetch, waiting: set[str], *, now: datetime) -> StoredLink:
    """State of an article's link after one of its further pages was asked for."""
    if link.state != "fetched":  # made due again meanwhile: it is fetched anew from its first page on
        return link
    if fetch.first.capture_id not in waiting:
        return replace(link, attempt_count=0, retry_at=None)
    if fetch.postponed_until is not None or fetch.outcome.reason in NOT_TRIED:
        return replace(link, retry_at=max(fetch.postponed_until or now, now + SHORTEST_WAIT))
    return replace(link, attempt_count=link.attempt_count + 1, retry_at=now + retry_delay(link))


def page_row(fetch: PageFetch, run_id: str) -> dict[str, str | int | datetime | None]:
    """A row of core.further_pages."""
    return {
        "first_capture_id": fetch.first.capture_id,
        "page_number": fetch.number,
        "requested_url": fetch.outcome.requested_url,
        "capture_id": fetch.capture.capture_id if fetch.capture else None,
        "reason": fetch.outcome.reason,
        "occurred_at": fetch.outcome.occurred_at,
        "run_id": run_id,
    }
