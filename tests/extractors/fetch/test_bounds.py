"""An answer ends: within its time, with few headers, and with as many bytes as a page may have."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hostile_site import HTML, PAGE, Reply, Site, answer, failure, fetching, make_outlet

from extractors.errors import Reason
from extractors.fetch import Accept
from extractors.fetch.wire import MAX_HEADERS

ZIP, DEFLATE = "Content-Encoding: gzip", "Content-Encoding: deflate"
BOMB_BYTES = 50_000_000


def raw(*pieces: bytes, again: bytes = b"", pause_seconds: float = 0.0) -> Reply:
    """Write pieces, and then another one again and again until the client has had enough."""

    async def reply(path: str, asked: dict[str, str], writer: asyncio.StreamWriter) -> None:
        del path, asked
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        while again:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause_seconds)

    return reply


def deflated(data: bytes, window: int) -> bytes:
    """Deflate, with zlib's header (15) or without (-15)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return packer.compress(data) + packer.flush()


OK = b"HTTP/1.1 200 OK\r\n"
HEADERS = {
    "ten thousand headers": raw(OK, b"".join(b"x-%d: a\r\n" % number for number in range(10_000)) + b"\r\n"),
    "ten thousand short ones": raw(OK + b"a:b\r\n" * 10_000 + b"\r\n"),
    "one too many": raw(OK + b"a:b\r\n" * (MAX_HEADERS + 1) + b"\r\n"),
    "a header of 10 MB": raw(OK + b"x-padding: ", *[b"a" * 100_000] * 100, b"\r\n\r\n"),
    "a name of 10 MB": raw(OK, *[b"a" * 100_000] * 100, b": x\r\n\r\n"),
    "a status line of 10 MB": raw(b"HTTP/1.1 200 ", *[b"O" * 100_000] * 100, b"\r\n\r\n"),
    "headers without end": raw(OK, again=b"x-more: to come\r\n" * 1_000),
    "a folded header without end": raw(OK + b"x-more: to", again=b"\r\n come" * 1_000),
    "trailers without end": raw(
        OK + HTML.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html\r\n0\r\n",
        again=b"x-more: to come\r\n" * 1_000,
    ),
    "a chunk's extension without end": raw(
        OK + HTML.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n5;x=", again=b"a" * 10_000
    ),
}
BROKEN_OFF_IN_THE_BODY = {"trailers without end", "a chunk's extension without end"}

SLOW = {
    "headers by the byte": raw(OK, again=b"x", pause_seconds=0.02),
    "hints without end": raw(again=b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n", pause_seconds=0.001),
    "a body by the byte": raw(OK + HTML.encode() + b"\r\n\r\n<html>", again=b"x", pause_seconds=0.02),
    "chunks by the byte": raw(
        OK + HTML.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n", again=b"1\r\nx\r\n", pause_seconds=0.02
    ),
}

BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": (ZIP, lambda: gzip.compress(bytes(BOMB_BYTES))),
    "gzip in many members": (ZIP, lambda: gzip.compress(bytes(BOMB_BYTES // 10)) * 10),
    "deflate": (DEFLATE, lambda: deflated(bytes(BOMB_BYTES), 15)),
    "raw deflate": (DEFLATE, lambda: deflated(bytes(BOMB_BYTES), -15)),
    "gzip twice": ("Content-Encoding: gzip, gzip", lambda: gzip.compress(gzip.compress(bytes(BOMB_BYTES)))),
}


@pytest.mark.parametrize("case", HEADERS)
async def test_headers_have_a_bound(site: Site, case: str) -> None:
    """In number and in size; what is read of them before that is some hundred kilobytes."""
    site.on("/1", HEADERS[case])
    tracemalloc.start()
    try:
        error = await failure(site, attempts=1, max_body_bytes=100_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.reason == (Reason.TRUNCATED_BODY if case in BROKEN_OFF_IN_THE_BODY else Reason.PROTOCOL_ERROR)
    assert peak_bytes < 8_000_000


async def test_as_many_headers_as_there_may_be_are_fine(site: Site) -> None:
    """Far more than real answers have."""
    site.on("/1", answer("200 OK", HTML, *["a: b"] * (MAX_HEADERS - 3), body=PAGE))
    async with fetching(site) as fetcher:
        fetched = await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    assert len(fetched.capture.headers) == MAX_HEADERS


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW.keys())
async def test_whatever_comes_slowly_is_ended_by_the_total_time(site: Site, reply: Reply) -> None:
    """No single read takes long in any of them."""
    site.on("/1", reply)
    error = await failure(site, attempts=1, total_timeout_seconds=0.5, read_timeout_seconds=10)
    assert (error.reason, "no complete answer within" in error.detail) == (Reason.TIMEOUT, True)


@pytest.mark.parametrize("case", BOMBS)
async def test_a_bomb_is_stopped_at_the_bound_in_every_coding(site: Site, case: str) -> None:
    """50 MB of zeros, of which 100 KB are unpacked."""
    header, pack = BOMBS[case]
    site.on("/1", answer("200 OK", HTML, header, body=pack()))
    tracemalloc.start()
    try:
        error = await failure(site, attempts=1, max_body_bytes=100_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.reason == Reason.TOO_LARGE
    assert peak_bytes < 8_000_000


@pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
async def test_codings_without_a_bound_are_not_announced_and_not_read(site: Site, coding: str) -> None:
    """For pages, feeds and robots.txt alike."""
    site.on("/1", answer("200 OK", HTML, f"Content-Encoding: {coding}", body=b"\x8b\x02\x80wirewatch\x03"))
    for accept in Accept:
        async with fetching(site, attempts=1) as fetcher:
            with pytest.raises(Exception, match="bad_encoding"):
                await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=accept)
    assert {headers["accept-encoding"] for headers in site.headers} == {"gzip, deflate"}
