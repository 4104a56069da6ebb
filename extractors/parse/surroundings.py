"""Where an element stands on a page: behind the article's headline, or in a teaser, a comment, a side column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from lxml.html import HtmlElement

from extractors.normalize.texts import squeezed
from extractors.parse.elements import text_of
from extractors.parse.inventory import Inventory

TEASER_ELEMENTS = 40
NEAR_ABOVE, NEAR_BELOW = 60, 150
"""How far from the headline, in elements, what belongs to it is looked for at first."""

MAX_LEVELS = 13
MAX_CLASS_CHARS = 300
MAX_HEADINGS = 10
HEADING_CHARS = 30
"""How much of a top heading must be in the page's titles."""
SHORTEST_HEADING = 12
"""Letters and digits of a heading below the top level that can be known by its words alone."""

STRANGE = re.compile(
    r"comment|sidebar|widget|related|recommend|popular|most-?read|footer|newsletter|promo(?!ted)|recent|trending|"
    r"read-?more|outbrain|taboola|pinglist|breadcrumb|disqus|carousel|latest|caption|licen[cs]e|"
    r"(?:img|image|photo|picture)[-_]?(?:holder|wrapper|container|box|credit|info)",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(rf"teaser|{STRANGE.pattern}", re.IGNORECASE)
APART = frozenset(("aside", "nav", "footer", "figure", "figcaption", "form", "select", "blockquote", "dialog"))
OWN_FOOTER = re.compile(r"(?:entry|post|article)[-_]?(?:meta|footer|info)", re.IGNORECASE)
PAGE = frozenset(("html", "body", "main", "article"))
HEADINGS = ("h2", "h3", "h4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A page seen from its headline.

    ``headline_start`` and ``headline_end`` are the places of its element among the page's, the end behind its last
    inner one; both 0 without one. ``around`` are the blocks that hold the headline's element, and the block right
    behind it: whatever their classes say, they are the article's. ``verdicts`` remembers of which
    blocks it is known.
    """

    page: Inventory
    headline: str
    heading: HtmlElement | None
    headline_start: int
    headline_end: int
    around: frozenset[HtmlElement]
    verdicts: dict[HtmlElement, bool] = field(default_factory=dict)

    def below(self) -> Sequence[HtmlElement]:
        """Elements behind the headline's, in the order of the page; all of them where none is its element."""
        return self.page.elements[self.headline_end :]

    def above(self) -> Sequence[HtmlElement]:
        """Elements before the headline's, the nearest first."""
        return self.page.elements[: self.headline_start][::-1]

    def near(self) -> Sequence[HtmlElement]:
        """Elements close to the headline's, in the order of the page."""
        return self.page.elements[max(0, self.headline_start - NEAR_ABOVE) : self.headline_end + NEAR_BELOW]

    def stands_elsewhere(self, element: HtmlElement) -> bool:
        """Whether an element belongs to a teaser, a comment or what stands beside the article."""
        seen: list[HtmlElement] = []
        verdict = False
        for parent in islice(chain([element], element.iterancestors()), MAX_LEVELS):
            if parent in self.around:
                break
            known = self.verdicts.get(parent) if parent is not element else None
            if known is None:
                seen.append(parent)
                known = self._is_elsewhere(parent, element)
            if known:
                verdict = True
                break
        # What is elsewhere by a block around it is so for all between; the element's own class is not judged.
        self.verdicts.update(dict.fromkeys(seen[1:], verdict))
        return verdict

    def _is_elsewhere(self, block: HtmlElement, element: HtmlElement) -> bool:
        """Whether a block itself is no part of the article."""
        tag = block.tag
        if tag in APART:
            return not is_entry_footer(block)
        if tag in PAGE:
            return tag == "article" and next(block.iterancestors("article"), None) is not None
        if block is not element:
            named = f"{block.get('class') or ''} {block.get('id') or ''}"[:MAX_CLASS_CHARS]
            if is_elsewhere(named):
                return True
        return is_teaser(block, self.headline)


@lru_cache(maxsize=5_000)
def is_elsewhere(named: str) -> bool:
    """Whether a block's class and id say that it is no part of the article; remembered, as an outlet repeats them."""
    return ELSEWHERE.search(named) is not None


def is_entry_footer(block: HtmlElement) -> bool:
    """Whether a footer is an article's own, where many designs of WordPress have its author and day."""
    return block.tag == "footer" and OWN_FOOTER.search(block.get("class") or "") is not None


def surroundings_of(page: Inventory, headline: str) -> Surroundings:
    """Find the headline's element, and what stands around it.

    Args:
        page: The page's elements.
        headline: Its declared titles, which say which of several headings is meant.
    """
    heading = heading_of(page, headline)
    start = end = 0
    around: set[HtmlElement] = set()
    if heading is not None:
        start = page.elements.index(heading)
        end = start + 1 + sum(1 for _ in heading.iterdescendants("*"))
        around.update(heading.iterancestors())
        behind = heading.getnext()
        if behind is not None and is_own(behind, headline):
            around.add(behind)
    return Surroundings(
        page=page,
        headline=headline,
        heading=heading,
        headline_start=start,
        headline_end=end,
        around=frozenset(around),
    )


def is_own(behind: HtmlElement, headline: str) -> bool:
    """Whether the block right behind a headline is the article's; some designs call it a teaser's all the same."""
    named = f"{behind.get('class') or ''} {behind.get('id') or ''}"[:MAX_CLASS_CHARS]
    return behind.tag not in APART and not is_teaser(behind, headline) and not STRANGE.search(named)


def heading_of(page: Inventory, headline: str) -> HtmlElement | None:
    """The top heading that begins as the page's headline does, or an only one; without any, another one that does."""
    headings = page.named("h1")[:MAX_HEADINGS]
    words = squeezed(headline)
    if headings:
        # The site's name can be a heading too, and stands in the titles; the headline is longer.
        texts = [squeezed(text_of(heading)) for heading in headings]
        own = max((text for text in texts if text and text[:HEADING_CHARS] in words), key=len, default=None)
        return headings[texts.index(own)] if own else headings[0] if len(headings) == 1 else None
    for heading in (heading for name in HEADINGS for heading in page.named(name)[:MAX_HEADINGS]):
        text = squeezed(text_of(heading))
        if len(text) >= SHORTEST_HEADING and text in words:
            return heading
    return None


def elements_before(element: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that stand above an element in the blocks around it, nearest blocks first."""
    node: HtmlElement | None = element
    for _ in range(4):
        if node is None or node.tag in PAGE:
            return
        for sibling in node.itersiblings(preceding=True):
            yield from sibling.iter()
        node = node.getparent()


def is_teaser(block: HtmlElement, headline: str) -> bool:
    """Whether a small block holds a heading that leads elsewhere, as the announcement of another article does."""
    if next(block.iter(*HEADINGS), None) is None or next(islice(block.iter(), TEASER_ELEMENTS, None), None) is not None:
        return False
    for heading in block.iter(*HEADINGS):
        parent = heading.getparent()
        if (parent is not None and parent.tag == "a") or heading.find(".//a[@href]") is not None:
            return squeezed(text_of(heading)) not in squeezed(headline)
    return False
