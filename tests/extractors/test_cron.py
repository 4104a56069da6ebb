"""Cron expressions as the configuration takes them, beside what Prefect makes of them."""

import pytest
from prefect.client.schemas.schedules import CronSchedule
from pydantic import ValidationError

from extractors.cron import check_cron, check_cron_or_off


@pytest.mark.parametrize(
    "cron",
    [
        "* * * * *",
        "*/10 6-22 * * *",
        "0,30 6 1,15 jan-mar mon-fri",
        "40 3 * * sun",
        "5 4 * * 7",
        "0 0 31 12 0",
        "0 6 * * MON",
        "10-50/20 * * * *",
    ],
)
def test_accepts_what_prefect_schedules(cron: str) -> None:
    """What passes here is scheduled there."""
    assert check_cron(cron) == cron
    assert CronSchedule(cron=cron).cron == cron


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("", "has 0 fields"),
        ("6 * *", "has 3 fields; write five fields"),
        ("0 0 6 * * *", "has 6 fields"),
        ("60 * * * *", "'60' is no minute; it is 0 to 59"),
        ("* 24 * * *", "'24' is no hour; it is 0 to 23"),
        ("* * 0 * *", "'0' is no day; it is 1 to 31"),
        ("* * * 13 *", "'13' is no month; it is 1 to 12"),
        ("* * * * 8", "'8' is no weekday; it is 0 to 7"),
        ("* * * * someday", "'someday' is no weekday"),
        ("50-10 * * * *", "'50-10' ends before it starts"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("*-5 * * * *", "'*-5' is no minute"),
        ("1,,2 * * * *", "'' is no minute"),
    ],
)
def test_refuses_the_rest_with_what_is_wrong(cron: str, problem: str) -> None:
    """The message names the part, and what may stand there."""
    with pytest.raises(ValueError, match=r"is no|fields|ends") as caught:
        check_cron(cron)
    assert problem in str(caught.value)


@pytest.mark.parametrize("cron", ["", "6 * *", "60 * * * *", "* 24 * * *", "* * * 13 *", "* * * * someday"])
def test_prefect_would_refuse_them_too(cron: str) -> None:
    """Nothing is refused here that a later step would take."""
    with pytest.raises(ValidationError):
        CronSchedule(cron=cron)


def test_nothing_turns_a_schedule_off() -> None:
    """An empty expression is no mistake where there is a default."""
    assert check_cron_or_off(" ") == ""
    assert check_cron_or_off("0 6 * * *") == "0 6 * * *"
