"""Checks to states that are kept: what an outlet's state is, since when, and each change of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import duckdb
import pyarrow as pa

from warehouse.expectations import Expectation
from warehouse.health.checks import judge
from warehouse.health.evidence import samples_of
from warehouse.health.figures import read_figures
from warehouse.health.verdicts import RANKS, Check, worst
from warehouse.rows import KEYS, STRINGS, TEXT, TIME, columns, read, read_by_keys, write
from warehouse.transactions import transaction

State = Literal["ok", "warning", "failing"]
QUIET_INTERVAL = timedelta(minutes=15)
"""After a run that brought nothing, checks are looked at no more often than this: they reckon in hours and days."""

CHECKS = columns(
    outlet_id=TEXT,
    check_name=TEXT,
    evaluated_at=TIME,
    state=TEXT,
    figure=pa.float64(),
    usual=pa.float64(),
    bound=pa.float64(),
    is_promised=pa.bool_(),
    sentence=TEXT,
)
CHANGES = columns(outlet_id=TEXT, changed_at=TIME, run_id=TEXT, state=TEXT, previous_state=TEXT, reasons=STRINGS)
CHECK_CHANGES = columns(
    outlet_id=TEXT,
    check_name=TEXT,
    changed_at=TIME,
    run_id=TEXT,
    state=TEXT,
    previous_state=TEXT,
    figure=pa.float64(),
    usual=pa.float64(),
    bound=pa.float64(),
    sentence=TEXT,
    samples=STRINGS,
)
READ_STATES = """
    SELECT outlet_id, '' AS check_name, ARG_MAX(state, changed_at) AS state
    FROM core.health_changes
    GROUP BY outlet_id
    UNION ALL
    SELECT outlet_id, check_name, ARG_MAX(state, changed_at) AS state
    FROM core.health_check_changes
    GROUP BY outlet_id, check_name
"""
READ_KEPT = """
    SELECT c.outlet_id, c.check_name, c.evaluated_at, c.state, c.figure, c.usual, c.bound, c.is_promised, c.sentence
    FROM core.health_checks AS c
    JOIN wanted AS w ON w.key = c.outlet_id
    ORDER BY ALL
"""
DELETE_KEPT = "DELETE FROM core.health_checks WHERE outlet_id IN (SELECT key FROM incoming)"
INSERT_CHECKS = """
    INSERT INTO core.health_checks BY NAME
    SELECT outlet_id, check_name, evaluated_at, state, figure, usual, bound, is_promised, sentence
    FROM incoming
"""
# Two runs side by side may find the same change; it is one.
INSERT_CHANGES = """
    INSERT INTO core.health_changes BY NAME
    SELECT i.outlet_id, i.changed_at, i.run_id, i.state, i.previous_state, i.reasons
    FROM incoming AS i
    LEFT JOIN (
        SELECT outlet_id, ARG_MAX(state, changed_at) AS state FROM core.health_changes GROUP BY outlet_id
    ) AS l ON l.outlet_id = i.outlet_id
    WHERE i.state <> COALESCE(l.state, 'ok')
"""
INSERT_CHECK_CHANGES = """
    INSERT INTO core.health_check_changes BY NAME
    SELECT
        i.outlet_id, i.check_name, i.changed_at, i.run_id, i.state, i.previous_state,
        i.figure, i.usual, i.bound, i.sentence, i.samples
    FROM incoming AS i
    LEFT JOIN (
        SELECT outlet_id, check_name, ARG_MAX(state, changed_at) AS state
        FROM core.health_check_changes
        GROUP BY outlet_id, check_name
    ) AS l ON l.outlet_id = i.outlet_id AND l.check_name = i.check_name
    WHERE i.state <> COALESCE(l.state, 'ok')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChange:
    """A check that came into another state, with its evidence."""

    outlet_id: str
    check_name: str
    state: State
    previous_state: State
    sentence: str
    figure: float | None = None
    usual: float | None = None
    bound: float | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletChange:
    """An outlet that came into another state; ``reasons`` are its checks' sentences, the worst first."""

    outlet_id: str
    state: State
    previous_state: State
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an evaluation found. ``missed`` are sentences about promises, with their outlets."""

    missed: tuple[str, ...] = ()
    outlets: tuple[OutletChange, ...] = ()
    checks: tuple[CheckChange, ...] = ()
    found: Mapping[str, Sequence[Check]] = field(default_factory=dict)


def judge_outlets(
    con: duckdb.DuckDBPyConnection,
    expectations: Sequence[Expectation],
    *,
    now: datetime,
    is_quiet: bool = False,
) -> Judgement:
    """Judge outlets, keep what each check found, and tell which of them changed.

    Args:
        con: The loader's connection.
        expectations: The outlets.
        now: Aware time.
        is_quiet: Nothing has happened that could change much; what was found a moment ago then still holds.
    """
    if is_quiet and (missed := still_missed(con, expectations, now=now)) is not None:
        return Judgement(missed=missed)
    figures = read_figures(con, expectations, now=now)
    states = {(row["outlet_id"], row["check_name"]): row["state"] for row in read(con, READ_STATES)}
    found: dict[str, list[Check]] = {}
    for each in expectations:
        if each.outlet_id in figures:
            told = {name for (key, name), state in states.items() if key == each.outlet_id and state != "ok"}
            found[each.outlet_id] = judge(each, figures[each.outlet_id], told)
    keep_checks(con, found, now=now)
    return Judgement(
        missed=tuple(
            f"{outlet_id}: {check.sentence}"
            for outlet_id, checks in found.items()
            for check in checks
            if check.is_promised
        ),
        outlets=tuple(outlet_changes(found, states)),
        checks=tuple(check_changes(con, found, states, now=now)),
        found=found,
    )


def still_missed(
    con: duckdb.DuckDBPyConnection, expectations: Sequence[Expectation], *, now: datetime
) -> tuple[str, ...] | None:
    """Promises that were missed a moment ago; None where any of the outlets was not judged then."""
    rows = read_by_keys(con, READ_KEPT, (each.outlet_id for each in expectations))
    fresh = {row["outlet_id"] for row in rows if timedelta(0) <= now - row["evaluated_at"] < QUIET_INTERVAL}
    if not fresh or any(row["outlet_id"] not in fresh for row in rows):
        return None
    return tuple(f"{row['outlet_id']}: {row['sentence']}" for row in rows if row["is_promised"])


def keep_checks(con: duckdb.DuckDBPyConnection, found: Mapping[str, Sequence[Check]], *, now: datetime) -> None:
    """Put what was found in the place of what was found before."""
    rows = [
        {
            "outlet_id": outlet_id,
            "check_name": check.name,
            "evaluated_at": now,
            "state": check.state,
            "figure": check.figure,
            "usual": check.usual,
            "bound": check.bound,
            "is_promised": check.is_promised,
            "sentence": check.sentence,
        }
        for outlet_id, checks in found.items()
        for check in checks
    ]
    with transaction(con):
        write(con, DELETE_KEPT, KEYS, [{"key": outlet_id} for outlet_id in found])
        write(con, INSERT_CHECKS, CHECKS, rows)


def outlet_changes(
    found: Mapping[str, Sequence[Check]], states: Mapping[tuple[str, str], State]
) -> Iterable[OutletChange]:
    """The outlets whose worst check is better or worse than it was."""
    for outlet_id, checks in found.items():
        before: State = states.get((outlet_id, ""), "ok")
        after = worst(check.state for check in checks)
        if after != before:
            yield OutletChange(outlet_id=outlet_id, state=after, previous_state=before, reasons=reasons_of(checks))


def reasons_of(checks: Sequence[Check]) -> tuple[str, ...]:
    """What is wrong, the worst first."""
    wrong = [check for check in checks if RANKS[check.state] > 0]
    return tuple(check.sentence for check in sorted(wrong, key=lambda check: -RANKS[check.state]))


def check_changes(
    con: duckdb.DuckDBPyConnection,
    found: Mapping[str, Sequence[Check]],
    states: Mapping[tuple[str, str], State],
    *,
    now: datetime,
) -> Iterable[CheckChange]:
    """The checks that are better or worse than they were; one that is no longer made is ok."""
    for outlet_id, checks in found.items():
        for check in checks:
            before: State = states.get((outlet_id, check.name), "ok")
            after = worst([check.state])
            if after != before:
                is_better = after == "ok"
                yield CheckChange(
                    outlet_id=outlet_id,
                    check_name=check.name,
                    state=after,
                    previous_state=before,
                    sentence=check.sentence,
                    figure=check.figure,
                    usual=check.usual,
                    bound=check.bound,
                    samples=() if is_better else samples_of(con, outlet_id, check.name, now=now),
                )
        made = {check.name for check in checks} | {""}
        for (key, name), state in states.items():
            if key == outlet_id and name not in made and state != "ok":
                yield CheckChange(
                    outlet_id=outlet_id,
                    check_name=name,
                    state="ok",
                    previous_state=state,
                    sentence="there is nothing to judge any more",
                )


def record_changes(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlets: Sequence[OutletChange],
    checks: Sequence[CheckChange],
    *,
    now: datetime,
) -> None:
    """Write changes of outlets and checks, each once."""
    told = {"run_id": run_id, "changed_at": now}
    with transaction(con):
        write(
            con,
            INSERT_CHANGES,
            CHANGES,
            [
                {
                    "outlet_id": each.outlet_id,
                    "state": each.state,
                    "previous_state": each.previous_state,
                    "reasons": list(each.reasons),
                    **told,
                }
                for each in outlets
            ],
        )
        write(
            con,
            INSERT_CHECK_CHANGES,
            CHECK_CHANGES,
            [
                {
                    "outlet_id": each.outlet_id,
                    "check_name": each.check_name,
                    "state": each.state,
                    "previous_state": each.previous_state,
                    "figure": each.figure,
                    "usual": each.usual,
                    "bound": each.bound,
                    "sentence": each.sentence,
                    "samples": list(each.samples),
                    **told,
                }
                for each in checks
            ],
        )
