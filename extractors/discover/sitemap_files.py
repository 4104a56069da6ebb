"""One sitemap's bytes into entries or further sitemaps: XML or a list of lines, gzipped or not.

Source: sitemaps.org/protocol.html; Google's news and image extensions of it. Elements are told apart by their local
names, since their namespaces are misspelt more often than they matter.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from extractors.content_encoding import GZIP_MAGIC, Inflater
from extractors.discover.listings import Item
from extractors.discover.markup import fold
from extractors.discover.xml_feeds import HTML_PAGE
from extractors.errors import BodyError, DiscoverError, Reason
from extractors.records import Hints

MAX_SITEMAP_BYTES = 52_428_800
"""What the protocol allows a sitemap to have, uncompressed."""
MAX_ENTRIES = 50_000
"""Likewise; what comes after it is not read."""
CHUNK_BYTES = 65_536
ROOTS = frozenset(("urlset", "sitemapindex"))
LINE_OF_LIST = re.compile(r"https?://\S+", re.IGNORECASE)
LONGEST_PROBLEM_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of a sitemap: the item, and whether it is marked as news."""

    item: Item
    is_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One sitemap of an index; ``lastmod`` as it was written."""

    url: str
    lastmod: str | None


@dataclass(slots=True, kw_only=True)
class SitemapFile:
    """What a sitemap holds. ``damage`` says what is wrong after the last entry that could be read."""

    entries: list[Entry] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    damage: str = ""


def read_sitemap(body: bytes, *, url: str) -> SitemapFile:
    """Read a sitemap.

    Args:
        body: The decoded response; gzipped once more where the sitemap is a ``.gz`` file, whatever it is named.
        url: Where it came from; relative addresses are relative to it.

    Raises:
        DiscoverError: ``not_a_feed`` for anything else than a sitemap, ``feed_parse_error`` for one that is broken
            before its first entry, ``too_large`` and ``bad_encoding`` for what does not unpack.
    """
    content, damage = unpack(body, url)
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        raise DiscoverError(Reason.NOT_A_FEED, url, damage or "the answer is empty")
    if HTML_PAGE.match(content[:4_000]):
        raise DiscoverError(Reason.NOT_A_FEED, url, "the answer is an HTML page")
    if LINE_OF_LIST.match(content[:100].decode("utf-8", "replace")):
        found = read_lines(content)
    elif content[:1] == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found = read_xml(content, url)
    else:
        raise DiscoverError(Reason.NOT_A_FEED, url, "neither XML nor a list of URLs")
    found.damage = damage or found.damage
    if found.damage and not found.entries and not found.children:
        raise DiscoverError(Reason.FEED_PARSE_ERROR, url, found.damage)
    return found


def unpack(body: bytes, url: str) -> tuple[bytes, str]:
    """The content of a gzip file, bounded, and what is wrong with its end; anything else as it is.

    Raises:
        DiscoverError: ``too_large`` or ``bad_encoding``.
    """
    if not body.startswith(GZIP_MAGIC):
        return body, ""
    inflater = Inflater(max_bytes=MAX_SITEMAP_BYTES, may_be_raw=False)
    content = bytearray()
    try:
        for start in range(0, len(body), CHUNK_BYTES):
            content += inflater.feed(body[start : start + CHUNK_BYTES])
        inflater.finish()
    except BodyError as error:
        if error.reason == Reason.TOO_LARGE or not content:
            # the response came whole: what is cut short is the file, and asking again will not mend it
            reason = Reason.FEED_PARSE_ERROR if error.reason == Reason.TRUNCATED_BODY else error.reason
            raise DiscoverError(reason, url, error.detail) from error
        return bytes(content), error.detail
    return bytes(content), ""


def read_lines(content: bytes) -> SitemapFile:
    """A list of addresses, one a line (the protocol's text form)."""
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    damage = f"more than {MAX_ENTRIES} lines" if len(lines) > MAX_ENTRIES else ""
    return SitemapFile(entries=[Entry(item=Item(url=line)) for line in lines[:MAX_ENTRIES]], damage=damage)


def read_xml(content: bytes, url: str) -> SitemapFile:
    """An index or a set of URLs, as far as its XML holds.

    Raises:
        DiscoverError: ``not_a_feed`` for another root element.
    """
    found = SitemapFile()
    try:
        for element in children_of_root(content, url):
            if len(found.entries) + len(found.children) >= MAX_ENTRIES:
                found.damage = f"more than {MAX_ENTRIES} entries"
                break
            name = local_name(element)
            if name == "url":
                found.entries.append(read_entry(element, url))
            elif name == "sitemap" and (address := resolve(url, text_in(element, "loc"))):
                found.children.append(Child(url=address, lastmod=text_in(element, "lastmod") or None))
    except etree.XMLSyntaxError as error:
        complaints: Any = error.error_log  # the stubs do not know that it is a list
        if all(each.domain == etree.ErrorDomains.NAMESPACE for each in complaints):
            return found  # an undeclared prefix, told at the end: everything was read
        read_count = len(found.entries) + len(found.children)
        found.damage = f"broken after {read_count} entries: {str(error.msg)[:LONGEST_PROBLEM_CHARS]}"
    return found


def children_of_root(content: bytes, url: str) -> Iterator[etree._Element]:
    """The root's children, each forgotten when the next one is asked for, so that no tree grows.

    Entities are not resolved, and neither a DTD nor anything else is loaded; a sitemap has no use for either.

    Raises:
        DiscoverError: ``not_a_feed`` for another root element, ``feed_parse_error`` for a document type declaration.
        XMLSyntaxError: The XML is broken from here on.
    """
    events = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        huge_tree=False,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    for event, element in events:
        depth += 1 if event == "start" else -1
        if event == "start" and depth == 1:
            check_root(element, url)
        elif event == "end" and depth == 1:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def check_root(root: etree._Element, url: str) -> None:
    """Refuse a document that is no sitemap.

    Raises:
        DiscoverError: ``not_a_feed`` or ``feed_parse_error``.
    """
    if root.getroottree().docinfo.internalDTD is not None:
        reason = Reason.FEED_PARSE_ERROR if local_name(root) in ROOTS else Reason.NOT_A_FEED
        raise DiscoverError(reason, url, "has a document type declaration, as no sitemap has")
    if local_name(root) not in ROOTS:
        raise DiscoverError(Reason.NOT_A_FEED, url, f"its root element is <{local_name(root)[:40]}>")


def read_entry(element: etree._Element, url: str) -> Entry:
    """One ``url`` element with its news and image extensions; times stay as they were written."""
    news = next((child for child in element if local_name(child) == "news"), None)
    image = next((child for child in element if local_name(child) == "image"), None)
    address = text_in(element, "loc")
    hints = Hints(modified=text_in(element, "lastmod") or None)
    if news is not None:
        keywords = [fold(word) for word in text_in(news, "keywords").split(",")]
        hints = Hints(
            title=fold(text_in(news, "title")) or None,
            language=text_below(news, "language") or None,
            published=text_in(news, "publication_date") or None,
            modified=hints.modified,
            tags=tuple(dict.fromkeys(filter(None, keywords))),
            image_url=resolve(url, text_in(image, "loc")) if image is not None else None,
        )
    elif image is not None:
        hints = Hints(modified=hints.modified, image_url=resolve(url, text_in(image, "loc")))
    return Entry(item=Item(url=resolve(url, address), hints=hints), is_news=news is not None)


def local_name(element: etree._Element) -> str:
    """An element's name in lower case, without namespace or undeclared prefix; empty for an entity."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def text_in(element: etree._Element, name: str) -> str:
    """Text of an element's child of that name; empty where there is none."""
    found = next((child for child in element if local_name(child) == name), None)
    return (found.text or "").strip() if found is not None else ""


def text_below(element: etree._Element, name: str) -> str:
    """Text of the first descendant of that name: ``news:language`` stands inside ``news:publication``."""
    found = next((each for each in element.iter() if local_name(each) == name), None)
    return (found.text or "").strip() if found is not None else ""


def resolve(base: str, address: str) -> str | None:
    """An address relative to the sitemap's, or as it came where it cannot be read."""
    try:
        return urljoin(base, address) if address else None
    except ValueError:
        return address
