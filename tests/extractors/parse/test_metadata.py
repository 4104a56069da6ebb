from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from quality.made_pages import PAGE_URL

from extractors.parse.metadata import read_metadata, read_properties

PAGE = """<html lang="en-GB"><head><title>Harbor | Gazette</title>
<meta property="og:title" content=" Harbor  reopens "><meta name="og:title" content="Second">
<meta name="Author" content="Rula Sabbagh"><meta itemprop="datePublished" content="2026-03-02">
<link rel="canonical alternate" href="/news/harbor"><link rel="shortlink" href="https://www.gazette.example/node/12">
</head><body><h1>Harbor<br>reopens</h1>
<span itemprop="author"><b>Rula</b> Sabbagh</span><time itemprop="dateModified" datetime="2026-03-03">Tuesday</time>
</body></html>"""


def test_declared_values() -> None:
    """Names in any case and by any attribute; relative links made absolute; microdata by its machine-readable value."""
    tree = document_fromstring(PAGE)
    found = read_metadata(tree, PAGE_URL)
    assert found.first("og:title") == "Harbor reopens"
    assert found.first("missing", "author") == "Rula Sabbagh"
    assert found.link("canonical") == "https://www.gazette.example/news/harbor"
    assert found.link("amphtml") is None
    assert found.headings == ("Harbor reopens",)
    assert read_properties(tree.iter("*")) == {"author": ("Rula Sabbagh",), "datemodified": ("2026-03-03",)}
    assert (found.language, found.html_title) == ("en-GB", "Harbor | Gazette")


@pytest.mark.parametrize("head", ['<base href="https://cdn.example/x/">', '<base href="">', ""])
def test_a_base_element_moves_relative_links(head: str) -> None:
    """As browsers resolve them."""
    tree = document_fromstring(f"<html><head>{head}<link rel='canonical' href='a'></head><body>x</body></html>")
    expected = "https://cdn.example/x/a" if "cdn" in head else "https://www.gazette.example/news/a"
    assert read_metadata(tree, PAGE_URL).link("canonical") == expected


def test_rdfa_is_read_as_microdata_is() -> None:
    """Properties without their prefix, by content or text."""
    body = (
        '<span property="schema:author">Rula Sabbagh</span><span property="dc:date" content="2026-03-02">Monday</span>'
    )
    found = read_properties(document_fromstring(f"<body>{body}</body>").iter("*"))
    assert found == {"author": ("Rula Sabbagh",), "date": ("2026-03-02",)}


@pytest.mark.parametrize(
    ("heading", "kicker"),
    [
        ('<span class="article__kicker">Port Amal</span> <span>Truce holds</span>', "Port Amal"),
        ('<span class="dachzeile">Port Amal</span>', None),
        ('<span>Truce holds</span> <span class="kicker">Port Amal</span>', None),
        ("Truce holds", None),
    ],
)
def test_a_kicker_in_a_heading(heading: str, kicker: str | None) -> None:
    """What the markup calls one and the heading begins with, unless it is all of it."""
    found = read_metadata(document_fromstring(f"<body><h1>{heading}</h1></body>"), PAGE_URL)
    assert list(found.kickers.values()) == ([kicker] if kicker else [])
