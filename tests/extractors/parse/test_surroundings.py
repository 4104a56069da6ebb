from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from extractors.parse.inventory import take_inventory
from extractors.parse.surroundings import Surroundings, surroundings_of

TITLE = "Harbor reopens after eleven weeks"
MARK = '<b id="it">It</b>'


def page(markup: str) -> Surroundings:
    """A page's surroundings."""
    return surroundings_of(take_inventory(document_fromstring(f"<html><body>{markup}</body></html>")), TITLE)


@pytest.mark.parametrize(
    ("markup", "heading"),
    [
        (f"<h1>Harbor</h1><h1>{TITLE}</h1>", 1),
        (f"<h1>Most read</h1><h1>{TITLE}</h1>", 1),
        ("<h1>Another headline</h1>", 0),
        ("<h1>One</h1><h1>Two</h1>", None),
        (f"<h3>News</h3><h4>{TITLE}</h4>", 1),
        ("<h3>Harbor</h3>", None),
    ],
)
def test_the_headlines_element(markup: str, heading: int | None) -> None:
    """The longest top heading that the titles know, an only one, or without any a lower one."""
    seen = page(markup)
    headings = [each for each in seen.page.elements if str(each.tag)[0] == "h" and str(each.tag)[1:].isdigit()]
    assert seen.heading is (headings[heading] if heading is not None else None)


@pytest.mark.parametrize(
    ("markup", "is_elsewhere"),
    [
        (f"<main><h1>{TITLE}</h1><div>{MARK}</div></main>", False),
        (f'<div class="has-sidebar"><h1>{TITLE}</h1><i></i><div>{MARK}</div></div>', False),
        (f"<form><h1>{TITLE}</h1><i></i><div>{MARK}</div></form>", False),
        (f'<h1>{TITLE}</h1><div class="teaser__meta">{MARK}</div>', False),
        (f'<h1>{TITLE}</h1><i></i><div class="teaser__meta">{MARK}</div>', True),
        (f'<h1>{TITLE}</h1><div class="comments">{MARK}</div>', True),
        (f"<h1>{TITLE}</h1><aside>{MARK}</aside>", True),
        (f'<h1>{TITLE}</h1><footer class="entry-meta">{MARK}</footer>', False),
        (f"<h1>{TITLE}</h1><footer>{MARK}</footer>", True),
        (f"<h1>{TITLE}</h1><article>{MARK}</article>", False),
        (f"<h1>{TITLE}</h1><article><article>{MARK}</article></article>", True),
        (f'<h1>{TITLE}</h1><i></i><div><h3><a href="/2">Another</a></h3>{MARK}</div>', True),
    ],
)
def test_where_an_element_stands(markup: str, is_elsewhere: bool) -> None:
    """What holds the headline is the article's, and so is what stands right behind it; asked twice, the same."""
    seen = page(markup)
    element = next(each for each in seen.page.elements if each.get("id") == "it")
    assert [seen.stands_elsewhere(element), seen.stands_elsewhere(element)] == [is_elsewhere, is_elsewhere]
