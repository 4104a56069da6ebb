"""WordPress REST endpoints that answer with something else, or without end."""

from __future__ import annotations

import json

from newsroom.exchange import Exchange
from newsroom.markup import render
from newsroom.misbehaviors.registry import behavior

JSON = {"content-type": "application/json; charset=UTF-8"}


@behavior
async def rest_error(exchange: Exchange) -> None:
    """200 with WordPress' error object."""
    await exchange.respond(200, b'{"code":"rest_disabled","message":"Off.","data":{"status":401}}', JSON)


@behavior
async def rest_html(exchange: Exchange) -> None:
    """200 with a page, called JSON."""
    await exchange.respond(200, render("soft_404.html"), JSON)


@behavior
async def rest_cut(exchange: Exchange) -> None:
    """The right list up to its middle, with the length of what is left."""
    body = (await exchange.healthy()).body
    await exchange.respond(200, body[: len(body) // 2], JSON)


@behavior
async def rest_huge(exchange: Exchange) -> None:
    """A list of thirty megabytes."""
    await exchange.respond(200, b"[" + b'{"id":1,"title":{"rendered":"News"}},' * 800_000 + b"null]", JSON)


@behavior
async def rest_deep(exchange: Exchange) -> None:
    """A list nested a hundred thousand times."""
    await exchange.respond(200, b"[" * 100_000, JSON)


@behavior
async def rest_endless(exchange: Exchange) -> None:
    """The right list again on page after page, for ever."""
    await exchange.respond(200, (await exchange.healthy()).body, {**JSON, "link": following(exchange)})


@behavior
async def rest_empty_pages(exchange: Exchange) -> None:
    """Pages of things that are no posts, for ever."""
    await exchange.respond(200, b"[null, 7, []]", {**JSON, "link": following(exchange)})


@behavior
async def rest_link_bomb(exchange: Exchange) -> None:
    """The right list with a ``Link`` header that takes a careless reader minutes."""
    await exchange.respond(200, (await exchange.healthy()).body, {**JSON, "link": '<a>; rel="' + " next" * 12_000})


@behavior
async def rest_surrogates(exchange: Exchange) -> None:
    """The right list after posts with half characters and NULs, and after things that are no posts."""
    half = "\ud83d\x00"
    broken = {"id": 7, "link": f"{exchange.origin}/en/{half}/", "title": {"rendered": half}, "modified_gmt": half}
    posts = [broken, None, 7, [], {}, *json.loads((await exchange.healthy()).body)]
    await exchange.respond(200, json.dumps(posts), JSON)


@behavior
async def rest_dates_of_2082(exchange: Exchange) -> None:
    """The right list, all of it written and changed in 2082."""
    await exchange.respond(200, (await exchange.healthy()).body.replace(b"2026-", b"2082-"), JSON)


def following(exchange: Exchange) -> str:
    """A ``Link`` header to the next page."""
    path, _, number = exchange.target.partition("&newsroom_page=")
    return f'<{exchange.origin}{path}&newsroom_page={int(number or 1) + 1}>; rel="next"'
