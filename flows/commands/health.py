"""The commands about how outlets are doing: status, notify, monitor."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.console import Console

from extractors.errors import ConfigurationError
from flows.commands.options import FINE, MISSED, AsJson, Config, Home, print_json
from flows.settings import open_workspace


def status(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids; none: all.")] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show how every outlet is doing, by the published file; exit code 1 when one fails or runs have stopped."""
    from flows.health.status import read_status, show_status, status_summary
    from flows.runs.run import now

    workspace = open_workspace(config, home)
    found = read_status(workspace, now=now(), outlet_ids=tuple(outlets or ()))
    if as_json:
        print_json(status_summary(found))
    else:
        show_status(found, Console())
    raise typer.Exit(MISSED if found.has_failed else FINE)


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send each receiver a message now.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show who is told when an outlet's state changes; with --test, try whether they take a message."""
    from flows.health.notify import describe_receivers, receivers_of, try_receivers

    options = open_workspace(config, home).settings.notify
    receivers = receivers_of(options)
    if not receivers:
        advice = "set it to apprise's URLs, such as mailto://user:password@example.org or json://127.0.0.1:8000/"
        raise ConfigurationError("the environment", options.urls_from, "names no receiver", advice)
    found = try_receivers(receivers) if test else describe_receivers(receivers)
    if as_json:
        print_json(found)
    else:
        for each in found:
            Console().print(each["sentence"], markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(MISSED if any(each["problem"] for each in found) else FINE)


def monitor(
    host: Annotated[str | None, typer.Option("--host", help="Where to answer [[monitor] host].")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="[[monitor] port].")] = None,
    config: Config = None,
    home: Home = None,
) -> None:
    """Answer /metrics, /healthz and /reports/ until Ctrl-C; `wirewatch up` does the same beside the schedules."""
    from flows.supervision.monitoring import serving_monitor

    workspace = open_workspace(config, home)
    told: dict[str, Any] = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = workspace.settings
    if not (port or settings.monitor.port):
        raise ConfigurationError("[monitor]", "port", "is 0, which turns it off", "name another one with --port")
    changed = settings.model_copy(update={"monitor": settings.monitor.model_copy(update=told)})
    advice = "stop that program, or name another one with --port"
    with serving_monitor(replace(workspace, settings=changed), advice=advice) as address:
        Console().print(f"{address}/healthz, {address}/metrics, {address}/reports/; Ctrl-C ends it", highlight=False)
        threading.Event().wait()
