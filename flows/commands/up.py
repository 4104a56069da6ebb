"""The command that keeps wirewatch running: up."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from extractors.errors import ConfigurationError
from flows.commands.options import AsJson, Config, Home, print_json
from flows.settings import open_workspace


def up(
    server: Annotated[
        str | None,
        typer.Option(metavar="URL", help="A Prefect server that is run elsewhere, as http://HOST:4200/api."),
    ] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Run everything until it is told to stop: a Prefect server, all schedules, a runner."""
    from flows import up as supervision

    workspace = open_workspace(config, home)
    if server is not None and not (server.startswith(("http://", "https://")) and server.endswith("/api")):
        raise ConfigurationError("--server", server, "is no address of a Prefect API", "write http://HOST:4200/api")
    workspace.select(())
    summary = supervision.run(workspace, Console(stderr=as_json), url=server)
    if as_json:
        print_json(summary)
