"""The elements in which an article stands -> its lines, without what stands between and around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from extractors.parse.elements import CELLS, INLINE, UNREAD, breaks_line, folded, is_hidden
from extractors.parse.placing import ENDS_SENTENCE, HEADINGS, leads_elsewhere
from extractors.parse.reading.survey import Survey

HAS_SENTENCE = re.compile(r"[.!?…。！？؟।](?:[\"'”’»)\]\s]|$)")
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SHORT_SENTENCE, LONG_LINE, LINE_WITH_SENTENCE = 25, 120, 60
"""Longer than these a line is prose: when it ends a sentence, in any case, when it holds the end of a sentence."""

ALL_HEADINGS = HEADINGS | {"h1"}
PROSE_TAGS = frozenset({"p", "li", "dd", "dt", "tr", "blockquote"})
LIST_TAGS = frozenset({"li", "tr", "p"})
SEEN_THROUGH_LEVELS = 8
SEEN_THROUGH = frozenset({"ul", "ol", "dl", "tbody", "thead", "table", "blockquote"})

IN_PARAGRAPHS = 0.8
"""An article with this share of its prose in paragraphs has none in bare elements."""

SAME_KIND = 0.7
"""An article with this share of its prose in elements of one kind has none in others below the first of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the block that it stands in and what holds that, and whether all of it is link."""

    text: str
    block: HtmlElement
    home: HtmlElement | None
    is_link: bool
    is_prose: bool


def home_of(block: HtmlElement) -> HtmlElement | None:
    """What holds a block, lists, tables, quotes and unnamed elements left out."""
    element = block.getparent()
    for _ in range(SEEN_THROUGH_LEVELS):
        if element is None or not (element.tag in SEEN_THROUGH or is_unnamed(element)):
            break
        element = element.getparent()
    return element


def is_unnamed(element: HtmlElement) -> bool:
    """Whether an element is a ``div`` without class and id."""
    return element.tag == "div" and not element.get("class") and not element.get("id")


def is_prose(text: str) -> bool:
    """Whether a line reads like running text."""
    width = len(text)
    if not text.isascii() and max(text) > "\u3040":
        width += 2 * len(WIDE.findall(text))
    if width > LONG_LINE or (width > SHORT_SENTENCE and ENDS_SENTENCE.search(text)):
        return True
    return width > LINE_WITH_SENTENCE and HAS_SENTENCE.search(text) is not None


class LineReader:
    """Gathers text by the elements that a walk enters, leaves and skips."""

    def __init__(self, region: HtmlElement) -> None:
        self.lines: list[Line] = []
        self._blocks = [region]
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0

    def enter(self, node: HtmlElement) -> None:
        """Read what stands before the element's first child."""
        if node.tag == "a":
            self._links += leads_elsewhere(node)
        elif breaks_line(node):
            self.end_line()
            if node.tag != "br" and node is not self._blocks[0]:
                self._blocks.append(node)
        self._read(node.text)

    def leave(self, node: HtmlElement) -> None:
        """Read what stands behind the element."""
        if node.tag == "a":
            self._links -= leads_elsewhere(node)
        elif node.tag in CELLS:
            self._pieces.append(" | ")
        elif breaks_line(node):
            self.end_line()
            if node is self._blocks[-1] and len(self._blocks) > 1:
                self._blocks.pop()
        if node is not self._blocks[0]:
            self._read(node.tail)

    def skip(self, node: HtmlElement) -> None:
        """Read nothing of the element, and what stands behind it."""
        if node.tag not in INLINE:
            self.end_line()
        self._read(node.tail)

    def end_line(self) -> None:
        """What comes is no part of the line."""
        text = folded("".join(self._pieces)).strip("| ")
        if any(map(str.isalnum, text)):
            block = self._blocks[-1]
            prose = block.tag not in ALL_HEADINGS and is_prose(text)
            self.lines.append(Line(text, block, home_of(block), self._linked * 10 >= len(text) * 9, prose))
        self._pieces, self._linked = [], 0

    def _read(self, piece: str | None) -> None:
        if piece:
            self._pieces.append(piece)
            self._linked += len(piece.strip()) if self._links else 0


def lines_in(region: HtmlElement, survey: Survey) -> list[Line]:
    """Read an element as lines, without what is foreign in it."""
    reader = LineReader(region)
    skipped: HtmlElement | None = None
    walker = etree.iterwalk(region, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            if node is skipped:
                reader.skip(node)
            else:
                reader.leave(node)
        elif node is not region and is_skipped(node, survey):
            walker.skip_subtree()
            skipped = node
        else:
            reader.enter(node)
    reader.end_line()
    return reader.lines


def is_skipped(node: HtmlElement, survey: Survey) -> bool:
    """Whether an element inside the article's is left out."""
    if node.tag in UNREAD or is_hidden(node):
        return True
    return node.tag not in INLINE and survey.is_foreign(node)


def article_lines(found: Sequence[Line], is_told: Callable[[str], bool] = lambda _: False) -> list[Line]:
    """Choose the article's lines among all that stand in its elements.

    Args:
        found: The lines there.
        is_told: Tells lines that are kept whatever they stand in, such as "Source: ...".
    """
    own = own_lines(found)
    chosen = set(map(id, own))
    return [line for line in found if id(line) in chosen or is_told(line.text)] if own else []


def own_lines(found: Iterable[Line]) -> list[Line]:
    """The lines that are the article's by what they stand in."""
    lines = [line for line in found if not line.is_link or (line.block.tag != "li" and ENDS_SENTENCE.search(line.text))]
    lines = without_other_kinds(without_bare_text(lines))
    prose = [index for index, line in enumerate(lines) if line.is_prose]
    if not prose:
        return []
    first, last = edges(lines, prose)
    blocks = {lines[index].block for index in prose}
    kept = [line for line in lines[first : last + 1] if line.is_prose or is_kept(line) or line.block in blocks]
    while kept and kept[-1].block.tag in ALL_HEADINGS:
        kept.pop()
    return kept


def is_kept(line: Line) -> bool:
    """Whether a line that is no prose is of a kind that stands between paragraphs."""
    return line.block.tag in PROSE_TAGS or line.block.tag in ALL_HEADINGS


def edges(lines: Sequence[Line], prose: Sequence[int]) -> tuple[int, int]:
    """The first and the last line: prose, and what stands beside it in the same element."""
    first, last = prose[0], prose[-1]
    homes = {lines[index].home for index in prose}
    blocks = {lines[index].block for index in prose}
    top = lines[first].home
    while first > 0 and lines[first - 1].block.tag == "p" and lines[first - 1].home is top:
        first -= 1
    for line in lines[last + 1 :]:
        if line.block not in blocks and not (line.block.tag in LIST_TAGS and line.home in homes):
            break
        last += 1
    return first, last


def without_bare_text(lines: Sequence[Line]) -> list[Line]:
    """Leave out prose that is in no paragraph, where the article's is: abstracts, citations, notices."""
    total = sum(len(line.text) for line in lines if line.is_prose)
    paragraphs = [line for line in lines if line.is_prose and line.block.tag in ("p", "li")]
    if sum(len(line.text) for line in paragraphs) < IN_PARAGRAPHS * total:
        return list(lines)
    homes = {line.home for line in paragraphs if line.block.tag == "p"}
    return [line for line in lines if not line.is_prose or line.block.tag in PROSE_TAGS or line.block in homes]


def without_other_kinds(lines: Sequence[Line]) -> list[Line]:
    """Leave out prose in elements of another kind than most of the article's: boxes about persons, pulled quotes."""
    kinds = [kind_of(line) if line.is_prose else None for line in lines]
    chars: Counter[tuple[str, str] | None] = Counter()
    for line, kind in zip(lines, kinds, strict=True):
        if kind is not None:
            chars[kind] += len(line.text)
    if not chars:
        return list(lines)
    main, size = chars.most_common(1)[0]
    if size < SAME_KIND * chars.total():
        return list(lines)
    start = kinds.index(main)
    return [
        line
        for index, (line, kind) in enumerate(zip(lines, kinds, strict=True))
        if index < start or kind in (None, main) or line.block.tag == "tr"
    ]


def kind_of(line: Line) -> tuple[str, str] | None:
    """Tag and class of what holds a line's block."""
    home = line.home
    return (home.tag, home.get("class") or "") if home is not None else ("", "")
