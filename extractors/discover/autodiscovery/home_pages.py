"""A page of a site into what it says of the site: its name, home, language, feeds, sitemaps and REST API.

Source: the HTML living standard's link types ``alternate`` and ``sitemap``, schema.org, the Open Graph protocol,
developer.wordpress.org/rest-api (discovery by ``https://api.w.org/``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from extractors.discover.section_pages import base_of
from extractors.normalize.languages import language_tag
from extractors.normalize.urls import host_of, normalize
from extractors.parse.documents import parse_document
from extractors.parse.json_ld import json_ld_nodes, text_value, types_of
from extractors.parse.metadata import read_metadata
from extractors.records import Fetched

API_RELATION = "https://api.w.org/"
API_HEADER = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel\s*=\s*"?https://api\.w\.org/', re.IGNORECASE)
FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
)
FEED_PATH = re.compile(r"/(?:rss|feed|feeds|atom)/?$|[./](?:rss|atom|rdf)(?:\.xml)?$|/(?:feed|index)\.(?:xml|json)$")
COMMENT_FEED = re.compile(r"/comments?/|comments?[-_]?(?:feed|rss)|[?&]feed=comments", re.IGNORECASE)
SITE_TYPES = ("WebSite", "NewsMediaOrganization", "Organization")
TITLE_SEPARATOR = re.compile(r"\s+[|•·–—-]\s+|\s*[»|]\s*")
WORDPRESS_MARK = re.compile(rb"/wp-(?:content|includes)/|content=[\"']WordPress", re.IGNORECASE)
LONGEST_NAME_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A value and where it was found, in words."""

    value: str
    told_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What one page says of its site.

    ``home_url`` is the address that the page calls the site's home; ``wordpress_url`` the site whose REST API it
    names. ``feeds`` and ``sitemaps`` are absolute, each once, in the order of the page; ``comment_feeds`` list readers'
    comments and no articles.
    """

    url: str
    name: Told | None = None
    language: str | None = None
    home_url: str | None = None
    wordpress_url: str | None = None
    is_wordpress: bool = False
    feeds: tuple[Told, ...] = ()
    comment_feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_home_page(fetched: Fetched) -> HomePage:
    """Read a fetched page; one that cannot be read says nothing."""
    url = normalize(fetched.capture.final_url)
    tree = parse_document(fetched.body, fetched.capture.header("content-type"))
    if tree is None:
        return HomePage(url=url)
    base = base_of(tree, url)
    header = ", ".join(value for name, value in fetched.capture.headers if name.lower() == "link")[:8_000]
    in_header = API_HEADER.search(header)
    api = next(linked(tree, base, API_RELATION), None) or (absolute(base, in_header[1]) if in_header else None)
    wordpress_url = site_of_api(api) if api else None
    feeds: dict[str, Told] = {}
    for each in (*declared_feeds(tree, base), *feeds_in_text(tree, base)):
        feeds.setdefault(each.value, each)
    return HomePage(
        url=url,
        name=site_name(tree, url),
        language=language_tag(read_metadata(tree, url).language),
        home_url=wordpress_url or next((each for each in linked(tree, base, "home") if is_same_host(each, url)), None),
        wordpress_url=wordpress_url,
        is_wordpress=wordpress_url is not None or WORDPRESS_MARK.search(fetched.body) is not None,
        feeds=tuple(told for address, told in feeds.items() if not COMMENT_FEED.search(address)),
        comment_feeds=tuple(address for address in feeds if COMMENT_FEED.search(address)),
        sitemaps=tuple(dict.fromkeys(linked(tree, base, "sitemap"))),
    )


def linked(tree: HtmlElement, base: str, relation: str) -> Iterator[str]:
    """Targets of ``link`` and ``a`` elements with a relation."""
    for element in tree.iter("link", "a"):
        if relation in (element.get("rel") or "").lower().split() and (href := absolute(base, element.get("href"))):
            yield href


def declared_feeds(tree: HtmlElement, base: str) -> Iterator[Told]:
    """Feeds of ``link rel=alternate``; their title tells one from another."""
    for element in tree.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        href = absolute(base, element.get("href"))
        if "alternate" in relations and kind in FEED_TYPES and href:
            yield Told(value=href, told_by="named by the page (rel=alternate)")


def feeds_in_text(tree: HtmlElement, base: str) -> Iterator[Told]:
    """Feeds that the page only links to, by how their addresses end."""
    for element in tree.iter("a"):
        href = absolute(base, element.get("href"))
        if href and FEED_PATH.search(urlsplit(href).path.lower()):
            yield Told(value=href, told_by="linked from the page")


def site_name(tree: HtmlElement, url: str) -> Told | None:
    """The site's name, from what says it most plainly."""
    metadata = read_metadata(tree, url)
    declared = metadata.first("og:site_name", "application-name", "apple-mobile-web-app-title")
    if declared:
        return Told(value=declared[:LONGEST_NAME_CHARS], told_by="og:site_name")
    nodes = list(json_ld_nodes(tree.iter("script")))
    for kind in SITE_TYPES:
        named = next((text_value(node.get("name")) for node in nodes if kind in types_of(node)), "")
        if named.strip():
            return Told(value=named.strip()[:LONGEST_NAME_CHARS], told_by=f"JSON-LD, {kind}")
    parts = [part for part in TITLE_SEPARATOR.split(metadata.html_title) if part.strip()]
    if not parts:
        return None
    return Told(value=min(parts, key=len)[:LONGEST_NAME_CHARS], told_by="a guess from the page's title; check it")


def site_of_api(api: str) -> str | None:
    """The site of a REST root (``.../wp-json/`` or ``...?rest_route=/``); ``None`` where it was given another name."""
    parts = urlsplit(api)
    if "/wp-json" in parts.path:
        folder = parts.path.partition("/wp-json")[0].removesuffix("/index.php")
    elif "rest_route=" in parts.query:
        folder = parts.path.removesuffix("index.php").rstrip("/")
    else:
        return None
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/", "", ""))


def absolute(base: str, href: str | None) -> str | None:
    """An address of a page in its normal form; ``None`` for what is none."""
    try:
        return normalize(urljoin(base, href.strip())) if href and href.strip() else None
    except ValueError:
        return None


def is_same_host(first: str, second: str) -> bool:
    """Whether two addresses are on one host, ``www.`` aside."""
    return bare(host_of(first)) == bare(host_of(second))


def bare(host: str) -> str:
    """A host without ``www.``."""
    return host.removeprefix("www.")


def folder_of(url: str) -> tuple[str, ...]:
    """The segments of an address' path."""
    return tuple(part for part in urlsplit(url).path.split("/") if part)


def is_language_folder(segments: Sequence[str]) -> bool:
    """Whether a path is a language's part of a site: ``/en/``, ``/pt-br/``, ``/arabic/``."""
    named = {"english", "arabic", "french", "spanish", "turkish", "persian", "kurdish", "hebrew", "russian"}
    return len(segments) == 1 and (
        re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2})?", segments[0].lower()) is not None or segments[0].lower() in named
    )
