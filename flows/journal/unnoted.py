"""Files from before there were notes: their responses as events, as much as they tell of themselves.

What sources said of a page, when it was listed, and for whom it was asked is not in them. A page belongs to the outlet
that its address belongs to, was found when it was fetched, and is read without hints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from itertools import groupby

from extractors.archive import ArchivedResponse, iter_responses
from extractors.archive.scanning import wire_headers
from extractors.discover.warcs import OutletFinder, make_link
from extractors.errors import Reason
from extractors.extract import MAX_BODY_BYTES, is_html, status_reason
from extractors.outlets import Outlet
from extractors.records import Capture, FetchResult, Link, Outcome, Stage
from flows.journal.events import Event, OutletsDescribed, PagesFetched, PagesRead, ReadPage, RunStarted
from flows.runs.run import card
from flows.settings import Workspace

RUN_ID = "rebuild"
SOURCE_ID = "warc:archive"


def unnoted_events(
    workspace: Workspace, finder: OutletFinder, warc_files: Sequence[str], *, process: str, at: datetime
) -> Iterator[Event]:
    """What happened, as far as files without notes tell.

    Args:
        workspace: Whose archive it is.
        finder: Tells whose a page is.
        warc_files: The files, in the order of their beginnings.
        process: The process that rebuilds.
        at: Aware time.
    """
    if not warc_files:
        return
    yield RunStarted(
        run_id=RUN_ID,
        at=at,
        command="verify",
        parameters="{}",
        wirewatch_version=version("wirewatch"),
        process=process,
        interrupted=(),
    )
    yield OutletsDescribed(run_id=RUN_ID, at=at, cards=tuple(card(each) for each in workspace.outlets.values()))
    for warc_file in warc_files:
        yield from events_of(workspace, finder, warc_file)


def events_of(workspace: Workspace, finder: OutletFinder, warc_file: str) -> Iterator[Event]:
    """One file's events, in batches of one outlet."""
    pages = (
        (*finder.find(each.target_url), each)
        for each in iter_responses(workspace.archive_folder / warc_file, max_body_bytes=MAX_BODY_BYTES)
        if isinstance(each, ArchivedResponse)
    )
    size = workspace.settings.engine.links_per_round
    for _, group in groupby(enumerate(pages), key=lambda page: (page[0] // size, page[1][0].outlet_id)):
        batch = [page for _, page in group]
        outlet = batch[0][0]
        at = max(response.fetched_at for _, _, response in batch)
        if outlet.outlet_id not in workspace.outlets:
            yield OutletsDescribed(run_id=RUN_ID, at=at, cards=(card(outlet),))
        results, listings = [], []
        for _, problem, response in batch:
            capture = capture_of(response, outlet, warc_file)
            if problem is None and is_page(response):
                results.append(result_of(capture, make_link(response.requested_url, outlet, SOURCE_ID)))
            else:
                listings.append(capture)
        yield PagesFetched(
            run_id=RUN_ID, at=at, outlet_id=outlet.outlet_id, results=tuple(results), listings=tuple(listings)
        )
        read = tuple(
            ReadPage(capture_id=each.capture.capture_id, link_id=each.link.link_id)
            for each in results
            if each.capture and each.outcome is None
        )
        if read:
            yield PagesRead(run_id=RUN_ID, at=at, outlet_id=outlet.outlet_id, pages=read, is_hinted=False)


def is_page(response: ArchivedResponse) -> bool:
    """Whether a response was asked for as a page, not as a feed or list."""
    return is_html(response.header("content-type"), response.body)


def result_of(capture: Capture, link: Link) -> FetchResult:
    """What came of a page: to be extracted, or the evidence that it was gone."""
    reason = status_reason(capture.http_status)
    if reason not in (Reason.HTTP_404, Reason.HTTP_410):
        return FetchResult(link=link, capture=capture)
    outcome = Outcome(
        outlet_id=capture.outlet_id,
        stage=Stage.FETCH,
        requested_url=capture.requested_url,
        reason=reason,
        occurred_at=capture.fetched_at,
        http_status=capture.http_status,
        source_id=link.source_id,
        link_id=link.link_id,
        capture_id=capture.capture_id,
    )
    return FetchResult(link=link, capture=capture, outcome=outcome)


def capture_of(response: ArchivedResponse, outlet: Outlet, warc_file: str) -> Capture:
    """The capture that a response was."""
    return Capture(
        capture_id=response.capture_id,
        outlet_id=outlet.outlet_id,
        requested_url=response.requested_url,
        final_url=response.target_url,
        http_status=response.http_status,
        headers=wire_headers(response.headers),
        fetched_at=response.fetched_at,
        body_sha256=response.body_sha256,
        body_bytes=len(response.body),
        warc_file=warc_file,
        warc_offset=response.warc_offset,
    )
