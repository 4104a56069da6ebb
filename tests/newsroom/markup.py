"""Text of the sample articles -> plain text and HTML, with the entities that each site's software writes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from string import Template

from newsroom.sample_articles import Block

TEMPLATES = Path(__file__).parent / "templates"
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
EMPHASIS = re.compile(r"(?<!\w)\*(\S[^*]*?)\*(?!\w)")
WORDPRESS_ENTITIES = str.maketrans({"&": "&#038;", "<": "&lt;", ">": "&gt;"}) | {
    ord(character): f"&#{ord(character)};" for character in "‘’“”–—…"
}

Escape = Callable[[str], str]


def plain(line: str) -> str:
    """A line as a reader sees it."""
    return EMPHASIS.sub(r"\1", LINK.sub(r"\1", line))


def wordpress_escape(text: str) -> str:
    """Text as ``wptexturize`` leaves it: typographic characters as decimal entities, ``&`` as ``&#038;``."""
    return text.translate(WORDPRESS_ENTITIES)


def drupal_escape(text: str) -> str:
    """Text as Drupal's twig writes it, quotation marks included."""
    return html.escape(text, quote=True).replace("&#x27;", "&#039;")


def attribute(text: str) -> str:
    """Text for an attribute in double quotes."""
    return html.escape(text, quote=True)


def line_html(line: str, escape: Escape) -> str:
    """One line with its links and emphasis."""
    marked = EMPHASIS.sub(r"<em>\1</em>", escape(line))
    return LINK.sub(r'<a href="\2">\1</a>', marked)


def block_html(block: Block, escape: Escape) -> str:
    """One block as the element that it is."""
    lines = [line_html(line, escape) for line in block.lines]
    if block.kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{line}</li>" for line in lines) + "\n</ul>"
    if block.kind == "heading":
        return f"<h3>{lines[0]}</h3>"
    if block.kind == "quote":
        return f"<blockquote><p>{lines[0]}</p></blockquote>"
    return f"<p>{lines[0]}</p>"


def body_html(blocks: Iterable[Block], escape: Escape) -> str:
    """The blocks one after another."""
    return "\n\n".join(block_html(block, escape) for block in blocks)


@lru_cache(maxsize=32)
def template(name: str) -> Template:
    """A page's frame; ``$name`` stands for HTML that is put in as it is."""
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))


def render(name: str, **values: str) -> str:
    """Fill a template; a missing value is an error."""
    return template(name).substitute(values)
