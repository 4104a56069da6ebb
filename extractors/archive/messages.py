"""Turns the block of a WARC response record into status, headers and decoded body, however its writer kept them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from extractors.archive.exchange import ArchivedResponse, BrokenRecord, capture_id_of
from extractors.archive.warc_records import GZIP_TYPE, REQUESTED_URI
from extractors.content_encoding import decode_body
from extractors.errors import BodyError, Reason

LOOSE_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)T(\d\d?):(\d\d?):(\d\d?)(?:\.(?P<fraction>\d{1,9}))?Z?", re.ASCII)
TEXT_OPENINGS = (b"<", b"{", b"[")


class BrokenMessageError(Exception):
    """The record's HTTP part cannot be read; stays inside this module."""


def read_exchange(
    fields: StatusAndHeaders, block: bytes, *, offset: int, max_body_bytes: int
) -> ArchivedResponse | BrokenRecord:
    """Read the HTTP response of one record, or the file that a ``resource`` record holds.

    Args:
        fields: The record's own header.
        block: The whole block.
        offset: Where the record starts.
        max_body_bytes: Most bytes of the decoded body.
    """
    try:
        capture_id = make_capture_id(fields)
        is_resource = is_resource_record(fields)
        status, reason_phrase, headers, raw_body = file_of(fields, block) if is_resource else split_message(block)
        fetched_at = parse_warc_date(fields.get_header("WARC-Date") or "", header_of(headers, "date"))
        body = decode_leniently(raw_body, header_of(headers, "content-encoding"), max_body_bytes)
    except BrokenMessageError as error:
        return broken(fields, offset, Reason.ARCHIVE_ERROR, str(error))
    except BodyError as error:
        return broken(fields, offset, error.reason, error.detail)
    target = uri_of(fields)
    return ArchivedResponse(
        capture_id=capture_id,
        requested_url=fields.get_header(REQUESTED_URI) or target,
        target_url=target,
        http_status=status,
        reason_phrase=reason_phrase,
        headers=headers,
        fetched_at=fetched_at,
        body=body,
        raw_body=raw_body,
        warc_offset=offset,
        is_resource=is_resource,
    )


def is_resource_record(fields: StatusAndHeaders) -> bool:
    """Whether a record holds a file and not an HTTP message."""
    return (fields.get_header("WARC-Type") or "").lower() == "resource"


def file_of(fields: StatusAndHeaders, block: bytes) -> tuple[int, str, tuple[tuple[str, str], ...], bytes]:
    """A resource in the form of a response; what is packed says nothing of the type inside."""
    kind = (fields.get_header("Content-Type") or "").strip()
    is_packed = kind.lower() in (GZIP_TYPE, "application/x-gzip")
    return 200, "", (("Content-Encoding", "gzip") if is_packed else ("Content-Type", kind),), block


def broken(fields: StatusAndHeaders, offset: int, reason: Reason, detail: str) -> BrokenRecord:
    """What is known of a record that cannot be read."""
    return BrokenRecord(
        warc_offset=offset,
        reason=reason,
        detail=detail,
        target_url=uri_of(fields),
        record_id=fields.get_header("WARC-Record-ID"),
    )


def make_capture_id(fields: StatusAndHeaders) -> str:
    """The capture's id, which is the record's.

    Raises:
        BrokenMessageError: The record has none, so nothing could recognize it a second time.
    """
    record_id = fields.get_header("WARC-Record-ID")
    if not record_id:
        raise BrokenMessageError("the record has no WARC-Record-ID")
    return capture_id_of(record_id)


def uri_of(fields: StatusAndHeaders) -> str:
    """The record's target; some writers put it into angle brackets, as WARC 1.0's grammar has it."""
    target: str = (fields.get_header("WARC-Target-URI") or "").strip()
    return target.removeprefix("<").removesuffix(">")


def parse_warc_date(text: str, http_date: str | None = None) -> datetime:
    """Read a ``WARC-Date``, with or without the zeros that it should have; else the response's own ``Date``.

    Raises:
        BrokenMessageError: There is no date to be had: a page without its time would be dated by a guess.
    """
    match = LOOSE_DATE.fullmatch(text.strip())
    try:
        if match is not None:
            year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
            microsecond = int((match["fraction"] or "0").ljust(6, "0")[:6])
            return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)
        if http_date is not None:
            moment = parsedate_to_datetime(http_date)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        pass
    raise BrokenMessageError(f"the record's WARC-Date is {text[:40]!r}")


def split_message(block: bytes) -> tuple[int, str, tuple[tuple[str, str], ...], bytes]:
    """Cut an HTTP response into status, reason phrase, headers and body, chunks undone.

    Raises:
        BrokenMessageError: It does not start with a status line.
    """
    stream = BytesIO(block)
    if not block.startswith(b"HTTP/"):
        raise BrokenMessageError(f"the record's block starts with {block[:20]!r}, not with an HTTP status line")
    head = StatusAndHeadersParser([], verify=False).parse(stream)
    code, _, reason_phrase = head.statusline.strip().partition(" ")
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise BrokenMessageError(f"the HTTP status is {code[:20]!r}")
    headers = tuple((str(name), str(value)) for name, value in head.headers)
    body = block[stream.tell() :]
    if "chunked" in (header_of(headers, "transfer-encoding") or "").lower():
        body = without_chunks(body)
    return int(code), reason_phrase, headers, body


def header_of(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """First value of a header, by its name in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


def without_chunks(body: bytes) -> bytes:
    """Undo chunks, after RFC 9112 section 7.1; a body that has none is given back as it is.

    Many writers keep the header and store the body without its chunks.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        line_end = body.find(b"\r\n", at, at + 1_024)
        size_text = body[at:line_end].partition(b";")[0].strip() if line_end >= 0 else b""
        try:
            size = int(size_text, 16)
        except ValueError:
            return body
        if size < 0 or not size_text.isalnum():
            return body
        if size == 0:
            return b"".join(parts)
        start = line_end + 2
        if body[start + size : start + size + 2] != b"\r\n":
            return body
        parts.append(body[start : start + size])
        at = start + size + 2


def decode_leniently(raw_body: bytes, content_encoding: str | None, max_body_bytes: int) -> bytes:
    """Decode a body; one that plainly is text already, whatever its header still says, is given back as it is.

    Raises:
        BodyError: ``too_large``, ``bad_encoding`` or ``truncated_body``.
    """
    try:
        return decode_body([raw_body], content_encoding, max_bytes=max_body_bytes)
    except BodyError as error:
        if error.reason == Reason.BAD_ENCODING and raw_body.lstrip()[:1] in TEXT_OPENINGS:
            return decode_body([raw_body], None, max_bytes=max_body_bytes)
        raise
