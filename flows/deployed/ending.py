"""How a flow run ends: its state with one sentence, its artifacts, and the runs that were skipped for it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from extractors.errors import WirewatchError
from flows.deployed.log import CALLER, quiet_libraries
from flows.deployed.skipped_runs import skipping
from flows.settings import Workspace
from flows.shown.progress import printable
from flows.supervision.addresses import page_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a run came to.

    Args:
        report: The report itself, for a caller in this process.
        conclusion: One sentence, the state's message.
        summary: Markdown, the artifact.
        has_failed: Whether the run ends as failed; what could be loaded is loaded.
        missed: Checks and promises that were missed, a sentence each.
        values: The report for a machine, the flow's result.
        workspace: Where a report for people may be, and where it is served.
    """

    report: object
    conclusion: str
    summary: str
    has_failed: bool
    missed: Sequence[str] = ()
    values: dict[str, Any]
    workspace: Workspace


async def ended(flow_name: str, work: Callable[[], Awaitable[Ending]]) -> State[Any]:
    """Do a flow's work and tell how it ended.

    What a person can put right (a wrong outlet, a busy warehouse) is a failed run with that sentence as its message. A
    defect of ours goes on to Prefect, with its traceback in the log.
    """
    quiet_libraries()
    caller = CALLER.get()
    async with skipping():
        try:
            ending = await work()
        except WirewatchError as error:
            if caller:
                caller.error = error
            return Failed(message=printable(str(error)))
        if caller:
            caller.report = ending.report
        await show(flow_name, ending)
    if ending.has_failed:
        return Failed(message=sentence_of(ending))
    return Completed(message=ending.conclusion, data=ending.values)


async def show(flow_name: str, ending: Ending) -> None:
    """Log what was missed, and make the run's artifacts."""
    for missed in ending.missed:
        get_run_logger().log(logging.ERROR, "missed: %s", printable(missed))
    await acreate_markdown_artifact(key=flow_name, markdown=ending.summary, description=ending.conclusion)
    monitor = ending.workspace.settings.monitor
    if monitor.port and (ending.workspace.home / "reports" / "latest.html").exists():
        link = f"{page_url(monitor.host, monitor.port)}/reports/latest.html"
        await acreate_link_artifact(link=link, link_text="The report", key=f"{flow_name}-report")


def sentence_of(ending: Ending) -> str:
    """The conclusion, with the first thing that was missed."""
    if not ending.missed:
        return ending.conclusion
    more = f" and {len(ending.missed) - 1} more" if len(ending.missed) > 1 else ""
    return printable(f"{ending.conclusion} Missed: {ending.missed[0]}{more}")
