"""The Prefect flow ``ingest``: the pipeline with one task per outlet and stage, and an artifact that sums it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Failed
from prefect.utilities.annotations import opaque

from extractors.errors import WirewatchError
from extractors.records import Stage
from flows import pipeline
from flows import stages as plain
from flows.dry_run import dry_run as rehearse
from flows.forecast import DryRunReport
from flows.parameters import parse_since
from flows.progress import Reporter, SilentReporter
from flows.report import RunReport
from flows.run import now
from flows.settings import Workspace, open_workspace


@dataclass(slots=True, kw_only=True)
class Caller:
    """Who called the flow in this process: where it shows progress, and where it wants the report."""

    reporter: Reporter
    report: RunReport | None = None


CALLER: ContextVar[Caller | None] = ContextVar("CALLER", default=None)


class LogReporter:
    """The run's lines in the flow run's log; lines and progress also wherever the caller shows them."""

    def __init__(self, shown: Reporter) -> None:
        self._shown = shown

    def expect(self, stage: Stage, count: int) -> None:
        """Show it to the caller."""
        self._shown.expect(stage, count)

    def advance(self, stage: Stage, count: int = 1) -> None:
        """Show it to the caller."""
        self._shown.advance(stage, count)

    def say(self, line: str) -> None:
        """Log the line, and show it to the caller."""
        get_run_logger().info(line)
        self._shown.say(line)


def as_task(stage: Callable[..., Awaitable[Any]], name: str) -> Callable[..., Awaitable[Any]]:
    """Wrap a stage in a task that is named for its outlet.

    Inputs and results stay in this process, and Prefect is kept from walking through them: they are records, a
    database and open connections, not values to cache or futures to wait for.
    """
    wrapped = task(name=name, task_run_name=name + " {outlet.outlet_id}", cache_policy=NO_CACHE, persist_result=False)(
        stage
    )

    async def call(*values: object) -> Any:  # noqa: ANN401 - each stage's own type, stated by Stages
        return await wrapped(*(opaque(value) for value in values))

    return call


TASKS = pipeline.Stages(
    discover=as_task(plain.discover_stage, "discover"),
    fetch=as_task(plain.fetch_stage, "fetch"),
    extract=as_task(plain.extract_stage, "extract"),
    load=as_task(plain.load_stage, "load"),
)


@flow(name="ingest", persist_result=False)
async def ingest(
    outlets: list[str] | None = None,
    since: str | None = None,
    limit: int | None = None,
    urls: list[str] | None = None,
    config: str | None = None,
    home: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any] | State[Any]:
    """Fetch, extract and load what is new at the outlets.

    Args:
        outlets: Outlet ids; none means every outlet, and of its sources those that are due.
        since: Only links newer than this: ``2d``, ``12h`` or a date such as ``2026-03-01``.
        limit: Pages to fetch for each outlet, at most.
        urls: Fetch these pages and poll no source.
        config: Configuration folder.
        home: Where the archive and the warehouse are.
        dry_run: Only tell, in the artifact, what would be fetched and why not the rest; write nothing.

    Returns:
        The run's report, as ``wirewatch ingest --json`` prints it; or the state ``Failed``, where an outlet failed or
        a check was missed and everything that could be loaded is loaded.
    """
    caller = CALLER.get()
    workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
    request = pipeline.Request(
        outlet_ids=tuple(outlets or ()),
        since=parse_since(since, now()) if since else None,
        limit=limit,
        urls=tuple(urls or ()),
    )
    reporter = LogReporter(caller.reporter if caller else SilentReporter())
    report: RunReport | DryRunReport
    if dry_run:
        report = await rehearse(workspace, request, reporter)
    else:
        report = await pipeline.ingest(workspace, request, reporter, stages=TASKS)
    await acreate_markdown_artifact(key="ingest", markdown=report.as_markdown(), description=report.conclusion())
    if caller and isinstance(report, RunReport):
        caller.report = report
    if report.has_failed:
        return Failed(message=report.conclusion())
    return report.as_dict()


async def ingest_as_flow(workspace: Workspace, request: pipeline.Request, reporter: Reporter) -> RunReport:
    """Run the flow in this process and return its report, also where the flow run ends as failed."""
    caller = Caller(reporter=reporter)
    token = CALLER.set(caller)
    try:
        state = await ingest(
            return_state=True,
            outlets=list(request.outlet_ids) or None,
            since=request.since.isoformat() if request.since else None,
            limit=request.limit,
            urls=list(request.urls) or None,
            config=str(workspace.config),
            home=str(workspace.home),
        )
    finally:
        CALLER.reset(token)
    if caller.report is None:
        await state.aresult()  # raises what ended the run
        raise WirewatchError(f"the flow run ended without a report: {state.message}")
    return caller.report
