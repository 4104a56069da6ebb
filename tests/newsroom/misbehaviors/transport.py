"""Answers that come slowly, partly, without end, or not as HTTP."""

from __future__ import annotations

from newsroom.exchange import Exchange
from newsroom.misbehaviors.registry import behavior

CHUNKED = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n"


@behavior
async def slow_body(exchange: Exchange) -> None:
    """The right answer, a byte at a time; ``seconds`` between bytes (default 0.25)."""
    answer = await exchange.healthy()
    await exchange.start(answer.status, answer.headers)
    for position in range(len(answer.body)):
        if not await exchange.pause(exchange.option("seconds", 0.25)):
            return
        await exchange.write(answer.body[position : position + 1], more=True)
    await exchange.write(b"", more=False)


@behavior
async def stalled(exchange: Exchange) -> None:
    """Headers, half of the body, and then nothing."""
    answer = await exchange.healthy()
    await exchange.start(answer.status, answer.headers)
    await exchange.write(answer.body[: len(answer.body) // 2], more=True)
    while await exchange.pause(60):
        pass


@behavior
async def silent(exchange: Exchange) -> None:
    """The request is taken and never answered."""
    while await exchange.pause(60):
        pass


@behavior
async def truncated(exchange: Exchange) -> None:
    """The connection is cut after half of what ``Content-Length`` announced."""
    answer = await exchange.healthy()
    await exchange.start(answer.status, answer.headers)
    await exchange.write(answer.body[: len(answer.body) // 2], more=True)


@behavior
async def empty_body(exchange: Exchange) -> None:
    """200 without a byte."""
    await exchange.respond(200)


@behavior
async def chunked_cut(exchange: Exchange) -> None:
    """A chunked body whose connection ends inside a chunk."""
    body = (await exchange.healthy()).body
    await exchange.write_raw(CHUNKED + b"%x\r\n" % len(body) + body[: len(body) // 2])


@behavior
async def chunked_garbage(exchange: Exchange) -> None:
    """A chunked body whose second chunk has no size."""
    body = (await exchange.healthy()).body[:500]
    await exchange.write_raw(CHUNKED + b"%x\r\n" % len(body) + body + b"\r\nzz\r\nno chunk\r\n")


@behavior
async def chunked_trailers(exchange: Exchange) -> None:
    """The right page in chunks of seven bytes with extensions, and with trailers after them."""
    body = (await exchange.healthy()).body
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    chunks = b"".join(b"%x;x=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    await exchange.write_raw(CHUNKED + chunks + b"0\r\netag: late\r\n\r\n")


@behavior
async def not_http(exchange: Exchange) -> None:
    """Another protocol's greeting."""
    await exchange.write_raw(b"SSH-2.0-OpenSSH_9.6\r\n")


@behavior
async def hung_up(exchange: Exchange) -> None:
    """The connection ends before a byte was sent."""
    await exchange.write_raw(b"")


@behavior
async def reset(exchange: Exchange) -> None:
    """The connection is reset in the middle of the body."""
    body = (await exchange.healthy()).body
    head = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n" % len(body)
    await exchange.write_raw(head + body[:100], reset=True)


@behavior
async def header_bomb(exchange: Exchange) -> None:
    """A header of ``kilobytes`` (default 300)."""
    value = b"a" * int(exchange.option("kilobytes", 300) * 1_000)
    await exchange.write_raw(b"HTTP/1.1 200 OK\r\nx-padding: " + value + b"\r\n\r\n")


@behavior
async def header_flood(exchange: Exchange) -> None:
    """The right page after two thousand headers, which is more than anybody reads."""
    body = (await exchange.healthy()).body
    padding = b"".join(b"x-%d: a\r\n" % number for number in range(2_000))
    length = b"content-length: %d\r\n" % len(body)
    await exchange.write_raw(
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\n" + length + padding + b"\r\n" + body
    )


@behavior
async def endless_headers(exchange: Exchange) -> None:
    """A header every ``seconds`` (default 0.05), and never a body."""
    await exchange.write_raw(b"HTTP/1.1 200 OK\r\n", more=True)
    while await exchange.pause(exchange.option("seconds", 0.05)):
        await exchange.write_raw(b"x-more: to come\r\n", more=True)


@behavior
async def endless_hints(exchange: Exchange) -> None:
    """103 after 103, and never the answer."""
    while await exchange.pause(exchange.option("seconds", 0.05)):
        await exchange.write_raw(b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n", more=True)


@behavior
async def endless_body(exchange: Exchange) -> None:
    """A page that goes on for ever, as fast as it is read."""
    await exchange.start(200, {"content-type": "text/html"})
    paragraph = b"<p>And then, the mayor went on, there was the matter of the bridge.</p>" * 1_000
    while await exchange.pause(0.001):
        await exchange.write(paragraph, more=True)


@behavior
async def huge_length(exchange: Exchange) -> None:
    """A length of ten gigabytes, and a little text."""
    head = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: 10000000000\r\n\r\n"
    await exchange.write_raw(head + b"<html>")


@behavior
async def two_lengths(exchange: Exchange) -> None:
    """Two lengths that differ: readers do not agree on where the answer ends."""
    lengths = b"content-length: 5\r\ncontent-length: 50\r\n\r\n"
    await exchange.write_raw(
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\n" + lengths + b"<html>"
    )


@behavior
async def longer_than_length(exchange: Exchange) -> None:
    """The right page, and after it bytes that its length does not count."""
    body = (await exchange.healthy()).body
    head = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: %d\r\n\r\n" % len(body)
    await exchange.write_raw(head + body + b"HTTP/1.1 200 OK\r\n\r\n<h1>An answer that nobody asked for</h1>")
