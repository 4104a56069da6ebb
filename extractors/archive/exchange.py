"""What goes into the archive and what comes out of it: one HTTP response, as it came over the wire."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from extractors.errors import Reason
from extractors.records import ARTICLE_NAMESPACE

WireHeaders = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """A response to be archived: ``raw_body`` is still encoded as ``Content-Encoding`` says.

    ``http_version`` is spelled ``HTTP/1.1``. ``capture_id`` is given where the response has been archived before, by us
    or by others; else the archive makes one. A page that somebody saved as a file is a resource (``is_resource``): its
    record holds the file's bytes and no HTTP message.
    """

    requested_url: str
    final_url: str
    http_status: int
    headers: WireHeaders
    raw_body: bytes
    fetched_at: datetime
    reason_phrase: str = ""
    http_version: str = "HTTP/1.1"
    request_headers: WireHeaders = ()
    capture_id: str | None = None
    is_resource: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was made of responses, in the words of whoever noted it: a JSON object, by the kind of ``event``."""

    event: str
    noted_at: datetime
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a response was archived; ``warc_file`` is relative to the archive's folder, with forward slashes."""

    capture_id: str
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedResponse:
    """A response read back from a WARC file, ours or another's.

    ``body`` is decoded, ``raw_body`` as the record holds it. ``warc_offset`` is where the record starts in its file, or
    the gzip member that it is in. ``requested_url`` differs from ``target_url`` where redirects led from one to the
    other and our own archive knows it. A resource (``is_resource``) had no HTTP message: it has the status 200, as it
    has in replays of archives.
    """

    capture_id: str
    requested_url: str
    target_url: str
    http_status: int
    reason_phrase: str
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    body: bytes
    raw_body: bytes
    warc_offset: int
    is_resource: bool = False

    def header(self, name: str) -> str | None:
        """First value of a header, by any spelling of its name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def body_sha256(self) -> str:
        """Hex SHA-256 of the decoded body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRecord:
    """A place of a WARC file where a response is, or may be, that could not be read; a row, not a gap.

    ``file_name`` is that of a saved page that could not be read.
    """

    warc_offset: int
    reason: Reason
    detail: str
    target_url: str | None = None
    record_id: str | None = None
    file_name: str = ""


def capture_id_of(record_id: str) -> str:
    """The capture's id for a ``WARC-Record-ID``: its UUID where it is one, else a UUIDv5 of it.

    The same record gives the same id on every machine, so a second backfill recognizes what the first has loaded.
    """
    bare = record_id.strip().removeprefix("<").removesuffix(">").strip()
    try:
        return str(uuid.UUID(bare.lower().removeprefix("urn:uuid:")))
    except ValueError:
        return str(uuid.uuid5(ARTICLE_NAMESPACE, f"capture\x1f{bare}"))


def text_of(value: bytes) -> str:
    """A header's bytes as text: UTF-8 where they are that, else Latin-1, which takes any byte."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
