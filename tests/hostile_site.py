"""A small hostile server on loopback, and a fetcher on a clock of its own: what the tests of the client stand on."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.archive import Archive
from extractors.errors import FetchError
from extractors.fetch import Accept
from extractors.fetch.addresses import Resolve, resolve
from extractors.fetch.client import Fetcher
from extractors.outlets import FetchSettings, Outlet, OutletFetch, Urls
from extractors.records import HostMemory

PAGE = b"<!doctype html><html><title>A quiet day</title><p>Nothing was hit. " + b"Long text. " * 200 + b"</html>"
HTML = "Content-Type: text/html; charset=utf-8"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

Reply = Callable[[str, dict[str, str], asyncio.StreamWriter], Awaitable[None]]


def answer(status: str, *headers: str, body: bytes = b"", length: bool = True) -> Reply:
    """A server's whole answer."""

    async def reply(path: str, asked: dict[str, str], writer: asyncio.StreamWriter) -> None:
        del path, asked
        lines = [f"HTTP/1.1 {status}", *headers, "Connection: close"]
        if length:
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    return reply


class Site:
    """A small hostile server: its replies by path, and what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {"/robots.txt": [answer("404 Not Found")]}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.port = 0

    @property
    def host(self) -> str:
        """As an outlet's file names it."""
        return f"127.0.0.1:{self.port}"

    @property
    def pages(self) -> list[str]:
        """What was asked for besides robots.txt."""
        return [path for path in self.asked if path != "/robots.txt"]

    def url(self, path: str = "/1") -> str:
        """A URL of the site."""
        return f"http://{self.host}{path}"

    def on(self, path: str, *replies: Reply) -> None:
        """Answer a path with one reply after the other, the last one again and again."""
        self.replies[path] = list(replies)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            path = first.split(" ")[1]
            pairs = (line.partition(": ") for line in lines if line)
            headers = {name.lower(): value for name, _, value in pairs}
            self.asked.append(path)
            self.headers.append(headers)
            queue = self.replies.get(path, [answer("404 Not Found")])
            await (queue.pop(0) if len(queue) > 1 else queue[0])(path, headers, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up, as several tests want it to
        finally:
            writer.close()


def make_settings(site: Site, **values: object) -> FetchSettings:
    """Settings without waiting, with the site's address allowed."""
    given = {
        "allow_addresses": (site.host,),
        "seconds_between_requests": 0,
        "retry_wait_seconds": 0,
        "retry_after_cap_seconds": 100,
        "total_timeout_seconds": 20,
        "max_body_bytes": 100_000,
        "contact": "https://watch.example/about",
        **values,
    }
    return FetchSettings.model_validate(given)


def make_outlet(site: Site, *, fetch: OutletFetch | None = None, hosts: tuple[str, ...] = ()) -> Outlet:
    """An outlet at the site."""
    return Outlet(
        outlet_id="sample",
        name="Sample",
        homepage=site.url("/"),
        urls=Urls(hosts=(site.host, *hosts)),
        fetch=fetch or OutletFetch(),
    )


class Sleeps:
    """A clock that moves when somebody sleeps, and remembers for how long."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        """The time."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(round(seconds, 3))
        self.seconds += seconds


@asynccontextmanager
async def serving(*, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """A running site, behind a certificate where one is given."""
    made = Site()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@asynccontextmanager
async def fetching(
    site: Site,
    archive: Archive | None = None,
    *,
    sleeps: Sleeps | None = None,
    hosts: Iterable[HostMemory] = (),
    resolver: Resolve = resolve,
    trusted: ssl.SSLContext | None = None,
    **values: float | tuple[str, ...],
) -> AsyncIterator[Fetcher]:
    """A fetcher of one run."""
    time = sleeps or Sleeps()
    async with Fetcher(
        make_settings(site, **values),
        archive=archive,
        hosts=hosts,
        resolver=resolver,
        trusted=trusted,
        now=lambda: NOW,
        clock=time.clock,
        sleep=time.sleep,
        chance=lambda: 0.0,
    ) as fetcher:
        yield fetcher


async def failure(site: Site, path: str = "/1", **values: Any) -> FetchError:
    """The error of one fetch of a page."""
    async with fetching(site, None, sleeps=None, **values) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(site.url(path), outlet=make_outlet(site), accept=Accept.PAGE)
    return caught.value
