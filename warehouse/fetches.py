"""What the fetch stage made of links to rows: captures to extract, retries with growing delays, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from extractors.errors import TRANSIENT_REASONS, Reason
from extractors.records import FetchResult, Outcome
from warehouse.links import StoredLink, new_link, read_links, touch_articles, write_links
from warehouse.outcomes import insert_outcomes
from warehouse.removals import Removal, record_removals
from warehouse.rows import insert_captures, insert_hints
from warehouse.transactions import transaction

RETRY_DELAYS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""Wait after the first, second, third and fourth transient failure in a row; the fifth is for good."""

WORTH_RETRYING = TRANSIENT_REASONS | {Reason.ARCHIVE_ERROR}
"""A full disk says nothing about the link."""

NOT_TRIED = frozenset({Reason.NOT_DUE, Reason.OUTLET_BUSY})
GONE = frozenset({Reason.HTTP_404, Reason.HTTP_410})


def record_fetches(
    con: duckdb.DuckDBPyConnection, run_id: str, outlet_id: str, results: Sequence[FetchResult], *, now: datetime
) -> None:
    """Record a batch of fetches in one transaction: captures, link states, outcomes, takedowns.

    A capture without an outcome waits to be extracted. A transient failure comes back later, four times. A loaded
    article whose address answers 404 or 410 is marked as removed, with a revision that says when.

    Args:
        con: The loader's connection.
        run_id: The run.
        outlet_id: Outlet of the links.
        results: One for each link that was tried; of several for one link, the last one holds.
        now: Aware time.
    """
    with transaction(con):
        stored = read_links(con, (result.link.link_id for result in results))
        before = dict(stored)
        for result in results:
            known = stored.get(result.link.link_id) or new_link(result.link, now=now)
            stored[known.link_id] = after_fetch(known, result, now=now)
        insert_captures(con, run_id, (result.capture for result in results if result.capture))
        insert_hints(con, (result.link.hints for result in results if result.link.link_id not in before))
        write_links(con, stored.values())
        record_removals(con, run_id, removals_of(results, stored), now=now)
        touch_articles(con, unchanged_ids(results), now=now)
        insert_outcomes(con, run_id, [named for result in results if (named := outcome_of(result, outlet_id))])


def after_fetch(link: StoredLink, result: FetchResult, *, now: datetime) -> StoredLink:
    """State of a link after one attempt."""
    if result.capture is not None:
        link = replace(link, capture_id=result.capture.capture_id)
    if result.outcome is None:
        if result.capture is None:
            return link
        return replace(link, state="fetched", attempt_count=0, retry_at=None, is_forced=False)
    reason = result.outcome.reason
    if reason in NOT_TRIED:
        return link
    if reason in WORTH_RETRYING and link.attempt_count < len(RETRY_DELAYS):
        retry_at = now + RETRY_DELAYS[link.attempt_count]
        return replace(link, state="pending", attempt_count=link.attempt_count + 1, retry_at=retry_at, decided_at=now)
    return link.decided(result.outcome.stage, reason, now=now)


def removals_of(results: Sequence[FetchResult], links: Mapping[str, StoredLink]) -> Iterator[Removal]:
    """The takedowns among some results."""
    for result in results:
        link = links[result.link.link_id]
        if result.outcome and result.outcome.reason in GONE and link.article_id:
            yield Removal(
                article_id=link.article_id,
                link_id=link.link_id,
                capture_id=result.capture.capture_id if result.capture else None,
                occurred_at=result.capture.fetched_at if result.capture else result.outcome.occurred_at,
            )


def unchanged_ids(results: Sequence[FetchResult]) -> Iterator[str]:
    """Links whose address answered that nothing changed: the articles were seen."""
    for result in results:
        if result.outcome and result.outcome.reason in (Reason.NOT_MODIFIED, Reason.UNCHANGED):
            yield result.link.link_id


def outcome_of(result: FetchResult, outlet_id: str) -> Outcome | None:
    """The outcome of a fetch with the ids of its link and capture; None when its capture goes on to extract."""
    if result.outcome is None:
        return None
    return replace(
        result.outcome,
        outlet_id=outlet_id,
        link_id=result.link.link_id,
        source_id=result.outcome.source_id or result.link.source_id,
        capture_id=result.capture.capture_id if result.capture else result.outcome.capture_id,
    )
