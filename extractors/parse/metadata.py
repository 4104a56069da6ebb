"""A page's head -> what it declares: meta elements, OpenGraph, links, language, microdata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.html import HtmlElement

from extractors.parse.elements import folded, text_of

MAX_TEXTS = 40
MAX_PROPERTY_CHARS = 500
PROPERTY_BEARERS = ("span", "time", "a", "p", "div", "h1", "h2", "h3", "li", "address", "strong", "b", "em", "i", "td",
                    "dd", "cite", "header", "section", "abbr", "small", "data")  # fmt: skip
"""Elements that carry a property beside their text; walking them alone is faster than asking each for attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Declared values by their name in lower case, in document order."""

    meta: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, tuple[str, ...]]
    html_title: str
    headings: tuple[str, ...]
    language: str | None
    base_url: str

    def first(self, *names: str) -> str | None:
        """First value of the first name that has one."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def link(self, relation: str) -> str | None:
        """Absolute URL of the first ``link`` with a relation."""
        href = next(iter(self.links.get(relation, ())), None)
        return absolute(self.base_url, href) if href else None


def read_metadata(tree: HtmlElement, url: str) -> Metadata:
    """Read what a page's markup declares; ``url`` is its own, for relative links."""
    title = next((text_of(found) for found in tree.iter("title")), "")
    base = next((found.get("href") for found in tree.iter("base") if found.get("href")), None)
    return Metadata(
        meta=grouped(meta_pairs(tree)),
        links=grouped(link_pairs(tree)),
        properties=grouped(property_pairs(tree)),
        html_title=title,
        headings=tuple(filter(None, (text_of(heading) for heading in list(tree.iter("h1"))[:10]))),
        language=declared_language(tree),
        base_url=absolute(url, base) if base else url,
    )


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Values of each name."""
    out: dict[str, list[str]] = {}
    for name, value in pairs:
        values = out.setdefault(name, [])
        if len(values) < MAX_TEXTS:
            values.append(value)
    return {name: tuple(values) for name, values in out.items()}


def meta_pairs(tree: HtmlElement) -> Iterable[tuple[str, str]]:
    """Names and contents of meta elements, whichever attribute names them."""
    for element in tree.iter("meta"):
        content = folded(element.get("content"))
        names = {(element.get(key) or "").strip().lower() for key in ("property", "name", "itemprop", "http-equiv")}
        if content:
            yield from ((name, content) for name in sorted(names) if name)


def link_pairs(tree: HtmlElement) -> Iterable[tuple[str, str]]:
    """Relations and targets of link elements."""
    for element in tree.iter("link"):
        href = (element.get("href") or "").strip()
        if href:
            yield from ((relation, href) for relation in (element.get("rel") or "").lower().split())


def property_pairs(tree: HtmlElement) -> Iterable[tuple[str, str]]:
    """Microdata and RDFa properties with their values, short texts only.

    Source: HTML living standard, section 5; RDFa Lite 1.1, whose prefixes (``schema:author``) are left out.
    """
    for element in tree.iter(*PROPERTY_BEARERS):
        named = element.get("itemprop") or element.get("property")
        if not named:
            continue
        name = named.strip().lower().rsplit(":", 1)[-1]
        if name in {"articlebody", ""}:
            continue
        declared = element.get("content") or element.get("datetime")
        value = folded(declared) if declared else text_of(element)
        if value and len(value) < MAX_PROPERTY_CHARS:
            yield name, value


def declared_language(tree: HtmlElement) -> str | None:
    """The language that the page says it is in, as written."""
    root = tree if tree.tag == "html" else tree.find(".//html")
    if root is not None:
        for name in ("lang", "xml:lang", "{http://www.w3.org/XML/1998/namespace}lang"):
            if folded(root.get(name)):
                return folded(root.get(name))
    for element in tree.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "content-language" and element.get("content"):
            return folded(element.get("content"))
    return None


def absolute(base: str, href: str) -> str:
    """A link's target as an absolute URL; as it is where it cannot be one."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return href
