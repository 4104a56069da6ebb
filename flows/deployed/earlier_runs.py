"""Flow runs of an earlier life: those that died are marked so, and of missed ticks one is made up for.

For a runner before it serves. Nothing else runs these deployments, so whatever is said to be at work is dead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed

PAGE = 200
"""What the API returns at most."""

AT_WORK = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was found of an earlier life, in numbers."""

    crashed: int = 0
    skipped: int = 0
    freed: int = 0
    forgotten: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What a person wants to know of it; nothing where all was well."""
        found = []
        if self.crashed:
            found.append(
                f"{self.crashed} {'run' if self.crashed == 1 else 'runs'} of an earlier life marked as crashed"
            )
        if self.skipped:
            found.append(f"{self.skipped} missed {'tick' if self.skipped == 1 else 'ticks'} skipped")
        if self.freed:
            found.append(f"{self.freed} {'slot' if self.freed == 1 else 'slots'} of dead runs freed")
        if self.forgotten:
            found.append(f"no longer configured, and removed: {', '.join(self.forgotten)}")
        return found


async def recover(
    client: PrefectClient, *, flow_names: Sequence[str], wanted: Sequence[str], home: str, now: datetime
) -> Recovery:
    """Put right what an earlier life of this home left on the server.

    Args:
        client: The server's.
        flow_names: Flows of ours.
        wanted: Deployments that are about to be served, as ``flow/deployment``.
        home: The home; deployments with another one as their parameter are somebody else's.
        now: Aware time.
    """
    ours = await served_deployments(client, flow_names=flow_names, home=home)
    crashed = skipped = freed = 0
    if ours:
        crashed = await crash_dead_runs(client, ours)
        freed = await free_slots(client, ours)
        skipped = await skip_missed_ticks(client, ours, now=now)
    forgotten = {name: deployment_id for deployment_id, name in ours.items() if name not in wanted}
    for deployment_id in forgotten.values():
        await client.delete_deployment(deployment_id)
    return Recovery(crashed=crashed, skipped=skipped, freed=freed, forgotten=tuple(sorted(forgotten)))


async def served_deployments(client: PrefectClient, *, flow_names: Sequence[str], home: str) -> dict[UUID, str]:
    """Deployments that runners of this home served: ids, with ``flow/deployment``.

    Those of a work pool are run by workers, which may be at work elsewhere.
    """
    flow_filter = FlowFilter(name=FlowFilterName(any_=list(flow_names)))
    found: list[DeploymentResponse] = []
    while True:
        page = await client.read_deployments(flow_filter=flow_filter, limit=PAGE, offset=len(found))
        found += page
        if len(page) < PAGE:
            break
    flows = {each.flow_id for each in found}
    names = {flow_id: (await client.read_flow(flow_id)).name for flow_id in flows}
    return {
        each.id: f"{names[each.flow_id]}/{each.name}"
        for each in found
        if each.work_pool_name is None and each.parameters.get("home") == home
    }


async def crash_dead_runs(client: PrefectClient, deployments: dict[UUID, str]) -> int:
    """Mark as crashed whatever is said to be at work, so that it holds no slot.

    Returns:
        How many runs.
    """
    runs = await read_runs(client, deployments, AT_WORK)
    message = "The process of this run is gone: wirewatch was stopped or killed while it worked."
    for run in runs:
        await client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return len(runs)


async def free_slots(client: PrefectClient, deployments: dict[UUID, str]) -> int:
    """Give back slots that no run holds any more: a server that was killed does not know whose they were.

    Returns:
        How many slots.
    """
    freed = 0
    for deployment_id in deployments:
        limit = (await client.read_deployment(deployment_id)).global_concurrency_limit
        if limit is not None and limit.active_slots:
            await client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=0))
            freed += limit.active_slots
    return freed


async def skip_missed_ticks(client: PrefectClient, deployments: dict[UUID, str], *, now: datetime) -> int:
    """Of the ticks that a deployment missed, leave the newest to be made up for; runs that a person asked for stay.

    Returns:
        How many ticks were skipped.
    """
    late = FlowRunFilterExpectedStartTime.model_validate({"before_": now})
    missed: dict[UUID, list[FlowRun]] = defaultdict(list)
    for run in await read_runs(client, deployments, [StateType.SCHEDULED], expected_start_time=late):
        if run.auto_scheduled and run.deployment_id is not None:
            missed[run.deployment_id].append(run)
    skipped = 0
    for runs in missed.values():
        *older, newest = sorted(runs, key=lambda run: run.expected_start_time or now)
        message = f"Missed while wirewatch was not running; the tick of {newest.expected_start_time:%F %T} UTC was not."
        for run in older:
            state: State[None] = State(type=StateType.CANCELLED, name="Skipped", message=message)
            await client.set_flow_run_state(run.id, state, force=True)
        skipped += len(older)
    return skipped


async def read_runs(
    client: PrefectClient,
    deployments: dict[UUID, str],
    states: list[StateType],
    *,
    expected_start_time: FlowRunFilterExpectedStartTime | None = None,
) -> list[FlowRun]:
    """Every run of some deployments that is in some states."""
    wanted = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=list(deployments)),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
        expected_start_time=expected_start_time,
    )
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(
            flow_run_filter=wanted, sort=FlowRunSort.ID_DESC, limit=PAGE, offset=len(found)
        )
        found += page
        if len(page) < PAGE:
            return found
