"""The four stages of one outlet as plain coroutines: discover, fetch, extract, load.

Each hands its result to the next through the warehouse, so that a killed run goes on where it stopped: what was
discovered is due, what was fetched is in the archive and waits to be extracted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from extractors.discover import discover
from extractors.errors import FetchError, NotAskedError, Reason
from extractors.extract import PageTask
from extractors.fetch import Accept
from extractors.normalize.urls import led_home, normalize_url
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Extraction, FetchResult, Hints, Outcome, Poll, Stage
from flows.journal.events import PagesFetched, PagesRead, SourcesPolled, read_pages
from flows.runs.due_sources import bounds_of
from flows.runs.rechecks import ask_for_many
from flows.runs.run import Run, now
from warehouse.further_pages import known_pages
from warehouse.load import LoadCounts
from warehouse.state import DiscoverCounts, DueLink

RESULTS_PER_TRANSACTION = 25
SECONDS_BETWEEN_TRANSACTIONS = 2.0
"""A kill costs at most this many fetched pages, or those of this time where they come faster: the next run fetches them
again. A transaction costs more than its rows."""


async def discover_stage(
    run: Run, outlet: Outlet, since: datetime | None, sources: Sequence[Source]
) -> tuple[tuple[Poll, ...], DiscoverCounts]:
    """Poll those of the outlet's sources that are due, and remember every link that they list."""
    run.reporter.expect(Stage.DISCOVER, 1)
    states = await run.source_states(outlet.outlet_id)
    polls = await discover(outlet, run.fetcher, states=states, since=since, now=now(), sources=sources)
    polled = SourcesPolled(
        run_id=run.run_id,
        at=now(),
        outlet_id=outlet.outlet_id,
        polls=tuple(polls),
        bounds={source.source_id: bounds_of(source) for source in sources},
        is_history=since is not None,
    )
    counts = await run.record_polls(polled)
    run.reporter.advance(Stage.DISCOVER)
    return polls, counts


async def fetch_stage(run: Run, outlet: Outlet, links: Sequence[DueLink]) -> list[FetchResult]:
    """Fetch links and remember each response, or why there is none."""
    run.reporter.expect(Stage.FETCH, len(links))
    results, listings, alone = await ask_for_many(run, outlet, links)
    if listings or results:
        await remember(run, outlet, results, listings)
        run.reporter.advance(Stage.FETCH, len(results))
    unwritten: list[FetchResult] = []
    written_at = time.monotonic()
    tasks = [asyncio.create_task(fetch_link(run, outlet, due)) for due in alone]
    try:
        for done in asyncio.as_completed(tasks):
            unwritten.append(await done)
            run.reporter.advance(Stage.FETCH)
            is_time = time.monotonic() >= written_at + SECONDS_BETWEEN_TRANSACTIONS
            if is_time and len(unwritten) >= RESULTS_PER_TRANSACTION:
                batch, unwritten = unwritten, []
                await remember(run, outlet, batch)
                results += batch
                written_at = time.monotonic()
    finally:
        for task in tasks:
            task.cancel()
        # Seen to their end before the client and the archive that they use are closed.
        await asyncio.gather(*tasks, return_exceptions=True)
        if unwritten:
            await remember(run, outlet, unwritten)
            results += unwritten
    return results


async def remember(run: Run, outlet: Outlet, results: Sequence[FetchResult], listings: Sequence[Capture] = ()) -> None:
    """Write what was fetched, once its responses are safe on the disk."""
    fetched = PagesFetched(
        run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, results=tuple(results), listings=tuple(listings)
    )
    await run.record(fetched, fetched.tell)


async def fetch_link(run: Run, outlet: Outlet, due: DueLink) -> FetchResult:
    """Fetch one link; every failure becomes its outcome."""
    link = due.link
    capture: Capture | None = None
    postponed_until: datetime | None = None
    try:
        fetched = await run.fetcher.fetch(
            link.requested_url, outlet=outlet, accept=Accept.PAGE, validators=due.validators
        )
    except FetchError as error:
        capture, reason, detail, status = error.capture, error.reason, error.detail, error.http_status
        if isinstance(error, NotAskedError):
            postponed_until = now() + timedelta(seconds=error.retry_after_seconds or 0)
    else:
        if fetched is None:
            reason, detail, status = Reason.NOT_MODIFIED, "", 304
        else:
            capture, status = fetched.capture, fetched.capture.http_status
            landed = normalize_url(capture.final_url, outlet)
            is_page = landed == link.normalized_url or outlet.accepts_url(landed)
            if is_page and capture.body_sha256 == due.body_sha256:
                reason, detail = Reason.UNCHANGED, "the same body as before"
            elif is_page or led_home(link.requested_url, capture.final_url, outlet):
                return FetchResult(link=link, capture=capture)
            else:
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
    return FetchResult(link=link, capture=capture, outcome=outcome, postponed_until=postponed_until)


async def extract_stage(run: Run, outlet: Outlet, pages: Sequence[tuple[Capture, str, Hints]]) -> list[Extraction]:
    """Read captures back from the archive and make articles of them, or verdicts."""
    run.reporter.expect(Stage.EXTRACT, len(pages))
    further = await run.write(known_pages, [capture.capture_id for capture, _, _ in pages])
    tasks = [
        PageTask(
            capture=capture,
            link_id=link_id,
            hints=hints,
            outlet=outlet,
            further=further.get(capture.capture_id, ()),
        )
        for capture, link_id, hints in pages
    ]
    extractions: list[Extraction] = []
    async for chunk in run.pool.extract(tasks):
        extractions += chunk
        run.reporter.advance(Stage.EXTRACT, len(chunk))
    return extractions


async def load_stage(run: Run, outlet: Outlet, extractions: Sequence[Extraction]) -> LoadCounts:
    """Write articles, revisions, outcomes and link states in one transaction."""
    run.reporter.expect(Stage.LOAD, len(extractions))
    keeps_stories = run.workspace.settings.stories.enabled
    read = PagesRead(run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, pages=read_pages(extractions))
    counts = await run.record(read, partial(read.tell, extractions=extractions, keeps_stories=keeps_stories))
    run.reporter.advance(Stage.LOAD, len(extractions))
    return counts
