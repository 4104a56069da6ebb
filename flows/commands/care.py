"""The commands that look after what is there: verify, maintain."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from flows.commands.options import FINE, MISSED, AsJson, Config, Home, print_json, reporter
from flows.settings import open_workspace
from flows.shown.progress import printable


def verify(
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Put right what can be; make the warehouse from the archive if it is unusable."),
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the warehouse anew from the archive; the old one is kept.")
    ] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check the warehouse against its rules and against the archive, every byte of it."""
    from flows import verify as verification

    workspace = open_workspace(config, home)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        report = asyncio.run(verification.verify(workspace, shown, is_repair=repair, is_rebuild=rebuild))
    if as_json:
        print_json(report.as_dict())
    else:
        for line in (*report.lines(), report.conclusion()):
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(MISSED if report.faults else FINE)


def maintain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be dropped, and change nothing.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Drop bodies of old pages that were no articles; make few large archive files of many, and the warehouse small."""
    from flows import maintain as maintenance
    from flows.runs.run import now

    workspace = open_workspace(config, home)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        report = maintenance.maintain(workspace, shown, now=now(), is_dry=dry_run)
    if as_json:
        print_json(report.as_dict())
    else:
        for line in report.lines():
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(MISSED if report.skipped else FINE)
