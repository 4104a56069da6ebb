"""The same deployments as a ``prefect.yaml``, for a work pool whose workers run elsewhere.

Workers have wirewatch installed, so nothing is pulled; each works in the folder ``$WIREWATCH_FOLDER``, where its
``config`` is, and fills ``$WIREWATCH_HOME``.
"""

from __future__ import annotations

from typing import Any

import yaml
from prefect.client.schemas.objects import ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment

from flows.deployments import ONE_AT_A_TIME, build_deployments
from flows.settings import Workspace

POOL = "wirewatch"
HEAD = """\
# Deployments of wirewatch for a work pool; written by `wirewatch deployments`, from config/, and checked by a test.
#   prefect work-pool create wirewatch --type process
#   prefect deploy --all
#   WIREWATCH_FOLDER=/srv/wirewatch WIREWATCH_HOME=/srv/wirewatch/data prefect worker start --pool wirewatch
# All runs of one home belong on one machine, or on machines that share its disk: locks of files hold them apart.
"""


def prefect_yaml(workspace: Workspace, *, pool: str = POOL) -> str:
    """The file as text, with what to do with it; see :func:`prefect_file`."""
    return HEAD + str(
        yaml.safe_dump(prefect_file(workspace, pool=pool), sort_keys=False, allow_unicode=True, width=120)
    )


def prefect_file(workspace: Workspace, *, pool: str = POOL) -> dict[str, Any]:
    """Make the file's content.

    Args:
        workspace: Its outlets and ``[schedules]`` are deployed; where its folders are is up to the workers.
        pool: The work pool.

    Raises:
        ConfigurationError: Two deployments would have one name.
    """
    return {
        "name": "wirewatch",
        "pull": [{"prefect.deployments.steps.set_working_directory": {"directory": "{{ $WIREWATCH_FOLDER }}"}}],
        "deployments": [entry_of(each, pool) for each in build_deployments(workspace)],
    }


def entry_of(deployment: RunnerDeployment, pool: str) -> dict[str, Any]:
    """One deployment, without the folders of this machine."""
    parameters = {name: value for name, value in deployment.parameters.items() if name not in ("config", "home")}
    return {
        "name": deployment.name,
        "description": deployment.description,
        "tags": list(deployment.tags),
        "entrypoint": deployment.entrypoint,
        "parameters": parameters,
        "schedules": [schedule_of(each.schedule) for each in deployment.schedules or []],
        "concurrency_limit": {
            "limit": ONE_AT_A_TIME.limit,
            "collision_strategy": ConcurrencyLimitStrategy.CANCEL_NEW.value,
        },
        "work_pool": {"name": pool},
    }


def schedule_of(schedule: Any) -> dict[str, Any]:  # noqa: ANN401 - Prefect's union of its kinds of schedules
    """A schedule in the words of ``prefect.yaml``."""
    values: dict[str, Any] = schedule.model_dump(mode="json", exclude_none=True)
    if "interval" in values:
        values["interval"] = schedule.interval.total_seconds()
    values.pop("day_or", None)
    return values
