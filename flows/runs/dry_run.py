"""What a run would fetch and why not the rest: the pipeline's own code on a copy of the warehouse, up to the pages.

Due sources are polled for real, robots.txt is asked for real; no page is asked for, and nothing is kept.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from extractors.errors import FetchError, Reason
from extractors.outlets import Outlet, Source
from extractors.records import Outcome, Poll
from flows.runs.forecast import DryRunReport, Forecast, Prospect, Why
from flows.runs.pipeline import PLAIN_STAGES, Request, Stages, all_or_none, choose, faults_kept, make_due, recheck_ages
from flows.runs.rechecks import ask_for_many
from flows.runs.report import OutletReport
from flows.runs.run import Run, now, open_run, remember_outlets
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.rehearsal import ConsideredLink, considered_links, copy_live
from warehouse.state import DiscoverCounts, DueLink, due_work


async def dry_run(workspace: Workspace, request: Request, reporter: Reporter) -> DryRunReport:
    """Find out what ``ingest`` would do with the same request, and leave the home as it is.

    Raises:
        ConfigurationError: The request names an outlet or a URL that the configuration does not know.
        WarehouseError: The warehouse is busy or unusable, or there is no room for a copy of it.
    """
    outlets, wanted = choose(workspace, request)
    with tempfile.TemporaryDirectory(prefix="wirewatch-dry-run-") as folder:
        rehearsal = replace(workspace, home=Path(folder) / "home")
        wait = workspace.settings.warehouse.lock_wait_seconds
        await asyncio.to_thread(copy_live, workspace.home, rehearsal.home, wait_seconds=wait)
        async with open_run(rehearsal, reporter, command="dry run", parameters={}, keeps_responses=False) as run:
            await remember_outlets(run, outlets)
            slots = asyncio.Semaphore(workspace.settings.engine.outlets_at_once)

            async def one(outlet: Outlet) -> Forecast:
                async with slots:
                    return await forecast(run, outlet, request, wanted.get(outlet.outlet_id, ()))

            return DryRunReport(outlets=await all_or_none([one(outlet) for outlet in outlets]))


async def forecast(run: Run, outlet: Outlet, request: Request, urls: Sequence[str]) -> Forecast:
    """Make one outlet's links due, as a run does, and look at what is."""
    report = OutletReport(outlet_id=outlet.outlet_id)
    found = Forecast(report=report)
    started = now()
    with faults_kept(report):
        polls: list[Poll] = []
        await make_due(run, outlet, request, urls, report, kept_polls(polls))
        ages = () if urls else recheck_ages(run.workspace, outlet)
        due = await run.write(due_work, outlet.outlet_id, limit=None, now=now(), ages=ages)
        considered = await run.write(considered_links, outlet.outlet_id, run.run_id)
        in_turn = due[: request.limit]
        found.prospects += await fetched_ones(run, outlet, in_turn, considered, started=started)
        found.prospects += left_ones(due[len(in_turn) :], due, considered)
        found.prospects += rejected_ones(polls, considered)
    return found


def kept_polls(polls: list[Poll]) -> Stages:
    """The pipeline's stages, with what the polls brought put into ``polls`` too."""

    async def discover(
        run: Run, outlet: Outlet, since: datetime | None, sources: Sequence[Source]
    ) -> tuple[tuple[Poll, ...], DiscoverCounts]:
        made, counts = await PLAIN_STAGES.discover(run, outlet, since, sources)
        polls.extend(made)
        return made, counts

    return replace(PLAIN_STAGES, discover=discover)


async def fetched_ones(
    run: Run, outlet: Outlet, links: Sequence[DueLink], considered: Sequence[ConsideredLink], *, started: datetime
) -> list[Prospect]:
    """The links whose turn it is: settled by a list, refused by robots.txt or the host's budget, or to be fetched."""
    known = {each.link_id: each for each in considered}
    settled, _, alone = await ask_for_many(run, outlet, links)
    prospects = [prospect_of(result.outcome) for result in settled if result.outcome]
    for due in alone:
        url = due.link.requested_url
        try:
            await run.fetcher.check_access(url, outlet=outlet)
        except FetchError as error:
            prospects.append(Prospect(requested_url=url, reason=error.reason, detail=error.detail))
        else:
            reason = Why.RECHECK if due.is_recheck else why(known[due.link.link_id], started=started)
            prospects.append(Prospect(requested_url=url, why=reason))
    return prospects


def why(link: ConsideredLink, *, started: datetime) -> Why:
    """Why a link that waits is due."""
    if link.is_forced:
        return Why.ASKED
    if link.queued_at >= started:
        return Why.NEW if link.first_seen_at >= started else Why.CHANGED
    return Why.RETRY if link.attempt_count else Why.WAITING


def left_ones(
    beyond: Sequence[DueLink], due: Sequence[DueLink], considered: Sequence[ConsideredLink]
) -> list[Prospect]:
    """The links whose turn it is not: beyond the limit, waiting after a failure, fetched, or done."""
    due_ids = {each.link.link_id for each in due}
    prospects = [Prospect(requested_url=each.link.requested_url, reason="beyond_limit") for each in beyond]
    for link in considered:
        if link.link_id in due_ids:
            continue
        if link.state == "fetched":
            prospects.append(Prospect(requested_url=link.requested_url, reason="to_be_extracted"))
        elif link.state == "pending":
            detail = f"not before {link.retry_at:%Y-%m-%d %H:%M} UTC" if link.retry_at else ""
            prospects.append(Prospect(requested_url=link.requested_url, reason=Reason.NOT_DUE, detail=detail))
        else:
            prospects.append(Prospect(requested_url=link.requested_url, reason=Reason.ALREADY_KNOWN))
    return prospects


def rejected_ones(polls: Sequence[Poll], considered: Sequence[ConsideredLink]) -> list[Prospect]:
    """What the sources listed and is none of the outlet's links; what is open all the same is told as such."""
    told = {each.link_id for each in considered}
    return [prospect_of(outcome) for poll in polls for outcome in poll.rejected if outcome.link_id not in told]


def prospect_of(outcome: Outcome) -> Prospect:
    """A link that ends without being fetched."""
    return Prospect(requested_url=outcome.requested_url, reason=outcome.reason, detail=outcome.detail)
