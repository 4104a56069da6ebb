"""One run over outlets: discover, fetch, extract, load for each, side by side; then publish and check.

The same code runs with plain stages (the command line) and with stages that are Prefect tasks (the flow).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from extractors.errors import ConfigurationError, Reason, WarehouseError, WirewatchError
from extractors.normalize.urls import link_problem, normalize_url
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Poll
from flows import stages as plain
from flows.progress import Reporter
from flows.report import OutletReport, RunReport
from flows.run import Run, now, open_run, remember_outlets
from flows.settings import Workspace
from warehouse.checks import run_checks
from warehouse.connection import claim_outlet
from warehouse.expectations import Expectation, missed_expectations
from warehouse.load import LoadCounts
from warehouse.publish import publish
from warehouse.state import DiscoverCounts, DueLink, add_links, due_links, fetched_links, last_polls

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is asked to do.

    Args:
        outlet_ids: The outlets; none means all of them, and of their sources those that are due.
        since: Links that their source dates earlier are set aside as ``too_old``.
        limit: Pages to fetch for each outlet, at most.
        urls: Fetch these and poll no source.
    """

    outlet_ids: tuple[str, ...] = ()
    since: datetime | None = None
    limit: int | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The four stages, as they are or wrapped in tasks."""

    discover: Callable[[Run, Outlet, datetime | None], Awaitable[tuple[tuple[Poll, ...], DiscoverCounts]]] = (
        plain.discover_stage
    )
    fetch: Callable[[Run, Outlet, Sequence[DueLink]], Awaitable[list[FetchResult]]] = plain.fetch_stage
    extract: Callable[[Run, Outlet, Sequence[tuple[Capture, str, Hints]]], Awaitable[list[Extraction]]] = (
        plain.extract_stage
    )
    load: Callable[[Run, Outlet, Sequence[Extraction]], Awaitable[LoadCounts]] = plain.load_stage


PLAIN_STAGES = Stages()


async def ingest(
    workspace: Workspace, request: Request, reporter: Reporter, *, stages: Stages = PLAIN_STAGES
) -> RunReport:
    """Run the pipeline once.

    Returns:
        What became of every outlet. One outlet's failure is in its report and stops no other.

    Raises:
        ConfigurationError: The request names an outlet or a URL that the configuration does not know.
        WarehouseError: The warehouse is busy or unusable; links that were discovered stay due.
    """
    outlets = workspace.select(request.outlet_ids)
    wanted = assign_urls(outlets, request.urls) if request.urls else {}
    if request.urls:
        outlets = tuple(outlet for outlet in outlets if outlet.outlet_id in wanted)
    parameters: dict[str, object] = {
        "outlets": list(request.outlet_ids),
        "since": request.since.isoformat() if request.since else None,
        "limit": request.limit,
        "urls": list(request.urls),
    }
    async with open_run(workspace, reporter, command="ingest", parameters=parameters) as run:
        await remember_outlets(run, outlets)
        slots = asyncio.Semaphore(workspace.settings.engine.outlets_at_once)

        async def one(outlet: Outlet) -> OutletReport:
            async with slots:
                return await ingest_outlet(run, outlet, request, wanted.get(outlet.outlet_id, ()), stages)

        run.report.outlets += await all_or_none([one(outlet) for outlet in outlets])
        await publish_and_check(run, outlets)
    return run.report


async def all_or_none(work: Sequence[Coroutine[Any, Any, OutletReport]]) -> list[OutletReport]:
    """Await all; when one raises, end the others before that goes on, since what they use is closed then."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ingest_outlet(
    run: Run, outlet: Outlet, request: Request, urls: Sequence[str], stages: Stages
) -> OutletReport:
    """Run one outlet's stages, and keep whatever goes wrong with it to itself."""
    report = OutletReport(outlet_id=outlet.outlet_id)
    started = time.monotonic()
    try:
        with claim_outlet(run.workspace.home, outlet.outlet_id) as is_ours:
            if not is_ours:
                report.problem = "skipped: another run is working on it"
                report.other[Reason.OUTLET_BUSY] += 1
            else:
                if urls:
                    # What is fetched and waits is read first: to be due again would put it out of sight.
                    await extract_and_load(run, outlet, report, stages)
                    await add_urls(run, outlet, urls)
                else:
                    await discover_links(run, outlet, request, report, stages)
                await work_off(run, outlet, report, stages, limit=request.limit)
    except WarehouseError:
        raise
    except WirewatchError as error:
        report.problem = str(error)
    except Exception as error:
        # The one place where a defect in one outlet's way is kept from the others: the run goes on, ends with exit
        # code 1, and the traceback is in the log.
        LOG.exception("outlet %s failed", outlet.outlet_id)
        report.problem = f"{type(error).__name__}: {error}"
    report.seconds = time.monotonic() - started
    run.reporter.say(report.sentence())
    return report


async def discover_links(run: Run, outlet: Outlet, request: Request, report: OutletReport, stages: Stages) -> None:
    """Poll the outlet's sources: when they are due, or at once where the outlet was named."""
    if not request.outlet_ids and not is_due(outlet.sources, await run.write(last_polls, outlet.outlet_id), now()):
        report.other[Reason.NOT_DUE] += 1
        return
    polls, counts = await stages.discover(run, outlet, request.since)
    report.sources = [(poll.source_id, poll.outcome.reason, poll.outcome.detail) for poll in polls]
    report.listed, report.new = counts.listed, counts.new + counts.changed
    report.other.update(outcome.reason for poll in polls for outcome in poll.rejected)


def is_due(sources: Sequence[Source], polled: Mapping[str, datetime], at: datetime) -> bool:
    """Whether the interval of the source that was polled last has passed.

    Sources are each other's stand-ins: that the second one was never asked only says that the first one works.
    """
    last = max(
        (source for source in sources if source.source_id in polled), key=lambda s: polled[s.source_id], default=None
    )
    return last is None or (at - polled[last.source_id]).total_seconds() >= last.every_minutes * 60


async def work_off(run: Run, outlet: Outlet, report: OutletReport, stages: Stages, *, limit: int | None) -> None:
    """Fetch, extract and load what is due, in rounds of bounded size, the leavings of a killed run first."""
    await extract_and_load(run, outlet, report, stages)
    left = limit
    while left is None or left > 0:
        size = run.workspace.settings.engine.links_per_round
        links = await run.write(due_links, outlet.outlet_id, limit=size if left is None else min(size, left), now=now())
        if not links:
            return
        results = await stages.fetch(run, outlet, links)
        for result in results:
            if result.outcome is None:
                report.fetched += 1
            else:
                report.other[result.outcome.reason] += 1
        await extract_and_load(run, outlet, report, stages)
        left = None if left is None else left - len(links)


async def extract_and_load(run: Run, outlet: Outlet, report: OutletReport, stages: Stages) -> None:
    """Extract and load what is fetched and not loaded, in rounds of bounded size.

    Raises:
        WirewatchError: Pages came back after their load. Each load ends them; to go on would never end.
    """
    size = run.workspace.settings.engine.links_per_round
    before: set[str] = set()
    while pages := await run.write(fetched_links, outlet.outlet_id, limit=size):
        extractions = await stages.extract(run, outlet, pages)
        report.count(await stages.load(run, outlet, extractions))
        captures = {capture.capture_id for capture, _, _ in pages}
        if captures <= before:
            raise WirewatchError(f"{len(captures)} fetched pages are still to be extracted after they were loaded")
        before |= captures


async def publish_and_check(run: Run, outlets: Sequence[Outlet]) -> None:
    """Give analysts the new file; let the run fail where books do not balance or an outlet's promise is missed."""
    if run.workspace.settings.publish.after_each_run:
        wait = run.workspace.settings.warehouse.lock_wait_seconds
        run.report.is_published = await asyncio.to_thread(publish, run.workspace.home, wait_seconds=wait)
    for result in await run.write(run_checks):
        if result.offending_count:
            run.report.missed.append(f"{result.name}: {result.offending_count} rows, such as {result.sample}")
    run.report.missed += await run.write(missed_expectations, [expectation(outlet) for outlet in outlets])


def expectation(outlet: Outlet) -> Expectation:
    """``[expect]`` of an outlet's file, as the warehouse takes it."""
    return Expectation(outlet_id=outlet.outlet_id, **outlet.expect.model_dump())


def assign_urls(outlets: Sequence[Outlet], urls: Sequence[str]) -> dict[str, list[str]]:
    """Give each URL to the first outlet that accepts it.

    Raises:
        ConfigurationError: No outlet accepts it.
    """
    assigned: dict[str, list[str]] = {}
    for url in urls:
        for outlet in outlets:
            if link_problem(url, outlet) is None:
                assigned.setdefault(outlet.outlet_id, []).append(url)
                break
        else:
            advice = "name the outlet, or widen [urls] hosts and include of its file"
            raise ConfigurationError("--url", url, "is no article of a configured outlet", advice)
    return assigned


async def add_urls(run: Run, outlet: Outlet, urls: Sequence[str]) -> None:
    """Make URLs due that a person asked for, whether or not they are known."""
    links = [
        Link(
            outlet_id=outlet.outlet_id,
            source_id="urls:command",
            requested_url=url,
            normalized_url=normalize_url(url, outlet),
        )
        for url in urls
    ]
    await run.write(add_links, run.run_id, outlet.outlet_id, links, now=now(), force=True)
