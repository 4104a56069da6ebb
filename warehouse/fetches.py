"""What the fetch stage made of links to rows: captures to extract, retries with growing delays, reasons."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from extractors.errors import TRANSIENT_REASONS, Reason
from extractors.records import Capture, FetchResult, Outcome
from warehouse.intervals import spread
from warehouse.links import StoredLink, new_link, read_links, touch_articles, write_links
from warehouse.outcomes import insert_outcomes
from warehouse.removals import Removal, record_removals
from warehouse.rows import insert_captures, insert_hints
from warehouse.transactions import transaction

RETRY_DELAYS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""Least wait after the first, second, third and fourth transient failure in a row; the fifth is for good."""

WORTH_RETRYING = TRANSIENT_REASONS | {Reason.ARCHIVE_ERROR, Reason.CHALLENGE}
"""A full disk says nothing about the link, and a host that wants to see a browser today may not want to tomorrow."""

NOT_TRIED = frozenset({Reason.NOT_DUE, Reason.OUTLET_BUSY, Reason.BUDGET_SPENT})
GONE = frozenset({Reason.HTTP_404, Reason.HTTP_410})


def record_fetches(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlet_id: str,
    results: Sequence[FetchResult],
    *,
    now: datetime,
    is_history: bool = False,
    listings: Iterable[Capture] = (),
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
        is_history: The responses come from somebody else's archive. Nothing is fetched again because of one that is
            damaged, and what is known of a link stays: that it is due, which response waits, what became of it.
        listings: Responses that outcomes name and that are no pages: a list of what is still there.
    """
    record_outlets_fetches(con, run_id, {outlet_id: results}, now=now, is_history=is_history, listings=listings)


def record_outlets_fetches(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    groups: Mapping[str, Sequence[FetchResult]],
    *,
    now: datetime,
    is_history: bool = False,
    listings: Iterable[Capture] = (),
) -> None:
    """Record fetches of several outlets in one transaction; see ``record_fetches``.

    Args:
        con: The loader's connection.
        run_id: The run.
        groups: Results by ``outlet_id``.
        now: Aware time.
        is_history: As in ``record_fetches``.
        listings: As in ``record_fetches``.
    """
    results = [result for group in groups.values() for result in group]
    outcomes = (outcome_of(result, outlet_id) for outlet_id, group in groups.items() for result in group)
    with transaction(con):
        before = read_links(con, (result.link.link_id for result in results))
        stored = dict(before)
        for result in results:
            known = stored.get(result.link.link_id) or new_link(result.link, now=now)
            is_new = known.link_id not in before
            stored[known.link_id] = (
                after_history(known, result, now=now, is_new=is_new)
                if is_history
                else after_fetch(known, result, now=now)
            )
        pages = (result.capture for result in results if result.capture)
        insert_captures(con, run_id, itertools.chain(pages, listings))
        insert_hints(con, (result.link.hints for result in results if result.link.link_id not in before))
        write_links(con, (link for link_id, link in stored.items() if before.get(link_id) != link))
        if not is_history:
            record_removals(con, run_id, removals_of(results, stored), now=now)
        touch_articles(con, (stored[link_id] for link_id in unchanged_ids(results)), now=now)
        insert_outcomes(con, run_id, [outcome for outcome in outcomes if outcome])


def after_history(link: StoredLink, result: FetchResult, *, now: datetime, is_new: bool) -> StoredLink:
    """State of a link of which an archive of others holds a response; loading it tells the rest of a known one."""
    if result.outcome is None:
        ours = link.due_again(result.link, now=now, position=0) if link.was_rejected else link
        return after_fetch(ours, result, now=now) if is_new or link.was_rejected else link
    if not is_new or link.state == "fetched":
        return link
    captured = replace(link, capture_id=result.capture.capture_id) if result.capture else link
    return captured.decided(result.outcome.stage, result.outcome.reason, now=now)


def after_fetch(link: StoredLink, result: FetchResult, *, now: datetime) -> StoredLink:
    """State of a link after one attempt."""
    if result.capture is not None:
        link = replace(link, capture_id=result.capture.capture_id)
    if result.outcome is None:
        if result.capture is None:
            return link
        return replace(link, state="fetched", attempt_count=0, retry_at=None, is_forced=False)
    reason = result.outcome.reason
    if result.postponed_until is not None:
        return replace(link, retry_at=result.postponed_until)
    if reason in NOT_TRIED:
        return link
    if reason in WORTH_RETRYING and link.attempt_count < len(RETRY_DELAYS):
        waits = replace(link, attempt_count=link.attempt_count + 1, retry_at=now + retry_delay(link))
        # A recheck that failed for now leaves the link loaded, and the step of its schedule open.
        return waits if link.state == "done" else replace(waits, state="pending", decided_at=now)
    return link.decided(result.outcome.stage, reason, now=now)


def retry_delay(link: StoredLink) -> timedelta:
    """The wait after one more transient failure, with jitter: what failed together is not tried again together."""
    return spread(RETRY_DELAYS[link.attempt_count], link.link_id, link.attempt_count)


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
