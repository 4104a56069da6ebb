"""One run's open resources and its way into the warehouse: short transactions, made in a thread."""

from __future__ import annotations

import asyncio
import importlib.metadata
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

import duckdb

from extractors.archive import Archive
from extractors.fetch.client import Fetcher
from extractors.fetch.hops import hosts_of
from extractors.outlets import Outlet
from extractors.records import HostMemory, OutletCard
from flows.extraction import ExtractionPool
from flows.live_file import LiveFile, on_live_file
from flows.progress import Reporter
from flows.report import RunReport
from flows.settings import Workspace
from warehouse.state import finish_run, known_hosts, record_visits, start_run, upsert_outlets

P = ParamSpec("P")
T = TypeVar("T")


class Run:
    """What every stage of one run shares.

    A plain class, not a dataclass: Prefect looks for futures inside the dataclasses that a task is given.
    """

    def __init__(
        self,
        workspace: Workspace,
        report: RunReport,
        reporter: Reporter,
        *,
        archive: Archive,
        fetcher: Fetcher,
        pool: ExtractionPool,
    ) -> None:
        self.workspace = workspace
        self.report = report
        self.reporter = reporter
        self.archive = archive
        self.fetcher = fetcher
        self.pool = pool
        self._live = LiveFile(workspace)

    @property
    def run_id(self) -> str:
        """UUID of the run; a column of every row that it writes to ``raw``."""
        return self.report.run_id

    async def write(
        self,
        work: Callable[Concatenate[duckdb.DuckDBPyConnection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do one piece of work on the live file while holding the loader's lock.

        What was asked of hosts since the last write goes with it, so that a kill costs little of that.

        Raises:
            WarehouseBusyError: Another process kept the lock for too long.
        """
        visits = self.fetcher.hosts.tell()

        def both(connection: duckdb.DuckDBPyConnection) -> T:
            record_visits(connection, visits)
            return work(connection, *args, **kwargs)

        return await self._live.do(both)


@asynccontextmanager
async def open_run(
    workspace: Workspace,
    reporter: Reporter,
    *,
    command: str,
    parameters: dict[str, object],
    keeps_responses: bool = True,
) -> AsyncIterator[Run]:
    """Record a run, lend its resources, and record how it ended, whatever happened inside.

    ``keeps_responses`` is False for a dry run: its responses go nowhere.
    """
    report = RunReport(run_id=str(uuid.uuid4()), command=command)
    settings = workspace.settings

    def start(connection: duckdb.DuckDBPyConnection) -> list[HostMemory]:
        start_run(
            connection,
            report.run_id,
            command=command,
            parameters=parameters,
            started_at=now(),
            wirewatch_version=importlib.metadata.version("wirewatch"),
        )
        return known_hosts(connection, now=now())

    def finish(connection: duckdb.DuckDBPyConnection) -> None:
        record_visits(connection, fetcher.hosts.tell())
        finish_run(connection, report.run_id, finished_at=now(), status=status, summary=report.as_dict())

    hosts = await asyncio.to_thread(on_live_file, workspace, start)
    pool = ExtractionPool(
        workspace.archive_folder,
        workers=settings.engine.extract_workers,
        pages_per_chunk=settings.engine.pages_per_chunk,
    )
    archive = Archive(workspace.archive_folder, roll_bytes=settings.archive.roll_bytes, now=now)
    fetcher = Fetcher(settings.fetch, archive=archive if keeps_responses else None, hosts=hosts, now=now)
    status = "failed"
    try:
        async with fetcher:
            yield Run(workspace, report, reporter, archive=archive, fetcher=fetcher, pool=pool)
        status = "missed" if report.has_failed else "done"
    finally:
        try:
            pool.close()
            archive.close()
        finally:
            await asyncio.to_thread(on_live_file, workspace, finish)


async def remember_outlets(run: Run, outlets: tuple[Outlet, ...]) -> None:
    """Write the outlets' cards, so that the warehouse knows each outlet that a run may name."""
    await run.write(upsert_outlets, [card(outlet) for outlet in outlets])


def card(outlet: Outlet) -> OutletCard:
    """What the warehouse keeps of an outlet's file."""
    return OutletCard(
        outlet_id=outlet.outlet_id,
        name=outlet.name,
        homepage=outlet.homepage,
        country=outlet.country,
        languages=outlet.languages,
        aliases=outlet.aliases,
        hosts=hosts_of(outlet),
        is_tls_verified=outlet.fetch.verify_tls,
    )


def now() -> datetime:
    """The present, aware and in UTC."""
    return datetime.now(UTC)
