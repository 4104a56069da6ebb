"""A folder of saved pages into responses, each with the address, the time and the bytes of one file.

A page's address is what the sidecar ``index.csv`` or ``urls.csv`` says (columns ``file``, ``url`` and, where it is
known, ``fetched_at``), else the comment that browsers and SingleFile leave ("saved from url=", "url:"), else its
canonical link, else ``og:url``. Symbolic links to folders are not followed, and what a browser saved beside a page
(``PAGE_files/``) is not read.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extractors.archive.exchange import ArchivedResponse, BrokenRecord
from extractors.content_encoding import decode_body
from extractors.discover.listings import failed_poll, poll_outcome
from extractors.discover.url_lists import read_text
from extractors.errors import BodyError, DiscoverError, Reason
from extractors.fetch.protocol import Fetching
from extractors.fetch.responses import NO_TEXT_OPENINGS
from extractors.normalize.timestamps import parse_timestamp
from extractors.normalize.urls import host_of
from extractors.outlets import Outlet, Source
from extractors.parse.documents import parse_document
from extractors.parse.metadata import read_metadata
from extractors.records import ARTICLE_NAMESPACE, Poll, SourceState

PAGE_NAME = re.compile(r"\.(?:html?|xhtml)(?P<packed>\.gz)?$", re.IGNORECASE)
SIDECARS = ("index.csv", "urls.csv")
BESIDE_A_PAGE = "_files"
HEAD_BYTES = 500_000
"""Where a page says its address; SingleFile's pages go on with megabytes of images."""
SAVED_FROM = re.compile(rb"<!--\s*saved from url=(?:\(\d+\))?\s*(?P<url>\S{1,4000}?)\s*-->", re.IGNORECASE)
SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\b[^>]{0,200}?\burl:\s*(?P<url>\S{1,4000})"
    rb"(?:\s+saved date:\s*(?P<date>[^\r\n>]{1,80}))?",
    re.IGNORECASE,
)
TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16, whose text holds NUL bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one file besides its bytes."""

    url: str | None = None
    saved_at: datetime | None = None


async def poll_folder(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,  # noqa: ARG001 - a folder asks nobody
    *,
    state: SourceState | None,
    since: datetime | None,  # noqa: ARG001 - what somebody saved is wanted
    now: datetime,
) -> Poll:
    """Count the pages of a folder; see :func:`extractors.discover.polling.poll`.

    The pages are here already, so they become no links to fetch: :func:`iter_saved_pages` hands them to the archive.
    """
    folder = outlet.folder / source.place
    try:
        count = await asyncio.to_thread(lambda: sum(1 for _ in page_files(folder)))
        await asyncio.to_thread(read_sidecar, folder)
    except DiscoverError as error:
        return failed_poll(source, outlet, error, now=now)
    outcome = poll_outcome(source, outlet, Reason.POLLED, now)
    return Poll(source_id=source.source_id, outcome=outcome, listed_count=count, state=state)


def iter_saved_pages(folder: Path, *, max_body_bytes: int, now: datetime) -> Iterator[ArchivedResponse | BrokenRecord]:
    """Read the saved pages below a folder, in the order of their names.

    The same bytes of the same address have the same ``capture_id`` wherever they are read; a changed file has another.

    Args:
        folder: Where they are.
        max_body_bytes: A file that is larger, packed or not, is a ``BrokenRecord`` with reason ``too_large``.
        now: The present; no page was saved later.

    Raises:
        DiscoverError: ``file_error``: there is no such folder, or its sidecar cannot be read.
    """
    known = read_sidecar(folder)
    root = folder.resolve()
    for path in page_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            yield read_page(path, root, known.get(name, Entry()), max_body_bytes=max_body_bytes, now=now)
        except BodyError as error:
            yield BrokenRecord(
                warc_offset=0,
                reason=error.reason,
                detail=error.detail,
                target_url=known[name].url if name in known else None,
                record_id=name,
                file_name=name,
            )


def page_files(folder: Path) -> Iterator[Path]:
    """The files below a folder whose names are those of pages.

    Raises:
        DiscoverError: ``file_error``: it is no folder.
    """
    if not folder.is_dir():
        raise DiscoverError(Reason.FILE_ERROR, str(folder), "there is no such folder")
    for place, folders, names in os.walk(folder):
        pages = {PAGE_NAME.sub("", name) for name in names if PAGE_NAME.search(name)}
        folders[:] = sorted(each for each in folders if each.removesuffix(BESIDE_A_PAGE) not in pages)
        yield from (Path(place, name) for name in sorted(names) if PAGE_NAME.search(name))


def read_sidecar(folder: Path) -> dict[str, Entry]:
    """What a folder's ``index.csv`` or ``urls.csv`` says of its files, by their path below it.

    Raises:
        DiscoverError: ``file_error``: it cannot be read, or has no columns ``file`` and ``url``.
    """
    path = next((folder / name for name in SIDECARS if (folder / name).is_file()), None)
    if path is None:
        return {}
    entries = {}
    try:
        reader = csv.DictReader(read_text(path).splitlines())
        if not {"file", "url"} <= set(reader.fieldnames or ()):
            raise DiscoverError(Reason.FILE_ERROR, str(path), "needs the columns 'file' and 'url'")
        for row in reader:
            saved = parse_timestamp(row.get("fetched_at") or "")
            name = (row["file"] or "").strip().replace("\\", "/").removeprefix("./")
            entries[name] = Entry(url=(row["url"] or "").strip() or None, saved_at=saved[0] if saved else None)
    except csv.Error as error:
        raise DiscoverError(Reason.FILE_ERROR, str(path), f"is no CSV: {error}") from error
    return entries


def read_page(path: Path, root: Path, known: Entry, *, max_body_bytes: int, now: datetime) -> ArchivedResponse:
    """Read one file.

    Raises:
        BodyError: ``file_error``, ``too_large``, ``bad_encoding``, ``truncated_body``, ``not_html`` or ``bad_url``.
    """
    raw_body, changed_at = read_file(path, root, max_body_bytes)
    is_packed = PAGE_NAME.search(path.name)
    encoding = "gzip" if is_packed and is_packed["packed"] else None
    body = decode_body([raw_body], encoding, max_bytes=max_body_bytes)
    if body.startswith(NO_TEXT_OPENINGS) or (b"\x00" in body[:1_024] and not body.startswith(TEXT_MARKS)):
        raise BodyError(Reason.NOT_HTML, "its first bytes are those of another kind of file")
    told = told_by(body)
    url = known.url or told.url
    if url is None or not is_address(url):
        raise BodyError(Reason.BAD_URL, f"the page does not say its address, and {' or '.join(SIDECARS)} does not")
    kind = "application/xhtml+xml" if ".xhtml" in path.name.lower() else "text/html"
    return ArchivedResponse(
        capture_id=str(uuid.uuid5(ARTICLE_NAMESPACE, f"saved\x1f{url}\x1f{hashlib.sha256(raw_body).hexdigest()}")),
        requested_url=url,
        target_url=url,
        http_status=200,
        reason_phrase="",
        headers=(("Content-Encoding", encoding),) if encoding else (("Content-Type", kind),),
        fetched_at=min(known.saved_at or told.saved_at or changed_at, now),
        body=body,
        raw_body=raw_body,
        warc_offset=0,
        is_resource=True,
    )


def read_file(path: Path, root: Path, max_bytes: int) -> tuple[bytes, datetime]:
    """A file's bytes, and when it was changed last.

    Raises:
        BodyError: ``file_error`` or ``too_large``.
    """
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            raise BodyError(Reason.FILE_ERROR, "is a link that leads out of the folder")
        if not real.is_file():  # a pipe or a device would hold the run up for ever
            raise BodyError(Reason.FILE_ERROR, "is no ordinary file")
        with real.open("rb") as file:
            body = file.read(max_bytes + 1)
            changed_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise BodyError(Reason.FILE_ERROR, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > max_bytes:
        raise BodyError(Reason.TOO_LARGE, f"has more than {max_bytes} bytes")
    return body, changed_at


def told_by(body: bytes) -> Entry:
    """What a page itself says of where it was saved from, and when."""
    head = body[:HEAD_BYTES]
    if (found := SINGLE_FILE.search(head)) is not None:
        return Entry(url=text_of(found["url"]), saved_at=script_date(text_of(found["date"] or b"")))
    if (found := SAVED_FROM.search(head)) is not None and is_address(text_of(found["url"])):
        return Entry(url=text_of(found["url"]))
    tree = parse_document(head, None)
    if tree is None:
        return Entry()
    metadata = read_metadata(tree, "")
    said = (metadata.link("canonical"), metadata.first("og:url"))
    return Entry(url=next((url for url in said if url and is_address(url)), None))


def is_address(url: str) -> bool:
    """Whether a page can have this address."""
    try:
        return url.lower().startswith(("http://", "https://")) and bool(host_of(url))
    except ValueError:
        return False


def script_date(text: str) -> datetime | None:
    """A time as JavaScript writes it: ``Tue Mar 03 2026 09:00:00 GMT+0200 (...)``."""
    try:
        return datetime.strptime(text.partition("(")[0].strip(), "%a %b %d %Y %H:%M:%S GMT%z").astimezone(UTC)
    except ValueError:
        return None


def text_of(value: bytes) -> str:
    """A part of a comment as text."""
    return value.decode("utf-8", "replace").strip()
