from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prefect.client.schemas.schedules import SCHEDULE_TYPES, CronSchedule, IntervalSchedule, RRuleSchedule

from flows.deployed.runner import describe, describe_schedule, full_name, main
from flows.deployments import build_deployments
from flows.settings import open_workspace

CONFIG = Path(__file__).parents[3] / "config"


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (IntervalSchedule(interval=timedelta(minutes=1)), "every minute"),
        (IntervalSchedule(interval=timedelta(minutes=90)), "every 90 minutes"),
        (IntervalSchedule(interval=timedelta(days=1)), "every day"),
        (IntervalSchedule(interval=timedelta(seconds=45)), "every 45 seconds"),
        (CronSchedule(cron="17 3 * * *"), "cron 17 3 * * * (UTC)"),
        (CronSchedule(cron="17 3 * * *", timezone="Asia/Damascus"), "cron 17 3 * * * (Asia/Damascus)"),
    ],
)
def test_schedules_are_said_as_people_say_them(schedule: SCHEDULE_TYPES, said: str) -> None:
    """One look tells when a deployment runs."""
    assert describe_schedule(schedule) == said


def test_a_schedule_of_another_kind_is_said_too() -> None:
    """However it looks."""
    assert "FREQ=DAILY" in describe_schedule(RRuleSchedule(rrule="FREQ=DAILY"))


def test_every_deployment_has_a_name_and_a_time(tmp_path: Path) -> None:
    """What `up` shows of the shipped configuration."""
    served = {full_name(each): describe(each) for each in build_deployments(open_workspace(CONFIG, tmp_path))}
    assert served["ingest/due"].startswith("every ")
    assert all(when for when in served.values())


def test_a_broken_configuration_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code that ends `up` too."""
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(tmp_path / "nowhere"), "--home", str(tmp_path)])
    assert ended.value.code == 2
    assert "there is no such folder" in capsys.readouterr().err
