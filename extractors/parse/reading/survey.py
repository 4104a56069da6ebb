"""A page's tree -> where its long texts stand, and which of its elements are none of the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from extractors.parse.elements import INLINE, is_hidden
from extractors.parse.placing import HEADINGS, WORDS, is_foreign

LONG_TEXTS = etree.XPath("//body/descendant::text()[string-length(.) > 40 and not(parent::script or parent::style)]")

WITHOUT_TEXT = frozenset((
    "script", "style", "noscript", "template", "textarea", "option", "select", "svg", "button", "title", "head",
    "iframe",
))  # fmt: skip
HEADING_WEIGHT = 0.1
ITEM_WEIGHT = 0.5

GREATEST_SHARE = 0.35
"""An element with more of the page's long texts than this is no box beside an article, whatever it is called."""

TEASER_CHARS = 400
TEASER_SHARE = 0.2
TEASER_LEVELS = 6
"""A teaser has no more text than this, at most this share of the page's, and is so far around its heading."""

PATH_LEVELS = 60
"""Elements further around a block are not weighed by it; pages nested deeper are made to exhaust their readers."""

NAMES_BESIDE = frozenset((
    "comment", "commentlist", "commentbody", "sidebar", "byline", "timestamp", "meta", "menu", "nav", "modal", "banner",
    "ad", "ads", "tags", "avatar", "credits", "credit", "image", "photo", "picture", "img", "gallery", "pic", "picbox",
    "tooltip", "tooltips", "login", "register",
))  # fmt: skip
"""More words in classes and ids of what stands beside an article, of which trafilatura takes care by itself."""

COMMENTS = re.compile(
    r"(?:(?:post|article|user|reader|wp|fb)[-_]?)?comments?(?:[-_]?(?:list|area|section|wrap|wrapper|thread|container|block|box))?",
    re.IGNORECASE,
)
COMMENTS_SHARE = 0.6
"""Names of what holds the readers' comments, and the share of the page's long texts up to which they are believed."""

HIDDEN_NAMES = frozenset((
    "hidden", "is-hidden", "visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "d-none",
))  # fmt: skip
SHOWN_AGAIN = (":block", ":flex", ":grid", "-block", "-flex", "-grid")


@dataclass(frozen=True, slots=True)
class Block:
    """An element in which long texts stand directly, with itself and the elements around it, innermost first."""

    element: HtmlElement
    path: tuple[HtmlElement, ...]
    chars: int
    is_link: bool

    @property
    def weight(self) -> float:
        """How much the block says about where the article stands."""
        tag = self.element.tag
        factor = HEADING_WEIGHT if tag in HEADINGS or tag == "h1" else ITEM_WEIGHT if tag == "li" else 1.0
        return self.chars * factor


@dataclass(frozen=True, slots=True)
class Survey:
    """A page's long texts in the order of the page."""

    blocks: tuple[Block, ...]
    chars: int
    chars_in: dict[HtmlElement, int]
    foreign: dict[HtmlElement, bool] = field(repr=False)

    @classmethod
    def of(cls, tree: HtmlElement) -> Survey:
        """Look over a page."""
        blocks = tuple(blocks_of(tree))
        chars_in: dict[HtmlElement, int] = {}
        for block in blocks:
            for element in block.path:
                chars_in[element] = chars_in.get(element, 0) + block.chars
        survey = cls(blocks, sum(block.chars for block in blocks), chars_in, {})
        survey._know_headline(tree)
        survey._know_teasers(tree)
        return survey

    def is_foreign(self, element: HtmlElement) -> bool:
        """Whether an element, or one around it, is none of the article's."""
        known = self.foreign.get(element)
        if known is not None:
            return known
        unknown = [element]
        is_inside = False
        for ancestor in element.iterancestors():
            known = self.foreign.get(ancestor)
            if known is not None:
                is_inside = known
                break
            unknown.append(ancestor)
        for one in reversed(unknown):
            is_inside = is_inside or self._stands_beside(one)
            self.foreign[one] = is_inside
        return is_inside

    def _stands_beside(self, element: HtmlElement) -> bool:
        chars = self.chars_in.get(element, 0)
        if chars <= GREATEST_SHARE * self.chars:
            return stands_beside(element)
        return chars <= COMMENTS_SHARE * self.chars and holds_comments(element)

    def _know_headline(self, tree: HtmlElement) -> None:
        """What holds the page's headline is the article's, whatever it is called."""
        for heading in islice(tree.iter("h1"), 2):
            for ancestor in heading.iterancestors():
                self.foreign[ancestor] = False

    def _know_teasers(self, tree: HtmlElement) -> None:
        """A linked heading with little text beside it is a teaser of another article."""
        longest = min(TEASER_CHARS, TEASER_SHARE * self.chars)
        for heading in tree.iter("h2", "h3", "h4"):
            if not is_linked(heading):
                continue
            for ancestor in islice(heading.iterancestors(), TEASER_LEVELS):
                is_one = len(list(islice(ancestor.iter("h2", "h3", "h4"), 2))) == 1
                if not is_one or ancestor in self.foreign or self.chars_in.get(ancestor, 0) > longest:
                    break
                self.foreign[ancestor] = True


def blocks_of(tree: HtmlElement) -> Iterator[Block]:
    """Find the elements in which long texts stand."""
    found: dict[HtmlElement, list[int]] = {}
    for carrier, chars in carriers_of(tree).items():
        block, is_link, is_text = carrier, False, carrier.tag not in WITHOUT_TEXT
        while block.tag in INLINE and (parent := block.getparent()) is not None:
            is_link = is_link or block.tag == "a"
            is_text = is_text and block.tag not in WITHOUT_TEXT
            block = parent
        if is_text:
            counts = found.setdefault(block, [0, 0])
            counts[0] += chars
            counts[1] += chars if is_link else 0
    for block, (chars, linked) in found.items():
        yield Block(block, (block, *islice(block.iterancestors(), PATH_LEVELS)), chars, linked * 2 > chars)


def carriers_of(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Elements with a long text directly in them, and the length of all text that is."""
    found = LONG_TEXTS(tree)
    carriers: dict[HtmlElement, int] = {}
    for text in found if isinstance(found, list) else ():
        # Not by an XPath step to the parents: making them unique takes libxml2 the square of their number.
        if not isinstance(text, etree._ElementUnicodeResult):  # noqa: SLF001
            continue
        beside = text.getparent()
        carrier = beside.getparent() if beside is not None and text.is_tail else beside
        if isinstance(carrier, HtmlElement) and carrier not in carriers:
            chars = len((carrier.text or "").strip()) + sum(len((child.tail or "").strip()) for child in carrier)
            carriers[carrier] = chars
    return carriers


def is_linked(heading: HtmlElement) -> bool:
    """Whether a heading is a link or holds one."""
    parent = heading.getparent()
    return next(heading.iter("a"), None) is not None or (parent is not None and parent.tag == "a")


def stands_beside(element: HtmlElement) -> bool:
    """Whether an element's tag, class or id says that it is not the article's text, or that nobody sees it."""
    if is_foreign(element) or is_hidden(element):
        return True
    names: Sequence[str] = (element.get("class") or "").split()
    if own_id := element.get("id"):
        names = [*names, own_id]
    if any(is_beside(name) for name in names):
        return True
    return any(name in HIDDEN_NAMES for name in names) and not any(is_shown(name) for name in names)


def holds_comments(element: HtmlElement) -> bool:
    """Whether an element's class or id says that the readers' comments are in it."""
    names = (*(element.get("class") or "").split(), element.get("id") or "")
    return any(COMMENTS.fullmatch(name) for name in names)


@lru_cache(maxsize=8192)
def is_beside(name: str) -> bool:
    """Whether a class or id holds a word of ``NAMES_BESIDE``."""
    return any(word.lower() in NAMES_BESIDE for word in WORDS.findall(name))


def is_shown(name: str) -> bool:
    """Whether a class shows on some screens what another one hides."""
    return name.endswith(SHOWN_AGAIN) and "print" not in name
