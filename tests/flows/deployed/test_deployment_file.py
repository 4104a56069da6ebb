"""``prefect.yaml``, with which workers run the same deployments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.deployments.runner import RunnerDeployment
from terminal import Terminal

from flows.deployments import build_deployments
from flows.settings import open_workspace

ROOT = Path(__file__).parents[3]
SHIPPED = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))


def test_the_shipped_file_is_what_the_command_writes(terminal: Terminal) -> None:
    """`wirewatch deployments > prefect.yaml` writes it anew."""
    assert terminal.run("deployments", "--config", ROOT / "config") == 0
    assert terminal.out == (ROOT / "prefect.yaml").read_text(encoding="utf-8")


def test_a_pool_can_be_named(terminal: Terminal) -> None:
    """The deployments go to that one."""
    assert terminal.run("deployments", "--config", ROOT / "config", "--pool", "press", "--json") == 0
    assert {each["work_pool"]["name"] for each in json.loads(terminal.out)["deployments"]} == {"press"}


@pytest.mark.parametrize(
    "deployment", build_deployments(open_workspace(ROOT / "config", None)), ids=lambda d: d.full_name
)
def test_the_file_deploys_what_up_deploys(deployment: RunnerDeployment) -> None:
    """Same entrypoint, times, limits and parameters, but for the folders, which are the worker's."""
    (entry,) = (each for each in SHIPPED["deployments"] if name_of(each) == deployment.full_name)
    again = RunnerDeployment.model_validate(
        {
            "name": entry["name"],
            "flow_name": deployment.flow_name,
            "entrypoint": entry["entrypoint"],
            "description": entry["description"],
            "tags": entry["tags"],
            "parameters": {**entry["parameters"], **{key: deployment.parameters[key] for key in ("config", "home")}},
            "schedules": [{"schedule": each} for each in entry["schedules"]],
            "concurrency_limit": entry["concurrency_limit"]["limit"],
            "concurrency_options": {"collision_strategy": entry["concurrency_limit"]["collision_strategy"]},
        }
    )
    fields = set(again.model_fields_set) - {"schedules"}
    assert again.model_dump(include=fields) == deployment.model_dump(include=fields)
    assert [each.schedule for each in again.schedules or []] == [each.schedule for each in deployment.schedules or []]


def test_the_file_deploys_nothing_else() -> None:
    """An outlet that is gone is in neither."""
    assert len(SHIPPED["deployments"]) == len(build_deployments(open_workspace(ROOT / "config", None)))


def name_of(entry: dict[str, Any]) -> str:
    """Flow and deployment; a flow bears its function's name."""
    return f"{entry['entrypoint'].rpartition('.')[2]}/{entry['name']}"
