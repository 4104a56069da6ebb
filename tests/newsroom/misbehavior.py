"""The ways in which a host can fail, by name.

To add one, write a coroutine that takes an ``Exchange`` and put ``@behavior`` on it: its name is what
``newsroom.misbehave`` takes, its docstring what the newsroom's index says of it.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from newsroom.answers import http_date
from newsroom.exchange import Exchange
from newsroom.markup import render

Behavior = Callable[[Exchange], Awaitable[None]]
BEHAVIORS: dict[str, Behavior] = {}

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def behavior(function: Behavior) -> Behavior:
    """Register a behavior under its function's name."""
    BEHAVIORS[function.__name__] = function
    return function


def behavior_names() -> tuple[str, ...]:
    """Every behavior that can be ordered."""
    return tuple(BEHAVIORS)


# Status codes


def refuse_with(status: int, meaning: str) -> None:
    """Register ``http_<status>``: a short page with that status."""

    async def refuse(exchange: Exchange) -> None:
        await exchange.respond(status, f"<html><head><title>{status} {meaning}</title></head><h1>{meaning}</h1></html>")

    refuse.__name__ = f"http_{status}"
    refuse.__doc__ = f"{status} {meaning}."
    behavior(refuse)


for code, words in (
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (410, "Gone"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
):
    refuse_with(code, words)


@behavior
async def http_429(exchange: Exchange) -> None:
    """429 with ``Retry-After`` in seconds; ``retry_after`` sets them (default 1)."""
    seconds = int(exchange.option("retry_after", 1))
    await exchange.respond(429, "<h1>Too Many Requests</h1>", {"retry-after": str(seconds)})


@behavior
async def http_429_date(exchange: Exchange) -> None:
    """429 with ``Retry-After`` as an HTTP date, ``retry_after`` seconds from now (default 1)."""
    moment = datetime.now(UTC) + timedelta(seconds=exchange.option("retry_after", 1))
    await exchange.respond(429, "<h1>Too Many Requests</h1>", {"retry-after": http_date(moment)})


@behavior
async def challenge(exchange: Exchange) -> None:
    """A browser check as a content delivery network words it: 403 and ``cf-mitigated: challenge``."""
    await exchange.respond(403, render("challenge.html"), {"cf-mitigated": "challenge", "server": "cloudflare"})


# Redirects


@behavior
async def redirect_loop(exchange: Exchange) -> None:
    """302 to the same address."""
    await exchange.respond(302, b"", {"location": f"{exchange.origin}{exchange.target}"})


@behavior
async def redirect_to_private(exchange: Exchange) -> None:
    """302 to a cloud's metadata address."""
    await exchange.respond(302, b"", {"location": "http://169.254.169.254/latest/meta-data/"})


@behavior
async def redirect_to_foreign(exchange: Exchange) -> None:
    """302 to a host that is not the outlet's."""
    await exchange.respond(302, b"", {"location": "https://parked.example/"})


# Bodies that come slowly, partly or too large


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


# Bodies of the wrong kind


@behavior
async def not_html(exchange: Exchange) -> None:
    """A PDF where a page should be."""
    await exchange.respond(200, PDF, {"content-type": "application/pdf"})


@behavior
async def consent_wall(exchange: Exchange) -> None:
    """200 with a page that asks for consent and holds nothing else."""
    await exchange.respond(200, render("consent_wall.html"))


@behavior
async def soft_404(exchange: Exchange) -> None:
    """200 with a page that says that there is no such page."""
    await exchange.respond(200, render("soft_404.html"))


@behavior
async def script_only(exchange: Exchange) -> None:
    """200 with a page whose text a script would have fetched."""
    await exchange.respond(200, render("script_only.html"))


@behavior
async def html_as_feed(exchange: Exchange) -> None:
    """200 with an HTML page, called RSS."""
    await exchange.respond(200, render("soft_404.html"), {"content-type": "application/rss+xml; charset=UTF-8"})


@behavior
async def broken_xml(exchange: Exchange) -> None:
    """The right answer cut inside a tag, with the length of what is left."""
    answer = await exchange.healthy()
    cut = answer.body.rfind(b"<", 0, len(answer.body) // 2) + 2
    headers = {**answer.headers, "content-length": str(cut)}
    await exchange.respond(answer.status, answer.body[:cut], headers)


@behavior
async def wrong_charset(exchange: Exchange) -> None:
    """The right answer in windows-1256, still called UTF-8."""
    answer = await exchange.healthy()
    body = answer.body.decode().encode("windows-1256", errors="xmlcharrefreplace")
    await exchange.respond(answer.status, body, {**answer.headers, "content-length": str(len(body))})


@behavior
async def lying_304(exchange: Exchange) -> None:
    """304 to everybody, whether or not anything was asked conditionally."""
    await exchange.start(304, {})
    await exchange.write(b"", more=False)


@lru_cache(maxsize=2)
def bomb(megabytes: int) -> bytes:
    """Zeros, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()
