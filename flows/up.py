"""``wirewatch up``: a Prefect server, a runner of all deployments and what monitors ask, kept alive for one home."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from flows.settings import Workspace
from flows.shown.progress import printable
from flows.supervision.addresses import api_url, check_free, page_url
from flows.supervision.children import Plan, module_command
from flows.supervision.home import clear_home, sole_supervisor
from flows.supervision.monitoring import serving_monitor
from flows.supervision.processes import MARK, adopt_orphans, descendants, kill, mark_of
from flows.supervision.supervisor import RUNNER, SERVER, Supervisor

DAY_SECONDS = 86_400
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """Says what happens, with the time, and never fails: whoever listens may have gone."""

    console: Console

    def say(self, line: str) -> None:
        """Say one line."""
        stamp = datetime.now().astimezone()
        # What runs under systemd has the time from the journal.
        if self.console.is_terminal:
            line = f"{stamp:%H:%M:%S} {line}"
        elif "JOURNAL_STREAM" not in os.environ:
            line = f"{stamp.isoformat(timespec='seconds')} {line}"
        with suppress(OSError):
            self.console.print(printable(line), markup=False, highlight=False, soft_wrap=True)

    def show_served(self, told: dict[str, Any]) -> None:
        """Say what the runner serves, as a table on a terminal."""
        for line in told["recovered"]:
            self.say(f"runner: {line}")
        self.say(f"runner: ready, serves {len(told['served'])} deployments")
        if not self.console.is_terminal:
            for name, when in told["served"]:
                self.say(f"runner: {name}: {when}")
            return
        table = Table("deployment", "runs", box=box.SIMPLE, show_edge=False)
        for name, when in told["served"]:
            table.add_row(printable(name), printable(when))
        with suppress(OSError):
            self.console.print(table)


def run(workspace: Workspace, console: Console, *, url: str | None = None) -> dict[str, Any]:
    """Look after a home until a signal says to stop.

    Args:
        workspace: The home and its configuration.
        console: Where it is said what happens.
        url: API of a server that is run elsewhere, in place of ``[server] url``.

    Returns:
        How long it ran, and how often what was started again.

    Raises:
        ConfigurationError: A port is taken, or a child says that the configuration is wrong.
        WarehouseBusyError: Another ``wirewatch up`` runs on the home.
        WirewatchError: A child keeps dying.
    """
    narrator = Narrator(console=console)
    place = workspace.settings.server
    elsewhere = url or place.url
    api = elsewhere or api_url(place.host, place.port)
    began = time.monotonic()
    with sole_supervisor(workspace.home):
        adopt_orphans()
        os.environ.update(own_settings(workspace))
        narrator.say(f"home {workspace.home.resolve()}, configuration {workspace.config.resolve()}")
        for line in clear_home(workspace):
            narrator.say(line)
        if not elsewhere:
            check_free(place.host, place.port, table=SERVER)
        with serving_monitor(workspace) as monitor:
            if monitor:
                narrator.say(f"monitor: answers at {monitor}")
            supervisor = Supervisor(
                home=workspace.home,
                server=None if elsewhere else server_plan(workspace),
                runner=runner_plan(workspace, api),
                api=api,
                start_timeout_seconds=place.start_timeout_seconds,
                say=narrator.say,
                told=narrator.show_served,
            )
            page = api.removesuffix("/api") if elsewhere else page_url(place.host, place.port)
            narrator.say(f"server: its user interface will be at {page}; a first start takes a minute or more")
            stopped_after = asyncio.run(until_signal(supervisor, narrator.say))
        narrator.say(f"stopped within {stopped_after:.1f} s")
    return {"seconds": round(time.monotonic() - began, 1), "restarts": supervisor.restarts, "url": page}


async def until_signal(supervisor: Supervisor, say: Callable[[str], None]) -> float:
    """Run the supervisor until a signal; a second one kills whatever has not ended yet.

    Returns:
        Seconds from the signal to the end.
    """
    stop = asyncio.Event()
    heard = 0.0

    def hear() -> None:
        nonlocal heard
        if stop.is_set():
            kill(descendants())
            return
        heard = time.monotonic()
        say("stopping; what was fetched is kept, and the next run goes on from there")
        stop.set()

    loop = asyncio.get_running_loop()
    for number in STOPPING_SIGNALS:
        # `nohup` lets a program ignore the end of its terminal.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, hear)
    await supervisor.run(stop)
    return time.monotonic() - heard


def own_settings(workspace: Workspace) -> dict[str, str]:
    """Prefect's settings for everything that is started here: its data in the home, telemetry off."""
    return {
        MARK: mark_of(workspace.home),
        "PREFECT_HOME": str((workspace.home / "prefect").resolve()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def inherited() -> dict[str, str]:
    """This process' environment, but for what would lead a child to another server or to settings of another home."""
    foreign = ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def server_plan(workspace: Workspace) -> Plan:
    """How the server is started. What the operator sets in the environment (a database, say) wins."""
    place = workspace.settings.server
    usual = {
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # The browser asks the host that it has the page from, by whatever name it knows it.
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(place.keep_runs_days * DAY_SECONDS),
        # SQLite has one writer at a time. After a pause this service marks each missed tick as late, all at once and
        # against the runner, which skips them: seen as hundreds of "database is locked".
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PYTHONUNBUFFERED": "1",
    }
    words = ("prefect", "server", "start", "--host", place.host, "--port", str(place.port))
    environment = {**usual, **inherited(), **own_settings(workspace)}
    log = workspace.home / "prefect" / "server.log"
    return Plan(name=SERVER, command=module_command(*words), environment=environment, log=log)


def runner_plan(workspace: Workspace, api: str) -> Plan:
    """How the runner is started."""
    words = (
        "flows.deployed.runner",
        "--config",
        str(workspace.config.resolve()),
        "--home",
        str(workspace.home.resolve()),
    )
    usual = {
        "PREFECT_RUNNER_POLL_FREQUENCY": str(workspace.settings.server.poll_seconds),
        "PYTHONUNBUFFERED": "1",
    }
    fixed = {"PREFECT_API_URL": api, "PREFECT_SERVER_EPHEMERAL_ENABLED": "false"}
    environment = {**usual, **inherited(), **own_settings(workspace), **fixed}
    return Plan(name=RUNNER, command=module_command(*words), environment=environment)
