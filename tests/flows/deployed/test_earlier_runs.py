"""Flow runs of an earlier life, on a server of the test's own."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, State, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Pending, Running
from prefect.testing.utilities import prefect_test_harness
from prefect.types.entrypoint import EntrypointType

from flows.deployed.earlier_runs import Recovery, recover

# Prefect's clients leave sockets to the garbage collector, which says so in whatever test runs then.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

NOW = datetime.now(UTC)
HOME = "/a/home"


@flow
def watch(home: str | None = None) -> None:
    """A flow that is never run."""


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """A Prefect server of this module's own."""
    with prefect_test_harness(server_startup_timeout=300):
        yield
    gc.collect()  # here, where the warnings are expected


async def deploy(name: str, home: str, *, every_seconds: int = 60) -> UUID:
    """A deployment of one run at a time."""
    deployment = RunnerDeployment.from_flow(
        watch,
        name=name,
        interval=every_seconds,
        parameters={"home": home},
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return UUID(str(await deployment.aapply()))


async def run_in(client: PrefectClient, deployment_id: UUID, *states: State[None]) -> UUID:
    """A run that a person asked for, and that came through some states."""
    run = await client.create_flow_run_from_deployment(deployment_id)
    for state in states:
        await client.set_flow_run_state(run.id, state)
    return run.id


async def miss_ticks(client: PrefectClient, deployment_id: UUID, *, minutes: int) -> None:
    """Let the schedule make runs that should have begun some minutes ago."""
    span = {"start_time": NOW - timedelta(minutes=minutes), "end_time": NOW, "min_runs": 1, "max_runs": 100}
    body = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in span.items()}
    await client.request("POST", "/deployments/{id}/schedule", path_params={"id": deployment_id}, json=body)


async def recover_and_look() -> None:
    """One earlier life, in all its parts; what is ours is put right, what is not stays."""
    async with get_client() as client:
        ours, gone, other = await deploy("due", HOME), await deploy("gone", HOME), await deploy("other", "/another")
        dead = await run_in(client, ours, Pending(), Running())
        # A later run is cancelled while the dead one holds the slot.
        blocked = await client.create_flow_run_from_deployment(ours)
        await client.set_flow_run_state(blocked.id, Pending())
        assert (await client.read_flow_run(blocked.id)).state_type is StateType.CANCELLED
        asked_for = await run_in(client, ours)
        elsewhere = await run_in(client, other, Pending(), Running())
        await miss_ticks(client, ours, minutes=10)

        found = await recover(client, flow_names=["watch"], wanted=["watch/due"], home=HOME, now=NOW)
        assert found.crashed == 1
        assert found.skipped in (8, 9, 10)
        assert found.forgotten == ("watch/gone",)
        died = await client.read_flow_run(dead)
        assert died.state is not None
        assert died.state_type is StateType.CRASHED
        assert "The process of this run is gone" in str(died.state.message)
        assert (await client.read_flow_run(asked_for)).state_type is StateType.SCHEDULED
        assert (await client.read_flow_run(elsewhere)).state_type is StateType.RUNNING
        with pytest.raises(ObjectNotFound):
            await client.read_deployment(gone)

        late = [run for run in await client.read_flow_runs() if run.auto_scheduled and run.expected_start_time < NOW]  # type: ignore[operator]
        *skipped, made_up_for = sorted(late, key=lambda run: run.expected_start_time)  # type: ignore[arg-type,return-value]
        assert len(skipped) == found.skipped
        assert {run.state_name for run in skipped} == {"Skipped"}
        assert made_up_for.state_type is StateType.SCHEDULED

        # The slot is free: the next run gets it.
        await client.set_flow_run_state(asked_for, Pending())
        assert (await client.read_flow_run(asked_for)).state_type is StateType.PENDING

        again = await recover(client, flow_names=["watch"], wanted=["watch/due"], home=HOME, now=NOW)
        assert (again.crashed, again.skipped, again.forgotten) == (1, 0, ())


async def lose_a_slot_and_recover() -> None:
    """A slot that no run holds, as a killed server leaves one."""
    async with get_client() as client:
        deployment_id = await deploy("due", HOME)
        limit = (await client.read_deployment(deployment_id)).global_concurrency_limit
        assert limit is not None
        await client.update_global_concurrency_limit(limit.name, GlobalConcurrencyLimitUpdate(active_slots=1))
        found = await recover(client, flow_names=["watch"], wanted=["watch/due"], home=HOME, now=NOW)
        assert found.freed == 1
        run_id = await run_in(client, deployment_id, Pending())
        assert (await client.read_flow_run(run_id)).state_type is StateType.PENDING


@pytest.mark.usefixtures("server")
def test_dead_runs_are_crashed_and_missed_ticks_skipped() -> None:
    """No slot stays taken, one tick is made up for, and runs of others and those asked for stay."""
    asyncio.run(recover_and_look())


@pytest.mark.usefixtures("server")
def test_slots_that_nobody_holds_are_freed() -> None:
    """Whatever the server forgot, the next run works."""
    asyncio.run(lose_a_slot_and_recover())


def test_says_what_was_found() -> None:
    """And nothing where all was well."""
    assert Recovery().lines() == []
    assert Recovery(crashed=1, skipped=2, freed=1, forgotten=("a/b",)).lines() == [
        "1 run of an earlier life marked as crashed",
        "2 missed ticks skipped",
        "1 slot of dead runs freed",
        "no longer configured, and removed: a/b",
    ]
