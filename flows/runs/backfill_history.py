"""History of one outlet: its sources' past is listed part by part, then fetched, extracted and loaded as any page."""

from __future__ import annotations

from datetime import datetime

from extractors.discover.history import has_past, history_id, read_history
from extractors.errors import ConfigurationError, Reason
from extractors.outlets import Outlet, Source
from extractors.records import Stage
from flows.journal.events import SourcesPolled
from flows.runs.pipeline import PLAIN_STAGES, Stages, faults_kept, publish_and_check, say_how_it_went, work_off
from flows.runs.report import OutletReport, RunReport
from flows.runs.run import Run, now, open_run, remember_outlets
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.connection import claim_outlet
from warehouse.state import source_states


async def backfill_outlet(
    workspace: Workspace,
    outlet_id: str,
    reporter: Reporter,
    *,
    since: datetime,
    until: datetime | None = None,
    stages: Stages = PLAIN_STAGES,
) -> RunReport:
    """List an outlet's pages of a span, and load them.

    What is listed is due in the warehouse at once, and the place is kept: a backfill that is killed goes on there when
    the same span is asked for again, and any run works off what it listed.

    Args:
        workspace: Where the outlet is configured.
        outlet_id: The outlet.
        reporter: Where progress is shown.
        since: Nothing older is wanted.
        until: Nothing newer is wanted; ``None``: up to now.
        stages: Fetch, extract and load, as they are or wrapped in tasks.

    Returns:
        A report with one row.

    Raises:
        ConfigurationError: There is no such outlet, or none of its sources has a past.
        WarehouseError: The warehouse is busy or unusable.
    """
    (outlet,) = workspace.select((outlet_id,))
    sources = [source for source in outlet.sources if has_past(source)]
    if not sources:
        advice = "add a source of kind wordpress or sitemap, or a section with a page_url of {year}"
        raise ConfigurationError(str(workspace.config / "outlets"), outlet_id, "has no source with a past", advice)
    parameters: dict[str, object] = {
        "outlet": outlet_id,
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
    }
    async with open_run(workspace, reporter, command="backfill", parameters=parameters) as run:
        await remember_outlets(run, (outlet,))
        report = OutletReport(outlet_id=outlet_id)
        with faults_kept(report), claim_outlet(workspace.home, outlet_id) as is_ours:
            if not is_ours:
                report.skip(is_named=True)
            else:
                for source in sources:
                    if await list_past(run, outlet, source, report, since=since, until=until):
                        break
                await work_off(run, outlet, report, stages, limit=None)
        run.report.outlets.append(report)
        say_how_it_went(run.reporter, report)
        await publish_and_check(run, ())
    return run.report


async def list_past(
    run: Run, outlet: Outlet, source: Source, report: OutletReport, *, since: datetime, until: datetime | None
) -> bool:
    """Make due what a source lists of its past, part by part; returns whether it was read to its end."""
    run.reporter.expect(Stage.DISCOVER, 1)
    states = await run.write(source_states, outlet.outlet_id)
    polls = read_history(
        source, outlet, run.fetcher, since=since, until=until, state=states.get(history_id(source)), now=now()
    )
    reason, detail = Reason.POLLED, ""
    async for poll in polls:
        polled = SourcesPolled(run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, polls=(poll,), is_history=True)
        counts = await run.record(polled, polled.tell)
        report.listed += counts.listed
        report.new += counts.new + counts.changed
        report.other.update(outcome.reason for outcome in poll.rejected)
        reason, detail = poll.outcome.reason, poll.outcome.detail
    report.sources.append((history_id(source), reason, detail))
    run.reporter.advance(Stage.DISCOVER)
    return reason == Reason.POLLED
