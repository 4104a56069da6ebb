"""The Prefect flow ``report``: the page of charts, written by a schedule, with a link to it in the user interface."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.deployed.ending import Ending, ended
from flows.deployed.log import LogReporter
from flows.deployed.names import run_name
from flows.deployed.summary import plain_text
from flows.parameters import parse_since
from flows.report_page import write_report
from flows.runs.run import now
from flows.settings import open_workspace


@flow(name="report", flow_run_name=run_name("report", of_all=""), persist_result=False)
async def report(since: str = "7d", config: str = "", home: str = "") -> State[Any]:
    """Write the report into ``home/reports``, and link to it.

    Args:
        since: Where it begins: 1d, 7d or a date such as 2026-03-01; whole UTC days.
        config: Configuration folder [config].
        home: Where the warehouse is [$WIREWATCH_HOME or data].
    """

    async def work() -> Ending:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        moment = now()
        written = await asyncio.to_thread(write_report, workspace, since=parse_since(since, moment), now=moment)
        LogReporter().say(written.conclusion())
        return Ending(
            report=written,
            conclusion=written.conclusion(),
            summary=f"### report\n\n{plain_text(written.conclusion())}",
            has_failed=False,
            values=written.as_dict(),
            workspace=workspace,
        )

    return await ended("report", work)
