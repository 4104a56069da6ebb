"""Where an element stands on a page: behind the article's headline, or in a teaser, a comment, a side column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from extractors.normalize.texts import squeezed
from extractors.parse.elements import text_of

TEASER_ELEMENTS = 40
ELSEWHERE = re.compile(
    r"comment|sidebar|widget|related|recommend|teaser|popular|most-?read|footer|newsletter|promo(?!ted)|recent|trending|"
    r"read-?more|outbrain|taboola|pinglist|breadcrumb|disqus|carousel|latest",
    re.IGNORECASE,
)
APART = frozenset(("aside", "nav", "footer", "figure", "figcaption", "form", "select", "blockquote", "dialog"))
PAGE = frozenset(("html", "body", "main", "article"))
HEADINGS = frozenset(("h2", "h3", "h4"))


def heading_of(tree: HtmlElement, headline: str) -> HtmlElement | None:
    """The top heading that begins as the page's headline does, or an only one."""
    headings = list(islice(tree.iter("h1"), 10))
    words = squeezed(headline)
    for heading in headings:
        text = squeezed(text_of(heading))[:30]
        if text and text in words:
            return heading
    return headings[0] if len(headings) == 1 else None


def elements_after(element: HtmlElement) -> Iterator[HtmlElement]:
    """Elements behind an element in the order of the page."""
    node: HtmlElement | None = element
    while node is not None:
        for sibling in node.itersiblings():
            yield from sibling.iter()
        node = node.getparent()


def elements_before(element: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that stand above an element in the blocks around it, nearest blocks first."""
    node: HtmlElement | None = element
    for _ in range(4):
        if node is None or node.tag in PAGE:
            return
        for sibling in node.itersiblings(preceding=True):
            yield from sibling.iter()
        node = node.getparent()


def stands_elsewhere(element: HtmlElement, headline: str) -> bool:
    """Whether an element belongs to a teaser, a comment or what stands beside the article."""
    for parent in islice(chain([element], element.iterancestors()), 13):
        if parent.tag in APART:
            return True
        if parent.tag in PAGE:
            continue
        if parent is not element and ELSEWHERE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
        if is_teaser(parent, headline):
            return True
    return False


def is_teaser(block: HtmlElement, headline: str) -> bool:
    """Whether a small block holds a heading that leads elsewhere, as the announcement of another article does."""
    if next(islice(block.iter(), TEASER_ELEMENTS, None), None) is not None:
        return False
    for heading in block.iter(*HEADINGS):
        parent = heading.getparent()
        if (parent is not None and parent.tag == "a") or heading.find(".//a[@href]") is not None:
            return squeezed(text_of(heading)) not in squeezed(headline)
    return False
