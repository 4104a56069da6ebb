"""Everything that speaks about a page -> the candidates for each field, in order of trust.

The order: the outlet's own layout rules, the source that listed the link (REST, feed), JSON-LD, OpenGraph, other meta
elements and microdata, the visible page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from extractors.normalize.candidates import Candidate, listed, single
from extractors.normalize.texts import squeezed
from extractors.outlets import Outlet
from extractors.parse.bylines import far_bylines, near_bylines
from extractors.parse.elements import folded
from extractors.parse.inventory import Inventory, take_inventory
from extractors.parse.json_ld import JsonLd, as_list, read_json_ld, text_value, types_of
from extractors.parse.layouts import Fit
from extractors.parse.metadata import Metadata, absolute, read_metadata, read_properties
from extractors.parse.surroundings import Surroundings, surroundings_of
from extractors.parse.visible_dates import date_in_url, visible_dates
from extractors.records import Hints

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "rnews:datepublished", "datepublished", "date_published", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date",
    "publish_date", "publication_date", "published_time", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "dcterms.created", "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "dc:date", "dc.created",
    "article.published", "article_date_original", "originalpublicationdate", "displaydate", "ptime", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified", "datemodified",
    "last-modified", "lastmod", "dcterms.modified", "dc.date.modified", "dc.modified", "cxenseparse:modifiedtime",
)  # fmt: skip
AUTHOR_META = (
    "citation_author", "author", "articleauthor", "article.author", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "article:author", "og:article:author", "cxenseparse:author",
)  # fmt: skip
SECTION_META = ("article:section", "og:article:section", "parsely-section", "section", "cxenseparse:category")
TAGS_META = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
AUTHOR_NAME = re.compile(r"(?:^|[:._ -])(?:authors?|authorname|author_name|written by|byline)$")
"""What other meta elements are called that name an author."""

WRITTEN_BY = re.compile(
    r"written|author|verfasst|geschrieben|écrit|escrit|scritto|geschreven|skrev|yazan|كتب", re.IGNORECASE
)
MAX_TITLE_CHARS = 400
BEHIND_KICKER = " |•·–—-:/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """A page, what it declares and what its source said of it."""

    tree: HtmlElement
    url: str
    hints: Hints
    outlet: Outlet
    metadata: Metadata
    json_ld: JsonLd
    page: Inventory
    surroundings: Surroundings
    properties: Mapping[str, tuple[str, ...]]
    near_bylines: tuple[Candidate, ...]

    def site_names(self) -> list[str]:
        """Names that the page declares for its site."""
        publisher = [
            text_value(self.json_ld.followed(value)) for value in as_list(self.json_ld.article.get("publisher"))
        ]
        declared = self.metadata.first(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name"
        )
        return [name for name in [*publisher, declared] if name]

    def published(self, fit: Fit | None) -> list[Candidate]:
        """Raw times of publication."""
        return [
            *layout(self, fit, "published"),
            *single("hints.published", self.hints.published),
            *single("json-ld.datePublished", self.json_ld.first("datePublished")),
            *self._from_meta(PUBLISHED_META),
            *self._from_properties("datepublished", "datecreated", "date", "created", "issued"),
            *single("json-ld.dateCreated", self.json_ld.first("dateCreated")),
            *time_elements(self.page, self.surroundings),
        ]

    def shown_dates(self) -> Iterator[Candidate]:
        """Raw dates that stand on the page or in its URL, for pages that declare none."""
        return chain(visible_dates(self.surroundings), date_in_url(self.url))

    def modified(self) -> list[Candidate]:
        """Raw times of the last change."""
        return [
            *single("hints.modified", self.hints.modified),
            *single("json-ld.dateModified", self.json_ld.first("dateModified")),
            *self._from_meta(MODIFIED_META),
            *self._from_properties("datemodified"),
        ]

    def titles(self, fit: Fit | None) -> list[Candidate]:
        """Raw headlines."""
        return [
            *layout(self, fit, "title"),
            *single("hints.title", self.hints.title),
            *single("json-ld.headline", self.json_ld.first("headline")),
            *(self._heading(text) for text in self._headings()),
            *self._from_meta(("og:title", "twitter:title", "dc.title", "title")),
            *single("html.title", self.metadata.html_title),
        ]

    def _heading(self, text: str) -> Candidate:
        """A heading; where the markup parts its kicker, with both parts."""
        kicker = self.metadata.kickers.get(text, "")
        return Candidate("html.h1", text, (kicker, text[len(kicker) :].lstrip(BEHIND_KICKER)) if kicker else ())

    def _headings(self) -> list[str]:
        """Top headings that can be the article's: those of which the page's declared titles know, or an only one."""
        declared = [self.metadata.first("og:title"), self.metadata.first("twitter:title"), self.metadata.html_title]
        known = [squeezed(title) for title in declared if title]
        headings = [text for text in self.metadata.headings if len(text) < MAX_TITLE_CHARS]
        agreed = [
            text for text in headings if len(squeezed(text)) > 5 and any(squeezed(text) in title for title in known)
        ]
        agreed.sort(key=lambda text: squeezed(text) not in known)  # the site's name is in its titles too, but no title
        return agreed or (headings if len(headings) == 1 and len(headings[0]) > 12 else [])

    def standfirsts(self, fit: Fit | None) -> list[Candidate]:
        """Raw standfirsts."""
        return [
            *layout(self, fit, "standfirst"),
            *single("hints.standfirst", self.hints.standfirst),
            *single("json-ld.description", text_value(self.json_ld.article.get("description"))),
            *self._from_meta(("og:description", "description", "twitter:description", "dc.description")),
        ]

    def authors(self, fit: Fit | None) -> list[Candidate]:
        """Raw authors: lists where the page gives one, else bylines."""
        named = [text_value(self.json_ld.followed(value)) for value in as_list(self.json_ld.article.get("author"))]
        return [
            *layout(self, fit, "byline"),
            *listed("hints.authors", self.hints.authors),
            *listed("json-ld.author", named),
            *self._authors_from_meta(),
            *self._from_properties("author", "creator"),
            *self.near_bylines,
        ]

    def far_bylines(self) -> list[Candidate]:
        """Bylines that stand far from the headline, for pages that credit no person otherwise."""
        return list(far_bylines(self.surroundings))

    def bodies(self) -> frozenset[str]:
        """Names of authors that JSON-LD calls organizations."""
        nodes = [self.json_ld.followed(value) for value in as_list(self.json_ld.article.get("author"))]
        named = (node for node in nodes if isinstance(node, Mapping))
        return frozenset(text_value(node) for node in named if any("Organization" in kind for kind in types_of(node)))

    def _authors_from_meta(self) -> Iterator[Candidate]:
        """Authors in meta elements, of which a page may have one for each person; links to profiles are left out."""
        others = [name for name in self.metadata.meta if name not in AUTHOR_META and AUTHOR_NAME.search(name)]
        for name in (*AUTHOR_META, *others):
            values = [value for value in self.metadata.meta.get(name, ()) if not value.startswith("http")]
            yield from listed(meta_source(name), dict.fromkeys(values))
        if WRITTEN_BY.search(self.metadata.first("twitter:label1") or ""):
            yield from single("twitter:data1", self.metadata.first("twitter:data1"))

    def bylines(self, fit: Fit | None) -> list[Candidate]:
        """Bylines as the page shows them."""
        return [*layout(self, fit, "byline"), *self.near_bylines]

    def sections(self, fit: Fit | None) -> list[Candidate]:
        """Raw names of the section."""
        return [
            *layout(self, fit, "section"),
            *single("hints.section", self.hints.section),
            *single("json-ld.articleSection", self.json_ld.first("articleSection")),
            *self._from_meta(SECTION_META),
        ]

    def tags(self, fit: Fit | None) -> list[Candidate]:
        """Raw tags, as lists."""
        tags_of_layout = fit.texts(self.tree, "tags") if fit else []
        keywords = [part for text in self.json_ld.texts("keywords") for part in text.split(",")]
        found = [
            *listed(fit.source("tags") if fit else "", tags_of_layout),
            *listed("hints.tags", self.hints.tags),
            *listed("json-ld.keywords", keywords),
        ]
        for name in TAGS_META:
            values = [part for text in self.metadata.meta.get(name, ()) for part in text.split(",")]
            found += listed(meta_source(name), values)
        return found

    def images(self) -> list[Candidate]:
        """Raw image URLs, absolute."""
        named = [image_of(self.json_ld.followed(value)) for value in as_list(self.json_ld.article.get("image"))]
        raws = [
            *listed("json-ld.image", [url for url in named if url][:1]),
            *self._from_meta(("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")),
            *single("hints.image_url", self.hints.image_url),
        ]
        return [Candidate(found.source, absolute(self.metadata.base_url, found.raw)) for found in raws]

    def languages(self) -> list[Candidate]:
        """Raw declared languages."""
        return [
            *single("html.lang", self.metadata.language),
            *single("json-ld.inLanguage", self.json_ld.first("inLanguage")),
            *self._from_meta(("og:locale", "language", "dc.language")),
            *single("hints.language", self.hints.language),
        ]

    def _from_meta(self, names: tuple[str, ...]) -> list[Candidate]:
        return [
            Candidate(meta_source(name), value)
            for name in names
            for value in self.metadata.meta.get(name, ())[:1]
            if value
        ]

    def _from_properties(self, *names: str) -> list[Candidate]:
        return [Candidate(f"itemprop.{name}", value) for name in names for value in self.properties.get(name, ())[:2]]


def hear(tree: HtmlElement, *, url: str, hints: Hints, outlet: Outlet) -> Witnesses:
    """Read what a page declares."""
    page = take_inventory(tree)
    metadata = read_metadata(tree, url, page)
    title = metadata.first("og:title") or next(iter(metadata.headings), "") or metadata.html_title
    declared = (metadata.first("og:title"), metadata.first("twitter:title"), metadata.html_title)
    surroundings = surroundings_of(page, " ".join(filter(None, declared)))
    return Witnesses(
        tree=tree,
        url=url,
        hints=hints,
        outlet=outlet,
        metadata=metadata,
        json_ld=read_json_ld(page.named("script"), url, title),
        page=page,
        surroundings=surroundings,
        properties=read_properties(surroundings.near()),
        near_bylines=tuple(near_bylines(surroundings)),
    )


def layout(witnesses: Witnesses, fit: Fit | None, field: str) -> list[Candidate]:
    """What the layout's rule for a field finds; several texts are one list."""
    return listed(fit.source(field), fit.texts(witnesses.tree, field)) if fit else []


def meta_source(name: str) -> str:
    """``og:title`` and ``article:...`` by their names, other meta elements with a prefix."""
    return name if ":" in name else f"meta.{name}"


def image_of(value: object) -> str:
    """The URL of an image, which schema.org lets be a text, a list or an ImageObject."""
    if isinstance(value, dict):
        return text_value(value.get("url") or value.get("contentUrl") or value.get("@id") or "")
    return text_value(value)


def time_elements(page: Inventory, surroundings: Surroundings) -> Iterator[Candidate]:
    """Machine-readable times of the visible page: those that the markup calls published, then the first others."""
    found = [element for element in page.named("time")[:30] if element.get("datetime")]
    marked = [
        element for element in found if "pub" in (element.get("class") or "") or element.get("pubdate") is not None
    ]
    for element in dict.fromkeys([*marked, *found[:2]]):
        classes = (element.get("class") or "").lower()
        if "updated" not in classes and "modif" not in classes and not surroundings.stands_elsewhere(element):
            yield Candidate("html.time", folded(element.get("datetime")))


CLOSED = frozenset({"false", "no", "0", "locked"})
"""What markup says of an article that not everybody may read."""


def free_from(witnesses: Witnesses) -> tuple[bool, Candidate | None]:
    """Whether the article is free to read, with the markup that says so; free where nothing says anything."""
    declared = [
        Candidate("json-ld.isAccessibleForFree", str(value))
        for part in (witnesses.json_ld.article, witnesses.json_ld.page)
        for value in as_list(part.get("isAccessibleForFree"))
    ]
    tier = witnesses.metadata.first("article:content_tier", "og:article:content_tier")
    declared += [Candidate("article:content_tier", tier)] if tier else []
    closed = next((found for found in declared if found.raw.lower().rsplit("/", 1)[-1] in CLOSED), None)
    return closed is None, closed or next(iter(declared), None)
