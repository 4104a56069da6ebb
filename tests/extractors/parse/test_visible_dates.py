from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from quality.made_pages import make_capture, make_page, paragraphs, read_article

from extractors.parse.inventory import take_inventory
from extractors.parse.surroundings import surroundings_of
from extractors.parse.visible_dates import date_in_url, visible_dates

TITLE = "Harbor reopens after eleven weeks"


@pytest.mark.parametrize(
    ("markup", "raws"),
    [
        ("<div>3 March 2026</div>", ["3 March 2026"]),
        ("<div>By <a>Rula Sabbagh</a> on 3 March 2026</div>", ["on 3 March 2026"]),
        ("<div>Updated: 4 March 2026</div><div>3 March 2026</div>", ["3 March 2026"]),
        ('<div class="last-modified">4 March 2026</div>', []),
        ("<div>٣ آذار ٢٠٢٦</div>", ["٣ آذار ٢٠٢٦"]),
        ("<aside>3 March 2026</aside>", []),
        ("<p>" + "The harbor had been closed since the storm of 3 January 2026. " * 2 + "</p>", []),
    ],
)
def test_dates_beside_the_headline(markup: str, raws: list[str]) -> None:
    """Short lines with a date near the headline, without those that speak of a change or stand elsewhere."""
    tree = document_fromstring(f"<body><h1>{TITLE}</h1>{markup}{paragraphs()}<p>© 2026</p></body>")
    assert [found.raw for found in visible_dates(surroundings_of(take_inventory(tree), TITLE))] == raws


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/03/02/harbor", "2026-03-02"),
        ("/news/2026-03-02-harbor", "2026-03-02"),
        ("/news/20260302-harbor", "2026-03-02"),
        ("/news/harbor-1920260302", None),
        ("/news/2026/13/02/harbor", None),
        ("/news/harbor", None),
    ],
)
def test_the_day_in_a_url(path: str, day: str | None) -> None:
    """Only a whole day that is set apart."""
    found = list(date_in_url(f"https://www.gazette.example{path}"))
    assert [candidate.raw for candidate in found] == ([day] if day else [])


def test_a_page_that_declares_no_date_has_the_one_that_it_shows() -> None:
    """The date on the page goes before the one in its URL; a declared one before both."""
    shown = make_page(f"<article><h1>{TITLE}</h1><p>1 March 2026, 14:05</p>{paragraphs()}</article>")
    capture = make_capture("https://www.gazette.example/2026/03/02/harbor")
    article = read_article(shown, capture=capture)
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_precision) == ("2026-03-01T14:05:00+00:00", "minute")
    declared = shown.replace("<head>", '<head><meta property="article:published_time" content="2026-02-28">')
    assert str(read_article(declared, capture=capture).published_at).startswith("2026-02-28")
    bare = read_article(make_page(), capture=capture)
    assert (str(bare.published_at)[:10], bare.published_precision) == ("2026-03-02", "day")
