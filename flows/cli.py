"""The command line: reads options, calls the plain coroutines, shows what came out, sets the exit code."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from extractors.errors import (
    ConfigurationError,
    WarehouseError,
    WirewatchError,
)
from flows.commands.analyst import export, query, search
from flows.commands.care import maintain, verify
from flows.commands.explore import explore
from flows.commands.health import monitor, notify, status
from flows.commands.options import (
    FINE,
    INTERRUPTED,
    MISSED,
    NO_WAREHOUSE,
    WRONG_CALL,
    AsJson,
    Config,
    Home,
    print_json,
    reporter,
    stop,
)
from flows.commands.report import report
from flows.commands.schedules import deployments
from flows.commands.up import up
from flows.runs.report import RunReport
from flows.settings import Workspace, open_workspace
from flows.shown.progress import printable, quiet_retries

if TYPE_CHECKING:
    from flows.runs.pipeline import Request

APP = typer.Typer(
    name="wirewatch",
    help="Fetch news articles, keep every byte, load them into a DuckDB warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
OUTLETS_APP = typer.Typer(help="What is configured.", no_args_is_help=True)
APP.add_typer(OUTLETS_APP, name="outlets")
for command in (query, export, report, explore, status, notify, monitor, verify, maintain, deployments, up):
    APP.command()(command)
APP.command(context_settings={"ignore_unknown_options": True})(search)


@APP.command()
def demo(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="DIR", help="Sample configuration [config/sample].")
    ] = None,
    home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="Data folder [data/demo].")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier demo loaded.")] = False,
    port: Annotated[
        int, typer.Option("--port", min=1024, max=65534, help="First of two ports for the outlets.")
    ] = 8081,
    as_json: AsJson = False,
) -> None:
    """Run the whole pipeline on sample outlets that this machine serves to itself."""
    from flows import demo as sample

    console = Console(stderr=as_json)
    report = sample.run(
        home or Path("data/demo"), console, sample=config, port=port, is_fresh=fresh, make_reporter=reporter
    )
    if as_json:
        print_json(report)
    raise typer.Exit(MISSED if report["failed"] else FINE)


@APP.command()
def ingest(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids; none: all.")] = None,
    since: Annotated[str | None, typer.Option(metavar="2d|DATE", help="Only links newer than this.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Pages to fetch for each outlet, at most.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="Fetch this page; may be given more than once.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be fetched; write nothing.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, extract and load what is new, once and now."""
    from flows.parameters import parse_since
    from flows.runs import pipeline
    from flows.runs.run import now
    from flows.server import find_server

    workspace = open_workspace(config, home)
    request = pipeline.Request(
        outlet_ids=tuple(outlets or ()),
        since=parse_since(since, now()) if since else None,
        limit=limit,
        urls=tuple(url or ()),
    )
    console = Console(stderr=as_json)
    if dry_run:
        show_forecast(workspace, request, console, as_json=as_json)
    with reporter(console, is_silent=as_json) as shown:
        if find_server():
            from flows.ingest import ingest_as_flow

            report = asyncio.run(ingest_as_flow(workspace, request, shown))
        else:
            report = asyncio.run(pipeline.ingest(workspace, request, shown))
    show_report(report, console, as_json=as_json)


@APP.command()
def recheck(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids; none: all.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Pages to fetch for each outlet, at most.")] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch articles again that are due for it by their age, and nothing else."""
    from flows import recheck as rechecking
    from flows.runs.pipeline import Request

    workspace = open_workspace(config, home)
    request = Request(outlet_ids=tuple(outlets or ()), limit=limit)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        report = asyncio.run(rechecking.recheck(workspace, request, shown))
    show_report(report, console, as_json=as_json)


@APP.command()
def backfill(
    outlet: Annotated[str | None, typer.Argument(metavar="[OUTLET]", help="The outlet whose past is wanted.")] = None,
    since: Annotated[str | None, typer.Option(metavar="2d|DATE", help="With OUTLET: nothing older.")] = None,
    until: Annotated[str | None, typer.Option(metavar="2d|DATE", help="With OUTLET: nothing newer [now].")] = None,
    warc: Annotated[
        list[Path] | None, typer.Option("--warc", metavar="FILE", help="A WARC file; may be given repeatedly.")
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option("--folder", metavar="DIR", help="Saved pages; may be given repeatedly.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--outlet", metavar="OUTLET", help="With --folder: whose pages they are.")
    ] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Load history: an outlet's own, from WARC files, or from saved pages."""
    from flows.backfill import backfill_folders, backfill_warcs
    from flows.parameters import check_backfill, parse_since
    from flows.runs.backfill_history import backfill_outlet
    from flows.runs.run import now

    check_backfill(outlet=outlet, since=since, until=until, warc=warc, folder=folder, owner=owner)
    workspace = open_workspace(config, home)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        if warc:
            report = asyncio.run(backfill_warcs(workspace, warc, shown))
        elif folder:
            report = asyncio.run(backfill_folders(workspace, folder, shown, outlet_id=owner))
        else:
            oldest = parse_since(since or "", now())
            newest = parse_since(until, now(), option="--until") if until else None
            report = asyncio.run(backfill_outlet(workspace, outlet or "", shown, since=oldest, until=newest))
    show_report(report, console, as_json=as_json)


@APP.command()
def reextract(
    outlets: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...", help="Outlet ids; none: all.")] = None,
    since: Annotated[str | None, typer.Option(metavar="2d|DATE", help="Only pages fetched since then.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read the archive again with today's extractors, without the network."""
    from flows import reextract as again
    from flows.parameters import parse_since
    from flows.runs.run import now

    workspace = open_workspace(config, home)
    moment = parse_since(since, now()) if since else None
    request = again.Request(outlet_ids=tuple(outlets or ()), since=moment, is_dry=dry_run)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        report, differences = asyncio.run(again.reextract(workspace, request, shown))
    if as_json:
        print_json({**report.as_dict(), **differences.as_dict()})
    else:
        for table in differences.as_tables():
            console.print(table)
        for line in [outlet.sentence() for outlet in report.outlets if outlet.problem] + report.missed:
            console.print(line, style="red", markup=False, highlight=False)
        console.print(differences.conclusion(), highlight=False)
    raise typer.Exit(MISSED if report.has_failed else FINE)


@OUTLETS_APP.command("list")
def list_outlets(config: Config = None, home: Home = None, as_json: AsJson = False) -> None:
    """Show the configured outlets."""
    workspace = open_workspace(config, home)
    rows = [
        {
            "outlet_id": outlet.outlet_id,
            "name": outlet.name,
            "country": outlet.country,
            "languages": list(outlet.languages),
            "sources": [source.source_id for source in outlet.sources],
            "is_tls_verified": outlet.fetch.verify_tls,
        }
        for outlet in workspace.select(())
    ]
    if as_json:
        print_json(rows)
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for name in ("outlet", "name", "country", "languages", "TLS", "sources, in the order in which they are tried"):
        table.add_column(name, overflow="fold", no_wrap=name == "outlet")
    for outlet in workspace.select(()):
        sources = "\n".join(source.source_id for source in outlet.sources)
        tls = "checked" if outlet.fetch.verify_tls else "NOT CHECKED"
        table.add_row(outlet.outlet_id, outlet.name, outlet.country, ", ".join(outlet.languages), tls, sources)
    Console().print(table)


@OUTLETS_APP.command("add")
def add_outlet(
    url: Annotated[str, typer.Argument(help="A page of the site, or a feed or sitemap of it.")],
    outlet_id: Annotated[str | None, typer.Option("--id", metavar="ID", help="The file's name [from the URL].")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the file without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; print the file.")] = False,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Find a site's sources, show ten articles as they would be loaded, and write the outlet's file."""
    from flows.outlets.add import find_outlet, write_file
    from flows.outlets.tables import addition_summary, show_addition

    workspace = open_workspace(config, home)
    console = Console(stderr=as_json)
    with reporter(console, is_silent=as_json) as shown:
        addition = asyncio.run(find_outlet(workspace, url, shown, outlet_id=outlet_id))
    if not as_json:
        show_addition(console, addition, with_file=dry_run)
    is_wanted = addition.path is not None and not dry_run
    if is_wanted and not yes and not as_json and sys.stdin.isatty() and console.is_terminal:
        is_wanted = typer.confirm(f"Write {addition.path}?", default=True)
    if is_wanted and addition.path is not None:
        write_file(addition.path, addition.text)
    if as_json:
        print_json(addition_summary(addition, is_written=is_wanted))
    else:
        console.print(addition.conclusion(is_written=is_wanted), highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(FINE if addition.is_good else MISSED)


@OUTLETS_APP.command("check")
def check_outlet(
    outlet: Annotated[str, typer.Argument(help="Outlet id.")],
    page: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Try every layout on this saved page, and ask nothing."),
    ] = None,
    config: Config = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask every source of an outlet, read its newest pages, try every layout; nothing is written."""
    from flows.outlets import check
    from flows.outlets.tables import check_summary, show_check

    workspace = open_workspace(config, home)
    console = Console(stderr=as_json)
    if page is not None:
        show_page_check(workspace, outlet, page, console, as_json=as_json)
    with reporter(console, is_silent=as_json) as shown:
        found = asyncio.run(check.check_outlet(workspace, outlet, shown))
    if as_json:
        print_json(check_summary(found))
    else:
        show_check(console, found)
    raise typer.Exit(FINE if found.is_good else MISSED)


@APP.command()
def migrate(config: Config = None, home: Home = None, as_json: AsJson = False) -> None:
    """Bring the warehouse's schema up to date; every command that writes does the same when it starts."""
    from flows.runs.live_file import on_live_file
    from flows.runs.run import now
    from flows.runs.stories import catch_up_all
    from warehouse.migrate import status

    workspace = open_workspace(config, home)
    started = now()
    migrations = on_live_file(workspace, status)
    applied = [each.name for each in migrations if each.applied_at and each.applied_at >= started]
    with reporter(Console(), is_silent=as_json) as shown:
        put_in_stories = catch_up_all(workspace, shown.say)
    if as_json:
        names = [each.name for each in migrations]
        print_json({"applied": applied, "migrations": names, "put_in_stories": put_in_stories})
        return
    what = f"applied {', '.join(applied)}" if applied else "was up to date"
    Console().print(f"{workspace.home}: {len(migrations)} migrations; {what}", highlight=False, markup=False)


def show_page_check(workspace: Workspace, outlet_id: str, path: Path, console: Console, *, as_json: bool) -> NoReturn:
    """Print what an outlet's layouts take from a saved page, and end with the exit code."""
    from flows.outlets.saved_page import is_fitting, read_saved_page, saved_page_summary, show_saved_page

    outlet, page = read_saved_page(workspace, outlet_id, path)
    if as_json:
        print_json(saved_page_summary(outlet, page))
    else:
        show_saved_page(console, outlet, page)
    raise typer.Exit(FINE if is_fitting(page) else MISSED)


def show_forecast(workspace: Workspace, request: Request, console: Console, *, as_json: bool) -> NoReturn:
    """Print what a run would fetch, and end with the exit code."""
    from flows.runs.dry_run import dry_run

    with reporter(console, is_silent=as_json) as shown:
        report = asyncio.run(dry_run(workspace, request, shown))
    if as_json:
        print_json(report.as_dict())
    else:
        for line in (*report.lines(), report.conclusion()):
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(MISSED if report.has_failed else FINE)


def show_report(report: RunReport, console: Console, *, as_json: bool) -> None:
    """Print a run's table, or its summary, and end with its exit code."""
    if as_json:
        print_json(report.as_dict())
    else:
        console.print(report.as_table())
        for missed in report.missed:
            console.print(f"missed: {missed}", style="red", markup=False, highlight=False)
        console.print(report.conclusion(), highlight=False)
    raise typer.Exit(MISSED if report.has_failed else FINE)


def main() -> None:
    """Run the command line; a user's mistake is one line and an exit code, not a traceback."""
    warnings_only = logging.StreamHandler()
    warnings_only.setLevel(logging.WARNING)  # on the handler: Prefect gives its loggers levels of their own
    logging.basicConfig(handlers=[warnings_only], format="%(levelname)s %(name)s: %(message)s")
    quiet_retries()
    try:
        APP()
    except ConfigurationError as error:
        stop(error, WRONG_CALL)
    except WarehouseError as error:
        stop(error, NO_WAREHOUSE)
    except WirewatchError as error:
        stop(error, MISSED)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # how typer ends after Ctrl-C
            sys.stderr.write("wirewatch: interrupted; what was fetched is kept and the next run goes on from there\n")
        raise


if __name__ == "__main__":
    main()
