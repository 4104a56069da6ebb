"""Turns responses, requests and notes into WARC 1.1 records, byte for byte what came over the wire."""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from urllib.parse import urlsplit

from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.archive.exchange import Note, RawResponse, WireHeaders

WARC_VERSION = "WARC/1.1"
REQUESTED_URI = "Wirewatch-Requested-URI"
"""A field of ours, as the standard allows: where the redirects started that led to the target."""
EVENT = "Wirewatch-Event"
"""A field of ours: what a note tells of."""
DROPPED_AT, DROPPED_SHA256, DROPPED_BYTES = (
    "Wirewatch-Body-Dropped-Date",
    "Wirewatch-Body-SHA256",
    "Wirewatch-Body-Length",
)
"""Fields of ours in a response whose body is gone: since when, and hash and size of the decoded body that was there."""
UNDONE_PREFIX = b"X-Crawl-"
"""Common Crawl's prefix for a header that was true on the wire and is no longer true of the record."""
GZIP_TYPE = "application/gzip"
"""How a resource says that its file is packed: it has no ``Content-Encoding``."""


def response_record(response: RawResponse, capture_id: str) -> bytes:
    """One response as a WARC record, not yet compressed."""
    status = f"{response.http_version} {response.http_status} {response.reason_phrase}".rstrip()
    head = http_head(status.encode("latin-1", errors="replace"), without_chunks(response.headers))
    extra = [("WARC-Payload-Digest", digest(response.raw_body))]
    if response.requested_url != response.final_url:
        extra.append((REQUESTED_URI, response.requested_url))
    return http_record("response", response, capture_id, head + response.raw_body, extra)


def resource_record(response: RawResponse, capture_id: str) -> bytes:
    """A saved page as a WARC record: the file's own bytes, by the type of the file; nobody asked for it by HTTP."""
    headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    kind = GZIP_TYPE if b"content-encoding" in headers else headers.get(b"content-type", "application/octet-stream")
    fields = record_fields("resource", response, capture_id)
    return serialize("resource", [*fields, ("WARC-Payload-Digest", digest(response.raw_body))], response.raw_body, kind)


def request_record(response: RawResponse, capture_id: str) -> bytes:
    """The request that a response answers, as a WARC record of its own."""
    parts = urlsplit(response.final_url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = http_head(f"GET {target} HTTP/1.1".encode(), response.request_headers)
    # Left to itself, warcio would take the whole block for the payload, which a GET request does not have.
    extra = [("WARC-Concurrent-To", urn(capture_id)), ("WARC-Payload-Digest", digest(b""))]
    return http_record("request", response, str(uuid.uuid4()), head, extra)


def note_record(note: Note) -> bytes:
    """A note as a ``metadata`` record, which describes what other records hold; it has no target of its own."""
    fields = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", urn(str(uuid.uuid4()))),
        ("WARC-Date", warc_date(note.noted_at)),
        (EVENT, note.event),
    ]
    return serialize("metadata", fields, note.data, "application/json")


def http_record(kind: str, response: RawResponse, record_id: str, block: bytes, extra: list[tuple[str, str]]) -> bytes:
    """A WARC record about one exchange; the block is written as it is, header bytes that are no ASCII included."""
    fields = [*record_fields(kind, response, record_id), *extra]
    return serialize(kind, fields, block, f"application/http; msgtype={kind}")


def record_fields(kind: str, response: RawResponse, record_id: str) -> list[tuple[str, str]]:
    """The fields of every record about one response."""
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", urn(record_id)),
        ("WARC-Target-URI", response.final_url),
        ("WARC-Date", warc_date(response.fetched_at)),
    ]


def warcinfo_record(warc_file: str, moment: datetime) -> bytes:
    """The record at the head of a file: who wrote it, by which standard."""
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", urn(str(uuid.uuid4()))),
        ("WARC-Filename", warc_file.rpartition("/")[2]),
        ("WARC-Date", warc_date(moment)),
    ]
    lines = {
        "software": f"wirewatch/{version('wirewatch')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    return serialize("warcinfo", fields, block, "application/warc-fields")


def serialize(kind: str, fields: list[tuple[str, str]], block: bytes, content_type: str) -> bytes:
    """Let warcio write a record, with its block's digest and length."""
    headers = StatusAndHeaders("", fields, protocol=WARC_VERSION)
    record = ArcWarcRecord("warc", kind, headers, BytesIO(block), None, content_type, len(block))
    out = BytesIO()
    WARCWriter(out, gzip=False, warc_version=WARC_VERSION).write_record(record)
    return out.getvalue()


def compress(record: bytes) -> bytes:
    """A record as a gzip member of its own; isal, since warcio's level 9 costs more than the request itself."""
    member: bytes = isal_zlib.compress(record, 2, 31)
    return member


def http_head(first_line: bytes, headers: WireHeaders) -> bytes:
    """The head of an HTTP message, byte for byte."""
    return b"\r\n".join([first_line, *(name + b": " + value for name, value in headers), b"", b""])


def without_chunks(headers: WireHeaders) -> WireHeaders:
    """Rename ``Transfer-Encoding``: the client has undone it, and a reader must not try to undo it again."""
    return tuple(
        (UNDONE_PREFIX + name if name.lower() == b"transfer-encoding" else name, value) for name, value in headers
    )


def digest(data: bytes) -> str:
    """A digest in the form that WARC readers know."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def urn(record_id: str) -> str:
    """A UUID as a ``WARC-Record-ID``."""
    return f"<urn:uuid:{record_id}>"


def warc_date(moment: datetime) -> str:
    """W3C date in UTC, to the microsecond, as WARC 1.1 allows."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
