"""The Prefect flow ``ingest``: the pipeline with one task per outlet and stage, and an artifact that sums it up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from extractors.errors import WirewatchError
from flows.deployed.ending import Ending, ended
from flows.deployed.log import CALLER, Caller, LogReporter
from flows.deployed.names import run_name
from flows.deployed.summary import summary_of
from flows.deployed.tasks import TASKS
from flows.parameters import parse_since
from flows.runs import pipeline
from flows.runs.dry_run import dry_run as rehearse
from flows.runs.report import RunReport
from flows.runs.run import now
from flows.settings import Workspace, open_workspace
from flows.shown.progress import Reporter


@flow(name="ingest", flow_run_name=run_name("ingest", of_all="due"), persist_result=False)
async def ingest(
    outlets: tuple[str, ...] = (),
    since: str = "",
    limit: Annotated[int, Field(ge=1)] | None = None,
    urls: tuple[str, ...] = (),
    config: str = "",
    home: str = "",
    dry_run: bool = False,
) -> State[Any]:
    """Fetch, extract and load what is new at the outlets.

    Args:
        outlets: Outlet ids; none means every outlet, and of its sources those that are due.
        since: Only links newer than this: 2d, 12h, 3w or a date such as 2026-03-01.
        limit: Pages to fetch for each outlet, at most.
        urls: Fetch these pages and poll no source.
        config: Configuration folder [config].
        home: Where the archive and the warehouse are [$WIREWATCH_HOME or data].
        dry_run: Only tell, in the artifact, what would be fetched and why not the rest; write nothing.

    Returns:
        A state with the run's report, as ``wirewatch ingest --json`` prints it; it is ``Failed`` where an outlet failed
        or a check was missed, and everything that could be loaded is loaded.
    """

    async def work() -> Ending:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        request = pipeline.Request(
            outlet_ids=outlets,
            since=parse_since(since, now(), option="since") if since else None,
            limit=limit,
            urls=urls,
        )
        if dry_run:
            forecast = await rehearse(workspace, request, LogReporter())
            return Ending(
                report=forecast,
                conclusion=forecast.conclusion(),
                summary=forecast.as_markdown(),
                has_failed=forecast.has_failed,
                values=forecast.as_dict(),
                workspace=workspace,
            )
        return ending_of(await pipeline.ingest(workspace, request, LogReporter(), stages=TASKS), workspace)

    return await ended("ingest", work)


def ending_of(report: RunReport, workspace: Workspace) -> Ending:
    """How a run over outlets ends."""
    return Ending(
        report=report,
        conclusion=report.conclusion(),
        summary=summary_of(report),
        has_failed=report.has_failed,
        missed=report.missed,
        values=report.as_dict(),
        workspace=workspace,
    )


async def ingest_as_flow(workspace: Workspace, request: pipeline.Request, reporter: Reporter) -> RunReport:
    """Run the flow in this process and return its report, also where the flow run ends as failed."""
    caller = Caller(reporter=reporter)
    token = CALLER.set(caller)
    try:
        state = await ingest(
            return_state=True,
            outlets=request.outlet_ids,
            since=request.since.isoformat() if request.since else "",
            limit=request.limit,
            urls=request.urls,
            config=str(workspace.config),
            home=str(workspace.home),
        )
    finally:
        CALLER.reset(token)
    if caller.error is not None:
        raise caller.error
    if not isinstance(caller.report, RunReport):
        await state.aresult()  # raises what ended the run
        raise WirewatchError(f"the flow run ended without a report: {state.message}")
    return caller.report
