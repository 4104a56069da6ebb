"""Sitemaps and section pages that lead in circles, go on without end, or mean to hurt whoever reads them."""

from __future__ import annotations

import re

from newsroom.exchange import Exchange
from newsroom.misbehaviors.pages import laughs
from newsroom.misbehaviors.registry import behavior

XML = {"content-type": "application/xml; charset=utf-8"}
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NUMBER = re.compile(r"[?&]n=(\d+)")


def following(exchange: Exchange) -> str:
    """The address that was asked for, with a number that is one higher."""
    found = NUMBER.search(exchange.target)
    bare = NUMBER.sub("", exchange.target)
    return f"{exchange.origin}{bare}&n={int(found[1]) + 1 if found else 1}"


async def respond_with_index(exchange: Exchange, *addresses: str) -> None:
    """The right sitemap index with further sitemaps before its own."""
    text = (await exchange.healthy()).body.decode()
    extra = "".join(f"<sitemap><loc>{address.replace('&', '&amp;')}</loc></sitemap>" for address in addresses)
    await exchange.respond(200, text.replace("<sitemap>", extra + "<sitemap>", 1), XML)


async def respond_with_pager(exchange: Exchange, address: str) -> None:
    """The right section page with another next page than its own."""
    text = re.sub(r'<nav class="pager">.*?</nav>', "", (await exchange.healthy()).body.decode(), flags=re.DOTALL)
    pager = f'<nav class="pager"><a href="{address}" rel="next">Next</a></nav>'
    await exchange.respond(200, text.replace("</main>", f"{pager}</main>", 1))


@behavior
async def endless_index(exchange: Exchange) -> None:
    """A sitemap index that lists another index, and that one another, without end."""
    await respond_with_index(exchange, following(exchange))


@behavior
async def index_of_itself(exchange: Exchange) -> None:
    """A sitemap index that lists itself."""
    await respond_with_index(exchange, exchange.origin + exchange.target)


@behavior
async def index_of_thousands(exchange: Exchange) -> None:
    """A sitemap index of ten thousand sitemaps of another host, which is not the outlet's."""
    await respond_with_index(exchange, *(f"https://mirror-{n}.example/sitemap.xml" for n in range(10_000)))


@behavior
async def deep_sitemap(exchange: Exchange) -> None:
    """A sitemap of fifty thousand elements, each in the one before it."""
    await exchange.respond(200, f"<urlset {SCHEMA}>" + "<url>" * 50_000 + "</url>" * 50_000 + "</urlset>", XML)


@behavior
async def laughing_sitemap(exchange: Exchange) -> None:
    """A sitemap with entities that unfold to gigabytes."""
    doctype = f"<!DOCTYPE urlset [{laughs()}]>"
    await exchange.respond(200, f"{doctype}<urlset {SCHEMA}><url><loc>&l9;</loc></url></urlset>", XML)


@behavior
async def hub_of_itself(exchange: Exchange) -> None:
    """A section page whose next page is itself."""
    await respond_with_pager(exchange, exchange.target)


@behavior
async def endless_hub(exchange: Exchange) -> None:
    """A section page with a next page, and that one with another, without end, always with the same articles."""
    await respond_with_pager(exchange, following(exchange))
