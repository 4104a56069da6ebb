"""The configuration as Prefect deployments: what runs when, with which parameters, and never twice at once.

A deployment is named by module path, not by file: a file's folder would come first on ``sys.path``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from extractors.errors import ConfigurationError
from extractors.outlets import Outlet
from flows.deployed.backfill import backfill
from flows.deployed.maintain import maintain
from flows.deployed.recheck import recheck
from flows.deployed.reextract import reextract
from flows.deployed.report import report
from flows.ingest import ingest
from flows.settings import SchedulesSettings, Workspace

DUE = "due"
"""Deployment of ``ingest`` that polls whatever is due."""

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
"""From here ticks are counted, so that they stay where they are when the deployments are made again."""

ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""A run that comes while another one of its deployment is at work is cancelled, and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A deployment before Prefect knows of it."""

    flow: Flow[..., Any]
    name: str
    description: str
    schedule: Schedule | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def build_deployments(workspace: Workspace) -> list[RunnerDeployment]:
    """Make every deployment of a configuration, for a runner on this machine.

    Args:
        workspace: Its configuration and home become the runs' parameters, as absolute paths.

    Raises:
        ConfigurationError: Two deployments would have one name.
    """
    place = {"config": str(workspace.config.resolve()), "home": str(workspace.home.resolve())}
    return [deployment_of(plan, place, tuple(workspace.outlets)) for plan in plans(workspace)]


def plans(workspace: Workspace) -> Iterator[Plan]:
    """Say what is deployed: one tick for all outlets, one deployment for each, and one for each other flow.

    Raises:
        ConfigurationError: An outlet has the tick's name.
    """
    schedules = workspace.settings.schedules
    yield Plan(
        flow=ingest,
        name=DUE,
        description=f"Polls the sources that are due every {schedules.tick_minutes} min, and works off what they list.",
        schedule=Interval(timedelta(minutes=schedules.tick_minutes), anchor_date=MIDNIGHT),
    )
    for outlet in workspace.outlets.values():
        if outlet.outlet_id == DUE:
            file = str(workspace.config / "outlets" / f"{DUE}.toml")
            raise ConfigurationError(file, "", "an outlet cannot be called 'due'", "rename the file")
        yield plan_of(outlet)
    yield from other_plans(schedules)


def plan_of(outlet: Outlet) -> Plan:
    """One outlet's deployment, for triggers by hand and for times of its own."""
    own = outlet.schedule
    return Plan(
        flow=ingest,
        name=outlet.outlet_id,
        description=f"{outlet.name}: every source is asked at once, whether or not it is due.",
        schedule=Cron(own.cron, timezone=own.timezone or outlet.timezone or "UTC") if own else None,
        parameters={"outlets": [outlet.outlet_id]},
        tags=(outlet.outlet_id,),
    )


def other_plans(schedules: SchedulesSettings) -> Iterator[Plan]:
    """The flows that are no ingest."""

    def at(cron: str) -> Schedule | None:
        return Cron(cron, timezone=schedules.timezone) if cron else None

    yield Plan(
        flow=recheck,
        name="recheck",
        description="Fetches articles again that are due for it by their age ([recheck] after_hours).",
        schedule=at(schedules.recheck),
    )
    yield Plan(
        flow=report,
        name="report",
        description="Writes the page of charts and tables of the last days, which the monitor serves.",
        schedule=at(schedules.report),
    )
    yield Plan(
        flow=maintain,
        name="maintain",
        description="Drops bodies of old pages that were no articles, and puts small archive files together.",
        schedule=at(schedules.maintain),
    )
    yield Plan(
        flow=reextract,
        name="reextract",
        description="Reads the archive again with today's extractors, without the network; dry_run only shows.",
        schedule=at(schedules.reextract),
    )
    yield Plan(
        flow=backfill,
        name="backfill",
        description="Loads history: an outlet's own (outlet, since), WARC files (warc) or saved pages (folder).",
    )


def deployment_of(plan: Plan, place: dict[str, str], outlet_ids: tuple[str, ...]) -> RunnerDeployment:
    """Make one deployment."""
    deployment = RunnerDeployment.from_flow(
        plan.flow,
        name=plan.name,
        description=plan.description,
        schedule=plan.schedule,
        parameters={**plan.parameters, **place},
        tags=["wirewatch", plan.flow.name, *plan.tags],
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # The only place where a deployment's own schema can be changed: the outlets are a list to choose from, and the
    # server refuses another one before a run is made.
    properties = deployment._parameter_openapi_schema.properties  # noqa: SLF001
    for name, offered in OFFERED.items():
        if name in properties:
            properties[name] = offered(properties[name], list(outlet_ids))
    return deployment


def offer_many(schema: dict[str, Any], outlet_ids: list[str]) -> dict[str, Any]:
    """A list of outlets."""
    return {**schema, "items": {"type": "string", "enum": outlet_ids}, "uniqueItems": True}


def offer_one(schema: dict[str, Any], outlet_ids: list[str]) -> dict[str, Any]:
    """One outlet, or none."""
    return {**schema, "enum": ["", *outlet_ids]}


OFFERED: dict[str, Callable[[dict[str, Any], list[str]], dict[str, Any]]] = {
    "outlets": offer_many,
    "outlet": offer_one,
    "owner": offer_one,
}
