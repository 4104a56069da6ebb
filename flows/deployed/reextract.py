"""The Prefect flow ``reextract``: the archive through today's extractors, one task per outlet and batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import reextract as again
from flows.deployed.ending import Ending, ended
from flows.deployed.log import LogReporter
from flows.deployed.names import run_name
from flows.deployed.summary import plain_text, table_row
from flows.deployed.tasks import TASKS
from flows.parameters import parse_since
from flows.runs.run import now
from flows.settings import open_workspace
from flows.shown.differences import Differences


@flow(name="reextract", flow_run_name=run_name("reextract", of_all="everything"), persist_result=False)
async def reextract(
    outlets: tuple[str, ...] = (), since: str = "", config: str = "", home: str = "", dry_run: bool = False
) -> State[Any]:
    """Read the archive again with today's extractors, without the network.

    Args:
        outlets: Outlet ids; none means every outlet.
        since: Only pages fetched since then: 2d, 12h, 3w or a date such as 2026-03-01.
        config: Configuration folder [config].
        home: Where the archive and the warehouse are [$WIREWATCH_HOME or data].
        dry_run: Only show, in the artifact, what would change.
    """

    async def work() -> Ending:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        moment = parse_since(since, now(), option="since") if since else None
        request = again.Request(outlet_ids=outlets, since=moment, is_dry=dry_run)
        report, differences = await again.reextract(workspace, request, LogReporter(), extract=TASKS.extract)
        return Ending(
            report=report,
            conclusion=differences.conclusion(),
            summary=summary_of(differences),
            has_failed=report.has_failed,
            missed=[*(outlet.sentence() for outlet in report.outlets if outlet.problem), *report.missed],
            values={**report.as_dict(), **differences.as_dict()},
            workspace=workspace,
        )

    return await ended("reextract", work)


def summary_of(differences: Differences) -> str:
    """By outlet: what was read, and what came out differently."""
    kinds = ("revised", "loaded", "lost")
    lines = [
        f"### reextract: {plain_text(differences.conclusion())}",
        "",
        table_row(("outlet", "read", "changed", "new articles", "no article now", "unreadable")),
        table_row(["---"] * 6),
    ]
    for outlet_id in sorted(differences.read_count):
        counts = [differences.count(outlet_id, kind) for kind in kinds]
        cells = (differences.read_count[outlet_id], *counts, differences.unreadable[outlet_id])
        lines.append(table_row([plain_text(outlet_id), *map(str, cells)]))
    fields = ", ".join(f"{plain_text(name)} {count}" for name, count in differences.fields().most_common())
    return "\n".join([*lines, "", f"Fields: {fields}"] if fields else lines)
