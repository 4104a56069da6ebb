"""Markup inside a listing's fields into the plain text that hints hold; a description into a standfirst, or none."""

from __future__ import annotations

import re
from html import escape, unescape

from lxml import etree

BLOCKS = frozenset(
    (
        *("p", "div", "br", "li", "ul", "ol", "td", "th", "tr", "blockquote", "section", "figure", "figcaption", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre"),
    )
)
CONTROLS = dict.fromkeys([*range(9), *range(14, 28), 0x7F])
UNSEEN = frozenset(("script", "style", "template", "noscript", "iframe"))
CREDIT = re.compile(
    r"\s*<p>[^<>]{0,80}<a\s[^<>]*>[^<>]*</a>[^<>]{0,80}<a\s[^<>]*>[^<>]*</a>[^<>]{0,40}</p>\s*$", re.IGNORECASE
)
CREDIT_TEXT = re.compile(r"\s*The post .{1,400}? (?:appeared first|first appeared) on .{1,200}?\.?\s*$", re.DOTALL)
TRUNCATED = re.compile(
    r"(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3}|\(more\)|(?:continue reading|read more|read the full story).{0,200})"
    r"\s*[»>→]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
LONGEST_STANDFIRST_CHARS = 1_000


def plain_text(markup: str) -> str:
    """Text of an HTML fragment with white space folded; blocks are apart by a space, scripts and styles are gone."""
    if "<" not in markup:
        return fold(unescape(markup))
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    # an element around the fragment, so that text before the first tag is not lost
    source = f"<html><body>{markup}</body></html>".encode("utf-8", "replace")
    root = etree.fromstring(source, parser)
    pieces: list[str] = []
    if root is not None:
        collect(root, pieces)
    return fold("".join(pieces))


def collect(root: etree._Element, pieces: list[str]) -> None:
    """Gather the text below an element in document order, without recursion: depth is the sender's choice."""
    unseen_depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            unseen_depth += tag in UNSEEN
            before, text = (" " if tag in BLOCKS else ""), element.text
        else:
            unseen_depth -= tag in UNSEEN
            before, text = (" " if tag in BLOCKS else ""), element.tail
        pieces.append(before)
        if text and not unseen_depth:
            pieces.append(text)


def fold(text: str) -> str:
    """Text with its white space folded to single spaces, and without control characters."""
    return " ".join(text.translate(CONTROLS).split())


def markup_of(text: str) -> str:
    """Plain text with blank lines between paragraphs as HTML."""
    paragraphs = [fold(part) for part in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in paragraphs if part)


def without_credit(markup: str) -> str:
    """A description or body without WordPress' closing paragraph.

    "The post <a>...</a> appeared first on <a>...</a>." is translated with the site; its two links in a short last
    paragraph are the same in every language.
    """
    start = max(0, len(markup) - 2_000)
    return markup[:start] + CREDIT.sub("", markup[start:])


def is_whole_body(markup: str) -> bool:
    """Whether a description is the article itself: feeds without ``content:encoded`` put it there."""
    return len(re.findall(r"</p\s*>|<br\s*/?>\s*<br", markup, re.IGNORECASE)) > 2 or len(plain_text(markup)) > (
        LONGEST_STANDFIRST_CHARS
    )


def standfirst_of(description: str, body_html: str | None) -> str | None:
    """The editor's standfirst in an entry's description.

    Args:
        description: Plain text.
        body_html: The entry's full content, where it has one.

    Returns:
        ``None`` for no description, for a beginning of the body that a machine cut off (WordPress ends those with
        ``[…]``), and for what is too long to be a standfirst.
    """
    if len(description) > 2 * LONGEST_STANDFIRST_CHARS:
        return None
    text = CREDIT_TEXT.sub("", description).strip()
    if not text or len(text) > LONGEST_STANDFIRST_CHARS or TRUNCATED.search(text):
        return None
    if body_html and fold(plain_text(body_html)).startswith(text):
        return None
    return text
