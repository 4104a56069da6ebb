"""The deployments of a configuration: what runs when, and what can be run by hand."""

from __future__ import annotations

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.ingest import ingest
from flows.settings import Workspace


def build_deployments(workspace: Workspace) -> list[RunnerDeployment]:
    """Deployments for a runner to serve; their runs use the same configuration and home."""
    where = {"config": str(workspace.config.resolve()), "home": str(workspace.home.resolve())}
    due = RunnerDeployment.from_flow(
        ingest,
        name="due",
        description="Polls the sources that are due, and works off what is due.",
        interval=60,
        parameters=where,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return [due]
