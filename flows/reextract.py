"""The archive through today's extractors: what comes out differently becomes revisions, or is only shown."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, Hints
from flows.journal.events import PagesReadAgain, read_pages
from flows.runs.pipeline import publish_and_check
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run, now, open_run
from flows.runs.stages import extract_stage
from flows.settings import Workspace
from flows.shown.differences import Differences
from flows.shown.progress import Reporter
from warehouse.connection import claim_outlet
from warehouse.rereadings import BEGINNING, archived_links, preview

Extract = Callable[[Run, Outlet, Sequence[tuple[Capture, str, Hints]]], Awaitable[list[Extraction]]]
"""The extract stage, as it is or wrapped in a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be read again.

    Args:
        outlet_ids: The outlets; none means all of them.
        since: Responses that were fetched earlier are left alone.
        is_dry: Show what would change, and write nothing but the run itself.
    """

    outlet_ids: tuple[str, ...] = ()
    since: datetime | None = None
    is_dry: bool = False


async def reextract(
    workspace: Workspace, request: Request, reporter: Reporter, *, extract: Extract = extract_stage
) -> tuple[RunReport, Differences]:
    """Read archived pages again with today's extractors, without the network.

    What comes out differently becomes a revision of kind ``reextracted``. An article that is none by today's rules
    stays as it is, with an outcome that says so.

    Raises:
        ConfigurationError: There is no such outlet.
        WarehouseError: The warehouse is busy or unusable.
    """
    outlets = workspace.select(request.outlet_ids)
    parameters: dict[str, object] = {
        "outlets": list(request.outlet_ids),
        "since": request.since.isoformat() if request.since else None,
        "dry_run": request.is_dry,
    }
    differences = Differences(is_dry=request.is_dry)
    async with open_run(workspace, reporter, command="reextract", parameters=parameters) as run:
        for outlet in outlets:
            run.report.outlets.append(await reextract_outlet(run, outlet, request, differences, extract))
        if not request.is_dry:
            await publish_and_check(run, ())
    return run.report, differences


async def reextract_outlet(
    run: Run, outlet: Outlet, request: Request, differences: Differences, extract: Extract
) -> OutletReport:
    """Read one outlet's pages again, in batches of bounded size."""
    report = OutletReport(outlet_id=outlet.outlet_id)
    started = time.monotonic()
    size = run.workspace.settings.engine.links_per_round
    with claim_outlet(run.workspace.home, outlet.outlet_id) as is_ours:
        if not is_ours:
            report.skip(is_named=True)
            return report
        after = BEGINNING
        while pages := await run.write(archived_links, outlet.outlet_id, since=request.since, after=after, limit=size):
            after = (pages[-1][0].fetched_at, pages[-1][1])
            read = await extract(run, outlet, pages)
            # in the order of their captures, as a load takes them, whichever worker was done first
            extractions = sorted(read, key=lambda each: (each.capture.fetched_at, each.capture.capture_id))
            if request.is_dry:
                differences.add(await run.write(preview, run.run_id, extractions, now=now()))
            else:
                keeps_stories = run.workspace.settings.stories.enabled
                again = PagesReadAgain(
                    run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, pages=read_pages(extractions)
                )
                found, counts = await run.record(
                    again, partial(again.tell_again, extractions=extractions, keeps_stories=keeps_stories)
                )
                differences.add(found)
                report.count(counts)
    report.seconds = time.monotonic() - started
    return report
