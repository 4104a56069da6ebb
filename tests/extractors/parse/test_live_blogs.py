from __future__ import annotations

import json
from typing import Any

from quality.made_pages import make_page, read_article

from extractors.parse.json_ld import JsonLd
from extractors.parse.live_blogs import live_lines

FIRST = {
    "@type": "BlogPosting",
    "datePublished": "2026-03-16T08:15:00+03:00",
    "headline": "Stations open",
    "articleBody": "<p>The first voters stood in line before dawn.</p><p>Two stations opened late.</p>",
}
SECOND = {
    "@type": "BlogPosting",
    "datePublished": "2026-03-16T14:00:00+03:00",
    "articleBody": "Turnout reached a third.",
}
LINES = [
    "2026-03-16 05:15 UTC",
    "Stations open",
    "The first voters stood in line before dawn.",
    "Two stations opened late.",
    "2026-03-16 11:00 UTC",
    "Turnout reached a third.",
]


def live_blog(*updates: object, kind: str = "LiveBlogPosting") -> JsonLd:
    """What a page with these entries declares."""
    return JsonLd(article={"@type": kind, "headline": "The vote, hour by hour", "liveBlogUpdate": list(updates)})


def test_entries_stand_in_the_order_of_time() -> None:
    """Whichever way the page lists them: a new entry adds lines at the end."""
    assert live_lines(live_blog(SECOND, FIRST), None) == LINES
    assert live_lines(live_blog(FIRST, SECOND), None) == LINES


def test_entries_without_a_time_keep_the_pages_order() -> None:
    """Nothing is known of theirs, so nothing is moved."""
    undated = {"@type": "BlogPosting", "articleBody": "Counting has begun."}
    assert live_lines(live_blog(SECOND, undated, FIRST), None) == [*LINES[4:], "Counting has begun.", *LINES[:4]]


def test_a_time_without_zone_is_in_the_outlets() -> None:
    """As everywhere."""
    entry: dict[str, Any] = {**SECOND, "datePublished": "2026-03-16T14:00:00"}
    assert live_lines(live_blog(entry), "Asia/Damascus")[0] == "2026-03-16 11:00 UTC"


def test_a_headline_that_the_text_repeats_stands_once() -> None:
    """Some entries open with their headline."""
    entry = {**SECOND, "headline": "Turnout reached a third"}
    assert live_lines(live_blog(entry), None) == LINES[4:]


def test_what_is_no_live_blog_or_has_no_entries_has_no_lines() -> None:
    """The verdict says what such a page is."""
    assert live_lines(live_blog(FIRST, kind="NewsArticle"), None) == []
    assert live_lines(live_blog(), None) == []
    assert live_lines(live_blog({"@type": "BlogPosting"}, "x", None), None) == []


def test_a_live_blog_is_one_article_of_its_entries() -> None:
    """Its text is what the page tells machines, not the few entries that stand in its markup."""
    title = "The vote, hour by hour"
    node = {"@type": "LiveBlogPosting", "headline": title, "liveBlogUpdate": [SECOND, FIRST]}
    head = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    page = make_page(f"<h1>{title}</h1><p>Turnout reached a third.</p>", head=head, title=title)
    found = read_article(page)
    assert found.text.split("\n") == LINES
    assert {f.source for f in found.provenance if f.field == "text"} == {"json-ld.liveBlogUpdate"}
