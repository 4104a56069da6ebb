"""The lines of an extracted text -> where each stands on the page, and which are no part of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from extractors.normalize.texts import squeezed
from extractors.parse.elements import INLINE, folded

WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
SINGLE_WORDS = frozenset((
    "newsletter", "newsletters", "related", "recommended", "recommendation", "recommendations", "promo", "promos",
    "promobox", "trending", "outbrain", "taboola", "disqus", "viafoura", "comments", "respond", "breadcrumb",
    "breadcrumbs", "cookie", "cookies", "consent", "advert", "adverts", "advertisement", "advertising",
    "sponsored", "subscribe", "subscription", "signup", "biography", "bio", "share", "sharing", "sharebar",
    "pagination", "pager", "infobox", "factbox", "readmore", "teaser", "teasers", "mostread", "popular",
    "carousel", "slideshow", "rail", "caption", "figcaption",
))  # fmt: skip
PAIRS = frozenset(tuple(pair.split()) for pair in (
    "most read", "most popular", "read more", "read also", "also read", "also like", "see also", "sign up",
    "author bio", "about author", "author info", "fact box", "info box", "more stories",
    "more news", "more from", "up next",
    "link banner", "tag list", "tags list", "post tags", "print header", "social share", "inline recirc",
    "comment list", "expandable box", "collapsible box", "accordion box",
))  # fmt: skip
OUTSIDE_TAGS = frozenset(
    {"figcaption", "aside", "footer", "nav", "form", "template", "dialog", "button", "figure", "noscript"}
)
MACHINERY_TAGS = frozenset({"nav", "footer", "template", "dialog", "button", "noscript"})
GREATEST_SHARE = 0.35
"""A block with more of the extracted text than this is part of the article whatever it is called."""

CONTAINER_SHARE = 0.7
"""The innermost element with this much of the extracted text is where the article stands."""

ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
ENDS_SENTENCE = re.compile(r"[.!?…。！？؟:;][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: the block that holds it, and whether all of it is link."""

    block: HtmlElement
    is_link: bool


@dataclass(frozen=True, slots=True)
class Placing:
    """Every line of a page with the places where it stands, by its letters and digits."""

    lines: tuple[str, ...]
    places: Mapping[str, Sequence[Place]]

    @classmethod
    def of(cls, tree: HtmlElement) -> Placing:
        """Read a page."""
        lines: list[str] = []
        places: dict[str, list[Place]] = {}
        for block, text, linked in blocks_of(tree):
            key = squeezed(text)
            if key:
                lines.append(folded(text))
                places.setdefault(key, []).append(Place(block, linked * 10 >= len(key) * 9))
        return cls(tuple(lines), places)

    def of_line(self, line: str) -> Place | None:
        """Where a line stands: of several places with the same words, one that is no link."""
        places = self.places.get(squeezed(line), ())
        return next((place for place in places if not place.is_link), places[0] if places else None)

    def container_of(self, lines: Sequence[str]) -> HtmlElement | None:
        """The innermost element that holds most of a text."""
        return innermost_with(shares(lines, [self.of_line(line) for line in lines]), CONTAINER_SHARE)

    def is_paragraph_in(self, container: HtmlElement | None, line: str) -> bool:
        """Whether a line is a paragraph of whole sentences somewhere inside an element."""
        place = self.of_line(line)
        if place is None or place.block.tag != "p" or not ENDS_SENTENCE.search(line):
            return False
        return container is not None and container in (place.block, *place.block.iterancestors())


def blocks_of(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str, int]]:
    """Blocks with the text that stands directly in them, and how many letters and digits of it are in links."""
    stack: list[HtmlElement] = []
    pieces: list[str] = []
    linked, in_link = 0, 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag
        if tag in {"script", "style"}:
            continue
        if tag not in INLINE:
            if pieces:
                text = "".join(pieces)
                if not text.isspace():
                    yield (stack[-1] if stack else node), text, linked
                pieces, linked = [], 0
            if event == "start":
                stack.append(node)
            elif stack and stack[-1] is node:
                stack.pop()
        elif tag == "a" and leads_elsewhere(node):
            in_link += 1 if event == "start" else -1
        piece = node.text if event == "start" else node.tail
        if piece:
            pieces.append(piece)
            linked += len(squeezed(piece)) if in_link > 0 else 0


def leads_elsewhere(link: HtmlElement) -> bool:
    """Whether a link leads off the page and is not only its own address spelled out."""
    if link.get("href", "#").startswith("#"):
        return False
    text = (link.text or "") if not len(link) else "".join(link.itertext())
    text = text.strip()
    return not (text.startswith(("http", "www.")) and ADDRESS.match(text))


def within_article(placing: Placing, lines: Sequence[str], kept: Collection[str] = ()) -> list[str]:
    """Leave out the lines that stand where no article's text does.

    Args:
        placing: Where the page's lines stand.
        lines: What was extracted from it.
        kept: Lines (their letters and digits) that stay wherever they stand, such as the standfirst.
    """
    placed = [placing.of_line(line) for line in lines]
    share = shares(lines, placed)
    container = innermost_with(share, CONTAINER_SHARE)
    out = []
    followers = [*placed, None][1:]
    for line, place, follower in zip(lines, placed, followers, strict=True):
        if place is None or squeezed(line) in kept:
            out.append(line)
            continue
        belongs = heads_text(place, follower) or not is_link_line(line, place)
        if belongs and not is_misplaced(place, share, container):
            out.append(line)
    if sum(map(len, out)) * 2 >= sum(map(len, lines)):
        return out
    # Most of it would go: names lie about the article's own paragraphs. Links, navigation and other articles go still.
    return [
        line for line, place in zip(lines, placed, strict=True) if place is None or not is_machinery(line, place, share)
    ]


def is_machinery(line: str, place: Place, share: Mapping[HtmlElement, float]) -> bool:
    """Whether a line is a link, or stands in an element made for navigation or in another article."""
    around = [element for element in place.block.iterancestors() if share.get(element, 0) <= GREATEST_SHARE]
    return is_link_line(line, place) or any(is_other_article(e) or e.tag in MACHINERY_TAGS for e in around)


def is_other_article(element: HtmlElement) -> bool:
    """Whether an element is an ``article`` inside the page's own."""
    return element.tag == "article" and any(True for _ in element.iterancestors("article"))


def shares(lines: Sequence[str], placed: Sequence[Place | None]) -> dict[HtmlElement, float]:
    """How much of the extracted text stands in each element."""
    chars: Counter[HtmlElement] = Counter()
    for line, place in zip(lines, placed, strict=True):
        if place is not None:
            for element in (place.block, *place.block.iterancestors()):
                chars[element] += len(line)
    total = sum(map(len, lines)) or 1
    return {element: count / total for element, count in chars.items()}


def innermost_with(share: dict[HtmlElement, float], wanted: float) -> HtmlElement | None:
    """The innermost element with a share of the text."""
    holding = [element for element, part in share.items() if part >= wanted]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def is_link_line(line: str, place: Place) -> bool:
    """Whether a line is one link and no sentence: the headline of another article, or a button."""
    return place.is_link and not ENDS_SENTENCE.search(line)


def heads_text(place: Place, follower: Place | None) -> bool:
    """Whether a line is a heading with text of the article below it."""
    return place.block.tag in HEADINGS and follower is not None and not follower.is_link


def is_misplaced(place: Place, share: dict[HtmlElement, float], container: HtmlElement | None) -> bool:
    """Whether a line is navigation, a promotion or another article's by where it stands."""
    inside = False
    for element in (place.block, *place.block.iterancestors()):
        if element is container:
            inside = True
            break
        if share.get(element, 0) <= GREATEST_SHARE and is_foreign(element):
            return True
    return not inside and container is not None and stands_after(place.block, container)


def stands_after(block: HtmlElement, container: HtmlElement) -> bool:
    """Whether a block comes after the article's container, and not as its next sibling's peer."""
    ancestors = {container, *container.iterancestors()}
    branch = block
    for element in block.iterancestors():
        if element in ancestors:
            parent = element
            break
        branch = element
    else:
        return False
    own = next((child for child in (container, *container.iterancestors()) if child.getparent() is parent), None)
    return own is not None and parent.index(branch) > parent.index(own)


def is_foreign(element: HtmlElement) -> bool:
    """Whether an element's tag, class or id says that it is not the article's text."""
    if element.tag in OUTSIDE_TAGS or is_other_article(element):
        return True
    own_id = element.get("id")
    names = [*(element.get("class") or "").split(), *([own_id] if own_id else [])]
    return any(is_foreign_name(name) for name in names)


@lru_cache(maxsize=4096)
def is_foreign_name(name: str) -> bool:
    """Whether a class or id names something that stands beside an article."""
    words = [word.lower() for word in WORDS.findall(name)]
    pairs = pairwise(words)
    return any(word in SINGLE_WORDS for word in words) or any(pair in PAIRS for pair in pairs)
