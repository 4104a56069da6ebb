"""Turns a file of our own archive into everything that it holds: responses with their hashes, notes, damage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from extractors.archive.exchange import ArchivedResponse, BrokenRecord, Note, capture_id_of
from extractors.archive.members import DamagedError, Member
from extractors.archive.messages import parse_warc_date
from extractors.archive.reader import MAX_HEAD_BYTES, NotWarcError, Record, read_record, records_in, records_of
from extractors.archive.warc_records import DROPPED_AT, DROPPED_BYTES, DROPPED_SHA256, EVENT, UNDONE_PREFIX
from extractors.errors import ArchiveError

MAX_NOTE_BYTES = 500_000_000
"""Notes are ours and hold what a run did at once; a larger one is damage."""

RecordState = Literal["whole", "dropped", "damaged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRecord:
    """One response of the archive as it is now; ``warc_file`` is relative to the archive's folder.

    ``body_sha256`` is computed from the body that is there; of a ``dropped`` one it is what its record says. A damaged
    record may have no ``capture_id``: then only its place is known.
    """

    warc_file: str
    warc_offset: int
    state: RecordState
    capture_id: str | None
    body_sha256: str | None = None
    body_bytes: int | None = None
    dropped_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedNote:
    """A note with its place."""

    warc_file: str
    warc_offset: int
    record_id: str
    note: Note


def archive_files(folder: Path) -> list[str]:
    """The archive's files in the order of their names, which is that of their beginnings; unfinished ones are not."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*/*.warc.gz"))


def scan_file(folder: Path, warc_file: str, *, max_body_bytes: int) -> Iterator[ArchivedRecord | ArchivedNote]:
    """Read a file from its first record to its last; requests and the file's own head are passed over.

    Raises:
        ArchiveError: It cannot be read at all.
    """
    try:
        with (folder / warc_file).open("rb") as file:
            limits = {"max_block_bytes": max_body_bytes + MAX_HEAD_BYTES, "max_note_bytes": MAX_NOTE_BYTES}
            for record in records_in(file, **limits):
                if (found := examine(warc_file, record, max_body_bytes)) is not None:
                    yield found
    except OSError as error:
        raise ArchiveError(warc_file, -1, f"cannot be read: {error.strerror}") from error
    except NotWarcError:
        raise ArchiveError(warc_file, 0, "is not a WARC file") from None


def examine(warc_file: str, record: Record | BrokenRecord, max_body_bytes: int) -> ArchivedRecord | ArchivedNote | None:
    """What one record is; ``None`` where it is nothing that the warehouse knows of."""
    if isinstance(record, BrokenRecord):
        return damaged(warc_file, record)
    if record.is_note:
        return read_note(warc_file, record)
    if record.may_hold_page and record.fields.get_header(DROPPED_AT) is not None:
        return dropped(warc_file, record)
    found = read_record(record, max_body_bytes)
    if isinstance(found, BrokenRecord):
        return damaged(warc_file, found)
    if not isinstance(found, ArchivedResponse):
        return None
    return ArchivedRecord(
        warc_file=warc_file,
        warc_offset=found.warc_offset,
        state="whole",
        capture_id=found.capture_id,
        body_sha256=found.body_sha256,
        body_bytes=len(found.body),
    )


def damaged(warc_file: str, broken: BrokenRecord) -> ArchivedRecord:
    """A record, or a place, that cannot be read."""
    return ArchivedRecord(
        warc_file=warc_file,
        warc_offset=broken.warc_offset,
        state="damaged",
        capture_id=capture_id_of(broken.record_id) if broken.record_id else None,
        detail=f"{broken.reason}: {broken.detail}",
    )


def dropped(warc_file: str, record: Record) -> ArchivedRecord:
    """A response whose body was dropped on purpose."""
    size = record.fields.get_header(DROPPED_BYTES) or ""
    return ArchivedRecord(
        warc_file=warc_file,
        warc_offset=record.offset,
        state="dropped",
        capture_id=capture_id_of(record.fields.get_header("WARC-Record-ID") or ""),
        body_sha256=record.fields.get_header(DROPPED_SHA256),
        body_bytes=int(size) if size.isdigit() else None,
        dropped_at=parse_warc_date(record.fields.get_header(DROPPED_AT) or ""),
    )


def read_note(warc_file: str, record: Record) -> ArchivedNote | ArchivedRecord:
    """A note, or the damage where one was."""
    event = record.fields.get_header(EVENT) or ""
    block = record.block or b""
    if not block or not is_json(block):
        detail = f"the note {event!r} is no JSON, or longer than {MAX_NOTE_BYTES} bytes"
        return ArchivedRecord(
            warc_file=warc_file, warc_offset=record.offset, state="damaged", capture_id=None, detail=detail
        )
    noted_at = parse_warc_date(record.fields.get_header("WARC-Date") or "")
    return ArchivedNote(
        warc_file=warc_file,
        warc_offset=record.offset,
        record_id=record.fields.get_header("WARC-Record-ID") or "",
        note=Note(event=event, noted_at=noted_at, data=block),
    )


def is_json(block: bytes) -> bool:
    """Whether a note's block can be read."""
    try:
        json.loads(block)
    except ValueError:
        return False
    return True


def note_at(folder: Path, warc_file: str, warc_offset: int) -> Note:
    """Read one note again.

    Raises:
        ArchiveError: There is none.
    """
    try:
        with (folder / warc_file).open("rb") as file:
            member = Member(file, warc_offset)
            record = next(records_of(member, max_block_bytes=0, max_note_bytes=MAX_NOTE_BYTES), None)
    except (OSError, DamagedError) as error:
        raise ArchiveError(warc_file, warc_offset, f"cannot be read: {error}") from error
    found = read_note(warc_file, record) if record is not None and record.is_note else None
    if not isinstance(found, ArchivedNote):
        raise ArchiveError(warc_file, warc_offset, "holds no note here")
    return found.note


def wire_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A record's headers as they came over the wire: those that the record had to rename have their names again."""
    prefix = UNDONE_PREFIX.decode()
    return tuple((name.removeprefix(prefix), value) for name, value in headers)
