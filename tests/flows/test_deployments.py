"""What is deployed from a configuration: names, times, parameters, and what the server refuses."""

from __future__ import annotations

import importlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.deployments.runner import RunnerDeployment

from extractors.errors import ConfigurationError
from flows.deployments import build_deployments
from flows.settings import Workspace, open_workspace

OUTLET = """
name = "The {name}"
homepage = "https://www.example.org/"
timezone = "Asia/Damascus"
[urls]
hosts = ["www.example.org"]
"""


def make_workspace(folder: Path, *, settings: str = "", **outlets: str) -> Workspace:
    """A configuration with these outlets, each with what its file says beside."""
    (folder / "config" / "outlets").mkdir(parents=True)
    (folder / "config" / "wirewatch.toml").write_text(settings, encoding="utf-8")
    for outlet_id, more in outlets.items():
        path = folder / "config" / "outlets" / f"{outlet_id}.toml"
        path.write_text(OUTLET.format(name=outlet_id) + more, encoding="utf-8")
    return open_workspace(folder / "config", folder / "home")


def deployed(workspace: Workspace) -> dict[str, RunnerDeployment]:
    """The deployments by their full names."""
    return {each.full_name: each for each in build_deployments(workspace)}


def schedules(deployment: RunnerDeployment) -> list[Any]:
    """Prefect's schedules of a deployment."""
    return [each.schedule for each in deployment.schedules or []]


def test_one_tick_each_outlet_and_each_other_flow(tmp_path: Path) -> None:
    """A thousand outlets are one scheduled run; each can be run by hand."""
    found = deployed(make_workspace(tmp_path, harbor="", tribune=""))
    assert list(found) == [
        "ingest/due",
        "ingest/harbor",
        "ingest/tribune",
        "recheck/recheck",
        "report/report",
        "maintain/maintain",
        "reextract/reextract",
        "backfill/backfill",
    ]
    (tick,) = schedules(found["ingest/due"])
    assert isinstance(tick, IntervalSchedule)
    assert tick.interval == timedelta(minutes=5)
    assert schedules(found["ingest/harbor"]) == []
    assert found["ingest/harbor"].parameters["outlets"] == ["harbor"]
    assert [name for name, each in found.items() if schedules(each)] == [
        "ingest/due",
        "report/report",
        "maintain/maintain",
    ]


def test_the_configuration_says_when(tmp_path: Path) -> None:
    """[schedules] for the flows, [schedule] for an outlet in its own zone; an empty expression turns one off."""
    settings = "[schedules]\ntick_minutes = 2\ntimezone = 'Europe/Paris'\nrecheck = '0 * * * *'\nmaintain = ''"
    own, zoned = "[schedule]\ncron = '0 6 * * *'", "[schedule]\ncron = '5 7 * * mon'\ntimezone = 'Europe/London'"
    found = deployed(make_workspace(tmp_path, settings=settings, harbor=own, tribune=zoned))
    assert schedules(found["ingest/due"])[0].interval == timedelta(minutes=2)
    assert schedules(found["ingest/harbor"]) == [CronSchedule(cron="0 6 * * *", timezone="Asia/Damascus")]
    assert schedules(found["ingest/tribune"]) == [CronSchedule(cron="5 7 * * mon", timezone="Europe/London")]
    assert schedules(found["recheck/recheck"]) == [CronSchedule(cron="0 * * * *", timezone="Europe/Paris")]
    assert schedules(found["maintain/maintain"]) == []


def test_runs_never_overlap_and_find_their_folders(tmp_path: Path) -> None:
    """Each has one slot, is loaded by its module's name, and gets the configuration and the home as absolute paths."""
    workspace = make_workspace(tmp_path, harbor="")
    for deployment in build_deployments(workspace):
        assert deployment.concurrency_limit == 1
        assert deployment.concurrency_options is not None
        assert deployment.concurrency_options.collision_strategy is ConcurrencyLimitStrategy.CANCEL_NEW
        assert deployment.parameters["config"] == str((tmp_path / "config").resolve())
        assert deployment.parameters["home"] == str((tmp_path / "home").resolve())
        assert deployment.description
        assert "wirewatch" in deployment.tags
        module, _, name = str(deployment.entrypoint).rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), name), Flow)


def test_deployments_made_again_tick_at_the_same_times(tmp_path: Path) -> None:
    """A restart moves no schedule."""
    workspace = make_workspace(tmp_path, harbor="")
    first, second = (schedules(deployed(workspace)["ingest/due"]) for _ in range(2))
    assert first == second


def test_the_outlets_are_a_list_to_choose_from(tmp_path: Path) -> None:
    """The user interface offers them, and the server refuses another one."""
    found = deployed(make_workspace(tmp_path, harbor="", tribune=""))
    of_due = found["ingest/due"]._parameter_openapi_schema.properties
    assert of_due["outlets"]["items"]["enum"] == ["harbor", "tribune"]
    assert of_due["since"]["description"].startswith("Only links newer than this: 2d")
    assert found["backfill/backfill"]._parameter_openapi_schema.properties["outlet"]["enum"] == [
        "",
        "harbor",
        "tribune",
    ]


def test_an_outlet_cannot_take_the_ticks_name(tmp_path: Path) -> None:
    """Two deployments of one name would be one."""
    with pytest.raises(ConfigurationError, match=r"due\.toml: an outlet cannot be called 'due'; rename the file"):
        build_deployments(make_workspace(tmp_path, due=""))
