"""Refusals, and statuses that mean something else than they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newsroom.answers import http_date
from newsroom.exchange import Exchange
from newsroom.markup import render
from newsroom.misbehaviors.registry import behavior


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
    (408, "Request Timeout"),
    (410, "Gone"),
    (418, "I'm a Teapot"),
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


@behavior
async def http_999(exchange: Exchange) -> None:
    """A status that no standard knows."""
    await exchange.write_raw(b"HTTP/1.1 999 Request denied\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")


@behavior
async def captcha(exchange: Exchange) -> None:
    """403 with a script that wants to see a browser, and no header that says so."""
    script = '<script src="https://ct.captcha-delivery.com/c.js"></script>'
    await exchange.respond(403, f"<html><head><title>harbor.example</title></head><body>{script}</body></html>")


@behavior
async def waf_accepted(exchange: Exchange) -> None:
    """A firewall's test under 202, as one cloud sends it."""
    await exchange.respond(202, b"", {"x-amzn-waf-action": "challenge"})


@behavior
async def retry_next_month(exchange: Exchange) -> None:
    """503 that asks to be left alone for thirty days."""
    await exchange.respond(503, "<h1>Down for maintenance</h1>", {"retry-after": str(30 * 86_400)})


@behavior
async def retry_garbage(exchange: Exchange) -> None:
    """503 whose ``Retry-After`` is neither seconds nor a date."""
    await exchange.respond(503, "<h1>Down for maintenance</h1>", {"retry-after": "soon\u00e9; 99999999999999999999"})


@behavior
async def partial_content(exchange: Exchange) -> None:
    """206 with the first half of the page, though nobody asked for a part."""
    answer = await exchange.healthy()
    half = answer.body[: len(answer.body) // 2]
    headers = {"content-range": f"bytes 0-{len(half) - 1}/{len(answer.body)}"}
    await exchange.respond(206, half, headers)


@behavior
async def lying_304(exchange: Exchange) -> None:
    """304 to everybody, whether or not anything was asked conditionally."""
    await exchange.start(304, {})
    await exchange.write(b"", more=False)
