"""The command ``report``: the page of charts, written once and now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.commands.options import AsJson, Config, Home, print_json
from flows.settings import open_workspace


def report(
    since: Annotated[str, typer.Option(metavar="7d|DATE", help="Where the report begins.")] = "7d",
    output: Annotated[
        Path | None,
        typer.Option("--output", dir_okay=False, metavar="FILE", help="Write it here [home/reports/report-DATE.html]."),
    ] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a page of charts and tables on what is published: one HTML file that needs nothing else."""
    from flows.parameters import parse_since
    from flows.report_page import write_report
    from flows.runs.run import now

    workspace = open_workspace(config, home)
    moment = now()
    written = write_report(workspace, since=parse_since(since, moment), now=moment, output=output)
    if as_json:
        print_json(written.as_dict())
    else:
        Console().print(written.conclusion(), highlight=False, markup=False, soft_wrap=True)
