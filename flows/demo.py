"""``wirewatch demo``: the sample outlets on loopback, the flow on them for real, and a look at what came out.

On a fresh home the outlets' morning is ingested and then their evening; a later demo finds the evening unchanged and
loads nothing. Everything stays in the demo's home, Prefect's own database too.
"""

from __future__ import annotations

import asyncio
import errno
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console

from extractors.errors import ConfigurationError
from flows.runs.pipeline import Request
from flows.runs.report import RunReport
from flows.settings import open_workspace
from flows.shown.progress import Reporter
from flows.shown.results import print_table
from warehouse.query import run_query

CHECKOUT = Path(__file__).resolve().parent.parent
NEWSROOM_FOLDER = CHECKOUT / "tests"


class Newsroom(Protocol):
    """The running sample outlets, as ``tests/newsroom`` makes them."""

    def set_edition(self, edition: str) -> None:
        """Let the outlets' day go on."""


WHAT_CAME_OUT = """
SELECT
    outlet_id,
    language,
    count(*) AS articles,
    sum(revision_count - 1) AS edits,
    count(original_publisher) AS reprints,
    median(word_count) AS words,
    CAST(max(published_at) AS DATE) AS newest
FROM articles
GROUP BY ALL
ORDER BY outlet_id, language
"""

QUERIES = (
    ("What was published, newest first", "SELECT published_at, outlet_id, title FROM articles ORDER BY 1 DESC LIMIT 5"),
    ("What was changed after publication", "SELECT outlet_id, before, after FROM changes WHERE field = 'title'"),
    ("What is not in articles, and why", "SELECT outlet_id, reason, requested_url FROM links WHERE article_id IS NULL"),
)


def run(
    home: Path,
    console: Console,
    *,
    sample: Path | None = None,
    port: int,
    is_fresh: bool,
    make_reporter: Callable[[Console], AbstractContextManager[Reporter]],
) -> dict[str, Any]:
    """Run the demo.

    Args:
        home: Folder of the demo alone.
        console: Where the tables go.
        sample: Configuration of the sample outlets in place of ``config/sample``.
        port: Port of the first sample outlet; the second has the next one.
        is_fresh: Whether to remove what an earlier demo left.
        make_reporter: Makes the progress display of a run.

    Returns:
        The runs' reports, by the outlets' time of day, and the queries to try.

    Raises:
        ConfigurationError: The sample outlets are not there, a port is taken, or the home is something else.
    """
    prepare_home(home, is_fresh=is_fresh)
    # Before Prefect is imported: its database and settings stay in the demo's home, and no other server is asked.
    os.environ["PREFECT_HOME"] = str((home / "prefect").resolve())
    os.environ.pop("PREFECT_API_URL", None)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

    is_first = not (home / "warehouse.duckdb").exists()
    editions = ("morning", "evening") if is_first else ("evening",)
    with running_newsroom(home, port, sample=sample, edition=editions[0]) as newsroom:
        console.print(
            f"Sample outlets answer on 127.0.0.1:{port} and :{port + 1}. "
            "The first flow starts a Prefect server of its own, which takes a while.",
            highlight=False,
        )
        reports = asyncio.run(run_editions(home, newsroom, editions, console, make_reporter))
    for edition, report in reports.items():
        table = report.as_table()
        table.title = f"The outlets' {edition}"
        console.print(table)
        for missed in report.missed:
            console.print(f"missed: {missed}", style="red", markup=False, highlight=False)
        console.print(f"  {report.conclusion()}\n", highlight=False)
    console.print("What came out", style="italic")
    print_table(run_query(home, WHAT_CAME_OUT), console)
    show_queries(home, console)
    return {
        "failed": any(report.has_failed for report in reports.values()),
        "runs": {edition: report.as_dict() for edition, report in reports.items()},
        "queries": [sql for _, sql in QUERIES],
    }


async def run_editions(
    home: Path,
    newsroom: Newsroom,
    editions: tuple[str, ...],
    console: Console,
    make_reporter: Callable[[Console], AbstractContextManager[Reporter]],
) -> dict[str, RunReport]:
    """Run the flow once for each time of the outlets' day."""
    from flows.ingest import ingest_as_flow

    workspace = open_workspace(home / "config", home)
    reports = {}
    for edition in editions:
        newsroom.set_edition(edition)
        with make_reporter(console) as reporter:
            # Named, so that their sources are polled however short ago they were.
            request = Request(outlet_ids=tuple(workspace.outlets))
            reports[edition] = await ingest_as_flow(workspace, request, reporter)
    return reports


def prepare_home(home: Path, *, is_fresh: bool) -> None:
    """Make the demo's home, or empty the one that an earlier demo made.

    Raises:
        ConfigurationError: The folder holds something that no demo made.
    """
    mark = home / ".wirewatch-demo"
    if home.exists() and any(home.iterdir()) and not mark.exists():
        raise ConfigurationError("--home", str(home), "holds something that is no demo's", "name an empty folder")
    if is_fresh and mark.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()


@contextmanager
def running_newsroom(home: Path, port: int, *, sample: Path | None, edition: str) -> Iterator[Newsroom]:
    """Serve the sample outlets and write the configuration that points at them.

    Raises:
        ConfigurationError: They are not there, or a port is taken.
    """
    if not (NEWSROOM_FOLDER / "newsroom").is_dir():
        raise ConfigurationError(
            "demo", "", "the sample outlets are not installed with the package", "run it in a checkout: make demo"
        )
    # The sample outlets are the tests' too, and live with them; nothing else of wirewatch imports them.
    sys.path.insert(0, str(NEWSROOM_FOLDER))
    newsroom = importlib.import_module("newsroom")
    newsroom.write_sample_config(home / "config", sample=sample, observatory_port=port, gazette_port=port + 1)
    try:
        with newsroom.running_newsroom(edition=edition, observatory_port=port, gazette_port=port + 1) as running:
            yield running
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise ConfigurationError(
            "--port", f"{port} or {port + 1}", "is in use by another program", "name another one, with --fresh"
        ) from None


def show_queries(home: Path, console: Console) -> None:
    """Print queries to try, as a person would type them."""
    console.print(f"The warehouse is {home / 'warehouse.duckdb'}. Three queries to try:\n", highlight=False)
    for title, sql in QUERIES:
        console.print(f"  # {title}", style="dim", highlight=False)
        line = f'  .venv/bin/wirewatch query --home {home} "{sql}"\n'
        console.print(line, markup=False, highlight=False, soft_wrap=True)
