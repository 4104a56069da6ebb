"""A warehouse from the archive alone: its notes are told again, in their order, and its pages extracted again.

The old file, if there is one, is kept beside the new one. Runs wait meanwhile, since what they wrote would be lost.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors.archive import ArchivedNote, ArchivedRecord, archive_files, note_at, scan_file
from extractors.discover.warcs import OutletFinder
from extractors.errors import ArchiveError, Reason
from extractors.extract import MAX_BODY_BYTES, PageTask
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, Hints, Stage
from flows.journal.events import (
    Event,
    FurtherPagesFetched,
    PagesFetched,
    PagesRead,
    PagesReadAgain,
    ReadPage,
    RunStarted,
    SourcesPolled,
)
from flows.journal.notes import event_of
from flows.journal.unnoted import unnoted_events
from flows.runs.extraction import ExtractionPool
from flows.runs.run import now
from flows.runs.stories import put_in_stories
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.connection import live_path, open_live
from warehouse.further_pages import known_pages
from warehouse.locks import loader_lock
from warehouse.noted import Place, add_places, has_run, pages_of, places_of
from warehouse.replacement import replace_live
from warehouse.runs import process_of


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild made. ``unnoted`` are files from before there were notes, ``kept_as`` is the old warehouse."""

    notes: int = 0
    pages: int = 0
    unnoted: list[str] = field(default_factory=list)
    damaged: int = 0
    kept_as: Path | None = None

    def lines(self) -> list[str]:
        """For a person."""
        lines = [f"rebuilt from the archive: {self.notes} notes told again, {self.pages} pages extracted again"]
        if self.unnoted:
            lines.append(
                f"{len(self.unnoted)} files have no notes, being older than these: their pages were loaded as history"
            )
        if self.kept_as:
            lines.append(f"the warehouse of before is kept as {self.kept_as}")
        return lines

    def as_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "notes": self.notes,
            "pages": self.pages,
            "unnoted_files": self.unnoted,
            "damaged_records": self.damaged,
            "kept_as": str(self.kept_as) if self.kept_as else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class NotePlace:
    """Where a note is, in the order in which notes are told. A file that was rewritten may be there twice."""

    noted_at: datetime
    warc_file: str
    warc_offset: int
    record_id: str


async def rebuild(workspace: Workspace, reporter: Reporter) -> Rebuilt:
    """Make the warehouse of a home from its archive.

    Raises:
        ArchiveError: A note cannot be told again; the old warehouse stays.
        WarehouseBusyError: A run is at work.
    """
    rebuilt = Rebuilt()
    settings = workspace.settings
    staging = workspace.home / "live" / "rebuild"
    with loader_lock(workspace.home, wait_seconds=settings.warehouse.lock_wait_seconds):
        shutil.rmtree(staging, ignore_errors=True)
        pool = ExtractionPool(
            workspace.archive_folder,
            workers=settings.engine.extract_workers,
            pages_per_chunk=settings.engine.pages_per_chunk,
        )
        try:
            with open_live(
                staging,
                wait_seconds=0,
                memory_limit=settings.warehouse.memory_limit,
                threads=settings.warehouse.threads,
            ) as con:
                await Teller(con, workspace, pool, rebuilt).tell_archive(reporter)
                if settings.stories.enabled:
                    put_in_stories(con)
                con.execute("CHECKPOINT")
            rebuilt.kept_as = replace_live(workspace.home, live_path(staging), now=now())
        finally:
            pool.close()
            shutil.rmtree(staging, ignore_errors=True)
    return rebuilt


class Teller:
    """Tells an empty warehouse what an archive holds.

    Args:
        con: The connection to the warehouse that is filled.
        workspace: Whose archive it is, and by whose rules pages are read.
        pool: Extracts pages.
        rebuilt: Counts what was done.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, workspace: Workspace, pool: ExtractionPool, rebuilt: Rebuilt
    ) -> None:
        self.con = con
        self.workspace = workspace
        self.pool = pool
        self.rebuilt = rebuilt
        self.finder = OutletFinder(workspace.outlets)

    async def tell_archive(self, reporter: Reporter) -> None:
        """Tell everything: files of before there were notes, then all notes."""
        notes = self.survey()
        reporter.expect(Stage.LOAD, len(notes))
        process = process_of(os.getpid())
        for event in unnoted_events(self.workspace, self.finder, self.rebuilt.unnoted, process=process, at=now()):
            await self.tell(event)
        for place in notes:
            note = note_at(self.workspace.archive_folder, place.warc_file, place.warc_offset)
            event = event_of(note, warc_file=place.warc_file, warc_offset=place.warc_offset)
            await self.tell(in_place(self.con, event))
            self.rebuilt.notes += 1
            reporter.advance(Stage.LOAD)

    def survey(self) -> list[NotePlace]:
        """Find each note, oldest first, and remember where each response is now: files may have been rewritten."""
        folder = self.workspace.archive_folder
        notes: list[NotePlace] = []
        for warc_file in archive_files(folder) if folder.is_dir() else []:
            found = list(self.records_of(warc_file))
            mine = [place for place in found if isinstance(place, NotePlace)]
            if not mine:
                self.rebuilt.unnoted.append(warc_file)
            notes += mine
            responses = (each for each in found if isinstance(each, ArchivedRecord) and each.capture_id)
            add_places(self.con, ((each.capture_id or "", warc_file, each.warc_offset) for each in responses))
        unique = {each.record_id: each for each in sorted(notes, reverse=True)}
        return sorted(unique.values())

    def records_of(self, warc_file: str) -> Iterator[NotePlace | ArchivedRecord]:
        """Notes and good responses of a file; damage is counted."""
        try:
            for found in scan_file(self.workspace.archive_folder, warc_file, max_body_bytes=MAX_BODY_BYTES):
                if isinstance(found, ArchivedNote):
                    yield NotePlace(
                        noted_at=found.note.noted_at,
                        warc_file=warc_file,
                        warc_offset=found.warc_offset,
                        record_id=found.record_id,
                    )
                elif found.state == "damaged":
                    self.rebuilt.damaged += 1
                else:
                    yield found
        except ArchiveError:
            self.rebuilt.damaged += 1

    async def tell(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case RunStarted():
                # It stands at the head of each of the run's files.
                if not has_run(self.con, event.run_id):
                    event.tell(self.con)
            case SourcesPolled():
                event.unabridged(self.con).tell(self.con)
            case PagesReadAgain():
                event.tell_again(self.con, await self.extract(event))
            case PagesRead():
                event.tell(self.con, await self.extract(event))
            case _:
                event.tell(self.con)

    async def extract(self, event: PagesRead) -> list[Extraction]:
        """Extract pages again; where that cannot be done, what became of them then still holds."""
        noted = {(page.capture_id, page.link_id): page for page in event.pages}
        further = known_pages(self.con, (page.capture_id for page in event.pages))
        tasks = [
            PageTask(
                capture=capture,
                link_id=link_id,
                hints=hints if event.is_hinted else Hints(),
                outlet=self.outlet_for(capture),
                further=further.get(capture.capture_id, ()),
            )
            for capture, link_id, hints in pages_of(self.con, list(noted))
        ]
        extractions: list[Extraction] = []
        async for chunk in self.pool.extract(tasks):
            extractions += [as_noted(each, noted[each.capture.capture_id, each.link_id]) for each in chunk]
        self.rebuilt.pages += len(extractions)
        return extractions

    def outlet_for(self, capture: Capture) -> Outlet:
        """The outlet by whose rules a page is read: by its file, else a generic one of its name."""
        known = self.workspace.outlets.get(capture.outlet_id)
        if known is not None:
            return known
        found, _ = self.finder.find(capture.final_url)
        return found.model_copy(update={"outlet_id": capture.outlet_id})


def as_noted(extraction: Extraction, page: ReadPage) -> Extraction:
    """An extraction, or the verdict of then where the body is gone that it was found in."""
    if page.reason is not None and extraction.reason in (Reason.ARCHIVE_ERROR, Reason.EXTRACT_ERROR):
        return replace(extraction, article=None, reason=page.reason, detail=page.detail)
    return extraction


def in_place(con: duckdb.DuckDBPyConnection, event: Event) -> Event:
    """An event whose captures point at where the archive holds them now."""
    if isinstance(event, SourcesPolled):
        places = places_of(con, (each.capture_id for poll in event.polls for each in poll.captures))
        polls = (replace(poll, captures=tuple(moved(each, places) for each in poll.captures)) for poll in event.polls)
        return replace(event, polls=tuple(polls))
    if isinstance(event, PagesFetched):
        captures = [*event.listings, *(each.capture for each in event.results if each.capture)]
        places = places_of(con, (each.capture_id for each in captures))
        results = (
            replace(each, capture=moved(each.capture, places)) if each.capture else each for each in event.results
        )
        return replace(event, results=tuple(results), listings=tuple(moved(each, places) for each in event.listings))
    if isinstance(event, FurtherPagesFetched):
        captures = [each.capture for each in event.fetches if each.capture]
        places = places_of(con, (each.capture_id for each in captures))
        fetches = (
            replace(each, capture=moved(each.capture, places)) if each.capture else each for each in event.fetches
        )
        return replace(event, fetches=tuple(fetches))
    return event


def moved(capture: Capture, places: Mapping[str, Place]) -> Capture:
    """A capture at its place of now."""
    warc_file, warc_offset = places.get(capture.capture_id, (capture.warc_file, capture.warc_offset))
    return replace(capture, warc_file=warc_file, warc_offset=warc_offset)
