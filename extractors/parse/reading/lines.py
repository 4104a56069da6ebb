"""The elements in which an article stands -> its lines, without what stands between and around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from extractors.parse.elements import CELLS, INLINE, UNREAD, folded, is_hidden
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
    """Gathers an element's text as lines, without what is foreign in it."""

    def __init__(self, survey: Survey) -> None:
        self.lines: list[Line] = []
        self._survey = survey
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0

    def read(self, element: HtmlElement, block: HtmlElement) -> None:
        """Read an element's text and what it holds.

        Args:
            element: What is read; trees are cut off at a depth that this can go down to.
            block: The block around its text: itself, or what it stands in line with.
        """
        if element.text:
            self._add(element.text)
        for child in element:
            tag = child.tag
            if tag in INLINE:
                if tag not in UNREAD and not is_hidden(child):
                    is_link = tag == "a" and leads_elsewhere(child)
                    self._links += is_link
                    self.read(child, block)
                    self._links -= is_link
            elif tag in UNREAD or is_hidden(child) or self._survey.is_foreign(child):
                self._end_line(block)
            elif tag in CELLS:
                self.read(child, block)
                self._pieces.append(" | ")
            elif tag == "br":
                self._end_line(block)
            else:
                self._end_line(block)
                self.read(child, child)
                self._end_line(child)
            if child.tail:
                self._add(child.tail)

    def read_all(self, region: HtmlElement) -> list[Line]:
        """Read an element as lines."""
        self.read(region, region)
        self._end_line(region)
        return self.lines

    def _end_line(self, block: HtmlElement) -> None:
        if not self._pieces:
            return
        text = folded("".join(self._pieces)).strip("| ")
        if any(map(str.isalnum, text)):
            prose = block.tag not in ALL_HEADINGS and is_prose(text)
            self.lines.append(Line(text, block, home_of(block), self._linked * 10 >= len(text) * 9, prose))
        self._pieces, self._linked = [], 0

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        if self._links:
            self._linked += len(piece.strip())


def lines_in(region: HtmlElement, survey: Survey) -> list[Line]:
    """Read an element as lines, without what is foreign in it."""
    return LineReader(survey).read_all(region)


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
