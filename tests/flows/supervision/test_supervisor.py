from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import threading
from dataclasses import replace

import pytest
from stand_ins import DEAF_FAMILY, PATIENCE_SECONDS, SERVER_PROGRAM, Bench, is_gone

from extractors.errors import ConfigurationError, WirewatchError
from flows.supervision.processes import MARK, mark_of
from flows.supervision.supervisor import RUNNER, SERVER


def test_starts_both_and_ends_both(bench: Bench) -> None:
    """The server answers before the runner is started; at the end neither is there."""
    bench.run(bench.supervisor())
    order = [line.partition(" (")[0].partition(" after")[0] for line in bench.said]
    assert order == ["server: starting", "server: answers", "runner: starting"]
    assert bench.told == [{"served": [["ingest/due", "every minute"]], "recovered": []}]
    assert is_gone(bench.pid(SERVER))
    assert is_gone(bench.pid(RUNNER))


def test_a_runner_that_is_killed_is_started_again_beside_the_same_server(bench: Bench) -> None:
    """The server has nothing to do with it."""
    supervisor = bench.supervisor()
    servers = []

    def kill_runner() -> None:
        servers.append(bench.pid(SERVER))
        os.kill(bench.pid(RUNNER), signal.SIGKILL)

    bench.run(supervisor, kill_runner)
    assert supervisor.restarts == {RUNNER: 1}
    assert "the runner was ended by SIGKILL; starting it again in 0.05 s" in bench.said
    assert bench.pid(SERVER) == servers[0]


def test_a_server_that_is_killed_takes_the_runner_with_it(bench: Bench) -> None:
    """A runner's state is worth nothing to the next server."""
    supervisor = bench.supervisor()
    runners = []

    def kill_server() -> None:
        runners.append(bench.pid(RUNNER))
        os.kill(bench.pid(SERVER), signal.SIGKILL)

    bench.run(supervisor, kill_server)
    assert supervisor.restarts == {SERVER: 1}
    assert is_gone(runners[0])
    assert bench.pid(RUNNER) != runners[0]


def test_a_server_that_does_not_answer_is_started_again(bench: Bench) -> None:
    """A process that is there is not enough."""
    supervisor = bench.supervisor()
    ill = bench.folder / "ill"
    healing = SERVER_PROGRAM.replace(
        "class Answer", f"os.path.exists({str(ill)!r}) and os.remove({str(ill)!r})\nclass Answer"
    )
    supervisor.server = bench.plan(SERVER, healing, bench.folder, bench.port)
    bench.run(supervisor, ill.touch)
    assert supervisor.restarts == {SERVER: 1}
    assert any("has not answered at" in line for line in bench.said)


def test_one_that_keeps_dying_ends_everything(bench: Bench) -> None:
    """The pauses grow, then a person is told what it said last; nothing is left running."""
    supervisor = bench.supervisor(runner="print('no such thing'); raise SystemExit(7)")
    with pytest.raises(WirewatchError, match="the runner ended with exit code 7, 3 times in a row") as caught:
        bench.run(supervisor)
    assert "no such thing" in str(caught.value)
    pauses = [line.partition("; starting it again in ")[2] for line in bench.said if "again" in line]
    assert pauses == ["0.05 s", "0.1 s"]
    assert is_gone(bench.pid(SERVER))


def test_a_wrong_configuration_is_not_tried_again(bench: Bench) -> None:
    """The child's own words are what a person reads."""
    supervisor = bench.supervisor(runner="import sys; print('config/x.toml: key: is wrong'); sys.exit(2)")
    with pytest.raises(ConfigurationError, match=r"runner: config/x\.toml: key: is wrong"):
        bench.run(supervisor)
    assert supervisor.restarts == {}


def test_ends_what_does_not_hear(bench: Bench) -> None:
    """Children and grandchildren that ignore SIGTERM are killed, in whatever session they hide."""
    bench.run(bench.supervisor(runner=DEAF_FAMILY))
    (told,) = bench.told
    assert len(told["pids"]) == 3
    assert all(is_gone(pid) for pid in told["pids"])


def test_what_a_killed_runner_had_started_is_ended_before_the_next(bench: Bench) -> None:
    """Its runs are said to be dead, so they have to be."""
    gone = []

    def kill_runner() -> None:
        os.kill(bench.pid(RUNNER), signal.SIGKILL)

    supervisor = bench.supervisor(runner=DEAF_FAMILY)
    told = supervisor.told

    def look(news: dict[str, list[int]]) -> None:
        gone.append([is_gone(pid) for each in bench.told for pid in each["pids"]])
        told(news)

    supervisor.told = look
    bench.run(supervisor, kill_runner)
    assert gone == [[], [True, True, True]]


def test_a_server_elsewhere_is_waited_for_and_left_alone(bench: Bench) -> None:
    """With `--server`, only the runner is ours."""
    plan = bench.plan(SERVER, SERVER_PROGRAM, bench.folder, bench.port)
    environment = {name: value for name, value in plan.environment.items() if name != MARK}
    assert mark_of(bench.home) not in environment.values()
    with subprocess.Popen(plan.command, env=environment) as server:
        try:
            bench.run(bench.supervisor(server=None))
            assert server.poll() is None
        finally:
            server.kill()
    assert not any("server: starting" in line for line in bench.said)


def test_a_server_that_says_too_much_is_heard_only_when_it_fails(bench: Bench) -> None:
    """Banners and tracebacks are in its log; warnings are said once, and the last lines when it ends."""
    supervisor = bench.supervisor()
    log = bench.folder / "prefect" / "server.log"
    printed = ["a banner", "07:00 | ERROR   | it is late", "07:01 | ERROR   | it is late"]
    program = f"print({chr(10).join(printed)!r}, flush=True)\n{SERVER_PROGRAM}"
    supervisor.server = replace(bench.plan(SERVER, program, bench.folder, bench.port), log=log)
    bench.run(supervisor, lambda: os.kill(bench.pid(SERVER), signal.SIGTERM))
    assert log.read_text(encoding="utf-8").splitlines() == printed * 2
    # Once for each server: what was said a moment ago is not said again.
    assert [line for line in bench.said if "server: 07:" in line] == ["server: 07:00 | ERROR   | it is late"] * 2
    again = bench.said.index("the server was ended by SIGTERM; starting it again in 0.05 s")
    assert bench.said[again + 1 : again + 4] == [f"  {line}" for line in printed]


def test_a_server_elsewhere_that_never_answers_holds_nobody_up(bench: Bench) -> None:
    """It takes connections and says nothing; whoever stops `up` does not wait for the time-out."""
    supervisor = bench.supervisor(server=None)
    supervisor.watch = replace(supervisor.watch, answer_seconds=PATIENCE_SECONDS)

    async def stop_while_it_waits() -> socket.socket:
        stop = asyncio.Event()
        work = asyncio.create_task(supervisor.run(stop))
        asked, _ = await asyncio.to_thread(silent.accept)
        stop.set()
        await work
        return asked

    with socket.create_server(("127.0.0.1", bench.port)) as silent, asyncio.run(stop_while_it_waits()):
        (asking,) = [thread for thread in threading.enumerate() if thread.name == "ask-server"]
    asking.join(PATIENCE_SECONDS)
    assert bench.said == []
