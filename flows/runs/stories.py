"""Articles that were loaded without stories into theirs: some at the end of each run, all of them by ``migrate``."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from flows.runs.live_file import on_live_file
from flows.runs.run import Run
from flows.settings import Workspace
from warehouse.stories.upkeep import catch_up

TOGETHER = 1_000
"""Articles of one transaction: a killed run goes on after the last of them."""


async def catch_up_stories(run: Run) -> None:
    """Put articles in their stories that have none yet, as many as ``[stories] catch_up_articles`` says."""
    settings = run.workspace.settings.stories
    left = settings.catch_up_articles if settings.enabled else 0
    done = 0
    while left > 0:
        size = min(left, TOGETHER)
        signed = await run.write(catch_up, limit=size)
        done, left = done + signed, left - size
        if signed < size:
            break
    if done:
        run.reporter.say(f"stories: {done} articles of before")


def put_in_stories(con: duckdb.DuckDBPyConnection) -> None:
    """Put every article of a warehouse that nobody else uses in its story."""
    while catch_up(con, limit=TOGETHER) == TOGETHER:
        pass


def catch_up_all(workspace: Workspace, say: Callable[[str], None]) -> int:
    """Put every article in its story that has none yet.

    Raises:
        WarehouseBusyError: Another process kept the lock for too long; what was done is kept.
    """
    done = 0

    def work(con: duckdb.DuckDBPyConnection) -> int:
        return catch_up(con, limit=TOGETHER)

    while workspace.settings.stories.enabled:
        signed = on_live_file(workspace, work)
        done += signed
        if signed < TOGETHER:
            break
        say(f"stories: {done} articles of before")
    return done
