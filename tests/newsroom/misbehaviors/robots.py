"""robots.txt files that are none, or that mean to hurt whoever reads them."""

from __future__ import annotations

import gzip

from newsroom.exchange import Exchange
from newsroom.misbehaviors.registry import behavior

TEXT = {"content-type": "text/plain"}


@behavior
async def huge_robots(exchange: Exchange) -> None:
    """The right rules, and ten megabytes of others after them."""
    rules = (await exchange.healthy()).body
    await exchange.respond(200, rules + b"\nDisallow: /nowhere/else\n" * 400_000, TEXT)


@behavior
async def robots_of_stars(exchange: Exchange) -> None:
    """The right rules with patterns that take a careless matcher hours."""
    rules = (await exchange.healthy()).body
    starred = b"".join(b"Disallow: /*" + letter * 20 + b"zz$\n" for letter in (b"a*", b"e*", b"-*", b"**"))
    await exchange.respond(200, rules.replace(b"User-agent: *\n", b"User-agent: *\n" + starred, 1), TEXT)


@behavior
async def robots_of_bytes(exchange: Exchange) -> None:
    """Bytes that are no text, with a delay of a century and a NUL in each line."""
    lines = (
        b"User-agent: *\x00\nCrawl-delay: 3e9\n\xff\xfe\nDisallow\nAllow: %%%\nRequest-rate: 1/0\nSitemap: http://[x\n"
    )
    await exchange.respond(200, lines + bytes(range(256)) * 50, TEXT)


@behavior
async def robots_bomb(exchange: Exchange) -> None:
    """The right rules and then a gigabyte of zeros, packed."""
    rules = (await exchange.healthy()).body + b"\n"
    body = gzip.compress(rules, mtime=0) + gzip.compress(bytes(50_000_000), 9, mtime=0) * 20
    await exchange.respond(200, body, {**TEXT, "content-encoding": "gzip"})


@behavior
async def robots_of_nobody(exchange: Exchange) -> None:
    """Rules under which nobody may read anything."""
    await exchange.respond(200, b"User-agent: *\nDisallow: /\n", TEXT)
