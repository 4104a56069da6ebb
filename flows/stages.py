"""The four stages of one outlet as plain coroutines: discover, fetch, extract, load.

Each hands its result to the next through the warehouse, so that a killed run goes on where it stopped: what was
discovered is due, what was fetched is in the archive and waits to be extracted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from extractors.discover import discover
from extractors.errors import FetchError, Reason
from extractors.extract import PageTask
from extractors.fetch import Accept
from extractors.normalize.urls import normalize_url
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, FetchResult, Hints, Outcome, Poll, Stage
from flows.run import Run, now
from warehouse.load import LoadCounts, load
from warehouse.state import DiscoverCounts, DueLink, record_fetches, record_polls, source_states

RESULTS_PER_TRANSACTION = 25
"""Fetched pages that a kill can cost, at most: they are fetched again by the next run."""


async def discover_stage(run: Run, outlet: Outlet, since: datetime | None) -> tuple[tuple[Poll, ...], DiscoverCounts]:
    """Poll the outlet's sources and remember every link that they list."""
    run.reporter.expect(Stage.DISCOVER, 1)
    states = await run.write(source_states, outlet.outlet_id)
    polls = await discover(outlet, run.fetcher, states=states, since=since, now=now())
    await asyncio.to_thread(run.archive.sync)
    counts = await run.write(record_polls, run.run_id, outlet.outlet_id, polls, now=now())
    run.reporter.advance(Stage.DISCOVER)
    return polls, counts


async def fetch_stage(run: Run, outlet: Outlet, links: Sequence[DueLink]) -> list[FetchResult]:
    """Fetch links and remember each response, or why there is none."""
    run.reporter.expect(Stage.FETCH, len(links))
    results: list[FetchResult] = []
    unwritten: list[FetchResult] = []
    tasks = [asyncio.create_task(fetch_link(run, outlet, due)) for due in links]
    try:
        for done in asyncio.as_completed(tasks):
            unwritten.append(await done)
            run.reporter.advance(Stage.FETCH)
            if len(unwritten) >= RESULTS_PER_TRANSACTION:
                batch, unwritten = unwritten, []
                await remember(run, outlet, batch)
                results += batch
    finally:
        for task in tasks:
            task.cancel()
        # Seen to their end before the client and the archive that they use are closed.
        await asyncio.gather(*tasks, return_exceptions=True)
        if unwritten:
            await remember(run, outlet, unwritten)
            results += unwritten
    return results


async def remember(run: Run, outlet: Outlet, results: list[FetchResult]) -> None:
    """Write what was fetched, once its responses are safe on the disk."""
    await asyncio.to_thread(run.archive.sync)
    await run.write(record_fetches, run.run_id, outlet.outlet_id, results, now=now())


async def fetch_link(run: Run, outlet: Outlet, due: DueLink) -> FetchResult:
    """Fetch one link; every failure becomes its outcome."""
    link = due.link
    capture: Capture | None = None
    try:
        fetched = await run.fetcher.fetch(
            link.requested_url, outlet=outlet, accept=Accept.PAGE, validators=due.validators
        )
    except FetchError as error:
        capture, reason, detail, status = error.capture, error.reason, error.detail, error.http_status
    else:
        if fetched is None:
            reason, detail, status = Reason.NOT_MODIFIED, "", 304
        else:
            capture, status = fetched.capture, fetched.capture.http_status
            landed = normalize_url(capture.final_url, outlet)
            if landed == link.normalized_url or outlet.accepts_url(landed):
                return FetchResult(link=link, capture=capture)
            reason, detail = Reason.EXCLUDED_URL, f"redirected to {capture.final_url}"
    outcome = Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.FETCH,
        requested_url=link.requested_url,
        reason=reason,
        occurred_at=now(),
        detail=detail,
        http_status=status,
        source_id=link.source_id,
        link_id=link.link_id,
        capture_id=capture.capture_id if capture else None,
    )
    return FetchResult(link=link, capture=capture, outcome=outcome)


async def extract_stage(run: Run, outlet: Outlet, pages: Sequence[tuple[Capture, str, Hints]]) -> list[Extraction]:
    """Read captures back from the archive and make articles of them, or verdicts."""
    run.reporter.expect(Stage.EXTRACT, len(pages))
    tasks = [
        PageTask(capture=capture, link_id=link_id, hints=hints, outlet=outlet) for capture, link_id, hints in pages
    ]
    extractions: list[Extraction] = []
    async for chunk in run.pool.extract(tasks):
        extractions += chunk
        run.reporter.advance(Stage.EXTRACT, len(chunk))
    return extractions


async def load_stage(run: Run, outlet: Outlet, extractions: Sequence[Extraction]) -> LoadCounts:
    """Write articles, revisions, outcomes and link states in one transaction."""
    run.reporter.expect(Stage.LOAD, len(extractions))
    counts = await run.write(load, run.run_id, outlet.outlet_id, extractions, now=now())
    run.reporter.advance(Stage.LOAD, len(extractions))
    return counts
