"""The end of a run to what it means for its outlets' health: judged by SQL, kept, and its changes noted."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.outlets import Outlet
from flows.journal.events import HealthChanged
from flows.runs.run import Run, now
from flows.settings import Workspace
from warehouse.expectations import Expectation
from warehouse.health.states import judge_outlets


async def judge_health(run: Run, outlets: Sequence[Outlet], *, is_scheduled: bool) -> list[str]:
    """Judge the run's outlets, and say which changed.

    Args:
        run: The run, at its end.
        outlets: Its outlets.
        is_scheduled: Nobody waits for it: where nothing happened, what an earlier run found a moment ago still holds.

    Returns:
        A sentence for each promise of an outlet's file that is missed.
    """
    if not outlets:
        return []
    is_quiet = is_scheduled and not any(each.changed or each.has_failed for each in run.report.outlets)
    expectations = [expectation_of(run.workspace, outlet) for outlet in outlets]
    at = now()
    judgement = await run.write(judge_outlets, expectations, now=at, is_quiet=is_quiet)
    if judgement.outlets or judgement.checks:
        changed = HealthChanged(run_id=run.run_id, at=at, outlets=judgement.outlets, checks=judgement.checks)
        await run.record(changed, changed.tell)
    for each in judgement.outlets:
        reasons = f": {'; '.join(each.reasons)}" if each.reasons else ""
        run.reporter.say(f"{each.outlet_id} is {each.state}, it was {each.previous_state}{reasons}")
    return list(judgement.missed)


def expectation_of(workspace: Workspace, outlet: Outlet) -> Expectation:
    """``[expect]`` of an outlet's file and of wirewatch.toml, as the warehouse takes it."""
    learned = workspace.settings.expect.for_outlet(outlet)
    return Expectation(
        outlet_id=outlet.outlet_id,
        source_ids=tuple(source.source_id for source in outlet.sources),
        **outlet.expect.promises(),
        **learned.model_dump(),
    )
