"""A page of unknown design -> the lines of its article, by a cheap reading or, where that is unsure, by trafilatura.

The reading of paragraphs knows how sure it is. Below ``SURE`` trafilatura reads the page in its careful way, and where
the two have next to nothing in common in its usual way too: the careful one misses paragraphs, the usual one brings in
what stands around the article, so the careful one is taken, completed by the whole sentences that the usual one found
among its lines. Each is held against the text in the page's JSON-LD or the feed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Literal

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from extractors.normalize.attribution import disclaimer_of, source_line_of
from extractors.normalize.texts import squeezed
from extractors.outlets import Outlet
from extractors.parse.elements import folded, is_nested_beyond
from extractors.parse.placing import Placing, within_article
from extractors.parse.reading.paragraphs import Reading, read_paragraphs
from extractors.parse.testimony import agreement, corrected, texts_told
from extractors.parse.witnesses import Witnesses

Focus = Literal["balanced", "precision"]

SURE = 0.9
"""A reading of paragraphs that is less likely right than this is not taken: about one page of eight."""

CONFIRMED = 0.9
"""A reading that has this much in common with a text that its publisher gives is right."""

SAME_TEXT = 0.95
"""Two readings with this much in common confirm each other, and the first is taken."""

MOST_LEVELS, MOST_ELEMENTS, MOST_TAIL_CHARS, MOST_NESTED_CHARS = 300_000, 20_000, 200_000, 4_000_000
"""Pages with more elements, more text between them, or depths or texts that add up to more, are not read by
trafilatura: it reads each element's whole text again and again, and moves the text behind each that it deletes. The
pages of news sites have a quarter of that at most; of texts, two fifths."""

ENOUGH = 0.6
"""A careful reading with less of the usual one's text than this has missed the article."""

LITTLE = 0.1
"""Two readings with less in common are of different parts of the page."""

SAME_READING = 0.8
"""Two readings with this share of lines in common are of the same part of the page."""


def generic_lines(seen: Witnesses) -> tuple[list[str], str]:
    """Read the text of a page that no layout fits.

    Returns:
        Its lines, and the provenance of the text: which reading gave them and how sure that was, such as
        ``paragraphs@0.97``. Of ``paragraphs`` this is how likely the lines are the article and all of it; of
        ``trafilatura``, how much the other reading has in common with it.
    """
    declared = [found.raw for found in seen.standfirsts(None)]
    standfirsts = frozenset(map(squeezed, declared))
    told = texts_told(seen)
    placing = cache(lambda: Placing.of(seen.tree))
    title = seen.metadata.first("og:title") or seen.metadata.html_title
    reading = read_paragraphs(seen.tree, title, declared, is_attribution_of(seen.outlet), seen.page)
    lines, path, sure = list(reading.lines), "paragraphs", confirmed(reading, told)
    if sure < SURE and is_bearable(seen):
        second = second_reading(seen.tree, placing(), standfirsts, reading.lines)
        sure = shared(reading.lines, second)
        if sure < SAME_TEXT:
            lines, path = second, "trafilatura"
    for text in told:
        lines = corrected(lines, text, placing, standfirsts)
    return lines, f"{path}@{sure:.2f}"


def is_bearable(seen: Witnesses) -> bool:
    """Whether trafilatura can read a page in a bearable time."""
    elements = seen.page.elements
    if len(elements) > MOST_ELEMENTS or sum(len(element.tail or "") for element in elements) > MOST_TAIL_CHARS:
        return False
    return not is_nested_beyond(seen.tree, levels=MOST_LEVELS, chars=MOST_NESTED_CHARS)


def is_attribution_of(outlet: Outlet) -> Callable[[str], bool]:
    """Tells the lines that say whose an article is: they are taken off the text later, and must be read for that."""
    is_source, is_disclaimer = source_line_of(outlet), disclaimer_of(outlet)
    return lambda line: bool(is_source(line) or is_disclaimer(line))


def confirmed(reading: Reading, told: Sequence[str]) -> float:
    """How sure a reading is, with the publisher's own texts: nearly the same words elsewhere prove it right."""
    agreements = [agreement(reading.lines, text) for text in told]
    return max([reading.confidence, *(share for share in agreements if share >= CONFIRMED)])


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two readings have in common, of the text of both."""
    known = {squeezed(line) for line in one}
    common = chars([line for line in other if squeezed(line) in known])
    return 2 * common / (chars(one) + chars(other) or 1)


def second_reading(tree: HtmlElement, placing: Placing, kept: Collection[str], first: Sequence[str]) -> list[str]:
    """Read a page by trafilatura: its careful way and, where that finds something else altogether, its usual one too.

    Args:
        tree: The page.
        placing: Where its lines stand.
        kept: Lines (their letters and digits) that stay wherever they stand.
        first: What was read already.
    """
    careful = within_article(placing, trafilatura_lines(tree, "precision"), kept)
    if shared(first, careful) >= LITTLE:
        return careful
    return agreed(placing, within_article(placing, trafilatura_lines(tree, "balanced"), kept), careful)


def agreed(placing: Placing, usual: Sequence[str], careful: Sequence[str]) -> list[str]:
    """One text of two readings.

    Args:
        placing: Where the page's lines stand.
        usual: What trafilatura finds by its usual rules.
        careful: What it finds when it favors precision.
    """
    if chars(careful) < ENOUGH * chars(usual):
        return list(usual)
    sure = {squeezed(line) for line in careful}
    if len(sure & {squeezed(line) for line in usual}) < SAME_READING * len(sure):
        return list(careful)
    container = placing.container_of(careful)
    return [line for line in usual if squeezed(line) in sure or placing.is_paragraph_in(container, line)]


def chars(lines: Sequence[str]) -> int:
    """Length of a text."""
    return sum(map(len, lines))


def trafilatura_lines(tree: HtmlElement, focus: Focus) -> list[str]:
    """Let trafilatura find the text; the tree is left as it is.

    Without its own two fallbacks, which take half of its time: on labeled pages they found nothing that the two ways
    of reading do not.

    Args:
        tree: The page.
        focus: How it decides about doubtful parts.
    """
    options = Extractor(output_format="python", precision=focus == "precision", comments=False, tables=True, fast=True)
    found = bare_extraction(tree, options=options)
    text = getattr(found, "text", None)
    return [line for line in map(plain_line, (text or "").split("\n")) if line]


def plain_line(raw: str) -> str:
    """A line without trafilatura's list mark and table bars."""
    return folded(raw).removeprefix("- ").strip("| ")
