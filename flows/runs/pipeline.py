"""One run over outlets: discover, fetch, extract, load for each, side by side; then publish and check.

The same code runs with plain stages (the command line) and with stages that are Prefect tasks (the flow).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from extractors.errors import ConfigurationError, Reason, WarehouseError, WirewatchError
from extractors.normalize.urls import link_problem, normalize_url
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Poll
from flows.health.heartbeat import signal_life
from flows.health.judging import judge_health
from flows.health.notify import tell_receivers
from flows.journal.events import LinksNamed
from flows.runs import stages as plain
from flows.runs.captured_pages import load_folders
from flows.runs.due_sources import due_sources, is_idle
from flows.runs.further_pages import follow_pages
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run, now, open_run, remember_outlets
from flows.runs.search import merge_search
from flows.runs.stories import catch_up_stories
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.checks import run_checks
from warehouse.connection import claim_outlet
from warehouse.intervals import recovery_note
from warehouse.load import LoadCounts
from warehouse.publish import UNTHROTTLED, Throttle, publish
from warehouse.state import (
    DiscoverCounts,
    DueLink,
    due_work,
    fetched_links,
    waiting_counts,
)
from warehouse.ticks import Standing, read_standings

LOG = logging.getLogger(__name__)

MANY_OUTLETS = 25
"""Where a run has more outlets to work on, to discover is no task of Prefect's: most polls bring nothing, and to tell a
server so costs more than the poll. What is fetched, extracted and loaded always has its tasks."""

T = TypeVar("T")


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

    discover: Callable[
        [Run, Outlet, datetime | None, Sequence[Source]], Awaitable[tuple[tuple[Poll, ...], DiscoverCounts]]
    ] = plain.discover_stage
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
    outlets, wanted = choose(workspace, request)
    parameters: dict[str, object] = {
        "outlets": list(request.outlet_ids),
        "since": request.since.isoformat() if request.since else None,
        "limit": request.limit,
        "urls": list(request.urls),
    }
    async with open_run(workspace, reporter, command="ingest", parameters=parameters) as run:
        await remember_outlets(run, outlets)
        is_scheduled = not request.outlet_ids and not request.urls
        standings: dict[str, Standing] = {}
        if is_scheduled:
            ages = {outlet.outlet_id: recheck_ages(workspace, outlet) for outlet in outlets}
            standings = await run.write(read_standings, ages, now=now())
        idle = {key for key, each in standings.items() if is_idle(workspace.outlets[key], each, at=now())}
        if len(outlets) - len(idle) > MANY_OUTLETS:
            stages = replace(stages, discover=plain.discover_stage)
        slots = asyncio.Semaphore(workspace.settings.engine.outlets_at_once)

        async def one(outlet: Outlet) -> OutletReport:
            if outlet.outlet_id in idle:
                return idle_report(outlet, reporter)
            standing = standings.get(outlet.outlet_id)
            async with slots:
                urls = wanted.get(outlet.outlet_id, ())
                return await ingest_outlet(run, outlet, request, urls, stages, standing=standing)

        run.report.outlets += await all_or_none([one(outlet) for outlet in outlets])
        await publish_and_check(run, outlets, is_throttled=is_scheduled)
    return run.report


def choose(workspace: Workspace, request: Request) -> tuple[tuple[Outlet, ...], dict[str, list[str]]]:
    """The outlets that a request is about, and the URLs that it names by outlet.

    Raises:
        ConfigurationError: It names an outlet or a URL that the configuration does not know.
    """
    outlets = workspace.select(request.outlet_ids)
    if not request.urls:
        return outlets, {}
    wanted = assign_urls(outlets, request.urls)
    return tuple(outlet for outlet in outlets if outlet.outlet_id in wanted), wanted


async def all_or_none(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Await all; when one raises, end the others before that goes on, since what they use is closed then."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def idle_report(outlet: Outlet, reporter: Reporter) -> OutletReport:
    """The report on an outlet of which nothing is due, as of most at a tick: nothing is asked or written for it."""
    report = OutletReport(outlet_id=outlet.outlet_id)
    report.other[Reason.NOT_DUE] += 1
    say_how_it_went(reporter, report)
    return report


async def ingest_outlet(
    run: Run,
    outlet: Outlet,
    request: Request,
    urls: Sequence[str],
    stages: Stages,
    *,
    standing: Standing | None = None,
) -> OutletReport:
    """Run one outlet's stages, and keep whatever goes wrong with it to itself.

    Where ``standing`` says that nothing waited, a poll that brings nothing leaves nothing to look for.
    """
    report = OutletReport(outlet_id=outlet.outlet_id)
    with faults_kept(report), claim_outlet(run.workspace.home, outlet.outlet_id) as is_ours:
        if not is_ours:
            report.skip(is_named=bool(request.outlet_ids or request.urls))
        else:
            if urls:
                # What is fetched and waits is read first: to be due again would put it out of sight.
                await extract_and_load(run, outlet, report, stages)
            await make_due(run, outlet, request, urls, report, stages)
            await load_folders(run, outlet, report)
            # Who names a page waits for that page, not for the others' rechecks.
            ages = () if urls else recheck_ages(run.workspace, outlet)
            if report.new or standing is None or standing.has_work:
                await work_off(run, outlet, report, stages, limit=request.limit, ages=ages)
    say_how_it_went(run.reporter, report)
    return report


def say_how_it_went(reporter: Reporter, report: OutletReport) -> None:
    """Say an outlet's one line: a warning where a person should look, hardly a word where nothing was due."""
    is_idle = not report.sources and not report.has_failed and set(report.other) == {Reason.NOT_DUE}
    level = logging.WARNING if report.has_failed else logging.DEBUG if is_idle else logging.INFO
    reporter.say(report.sentence(), level=level, fields=report.as_dict())


@contextmanager
def faults_kept(report: OutletReport) -> Iterator[None]:
    """Keep what goes wrong with one outlet in its report, and from the others; time its part of the run.

    Raises:
        WarehouseError: What concerns the warehouse concerns every outlet.
    """
    started = time.monotonic()
    try:
        yield
    except WarehouseError:
        raise
    except WirewatchError as error:
        report.problem = str(error)
    except Exception as error:
        # The one place where a defect in one outlet's way is kept from the others: the run goes on, ends with exit
        # code 1, and the traceback is in the log.
        LOG.exception("outlet %s failed", report.outlet_id)
        report.problem = f"{type(error).__name__}: {error}"
    report.seconds = time.monotonic() - started


async def make_due(
    run: Run, outlet: Outlet, request: Request, urls: Sequence[str], report: OutletReport, stages: Stages
) -> None:
    """Make links due: those that were named, or what the outlet's sources list. A dry run does the same on a copy."""
    if urls:
        await add_urls(run, outlet, urls)
    else:
        await discover_links(run, outlet, request, report, stages)


async def discover_links(run: Run, outlet: Outlet, request: Request, report: OutletReport, stages: Stages) -> None:
    """Poll the outlet's sources: when they are due, or at once where the outlet was named."""
    schedules = await run.schedules(outlet.outlet_id)
    sources = outlet.sources if request.outlet_ids else due_sources(outlet.sources, schedules, at=now())
    if outlet.sources and not sources:
        report.other[Reason.NOT_DUE] += 1
        return
    polls, counts = await stages.discover(run, outlet, request.since, sources)
    report.recovered = [note for poll in polls if (note := recovery_note(schedules.get(poll.source_id), poll))]
    report.sources = [(poll.source_id, poll.outcome.reason, poll.outcome.detail) for poll in polls]
    report.listed, report.new = counts.listed, counts.new + counts.changed
    report.other.update(outcome.reason for poll in polls for outcome in poll.rejected)


def recheck_ages(workspace: Workspace, outlet: Outlet) -> tuple[timedelta, ...]:
    """Ages at which an outlet's articles are fetched again."""
    hours = workspace.settings.recheck.for_outlet(outlet).after_hours
    return tuple(timedelta(hours=each) for each in hours)


async def work_off(
    run: Run,
    outlet: Outlet,
    report: OutletReport,
    stages: Stages,
    *,
    limit: int | None,
    ages: Sequence[timedelta] = (),
    work: Callable[..., list[DueLink]] = due_work,
) -> None:
    """Fetch, extract and load what is due, in rounds of bounded size: the leavings of a killed run, links, rechecks.

    ``work`` chooses what is due; a recheck alone leaves the links that wait to the next run.
    """
    await extract_and_load(run, outlet, report, stages)
    left = limit
    while left is None or left > 0:
        size = run.workspace.settings.engine.links_per_round
        most = size if left is None else min(size, left)
        links = await run.write(work, outlet.outlet_id, limit=most, now=now(), ages=ages)
        if not links:
            return
        results = await stages.fetch(run, outlet, links)
        rechecked = {due.link.link_id for due in links if due.is_recheck}
        for result in results:
            report.count_fetch(result, is_recheck=result.link.link_id in rechecked)
        await extract_and_load(run, outlet, report, stages)
        left = None if left is None else left - len(links)


async def extract_and_load(run: Run, outlet: Outlet, report: OutletReport, stages: Stages) -> None:
    """Extract and load what is fetched and not loaded, in rounds of bounded size; articles with all of their pages.

    Raises:
        WirewatchError: Pages came back after their load. Each load ends them; to go on would never end.
    """
    size = run.workspace.settings.engine.links_per_round
    before: set[str] = set()
    while pages := await run.write(fetched_links, outlet.outlet_id, limit=size, now=now()):
        first_pages = await stages.extract(run, outlet, pages)
        extractions, waiting = await follow_pages(run, outlet, pages, first_pages, stages.extract)
        report.other.update(waiting)
        counts = await stages.load(run, outlet, extractions)
        report.count(counts)
        if counts.doubted:
            run.report.missed.append(
                f"{outlet.outlet_id}: {counts.doubted} pages that were articles came out empty or led to the home "
                "page, as did most pages of the last 24 hours; none is taken for removed. Has the site's design "
                "changed, or is it down?"
            )
        captures = {each.capture.capture_id for each in extractions}
        if captures and captures <= before:
            raise WirewatchError(f"{len(captures)} fetched pages are still to be extracted after they were loaded")
        before |= captures


async def publish_and_check(run: Run, outlets: Sequence[Outlet], *, is_throttled: bool = False) -> None:
    """Give analysts the new file; let the run fail where books do not balance or an outlet's promise is missed.

    Whoever wants to know of outlets that are not well is told then.
    """
    await catch_up_stories(run)
    await merge_search(run)
    missed = await judge_health(run, outlets, is_scheduled=is_throttled)
    faults = [result for result in await run.write(run_checks, since=run.started_at) if result.offending_count]
    run.report.missed += [f"{fault.name}: {fault.offending_count} rows, such as {fault.sample}" for fault in faults]
    waiting = await run.write(waiting_counts)
    run.report.unconfigured = {key: count for key, count in waiting.items() if key not in run.workspace.outlets}
    run.report.missed += missed
    # Before the file is published, which shows how outlets do and how the run ended.
    await run.end()
    options = run.workspace.settings.publish
    if options.after_each_run:
        wait = run.workspace.settings.warehouse.lock_wait_seconds
        # What somebody asked for by hand is shown at once; of scheduled runs a later one will show it.
        throttle = Throttle(
            least_seconds=options.least_seconds_between, seconds_per_gigabyte=options.seconds_per_gigabyte
        )
        run.report.is_published = await asyncio.to_thread(
            publish, run.workspace.home, wait_seconds=wait, throttle=throttle if is_throttled else UNTHROTTLED
        )
    await tell_receivers(run)
    if not faults:
        await signal_life(run)


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
    links = tuple(
        Link(
            outlet_id=outlet.outlet_id,
            source_id="urls:command",
            requested_url=url,
            normalized_url=normalize_url(url, outlet),
        )
        for url in urls
    )
    named = LinksNamed(run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, links=links)
    await run.record(named, named.tell)
