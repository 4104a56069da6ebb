"""Behavior of extractors.discover.json_feeds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from extractors.discover.json_feeds import read_json_feed
from extractors.discover.listings import Item
from extractors.errors import DiscoverError, Reason

URL = "https://www.example.org/feed.json"


def read(feed: Any) -> list[Item]:
    """Items of a feed served from URL."""
    return read_json_feed(json.dumps(feed).encode(), url=URL)


def feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1", **members: Any) -> dict[str, Any]:
    """A feed with items."""
    return {"version": version, "title": "Example", "items": list(items), **members}


def test_an_item_gives_all_its_hints() -> None:
    """Every member that an item has arrives, times as written."""
    (item,) = read(
        feed(
            {
                "id": 12,
                "url": "/news/a",
                "external_url": "https://elsewhere.example/",
                "title": "Ferry sails\nagain",
                "summary": "The first since May.",
                "content_html": "<p>It left at dawn.</p>",
                "date_published": "2026-03-02T10:00:00+03:00",
                "date_modified": "2026-03-02T11:00:00+03:00",
                "image": "a.jpg",
                "authors": [{"name": "Lina Haddad"}, {"url": "https://a.example/"}],
                "author": {"name": "Lina Haddad"},
                "tags": ["Sea", "Sea", 3],
            },
            language="en",
        )
    )
    assert (item.url, item.guid) == ("https://www.example.org/news/a", "12")
    hints = item.hints
    assert (hints.title, hints.standfirst) == ("Ferry sails again", "The first since May.")
    assert hints.body_html == "<p>It left at dawn.</p>"
    assert (hints.published, hints.modified) == ("2026-03-02T10:00:00+03:00", "2026-03-02T11:00:00+03:00")
    assert (hints.authors, hints.tags, hints.language) == (("Lina Haddad",), ("Sea",), "en")
    assert hints.image_url == "https://www.example.org/a.jpg"


def test_version_1_0_and_plain_content() -> None:
    """The older version has one author; text content becomes markup."""
    item = {"id": "https://www.example.org/a", "content_text": "One <1>.\n\nTwo.", "author": {"name": "Omar"}}
    (found,) = read(feed(item, version="https://jsonfeed.org/version/1"))
    assert found.url == "https://www.example.org/a"
    assert found.hints.body_html == "<p>One &lt;1&gt;.</p><p>Two.</p>"
    assert found.hints.authors == ("Omar",)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', Reason.FEED_PARSE_ERROR),
        (b"[" * 100_000, Reason.FEED_PARSE_ERROR),
        (b'{"a": "\xff"}', Reason.FEED_PARSE_ERROR),
        (b"[]", Reason.NOT_A_FEED),
        (b'{"items": []}', Reason.NOT_A_FEED),
        (b'{"code": "rest_no_route", "data": {"status": 404}}', Reason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}', Reason.NOT_A_FEED),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, reason: Reason) -> None:
    """Broken JSON, hostile nesting and other JSON are told from a feed."""
    with pytest.raises(DiscoverError) as caught:
        read_json_feed(body, url=URL)
    assert caught.value.reason == reason


def test_members_of_a_wrong_type_are_passed_over() -> None:
    """An odd item is still an item; a thing that is no object is one without a link, so that it becomes an outcome."""
    odd: dict[str, Any] = {
        "id": None,
        "url": 7,
        "title": [],
        "authors": "Lina",
        "tags": {},
        "image": {},
        "date_published": True,
    }
    item, *others = read(feed(odd, "text", None))
    assert [other.url for other in others] == [None, None]
    assert item.hints.title is None
    assert item.hints.authors == ()
    assert item.hints.published is None
