"""A page's tree -> where its long texts stand, and which of its elements are none of the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from lxml.html import HtmlElement

from extractors.parse.elements import INLINE, is_hidden
from extractors.parse.inventory import Inventory
from extractors.parse.placing import HEADINGS, OUTSIDE_TAGS, WORDS, is_foreign_name, is_other_article

LONG_TEXT_CHARS = 40
"""A text with more characters than this, white space included, can be one of an article's paragraphs."""

WITHOUT_TEXT = frozenset((
    "script", "style", "noscript", "template", "textarea", "option", "select", "svg", "button", "title", "head",
    "iframe",
))  # fmt: skip
SCRIPTS = frozenset({"script", "style"})
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
    """An element in which long texts stand directly, with the elements around it, innermost first."""

    element: HtmlElement
    around: tuple[HtmlElement, ...]
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
    def of(cls, page: Inventory) -> Survey:
        """Look over a page."""
        blocks = tuple(blocks_of(page))
        survey = cls(blocks, sum(block.chars for block in blocks), chars_by_element(blocks), {})
        survey._know_headline(page)
        survey._know_teasers(page)
        return survey

    def is_foreign(self, element: HtmlElement) -> bool:
        """Whether an element, or one around it, is none of the article's."""
        known = self.foreign.get(element)
        if known is not None:
            return known
        parent = element.getparent()
        known = self.foreign.get(parent) if parent is not None else False
        if known is not None:  # most elements are asked about after the one around them
            self.foreign[element] = is_inside = known or self._stands_beside(element)
            return is_inside
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

    def _know_headline(self, page: Inventory) -> None:
        """What holds the page's headline is the article's, whatever it is called."""
        for heading in page.named("h1")[:2]:
            for ancestor in heading.iterancestors():
                self.foreign[ancestor] = False

    def _know_teasers(self, page: Inventory) -> None:
        """A linked heading with little text beside it is a teaser of another article."""
        longest = min(TEASER_CHARS, TEASER_SHARE * self.chars)
        for heading in chain.from_iterable(map(page.named, ("h2", "h3", "h4"))):
            if not is_linked(heading):
                continue
            for ancestor in islice(heading.iterancestors(), TEASER_LEVELS):
                is_one = len(list(islice(ancestor.iter("h2", "h3", "h4"), 2))) == 1
                if not is_one or ancestor in self.foreign or self.chars_in.get(ancestor, 0) > longest:
                    break
                self.foreign[ancestor] = True


def chars_by_element(blocks: Sequence[Block]) -> dict[HtmlElement, int]:
    """The length of the long texts in each element; blocks side by side share the way up."""
    chars_in: dict[HtmlElement, int] = {}
    beside: dict[tuple[HtmlElement, ...], int] = {}
    for block in blocks:
        chars_in[block.element] = chars_in.get(block.element, 0) + block.chars
        beside[block.around] = beside.get(block.around, 0) + block.chars
    for around, chars in beside.items():
        for element in around:
            chars_in[element] = chars_in.get(element, 0) + chars
    return chars_in


def blocks_of(page: Inventory) -> Iterator[Block]:
    """Find the elements in which long texts stand."""
    found: dict[HtmlElement, list[int]] = {}
    for carrier, chars in carriers_of(page).items():
        block, is_link, is_text = carrier, False, carrier.tag not in WITHOUT_TEXT
        while block.tag in INLINE and (parent := block.getparent()) is not None:
            is_link = is_link or block.tag == "a"
            is_text = is_text and block.tag not in WITHOUT_TEXT
            block = parent
        if is_text:
            counts = found.setdefault(block, [0, 0])
            counts[0] += chars
            counts[1] += chars if is_link else 0
    ways_up: dict[HtmlElement | None, tuple[HtmlElement, ...]] = {None: ()}
    for block, (chars, linked) in found.items():
        parent = block.getparent()
        around = ways_up.get(parent)
        if around is None:
            around = ways_up[parent] = tuple(islice(block.iterancestors(), PATH_LEVELS))
        yield Block(block, around, chars, linked * 2 > chars)


def carriers_of(page: Inventory) -> dict[HtmlElement, int]:
    """Elements with a long text directly in them, and the length of all text that is."""
    found: dict[HtmlElement, None] = {}
    for element in page.elements:
        if element.tag not in SCRIPTS:
            text = element.text
            if text is not None and len(text) > LONG_TEXT_CHARS:
                found[element] = None
        tail = element.tail
        if tail is not None and len(tail) > LONG_TEXT_CHARS:
            parent = element.getparent()
            if parent is not None:
                found[parent] = None
    return {carrier: chars_directly_in(carrier) for carrier in found}


def chars_directly_in(element: HtmlElement) -> int:
    """The length of the texts between an element's children."""
    chars = len(element.text.strip()) if element.text else 0
    for child in element:
        tail = child.tail
        if tail:
            chars += len(tail.strip())
    return chars


def is_linked(heading: HtmlElement) -> bool:
    """Whether a heading is a link or holds one."""
    parent = heading.getparent()
    return next(heading.iter("a"), None) is not None or (parent is not None and parent.tag == "a")


def stands_beside(element: HtmlElement) -> bool:
    """Whether an element's tag, class or id says that it is not the article's text, or that nobody sees it."""
    tag = element.tag
    if tag in OUTSIDE_TAGS or (tag == "article" and is_other_article(element)):
        return True
    class_name, own_id = element.get("class"), element.get("id")
    if (class_name or own_id) and names_what_stands_beside(class_name or "", own_id or ""):
        return True
    return is_hidden(element)


@lru_cache(maxsize=16_384)
def names_what_stands_beside(class_name: str, own_id: str) -> bool:
    """Whether a class or an id says so; remembered, since an outlet's pages have the same ones again and again."""
    names = [*class_name.split(), *([own_id] if own_id else [])]
    if any(is_foreign_name(name) or is_beside(name) for name in names):
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
