"""A page and a number -> the page damaged as that number says, the same each time; for ``fuzz_pages.py``.

Some damage is what happens to pages on their way (cuts, wrong bytes, wrong charsets), some is what only somebody who
means harm would write (entity bombs, deep nesting, text that keeps a pattern busy).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

MAX_BYTES = 10_000_000
"""No page grows beyond what the fetch stage lets through."""

MOST_DAMAGES = 3
TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]*)")
CONTENT = re.compile(rb'(?:content|datetime|href)="[^"]*"')
JSON_LD = re.compile(rb"(<script[^>]*ld\+json[^>]*>)(.*?)(</script>)", re.DOTALL | re.IGNORECASE)
JSON_VALUE = re.compile(rb':\s*("(?:[^"\\]|\\.)*"|-?\d+|true|false|null|\[|\{)')

TAG_NAMES = (
    b"div", b"p", b"span", b"a", b"b", b"i", b"li", b"ul", b"ol", b"table", b"tr", b"td", b"blockquote", b"article",
    b"section", b"aside", b"nav", b"header", b"footer", b"h1", b"h2", b"h3", b"form", b"select", b"option", b"textarea",
    b"script", b"style", b"template", b"noscript", b"svg", b"math", b"frameset", b"title", b"head", b"body", b"html",
    b"time", b"figure", b"figcaption", b"br", b"iframe", b"plaintext", b"main", b"dl", b"dt", b"pre",
)  # fmt: skip
BAITS = (
    b"a ", b"a", b" ", b"\n", b"\t\n", b"\xc2\xa0", b".", b"...", b"- ", b"| ", b", ", b"(", b")", b"[", b'"', b"'",
    b"By ", b"by and ", b"Source: ", b"Source ", b"https://", b"http://a.b/", b"@", b"a@", b"a.", b"1", b"1/", b"1-1-",
    b"2026-", b"12:", b"Jan ", b"January 1 ", b"&", b"&amp;", b"&#x1F600;", b"&#1114111;", b"&lt;", b"<", b">", b"<!--",
    b"-->", b"<![CDATA[", b"]]>", b"{", b"}", b"\\", b"\\u", b"//", b"/*", b"*/", b"%", b"%D9", b"#", b"?a=b&",
    b"\xe2\x80\x8f", b"\xd9\x80",
    b"\xd8\xa7\xd9\x84\xd9\x85\xd8\xb5\xd8\xaf\xd8\xb1: ", b"\xd9\xa1", b"\xcc\x81", b"\xf0\x9f\x98\x80",
    b"Copyright (c) ", b"Reuters - ", b"(AFP) - ", b"The views expressed in this article ", b"Read more: ",
    b"subscribe ", b"enable javascript ", b"cookies ", b"A. B. ", b"CAIRO, Jan 1 (Reuters) - ",
    b"This article was first published ",
)  # fmt: skip
VALUES = (
    b'""', b"null", b"[]", b"{}", b"[[]]", b"0", b"-1", b"1e999", b"true", b'"0000-00-00"', b'"9999-99-99T99:99:99Z"',
    b'"2026-02-30"', b'"20260320"', b'"\\ud800"', b'"\\u0000"', b'"http://["', b'"//"', b'"javascript:alert(1)"',
    b'"http://[::1"', b'"https://\xd9\x85/\xd9\x85"', b'["a", null, {"name": ["b", {"name": null}]}]', b'{"@id": "#a"}',
    b'{"name": {"name": {"name": 1}}}', b"9" * 5000, b'"12/13/2026 25:61"', b'"\xd9\xa1\xd9\xa4\xd9\xa4\xd9\xa7"',
    b"NaN", b'"0001-01-01T00:00:00+14:00"', b'"9999-12-31T23:59:59-12:00"', b'"<p>a</p>"', b'"' + b"a" * 9_000 + b'"',
)  # fmt: skip
CHARSETS = (
    b"utf-16", b"utf-16le", b"utf-32", b"utf-7", b"windows-1256", b"iso-2022-jp", b"gb18030", b"shift_jis", b"idna",
    b"punycode", b"rot13", b"base64", b"hex", b"undefined", b"unicode_escape", b"koi8-r", b"x-user-defined", b"big5",
)  # fmt: skip
EDITIONS = ("utf-16-le", "utf-16-be", "utf-16", "utf-32", "cp1256", "cp1251", "gb18030", "shift_jis", "latin-1")

Damage = Callable[[bytes, Random], bytes]


def damaged(page: bytes, number: int) -> tuple[bytes, tuple[str, ...]]:
    """Damage a page once to ``MOST_DAMAGES`` times.

    Returns:
        At most ``MAX_BYTES``, and the names of the damages in their order.
    """
    dice = Random(number)
    chosen = dice.choices(DAMAGES, k=dice.randint(1, MOST_DAMAGES))
    for damage in chosen:
        page = damage(page, dice)[:MAX_BYTES]
    return page, tuple(damage.__name__ for damage in chosen)


def many(dice: Random) -> int:
    """A number from 10 to 1,000,000; the large ones are rare, since they cost most of the time."""
    return int(10 ** dice.triangular(1, 6, 1))


def cut_point(page: bytes, dice: Random) -> int:
    """A place in a page, mostly the beginning of a tag."""
    place = dice.randint(0, len(page))
    found = page.find(b"<", place) if dice.random() < 0.8 else place
    return place if found < 0 else found


def inserted(page: bytes, dice: Random, piece: bytes) -> bytes:
    """A page with something put in somewhere."""
    place = cut_point(page, dice)
    return page[:place] + piece + page[place:]


def flipped_bytes(page: bytes, dice: Random) -> bytes:
    """Single bytes become others."""
    changed = bytearray(page)
    for _ in range(min(many(dice), 2_000) if page else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut_off(page: bytes, dice: Random) -> bytes:
    """The end is missing."""
    return page[: cut_point(page, dice)]


def piece_lost(page: bytes, dice: Random) -> bytes:
    """A piece in the middle is missing."""
    start, end = sorted((cut_point(page, dice), cut_point(page, dice)))
    return page[:start] + page[end:]


def repeated_piece(page: bytes, dice: Random) -> bytes:
    """A piece comes again and again."""
    start = cut_point(page, dice)
    piece = page[start : start + dice.randint(1, 3_000)]
    return page[:start] + piece * min(many(dice) // 10 + 2, MAX_BYTES // (len(piece) or 1)) + page[start:]


def swapped_tags(page: bytes, dice: Random) -> bytes:
    """Some tags become others, or open where they should close."""
    share = dice.choice((0.01, 0.1, 0.5))

    def other(match: re.Match[bytes]) -> bytes:
        if dice.random() > share:
            return match[0]
        slash = match[1] if dice.random() < 0.8 else (b"" if match[1] else b"/")
        return b"<" + slash + dice.choice(TAG_NAMES)

    return TAG.sub(other, page)


def unclosed_tags(page: bytes, dice: Random) -> bytes:
    """One kind of element is never closed."""
    return page.replace(b"</" + dice.choice(TAG_NAMES) + b">", b"")


def deep_nesting(page: bytes, dice: Random) -> bytes:
    """Elements in elements in elements, closed or not."""
    names = [dice.choice(TAG_NAMES) for _ in range(dice.randint(1, 3))]
    depth = many(dice)
    opening = b"".join(b"<" + name + b">" for name in names)
    closing = b"".join(b"</" + name + b">" for name in reversed(names))
    place = cut_point(page, dice)
    rest = page[place:]
    return page[:place] + opening * depth + rest + (closing * depth if dice.random() < 0.5 else b"")


def wide_nesting(page: bytes, dice: Random) -> bytes:
    """A great many small elements, side by side or in one another's wake."""
    name = dice.choice(TAG_NAMES)
    word = dice.choice((b"", b"x", b"A sentence of some words, as they stand in articles.", dice.choice(BAITS)))
    shape = dice.choice(
        (b"<%b>%b</%b>", b"<%b><a href='/x'>%b</a></%b>", b"<%b class='a b'>%b", b"<h2><%b>%b</%b></h2>")
    )
    piece = shape % ((name, word, name) if shape.count(b"%b") == 3 else (name, word))
    return inserted(page, dice, piece * min(many(dice), 100_000))


def entity_bomb(page: bytes, dice: Random) -> bytes:
    """Entities that stand for entities, or a great many plain ones."""
    levels = b"".join(b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">' + levels + b"]>"
    if dice.random() < 0.5:
        return bomb + inserted(page, dice, b"&e11;")
    return inserted(
        page, dice, dice.choice((b"&amp;", b"&e1;", b"&#0;", b"&#xD800;", b"&#99999999;", b"&")) * many(dice)
    )


def invalid_utf8(page: bytes, dice: Random) -> bytes:
    """Bytes that are no UTF-8, here and there."""
    for _ in range(min(many(dice), 300)):
        page = inserted(
            page, dice, dice.choice((b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x80" * 9))
        )
    return page


def huge_attribute(page: bytes, dice: Random) -> bytes:
    """One attribute that is very long, or very many of them."""
    names = (b"class", b"id", b"style", b"href", b"itemprop", b"rel", b"src", b"data-x", b"datetime", b"title", b"lang")
    value = dice.choice(BAITS).replace(b'"', b"") * many(dice)
    tag = dice.choice((*TAG_NAMES, b"meta property='article:author' content", b"meta name='date' content", b"link rel"))
    if dice.random() < 0.2:
        return inserted(page, dice, b"<" + tag + b" " + b" ".join(b"a%d=1" % n for n in range(many(dice))) + b">")
    glue = b"=" if b"content" in tag or b"link" in tag else b" " + dice.choice(names) + b"="
    return inserted(page, dice, b"<" + tag + glue + b'"' + value + b'">')


def nul_bytes(page: bytes, dice: Random) -> bytes:
    """NULs and other control characters."""
    for _ in range(min(many(dice), 300)):
        page = inserted(page, dice, dice.choice((b"\x00", b"\x00" * 50, b"\x0b", b"\x1b[2J", b"\x7f", b"\x08")))
    return page


def broken_json_ld(page: bytes, dice: Random) -> bytes:
    """Structured data that is cut, nested without end, or of other types than it should be."""
    found = JSON_LD.search(page)
    data = found[2] if found else b'{"@type": "NewsArticle", "headline": "A headline", "author": {"name": "A"}}'
    way = dice.randrange(5)
    if way == 0:
        data = data[: dice.randint(0, len(data))]
    elif way == 1:
        data = b"".join(dice.choice((b"[", b'{"@graph": ', b'{"author": [')) for _ in range(1)) * many(dice) + data
    elif way == 2:
        data = b"[" + b",".join([data] * min(many(dice), 2_000, MAX_BYTES // (len(data) or 1))) + b"]"
    elif way == 3:
        data = data.replace(b'"', dice.choice((b"'", b"&quot;", b"", b'\\"')), dice.choice((1, 3, -1)))
    share = dice.choice((0.0, 0.2, 1.0)) if len(data) < MAX_BYTES // 10 else 0.0
    data = JSON_VALUE.sub(lambda m: b": " + dice.choice(VALUES) if dice.random() < share else m[0], data)
    if found:
        return page[: found.start(2)] + data + page[found.end(2) :]
    return inserted(page, dice, b'<script type="application/ld+json">' + data + b"</script>")


def broken_metadata(page: bytes, dice: Random) -> bytes:
    """Addresses, dates and contents of meta elements become others."""
    share = dice.choice((0.05, 0.5))

    def other(match: re.Match[bytes]) -> bytes:
        value = dice.choice((*VALUES, dice.choice(BAITS) * min(many(dice), 5_000))).strip(b'"').replace(b'"', b"&quot;")
        return match[0].partition(b"=")[0] + b'="' + value + b'"' if dice.random() < share else match[0]

    return CONTENT.sub(other, page)


def baited_text(page: bytes, dice: Random) -> bytes:
    """A text of one thing again and again, which keeps a careless pattern busy for ever."""
    bait = b"".join(dice.choice(BAITS) for _ in range(dice.randint(1, 3)))
    text = bait * many(dice) + dice.choice((b"", b"x", b"!", b"\n"))
    tag = dice.choice((b"p", b"h1", b"title", b"time", b"div", b"li", b"address", b"figcaption", b"span class=byline"))
    return inserted(page, dice, b"<" + tag + b">" + text + b"</" + tag.split()[0] + b">")


def baited_metadata(page: bytes, dice: Random) -> bytes:
    """The same in a meta element or in structured data."""
    bait = dice.choice(BAITS).replace(b'"', b"").replace(b"\\", b"") * many(dice)
    names = (b"author", b"article:published_time", b"og:title", b"description", b"keywords", b"og:url", b"og:image")
    if dice.random() < 0.5:
        name = dice.choice(names)
        return inserted(page, dice, b'<meta name="%b" property="%b" content="%b">' % (name, name, bait))
    key = dice.choice(
        (b"headline", b"author", b"datePublished", b"articleBody", b"keywords", b"url", b"articleSection")
    )
    data = b'{"@type": "NewsArticle", "%b": "%b"}' % (key, bait)
    return inserted(page, dice, b'<script type="application/ld+json">' + data + b"</script>")


def wrong_charset(page: bytes, dice: Random) -> bytes:
    """A label that is wrong, or bytes in another encoding than they say."""
    if dice.random() < 0.5:
        return b'<meta charset="' + dice.choice(CHARSETS) + b'">' + page
    return page.decode("utf-8", "replace").encode(dice.choice(EDITIONS), "replace")


DAMAGES: tuple[Damage, ...] = (
    flipped_bytes, cut_off, piece_lost, repeated_piece, swapped_tags, unclosed_tags, deep_nesting, wide_nesting,
    entity_bomb, invalid_utf8, huge_attribute, nul_bytes, broken_json_ld, broken_metadata, baited_text,
    baited_metadata, wrong_charset,
)  # fmt: skip
