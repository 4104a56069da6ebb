"""Keeps a home small: what need not be kept goes, and archive and warehouse are compacted.

Bodies of old pages that were no articles go, and small archive files become large ones. A file is rewritten beside the
old ones, and is on the disk before the warehouse points at it; the old ones go last. A plan beside the live file says
what is being done, so that after a kill the next maintenance finishes or undoes it. The warehouse is copied without its
holes, where it has many.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from extractors.archive import archive_files
from extractors.archive.rewriting import MovedRecord, rewrite, sync_folder, unwritten
from extractors.errors import ArchiveError, WarehouseBusyError, WarehouseError
from extractors.extract import MAX_BODY_BYTES
from extractors.records import Stage
from flows.runs.live_file import on_live_file
from flows.settings import Workspace
from flows.shown.progress import Reporter
from flows.shown.result_files import text_writer, write_whole
from warehouse.compaction import FileSizes, compact, file_sizes, remove_unfinished
from warehouse.connection import live_path
from warehouse.locks import opened, try_lock
from warehouse.publish import publish
from warehouse.retention import DroppableBody, Move, count_in_files, droppable_bodies, record_rewriting
from warehouse.search_index import merge_segments

SMALL_SHARE = 4
"""A file of less than this part of ``[archive] roll_bytes`` is put together with others of its month."""


@dataclass(slots=True, kw_only=True)
class MaintainReport:
    """What was done, or would be.

    Attributes:
        body_bytes: Those of the dropped bodies, decoded.
        warehouse_bytes_free: What holds nothing in the loader's file before.
    """

    is_dry: bool = False
    dropped: int = 0
    body_bytes: int = 0
    files_before: int = 0
    files_after: int = 0
    archive_bytes_before: int = 0
    archive_bytes_after: int = 0
    warehouse_bytes_before: int = 0
    warehouse_bytes_free: int = 0
    warehouse_bytes_after: int = 0
    skipped: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For a person."""
        verb = "would be dropped" if self.is_dry else "dropped"
        lines = [f"bodies of pages and lists that gave no article: {self.dropped} {verb}, {size(self.body_bytes)}"]
        if not self.is_dry:
            lines.append(
                f"archive: {self.files_before} files of {size(self.archive_bytes_before)}, "
                f"now {self.files_after} of {size(self.archive_bytes_after)}"
            )
        free = (
            f"warehouse: {size(self.warehouse_bytes_before)}, of which {size(self.warehouse_bytes_free)} hold nothing"
        )
        lines.append(free if self.is_dry else f"{free}; now {size(self.warehouse_bytes_after)}")
        return lines + [f"left alone: {each}" for each in self.skipped]

    def as_dict(self) -> dict[str, Any]:
        """For a machine."""
        return asdict(self)


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1_000_000:.1f} MB"


def maintain(workspace: Workspace, reporter: Reporter, *, now: datetime, is_dry: bool = False) -> MaintainReport:
    """Drop what need not be kept, and compact the archive and the warehouse.

    Args:
        workspace: Whose archive; ``[retention]`` says what may go.
        reporter: Where progress is shown.
        now: Aware time.
        is_dry: Only say what would be dropped.

    Raises:
        WarehouseBusyError: Another maintenance or a verification is at work, or a run keeps the warehouse.
        WarehouseUnusableError: There is no warehouse that can be used.
    """
    report = MaintainReport(is_dry=is_dry)
    with archive_claimed(workspace.home):
        Janitor(workspace, report, now=now).work(reporter)
        is_compacted = compact_warehouse(workspace, report)
        if not is_dry and (is_compacted or report.dropped or report.files_after != report.files_before):
            wait = workspace.settings.warehouse.lock_wait_seconds
            publish(workspace.home, wait_seconds=wait, force=is_compacted)
    return report


def compact_warehouse(workspace: Workspace, report: MaintainReport) -> bool:
    """Merge what search has in small pieces, and copy the loader's file without its holes.

    Returns:
        Whether the file is another one.
    """
    if report.is_dry:
        note_sizes(report, on_live_file(workspace, file_sizes))
        return False
    options = workspace.settings.warehouse
    try:
        while on_live_file(workspace, merge_segments):
            pass
        note_sizes(report, on_live_file(workspace, file_sizes, checkpoints=True))
        is_compacted = compact(
            workspace.home,
            wait_seconds=options.lock_wait_seconds,
            memory_limit=options.memory_limit,
            threads=options.threads,
        )
    except WarehouseError as error:
        report.skipped.append(str(error))
        return False
    report.warehouse_bytes_after = live_path(workspace.home).stat().st_size
    return is_compacted


def note_sizes(report: MaintainReport, sizes: FileSizes) -> None:
    """Note how large the loader's file is before anything is done to it."""
    report.warehouse_bytes_before = report.warehouse_bytes_after = sizes.total_bytes
    report.warehouse_bytes_free = sizes.free_bytes


def finish_killed_maintenance(workspace: Workspace, *, now: datetime) -> bool:
    """Finish, or undo, what a killed maintenance had begun; for the holder of the archive.

    Returns:
        Whether there was something.
    """
    janitor = Janitor(workspace, MaintainReport(is_dry=False), now=now)
    is_begun = janitor.plan_path.exists()
    janitor.recover()
    return bool(remove_unfinished(workspace.home)) or is_begun


@contextmanager
def archive_claimed(home: Path) -> Iterator[None]:
    """Keep the archive's files where they are while somebody reads or rewrites them all.

    Raises:
        WarehouseBusyError: Another maintenance or a verification is at work.
    """
    path = home / "live" / "archive.lock"
    with opened(path) as descriptor:
        if not try_lock(descriptor):
            raise WarehouseBusyError(str(path), "the archive is being verified or maintained", "wait until that ends")
        yield


class Janitor:
    """Rewrites the archive's files, one new one at a time."""

    def __init__(self, workspace: Workspace, report: MaintainReport, *, now: datetime) -> None:
        self.workspace = workspace
        self.report = report
        self.now = now
        self.folder = workspace.archive_folder
        self.plan_path = workspace.home / "live" / "maintain.json"
        days = workspace.settings.retention.non_article_days
        self.before = now - timedelta(days=days) if days else None

    def work(self, reporter: Reporter) -> None:
        """Do everything there is to do."""
        if not self.report.is_dry:
            self.recover()
        bodies = self.droppable()
        self.report.files_before, self.report.archive_bytes_before = self.measure()
        if self.report.is_dry:
            self.report.dropped = sum(map(len, bodies.values()))
            self.report.body_bytes = sum(each.body_bytes for group in bodies.values() for each in group)
            return
        groups = list(self.groups(bodies))
        reporter.expect(Stage.CHECK, len(groups))
        for serial, sources in enumerate(groups, start=1):
            try:
                self.rewrite_group(sources, bodies, serial)
            except ArchiveError as error:
                self.report.skipped.append(str(error))
            reporter.advance(Stage.CHECK)
        self.report.files_after, self.report.archive_bytes_after = self.measure()

    def droppable(self) -> dict[str, list[DroppableBody]]:
        """Bodies that may go, by file; none where they are kept for ever."""
        by_file: dict[str, list[DroppableBody]] = defaultdict(list)
        if self.before is not None:
            for body in on_live_file(self.workspace, droppable_bodies, before=self.before):
                by_file[body.warc_file].append(body)
        return by_file

    def groups(self, bodies: dict[str, list[DroppableBody]]) -> Iterator[list[str]]:
        """Files to put together: of one month, not larger than a file may grow, with something to gain."""
        roll_bytes = self.workspace.settings.archive.roll_bytes
        by_month: dict[str, list[str]] = defaultdict(list)
        for warc_file in archive_files(self.folder):
            is_small = (self.folder / warc_file).stat().st_size < roll_bytes // SMALL_SHARE
            if is_small or warc_file in bodies:
                by_month[warc_file.rpartition("/")[0]].append(warc_file)
        for files in by_month.values():
            group: list[str] = []
            grown = 0
            for warc_file in files:
                length = (self.folder / warc_file).stat().st_size
                if group and grown + length > roll_bytes:
                    yield group
                    group, grown = [], 0
                group.append(warc_file)
                grown += length
            if group:
                yield group

    def rewrite_group(self, sources: Sequence[str], bodies: dict[str, list[DroppableBody]], serial: int) -> None:
        """Rewrite one group of files, but for those that a run is writing to."""
        with ExitStack() as held:
            free = [each for each in sources if held.enter_context(unwritten(self.folder / each))]
            dropped = {each: {body.warc_offset for body in bodies[each]} for each in free if each in bodies}
            if len(free) < 2 and not dropped:
                return
            month = free[0].rpartition("/")[0]
            target = f"{month}/wirewatch-{self.now:%Y%m%d%H%M%S}-compacted-{os.getpid()}-{serial:05}.warc.gz"
            self.plan(free, target)
            moved = rewrite(self.folder, free, target, dropped=dropped, now=self.now, max_body_bytes=MAX_BODY_BYTES)
            if self.point_at(target, moved):
                gone = [body for each in free for body in bodies.get(each, ())]
                self.report.dropped += len(gone)
                self.report.body_bytes += sum(body.body_bytes for body in gone)
                self.remove(free)
            else:
                self.remove([target])
                self.report.skipped.append(f"{', '.join(free)}: a page of it is needed by now")
            self.plan_path.unlink(missing_ok=True)

    def point_at(self, target: str, moved: Sequence[MovedRecord]) -> bool:
        """Let the warehouse point at the new file; whether it does."""
        moves = [
            Move(
                capture_id=each.capture_id,
                old_file=each.old_file,
                old_offset=each.old_offset,
                warc_file=target,
                warc_offset=each.warc_offset,
            )
            for each in moved
        ]
        dropped = [each.capture_id for each in moved if each.is_dropped]
        before = self.before or self.now
        return on_live_file(self.workspace, record_rewriting, moves, dropped, before=before, now=self.now)

    def plan(self, sources: Sequence[str], target: str) -> None:
        """Note what is about to be done."""
        text = json.dumps({"sources": list(sources), "target": target})
        write_whole(self.plan_path, text_writer(text))

    def recover(self) -> None:
        """Finish, or undo, what a killed maintenance had begun.

        The new file is whole where it has its name. The warehouse points at all of it or at none of it, so where it
        points at no old file any more, the new one has taken their place.
        """
        try:
            plan = json.loads(self.plan_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        sources, target = list(plan["sources"]), str(plan["target"])
        for stale in (self.folder / target).parent.glob(".*.warc.gz.tmp"):
            stale.unlink(missing_ok=True)
        if (self.folder / target).exists():
            is_switched = on_live_file(self.workspace, count_in_files, sources) == 0
            self.remove(sources if is_switched else [target])
        self.plan_path.unlink()

    def remove(self, files: Sequence[str]) -> None:
        """Remove files of the archive whose records are elsewhere."""
        for warc_file in files:
            (self.folder / warc_file).unlink(missing_ok=True)
        for month in {(self.folder / warc_file).parent for warc_file in files}:
            sync_folder(month)

    def measure(self) -> tuple[int, int]:
        """Files of the archive, and their bytes."""
        files = archive_files(self.folder) if self.folder.is_dir() else []
        return len(files), sum((self.folder / each).stat().st_size for each in files)
