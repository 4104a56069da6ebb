"""A running newsroom with a home of its own: what a test of the whole pipeline stands on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.runs.pipeline import Request, ingest
from flows.runs.report import RunReport
from flows.settings import Workspace, open_workspace
from flows.shown.progress import SilentReporter
from newsroom import RunningNewsroom, write_sample_config
from warehouse.query import run_query


@dataclass(frozen=True, slots=True)
class Workbench:
    """Short ways to run the pipeline on a newsroom and to ask what came out."""

    newsroom: RunningNewsroom
    workspace: Workspace

    def ingest(self, *outlet_ids: str, **request: Any) -> RunReport:
        """Run the pipeline once; the named outlets, or all of them, whether or not they are due."""
        named = outlet_ids or tuple(self.workspace.outlets)
        return asyncio.run(ingest(self.workspace, Request(outlet_ids=named, **request), SilentReporter()))

    def tick(self, **request: Any) -> RunReport:
        """Run the pipeline once as a schedule does: all outlets, what is due of them."""
        return asyncio.run(ingest(self.workspace, Request(**request), SilentReporter()))

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the published warehouse."""
        rows: list[dict[str, Any]] = run_query(self.workspace.home, sql).to_pylist()
        return rows

    def column(self, sql: str) -> list[Any]:
        """First column of the published warehouse's answer."""
        return [next(iter(row.values())) for row in self.ask(sql)]


def make_workbench(newsroom: RunningNewsroom, folder: Path) -> Workbench:
    """A home and a configuration below ``folder``, with short waits."""
    config = write_sample_config(
        folder / "config", observatory_port=newsroom.observatory_port, gazette_port=newsroom.gazette_port
    )
    settings = config / "wirewatch.toml"
    text = settings.read_text(encoding="utf-8")
    for slow, quick in (
        ("retry_wait_seconds = 0.5", "retry_wait_seconds = 0.05"),
        ("total_timeout_seconds = 20", "total_timeout_seconds = 5"),
    ):
        assert slow in text
        text = text.replace(slow, quick)
    settings.write_text(text, encoding="utf-8")
    return Workbench(newsroom, open_workspace(config, folder / "home"))
