"""``python -m flows.deployed.runner``, which ``wirewatch up`` starts: it serves all deployments of a configuration.

It tells ``up`` what it serves as one JSON object on a descriptor, and ends with ``up``, with every flow run below it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.schedules import SCHEDULE_TYPES, CronSchedule, IntervalSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner

from extractors.errors import ConfigurationError, WirewatchError
from flows.commands.options import MISSED, WRONG_CALL
from flows.deployed.earlier_runs import recover
from flows.deployments import build_deployments
from flows.runs.run import now
from flows.settings import Workspace, open_workspace

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


class EndingRunner(Runner):
    """A runner that cancels its runs when it is told to end: Prefect's own leaves them, inside a running loop."""

    def handle_sigterm(self, *_: object, **__: object) -> None:
        """Cancel what is at work, then return from ``start``."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin_to_end)

    def _begin_to_end(self) -> None:
        if self.started:
            self._ending = asyncio.ensure_future(self.astop())


async def serve(workspace: Workspace, *, tell: int | None) -> None:
    """Recover from an earlier life, register the deployments, and serve them until this process is told to end.

    Args:
        workspace: What is served.
        tell: Descriptor on which to say what is served; it is closed then.
    """
    deployments = build_deployments(workspace)
    names = [full_name(each) for each in deployments]
    home = str(workspace.home.resolve())
    async with get_client() as client:
        flow_names = sorted({str(each.flow_name) for each in deployments})
        recovery = await recover(client, flow_names=flow_names, wanted=names, home=home, now=now())
    # Schedules go on when it is started again; Prefect's default pauses them.
    runner = EndingRunner(name="wirewatch", pause_on_shutdown=False, limit=workspace.settings.server.runs_at_once)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    served = [[name, describe(each)] for name, each in zip(names, deployments, strict=True)]
    if tell is not None:
        with os.fdopen(tell, "w", encoding="utf-8") as channel:
            json.dump({"served": served, "recovered": recovery.lines()}, channel)
    await runner.start()


def full_name(deployment: RunnerDeployment) -> str:
    """``flow/deployment``, as it is triggered by."""
    return f"{deployment.flow_name}/{deployment.name}"


def describe(deployment: RunnerDeployment) -> str:
    """When a deployment runs, for a person."""
    when = [describe_schedule(each.schedule) for each in deployment.schedules or [] if each.active is not False]
    return "; ".join(when) or "when asked for"


def describe_schedule(schedule: SCHEDULE_TYPES | Any) -> str:  # noqa: ANN401 - of Prefect's schedules, whatever there will be
    """A schedule, for a person: ``every 5 minutes``, ``cron 17 3 * * * (UTC)``."""
    if isinstance(schedule, IntervalSchedule):
        seconds = round(schedule.interval.total_seconds())
        size, unit = next((size, unit) for size, unit in UNITS if seconds % size == 0)
        count = seconds // size
        return f"every {unit}" if count == 1 else f"every {count} {unit}s"
    if isinstance(schedule, CronSchedule):
        return f"cron {schedule.cron} ({schedule.timezone or 'UTC'})"
    return str(schedule)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve; a mistake in the configuration is one line and an exit code."""
    parser = argparse.ArgumentParser(prog="python -m flows.deployed.runner", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--tell", type=int, metavar="DESCRIPTOR")
    options = parser.parse_args(arguments)
    try:
        asyncio.run(serve(open_workspace(options.config, options.home), tell=options.tell))
    except ConfigurationError as error:
        stop(error, WRONG_CALL)
    except WirewatchError as error:
        stop(error, MISSED)


def stop(error: WirewatchError, code: int) -> None:
    """Say what is wrong and end."""
    sys.stderr.write(f"{error}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
