"""Rechecks alone: articles whose age says so are fetched again, no source is polled and no new page is fetched.

Every ``ingest`` makes the rechecks that are due too; this is for whoever wants them without it, or at other times.
"""

from __future__ import annotations

import asyncio

from extractors.outlets import Outlet
from flows.runs.pipeline import (
    PLAIN_STAGES,
    Request,
    Stages,
    all_or_none,
    faults_kept,
    publish_and_check,
    recheck_ages,
    say_how_it_went,
    work_off,
)
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run, open_run, remember_outlets
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.connection import claim_outlet
from warehouse.rechecks import due_rechecks


async def recheck(
    workspace: Workspace, request: Request, reporter: Reporter, *, stages: Stages = PLAIN_STAGES
) -> RunReport:
    """Fetch again the articles that are due for it.

    Args:
        workspace: ``[recheck]`` of its files says at which ages.
        request: ``outlet_ids`` and ``limit`` of it count.
        reporter: Where progress is shown.
        stages: Fetch, extract and load, as they are or wrapped in tasks.

    Returns:
        What became of every outlet.

    Raises:
        ConfigurationError: There is no such outlet.
        WarehouseError: The warehouse is busy or unusable.
    """
    outlets = workspace.select(request.outlet_ids)
    parameters: dict[str, object] = {"outlets": list(request.outlet_ids), "limit": request.limit}
    async with open_run(workspace, reporter, command="recheck", parameters=parameters) as run:
        await remember_outlets(run, outlets)
        slots = asyncio.Semaphore(workspace.settings.engine.outlets_at_once)

        async def one(outlet: Outlet) -> OutletReport:
            async with slots:
                return await recheck_outlet(run, outlet, request, stages)

        run.report.outlets += await all_or_none([one(outlet) for outlet in outlets])
        await publish_and_check(run, ())
    return run.report


async def recheck_outlet(run: Run, outlet: Outlet, request: Request, stages: Stages) -> OutletReport:
    """Make one outlet's rechecks, and keep whatever goes wrong with it to itself."""
    report = OutletReport(outlet_id=outlet.outlet_id)
    with faults_kept(report), claim_outlet(run.workspace.home, outlet.outlet_id) as is_ours:
        if not is_ours:
            report.skip(is_named=bool(request.outlet_ids))
        else:
            ages = recheck_ages(run.workspace, outlet)
            await work_off(run, outlet, report, stages, limit=request.limit, ages=ages, work=due_rechecks)
    say_how_it_went(run.reporter, report)
    return report
