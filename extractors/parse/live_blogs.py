"""A page's LiveBlogPosting -> its entries as lines, oldest first, each under its time (schema.org/LiveBlogPosting)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from extractors.normalize.texts import squeezed
from extractors.normalize.timestamps import parse_timestamp
from extractors.parse.json_ld import JsonLd, Node, as_list, text_value, types_of
from extractors.parse.testimony import without_markup

MAX_ENTRIES = 1_000
EARLIEST = datetime.min.replace(tzinfo=UTC)


def is_live_blog(json_ld: JsonLd) -> bool:
    """Whether the page calls itself a live blog."""
    return "LiveBlogPosting" in types_of(json_ld.article)


def live_lines(json_ld: JsonLd, zone: str | None) -> list[str]:
    """Read the entries of a live blog.

    Oldest first, whichever way the page shows them, so that a new entry adds lines at the end and moves none.

    Args:
        json_ld: The page's JSON-LD.
        zone: The outlet's IANA zone, for times written without one.

    Returns:
        Of each entry its time in UTC where it has one, its headline and its paragraphs; nothing where the page is no
        live blog or its entries come by script.
    """
    if not is_live_blog(json_ld):
        return []
    updates = [json_ld.followed(update) for update in as_list(json_ld.article.get("liveBlogUpdate"))[:MAX_ENTRIES]]
    entries = [(time_of(update, zone), list(words_of(update))) for update in updates if isinstance(update, Mapping)]
    if sum(at is not None for at, _ in entries) == len(entries):
        entries.sort(key=lambda entry: entry[0] or EARLIEST)
    return [line for at, words in entries if words for line in (*stamp(at), *words)]


def time_of(update: Node, zone: str | None) -> datetime | None:
    """When an entry was published, where it says a time of day."""
    read = parse_timestamp(text_value(update.get("datePublished")), default_zone=zone)
    return read[0] if read and read[1] != "day" else None


def stamp(at: datetime | None) -> tuple[str, ...]:
    """The line above an entry."""
    return (f"{at:%Y-%m-%d %H:%M} UTC",) if at else ()


def words_of(update: Node) -> Iterator[str]:
    """An entry's headline and paragraphs."""
    headline = without_markup(text_value(update.get("headline")))
    paragraphs = [line for line in without_markup(text_value(update.get("articleBody"))).split("\n") if line.strip()]
    if headline and (not paragraphs or squeezed(headline) not in squeezed(paragraphs[0])):
        yield headline
    yield from paragraphs
