"""A source of kind ``urls`` into a poll: the URLs in the outlet's file, and those in a file of URLs beside it."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from extractors.discover.listings import Item, failed_poll, listed_poll, sift
from extractors.errors import DiscoverError, Reason
from extractors.fetch.protocol import Fetching
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceState

LARGEST_LIST_BYTES = 20_000_000


async def poll_urls(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,  # noqa: ARG001 - a list asks nobody
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """List the URLs of a list; see :func:`extractors.discover.polling.poll`.

    The file is read at each poll: another program may write it, and one that is not there yet is a failed poll rather
    than a wrong configuration. The URLs in the outlet's file are listed all the same.
    """
    urls, problem = list(source.urls), None
    if source.file is not None:
        try:
            urls += await asyncio.to_thread(read_list, outlet.folder / source.file)
        except DiscoverError as error:
            problem = error
    sifted = sift((Item(url=url) for url in urls), source, outlet, since=since, now=now)
    if problem is not None:
        failed = failed_poll(source, outlet, problem, now=now)
        return replace(failed, links=sifted.links, rejected=sifted.rejected, listed_count=len(urls))
    return listed_poll(source, outlet, sifted, listed_count=len(urls), captures=(), state=state, now=now)


def read_list(path: Path) -> list[str]:
    """Read a file of URLs: one a line, or the column ``url`` of a file ``*.csv``.

    Blank lines and lines that begin with ``#`` are none; a byte order mark is passed over.

    Raises:
        DiscoverError: ``file_error``: it is not there, cannot be read or is not UTF-8; ``too_large``.
    """
    text = read_text(path)
    if path.suffix.lower() == ".csv":
        return list(column(text, "url", path))
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def read_text(path: Path) -> str:
    """Read a small file of text.

    Raises:
        DiscoverError: ``file_error`` or ``too_large``.
    """
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_LIST_BYTES + 1)
    except OSError as error:
        raise DiscoverError(Reason.FILE_ERROR, str(path), f"cannot be read: {error.strerror}") from error
    if len(body) > LARGEST_LIST_BYTES:
        raise DiscoverError(Reason.TOO_LARGE, str(path), f"has more than {LARGEST_LIST_BYTES} bytes")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DiscoverError(Reason.FILE_ERROR, str(path), "is not UTF-8 text; save it as UTF-8") from error


def column(text: str, name: str, path: Path) -> Iterator[str]:
    """The values of one column, those that are empty left out.

    Raises:
        DiscoverError: ``file_error``: there is no such column, or the text is no CSV.
    """
    try:
        reader = csv.DictReader(text.splitlines())
        if name not in (reader.fieldnames or ()):
            raise DiscoverError(Reason.FILE_ERROR, str(path), f"has no column {name!r}")
        yield from (value.strip() for row in reader if (value := row[name]) and value.strip())
    except csv.Error as error:
        raise DiscoverError(Reason.FILE_ERROR, str(path), f"is no CSV: {error}") from error
