"""Weeks of simulated outlets: what is told of them, what is not, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest
from simulated_outlets import MONDAY, Course, Day, add_days, but, days_from, steady
from warehouse_samples import ask, column

from warehouse.expectations import Expectation
from warehouse.health.states import CheckChange, judge_outlets, record_changes

NEWS = "gazette"
LEARNED = 70
"""Days of history before anything happens."""
EVENT = MONDAY + timedelta(days=LEARNED)
"""The Monday on which it does."""


def night(when: date) -> datetime:
    """The midnight after a day."""
    return datetime(when.year, when.month, when.day, tzinfo=UTC) + timedelta(days=1)


def live(
    con: duckdb.DuckDBPyConnection, courses: Mapping[str, Course], *, days: int, **expect: Any
) -> list[tuple[int, CheckChange]]:
    """Let outlets live through their history and some days more, judged each midnight of those.

    Returns:
        The changes, with the number of days since the event.
    """
    random = np.random.default_rng(7)
    expectations = [Expectation(outlet_id=outlet_id, **expect) for outlet_id in courses]
    told: list[tuple[int, CheckChange]] = []
    add_days(con, courses, days_from(MONDAY, LEARNED - 1), random)
    for when in days_from(EVENT - timedelta(days=1), days + 1):
        add_days(con, courses, [when], random)
        judgement = judge_outlets(con, expectations, now=night(when))
        record_changes(con, "run", judgement.outlets, judgement.checks, now=night(when))
        told += [((when - EVENT).days + 1, change) for change in judgement.checks]
    return told


def told_of(changes: Sequence[tuple[int, CheckChange]]) -> list[tuple[int, str, str]]:
    """Day, check and state of each change."""
    return [(day, change.check_name, change.state) for day, change in changes]


def on(*offsets: int) -> tuple[date, ...]:
    """Days after the event's."""
    return tuple(EVENT + timedelta(days=offset) for offset in offsets)


COURSE = steady(Day(rate=40))


@pytest.mark.parametrize(
    "course",
    [
        pytest.param(COURSE, id="steady, with slow weekends"),
        pytest.param(steady(Day(rate=40), week=(1, 1, 1, 1, 1, 0.05, 0.05)), id="weekends almost off"),
        pytest.param(but(COURSE, lambda day: day.times(0), *on(2, 99)), id="one day off"),
        pytest.param(but(COURSE, lambda day: day.times(0.4), *on(1, 2, 3)), id="three days of holiday"),
        pytest.param(but(COURSE, lambda day: replace(day, is_watched=False), *on(1, 2, 3, 4)), id="we were off"),
        pytest.param(but(COURSE, lambda day: day.times(4), *on(1, 99)), id="a day of great news"),
    ],
)
def test_what_happens_every_year_does_not_cry_wolf(con: duckdb.DuckDBPyConnection, course: Course) -> None:
    """Slow weekends, holidays, great days and our own outages are no news about an outlet."""
    assert told_of(live(con, {NEWS: course}, days=10)) == []


@pytest.mark.parametrize(
    ("change", "check_name", "within_days"),
    [
        pytest.param(lambda day: day.times(0), "silence", 3, id="silence"),
        pytest.param(lambda day: day.times(0.45), "volume", 7, id="volume halved"),
        pytest.param(lambda day: replace(day, words=day.words / 2), "text_length", 3, id="texts halved"),
        pytest.param(
            lambda day: replace(day, fields={**day.fields, "authors": 0.1}), "fill_authors", 2, id="authors gone"
        ),
        pytest.param(lambda day: replace(day, languages={"en": 0.4, "fr": 0.6}), "language", 2, id="another language"),
        pytest.param(lambda day: replace(day, sections={"sport": 1.0}), "section", 2, id="one section"),
        pytest.param(lambda day: replace(day, failure_share=0.6), "failures", 1, id="failures"),
        pytest.param(lambda day: replace(day, no_article_share=0.7), "no_article", 1, id="walls"),
    ],
)
def test_what_breaks_is_told_in_time(
    con: duckdb.DuckDBPyConnection, change: Any, check_name: str, within_days: int
) -> None:
    """Each trouble is told by its own check within days, and by no earlier alarm."""
    changes = live(con, {NEWS: but(COURSE, change, EVENT)}, days=within_days)
    days = [day for day, name, state in told_of(changes) if name == check_name and state != "ok"]
    assert days, told_of(changes)
    assert 1 <= days[0] <= within_days
    assert all(day >= 1 for day, _, _ in told_of(changes))


def test_it_recovers_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    """A layout that is put right: the warning ends by itself, and the outlet is well again."""
    broken = but(COURSE, lambda day: replace(day, words=day.words / 2), *on(0, 1, 2, 3))
    changes = live(con, {NEWS: broken, "other": COURSE}, days=10)
    assert [(change.check_name, change.state) for _, change in changes] == [
        ("text_length", "warning"),
        ("text_length", "ok"),
    ]
    assert {change.outlet_id for _, change in changes} == {NEWS}
    rows = ask(con, "SELECT outlet_id, state, previous_state FROM health_changes ORDER BY changed_at")
    assert rows == [
        {"outlet_id": NEWS, "state": "warning", "previous_state": "ok"},
        {"outlet_id": NEWS, "state": "ok", "previous_state": "warning"},
    ]
    assert column(con, f"SELECT state FROM outlet_health WHERE outlet_id = '{NEWS}'") == ["ok"]


def test_a_new_outlet_is_not_judged_by_what_is_not_known(con: duckdb.DuckDBPyConnection) -> None:
    """In its first two weeks it learns, and says so."""
    random = np.random.default_rng(1)
    add_days(con, {NEWS: COURSE}, days_from(MONDAY, 5), random)
    judgement = judge_outlets(con, [Expectation(outlet_id=NEWS)], now=night(MONDAY + timedelta(days=4)))
    states = {check.name: check.state for check in judgement.found[NEWS]}
    assert states["silence"] == states["failures"] == "ok"
    assert {states[name] for name in ("volume", "text_length", "language", "section", "fill_tags")} == {"learning"}
    assert not judgement.outlets
    assert not judgement.checks
    assert column(con, "SELECT sentence FROM health_checks WHERE check_name = 'volume'") == [
        "too little history to judge (0 of 14 days)"
    ]


def test_states_are_kept_with_their_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """Since when, by which check, with figures; ``outlet_health`` says it in sentences."""
    live(con, {NEWS: but(COURSE, lambda day: replace(day, fields={**day.fields, "authors": 0.0}), EVENT)}, days=3)
    (row,) = ask(con, f"SELECT state, since, reasons FROM outlet_health WHERE outlet_id = '{NEWS}'")
    (check,) = ask(con, "FROM health_checks WHERE state <> 'ok'")
    assert row["state"] == check["state"] == "failing"
    assert check["check_name"] == "fill_authors"
    assert row["reasons"] == [check["sentence"]]
    assert row["since"] <= night(EVENT + timedelta(days=1))
    assert check["figure"] < 0.5 < check["usual"]
    assert check["evaluated_at"] == night(EVENT + timedelta(days=2))


def test_a_quiet_run_takes_what_was_found_a_moment_ago(con: duckdb.DuckDBPyConnection) -> None:
    """For a quarter of an hour nothing is computed again, and a missed promise stays missed."""
    random = np.random.default_rng(1)
    add_days(con, {NEWS: COURSE}, [MONDAY], random)
    promise = [Expectation(outlet_id=NEWS, max_silence_hours=24)]
    then = night(MONDAY) + timedelta(hours=30)
    first = judge_outlets(con, promise, now=then, is_quiet=True)
    assert len(first.missed) == 1
    assert first.found
    record_changes(con, "run", first.outlets, first.checks, now=then)
    again = judge_outlets(con, promise, now=then + timedelta(minutes=14), is_quiet=True)
    assert (again.missed, again.found) == (first.missed, {})
    later = judge_outlets(con, promise, now=then + timedelta(minutes=16), is_quiet=True)
    assert later.found
    assert later.outlets == ()


def test_a_change_is_one_however_often_it_is_told(con: duckdb.DuckDBPyConnection) -> None:
    """Two runs side by side find the same."""
    random = np.random.default_rng(1)
    add_days(con, {NEWS: COURSE}, [MONDAY], random)
    then = night(MONDAY) + timedelta(hours=30)
    found = judge_outlets(con, [Expectation(outlet_id=NEWS, max_silence_hours=24)], now=then)
    for run_id in ("run-1", "run-2"):
        record_changes(con, run_id, found.outlets, found.checks, now=then)
    assert column(con, "SELECT run_id FROM health_changes") == ["run-1"]
    assert column(con, "SELECT run_id FROM health_check_changes") == ["run-1"]


def test_a_check_that_is_no_longer_made_is_ok(con: duckdb.DuckDBPyConnection) -> None:
    """Who takes a check out of the outlet's file ends its alarm."""
    random = np.random.default_rng(1)
    add_days(con, {NEWS: COURSE}, [MONDAY], random)
    then = night(MONDAY) + timedelta(hours=30)
    found = judge_outlets(con, [Expectation(outlet_id=NEWS, max_silence_hours=24)], now=then)
    record_changes(con, "run-1", found.outlets, found.checks, now=then)
    ignored = judge_outlets(con, [Expectation(outlet_id=NEWS, ignore=("silence",))], now=then + timedelta(hours=1))
    assert [(change.check_name, change.state) for change in ignored.checks] == [("silence", "ok")]
    assert [change.state for change in ignored.outlets] == ["ok"]


def test_chance_alone_hardly_ever_raises_an_alarm(con: duckdb.DuckDBPyConnection) -> None:
    """Twelve outlets of all sizes, judged each Monday of half a year: one warning at most, and nothing that fails.

    ``tests/benchmarks/false_alarms.py`` judges them each day of a year: two warnings in 28 years of outlets.
    """
    random = np.random.default_rng(3)
    courses = {f"outlet_{rate}_{number}": steady(Day(rate=rate)) for rate in (2, 6, 20, 50) for number in range(3)}
    expectations = [Expectation(outlet_id=outlet_id) for outlet_id in courses]
    alarms: list[CheckChange] = []
    for week in range(26):
        monday = MONDAY + timedelta(days=7 * week)
        add_days(con, courses, days_from(monday, 7), random)
        judgement = judge_outlets(con, expectations, now=night(monday + timedelta(days=6)))
        alarms += [change for change in judgement.checks if change.state != "ok"]
    assert len(alarms) <= 1, alarms
    assert {change.state for change in alarms} <= {"warning"}
