"""JSON Feed 1.0 and 1.1 into items (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from extractors.discover.listings import Item
from extractors.discover.markup import fold, markup_of, standfirst_of
from extractors.errors import DiscoverError, Reason
from extractors.records import Hints

VERSION = re.compile(r"jsonfeed\.org/version|^1(?:\.[01])?$")


def read_json_feed(body: bytes, *, url: str) -> list[Item]:
    """Read a JSON feed.

    Members of a wrong type are passed over, as the specification asks of readers.

    Args:
        body: The decoded response.
        url: Where it came from; relative links are relative to it.

    Raises:
        DiscoverError: ``feed_parse_error`` for what is no JSON, ``not_a_feed`` for JSON that is no feed.
    """
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DiscoverError(Reason.FEED_PARSE_ERROR, url, f"is not JSON: {error}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise DiscoverError(Reason.NOT_A_FEED, url, "JSON without a list of items")
    if not VERSION.search(text_of(feed, "version")):
        raise DiscoverError(Reason.NOT_A_FEED, url, "JSON that does not say which version of JSON Feed it is")
    shared = text_of(feed, "language") or None
    # what is no item was listed all the same: it becomes an outcome
    return [
        read_item(item, url=url, language=shared) if isinstance(item, dict) else Item(url=None)
        for item in feed["items"]
    ]


def read_item(item: Mapping[str, Any], *, url: str, language: str | None) -> Item:
    """One item; times stay as they were written."""
    body_html = text_of(item, "content_html") or markup_of(text_of(item, "content_text")) or None
    image = text_of(item, "image") or text_of(item, "banner_image")
    hints = Hints(
        title=fold(text_of(item, "title")) or None,
        standfirst=standfirst_of(fold(text_of(item, "summary")), body_html),
        body_html=body_html,
        language=text_of(item, "language") or language,
        authors=tuple(dict.fromkeys(read_authors(item))),
        published=text_of(item, "date_published") or None,
        modified=text_of(item, "date_modified") or None,
        tags=tuple(dict.fromkeys(fold(tag) for tag in list_of(item, "tags") if isinstance(tag, str) and tag.strip())),
        image_url=resolve(url, image) if image else None,
    )
    guid = text_of(item, "id")
    as_guid = guid if re.match(r"https?://", guid, re.IGNORECASE) else ""
    # external_url is the page that a link blog talks about; only an item without a page of its own leads there
    address = text_of(item, "url") or as_guid or text_of(item, "external_url")
    return Item(url=resolve(url, address) if address else None, guid=guid or None, hints=hints)


def resolve(base: str, address: str) -> str:
    """An address relative to the feed's, or as it came where it cannot be read."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def read_authors(item: Mapping[str, Any]) -> Iterator[str]:
    """Names in ``authors`` (1.1) and ``author`` (1.0)."""
    for author in [*list_of(item, "authors"), item.get("author")]:
        if isinstance(author, dict) and (name := fold(text_of(author, "name"))):
            yield name


def text_of(record: Mapping[str, Any], key: str) -> str:
    """A member that should be text; ids come as numbers too."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def list_of(record: Mapping[str, Any], key: str) -> list[Any]:
    """A member that should be a list."""
    value = record.get(key)
    return value if isinstance(value, list) else []
