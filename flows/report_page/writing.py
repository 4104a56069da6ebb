"""A workspace and a span of time to a file in ``home/reports``, whole or not there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.report_page.answers import gather
from flows.report_page.page import render
from flows.report_page.period import period_of
from flows.report_page.shown import megabytes
from flows.settings import Workspace
from flows.shown.result_files import text_writer, write_whole
from warehouse.partitions import published

LATEST = "latest.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report that was written; ``latest`` is its copy under a name that stays, where it is one of the home's own."""

    path: Path
    latest: Path | None
    bytes: int
    sha256: str
    since: datetime
    until: datetime
    articles: int

    def conclusion(self) -> str:
        """The report in one sentence."""
        return f"{self.path}: {self.articles:,} articles since {self.since:%Y-%m-%d}, {megabytes(self.bytes)}"

    def as_dict(self) -> dict[str, Any]:
        """The report for a machine."""
        return {**asdict(self), "path": str(self.path), "latest": str(self.latest) if self.latest else None}


def write_report(workspace: Workspace, *, since: datetime, now: datetime, output: Path | None = None) -> ReportFile:
    """Write the report on what was published, from a moment until now.

    Args:
        workspace: Whose published file, and in whose ``reports`` folder.
        since: Aware time; the report begins with the day, week or month that it is in.
        now: Aware time.
        output: Another place for the file; there is no ``latest.html`` then.

    Raises:
        WarehouseUnusableError: Nothing has been published yet.
        WirewatchError: The file could not be written; what was there is as it was.
    """
    limits = workspace.settings.warehouse
    with published(workspace.home, memory_limit=limits.memory_limit, threads=limits.threads) as (con, source):
        answers = gather(con, period_of(since, now))
    text = render(answers, source, made_at=now)
    folder = workspace.home / "reports"
    path = output or folder / f"report-{now:%Y-%m-%d}.html"
    written = write_whole(path, text_writer(text))
    latest = None if output else folder / LATEST
    if latest is not None:
        write_whole(latest, text_writer(text))
    return ReportFile(
        path=path,
        latest=latest,
        bytes=written.bytes,
        sha256=written.sha256,
        since=answers.period.since,
        until=answers.period.until,
        articles=answers.row("totals")["new_count"],
    )
