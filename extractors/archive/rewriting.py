"""Files of the archive to one file that holds the same records, some of them without their bodies.

A response whose body is dropped stays as a record: who answered, when, with which status and headers, and the SHA-256
and size of the body that was there. ``WARC-Truncated`` says so to other readers.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from extractors.archive.exchange import ArchivedResponse, BrokenRecord, capture_id_of
from extractors.archive.reader import MAX_HEAD_BYTES, NotWarcError, Record, read_record, records_in
from extractors.archive.warc_records import (
    DROPPED_AT,
    DROPPED_BYTES,
    DROPPED_SHA256,
    compress,
    serialize,
    warc_date,
)
from extractors.errors import ArchiveError

COPIED_BYTES = 1 << 20
REWRITTEN_FIELDS = frozenset({"content-type", "content-length", "warc-block-digest", "warc-truncated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRecord:
    """Where a response of an old file is in the new one."""

    capture_id: str
    old_file: str
    old_offset: int
    warc_offset: int
    is_dropped: bool


@contextmanager
def unwritten(path: Path) -> Iterator[bool]:
    """Hold a file that no run is writing to; yields whether that is so."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise ArchiveError(path.name, -1, f"cannot be read: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


def rewrite(
    folder: Path,
    sources: Sequence[str],
    target: str,
    *,
    dropped: Mapping[str, Collection[int]],
    now: datetime,
    max_body_bytes: int,
) -> list[MovedRecord]:
    """Write a new file, and have it and its name on the disk before it can be relied on; the old ones stay.

    Args:
        folder: The archive's folder.
        sources: Files below it, in the order in which they are copied.
        target: The new file below it; it must not be there.
        dropped: Offsets of the responses that lose their bodies, by file.
        now: Aware time, for the records.
        max_body_bytes: Most bytes of a decoded body.

    Raises:
        ArchiveError: A file is damaged, so that copying it could lose something, or the disk takes no more.
    """
    path = folder / target
    temporary = path.with_name(f".{path.name}.tmp")
    moved: list[MovedRecord] = []
    try:
        with temporary.open("wb") as writer:
            for source in sources:
                with (folder / source).open("rb") as reader:
                    moved += copy_records(reader, writer, source, dropped.get(source, ()), now, max_body_bytes)
            writer.flush()
            os.fsync(writer.fileno())
        temporary.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ArchiveError(target, -1, f"cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return moved


def copy_records(
    reader: BinaryIO,
    writer: BinaryIO,
    source: str,
    dropped: Collection[int],
    now: datetime,
    max_body_bytes: int,
) -> list[MovedRecord]:
    """Copy one file's records as they are, byte for byte, but for those that lose their bodies."""
    moved = []
    for record, end in extents(reader, source, max_body_bytes):
        at = writer.tell()
        is_dropped = record.offset in dropped
        if record.may_hold_page:
            capture_id = capture_id_of(record.fields.get_header("WARC-Record-ID") or "")
            moved.append(
                MovedRecord(
                    capture_id=capture_id,
                    old_file=source,
                    old_offset=record.offset,
                    warc_offset=at,
                    is_dropped=is_dropped,
                )
            )
        if is_dropped:
            writer.write(compress(without_body(record, source, now, max_body_bytes)))
        else:
            copy_range(reader, writer, record.offset, end)
    return moved


def extents(reader: BinaryIO, source: str, max_body_bytes: int) -> Iterator[tuple[Record, int]]:
    """Each record with where it ends; blocks are kept of one record at a time."""
    size = reader.seek(0, 2)
    reader.seek(0)
    try:
        offsets = [record.offset for record in sound_records(reader, source, max_body_bytes)]
    except NotWarcError:
        raise ArchiveError(source, 0, "is not a WARC file") from None
    if len(set(offsets)) < len(offsets):
        raise ArchiveError(source, -1, "has several records in one gzip member: it is not ours")
    ends = dict(pairwise([*offsets, size]))
    reader.seek(0)
    for record in sound_records(reader, source, max_body_bytes):
        yield record, ends[record.offset]


def sound_records(reader: BinaryIO, source: str, max_body_bytes: int) -> Iterator[Record]:
    """The records of a file that has no damage.

    Raises:
        ArchiveError: It has some.
    """
    for record in records_in(reader, max_block_bytes=max_body_bytes + MAX_HEAD_BYTES):
        if isinstance(record, BrokenRecord):
            raise ArchiveError(source, record.warc_offset, record.detail)
        yield record


def copy_range(reader: BinaryIO, writer: BinaryIO, start: int, end: int) -> None:
    """Copy bytes, and leave the reader where it was."""
    place = reader.tell()
    reader.seek(start)
    left = end - start
    while left > 0 and (chunk := reader.read(min(left, COPIED_BYTES))):
        writer.write(chunk)
        left -= len(chunk)
    reader.seek(place)


def without_body(record: Record, source: str, now: datetime, max_body_bytes: int) -> bytes:
    """The record of a response whose body is gone.

    Raises:
        ArchiveError: The body cannot be read, so nothing could say what it was.
    """
    found = read_record(record, max_body_bytes)
    if not isinstance(found, ArchivedResponse) or record.block is None:
        raise ArchiveError(source, record.offset, "holds no response that can be read")
    head = b"" if found.is_resource else record.block.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    kept = [(name, value) for name, value in record.fields.headers if name.lower() not in REWRITTEN_FIELDS]
    fields = [
        *kept,
        ("WARC-Truncated", "unspecified"),
        (DROPPED_AT, warc_date(now)),
        (DROPPED_SHA256, found.body_sha256),
        (DROPPED_BYTES, str(len(found.body))),
    ]
    kind = record.fields.get_header("Content-Type") or "application/http; msgtype=response"
    return serialize(record.kind, fields, head, kind)


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
