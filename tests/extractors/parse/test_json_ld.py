from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring
from quality.made_pages import PAGE_URL

from extractors.parse.json_ld import JsonLd, read_json_ld

TITLE = "Harbor reopens after eleven weeks"
ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-02T09:00:00Z"}


def read(*scripts: str, url: str = PAGE_URL) -> JsonLd:
    """Read a page with these scripts."""
    elements = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    tree = document_fromstring(f"<html><head>{elements}</head><body></body></html>")
    return read_json_ld(list(tree.iter("script")), url, TITLE)


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(ARTICLE),
        json.dumps([{"@type": "BreadcrumbList"}, ARTICLE]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps(ARTICLE | {"@type": ["Article", "https://schema.org/NewsArticle"]}),
        "<!--" + json.dumps(ARTICLE) + "-->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE) + ";",
        json.dumps({"@type": "WebSite"}) + "\n" + json.dumps(ARTICLE),
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE)[:-1] + ', "articleBody": "with a "quotation" inside"}',
        json.dumps(ARTICLE)[:-1] + ', "description": "a\nbreak\tand tab"}',
    ],
)
def test_the_article_is_found_however_it_is_written(script: str) -> None:
    """Graphs, arrays, nesting, wrapped comments, trailing commas, several objects, raw breaks, unescaped quotes."""
    found = read(script)
    assert found.first("headline") == TITLE
    assert found.first("datePublished") == "2026-03-02T09:00:00Z"


def test_of_several_articles_the_one_of_this_page() -> None:
    """By its URL, else by its headline; teasers of others do not count."""
    other = {"@type": "NewsArticle", "headline": "Another day", "url": "https://www.gazette.example/news/another"}
    own = {"@type": "NewsArticle", "headline": "Harbour open", "mainEntityOfPage": {"@id": f"{PAGE_URL}?utm=1"}}
    assert read(json.dumps([other, own])).first("headline") == "Harbour open"
    assert read(json.dumps([other, ARTICLE])).first("headline") == TITLE
    teasers = [other, {**other, "headline": "A third", "url": "https://www.gazette.example/news/third"}]
    assert read(json.dumps(teasers)).article == {}


def test_an_address_that_cannot_be_one_costs_nothing_else() -> None:
    """Found by damaging pages: of several articles one has an address such as ``http://[x``."""
    first, second = (dict(ARTICLE, headline=name, url="http://[x/story") for name in ("The ferry", "The mill"))
    assert read(json.dumps([first, second])).article == first


def test_references_are_followed() -> None:
    """Yoast and others name the author once and refer to it."""
    graph = [ARTICLE | {"author": {"@id": "#rula"}}, {"@type": "Person", "@id": "#rula", "name": "Rula Sabbagh"}]
    assert read(json.dumps({"@graph": graph})).first("author") == "Rula Sabbagh"


def test_the_pages_node_fills_what_the_articles_leaves_open() -> None:
    """Dates are often on the WebPage."""
    page = {"@type": "WebPage", "url": PAGE_URL, "dateModified": "2026-03-03T09:00:00Z"}
    assert read(json.dumps([ARTICLE, page])).first("dateModified") == "2026-03-03T09:00:00Z"


def test_entities_are_decoded_even_when_they_were_encoded_twice() -> None:
    """CMS filters escape what the template escapes again."""
    assert read(json.dumps(ARTICLE | {"headline": "Rock &amp;amp; roll &quot;live&quot;"})).first("headline") == (
        'Rock & roll "live"'
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "author", "url", "headline", "mainEntityOfPage"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(json_values)
def test_any_json_is_read(value: Any) -> None:
    """Types of values are not relied on."""
    found = read(json.dumps(value))
    for name in ("headline", "author", "datePublished", "keywords"):
        assert all(isinstance(text, str) for text in found.texts(name))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """A script that is no JSON yields what simple fields it has, or nothing."""
    read(text.replace("<", ""))
