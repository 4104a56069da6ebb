"""Runs that were not made, and that say why: ticks that were missed, and runs that met one that was still at work.

Prefect cancels a run whose deployment is at work with a sentence about limits, and leaves a run for every tick that
passed while nothing could run. Here both become runs that are cancelled with a reason that a person understands; only
the newest tick is made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterEndTime,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger
from prefect.states import Cancelled

LIMIT_REACHED = "Deployment concurrency limit reached."
"""What Prefect says of a run that it cancels because another one of its deployment is at work."""


@asynccontextmanager
async def skipping() -> AsyncIterator[None]:
    """Around a flow's work: skip what was missed before it, and say of what was skipped meanwhile what it met.

    A run without a deployment has nothing to skip.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None:
        yield
        return
    started = datetime.now(UTC)
    async with get_client() as client:
        missed = await skip_missed(client, (run.deployment_id,), before=started, but=run.id)
    if missed:
        get_run_logger().info("skipped %s; this one takes the place", runs(missed, "missed while nothing ran"))
    try:
        yield
    finally:
        async with get_client() as client:
            met = await explain_skipped(client, run, started=started)
        if met:
            get_run_logger().info("skipped %s", runs(met, "due while this one was at work"))


def runs(number: int, how: str) -> str:
    """``1 run that was missed``, ``3 runs that were missed``."""
    return f"1 run that was {how}" if number == 1 else f"{number} runs that were {how}"


async def skip_missed(
    client: PrefectClient, deployment_ids: Iterable[UUID], *, before: datetime, but: UUID | None = None
) -> int:
    """Cancel the scheduled runs of deployments whose time has passed; runs that a person asked for stay.

    Args:
        client: Of the server.
        deployment_ids: Whose runs.
        before: Runs that were expected earlier were missed.
        but: A run that is left as it is.

    Returns:
        How many were cancelled.
    """
    late = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=list(deployment_ids)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": before}),
    )
    count = 0
    # The server answers with so many at once.
    while missed := [
        run for run in await client.read_flow_runs(flow_run_filter=late) if run.auto_scheduled and run.id != but
    ]:
        for run in missed:
            await client.set_flow_run_state(run.id, Cancelled(message="Skipped: missed while nothing ran."), force=True)
        count += len(missed)
    return count


async def explain_skipped(client: PrefectClient, run: FlowRun, *, started: datetime) -> int:
    """Say of the runs that Prefect cancelled while a run was at work that they met it; returns how many.

    A run has its place from when it is picked up, seconds before its process has ``started`` to work.
    """
    since = min(run.expected_start_time or started, started)
    cancelled = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[run.deployment_id] if run.deployment_id else []),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CANCELLED])),
            end_time=FlowRunFilterEndTime.model_validate({"after_": since}),
        ),
    )
    met = [each for each in cancelled if each.state and each.state.message == LIMIT_REACHED]
    text = f"Skipped: {run.name!r}, which started at {started:%H:%M:%S} UTC, was still at work."
    for each in met:
        await client.set_flow_run_state(each.id, Cancelled(message=text), force=True)
    return len(met)
