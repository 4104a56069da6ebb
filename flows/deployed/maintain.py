"""The Prefect flow ``maintain``: archive and warehouse are kept small."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import maintain as maintenance
from flows.deployed.ending import Ending, ended
from flows.deployed.log import LogReporter
from flows.deployed.names import run_name
from flows.deployed.summary import plain_text
from flows.runs.run import now
from flows.settings import open_workspace


@flow(name="maintain", flow_run_name=run_name("maintain", of_all="archive"), persist_result=False)
async def maintain(config: str = "", home: str = "", dry_run: bool = False) -> State[Any]:
    """Drop bodies of old pages that were no articles, and make the archive and the warehouse small.

    Args:
        config: Configuration folder [config].
        home: Where the archive and the warehouse are [$WIREWATCH_HOME or data].
        dry_run: Only say what would be dropped.
    """

    async def work() -> Ending:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        reporter = LogReporter()
        report = await asyncio.to_thread(maintenance.maintain, workspace, reporter, now=now(), is_dry=dry_run)
        for line in report.lines():
            reporter.say(line)
        return Ending(
            report=report,
            conclusion=f"{report.lines()[0]}.",
            summary="\n".join(["### maintain", "", *(f"- {plain_text(line)}" for line in report.lines())]),
            has_failed=bool(report.skipped),
            values=report.as_dict(),
            workspace=workspace,
        )

    return await ended("maintain", work)
