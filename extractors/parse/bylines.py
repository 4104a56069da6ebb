"""The visible page -> its bylines, as written: what the markup calls an author, and lines that begin with "By".

Marks: ``rel=author`` (HTML living standard), microdata's ``author``, class names of the field, links to author pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from extractors.normalize.candidates import Candidate
from extractors.parse.elements import folded, text_of
from extractors.parse.surroundings import elements_after, heading_of, stands_elsewhere

MAX_BYLINES = 6
MAX_MARKED = 400
MAX_CHARS = 160
MAX_NAME_CHARS = 60
MAX_CLASS_CHARS = 300
INNER_ELEMENTS = 40
NEAR_ELEMENTS = 70
"""How far below the headline a line with "By" may stand, in elements."""

BEARERS = ("h1", "a", "span", "div", "p", "li", "ul", "address", "cite", "em", "i", "strong", "b", "small", "section",
           "header", "h2", "h3", "h4", "h5", "h6", "td", "dd", "font")  # fmt: skip
"""Elements that bylines stand in; reading them in one walk costs a tenth of an XPath over all classes."""

AUTHOR_PAGE = re.compile(r"/(?:authors?|autor(?:en|es)?|auteurs?)/", re.IGNORECASE)
MARK = re.compile(
    r"by-?_?line|(?<![a-z])(?:author|autor|auteur)(?:s|es|en|in|e|i)?(?![a-z])|(?-i:[a-z]Author)|"
    r"signature|submitted|reporter|writer|(?<![a-z])redact|posted-by",
    re.IGNORECASE,
)
LIKELY = re.compile("line|aut|signature|submitted|reporter|writer|redact|posted")
"""One of these is in whatever ``MARK`` finds; to look for them takes a tenth of its time."""

UNWANTED = re.compile(
    r"avatar|bio(?![a-z])|about|description|desc(?![a-z])|photo|image|img|picture|thumb|icon|social|follow|share|tweet|"
    r"mailto|comment|related|popup|modal|tooltip|count|title|headline|date|time|copyright|caption|credit|media|video|"
    r"more|list-of|archive|search|filter",
    re.IGNORECASE,
)
SPOKEN = (
    r"(?:[Ww]ritten |[Pp]osted |[Rr]eported |[Ss]tory )?[Bb]y:?|BY:?|[Vv]on:?|VON|Par:?|Por:?|Di|De|Door:?|[Aa]v|Af|"
    r"Yazan:?|Haber:|بقلم\s*:?|كتبت?\s*:|إعداد\s*:|نویسنده:|Text:|Texte\s?:|Texto:|Testo:|Interview:|Author:|"
    r"Autor(?:in|en)?(?:/Autor)?:?|Auteur\s?:"
)
LINE = re.compile(rf"^(?:\d.{{0,40}}\d\s+)?(?:{SPOKEN})\s+(?P<names>[^\W\d_][^<>{{}}]{{2,100}})$")
LABEL = re.compile(rf"^(?:{SPOKEN})$")
NAME = re.compile(
    r"^(?:(?:[A-ZÀ-ÞĀ-Ž\u0130\u015e]|[^\W\d_A-Za-zß-ÿ])[\w.'’\-]*|von|van|der|den|de|del|della|di|da|du|la|le|bin|"
    r"al-\w+|el-\w+|and|und|et|y|e|og|och|en|ve|,|&)$"
)


def visible_bylines(tree: HtmlElement, headline: str) -> Iterator[Candidate]:
    """Bylines of the page, those below its headline first.

    Args:
        tree: The page.
        headline: Its title, which says which of several top headings is meant.
    """
    marked = list(islice(marked_elements(tree), MAX_MARKED))
    heading = heading_of(tree, headline)
    at = marked.index(heading) if heading in marked else -1
    below, above = marked[at + 1 :], marked[: max(at, 0)][::-1]
    found = list(islice(grouped_bylines(below, headline), MAX_BYLINES)) or list(
        islice(grouped_bylines(above, headline), 1)
    )
    if heading is not None:
        found += islice(spoken_bylines(heading, headline), 2)
    yield from dict.fromkeys(found)


def marked_elements(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Top headings and what may be a byline, in the order of the page."""
    for element in tree.iter(*BEARERS):
        name = element.get("class")
        if name and is_marked(name[:MAX_CLASS_CHARS]):
            yield element
            continue
        tag = element.tag
        if tag == "h1" or (tag == "a" and leads_to_author(element)) or element.get("itemprop") == "author":
            yield element


@lru_cache(maxsize=5_000)
def is_marked(class_name: str) -> bool:
    """Whether a class names a byline; remembered, since an outlet's pages have the same classes again and again."""
    if LIKELY.search(class_name.lower()) is None:
        return False
    return MARK.search(class_name) is not None and UNWANTED.search(class_name) is None


def leads_to_author(link: HtmlElement) -> bool:
    """Whether a link says that it leads to an author's page."""
    href = link.get("href") or ""
    return link.get("rel") == "author" or ("/aut" in href and AUTHOR_PAGE.search(href) is not None)


def grouped_bylines(marked: list[HtmlElement], headline: str) -> Iterator[Candidate]:
    """One byline for each run of marked elements of one kind that stand together."""
    covered: set[HtmlElement] = set()
    group: list[Candidate] = []
    kind: object = None
    for element in marked:
        if element.tag == "h1" or any(parent in covered for parent in islice(element.iterancestors(), 6)):
            continue
        byline = byline_in(element, headline)
        if byline is None:
            continue
        covered.add(element)
        if group and kind_of(element) != kind:
            yield joined(group)
            group = []
        group.append(byline)
        kind = kind_of(element)
    if group:
        yield joined(group)


def kind_of(element: HtmlElement) -> tuple[object, ...]:
    """What elements that list the people of one byline have in common: name, class and the list that they are in."""
    parent = element.getparent()
    if parent is not None and parent.tag == "li":
        parent = parent.getparent()
    return element.tag, element.get("class"), parent


def joined(group: list[Candidate]) -> Candidate:
    """The bylines of a group as one."""
    if len(group) == 1:
        return group[0]
    names = tuple(name for found in group for name in (found.values or (found.raw,)))
    return Candidate("html.byline", ", ".join(found.raw for found in group), names)


def byline_in(element: HtmlElement, headline: str) -> Candidate | None:
    """The byline that an element is, with the names that have elements of their own; ``None`` for another thing."""
    own = f"{element.get('class') or ''} {element.get('id') or ''}"
    called = element.get("rel") == "author" or element.get("itemprop") == "author" or element.tag == "a"
    if not (called or MARK.search(own)) or UNWANTED.search(own) or stands_elsewhere(element, headline):
        return None
    named = tuple(dict.fromkeys(name for name in inner_names(element) if 2 < len(name) < MAX_NAME_CHARS))
    text = text_of(element)
    if 1 < len(text) < MAX_CHARS:
        return Candidate("html.byline", text, named if len(named) > 1 else ())
    return Candidate("html.byline", ", ".join(named), named) if named else None


def inner_names(element: HtmlElement) -> list[str]:
    """Names inside a byline that have elements of their own: microdata's, else those of links to author pages."""
    inner = list(islice(element.iterdescendants(), INNER_ELEMENTS))
    named = [text_of(node) for node in inner if node.get("itemprop") == "name"]
    return named or [
        text_of(link)
        for link in inner
        if link.tag == "a"
        and (
            link.get("rel") == "author"
            or MARK.search(link.get("class") or "")
            or re.search(r"/(?:aut|team)", link.get("href") or "")
        )
    ]


def spoken_bylines(heading: HtmlElement, headline: str) -> Iterator[Candidate]:
    """Short lines close below a headline that begin with "By" in one of the languages of the field."""
    for element in islice(elements_after(heading), NEAR_ELEMENTS):
        if not element.text or not isinstance(element.tag, str) or element.tag in ("script", "style", "a"):
            continue
        text = folded(element.text)
        if LABEL.match(text):
            whole = element if len(element) else element.getparent()
            text = folded(text_of(whole)) if whole is not None else text
        match = LINE.match(text) if 4 < len(text) < MAX_CHARS else None
        if match and are_names(match["names"]) and not stands_elsewhere(element, headline):
            yield Candidate("html.line", text, (match["names"],))


def are_names(text: str) -> bool:
    """Whether each word up to the first number can be of a name, as is not so in a sentence that begins with "By"."""
    words = re.split(r"\d", text)[0].replace(",", " , ").split()
    return 0 < len(words) <= 12 and all(NAME.match(word) for word in words)
