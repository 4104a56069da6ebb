"""A page of unknown design -> the lines of its article, by two readings of trafilatura.

The careful reading misses paragraphs, the usual one brings in what stands around the article. So the careful one is
taken, completed by the whole sentences that the usual one found among its lines, and both are held against the text
in the page's JSON-LD or the feed, where there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from extractors.normalize.texts import squeezed
from extractors.parse.elements import element_count, folded
from extractors.parse.placing import Placing, within_article
from extractors.parse.testimony import corrected, texts_told
from extractors.parse.witnesses import Witnesses

Focus = Literal["balanced", "precision"]

FAST_ELEMENTS = 20_000
"""Larger pages are read without trafilatura's second opinions, which copy the tree several times."""

ENOUGH = 0.6
"""A careful reading with less of the usual one's text than this has missed the article."""

SAME_READING = 0.8
"""Two readings with this share of lines in common are of the same part of the page."""


def generic_lines(seen: Witnesses) -> list[str]:
    """Read the text of a page that no layout fits."""
    is_large = element_count(seen.tree, FAST_ELEMENTS) > FAST_ELEMENTS
    placing = Placing.of(seen.tree)
    told = frozenset(squeezed(found.raw) for found in seen.standfirsts(None))
    usual = within_article(placing, trafilatura_lines(seen.tree, "balanced", is_large=is_large), told)
    careful = [] if is_large else within_article(placing, trafilatura_lines(seen.tree, "precision"), told)
    lines = agreed(placing, usual, careful)
    for text in texts_told(seen):
        lines = corrected(lines, text, placing, told)
    return lines


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


def trafilatura_lines(tree: HtmlElement, focus: Focus, *, is_large: bool = False) -> list[str]:
    """Let trafilatura find the text; the tree is left as it is.

    Args:
        tree: The page.
        focus: How it decides about doubtful parts.
        is_large: Whether to save time.
    """
    options = Extractor(
        output_format="python", fast=is_large, precision=focus == "precision", comments=False, tables=True
    )
    found = bare_extraction(tree, options=options)
    text = getattr(found, "text", None)
    return [line for line in map(plain_line, (text or "").split("\n")) if line]


def plain_line(raw: str) -> str:
    """A line without trafilatura's list mark and table bars."""
    return folded(raw).removeprefix("- ").strip("| ")
