"""History: pages that somebody else captured, through the same archive, extraction and load as a live run."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from extractors.archive import iter_responses
from extractors.discover.folders import iter_saved_pages, page_files, read_sidecar
from extractors.discover.warcs import FindOutlet, OutletFinder, find_in
from extractors.errors import ArchiveError, ConfigurationError, DiscoverError
from extractors.records import SourceKind
from flows.runs.captured_pages import Found, Origin, load_captured
from flows.runs.pipeline import publish_and_check, say_how_it_went
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run, now, open_run
from flows.settings import Workspace
from flows.shown.progress import Reporter

LoadPages = Callable[[Run, Iterator[Found], Origin], Awaitable[None]]


async def backfill_warcs(
    workspace: Workspace, files: Sequence[Path], reporter: Reporter, *, load: LoadPages | None = None
) -> RunReport:
    """Load every response of WARC files.

    Responses are copied into our own archive under their own record ids, so that a second backfill of the same file
    finds them known. Each ends in an outcome.

    Args:
        workspace: Outlets of the configuration take what is theirs; other pages get an outlet by registered domain.
        files: WARC files of any origin, gzipped or not.
        reporter: Where progress is shown.
        load: Loads one file; :func:`backfill_from`, or a task around it.

    Returns:
        A report with one row for each file.

    Raises:
        ConfigurationError: A file is not there or is no WARC; nothing was loaded.
        WarehouseError: The warehouse is busy or unusable.
    """
    for path in files:
        check_warc(path)
    most_bytes = workspace.settings.fetch.max_body_bytes
    parameters: dict[str, object] = {"warc": [str(path) for path in files]}
    async with open_run(workspace, reporter, command="backfill", parameters=parameters) as run:
        for path in files:
            origin = Origin(
                source_id=f"{SourceKind.WARC}:{path.name}", name=path.name, find=OutletFinder(workspace.outlets).find
            )
            await (load or backfill_from)(run, iter_responses(path, max_body_bytes=most_bytes), origin)
        await publish_and_check(run, ())
    return run.report


async def backfill_folders(
    workspace: Workspace,
    folders: Sequence[Path],
    reporter: Reporter,
    *,
    outlet_id: str | None = None,
    load: LoadPages | None = None,
) -> RunReport:
    """Load every saved page below folders; a file that is known by its bytes and address is not loaded again.

    Args:
        workspace: Outlets of the configuration take what is theirs; other pages get an outlet by registered domain.
        folders: Folders of saved pages; see :mod:`extractors.discover.folders`.
        reporter: Where progress is shown.
        outlet_id: The outlet whose pages they are said to be; a page of another ends as ``foreign_host``.
        load: Loads one folder; :func:`backfill_from`, or a task around it.

    Returns:
        A report with one row for each folder.

    Raises:
        ConfigurationError: A folder is not there, its sidecar cannot be read, or the outlet is unknown.
        WarehouseError: The warehouse is busy or unusable.
    """
    find: FindOutlet = OutletFinder(workspace.outlets).find
    if outlet_id is not None:
        find = find_in(workspace.select((outlet_id,))[0])
    for folder in folders:
        check_folder(folder)
    most_bytes = workspace.settings.fetch.max_body_bytes
    parameters: dict[str, object] = {"folder": [str(folder) for folder in folders], "outlet": outlet_id}
    async with open_run(workspace, reporter, command="backfill", parameters=parameters) as run:
        for folder in folders:
            origin = Origin(source_id=f"{SourceKind.FOLDER}:{folder}", name=str(folder), find=find)
            await (load or backfill_from)(run, iter_saved_pages(folder, max_body_bytes=most_bytes, now=now()), origin)
        await publish_and_check(run, ())
    return run.report


async def backfill_from(run: Run, pages: Iterator[Found], origin: Origin) -> None:
    """Load the pages of one file or folder, and report on it."""
    report = OutletReport(outlet_id=origin.name)
    started = time.monotonic()
    report.listed = await load_captured(run, pages, origin, report)
    report.seconds = time.monotonic() - started
    run.report.outlets.append(report)
    say_how_it_went(run.reporter, report)


def check_warc(path: Path) -> None:
    """Refuse a file before anything is done.

    Raises:
        ConfigurationError: It is not there, or its first record cannot be told from other data.
    """
    try:
        next(iter_responses(path), None)
    except ArchiveError as error:
        raise ConfigurationError("--warc", str(path), error.detail, "name a WARC file, gzipped or not") from None


def check_folder(folder: Path) -> None:
    """Refuse a folder before anything is done.

    Raises:
        ConfigurationError: It is not there, or its sidecar cannot be read.
    """
    try:
        next(page_files(folder), None)
        read_sidecar(folder)
    except DiscoverError as error:
        advice = "name a folder of saved pages; index.csv in it may say their addresses"
        raise ConfigurationError("--folder", error.url, error.detail, advice) from None
