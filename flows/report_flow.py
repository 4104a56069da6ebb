"""The Prefect flow ``report``: the page of charts, written by a schedule, with a link to it in the user interface."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_link_artifact
from prefect.logging import get_run_logger

from flows.parameters import parse_since
from flows.report_page import write_report
from flows.run import now
from flows.settings import open_workspace


@flow(name="report", persist_result=False)
async def report(since: str = "1d", config: str | None = None, home: str | None = None) -> dict[str, Any]:
    """Write the report into ``home/reports``, and link to it.

    Args:
        since: Where it begins: ``1d``, ``7d`` or a date such as ``2026-03-01``; whole UTC days.
        config: Configuration folder.
        home: Where the warehouse is.

    Returns:
        What was written, as ``wirewatch report --json`` prints it.
    """
    workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
    moment = now()
    written = await asyncio.to_thread(write_report, workspace, since=parse_since(since, moment), now=moment)
    await acreate_link_artifact(
        link=written.path.resolve().as_uri(),
        link_text=written.path.name,
        key="report",
        description=written.conclusion(),
    )
    get_run_logger().info(written.conclusion())
    return written.as_dict()
