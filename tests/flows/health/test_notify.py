"""Messages and heartbeats at the end of runs, to a receiver on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from loopback_receiver import LoopbackReceiver, running_receiver
from terminal import Terminal
from workbench import Workbench

from flows.health.messages import message_of, title_of
from flows.health.notify import is_quiet
from flows.runs.deadlines import within
from flows.settings import NotifySettings
from warehouse.health.notices import Finding, Notice

OUTLET = "sample_observatory_ar"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackReceiver]:
    """A receiver that the environment names."""
    with running_receiver() as running:
        monkeypatch.setenv("WIREWATCH_NOTIFY_URLS", running.notify_url)
        monkeypatch.setenv("WIREWATCH_HEARTBEAT_URL", f"http://127.0.0.1:{running.port}/beat?token=s3cret")
        yield running


def expecting(bench: Workbench, notify: dict[str, Any] | None = None, **expect: Any) -> Workbench:
    """The bench with other promises of one outlet, and other settings of ``[notify]``."""
    outlet = bench.workspace.outlets[OUTLET]
    changed = outlet.model_copy(update={"expect": outlet.expect.model_copy(update=expect)})
    options = bench.workspace.settings.notify.model_copy(update=notify or {})
    settings = bench.workspace.settings.model_copy(update={"notify": options})
    outlets = {**bench.workspace.outlets, OUTLET: changed}
    return Workbench(bench.newsroom, replace(bench.workspace, outlets=outlets, settings=settings))


def broken(bench: Workbench, notify: dict[str, Any] | None = None) -> Workbench:
    """An outlet that promises more words than its articles have."""
    return expecting(bench, notify, min_words=100_000)


def test_a_failing_outlet_is_told_once_and_so_is_its_recovery(bench: Workbench, receiver: LoopbackReceiver) -> None:
    """One message a change: what, since when, what shows it, what to do; the run fails while the promise is missed."""
    report = broken(bench).ingest(OUTLET, limit=2)
    assert any("min_words is 100000" in missed for missed in report.missed)
    (message,) = receiver.messages
    assert "failing" in message["title"]
    for words in ("min_words is 100000", "since 20", "What to do", "/", OUTLET):
        assert words in message["message"]
    broken(bench).ingest(OUTLET, limit=2)
    assert len(receiver.messages) == 1
    assert expecting(bench).ingest(OUTLET, limit=2).missed == []
    assert len(receiver.messages) == 2
    assert "well again" in receiver.messages[1]["title"]
    assert "min_words is 100000" in receiver.messages[1]["message"]
    told = bench.ask("SELECT state, notified_at IS NOT NULL AS is_told FROM health_changes ORDER BY changed_at")
    assert [row["state"] for row in told] == ["failing", "ok"]


def test_a_receiver_that_is_down_gets_it_later(
    bench: Workbench, receiver: LoopbackReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused, the message stays unsent, fails nothing by itself, and shows no secret; the next run tells it."""
    receiver.status = 503
    report = broken(bench).ingest(OUTLET, limit=2)
    assert not report.outlets[0].has_failed
    assert "could not be told to a receiver" in caplog.text
    assert "s3cret" not in caplog.text
    receiver.status = 200
    broken(bench).ingest(OUTLET, limit=2)
    assert ["failing" in message["title"] for message in receiver.messages] == [True]


def test_in_quiet_hours_nobody_is_disturbed(bench: Workbench, receiver: LoopbackReceiver) -> None:
    """What changes meanwhile is told after, also what is well again by then."""
    now = datetime.now(UTC)
    span = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    expecting(bench).ingest(OUTLET, limit=1)
    broken(bench, {"quiet_hours": span}).ingest(OUTLET, limit=1)
    expecting(bench, {"quiet_hours": span}).ingest(OUTLET, limit=1)
    assert receiver.messages == []
    expecting(bench).ingest(OUTLET, limit=1)
    (message,) = receiver.messages
    assert "well again" in message["title"]
    assert "it was failing" in message["message"]


def test_a_good_run_gives_a_sign_of_life(
    bench: Workbench, receiver: LoopbackReceiver, caplog: pytest.LogCaptureFixture
) -> None:
    """After each run that balances; an address that fails is a warning without its secret, and fails no run."""
    expecting(bench).ingest(OUTLET, limit=1)
    assert receiver.heartbeats == ["/beat?token=s3cret"]
    receiver.status = 500
    assert not expecting(bench).ingest(OUTLET, limit=1).has_failed
    assert "the heartbeat was not heard: it answered with status 500" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_heartbeat_that_nobody_takes_is_a_line(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a closed port nor a value that is no address fails a run."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WIREWATCH_HEARTBEAT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/s3cret")
        assert not expecting(bench).ingest(OUTLET, limit=1).has_failed
    monkeypatch.setenv("WIREWATCH_HEARTBEAT_URL", "s3cret")
    assert not expecting(bench).ingest(OUTLET, limit=1).has_failed
    assert caplog.text.count("the heartbeat was not heard") == 2
    assert "s3cret" not in caplog.text


def test_the_command_tries_receivers(
    terminal: Terminal, bench: Workbench, receiver: LoopbackReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names them without their secrets, sends each a message, and says which did not take it."""
    places = ("--config", bench.workspace.config, "--home", bench.workspace.home)
    assert terminal.run("notify", *places) == 0
    assert f"127.0.0.1:{receiver.port}" in terminal.out
    assert "s3cret" not in terminal.out
    assert receiver.messages == []
    assert terminal.run("notify", "--test", *places) == 0
    assert receiver.messages[0]["title"] == "wirewatch: a test"
    receiver.status = 404
    monkeypatch.setenv("WIREWATCH_NOTIFY_URLS", f"{receiver.notify_url}\nnonsense://s3cret@example.org")
    assert terminal.run("notify", "--test", "--json", *places) == 1
    assert "s3cret" not in terminal.out
    refused, nonsense = json.loads(terminal.out)
    assert refused["problem"] == "JSON did not take it"
    assert (nonsense["receiver"], nonsense["problem"]) == ("nonsense", "is no URL that apprise knows")
    monkeypatch.delenv("WIREWATCH_NOTIFY_URLS")
    assert terminal.run("notify", *places) == 2
    assert "WIREWATCH_NOTIFY_URLS" in terminal.err


@pytest.mark.parametrize(
    ("span", "clock", "expected"),
    [
        ("", time(3), False),
        ("22:00-07:00", time(3), True),
        ("22:00-07:00", time(21), True),  # 22:00 in Damascus is 19:00 UTC
        ("22:00-07:00", time(4), False),
        ("12:00-13:00", time(9, 30), True),
        ("12:00-13:00", time(10), False),
    ],
)
def test_quiet_hours_go_over_midnight_and_by_the_local_clock(span: str, clock: time, expected: bool) -> None:
    """In the time zone that the settings name; Damascus is three hours ahead."""
    options = NotifySettings(quiet_hours=span, timezone="Asia/Damascus")
    assert is_quiet(options, datetime.combine(datetime(2026, 3, 2, tzinfo=UTC), clock, tzinfo=UTC)) is expected


def make_notice(number: int, **changes: Any) -> Notice:
    """A notice about an outlet."""
    since = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    values: dict[str, Any] = {
        "outlet_id": f"outlet_{number:02}",
        "outlet_name": f"Outlet {number}",
        "state": "failing",
        "since": since,
        "told_until": since,
        "change_count": 1,
        "worst": "failing",
        "worst_at": since,
        "findings": (
            Finding(check_name="sources", sentence="no source has answered well for 7 hours: feed:x (timeout)"),
        ),
    }
    return Notice(**{**values, **changes})


def test_a_message_says_what_since_when_and_what_to_do() -> None:
    """In plain words, the worst first; of hundreds the first twenty in full."""
    hours = timedelta(hours=3)
    assert message_of([make_notice(1)], settle=hours) == (
        "Outlet 1 (outlet_01) is failing since 2026-03-02 06:00 UTC.\n"
        "  - no source has answered well for 7 hours: feed:x (timeout)\n"
        "  What to do: `wirewatch outlets check outlet_01` asks every source; "
        "`wirewatch outlets add` finds a site's new ones.\n\n"
        "`wirewatch status` shows every outlet."
    )
    mixed = [make_notice(1, state="ok"), make_notice(2, state="flapping", change_count=6), make_notice(3)]
    assert title_of(mixed) == "wirewatch: 1 failing, 1 changing to and fro, 1 well again"
    text = message_of(mixed, settle=hours)
    assert text.index("outlet_03") < text.index("outlet_02") < text.index("outlet_01")
    assert "6 times in 24 hours" in text
    many = message_of([make_notice(number) for number in range(60)], settle=hours)
    assert many.count("What to do") == 20
    assert "outlet_59 (failing)" in many


def test_waiting_for_others_ends() -> None:
    """What takes too long is given up; an error is raised where the work was asked for."""
    end = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, lambda: end.wait(60))
    end.set()
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
    assert within(5, lambda: "done") == "done"
