"""A page's head -> what it declares: meta elements, OpenGraph, links, language, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml.html import HtmlElement

from extractors.parse.elements import folded, text_of
from extractors.parse.inventory import Inventory, take_inventory

MAX_TEXTS = 40
MAX_PROPERTY_CHARS = 500
PROPERTY_BEARERS = frozenset((
    "span", "time", "a", "p", "div", "h1", "h2", "h3", "li", "address", "strong", "b", "em", "i", "td", "dd", "cite",
    "header", "section", "abbr", "small", "data",
))  # fmt: skip
"""Elements that carry a property beside their text."""

PROPERTIES = frozenset(
    ("author", "creator", "datepublished", "datecreated", "datemodified", "date", "created", "issued")
)
NAMING = frozenset(("property", "name", "itemprop", "http-equiv"))
FOR_BROWSERS = frozenset(
    (
        "stylesheet",
        "preload",
        "preconnect",
        "dns-prefetch",
        "icon",
        "shortcut icon",
        "apple-touch-icon",
        "modulepreload",
    )
)
"""Relations that say nothing of an article, of which a page has dozens."""

MAX_HEADINGS = 10
INNER_ELEMENTS = 12
KICKER = re.compile(
    r"kicker|overline|dachzeile|top-?line|eyebrow|roofline|spitzmarke|pre-?title|pre-?headline|supertitle|surtitre|"
    r"antetitulo|occhiello",
    re.IGNORECASE,
)
"""What markup calls the words above a headline that stand inside its element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Declared values by their name in lower case, in document order."""

    meta: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    html_title: str
    headings: tuple[str, ...]
    kickers: Mapping[str, str]
    """The kicker that a heading begins with, by the heading's whole text."""
    language: str | None
    base_url: str

    def first(self, *names: str) -> str | None:
        """First value of the first name that has one."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def link(self, relation: str) -> str | None:
        """Absolute URL of the first ``link`` with a relation."""
        href = next(iter(self.links.get(relation, ())), None)
        return absolute(self.base_url, href) if href else None


def read_metadata(tree: HtmlElement, url: str, page: Inventory | None = None) -> Metadata:
    """Read what a page's markup declares.

    Args:
        tree: The page.
        url: Its own, for relative links.
        page: Its elements, where they are at hand.
    """
    page = page or take_inventory(tree)
    base = next((found.get("href") for found in page.named("base") if found.get("href")), None)
    headings = [each for each in map(heading_parts, page.named("h1")[:MAX_HEADINGS]) if each[0]]
    return Metadata(
        meta=grouped(meta_pairs(page)),
        links=grouped(link_pairs(page)),
        html_title=next(map(text_of, page.named("title")), ""),
        headings=tuple(text for text, _ in headings),
        kickers={text: kicker for text, kicker in headings if kicker},
        language=declared_language(tree, page),
        base_url=absolute(url, base) if base else url,
    )


def heading_parts(heading: HtmlElement) -> tuple[str, str]:
    """A heading's text, and the kicker in it that the markup calls so; the kicker is empty where there is none."""
    text = text_of(heading)
    for inner in islice(heading.iterdescendants("*"), INNER_ELEMENTS) if len(heading) else ():
        if KICKER.search(inner.get("class") or ""):
            kicker = text_of(inner)
            return text, kicker if text.startswith(kicker) and len(kicker) < len(text) else ""
    return text, ""


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Values of each name."""
    out: dict[str, list[str]] = {}
    for name, value in pairs:
        values = out.setdefault(name, [])
        if len(values) < MAX_TEXTS:
            values.append(value)
    return {name: tuple(values) for name, values in out.items()}


def meta_pairs(page: Inventory) -> Iterable[tuple[str, str]]:
    """Names and contents of meta elements, whichever attribute names them."""
    for element in page.named("meta"):
        content, names = "", set()
        for key, value in element.items():
            if key == "content":
                content = folded(value)
            elif key in NAMING:
                names.add(value.strip().lower())
        if content:
            yield from ((name, content) for name in (sorted(names) if len(names) > 1 else names) if name)


def link_pairs(page: Inventory) -> Iterable[tuple[str, str]]:
    """Relations and targets of link elements."""
    for element in page.named("link"):
        relation = (element.get("rel") or "").lower()
        href = (element.get("href") or "").strip() if relation and relation not in FOR_BROWSERS else ""
        if href:
            yield from ((each, href) for each in relation.split())


def read_properties(elements: Iterable[HtmlElement]) -> dict[str, tuple[str, ...]]:
    """Microdata and RDFa properties that say who wrote an article and when, with their values, short texts only.

    Source: HTML living standard, section 5; RDFa Lite 1.1, whose prefixes (``schema:author``) are left out.
    """
    return grouped(property_pairs(elements))


def property_pairs(elements: Iterable[HtmlElement]) -> Iterable[tuple[str, str]]:
    """Names and values of properties."""
    for element in elements:
        if element.tag not in PROPERTY_BEARERS:
            continue
        named = element.get("itemprop") or element.get("property")
        if not named:
            continue
        name = named.strip().lower().rsplit(":", 1)[-1]
        if name not in PROPERTIES:
            continue
        declared = element.get("content") or element.get("datetime")
        value = folded(declared) if declared else text_of(element)
        if value and len(value) < MAX_PROPERTY_CHARS:
            yield name, value


def declared_language(tree: HtmlElement, page: Inventory) -> str | None:
    """The language that the page says it is in, as written."""
    root = tree if tree.tag == "html" else next(iter(page.named("html")), None)
    if root is not None:
        for name in ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang"):
            if folded(root.get(name)):
                return folded(root.get(name))
    for element in page.named("meta"):
        if (element.get("http-equiv") or "").lower() == "content-language" and element.get("content"):
            return folded(element.get("content"))
    return None


def absolute(base: str, href: str) -> str:
    """A link's target as an absolute URL; as it is where it cannot be one."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return href
