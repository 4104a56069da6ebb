"""One post of WordPress' REST API into an item: its address, times, excerpt, and what its terms and author are called.

Source: developer.wordpress.org/rest-api (posts, linking and embedding). Names come with the post (``_embedded``), or by
number from a look-up where a site does not embed. The content is not asked for: the page is fetched in any case, and
plugins write counters and related posts into it, which would look like edits. The page's text would gain a witness for
some megabytes a poll.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from extractors.discover.listings import Item
from extractors.discover.markup import plain_text, standfirst_of
from extractors.normalize.timestamps import parse_timestamp
from extractors.records import Hints

FIELDS = "id,date_gmt,modified_gmt,link,title,excerpt,lang,author,categories,tags,_links,_embedded"
"""``_embedded`` stays away without ``_links``; what a post type or a site does not have is passed over."""
EMBEDDED = "author,wp:term,wp:featuredmedia"

Names = Mapping[str, Mapping[int, str]]
"""Names by the route that lists them (``categories``, ``tags``, ``users``) and by number."""

NAMED_ROUTES = {"categories": "categories", "tags": "tags", "author": "users"}
"""A post's field of numbers, and the route that names them."""
NO_SECTION = frozenset(
    (
        *("uncategorized", "uncategorised", "غير مصنف", "non classé", "sin categoría", "sem categoria"),
        *("senza categoria", "allgemein", "без рубрики", "genel", "دسته‌بندی نشده"),
    )
)
"""WordPress' default category, as it is called until somebody renames it."""
NO_AUTHOR = frozenset({"admin", "administrator", "webmaster", "wordpress", "root", "editor", "مدير", "المحرر"})
"""Accounts, not people."""
LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as it was listed; ``unnamed`` holds the numbers whose names did not come with it, by their route."""

    item: Item
    unnamed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def named(self, names: Names) -> Item:
        """The item with the names that a look-up found."""
        found = {
            route: [names[route][number] for number in numbers if number in names.get(route, {})]
            for route, numbers in self.unnamed.items()
        }
        hints = replace(
            self.item.hints,
            section=self.item.hints.section or section_of(found.get("categories", [])),
            tags=self.item.hints.tags or tuple(found.get("tags", [])),
            authors=self.item.hints.authors or people(found.get("users", [])),
        )
        return replace(self.item, hints=hints)


def read_post(post: object) -> Post:
    """Read one element of a list of posts; what is no post has no address, since the site listed something."""
    if not isinstance(post, dict):
        return Post(item=Item(url=None))
    number, link, lang = post.get("id"), post.get("link"), post.get("lang")
    terms = list(terms_of(post))
    hints = Hints(
        title=rendered(post.get("title")) or None,
        standfirst=standfirst_of(rendered(post.get("excerpt")), None),
        language=lang if isinstance(lang, str) and LANGUAGE.fullmatch(lang) else None,
        # *_gmt are in UTC, so a "Z" says what the field's name says
        published=gmt(post.get("date_gmt")),
        modified=gmt(post.get("modified_gmt")),
        cms_id=str(number) if is_number(number) else None,
        section=section_of(name for taxonomy, name in terms if is_section(taxonomy)),
        tags=tuple(dict.fromkeys(name for taxonomy, name in terms if "tag" in taxonomy)),
        authors=people(plain_text(text_in(author, "name")) for author in embedded(post, "author")),
        image_url=next(images_of(post), None),
    )
    item = Item(url=link if isinstance(link, str) else None, guid=hints.cms_id and f"post {hints.cms_id}", hints=hints)
    # A site that embeds and hides its authors would hide them from a look-up too.
    return Post(item=item, unnamed={} if isinstance(post.get("_embedded"), dict) else dict(numbers_of(post)))


def rendered(value: object) -> str:
    """A field's HTML as text; some plugins give the text itself in place of ``{"rendered": ...}``."""
    html = value.get("rendered") if isinstance(value, dict) else value
    return plain_text(html) if isinstance(html, str) else ""


def gmt(value: object) -> str | None:
    """A ``*_gmt`` field with its zone; ``None`` for the zero dates that drafts and imports leave behind."""
    if not isinstance(value, str) or parse_timestamp(value) is None:
        return None
    return f"{value}Z" if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value) else value


def embedded(post: Mapping[str, Any], relation: str) -> Iterator[dict[str, Any]]:
    """What was embedded for a relation; an error that stands in its place (a hidden author) has no name and no URL."""
    groups = post.get("_embedded")
    found = groups.get(relation) if isinstance(groups, dict) else None
    for each in found if isinstance(found, list) else []:
        # terms come as one list for each taxonomy
        yield from (one for one in (each if isinstance(each, list) else [each]) if isinstance(one, dict))


def terms_of(post: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Taxonomy and name of each embedded term."""
    for term in embedded(post, "wp:term"):
        if name := plain_text(text_in(term, "name")):
            yield text_in(term, "taxonomy"), name


def is_section(taxonomy: str) -> bool:
    """Whether a taxonomy holds sections: WordPress' own, or one that a post type of its own names alike."""
    return "category" in taxonomy or "section" in taxonomy


def images_of(post: Mapping[str, Any]) -> Iterator[str]:
    """Addresses of the featured image."""
    for medium in embedded(post, "wp:featuredmedia"):
        url = text_in(medium, "source_url")
        if url and medium.get("media_type", "image") == "image":
            yield url


def section_of(names: Iterator[str] | list[str]) -> str | None:
    """The first category that somebody chose."""
    return next((name for name in names if name.casefold() not in NO_SECTION), None)


def people(names: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Names of people, each once."""
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in NO_AUTHOR))


def numbers_of(post: Mapping[str, Any]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Numbers of a post's terms and author, by the route that names them."""
    for key, route in NAMED_ROUTES.items():
        value = post.get(key)
        numbers = tuple(each for each in (value if isinstance(value, list) else [value]) if is_number(each))
        if numbers:
            yield route, numbers


def is_number(value: object) -> TypeGuard[int]:
    """Whether a value of JSON is a whole number that can be an id; ``true`` is none, and 0 means nobody."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def text_in(record: Mapping[str, Any], key: str) -> str:
    """A member that should be text."""
    value = record.get(key)
    return value if isinstance(value, str) else ""
