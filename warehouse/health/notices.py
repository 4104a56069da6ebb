"""Changes of outlets' states to what each receiver has still to be told: once, settled, and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import duckdb

from warehouse.health.states import State
from warehouse.health.verdicts import RANKS
from warehouse.rows import TEXT, TIME, Row, columns, read, write
from warehouse.transactions import transaction

NoticeKind = Literal["ok", "warning", "failing", "flapping"]

NOTICES = columns(receiver=TEXT, outlet_id=TEXT, sent_at=TIME, run_id=TEXT, state=TEXT, told_until=TIME)
INSERT_NOTICES = """
    INSERT INTO core.notices BY NAME
    SELECT receiver, outlet_id, sent_at, run_id, state, told_until
    FROM incoming
"""
READ_CHANGES = """
    SELECT
        c.outlet_id,
        COALESCE(o.name, c.outlet_id) AS outlet_name,
        c.changed_at,
        c.state,
        c.reasons
    FROM core.health_changes AS c
    LEFT JOIN core.outlets AS o ON o.outlet_id = c.outlet_id
    ORDER BY c.outlet_id, c.changed_at
"""
READ_TOLD = """
    SELECT receiver, outlet_id, ARG_MAX(state, sent_at) AS state, MAX(told_until) AS told_until
    FROM core.notices
    GROUP BY receiver, outlet_id
"""
READ_EVIDENCE = """
    SELECT
        outlet_id,
        check_name,
        ARG_MAX(state, changed_at) AS state,
        ARG_MAX(sentence, changed_at) AS sentence,
        ARG_MAX(samples, changed_at) AS samples
    FROM core.health_check_changes
    GROUP BY outlet_id, check_name
    ORDER BY outlet_id, state, check_name
"""


FIRST_SIGHT = ""
"""In place of an outlet: since when a receiver is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check that is not ok, with what shows it."""

    check_name: str
    sentence: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a receiver is to be told of one outlet.

    Args:
        outlet_id: The outlet.
        outlet_name: Its name.
        state: Its state now; ``flapping`` when it changes to and fro.
        since: Since when.
        told_until: Its newest change; what comes later is another notice.
        change_count: Changes that the receiver was not told of yet; of the last day where it is flapping.
        worst: The worst state among those.
        worst_at: When it began.
        findings: What is wrong now.
        meanwhile: What was wrong at the worst of them.
    """

    outlet_id: str
    outlet_name: str
    state: NoticeKind
    since: datetime
    told_until: datetime
    change_count: int
    worst: State
    worst_at: datetime
    findings: tuple[Finding, ...] = ()
    meanwhile: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One outlet in a message that a receiver took."""

    outlet_id: str
    state: NoticeKind
    told_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Damping:
    """Which states are told, and what counts as changing to and fro: so many changes in a day, until it settles."""

    states: tuple[str, ...] = ("warning", "failing")
    flapping_changes: int = 4
    settle: timedelta = timedelta(hours=3)


def unsent_notices(
    con: duckdb.DuckDBPyConnection, receivers: Sequence[str], damping: Damping, *, now: datetime
) -> dict[str, list[Notice]]:
    """What each receiver has still to be told.

    One that is new hears of the outlets that are not well now, and from then on of every change.
    """
    changes: dict[str, list[Row]] = {}
    for row in read(con, READ_CHANGES):
        changes.setdefault(row["outlet_id"], []).append(row)
    told = {(row["receiver"], row["outlet_id"]): row for row in read(con, READ_TOLD)}
    findings = read_findings(con) if changes else {}
    found: dict[str, list[Notice]] = {}
    for receiver in receivers:
        start = told.get((receiver, FIRST_SIGHT))
        since = start["told_until"] if start else now
        notices = [
            notice_of(mine, told.get((receiver, outlet_id)), since, damping, findings, now=now)
            for outlet_id, mine in changes.items()
        ]
        found[receiver] = [notice for notice in notices if notice is not None]
    return found


def new_receivers(con: duckdb.DuckDBPyConnection, receivers: Sequence[str]) -> list[str]:
    """The receivers that were never seen before."""
    seen = {row["receiver"] for row in read(con, READ_TOLD)}
    return [receiver for receiver in receivers if receiver not in seen]


def notice_of(
    changes: Sequence[Row],
    told: Row | None,
    since: datetime,
    damping: Damping,
    findings: Mapping[str, tuple[Finding, ...]],
    *,
    now: datetime,
) -> Notice | None:
    """What there is to tell of one outlet, if there is.

    Args:
        changes: All of its changes, in their order.
        told: What the receiver heard of it last: ``state`` and ``told_until``; None for one that never heard of it.
        since: When the receiver was new: who has never heard of an outlet hears of its changes since.
        damping: When it is told.
        findings: What is wrong now, by outlet.
        now: Aware time.
    """
    latest = changes[-1]
    known, told_until = (told["state"], told["told_until"]) if told else ("ok", since)
    news = [row for row in changes if row["changed_at"] > told_until]
    is_new = told is None and heard(latest["state"], damping) != "ok"
    lately = [row for row in changes if now - row["changed_at"] < timedelta(hours=24)]
    is_restless = len(lately) >= damping.flapping_changes and now - latest["changed_at"] < damping.settle
    if is_restless and known == "flapping":
        return None
    if not is_new and known != "flapping" and all(heard(row["state"], damping) == known for row in news):
        return None
    # With the state that was told last, so that who hears of a recovery hears from what.
    shown = [row for row in changes if row["changed_at"] >= told_until] or [latest]
    worst = max(shown, key=lambda row: RANKS[row["state"]])
    return Notice(
        outlet_id=latest["outlet_id"],
        outlet_name=latest["outlet_name"],
        state="flapping" if is_restless else latest["state"],
        since=latest["changed_at"],
        told_until=latest["changed_at"],
        change_count=len(lately) if is_restless else len(news),
        worst=worst["state"],
        worst_at=worst["changed_at"],
        findings=findings.get(latest["outlet_id"], ()),
        meanwhile=tuple(worst["reasons"]),
    )


def heard(state: str, damping: Damping) -> str:
    """A state as a receiver hears of it: one that is not told is no news."""
    return state if state in damping.states else "ok"


def read_findings(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[Finding, ...]]:
    """The checks that are not ok now, by outlet, the worst first."""
    found: dict[str, tuple[Finding, ...]] = {}
    for row in read(con, READ_EVIDENCE):
        if row["state"] != "ok":
            finding = Finding(check_name=row["check_name"], sentence=row["sentence"], samples=tuple(row["samples"]))
            found[row["outlet_id"]] = (*found.get(row["outlet_id"], ()), finding)
    return found


def record_notices(
    con: duckdb.DuckDBPyConnection, run_id: str, receiver: str, told: Sequence[Told], *, now: datetime
) -> None:
    """Write that a receiver took a message about some outlets."""
    rows = [
        {
            "receiver": receiver,
            "outlet_id": each.outlet_id,
            "sent_at": now,
            "run_id": run_id,
            "state": each.state,
            "told_until": each.told_until,
        }
        for each in told
    ]
    with transaction(con):
        write(con, INSERT_NOTICES, NOTICES, rows)
