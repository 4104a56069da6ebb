"""The warehouse against its own rules and against the archive, byte by byte; what can be put right is, when asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from extractors.archive import ArchivedNote, ArchivedRecord, archive_files, scan_file
from extractors.errors import ArchiveError, WarehouseUnusableError
from extractors.extract import MAX_BODY_BYTES
from extractors.records import Stage
from flows.journal.rebuild import Rebuilt, rebuild
from flows.maintain import archive_claimed
from flows.runs.extraction import depend_on_the_parent, make_context
from flows.runs.live_file import on_live_file
from flows.settings import Workspace
from flows.shown.progress import Reporter
from warehouse.audits import NOTICES, archived_table, read_capture_ids, repair_places, run_audits
from warehouse.checks import CheckResult, run_checks
from warehouse.connection import live_path
from warehouse.publish import publish


@dataclass(slots=True, kw_only=True)
class VerifyReport:
    """What was found. ``records`` counts the archive's responses by their state."""

    files: int = 0
    notes: int = 0
    captures: int = 0
    records: Counter[str] = field(default_factory=Counter)
    results: list[CheckResult] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    rebuilt: Rebuilt | None = None

    @property
    def faults(self) -> list[CheckResult]:
        """The checks that found something."""
        return [each for each in self.results if each.offending_count and each.name not in NOTICES]

    @property
    def notices(self) -> list[CheckResult]:
        """What is told and is no fault."""
        return [each for each in self.results if each.offending_count and each.name in NOTICES]

    def lines(self) -> list[str]:
        """The report for a person."""
        records = ", ".join(f"{count} {state}" for state, count in sorted(self.records.items())) or "none"
        lines = [f"archive: {self.files} files; responses: {records}; {self.notes} notes"]
        lines.append(f"warehouse: {self.captures} captures; {len(self.results)} checks")
        lines += [f"{each.name}: {each.offending_count} rows, such as {shown(each)}" for each in self.faults]
        lines += [f"{each.name}: {each.offending_count} rows (no fault)" for each in self.notices]
        return lines + self.repaired + (self.rebuilt.lines() if self.rebuilt else [])

    def conclusion(self) -> str:
        """The report in one sentence."""
        if not self.faults:
            return "Everything is as it should be."
        return f"{len(self.faults)} checks found something: {', '.join(each.name for each in self.faults)}."

    def as_dict(self) -> dict[str, Any]:
        """The report for a machine."""
        return {
            "failed": bool(self.faults),
            "files": self.files,
            "notes": self.notes,
            "captures": self.captures,
            "records": dict(self.records),
            "checks": {each.name: each.offending_count for each in self.results},
            "faults": [asdict(each) for each in self.faults],
            "notices": [asdict(each) for each in self.notices],
            "repaired": self.repaired,
            "rebuilt": self.rebuilt.as_dict() if self.rebuilt else None,
        }


def shown(result: CheckResult) -> str:
    """The first offending row."""
    return ", ".join(f"{name} {value}" for name, value in result.sample[0].items() if value is not None)


async def verify(
    workspace: Workspace, reporter: Reporter, *, is_repair: bool = False, is_rebuild: bool = False
) -> VerifyReport:
    """Run every check, and read the archive from its first record to its last.

    Args:
        workspace: What to look at.
        reporter: Where progress is shown.
        is_repair: Point captures at where their records are; and make the warehouse from the archive where there is
            none, or none that can be used.
        is_rebuild: Make the warehouse from the archive in any case; the old one is kept beside it.

    Raises:
        WarehouseError: The warehouse is busy; or it is not there or unusable, and no repair was asked for.
        ArchiveError: A note of the archive cannot be told again.
    """
    with archive_claimed(workspace.home):
        return await verify_claimed(workspace, reporter, is_repair=is_repair, is_rebuild=is_rebuild)


async def verify_claimed(
    workspace: Workspace, reporter: Reporter, *, is_repair: bool, is_rebuild: bool
) -> VerifyReport:
    """Verify while nobody rewrites the archive."""
    report = VerifyReport()
    if is_rebuild or not await asyncio.to_thread(is_usable, workspace, is_repair=is_repair):
        report.rebuilt = await rebuild(workspace, reporter)
    known_before = await asyncio.to_thread(on_live_file, workspace, read_capture_ids)
    report.captures = known_before.num_rows
    archived = await asyncio.to_thread(read_archive, workspace, report, reporter)
    report.results = await asyncio.to_thread(on_live_file, workspace, check, archived, known_before)
    if (is_repair or report.rebuilt) and any(each.name in REPAIRABLE for each in report.faults):
        before = {each.name: each.offending_count for each in report.faults}
        await asyncio.to_thread(on_live_file, workspace, repair_places, archived)
        report.results = await asyncio.to_thread(on_live_file, workspace, check, archived, known_before)
        after = {each.name: each.offending_count for each in report.results}
        report.repaired = [
            f"{name}: {before[name] - after[name]} rows put right" for name in before if name in REPAIRABLE
        ]
    if report.rebuilt or report.repaired:
        wait = workspace.settings.warehouse.lock_wait_seconds
        await asyncio.to_thread(publish, workspace.home, wait_seconds=wait)
    return report


REPAIRABLE = frozenset({"captures_in_place", "dropped_bodies_known"})


def is_usable(workspace: Workspace, *, is_repair: bool) -> bool:
    """Whether there is a warehouse that can be opened.

    Raises:
        WarehouseUnusableError: There is none, and no repair was asked for.
    """
    path = live_path(workspace.home)
    if not path.exists():
        if is_repair:
            return False
        advice = "`wirewatch verify --repair` makes one from the archive, `wirewatch ingest` a new one"
        raise WarehouseUnusableError(str(path), "is not there", advice)
    try:
        on_live_file(workspace, read_capture_ids)
    except WarehouseUnusableError:
        if not is_repair:
            raise
        return False
    return True


def check(con: duckdb.DuckDBPyConnection, archived: pa.Table, known_before: pa.Table) -> list[CheckResult]:
    """Run all checks and audits."""
    return [*run_checks(con), *run_audits(con, archived, known_before)]


def read_archive(workspace: Workspace, report: VerifyReport, reporter: Reporter) -> pa.Table:
    """Read every file of the archive, in processes, and compute the SHA-256 of every body."""
    folder = workspace.archive_folder
    files = archive_files(folder) if folder.is_dir() else []
    reporter.expect(Stage.CHECK, len(files))
    tables = [archived_table([])]
    for notes, rows in in_processes(folder, files, workers=workspace.settings.engine.extract_workers):
        report.notes += notes
        report.records.update(row["state"] for row in rows)
        tables.append(archived_table(rows))
        reporter.advance(Stage.CHECK)
    report.files = len(files)
    return pa.concat_tables(tables)


def in_processes(folder: Path, files: list[str], *, workers: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Read files side by side; a single one is not worth a process."""
    if len(files) < FEWEST_FILES:
        yield from (read_file(folder, each) for each in files)
        return
    context = make_context()
    with ProcessPoolExecutor(workers or None, mp_context=context, initializer=depend_on_the_parent) as pool:
        yield from pool.map(read_file, [folder] * len(files), files)


FEWEST_FILES = 8


def read_file(folder: Path, warc_file: str) -> tuple[int, list[dict[str, Any]]]:
    """How many notes a file has, and its responses as rows; runs in a worker."""
    notes = 0
    rows: list[dict[str, Any]] = []
    for found in file_or_damage(folder, warc_file):
        if isinstance(found, ArchivedNote):
            notes += 1
        else:
            rows.append(asdict(found))
    return notes, rows


def file_or_damage(folder: Path, warc_file: str) -> Iterable[ArchivedRecord | ArchivedNote]:
    """What a file holds; one that cannot be read at all is damage as a whole."""
    try:
        yield from scan_file(folder, warc_file, max_body_bytes=MAX_BODY_BYTES)
    except ArchiveError as error:
        yield ArchivedRecord(
            warc_file=warc_file, warc_offset=max(error.offset, 0), state="damaged", capture_id=None, detail=error.detail
        )
