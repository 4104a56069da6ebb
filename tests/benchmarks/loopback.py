"""A server for measuring, in a process of its own: feeds that answer 304, and article pages of about 100 KB.

It does as little as it can for each request, so that what is measured is who asks.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REQUEST = re.compile(rb"GET (\S+) HTTP/1\.1\r\n")
ETAG = b'"edition-1"'
PAGE_PARAGRAPHS = 60
MARKUP_BYTES = 85_000
"""Menus, scripts and styles: most of what a page weighs."""

SENTENCES = (
    "The council of Port Amal met on Thursday to discuss the repair of the northern quay.",
    "Engineers said that the work would take eleven weeks if the weather held.",
    "Two grain ships were waiting at anchor when the first pilot boat left shortly after dawn.",
    "A survey of the southern basin is to be finished before the spring.",
)


class LoopbackSite(asyncio.Protocol):
    """One connection: each request is answered as soon as its head is there."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, self._pending = self._pending.partition(b"\r\n\r\n")
            if self._transport is not None:
                self._transport.write(answer(head + b"\r\n"))


def answer(head: bytes) -> bytes:
    """The answer to one request."""
    found = REQUEST.match(head)
    path = found[1] if found else b""
    if path.startswith(b"/feed/"):
        if ETAG in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG + b"\r\n\r\n"
        return response(b"application/rss+xml", feed(path.removeprefix(b"/feed/").decode()))
    if path.startswith(b"/news/"):
        return response(b"text/html; charset=utf-8", page(path.removeprefix(b"/news/").decode()))
    return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def response(kind: bytes, body: bytes) -> bytes:
    """A whole response with a validator."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\nETag: %b\r\n\r\n" % (kind, len(body), ETAG)
    return head + body


def feed(name: str) -> bytes:
    """A feed of one item, so that what is measured is its poll; the page of one called ``gone-...`` is gone."""
    folder = "gone" if name.startswith("gone-") else "news"
    item = f"<item><title>Story {name}</title><link>/{folder}/{name}</link></item>"
    return f'<rss version="2.0"><channel><title>{name}</title>{item}</channel></rss>'.encode()


def page(name: str) -> bytes:
    """An article page; no two of them have the same text."""
    paragraphs = "".join(
        f"<p>{number}. {SENTENCES[number % 4]} {SENTENCES[(number + len(name)) % 4]} ({name})</p>"
        for number in range(PAGE_PARAGRAPHS)
    )
    head = f"<!DOCTYPE html><html lang=en><head><title>Story {name}</title></head><body>{MENU}<article><h1>Story {name}"
    return f"{head}</h1>{paragraphs}</article></body></html>".encode()


MENU = "<nav>" + "".join(f'<a href="/section/{n}">Section {n}</a>' for n in range(MARKUP_BYTES // 40)) + "</nav>"


async def serve(count: int) -> None:
    """Listen on some ports, say which, and answer until the parent closes our input."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(LoopbackSite, "127.0.0.1", 0, backlog=512) for _ in range(count)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)


@contextmanager
def running_loopback(count: int) -> Iterator[tuple[int, ...]]:
    """Start the server and yield its ports; it ends with the ``with`` block, or with us."""
    command = [sys.executable, __file__, "--hosts", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield tuple(int(port) for port in process.stdout.readline().split())
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, required=True, help="how many ports to listen on")
    asyncio.run(serve(parser.parse_args().hosts))
