"""JSON-LD scripts of a page -> the node that describes its article (JSON-LD 1.1, schema.org)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from extractors.parse.elements import folded

Node = Mapping[str, Any]

MAX_SCRIPT_CHARS = 3_000_000
MAX_NODES = 2_000

ARTICLE_TYPES = frozenset((
    "AdvertiserContentArticle", "AnalysisNewsArticle", "Article", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "BlogPosting", "LiveBlogPosting", "MedicalScholarlyArticle", "NewsArticle", "OpinionNewsArticle", "Report",
    "ReportageNewsArticle", "ReviewNewsArticle", "SatiricalArticle", "ScholarlyArticle", "SocialMediaPosting",
    "TechArticle",
))  # fmt: skip
PAGE_TYPES = frozenset({"WebPage", "ItemPage", "AboutPage", "MedicalWebPage"})
LISTING_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})

DECODER = json.JSONDecoder(strict=False)
"""Reads line breaks and tabs inside strings, which JSON forbids and pages have."""

BETWEEN = re.compile(r"[, \r\n\t;]*")
TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
OPENING = re.compile(r"(?://|/\*)?\s{0,20}(?:<!--|<!\[CDATA\[)(?:\s{0,20}\*/)?")
CLOSING = re.compile(r"(?://|/\*)?\s{0,20}(?:-->|\]\]>)(?:\s{0,20}\*/)?$")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Half characters and NULs, which JSON can spell and no text can hold."""
SIMPLE_FIELD = re.compile(
    r'"(@type|headline|datePublished|dateModified|description|articleSection|articleBody|url)"\s*:\s*'
    r'"((?:[^"\\]|\\.)*)"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLd:
    """What a page's JSON-LD says: its article's node, its page's node, and which types it names."""

    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    articles_count: int = 0
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """Texts of a property, of the article's node or else of the page's; references followed."""
        return [text for text in self._texts(self.article, name) or self._texts(self.page, name) if text]

    def first(self, name: str) -> str | None:
        """First text of a property."""
        return next(iter(self.texts(name)), None)

    def _texts(self, node: Node, name: str) -> list[str]:
        return [text_value(self.followed(value)) for value in as_list(node.get(name))]

    def followed(self, value: object) -> object:
        """A reference such as ``{"@id": "#jane"}`` as the node that it names."""
        if isinstance(value, Mapping) and "@id" in value and "name" not in value:
            return self.by_id.get(str(value["@id"]), value)
        return value


def read_json_ld(scripts: Iterable[HtmlElement], url: str, title: str) -> JsonLd:
    """Read a page's JSON-LD.

    Args:
        scripts: The page's script elements, of whichever type.
        url: The page's own URL: of several articles, the one that names it is meant.
        title: The page's headline, for scripts that name no URL.
    """
    nodes = list(json_ld_nodes(scripts))
    typed = [(node, types_of(node)) for node in nodes]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    articles = [node for node, types in typed if types & ARTICLE_TYPES]
    pages = [node for node, types in typed if types & PAGE_TYPES]
    return JsonLd(
        article=node_of_page(articles, url, title),
        page=node_of_page(pages, url, title),
        types=frozenset().union(*(types for _, types in typed)),
        articles_count=len({folded(text_value(node.get("headline"))) for node in articles}),
        by_id=by_id,
    )


def json_ld_nodes(scripts: Iterable[HtmlElement]) -> Iterator[Node]:
    """Every typed node of every script, nested ones and those of ``@graph`` included."""
    count = 0
    for script in scripts:
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for value in read_script(script.text or ""):
            for node in nodes_in(value):
                yield node
                count += 1
                if count >= MAX_NODES:
                    return


def read_script(text: str) -> list[object]:
    """Parse one script, tolerating what pages get wrong.

    Returns:
        Its values; as a last resort one node of the simple fields that could still be read.
    """
    text = text[:MAX_SCRIPT_CHARS].strip()
    if not text:
        return []
    with suppress(ValueError, RecursionError):
        return [DECODER.decode(text)]
    stripped = unwrapped(text)
    for mended in (stripped, TRAILING_COMMA.sub("", stripped), html.unescape(stripped)):
        try:
            return [DECODER.decode(mended)]
        except (ValueError, RecursionError):
            continue
    return concatenated(stripped) or [simple_fields(stripped)]


def unwrapped(text: str) -> str:
    """A script without the comment or CDATA marks around it; they stand at its ends, so only those are looked at."""
    for _ in range(2):
        text = text.rstrip("; \r\n\t")
        opening, tail = OPENING.match(text), CLOSING.search(text, max(0, len(text) - 50))
        text = text[opening.end() if opening else 0 : tail.start() if tail else len(text)].strip()
    return text.rstrip(";")


def concatenated(text: str) -> list[object]:
    """Several objects written one after another."""
    values: list[object] = []
    at = 0
    while at < len(text) and len(values) < MAX_NODES:
        try:
            value, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        following = BETWEEN.match(text, end)
        at = following.end() if following else end
    return values


def simple_fields(text: str) -> Node:
    """The first of each simple field of a script that is no JSON."""
    found: dict[str, Any] = {}
    for name, raw in SIMPLE_FIELD.findall(text):
        if name == "@type" and found.get("@type") in ARTICLE_TYPES:
            continue
        if name == "@type" or name not in found:
            found[name] = unquoted(raw)
    return found


def unquoted(raw: str) -> str:
    """The inside of a JSON string as text."""
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def nodes_in(value: object, depth: int = 0) -> Iterator[Node]:
    """Typed nodes inside a JSON value, outer ones first."""
    if depth > 12:
        return
    if isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from nodes_in(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, (dict, list)):
                yield from nodes_in(inner, depth + 1)


def types_of(node: Node) -> frozenset[str]:
    """A node's types without the vocabulary's prefix."""
    kinds = node.get("@type")
    if isinstance(kinds, str) and kinds.isalpha():
        return frozenset((kinds,))
    return frozenset(re.split(r"[/#:]", str(kind))[-1] for kind in as_list(kinds))


def node_of_page(nodes: Sequence[Node], url: str, title: str) -> Node:
    """The node that is about the page itself.

    Returns:
        The one that names the page's URL, else the one that bears its title, else a single one. Of several that do
        neither, none: they are teasers of other articles.
    """
    own = [node for node in nodes if any(same_page(named, url) for named in urls_of(node))]
    titled = [node for node in nodes if same_title(text_value(node.get("headline")), title)]
    for group in ([node for node in own if node in titled], own, titled):
        if group:
            return max(group, key=len)
    foreign = [node for node in nodes if any(path_of(named).strip("/") for named in urls_of(node))]
    without_url = [node for node in nodes if node not in foreign]
    return without_url[0] if without_url else (nodes[0] if len(nodes) == 1 else {})


def urls_of(node: Node) -> list[str]:
    """URLs that a node gives for itself."""
    named = [*as_list(node.get("mainEntityOfPage")), *as_list(node.get("url")), *as_list(node.get("@id"))]
    found = [value.get("@id") or value.get("url") if isinstance(value, Mapping) else value for value in named]
    return [value for value in found if isinstance(value, str) and value.startswith(("http", "/"))]


def same_page(one: str, other: str) -> bool:
    """Whether two URLs have the same path; hosts and queries vary with syndication and tracking."""
    path = unquote(path_of(one)).rstrip("/")
    return bool(path) and path == unquote(path_of(other)).rstrip("/")


def path_of(url: str) -> str:
    """A URL's path; none of what cannot be one, such as ``http://[x``."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def same_title(one: str, other: str) -> bool:
    """Whether one of two titles begins with or holds the other, by letters and digits alone."""
    first, second = (re.sub(r"\W+", "", text).lower() for text in (one, other))
    return min(len(first), len(second)) >= 12 and (first in second or second in first)


def as_list(value: object) -> list[Any]:
    """A value as a list: JSON-LD writes one value without brackets."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_value(value: object) -> str:
    """The text of a value: itself, or a node's name."""
    if isinstance(value, str):
        if "&" in value:
            value = html.unescape(html.unescape(value))
        return folded(value if value.isascii() and "\x00" not in value else UNSTORABLE.sub("", value))
    if isinstance(value, Mapping):
        inner = next((value[key] for key in ("name", "@value", "headline", "url", "contentUrl") if value.get(key)), "")
        return text_value(inner)
    if isinstance(value, list):
        return text_value(value[0]) if value else ""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
