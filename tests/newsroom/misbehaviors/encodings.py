"""Bodies that are packed or spelled otherwise than their headers say, or than anybody should."""

from __future__ import annotations

import gzip
import re
import zlib
from functools import lru_cache

from newsroom.exchange import Exchange
from newsroom.misbehaviors.registry import behavior

PLAIN_HTML = "text/html"


@behavior
async def gzip_bomb(exchange: Exchange) -> None:
    """A small compressed body that unpacks to ``megabytes`` (default 100)."""
    body = bomb(int(exchange.option("megabytes", 100)))
    await exchange.respond(200, body, {"content-encoding": "gzip"})


@behavior
async def broken_gzip(exchange: Exchange) -> None:
    """A body that says gzip and is cut in the middle of its stream."""
    packed = gzip.compress((await exchange.healthy()).body, mtime=0)
    await exchange.respond(200, packed[: len(packed) // 2], {"content-encoding": "gzip"})


@behavior
async def unknown_encoding(exchange: Exchange) -> None:
    """A content encoding that nobody asked for."""
    await exchange.respond(200, b"\x8b\x02\x80wirewatch\x03", {"content-encoding": "br"})


@behavior
async def bomb_in_bomb(exchange: Exchange) -> None:
    """A bomb that is packed twice, and says so."""
    body = gzip.compress(bomb(int(exchange.option("megabytes", 100))), mtime=0)
    await exchange.respond(200, body, {"content-encoding": "gzip, gzip"})


@behavior
async def many_members(exchange: Exchange) -> None:
    """A gzip stream of five thousand members, each of one letter."""
    await exchange.respond(200, gzip.compress(b"a", mtime=0) * 5_000, {"content-encoding": "gzip"})


@behavior
async def many_layers(exchange: Exchange) -> None:
    """A page packed five times."""
    body = (await exchange.healthy()).body
    for _ in range(5):
        body = gzip.compress(body, mtime=0)
    await exchange.respond(200, body, {"content-encoding": "gzip, gzip, gzip, gzip, gzip"})


@behavior
async def two_layers(exchange: Exchange) -> None:
    """The right page, packed twice."""
    body = gzip.compress(zlib.compress((await exchange.healthy()).body), mtime=0)
    await exchange.respond(200, body, {"content-encoding": "deflate, gzip"})


@behavior
async def raw_deflate(exchange: Exchange) -> None:
    """The right page as deflate without the header that it should have."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress((await exchange.healthy()).body) + packer.flush()
    await exchange.respond(200, body, {"content-encoding": "deflate"})


@behavior
async def gzip_members(exchange: Exchange) -> None:
    """The right page as three gzip members, with zeros after them."""
    body = (await exchange.healthy()).body
    third = len(body) // 3
    parts = (body[:third], body[third : 2 * third], body[2 * third :])
    packed = b"".join(gzip.compress(part, mtime=0) for part in parts)
    await exchange.respond(200, packed + bytes(512), {"content-encoding": "gzip"})


@behavior
async def gzip_claimed(exchange: Exchange) -> None:
    """The right page as it is, called gzip."""
    await exchange.respond(200, (await exchange.healthy()).body, {"content-encoding": "gzip"})


@behavior
async def gzip_unclaimed(exchange: Exchange) -> None:
    """The right page packed, and not called so."""
    await exchange.respond(200, gzip.compress((await exchange.healthy()).body, mtime=0))


@behavior
async def empty_gzip(exchange: Exchange) -> None:
    """Nothing, called gzip."""
    await exchange.respond(200, b"", {"content-encoding": "gzip"})


@behavior
async def wrong_charset(exchange: Exchange) -> None:
    """The right answer in windows-1256, still called UTF-8."""
    answer = await exchange.healthy()
    body = answer.body.decode().encode("windows-1256", errors="xmlcharrefreplace")
    await exchange.respond(answer.status, body, {**answer.headers, "content-length": str(len(body))})


@behavior
async def windows_1256(exchange: Exchange) -> None:
    """The right answer in windows-1256, and called so."""
    await respond_as(exchange, "windows-1256", "text/html; charset=windows-1256")


@behavior
async def missing_charset(exchange: Exchange) -> None:
    """The right answer in windows-1256, and nobody says so."""
    await respond_as(exchange, "windows-1256", PLAIN_HTML)


@behavior
async def codec_charset(exchange: Exchange) -> None:
    """The right answer in windows-1256, called by the name of something that decodes no pages."""
    await respond_as(exchange, "windows-1256", "text/html; charset=idna")


@behavior
async def unknown_charset(exchange: Exchange) -> None:
    """The right answer, in a charset that there is not."""
    await respond_as(exchange, "utf-8", "text/html; charset=x-newsroom-42")


@behavior
async def utf_16(exchange: Exchange) -> None:
    """The right answer in UTF-16 with its mark, called UTF-8."""
    await respond_as(exchange, "utf-16", "text/html; charset=utf-8")


@behavior
async def nul_bytes(exchange: Exchange) -> None:
    """The right answer with a NUL before every closing tag."""
    body = (await exchange.healthy()).body.replace(b"</p>", b"\x00</p>").replace(b"</h1>", b"\x00</h1>")
    await exchange.respond(200, body)


async def respond_as(exchange: Exchange, encoding: str, content_type: str) -> None:
    """The right answer in another encoding, without what it says of its own one."""
    text = (await exchange.healthy()).body.decode()
    text = re.sub(r'<meta charset="[^"]*">|(?<=<\?xml version="1.0") encoding="[^"]*"', "", text)
    await exchange.respond(200, text.encode(encoding, errors="xmlcharrefreplace"), {"content-type": content_type})


@lru_cache(maxsize=2)
def bomb(megabytes: int) -> bytes:
    """Zeros, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()
