"""The long texts of a page -> the elements in which its article stands, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from extractors.parse.reading.survey import Block, Survey

DECAY = 0.6
"""An element counts this much less of a text with each level that the text is deeper inside it."""

BODY_NAME = re.compile(
    r"article-?_?(?:body|content|text)|(?:entry|post|story|main|single|news)-?_?(?:content|body|text)|richtext|"
    r"body-?copy|articlebody",
    re.IGNORECASE,
)
HOLDS_TEXT = frozenset({"div", "td", "section", "article", "main", "body"})
LOOSE_TAGS = frozenset({"p", "ul", "ol", "blockquote", "h2", "h3", "h4"})
LEVELS = 4
"""How many levels up the rest of an article is looked for."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Where the article stands, and what it was weighed against."""

    best: HtmlElement
    elements: tuple[HtmlElement, ...]
    scores: dict[HtmlElement, float]


def regions_of(survey: Survey) -> Regions | None:
    """Find the element that holds the article most closely, then the like of it beside it.

    Returns:
        ``None`` when no long text is the article's.
    """
    own = [block for block in survey.blocks if not block.is_link and not survey.is_foreign(block.element)]
    scores, weights = weighed(own)
    if not scores:
        return None
    best = max(scores, key=scores.__getitem__)
    return Regions(best, grown(best, weights, survey), scores)


def weighed(blocks: Sequence[Block]) -> tuple[dict[HtmlElement, float], dict[HtmlElement, float]]:
    """How much speaks for each element, less with each level that a text is deeper in it; and how much text it has."""
    scores: dict[HtmlElement, float] = {}
    weights: dict[HtmlElement, float] = {}
    beside: dict[tuple[HtmlElement, ...], float] = {}
    for block in blocks:
        element, weight = block.element, block.weight
        weights[element] = weights.get(element, 0.0) + weight
        if element.tag in HOLDS_TEXT:
            scores[element] = scores.get(element, 0.0) + weight
        beside[block.around] = beside.get(block.around, 0.0) + weight
    for around, weight in beside.items():
        decayed = weight
        for element in around:
            scores[element] = scores.get(element, 0.0) + decayed
            weights[element] = weights.get(element, 0.0) + weight
            decayed *= DECAY
    return scores, weights


def grown(best: HtmlElement, weights: dict[HtmlElement, float], survey: Survey) -> tuple[HtmlElement, ...]:
    """An element with those around it that are made like it: articles are cut into sections, adverts between them.

    Args:
        best: The element that holds the article most closely.
        weights: How much text stands in each element.
        survey: What is known of the page.
    """
    regions, current = [best], best
    for level in range(LEVELS):
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        own = sum(weights.get(region, 0.0) for region in regions)
        if is_named_body(parent) and not is_named_body(current) and weights[parent] < 2 * own:
            regions, current = [parent], parent
            continue
        before: list[HtmlElement] = []
        after: list[HtmlElement] = []
        side = before
        for child in parent:
            if child is current:
                side = after
            elif (child.tag in LOOSE_TAGS or (child in weights and is_alike(child, current, level))) and (
                not survey.is_foreign(child)
            ):
                side.append(child)
        if any(child in weights for child in (*before, *after)):
            regions = [*before, *regions, *after]
        current = parent
    return tuple(regions)


def is_named_body(element: HtmlElement) -> bool:
    """Whether the markup calls an element the article's text."""
    if element.get("itemprop") == "articleBody":
        return True
    return bool(BODY_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def is_alike(one: HtmlElement, other: HtmlElement, level: int) -> bool:
    """Whether two elements have the same tag and most classes in common; none at all only at the lowest level."""
    if one.tag != other.tag:
        return False
    classes, others = set((one.get("class") or "").split()), set((other.get("class") or "").split())
    if not classes and not others:
        return level == 0
    return len(classes & others) * 2 >= max(len(classes), len(others))
