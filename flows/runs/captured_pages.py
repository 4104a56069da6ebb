"""Pages that are here already, from WARC files or saved files: archived, extracted and loaded in batches."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import duckdb

from extractors.archive import ArchivedResponse, BrokenRecord, copy_response
from extractors.archive.exchange import capture_id_of
from extractors.discover.folders import iter_saved_pages
from extractors.discover.warcs import FindOutlet, find_in, make_link
from extractors.errors import Reason
from extractors.extract import PageTask
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Outcome, SourceKind, Stage
from flows.journal.events import OutletsDescribed, PagesFetched, PagesRead, RecordsLost, read_pages
from flows.runs.report import OutletReport
from flows.runs.run import Run, card, now
from warehouse.captures import settled_captures
from warehouse.fetches import record_outlets_fetches
from warehouse.load import load_outlets
from warehouse.state import known_links

Found = ArchivedResponse | BrokenRecord

BATCH_BYTES = 64_000_000
"""Bodies held in memory at once, encoded and decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where captured pages come from.

    Args:
        source_id: Kind and place, as rows name it.
        name: What a person calls it; a record that does not even say its address is named by it.
        find: Who tells whose a page is.
    """

    source_id: str
    name: str
    find: FindOutlet


async def load_captured(run: Run, pages: Iterator[Found], origin: Origin, report: OutletReport) -> int:
    """Copy, extract and load pages, in batches of bounded size; each that was not settled before ends in an outcome.

    While one batch is extracted, the one before it is loaded and the next one copied into the archive.

    Returns:
        How many pages there were, known ones too.
    """
    count = 0
    unloaded: set[str] = set()
    ahead = asyncio.create_task(next_batch(run, pages, origin, report, unloaded))
    loading: asyncio.Task[None] | None = None
    try:
        while batch := await ahead:
            count += batch.count
            ahead = asyncio.create_task(next_batch(run, pages, origin, report, unloaded))
            extractions = await extract_batch(run, batch)
            if loading is not None:
                await loading
            loading = asyncio.create_task(load_extractions(run, batch, extractions, report, unloaded))
        if loading is not None:
            await loading
    finally:
        ahead.cancel()
        # What was extracted is loaded, whatever became of the batch behind it.
        await asyncio.gather(*(each for each in (ahead, loading) if each is not None), return_exceptions=True)
    return count


async def load_folders(run: Run, outlet: Outlet, report: OutletReport) -> None:
    """Load the saved pages of an outlet's own folders that were polled in this run."""
    polled = {source_id for source_id, reason, _ in report.sources if reason == Reason.POLLED}
    for source in outlet.sources:
        if source.kind == SourceKind.FOLDER and source.source_id in polled:
            pages = iter_saved_pages(
                outlet.folder / source.place, max_body_bytes=run.workspace.settings.fetch.max_body_bytes, now=now()
            )
            origin = Origin(source_id=source.source_id, name=source.place, find=find_in(outlet))
            await load_captured(run, pages, origin, report)


def take_batch(pages: Iterator[Found], most_count: int) -> list[Found]:
    """The next pages, as many as fit a batch: bounded in number and, since they are in memory, in bytes."""
    batch: list[Found] = []
    left_bytes = BATCH_BYTES
    while len(batch) < most_count and left_bytes > 0 and (found := next(pages, None)) is not None:
        batch.append(found)
        left_bytes -= len(found.body) + len(found.raw_body) if isinstance(found, ArchivedResponse) else 0
    return batch


@dataclass(slots=True, kw_only=True)
class Batch:
    """What becomes of a batch of ``count`` pages: pages to extract, and results by outlet.

    ``lost`` is what cannot be a link, ``capture_ids`` what was not settled before.
    """

    count: int = 0
    capture_ids: frozenset[str] = frozenset()
    outlets: dict[str, Outlet] = field(default_factory=dict)
    results: dict[str, list[FetchResult]] = field(default_factory=lambda: defaultdict(list))
    lost: list[Outcome] = field(default_factory=list)
    tasks: list[PageTask] = field(default_factory=list)

    @property
    def reasons(self) -> Iterator[Reason]:
        """Why pages go no further."""
        yield from (result.outcome.reason for group in self.results.values() for result in group if result.outcome)
        yield from (outcome.reason for outcome in self.lost)


async def next_batch(
    run: Run, pages: Iterator[Found], origin: Origin, report: OutletReport, unloaded: set[str]
) -> Batch | None:
    """Copy the next pages into the archive; None behind the last one.

    Args:
        run: The run.
        pages: Where they come from.
        origin: What that is called.
        report: Where they are counted.
        unloaded: Ids of captures that are on their way, to which those of this batch are added.
    """
    found = await asyncio.to_thread(take_batch, pages, run.workspace.settings.engine.links_per_round)
    if not found:
        return None
    run.reporter.expect(Stage.FETCH, len(found))
    on_their_way = set(unloaded)  # taken first: what is loaded while the warehouse is asked would be in neither
    settled = on_their_way | await run.write(settled_pages, found, origin)
    fresh = [each for each in found if capture_id(each) not in settled]
    report.other[Reason.ALREADY_KNOWN] += len(found) - len(fresh)
    batch = await archive_batch(run, origin, fresh)
    batch.count, batch.capture_ids = len(found), frozenset(map(capture_id, fresh))
    unloaded |= batch.capture_ids
    run.reporter.advance(Stage.FETCH, len(found))
    report.new += len(fresh)
    report.fetched += len(batch.tasks)
    report.other.update(batch.reasons)
    await remember(run, batch)
    return batch


async def extract_batch(run: Run, batch: Batch) -> dict[str, list[Extraction]]:
    """Extract a batch; what came out, by outlet."""
    run.reporter.expect(Stage.EXTRACT, len(batch.tasks))
    extractions: dict[str, list[Extraction]] = defaultdict(list)
    async for chunk in run.pool.extract(batch.tasks):
        for extraction in chunk:
            extractions[extraction.capture.outlet_id].append(extraction)
        run.reporter.advance(Stage.EXTRACT, len(chunk))
    return extractions


async def load_extractions(
    run: Run, batch: Batch, extractions: Mapping[str, list[Extraction]], report: OutletReport, unloaded: set[str]
) -> None:
    """Load what came out of a batch, all outlets together."""
    at = now()
    read = [
        PagesRead(run_id=run.run_id, at=at, outlet_id=outlet_id, pages=read_pages(group), is_hinted=False)
        for outlet_id, group in extractions.items()
    ]
    if read:
        keeps_stories = run.workspace.settings.stories.enabled
        tell = partial(load_outlets, run_id=run.run_id, groups=extractions, now=at, keeps_stories=keeps_stories)
        for counts in (await run.record_together(read, tell)).values():
            report.count(counts)
    unloaded -= batch.capture_ids


async def archive_batch(run: Run, origin: Origin, found: Sequence[Found]) -> Batch:
    """Find the outlet of each page, and copy what is one into the archive."""
    batch = Batch()
    for each in found:
        outlet, problem = origin.find(url_of(each))
        batch.outlets[outlet.outlet_id] = outlet
        results = batch.results[outlet.outlet_id]
        if isinstance(each, BrokenRecord) and each.file_name:
            outcome = make_outcome(outlet, origin, each, each.reason, each.detail)
            results.append(FetchResult(link=file_link(each, outlet, origin), capture=None, outcome=outcome))
        elif problem is Reason.BAD_URL:
            reason, detail = (each.reason, each.detail) if isinstance(each, BrokenRecord) else (problem, "")
            batch.lost.append(make_outcome(outlet, origin, each, reason, detail))
        elif isinstance(each, BrokenRecord):
            link = make_link(url_of(each), outlet, origin.source_id)
            outcome = make_outcome(outlet, origin, each, each.reason, each.detail, link)
            results.append(FetchResult(link=link, capture=None, outcome=outcome))
        else:
            link = make_link(url_of(each), outlet, origin.source_id)
            capture = await asyncio.to_thread(copy_response, each, run.archive, outlet_id=outlet.outlet_id)
            refused = make_outcome(outlet, origin, each, problem, "", link, capture) if problem else None
            results.append(FetchResult(link=link, capture=capture, outcome=refused))
            if refused is None:
                batch.tasks.append(PageTask(capture=capture, link_id=link.link_id, hints=Hints(), outlet=outlet))
    return batch


def settled_pages(con: duckdb.DuckDBPyConnection, found: Sequence[Found], origin: Origin) -> set[str]:
    """Ids of what was dealt with before: captures that have an outcome, and files that could not be read even then."""
    settled = settled_captures(con, [capture_id(each) for each in found])
    for each in found:
        if isinstance(each, BrokenRecord) and each.file_name:
            link = file_link(each, origin.find(url_of(each))[0], origin)
            known = known_links(con, link.outlet_id, [link.normalized_url]).get(link.normalized_url)
            settled |= {capture_id(each)} if known and known.reason == each.reason else set()
    return settled


async def remember(run: Run, batch: Batch) -> None:
    """Write a batch's outlets, links and captures, and the outcomes of what goes no further."""
    if not batch.outlets:
        return
    cards = tuple(card(outlet) for outlet in batch.outlets.values())
    described = OutletsDescribed(run_id=run.run_id, at=now(), cards=cards)
    await run.record(described, described.tell)
    if batch.lost:
        lost = RecordsLost(run_id=run.run_id, at=now(), outcomes=tuple(batch.lost))
        await run.record(lost, lost.tell)
    at = now()
    fetched = [
        PagesFetched(run_id=run.run_id, at=at, outlet_id=outlet_id, results=tuple(group), is_history=True)
        for outlet_id, group in batch.results.items()
    ]
    if fetched:
        tell = partial(record_outlets_fetches, run_id=run.run_id, groups=batch.results, now=at, is_history=True)
        await run.record_together(fetched, tell)


def capture_id(found: Found) -> str:
    """The id by which a record is recognized, also when it could not be read."""
    if isinstance(found, ArchivedResponse):
        return found.capture_id
    return capture_id_of(found.record_id or f"offset {found.warc_offset}")


def url_of(found: Found) -> str:
    """The page's address; empty where a broken record does not say it."""
    return found.target_url or ""


def file_link(found: BrokenRecord, outlet: Outlet, origin: Origin) -> Link:
    """The link of a file that is no page: its name stands where the address would."""
    name = f"file:{found.file_name}"
    return Link(outlet_id=outlet.outlet_id, source_id=origin.source_id, requested_url=name, normalized_url=name)


def make_outcome(
    outlet: Outlet,
    origin: Origin,
    found: Found,
    reason: Reason,
    detail: str,
    link: Link | None = None,
    capture: Capture | None = None,
) -> Outcome:
    """The outcome of a record that gives no page to extract."""
    file_name = found.file_name if isinstance(found, BrokenRecord) else ""
    return Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.FETCH,
        requested_url=f"file:{file_name}" if file_name else url_of(found) or f"{origin.name}#{found.warc_offset}",
        reason=reason,
        occurred_at=now(),
        detail=detail,
        http_status=found.http_status if isinstance(found, ArchivedResponse) and not found.is_resource else None,
        source_id=origin.source_id,
        link_id=link.link_id if link else None,
        capture_id=capture.capture_id if capture else None,
    )
