"""Elements of a page -> lines of text: one line a paragraph, heading, list item or table row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

BLANKS = re.compile("[\u200b\ufeff]")
"""Characters without width, which here part words as white space does."""

INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "button", "img", "input", "link", "meta", "noscript",
    "picture", "script", "style", "svg", "template",
))  # fmt: skip
CELLS = frozenset({"td", "th"})
UNREAD = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas",
    "video", "audio", "picture", "img", "map", "form", "button", "input", "select", "textarea", "option", "nav",
    "aside", "figure", "figcaption", "dialog", "head", "title", "link", "meta", "menu",
))  # fmt: skip
"""Elements whose text is not the article's; a layout's body that stands in one of them is read all the same."""

CODE = frozenset({"script", "style"})
"""Elements whose text nobody reads."""

HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def element_count(tree: HtmlElement, limit: int) -> int:
    """Number of elements, counted no further than one beyond ``limit``."""
    return sum(1 for _ in islice(tree.iter(etree.Element), limit + 1))


def is_nested_beyond(tree: HtmlElement, *, levels: int, chars: int) -> bool:
    """Whether elements stand too deep in one another.

    Args:
        tree: The page.
        levels: How many levels deep its elements may stand, all together.
        chars: How many characters the texts of its elements may have, all together, each with what is inside it; those
            of scripts and styles are nobody's to read.
    """
    level_count = char_count = depth = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            level_count += depth
            char_count += depth * len(element.text or "") if element.tag not in CODE else 0
        else:
            depth -= 1
            char_count += depth * len(element.tail or "")
        if level_count > levels or char_count > chars:
            return True
    return False


def folded(text: str | None) -> str:
    """Text with each run of white space as one space, and none at its ends."""
    if not text:
        return ""
    if "\u200b" in text or "\ufeff" in text:
        text = BLANKS.sub(" ", text)
    return " ".join(text.split())


def text_of(element: HtmlElement) -> str:
    """All text inside an element on one line."""
    if not len(element) and element.tag not in CELLS:  # most headings and bylines; a walk takes ten times as long
        line = folded(element.text).removesuffix(" |")
        return line if line.strip("| ") else ""
    return " ".join(lines_of(element))


def is_hidden(element: HtmlElement) -> bool:
    """Whether the markup itself says that a reader does not see the element."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and HIDDEN_STYLE.search(style))


def lines_of(element: HtmlElement, skip: Collection[HtmlElement] = ()) -> list[str]:
    """Read an element as lines.

    Args:
        element: Where the text stands.
        skip: Elements inside it to leave out, with all that they hold.

    Returns:
        Lines without white space at their ends, none of them empty. A list item is a line without its bullet; the
        cells of a table row are parted by ``" | "``.
    """
    lines = (folded(raw).removesuffix(" |") for raw in raw_lines(element, skip))
    return [line for line in lines if line.strip("| ")]


def raw_lines(element: HtmlElement, skip: Collection[HtmlElement]) -> Iterator[str]:
    """Lines before white space is folded, some of them empty."""
    line = ""
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if breaks_line(node):
            yield line
            line = ""
        if event == "start" and node is not element and (node.tag in UNREAD or node in skip or is_hidden(node)):
            walker.skip_subtree()
        elif event == "start":
            line += node.text or ""
        else:
            line += " | " if node.tag in CELLS else ""
            line += (node.tail or "") if node is not element else ""
    yield line


def breaks_line(node: HtmlElement) -> bool:
    """Whether an element starts and ends a line of its own; cells do not, their row does."""
    return node.tag not in INLINE and node.tag not in CELLS
