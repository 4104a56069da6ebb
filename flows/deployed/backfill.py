"""The Prefect flow ``backfill``: history from an outlet's own archive, from WARC files or from saved pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.backfill import backfill_folders, backfill_from, backfill_warcs
from flows.deployed.ending import Ending, ended
from flows.deployed.log import LogReporter
from flows.deployed.names import run_name
from flows.deployed.tasks import TASKS, as_task
from flows.ingest import ending_of
from flows.parameters import check_backfill, parse_since
from flows.runs.backfill_history import backfill_outlet
from flows.runs.report import RunReport
from flows.runs.run import now
from flows.settings import Workspace, open_workspace

LOAD_FILE = as_task(backfill_from, "load", of="origin.name")


@flow(name="backfill", flow_run_name=run_name("backfill", of_all=""), persist_result=False)
async def backfill(
    outlet: str = "",
    since: str = "",
    until: str = "",
    warc: tuple[str, ...] = (),
    folder: tuple[str, ...] = (),
    owner: str = "",
    config: str = "",
    home: str = "",
) -> State[Any]:
    """Load history: an outlet's own, from WARC files, or from saved pages.

    Args:
        outlet: The outlet whose past is wanted; with since.
        since: With outlet, nothing older: 30d, 52w or a date such as 2026-03-01.
        until: With outlet, nothing newer; left out, up to now.
        warc: WARC files, by their paths on the machine that runs the flow.
        folder: Folders of saved pages, by their paths on that machine.
        owner: With folder, the outlet whose pages they are.
        config: Configuration folder [config].
        home: Where the archive and the warehouse are [$WIREWATCH_HOME or data].
    """

    async def work() -> Ending:
        check_backfill(outlet=outlet, since=since, until=until, warc=warc, folder=folder, owner=owner)
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        report = await load_history(workspace, outlet, since, until, warc=warc, folder=folder, owner=owner)
        return ending_of(report, workspace)

    return await ended("backfill", work)


async def load_history(
    workspace: Workspace,
    outlet: str,
    since: str,
    until: str,
    *,
    warc: tuple[str, ...],
    folder: tuple[str, ...],
    owner: str,
) -> RunReport:
    """Call the coroutine of the origin that was named."""
    reporter = LogReporter()
    if warc:
        return await backfill_warcs(workspace, [Path(each) for each in warc], reporter, load=LOAD_FILE)
    if folder:
        folders = [Path(each) for each in folder]
        return await backfill_folders(workspace, folders, reporter, outlet_id=owner or None, load=LOAD_FILE)
    oldest = parse_since(since, now(), option="since")
    newest = parse_since(until, now(), option="until") if until else None
    return await backfill_outlet(workspace, outlet, reporter, since=oldest, until=newest, stages=TASKS)
