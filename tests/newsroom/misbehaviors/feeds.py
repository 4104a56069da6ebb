"""Feeds that are none, that list what they should not, and that mean to hurt whoever reads them."""

from __future__ import annotations

import json
import re

from newsroom.exchange import Exchange
from newsroom.markup import render
from newsroom.misbehaviors.pages import laughs
from newsroom.misbehaviors.registry import behavior

RSS = {"content-type": "application/rss+xml; charset=UTF-8"}
ITEM = re.compile(r"<item>.*?</item>", re.DOTALL)
EMPTY = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{}</channel></rss>'


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


async def respond_with_items(exchange: Exchange, extra: str) -> None:
    """The right feed with further items before its own."""
    text = (await exchange.healthy()).body.decode()
    await exchange.respond(200, text.replace("<item>", extra + "<item>", 1), RSS)


async def respond_with_doctype(exchange: Exchange, entities: str, text: str) -> None:
    """The right feed with a document type, and a description that uses its entities."""
    feed = (await exchange.healthy()).body.decode()
    feed = feed.replace("?>", f"?><!DOCTYPE rss [{entities}]>", 1)
    await exchange.respond(
        200, re.sub(r"<description>.*?</description>", f"<description>{text}</description>", feed), RSS
    )


@behavior
async def empty_feed(exchange: Exchange) -> None:
    """A feed without an item."""
    await exchange.respond(200, EMPTY.format(""), RSS)


@behavior
async def json_as_feed(exchange: Exchange) -> None:
    """JSON that is no feed, where a feed should be."""
    await exchange.respond(200, b'{"error": "unknown endpoint"}', {"content-type": "application/json"})


@behavior
async def picture_as_feed(exchange: Exchange) -> None:
    """A picture where a feed should be."""
    await exchange.respond(200, b"\x89PNG\r\n\x1a\n", {"content-type": "image/png"})


@behavior
async def packed_feed(exchange: Exchange) -> None:
    """Bytes that are no text, called RSS."""
    await exchange.respond(200, b"PK\x03\x04" + bytes(range(256)) * 20, RSS)


@behavior
async def billion_laughs(exchange: Exchange) -> None:
    """The right feed with entities that unfold to gigabytes."""
    await respond_with_doctype(exchange, laughs(), "&l9;")


@behavior
async def quadratic_laughs(exchange: Exchange) -> None:
    """The right feed with one long entity, used ten thousand times."""
    await respond_with_doctype(exchange, '<!ENTITY a "' + "ha " * 20_000 + '">', "&a;" * 10_000)


@behavior
async def external_entity(exchange: Exchange) -> None:
    """The right feed whose descriptions would be a file of the machine that reads it."""
    await respond_with_doctype(exchange, '<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;")


@behavior
async def deep_feed(exchange: Exchange) -> None:
    """The right feed after an item of fifty thousand elements, each in the one before it."""
    deep = "<b>" * 50_000 + "x" + "</b>" * 50_000
    await respond_with_items(exchange, f"<item><title>Deep</title><description>{deep}</description></item>")


@behavior
async def blank_lines(exchange: Exchange) -> None:
    """The right feed after a hundred thousand empty lines."""
    await exchange.respond(200, b"\n" * 100_000 + (await exchange.healthy()).body, RSS)


@behavior
async def blank_prologue(exchange: Exchange) -> None:
    """The right feed with a hundred thousand empty lines after its declaration."""
    await exchange.respond(200, (await exchange.healthy()).body.replace(b"?>", b"?>" + b"\n" * 100_000, 1), RSS)


@behavior
async def ten_thousand_items(exchange: Exchange) -> None:
    """A feed of ten thousand entries of another site, and the right ones after them."""
    items = (f"<item><title>Old {n}</title><link>{exchange.origin}/old/{n}</link></item>" for n in range(10_000))
    await respond_with_items(exchange, "".join(items))


@behavior
async def same_item(exchange: Exchange) -> None:
    """The right feed with its first item a thousand times."""
    text = (await exchange.healthy()).body.decode()
    first = ITEM.search(text)
    await respond_with_items(exchange, first[0] * 1_000 if first else "")


@behavior
async def same_guids(exchange: Exchange) -> None:
    """The right feed in which every item has the same guid, as if they were one article."""
    text = (await exchange.healthy()).body.decode()
    guid = f'<guid isPermaLink="false">77 at {exchange.origin}</guid>'
    await exchange.respond(200, re.sub(r"<guid.*?</guid>", guid, text), RSS)


@behavior
async def changing_addresses(exchange: Exchange) -> None:
    """The right feed in which each item is listed three times, each time at another address of the same page."""
    text = (await exchange.healthy()).body.decode()
    items = [item.replace("</link>", f"?visit={n}</link>") for n in range(3) for item in ITEM.findall(text)]
    await exchange.respond(200, re.sub(r"<item>.*</item>", lambda _: "".join(items), text, flags=re.DOTALL), RSS)


@behavior
async def endless_feed(exchange: Exchange) -> None:
    """The right feed with a next page, and that one with another, without end (RFC 5005)."""
    link = f'<atom:link rel="next" href="{exchange.origin}/rss?page=2"/><atom:link rel="prev-archive" href="/rss"/>'
    text = (await exchange.healthy()).body.decode()
    text = text.replace("<channel>", f'<channel xmlns:atom="http://www.w3.org/2005/Atom">{link}', 1)
    await exchange.respond(200, text, RSS)


@behavior
async def attributes_without_end(exchange: Exchange) -> None:
    """The right feed after an item with a hundred thousand attributes, which some parsers compare with each other."""
    attributes = " ".join(f'a{n}="x"' for n in range(100_000))
    await respond_with_items(exchange, f"<item><title {attributes}>Old</title></item>")


@behavior
async def bases_without_end(exchange: Exchange) -> None:
    """The right feed after an item of nested elements, each with a base of its own, and with no end to the feed."""
    text = (await exchange.healthy()).body.decode().replace("</rss>", "")
    deep = '<b xml:base="x/">' * 20_000 + "</b>" * 20_000
    await exchange.respond(200, text.replace("<item>", f"<item><title>Old</title>{deep}</item><item>", 1), RSS)


@behavior
async def foreign_adverts(exchange: Exchange) -> None:
    """The right feed among twenty adverts for other sites."""
    adverts = (f"<item><title>Buy {n}</title><link>https://shop-{n}.example/buy</link></item>" for n in range(20))
    await respond_with_items(exchange, "".join(adverts))


@behavior
async def strange_links(exchange: Exchange) -> None:
    """The right feed among items whose links are none, or lead into the reader's own network."""
    links = (
        "javascript:alert(1)", "file:///etc/passwd", "http://[x", "http://127.0.0.1:1/", "http://169.254.169.254/",
        "mailto:desk@gazette.example", "data:text/html,x", "http://a b/", "//", "", "http://" + "a" * 300 + "/",
        "x" * 9_000,
    )  # fmt: skip
    items = "".join(f"<item><title>Link {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    pictures = '<item><title>Picture</title><enclosure url="http://[x" type="image/png"/><link>http://[y</link></item>'
    await respond_with_items(exchange, items + pictures)


@behavior
async def feed_dates_of_2082(exchange: Exchange) -> None:
    """The right feed, all of it published in 2082."""
    text = (await exchange.healthy()).body.decode()
    await exchange.respond(
        200, re.sub(r"<pubDate>.*?</pubDate>", "<pubDate>Wed, 01 Apr 2082 10:00:00 GMT</pubDate>", text), RSS
    )


@behavior
async def surrogates_in_feed(exchange: Exchange) -> None:
    """The right items as a JSON Feed, after one with half characters and NULs in every field, and after no items."""
    text = (await exchange.healthy()).body.decode()
    links = re.findall(r"<link>([^<]*)</link>", text)
    half = "\ud83d\x00news"
    broken = {"id": half, "url": f"{exchange.origin}/news/{half}", "title": half, "content_html": half, "tags": [half]}
    items: list[object] = [broken, None, 7, [], *({"id": link, "url": link} for link in links)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": half, "language": half, "items": items}
    await exchange.respond(200, json.dumps(feed), {"content-type": "application/feed+json"})


@behavior
async def deep_json_feed(exchange: Exchange) -> None:
    """A JSON Feed nested a hundred thousand times."""
    await exchange.respond(200, b'{"items":' + b"[" * 100_000, {"content-type": "application/feed+json"})
