"""Turns WARC files, ours or another's, back into the responses that they hold, after WARC 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from extractors.archive.exchange import ArchivedResponse, BrokenRecord
from extractors.archive.members import GZIP_HEAD, RECORD_HEAD, DamagedError, Member, find_next_member
from extractors.archive.messages import broken, read_exchange, uri_of
from extractors.archive.warc_records import DROPPED_AT, EVENT, digest
from extractors.errors import ArchiveError, Reason

DEFAULT_MAX_BODY_BYTES = 10_000_000
MAX_HEAD_BYTES = 262_144
"""Most bytes of a record's own header, and what a message's head may add to its body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record; ``block`` is ``None`` where nobody wants it, or where it is longer than it may be."""

    offset: int
    fields: StatusAndHeaders
    length_bytes: int
    block: bytes | None

    @property
    def kind(self) -> str:
        """``WARC-Type`` in lower case."""
        return (self.fields.get_header("WARC-Type") or "").lower()

    @property
    def may_hold_page(self) -> bool:
        """Whether it is of a kind that a page may be in: a response, or a file that somebody saved."""
        return self.kind in ("response", "resource")

    @property
    def is_note(self) -> bool:
        """Whether it is a note of ours."""
        return self.kind == "metadata" and bool(self.fields.get_header(EVENT))


def read_response(
    folder: Path, warc_file: str, warc_offset: int, *, max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
) -> ArchivedResponse:
    """Read one response of our own archive back.

    Args:
        folder: The archive's folder.
        warc_file: Path below it, as the capture says.
        warc_offset: Where the record starts, as the capture says.
        max_body_bytes: Most bytes of the decoded body.

    Raises:
        ArchiveError: It is not there, is damaged, is no response, or decodes to more than it may.
    """
    path = (folder / warc_file).resolve()
    if not warc_file or not path.is_relative_to(folder.resolve()):
        raise ArchiveError(warc_file, warc_offset, "is not a file of the archive")
    try:
        with path.open("rb") as file:
            found = response_at(file, warc_offset, max_body_bytes)
    except (OSError, ValueError) as error:  # ValueError: an offset below zero, a NUL in the name
        raise ArchiveError(warc_file, warc_offset, f"cannot be read: {error}") from error
    except DamagedError as error:
        raise ArchiveError(warc_file, warc_offset, str(error)) from None
    if found is None:
        raise ArchiveError(warc_file, warc_offset, "holds no response here")
    if isinstance(found, BrokenRecord):
        raise ArchiveError(warc_file, warc_offset, f"{found.reason}: {found.detail}")
    return found


def iter_responses(
    path: Path, *, max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
) -> Iterator[ArchivedResponse | BrokenRecord]:
    """Read every response of a WARC file, gzipped or not, whoever wrote it.

    Records that hold neither an HTTP response nor a file (``resource``) of a web address are passed over. A record that
    cannot be read is a ``BrokenRecord``, and where the file is gzipped by record, reading goes on with the next one.

    Args:
        path: The file.
        max_body_bytes: A response whose body is larger is a ``BrokenRecord`` with reason ``too_large``.

    Raises:
        ArchiveError: There is no such file, or it is no WARC file at all.
    """
    try:
        with path.open("rb") as file:
            yield from responses_in(file, max_body_bytes)
    except OSError as error:
        raise ArchiveError(str(path), -1, f"cannot be read: {error.strerror}") from error
    except NotWarcError:
        raise ArchiveError(str(path), 0, "is not a WARC file") from None


class NotWarcError(Exception):
    """The first bytes are neither gzip nor WARC; stays inside this module."""


def responses_in(file: BinaryIO, max_body_bytes: int) -> Iterator[ArchivedResponse | BrokenRecord]:
    """The responses among a file's records, and what is damaged."""
    for record in records_in(file, max_block_bytes=max_body_bytes + MAX_HEAD_BYTES):
        found = record if isinstance(record, BrokenRecord) else read_record(record, max_body_bytes)
        if found is not None:
            yield found


def records_in(file: BinaryIO, *, max_block_bytes: int, max_note_bytes: int = 0) -> Iterator[Record | BrokenRecord]:
    """Go through a file member by member; past a damaged one to the next that starts a record."""
    head = file.read(len(RECORD_HEAD))
    is_gzip = head.startswith(GZIP_HEAD)
    if head and not is_gzip and head != RECORD_HEAD:
        raise NotWarcError
    size = file.seek(0, 2)
    offset = 0
    while offset < size:
        try:
            member = member_at(file, offset, is_gzip=is_gzip)
            yield from records_of(member, max_block_bytes=max_block_bytes, max_note_bytes=max_note_bytes)
            offset = size if member.end_offset is None else member.end_offset
        except DamagedError as error:
            if is_gzip and is_padding(file, offset):
                return
            yield BrokenRecord(warc_offset=offset, reason=Reason.ARCHIVE_ERROR, detail=str(error))
            offset = find_next_member(file, offset + 1) if is_gzip else size


def member_at(file: BinaryIO, offset: int, *, is_gzip: bool) -> Member:
    """The member at an offset.

    Raises:
        DamagedError: The file is gzipped, and no gzip member starts here.
    """
    member = Member(file, offset)
    if is_gzip and not member.is_gzip:
        raise DamagedError("no gzip member starts here")
    return member


def response_at(file: BinaryIO, offset: int, max_body_bytes: int) -> ArchivedResponse | BrokenRecord | None:
    """The response whose record starts at an offset; ``None`` where the record there is no response."""
    record = next(records_of(Member(file, offset), max_block_bytes=max_body_bytes + MAX_HEAD_BYTES), None)
    return None if record is None else read_record(record, max_body_bytes)


def records_of(member: Member, *, max_block_bytes: int, max_note_bytes: int = 0) -> Iterator[Record]:
    """Cut a member into records.

    A record counts when what follows it has been seen: the end of the member, where its checksum is, or the next
    record. Where that is damaged, its own digest may speak for it.

    Raises:
        DamagedError: From the place on where no record can be read.
    """
    line = first_line(member)
    while line:
        record = cut_record(member, line, max_block_bytes, max_note_bytes)
        try:
            line = first_line(member)
        except DamagedError:
            if record.block is not None and record.fields.get_header("WARC-Block-Digest") == digest(record.block):
                yield record
            raise
        yield record


def first_line(member: Member) -> bytes:
    """The next line that is not blank; empty at the end."""
    while line := member.read_line(MAX_HEAD_BYTES):
        if line.strip():
            return line
    return b""


def cut_record(member: Member, line: bytes, max_block_bytes: int, max_note_bytes: int) -> Record:
    """Read one record whose first line has been read.

    Raises:
        DamagedError: There is no record, or less than its header promises.
    """
    if not line.startswith(RECORD_HEAD):
        raise DamagedError("no WARC record starts here")
    offset = member.offset if member.is_gzip else member.offset + member.position - len(line)
    head = line
    while (line := member.read_line(MAX_HEAD_BYTES)).strip():
        head += line
        if len(head) > MAX_HEAD_BYTES:
            raise DamagedError(f"a record's header is longer than {MAX_HEAD_BYTES} bytes")
    fields = StatusAndHeadersParser([], verify=False).parse(BytesIO(head))
    declared = (fields.get_header("Content-Length") or "").strip()
    if not (declared.isascii() and declared.isdigit()) or len(declared) > 15:
        raise DamagedError(f"a record's Content-Length is {declared[:40]!r}")
    length = int(declared)
    record = Record(offset=offset, fields=fields, length_bytes=length, block=None)
    if length <= (max_block_bytes if record.may_hold_page else max_note_bytes if record.is_note else -1):
        block = member.read(length)
        got = len(block)
        record = Record(offset=offset, fields=fields, length_bytes=length, block=block)
    else:
        got = member.skip(length)
    if got < length:
        raise DamagedError(f"the file ends in the middle of a record: {got} of {length} bytes")
    return record


def read_record(record: Record, max_body_bytes: int) -> ArchivedResponse | BrokenRecord | None:
    """The response in a record, or what is wrong with it; ``None`` where there is none."""
    if not record.may_hold_page or not uri_of(record.fields).lower().startswith(("http://", "https://")):
        return None
    if record.block is None:
        return broken(record.fields, record.offset, Reason.TOO_LARGE, f"the record has {record.length_bytes} bytes")
    if (dropped_at := record.fields.get_header(DROPPED_AT)) is not None:
        detail = f"its body was dropped on {dropped_at}, since it was no article's"
        return broken(record.fields, record.offset, Reason.ARCHIVE_ERROR, detail)
    return read_exchange(record.fields, record.block, offset=record.offset, max_body_bytes=max_body_bytes)


def is_padding(file: BinaryIO, offset: int) -> bool:
    """Whether nothing but zero bytes follow, as some disks and tapes leave them."""
    file.seek(offset)
    while chunk := file.read(1 << 20):
        if chunk.strip(b"\x00"):
            return False
    return True
