"""The published articles as files for other programs: a file for each outlet and month, written again when it changed.

``manifest.json`` in the folder says what each file holds and of which warehouse. It is written last: after a kill the
files that were finished are written once more by the next export, and none is ever half there.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import ConfigurationError
from flows.shown.result_files import text_writer, write_result, write_whole
from flows.shown.results import plain
from warehouse.connection import published_path
from warehouse.copies import copy_durably
from warehouse.partitions import READ_PARTITION, Partition, PublishedFile, list_partitions, published, read_partition

MANIFEST = "manifest.json"


class ExportFormat(StrEnum):
    """What an export is made of."""

    PARQUET = "parquet"
    CSV = "csv"
    JSON = "json"
    DUCKDB = "duckdb"


ENDINGS = {ExportFormat.PARQUET: "parquet", ExportFormat.CSV: "csv", ExportFormat.JSON: "jsonl"}


@dataclass(slots=True, kw_only=True)
class ExportReport:
    """What an export did, by the files' names in its folder."""

    folder: Path
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rows: int = 0

    def conclusion(self) -> str:
        """The export in one sentence."""
        gone = f", {len(self.removed)} removed" if self.removed else ""
        return (
            f"{self.folder}: {self.rows} articles; {len(self.written)} files written, "
            f"{len(self.kept)} had not changed{gone}."
        )

    def as_dict(self) -> dict[str, Any]:
        """The export for a machine."""
        return {**asdict(self), "folder": str(self.folder)}


def export(
    home: Path, folder: Path, form: ExportFormat, *, now: datetime, memory_limit: str, threads: int
) -> ExportReport:
    """Bring a folder up to what is published.

    Args:
        home: Whose published file.
        folder: Where the files go; made when it is not there.
        form: Files for each outlet and month, or the published file itself.
        now: Aware time, for the manifest.
        memory_limit: DuckDB's limit, such as "1GB".
        threads: DuckDB's threads.

    Raises:
        ConfigurationError: The folder holds something else, or another export is at work on it.
        WarehouseError: Nothing is published, or it cannot be read.
    """
    with claimed(folder), published(home, memory_limit=memory_limit, threads=threads) as (con, source):
        before = read_manifest(folder)
        report = ExportReport(folder=folder)
        if form is ExportFormat.DUCKDB:
            files = copy_published(home, folder, source, before, report)
        else:
            files = write_partitions(con, folder, form, before, report)
        manifest = {
            "exported_at": now,
            "format": form,
            "query": " ".join(READ_PARTITION.split()),
            "warehouse": asdict(source),
            "wirewatch": version("wirewatch"),
            "files": files,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2, default=plain) + "\n"
        remove_others(folder, before, files, report)
        write_whole(folder / MANIFEST, text_writer(text))
    return report


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep a folder for one export at a time, and clean up after those that were killed.

    Raises:
        ConfigurationError: It cannot be made, holds something else, or another export is at work on it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_foreign = any(folder.iterdir()) and not (folder / ".wirewatch-export").exists()
        descriptor = os.open(folder / ".wirewatch-export", os.O_RDWR | (0 if is_foreign else os.O_CREAT), 0o644)
    except OSError as error:
        what = "holds something that is no export" if folder.is_dir() and any(folder.iterdir()) else error.strerror
        raise ConfigurationError("DIR", str(folder), str(what), "name an empty folder, or one of an export") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            advice = "wait until it ends"
            raise ConfigurationError("DIR", str(folder), "another export is at work on it", advice) from None
        for stale in folder.rglob(".*.tmp"):
            stale.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """What the last export wrote, by the files' names; nothing where there was none or it cannot be read."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return files if isinstance(files, dict) else {}


def write_partitions(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    form: ExportFormat,
    before: dict[str, dict[str, Any]],
    report: ExportReport,
) -> dict[str, dict[str, Any]]:
    """Write the files of outlets and months that have changed, or that somebody has changed or removed."""
    files: dict[str, dict[str, Any]] = {}
    for partition in list_partitions(con):
        name = f"articles/outlet_id={partition.outlet_id}/month={partition.month}/articles.{ENDINGS[form]}"
        report.rows += partition.row_count
        if is_current(folder / name, before.get(name), partition):
            files[name] = before[name]
            report.kept.append(name)
            continue
        written = write_result(read_partition(con, partition), folder / name, form)
        files[name] = {"rows": partition.row_count, "fingerprint": fingerprint(partition), **asdict(written)}
        report.written.append(name)
    return files


def is_current(path: Path, noted: dict[str, Any] | None, partition: Partition) -> bool:
    """Whether a file is the one that was written for just these articles."""
    if noted is None or noted.get("fingerprint") != fingerprint(partition):
        return False
    return path.is_file() and path.stat().st_size == noted.get("bytes")


def fingerprint(partition: Partition) -> str:
    """Of a partition, by DuckDB's own hashes, which another version may compute otherwise."""
    return f"{duckdb.__version__}:{partition.row_count}:{partition.fingerprint}"


def copy_published(
    home: Path, folder: Path, source: PublishedFile, before: dict[str, dict[str, Any]], report: ExportReport
) -> dict[str, dict[str, Any]]:
    """Copy the published file, unless the folder has this one."""
    name = "warehouse.duckdb"
    noted = {"bytes": source.bytes, "change_count": source.change_count, "published_at": plain(source.published_at)}
    path = folder / name
    if before.get(name) == noted and path.is_file() and path.stat().st_size == source.bytes:
        report.kept.append(name)
    else:
        copy_durably(published_path(home), path)
        report.written.append(name)
    return {name: noted}


def remove_others(
    folder: Path, before: dict[str, dict[str, Any]], files: dict[str, dict[str, Any]], report: ExportReport
) -> None:
    """Remove the files of outlets and months, or of a format, that are no more; only what an export wrote."""
    for name in sorted(set(before) - set(files)):
        path = folder / name
        if ".." not in Path(name).parts and not Path(name).is_absolute():
            path.unlink(missing_ok=True)
            report.removed.append(name)
