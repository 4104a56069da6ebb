"""The Prefect flow ``recheck``: articles whose age says so are fetched again, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows import recheck as rechecking
from flows.deployed.ending import Ending, ended
from flows.deployed.log import LogReporter
from flows.deployed.names import run_name
from flows.deployed.tasks import TASKS
from flows.ingest import ending_of
from flows.runs.pipeline import Request
from flows.settings import open_workspace


@flow(name="recheck", flow_run_name=run_name("recheck", of_all="due"), persist_result=False)
async def recheck(
    outlets: tuple[str, ...] = (),
    limit: Annotated[int, Field(ge=1)] | None = None,
    config: str = "",
    home: str = "",
) -> State[Any]:
    """Fetch articles again that are due for it by their age.

    Args:
        outlets: Outlet ids; none means every outlet.
        limit: Pages to fetch for each outlet, at most.
        config: Configuration folder [config].
        home: Where the archive and the warehouse are [$WIREWATCH_HOME or data].
    """

    async def work() -> Ending:
        workspace = open_workspace(Path(config) if config else None, Path(home) if home else None)
        request = Request(outlet_ids=outlets, limit=limit)
        return ending_of(await rechecking.recheck(workspace, request, LogReporter(), stages=TASKS), workspace)

    return await ended("recheck", work)
