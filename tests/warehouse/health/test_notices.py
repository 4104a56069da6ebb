"""What a receiver is told of outlets' changes, and what not yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import duckdb
from warehouse_samples import ask

from warehouse.health.notices import FIRST_SIGHT, Damping, Notice, Told, new_receivers, record_notices, unsent_notices
from warehouse.health.states import CheckChange, OutletChange, State, record_changes

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAMPING = Damping()


def hour(number: float) -> datetime:
    """So many hours after the start."""
    return START + timedelta(hours=number)


def change(con: duckdb.DuckDBPyConnection, at: float, state: State, outlet_id: str = "gazette") -> None:
    """Let an outlet come into a state."""
    reasons = () if state == "ok" else (f"is {state}",)
    outlets = [OutletChange(outlet_id=outlet_id, state=state, previous_state="ok", reasons=reasons)]
    checks = [
        CheckChange(
            outlet_id=outlet_id, check_name="silence", state=state, previous_state="ok", sentence=f"is {state}",
            samples=("https://a.example/1",),
        )
    ]  # fmt: skip
    record_changes(con, "run", outlets, checks, now=hour(at))


def meet(con: duckdb.DuckDBPyConnection, receiver: str = "me", at: float = 0) -> None:
    """Let a receiver be known."""
    told = [Told(outlet_id=FIRST_SIGHT, state="ok", told_until=hour(at))]
    record_notices(con, "run", receiver, told, now=hour(at))


def unsent(
    con: duckdb.DuckDBPyConnection, at: float, *, damping: Damping = DAMPING, receiver: str = "me"
) -> list[Notice]:
    """What a receiver is to be told at an hour."""
    return unsent_notices(con, [receiver], damping, now=hour(at))[receiver]


def take(con: duckdb.DuckDBPyConnection, notices: Iterable[Notice], at: float, receiver: str = "me") -> None:
    """Let a receiver take a message."""
    told = [Told(outlet_id=each.outlet_id, state=each.state, told_until=each.told_until) for each in notices]
    record_notices(con, "run", receiver, told, now=hour(at))


def test_a_change_is_told_once(con: duckdb.DuckDBPyConnection) -> None:
    """Failing, then well again; in between, nothing new."""
    meet(con)
    assert unsent(con, 1) == []
    change(con, 1, "failing")
    (notice,) = unsent(con, 1)
    assert (notice.state, notice.since, notice.findings[0].samples) == ("failing", hour(1), ("https://a.example/1",))
    take(con, [notice], 1)
    assert unsent(con, 2) == []
    change(con, 9, "ok")
    (notice,) = unsent(con, 9)
    assert (notice.state, notice.worst, notice.worst_at, notice.findings) == ("ok", "failing", hour(1), ())
    take(con, [notice], 9)
    assert unsent(con, 10) == []


def test_what_was_not_taken_stays_unsent(con: duckdb.DuckDBPyConnection) -> None:
    """A receiver that is down for days hears of it in the end, also of what is over by then; the other one did."""
    meet(con, "me")
    meet(con, "other")
    change(con, 1, "failing")
    take(con, unsent(con, 1, receiver="other"), 1, receiver="other")
    assert unsent(con, 2, receiver="other") == []
    change(con, 5, "ok")
    (notice,) = unsent(con, 50)
    assert (notice.state, notice.worst, notice.worst_at, notice.meanwhile) == (
        "ok",
        "failing",
        hour(1),
        ("is failing",),
    )
    (row,) = ask(con, "SELECT state, notified_at FROM health_changes ORDER BY changed_at LIMIT 1")
    assert row == {"state": "failing", "notified_at": hour(1)}


def test_a_new_receiver_hears_what_is_wrong_now(con: duckdb.DuckDBPyConnection) -> None:
    """Not what was wrong last year, but all that changes from then on."""
    change(con, 1, "failing", "old_trouble")
    change(con, 2, "ok", "old_trouble")
    change(con, 3, "warning", "present_trouble")
    assert new_receivers(con, ["me"]) == ["me"]
    assert [notice.outlet_id for notice in unsent(con, 100)] == ["present_trouble"]
    meet(con, at=100)
    assert new_receivers(con, ["me"]) == []
    assert [notice.outlet_id for notice in unsent(con, 101)] == ["present_trouble"]
    change(con, 102, "failing", "old_trouble")
    change(con, 103, "ok", "old_trouble")
    assert [(notice.outlet_id, notice.state) for notice in unsent(con, 104)] == [
        ("old_trouble", "ok"),
        ("present_trouble", "warning"),
    ]


def test_states_that_nobody_asked_for_are_no_news(con: duckdb.DuckDBPyConnection) -> None:
    """With ``states = ["failing"]`` a warning is like being well; to leave failing is news."""
    damping = Damping(states=("failing",))
    meet(con)
    change(con, 1, "warning")
    assert unsent(con, 1, damping=damping) == []
    change(con, 2, "failing")
    take(con, unsent(con, 2, damping=damping), 2)
    change(con, 3, "warning")
    (notice,) = unsent(con, 3, damping=damping)
    assert notice.state == "warning"


def test_an_outlet_that_changes_to_and_fro_is_told_once_until_it_settles(con: duckdb.DuckDBPyConnection) -> None:
    """Eight changes in two hours make four messages: three changes, that it flaps, and how it ended."""
    meet(con)
    sent = []
    for number in range(8):
        at = 1 + number / 4
        change(con, at, "failing" if number % 2 == 0 else "ok")
        for notice in unsent(con, at):
            sent.append(notice.state)
            take(con, [notice], at)
    assert sent == ["failing", "ok", "failing", "flapping"]
    assert unsent(con, 5) == []
    (notice,) = unsent(con, 6)
    assert notice.state == "ok"
    take(con, [notice], 6)
    assert unsent(con, 7) == []
