"""One run's open resources and its way into the warehouse: short transactions, made in a thread."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

import duckdb

from extractors.archive import Archive
from extractors.fetch.client import Fetcher
from extractors.fetch.hops import hosts_of
from extractors.outlets import Outlet
from extractors.records import HostMemory, OutletCard, SourceState
from flows.journal.events import (
    Event,
    OutletsDescribed,
    RunEnded,
    RunStarted,
    SourcesPolled,
    abridged,
    as_json,
    tell_quiet,
)
from flows.journal.notes import note_of
from flows.runs.extraction import ExtractionPool
from flows.runs.gathering import Gathering
from flows.runs.live_file import LiveFile, on_live_file
from flows.runs.report import RunReport
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.intervals import Schedule
from warehouse.runs import process_of
from warehouse.sources import schedules_of, states_of
from warehouse.state import DiscoverCounts, known_hosts, record_visits

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
        started_at: datetime,
        is_noted: bool = True,
    ) -> None:
        self.started_at = started_at
        self.is_noted = is_noted
        self.workspace = workspace
        self.report = report
        self.reporter = reporter
        self.archive = archive
        self.fetcher = fetcher
        self.pool = pool
        self.has_ended = False
        self._live = LiveFile(workspace)
        self._schedules = Gathering(self.write, schedules_in_order)
        self._states = Gathering(self.write, states_in_order)
        self._quiet_polls = Gathering(self.write, self._tell_quiet)

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
        return await self._do(work, *args, **kwargs)

    async def record(self, event: Event, tell: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Tell the warehouse what was found, once the archive has it on the disk: the responses, and a note of it.

        Args:
            event: What is noted.
            tell: How the event is told; its ``tell``.

        Raises:
            ArchiveError: The note could not be written; the warehouse was told nothing.
            WarehouseBusyError: Another process kept the lock for too long.
        """
        return await self.record_together([event], tell)

    async def record_together(self, events: Sequence[Event], tell: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Tell the warehouse of several events at once; see ``record``.

        Args:
            events: What is noted, in the order in which a warehouse that is made anew is told of it.
            tell: How all of them are told.

        Raises:
            ArchiveError: A note could not be written; the warehouse was told nothing.
            WarehouseBusyError: Another process kept the lock for too long.
        """

        def both(connection: duckdb.DuckDBPyConnection) -> T:
            if self.is_noted:
                for event in events:
                    self.archive.note(note_of(abridged(event, connection)))
                self.archive.sync()
            return tell(connection)

        return await self._do(both)

    async def schedules(self, outlet_id: str) -> dict[str, Schedule]:
        """When an outlet's sources are polled next, by ``source_id``; read for several outlets at once.

        Raises:
            WarehouseBusyError: Another process kept the lock for too long.
        """
        return await self._schedules.ask(outlet_id)

    async def source_states(self, outlet_id: str) -> dict[str, SourceState]:
        """What is remembered of an outlet's sources, by ``source_id``; read for several outlets at once.

        Raises:
            WarehouseBusyError: Another process kept the lock for too long.
        """
        return await self._states.ask(outlet_id)

    async def record_polls(self, event: SourcesPolled) -> DiscoverCounts:
        """Note and tell how sources were polled; polls of several outlets that listed nothing are told together.

        Raises:
            ArchiveError: The note could not be written; the warehouse was told nothing.
            WarehouseBusyError: Another process kept the lock for too long.
        """
        if event.is_quiet:
            return await self._quiet_polls.ask(event)
        return await self.record(event, event.tell)

    def _tell_quiet(
        self, connection: duckdb.DuckDBPyConnection, events: Sequence[SourcesPolled]
    ) -> list[DiscoverCounts]:
        if self.is_noted:
            for event in events:
                self.archive.note(note_of(event))
            self.archive.sync()
        return tell_quiet(connection, events)

    async def end(self) -> None:
        """Record that the run came to its end, once there is nothing more to find out about it.

        Whoever publishes the run's work does so before: analysts see then that it has ended, and how.

        Raises:
            ArchiveError: The note could not be written.
            WarehouseBusyError: Another process kept the lock for too long.
        """
        await self.write(self.tell_end, "missed" if self.report.has_failed else "done")

    def let_go(self) -> None:
        """Let the live file be closed as soon as nothing waits for it."""
        self._live.let_go()

    def tell_end(self, connection: duckdb.DuckDBPyConnection, status: str) -> None:
        """Note and tell how the run ended, unless that was done before."""
        if self.has_ended:
            return
        summary = self.report.as_dict()
        del summary["published"]  # nobody knows yet
        ended = RunEnded(run_id=self.run_id, at=now(), status=status, summary=as_json(summary))
        try:
            if self.archive.has_written:
                self.archive.note(note_of(ended))
        finally:
            ended.tell(connection)
            self.has_ended = True

    async def _do(
        self,
        work: Callable[Concatenate[duckdb.DuckDBPyConnection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
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
    started_at = now()
    settings = workspace.settings

    archive = Archive(workspace.archive_folder, roll_bytes=settings.archive.roll_bytes, now=now)

    def start(connection: duckdb.DuckDBPyConnection) -> list[HostMemory]:
        started = RunStarted(
            run_id=report.run_id,
            at=started_at,
            command=command,
            parameters=as_json(parameters),
            wirewatch_version=importlib.metadata.version("wirewatch"),
            process=process_of(os.getpid()),
        )
        archive.introduce([note_of(started.abridged(connection))])
        started.tell(connection)
        return known_hosts(connection, now=now())

    def fail(connection: duckdb.DuckDBPyConnection) -> None:
        record_visits(connection, fetcher.hosts.tell())
        run.tell_end(connection, "failed")

    hosts = await asyncio.to_thread(on_live_file, workspace, start)
    pool = ExtractionPool(
        workspace.archive_folder,
        workers=settings.engine.extract_workers,
        pages_per_chunk=settings.engine.pages_per_chunk,
    )
    fetcher = Fetcher(settings.fetch, archive=archive if keeps_responses else None, hosts=hosts, now=now)
    run = Run(
        workspace,
        report,
        reporter,
        archive=archive,
        fetcher=fetcher,
        pool=pool,
        started_at=started_at,
        is_noted=keeps_responses,
    )
    try:
        async with fetcher:
            yield run
            if not run.has_ended:
                await run.end()
    finally:
        run.let_go()
        try:
            pool.close()
        finally:
            try:
                if not run.has_ended:
                    await asyncio.to_thread(on_live_file, workspace, fail)
            finally:
                archive.close()


def schedules_in_order(con: duckdb.DuckDBPyConnection, outlet_ids: Sequence[str]) -> list[dict[str, Schedule]]:
    """The schedules of outlets."""
    found = schedules_of(con, outlet_ids)
    return [found[outlet_id] for outlet_id in outlet_ids]


def states_in_order(con: duckdb.DuckDBPyConnection, outlet_ids: Sequence[str]) -> list[dict[str, SourceState]]:
    """What is remembered of the sources of outlets."""
    found = states_of(con, outlet_ids)
    return [found[outlet_id] for outlet_id in outlet_ids]


async def remember_outlets(run: Run, outlets: tuple[Outlet, ...]) -> None:
    """Write the outlets' cards, so that the warehouse knows each outlet that a run may name."""
    described = OutletsDescribed(run_id=run.run_id, at=now(), cards=tuple(card(outlet) for outlet in outlets))
    # At the head of the run's files, should it write any: a run that finds nothing to do leaves none.
    run.archive.introduce([note_of(described)])
    await run.write(described.tell)


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
