"""Pages that are none, and pages that mean to hurt whoever reads them."""

from __future__ import annotations

import json
import re

from newsroom.exchange import Exchange
from newsroom.markup import render
from newsroom.misbehaviors.registry import behavior

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


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
async def login_page(exchange: Exchange) -> None:
    """200 with a form for name and password."""
    await exchange.respond(
        200,
        "<html><head><title>Log in | The Levantine Gazette</title></head><body><main><h1>Log in</h1>"
        "<p>Enter your user name and your password to go on to the page that you asked for.</p>"
        '<form method="post"><input name="name"><input type="password" name="pass"><button>Log in</button></form>'
        "<p>Have you forgotten your password? We can send you a new one by electronic mail.</p></main></body></html>",
    )


@behavior
async def quiet_challenge(exchange: Exchange) -> None:
    """A browser check under 200 and without its header."""
    await exchange.respond(200, render("challenge.html"))


@behavior
async def cookie_page(exchange: Exchange) -> None:
    """200 with a page that wants cookies to be on."""
    await exchange.respond(
        200,
        "<html><head><title>Cookies are required</title></head><body><h1>Cookies are required</h1>"
        "<p>Please enable cookies in your browser and load this page again to continue reading the Gazette.</p></body>",
    )


@behavior
async def front_page(exchange: Exchange) -> None:
    """The front page under the article's address."""
    await exchange.respond(200, (await exchange.healthy("/")).body)


@behavior
async def json_as_page(exchange: Exchange) -> None:
    """JSON where a page should be."""
    await exchange.respond(200, b'{"status": "ok", "items": []}', {"content-type": "application/json"})


@behavior
async def picture(exchange: Exchange) -> None:
    """A picture, called a page."""
    await exchange.respond(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)


@behavior
async def untyped(exchange: Exchange) -> None:
    """The right page without a content type."""
    body = (await exchange.healthy()).body
    await exchange.write_raw(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


@behavior
async def deep_page(exchange: Exchange) -> None:
    """The right page behind a hundred thousand elements, each in the one before it."""
    await respond_with(exchange, before="<div>" * 100_000)


@behavior
async def tag_flood(exchange: Exchange) -> None:
    """The right page behind a million empty elements."""
    await respond_with(exchange, before="<i></i>" * 1_000_000)


@behavior
async def attribute_flood(exchange: Exchange) -> None:
    """The right page with an element of a hundred thousand attributes."""
    await respond_with(exchange, before="<hr " + " ".join(f"a{number}=1" for number in range(100_000)) + ">")


@behavior
async def doctype_bomb(exchange: Exchange) -> None:
    """The right page as XHTML whose entities unfold to gigabytes."""
    doctype = f"<!DOCTYPE html [{laughs()}]>"
    body = (await exchange.healthy()).body.replace(b"<!DOCTYPE html>", doctype.encode())
    body = body.replace(b"</title>", b"&l9;</title>", 1)
    await exchange.respond(200, body, {"content-type": "application/xhtml+xml"})


@behavior
async def hostile_json_ld(exchange: Exchange) -> None:
    """The right page after structured data that takes a careless reader hours."""
    scripts = ("{}" * 700_000, "{//" + " " * 300_000 + "x", "x-->" + " " * 300_000 + "x", "[" * 200_000)
    await respond_with(exchange, before="".join(f'<script type="application/ld+json">{s}</script>' for s in scripts))


@behavior
async def surrogates_in_json_ld(exchange: Exchange) -> None:
    """The right page whose structured data holds half a character and a NUL."""
    body = (await exchange.healthy()).body.decode()
    await exchange.respond(200, body.replace('"headline": "', '"headline": "\\ud83d\\u0000'))


@behavior
async def dates_of_2082(exchange: Exchange) -> None:
    """The right page, published and changed in the year 2082."""
    body = (await exchange.healthy()).body.decode()
    await exchange.respond(200, re.sub(r"\b2026-(?=\d\d-\d\dT)", "2082-", body))


@behavior
async def impossible_dates(exchange: Exchange) -> None:
    """The right page with dates that no calendar has."""
    body = (await exchange.healthy()).body.decode()
    await exchange.respond(200, re.sub(r"\b2026-\d\d-\d\dT", "9999-99-99T", body))


@behavior
async def garbage_links(exchange: Exchange) -> None:
    """The right page whose base, canonical address, picture and links are none."""
    body = (await exchange.healthy()).body.decode()
    body = re.sub(
        r'(rel="canonical" href|property="og:url" content|property="og:image" content)="[^"]*"', r'\1="http://[x"', body
    )
    await exchange.respond(
        200, body.replace("<head>", '<head><base href="http://[y/">').replace('<a href="/', '<a href="http://[z/')
    )


@behavior
async def canonical_elsewhere(exchange: Exchange) -> None:
    """The right page that calls another host's page, and the machine's own file, its canonical address."""
    body = (await exchange.healthy()).body.decode()
    body = re.sub(r'(?<=property="og:url" content=)"[^"]*"', '"file:///etc/passwd"', body)
    await exchange.respond(200, re.sub(r'(?<=rel="canonical" href=)"[^"]*"', '"http://169.254.169.254/"', body))


@behavior
async def hostile_name(exchange: Exchange) -> None:
    """The right page of a site whose name means to steer the terminals and files that it is written to."""
    page = (await exchange.healthy()).body.decode()
    name = "Post&quot;\n[urls] &#39;x&#39; = 1 &#27;[31m\x1b[31m &#8238;red eman"
    await exchange.respond(200, re.sub(r'(?<="og:site_name" content=")[^"]*', lambda _: name, page))


@behavior
async def long_words(exchange: Exchange) -> None:
    """The right page with words and lines of a hundred thousand letters in its header."""
    long = json.dumps("a@" * 50_000)
    lines = f"<p>{'Source: ' * 20_000}</p><p>{'a.' * 50_000}</p><p>{' ' * 200_000}x</p>"
    await respond_with(exchange, before=f"<meta name=author content={long}><header>{lines}</header>")


async def respond_with(exchange: Exchange, *, before: str) -> None:
    """The right page with something put in at the start of its body."""
    body = (await exchange.healthy()).body.decode()
    start = body.index(">", body.index("<body")) + 1
    await exchange.respond(200, body[:start] + before + body[start:])


def laughs() -> str:
    """Entities of which the last one unfolds to three gigabytes."""
    layers = (f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return '<!ENTITY l0 "laugh">' + "".join(layers)
