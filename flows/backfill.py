"""History: pages that somebody else captured, through the same archive, extraction and load as a live run."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb

from extractors.archive import ArchivedResponse, BrokenRecord, copy_response, iter_responses
from extractors.archive.exchange import capture_id_of
from extractors.discover.warcs import OutletFinder, make_link
from extractors.errors import ArchiveError, ConfigurationError, Reason
from extractors.extract import PageTask
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Outcome, SourceKind, Stage
from flows.pipeline import publish_and_check
from flows.progress import Reporter
from flows.report import OutletReport, RunReport
from flows.run import Run, card, now, open_run
from flows.settings import Workspace
from warehouse.captures import settled_captures
from warehouse.load import LoadCounts, load
from warehouse.outcomes import insert_outcomes
from warehouse.state import record_fetches, upsert_outlets

Found = ArchivedResponse | BrokenRecord

BATCH_BYTES = 64_000_000
"""Bodies held in memory at once, encoded and decoded."""


async def backfill_warcs(workspace: Workspace, files: Sequence[Path], reporter: Reporter) -> RunReport:
    """Load every response of WARC files.

    Responses are copied into our own archive under their own record ids, so that a second backfill of the same file
    finds them known. Each ends in an outcome.

    Args:
        workspace: Outlets of the configuration take what is theirs; other pages get an outlet by registered domain.
        files: WARC files of any origin, gzipped or not.
        reporter: Where progress is shown.

    Returns:
        A report with one row for each file.

    Raises:
        ConfigurationError: A file is not there or is no WARC; nothing was loaded.
        WarehouseError: The warehouse is busy or unusable.
    """
    for path in files:
        check_warc(path)
    parameters: dict[str, object] = {"warc": [str(path) for path in files]}
    async with open_run(workspace, reporter, command="backfill", parameters=parameters) as run:
        for path in files:
            run.report.outlets.append(await backfill_file(run, path))
        await publish_and_check(run, ())
    return run.report


def check_warc(path: Path) -> None:
    """Refuse a file before anything is done.

    Raises:
        ConfigurationError: It is not there, or its first record cannot be told from other data.
    """
    try:
        next(iter_responses(path), None)
    except ArchiveError as error:
        raise ConfigurationError("--warc", str(path), error.detail, "name a WARC file, gzipped or not") from None


async def backfill_file(run: Run, path: Path) -> OutletReport:
    """Load one file, in batches of bounded size."""
    report = OutletReport(outlet_id=path.name)
    started = time.monotonic()
    finder = OutletFinder(run.workspace.outlets)
    responses = iter_responses(path, max_body_bytes=run.workspace.settings.fetch.max_body_bytes)
    size = run.workspace.settings.engine.links_per_round
    while batch := await asyncio.to_thread(take_batch, responses, size):
        await backfill_batch(run, path.name, finder, batch, report)
    report.seconds = time.monotonic() - started
    run.reporter.say(report.sentence())
    return report


def take_batch(responses: Iterator[Found], most_count: int) -> list[Found]:
    """The next responses, as many as fit a batch: bounded in number and, since they are in memory, in bytes."""
    batch: list[Found] = []
    left_bytes = BATCH_BYTES
    while len(batch) < most_count and left_bytes > 0 and (found := next(responses, None)) is not None:
        batch.append(found)
        left_bytes -= len(found.body) + len(found.raw_body) if isinstance(found, ArchivedResponse) else 0
    return batch


async def backfill_batch(
    run: Run, file_name: str, finder: OutletFinder, batch: Sequence[Found], report: OutletReport
) -> None:
    """Copy, extract and load one batch."""
    report.listed += len(batch)
    run.reporter.expect(Stage.FETCH, len(batch))
    known = await run.write(settled_captures, [capture_id(found) for found in batch])
    fresh = [found for found in batch if capture_id(found) not in known]
    report.other[Reason.ALREADY_KNOWN] += len(batch) - len(fresh)
    tasks: list[PageTask] = []
    results: dict[str, list[FetchResult]] = defaultdict(list)
    outlets: dict[str, Outlet] = {}
    lost: list[Outcome] = []
    for found in fresh:
        outlet, problem = finder.find(url_of(found))
        outlets[outlet.outlet_id] = outlet
        if problem is Reason.BAD_URL:
            reason, detail = (found.reason, found.detail) if isinstance(found, BrokenRecord) else (problem, "")
            lost.append(make_outcome(outlet, file_name, found, None, reason, detail))
            continue
        link = make_link(url_of(found), outlet, file_name)
        if isinstance(found, BrokenRecord):
            outcome = make_outcome(outlet, file_name, found, link, found.reason, found.detail)
            results[outlet.outlet_id].append(FetchResult(link=link, capture=None, outcome=outcome))
            continue
        capture = await asyncio.to_thread(copy_response, found, run.archive, outlet_id=outlet.outlet_id)
        if problem is not None:
            outcome = make_outcome(outlet, file_name, found, link, problem, "", capture)
            results[outlet.outlet_id].append(FetchResult(link=link, capture=capture, outcome=outcome))
            continue
        results[outlet.outlet_id].append(FetchResult(link=link, capture=capture))
        tasks.append(PageTask(capture=capture, link_id=link.link_id, hints=Hints(), outlet=outlet))
    run.reporter.advance(Stage.FETCH, len(batch))
    report.new += len(fresh)
    report.fetched += len(tasks)
    report.other.update(result.outcome.reason for group in results.values() for result in group if result.outcome)
    report.other.update(outcome.reason for outcome in lost)
    await asyncio.to_thread(run.archive.sync)
    await run.write(remember, run.run_id, outlets.values(), results, lost)
    run.reporter.expect(Stage.EXTRACT, len(tasks))
    extractions: dict[str, list[Extraction]] = defaultdict(list)
    async for chunk in run.pool.extract(tasks):
        for extraction in chunk:
            extractions[extraction.capture.outlet_id].append(extraction)
        run.reporter.advance(Stage.EXTRACT, len(chunk))
    for counts in await run.write(load_groups, run.run_id, extractions):
        report.count(counts)


def remember(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlets: Iterable[Outlet],
    results: dict[str, list[FetchResult]],
    lost: Sequence[Outcome],
) -> None:
    """Write a batch's outlets, links and captures, and the outcomes of what goes no further."""
    upsert_outlets(con, [card(outlet) for outlet in outlets])
    insert_outcomes(con, run_id, lost)
    for outlet_id, group in results.items():
        record_fetches(con, run_id, outlet_id, group, now=now(), is_history=True)


def load_groups(
    con: duckdb.DuckDBPyConnection, run_id: str, extractions: dict[str, list[Extraction]]
) -> list[LoadCounts]:
    """Load a batch, one transaction an outlet."""
    return [load(con, run_id, outlet_id, group, now=now()) for outlet_id, group in extractions.items()]


def capture_id(found: Found) -> str:
    """The id by which a record is recognized, also when it could not be read."""
    if isinstance(found, ArchivedResponse):
        return found.capture_id
    return capture_id_of(found.record_id or f"offset {found.warc_offset}")


def url_of(found: Found) -> str:
    """The page's address; empty where a broken record does not say it."""
    return found.target_url or ""


def make_outcome(
    outlet: Outlet,
    file_name: str,
    found: Found,
    link: Link | None,
    reason: Reason,
    detail: str,
    capture: Capture | None = None,
) -> Outcome:
    """The outcome of a record that gives no page to extract."""
    return Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.FETCH,
        requested_url=url_of(found) or f"{file_name}#{found.warc_offset}",
        reason=reason,
        occurred_at=now(),
        detail=detail,
        http_status=None if isinstance(found, BrokenRecord) else found.http_status,
        source_id=f"{SourceKind.WARC}:{file_name}",
        link_id=link.link_id if link else None,
        capture_id=capture.capture_id if capture else None,
    )
