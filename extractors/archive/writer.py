"""Turns responses into WARC 1.1 files, one gzip member a record, flushed before the capture counts.

Each archive object writes files of its own: a process that was killed leaves at most one half-written record at the end
of a file that nobody appends to, and every offset before it stays good.
"""

from __future__ import annotations

import base64
import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urlsplit

from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.archive.exchange import Location, RawResponse, WireHeaders
from extractors.errors import ArchiveError

WARC_VERSION = "WARC/1.1"
REQUESTED_URI = "Wirewatch-Requested-URI"
"""A field of ours, as the standard allows: where the redirects started that led to the target."""
UNDONE_PREFIX = b"X-Crawl-"
"""Common Crawl's prefix for a header that was true on the wire and is no longer true of the record."""
GZIP_TYPE = "application/gzip"
"""How a resource says that its file is packed: it has no ``Content-Encoding``."""
DEFAULT_ROLL_BYTES = 200_000_000


class Archive:
    """Appends responses to WARC files below a folder; safe to use from several threads.

    Args:
        folder: ``home/archive``; files go to ``YYYY/MM/`` below it.
        roll_bytes: A file that has grown to this is closed, and the next record starts another.
        now: Aware wall-clock time, for names and folders.
        fsync: Whether each record waits for the disk. Without it a record survives the death of the process at once,
            and that of the machine after ``sync``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        roll_bytes: int = DEFAULT_ROLL_BYTES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        fsync: bool = False,
    ) -> None:
        self.folder = folder
        self.roll_bytes = roll_bytes
        self.fsync = fsync
        self._now = now
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._warc_file = ""
        self._size_bytes = 0
        self._serial = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, response: RawResponse) -> Location:
        """Write one response, and its request where it is known, and hand both to the operating system.

        Returns:
            Where the response's record starts; it can be read back from there at once.

        Raises:
            ArchiveError: The disk took less than the whole record; the file is left behind and the next record starts
                another.
        """
        capture_id = response.capture_id or str(uuid.uuid4())
        data = compress((resource_record if response.is_resource else response_record)(response, capture_id))
        if response.request_headers:
            data += compress(request_record(response, capture_id))
        with self._lock:
            if self._file is None or self._size_bytes >= self.roll_bytes:
                self._open_next()
            offset = self._size_bytes
            self._write(data)
            return Location(capture_id=capture_id, warc_file=self._warc_file, warc_offset=offset)

    def sync(self) -> None:
        """Wait until everything that was appended is on the disk; once before each batch of rows that name it.

        Raises:
            ArchiveError: The disk reports an error.
        """
        with self._lock:
            if self._file is not None:
                try:
                    os.fsync(self._file.fileno())
                except OSError as error:
                    raise ArchiveError(self._warc_file, self._size_bytes, str(error)) from error

    def close(self) -> None:
        """Sync and close the file; a later append starts another."""
        try:
            self.sync()
        finally:
            with self._lock:
                self._drop()

    def _open_next(self) -> None:
        """Start a file that nobody has written to, with a ``warcinfo`` record at its head."""
        self._drop()
        moment = self._now().astimezone(UTC)
        folder = self.folder / f"{moment:%Y}" / f"{moment:%m}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._create(folder, moment)
        except OSError as error:
            raise ArchiveError(str(folder), -1, f"no file can be made here: {error.strerror}") from error
        self._size_bytes = 0
        self._write(compress(warcinfo_record(self._warc_file, moment)))

    def _create(self, folder: Path, moment: datetime) -> BinaryIO:
        while True:
            self._serial += 1
            path = folder / f"wirewatch-{moment:%Y%m%d%H%M%S}-{os.getpid()}-{self._serial:05}.warc.gz"
            try:
                file = path.open("xb", buffering=0)
            except FileExistsError:  # another archive object of this process, or an earlier process of this number
                continue
            self._warc_file = path.relative_to(self.folder).as_posix()
            return file

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        offset = self._size_bytes
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            if self.fsync:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._drop()
            raise ArchiveError(self._warc_file, offset, f"cannot be written: {error.strerror}") from error
        self._size_bytes += len(data)

    def _drop(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()


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
