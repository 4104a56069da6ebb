"""A page's tree -> the lines of its article, from where its paragraphs stand, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from extractors.normalize.texts import squeezed
from extractors.parse.elements import text_of
from extractors.parse.inventory import Inventory, take_inventory
from extractors.parse.reading.confidence import confidence_of, signs_of
from extractors.parse.reading.lines import Line, article_lines, lines_in
from extractors.parse.reading.regions import Regions, regions_of
from extractors.parse.reading.survey import Survey

LEAST_STANDFIRST = 30
STANDFIRST_START = 60
"""Letters and digits that tell a standfirst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Lines, and how likely they are the article and all of it."""

    lines: tuple[str, ...]
    confidence: float


NOTHING = Reading(lines=(), confidence=0.0)


def read_paragraphs(
    tree: HtmlElement,
    title: str = "",
    standfirsts: Sequence[str] = (),
    is_told: Callable[[str], bool] = lambda _: False,
    page: Inventory | None = None,
) -> Reading:
    """Read a page of unknown design.

    Args:
        tree: The page, which is left as it is.
        title: What the page declares as its title.
        standfirsts: What it declares as its standfirst.
        is_told: Tells lines that are kept whatever they stand in, such as "Source: ...".
        page: The page's elements, where they are at hand.

    Returns:
        No lines and no confidence when no running text was found.
    """
    survey = Survey.of(page or take_inventory(tree))
    regions = regions_of(survey)
    if regions is None:
        return NOTHING
    found = [line for region in regions.elements for line in lines_in(region, survey)]
    kept = article_lines(found, is_told)
    if not kept:
        return NOTHING
    confidence = confidence_of(signs_of(survey, regions, found, kept, (title, *standfirsts)))
    texts = (*standfirst_above(survey, regions, kept, standfirsts), *(line.text for line in kept))
    return Reading(lines=texts, confidence=confidence)


def standfirst_above(
    survey: Survey, regions: Regions, kept: Sequence[Line], standfirsts: Sequence[str]
) -> tuple[str, ...]:
    """The paragraph above the article's elements that the page declares as its standfirst."""
    if not standfirsts:
        return ()
    declared = [squeezed(text) for text in standfirsts]
    known = {squeezed(line.text) for line in kept[:3]}
    for block in survey.blocks:
        if regions.best is block.element or regions.best in block.around:
            break
        if block.element.tag != "p" or survey.is_foreign(block.element):
            continue
        text = text_of(block.element)
        key = squeezed(text)
        if len(key) > LEAST_STANDFIRST and key not in known and any(is_same(key, told) for told in declared):
            return (text,)
    return ()


def is_same(key: str, told: str) -> bool:
    """Whether a paragraph is a declared standfirst, or its beginning, or goes on after it."""
    return key in told or (len(told) > STANDFIRST_START and told[:STANDFIRST_START] in key)
