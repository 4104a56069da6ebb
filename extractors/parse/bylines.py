"""The visible page -> its bylines, as written: what the markup calls an author, and lines that begin with "By".

Marks: ``rel=author`` (HTML living standard), microdata's ``author``, class names of the field, links to author pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from extractors.normalize.agencies import is_agency_credit
from extractors.normalize.candidates import Candidate
from extractors.parse.elements import folded, text_of
from extractors.parse.surroundings import NEAR_BELOW, Surroundings

MAX_BYLINES = 6
MAX_CHARS = 160
MAX_NAME_CHARS = 60
MAX_CLASS_CHARS = 300
INNER_ELEMENTS = 40
FAR_ELEMENTS = 5_000
"""How far below the headline any byline is looked for."""

SPOKEN_ELEMENTS = 70
"""How far below the headline a line with "By" may stand."""

BEARERS = frozenset((
    "a", "span", "div", "p", "li", "ul", "address", "cite", "em", "i", "strong", "b", "small", "section", "header",
    "h2", "h3", "h4", "h5", "h6", "td", "dd", "font",
))  # fmt: skip
"""Elements that bylines stand in."""

UNSPOKEN = frozenset(("script", "style", "a", "title", "noscript", "template", "svg", "option"))

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
    r"mailto|comment|related|popup|modal|tooltip|count|title|headline|date(?![-_]?(?:author|autor|by))|time|copyright|caption|"
    r"credit|licen[cs]e|media|video|"
    r"more|list-of|archive|search|filter",
    re.IGNORECASE,
)
CREDIT_LINE = re.compile(r"(?<![a-z])(?:credits?|source|agency)(?![a-z])", re.IGNORECASE)
AUTHOR_BOX = re.compile(
    r"(?:author|autor|auteur)(?:en|in)?[-_]?(?:bio|box|info|about|card|profile?)|about[-_]?(?:the[-_]?)?author",
    re.IGNORECASE,
)
WHOLE_NAME = re.compile(r"^(?:[^\W\d_a-z][^\W\d_]*[.'’-]?[^\W\d_]*(?: |$)){2,4}$")
DATED = re.compile(r"(?:^|\D)(?:19|20)\d\d(?:\D|$)")
MAX_DATE_CHARS = 60
BOX_TITLES = ("h2", "h3", "h4", "h5", "h6", "strong", "b")
SPOKEN = (
    r"(?:[Ww]ritten |[Pp]osted |[Rr]eported |[Ss]tory )?[Bb]y:?|BY:?|[Vv]on:?|VON|Par:?|Por:?|Di|De|Door:?|[Aa]v|Af|"
    r"Yazan:?|Haber:|بقلم\s*:?|كتبت?\s*:|إعداد\s*:|نویسنده:|Text:|Texte\s?:|Texto:|Testo:|Interview:|Author:|"
    r"Autor(?:in|en)?(?:/Autor)?:?|Auteur\s?:"
)
LINE = re.compile(rf"^(?:\d.{{0,40}}\d\s+)?(?:{SPOKEN})\s+(?P<names>[^\W\d_][^<>{{}}]{{2,100}})$")
LABEL = re.compile(rf"^(?:{SPOKEN})$")
SPOKEN_START = re.compile(rf"\s*(?:\d.{{0,40}}\d\s+)?(?:{SPOKEN})(?:\s|$)")
NAME = re.compile(
    r"^(?:(?:[A-ZÀ-ÞĀ-Ž\u0130\u015e]|[^\W\d_A-Za-zß-ÿ])[\w.'’\-]*|von|van|der|den|de|del|della|di|da|du|la|le|bin|"
    r"al-\w+|el-\w+|and|und|et|y|e|og|och|en|ve|,|&)$"
)


def near_bylines(seen: Surroundings) -> Iterator[Candidate]:
    """Bylines close to the page's headline: those that the markup marks, below it or else above, then spoken ones."""
    below = seen.below()[:NEAR_BELOW]
    found = list(islice(grouped_bylines(marked_in(below), seen), MAX_BYLINES)) or list(
        islice(grouped_bylines(marked_in(seen.above()[:NEAR_BELOW]), seen), 1)
    )
    if seen.heading is not None:
        found += islice(spoken_bylines(below[:SPOKEN_ELEMENTS], seen), 2)
    yield from dict.fromkeys(found)


def far_bylines(seen: Surroundings) -> Iterator[Candidate]:
    """Bylines anywhere else below the headline, for pages that credit nobody otherwise.

    Marked and spoken ones, a name beside the day, a news agency in a line of credit, and the name over a box about
    the author.
    """
    below = seen.below()[:FAR_ELEMENTS]
    yield from islice(names_beside_dates(below[:SPOKEN_ELEMENTS], seen), 1)
    yield from islice(grouped_bylines(marked_in(below[NEAR_BELOW:]), seen), MAX_BYLINES)
    yield from islice(spoken_bylines(below[SPOKEN_ELEMENTS:], seen), 2)
    yield from credits_and_boxes(below, seen)


def credits_and_boxes(below: Sequence[HtmlElement], seen: Surroundings) -> Iterator[Candidate]:
    """Lines of credit that name an agency, down to the first box about an author with the name over it."""
    for element in below:
        name = element.get("class") if element.tag in BEARERS else None
        if name and CREDIT_LINE.search(name) and is_small(element):
            text = text_of(element)
            if len(text) < MAX_CHARS and is_agency_credit(text) and not seen.stands_elsewhere(element):
                yield Candidate("html.credit", text)
        if name and AUTHOR_BOX.search(name):
            titles = (text_of(inner) for inner in islice(element.iter(*BOX_TITLES), INNER_ELEMENTS))
            yield from (Candidate("html.author_box", title) for title in islice(filter(None, titles), 2))
            return


def marked_in(elements: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """Elements that may be a byline."""
    for element in elements:
        tag = element.tag
        if tag not in BEARERS:
            continue
        name = element.get("class")
        if (
            (name and is_marked(name[:MAX_CLASS_CHARS]))
            or (tag == "a" and leads_to_author(element))
            or element.get("itemprop") == "author"
        ):
            yield element


@lru_cache(maxsize=5_000)
def is_marked(class_name: str) -> bool:
    """Whether a class names a byline; remembered, since an outlet's pages have the same classes again and again."""
    if LIKELY.search(class_name.lower()) is None:
        return False
    return MARK.search(class_name) is not None and not is_unwanted(class_name)


@lru_cache(maxsize=5_000)
def is_unwanted(name: str) -> bool:
    """Whether a class or an id says that what it names is no byline."""
    return UNWANTED.search(name) is not None


def leads_to_author(link: HtmlElement) -> bool:
    """Whether a link says that it leads to an author's page."""
    href = link.get("href") or ""
    return link.get("rel") == "author" or ("/aut" in href and AUTHOR_PAGE.search(href) is not None)


def grouped_bylines(marked: Iterable[HtmlElement], seen: Surroundings) -> Iterator[Candidate]:
    """One byline for each run of marked elements of one kind that stand together."""
    covered: set[HtmlElement] = set()
    group: list[Candidate] = []
    kind: object = None
    for element in marked:
        if any(parent in covered for parent in islice(element.iterancestors(), 6)):
            continue
        byline = byline_in(element, seen)
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


def byline_in(element: HtmlElement, seen: Surroundings) -> Candidate | None:
    """The byline that an element is, with the names that have elements of their own; ``None`` for another thing."""
    if (
        is_unwanted(element.get("class") or "")
        or is_unwanted(element.get("id") or "")
        or seen.stands_elsewhere(element)
    ):
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


def spoken_bylines(elements: Iterable[HtmlElement], seen: Surroundings) -> Iterator[Candidate]:
    """Short lines that begin with "By" in one of the languages of the field."""
    for element in elements:
        text = element.text
        if not text or element.tag in UNSPOKEN or not SPOKEN_START.match(text):
            continue
        text = folded(text)
        if LABEL.match(text):
            whole = element if len(element) else element.getparent()
            text = folded(text_of(whole)) if whole is not None and is_small(whole) else text
        match = LINE.match(text) if 4 < len(text) < MAX_CHARS else None
        if match and are_names(match["names"]) and not is_linked(element) and not seen.stands_elsewhere(element):
            yield Candidate("html.line", text, (match["names"],))


def names_beside_dates(elements: Iterable[HtmlElement], seen: Surroundings) -> Iterator[Candidate]:
    """Whole names that stand alone right before a date ("Rula Sabbagh | 3 March 2026"); sections there are links."""
    for element in elements:
        if len(element.text or "") > MAX_NAME_CHARS or " " not in (element.text or ""):
            continue
        text = folded(element.text).rstrip(" |•·,-–—")
        behind = element.getnext() if WHOLE_NAME.match(text) and not len(element) else None
        if behind is None or not is_small(behind) or not DATED.search(text_of(behind)[:MAX_DATE_CHARS]):
            continue
        if not is_linked(element) and element.tag != "a" and not seen.stands_elsewhere(element):
            yield Candidate("html.beside_date", text)


def is_small(element: HtmlElement) -> bool:
    """Whether an element holds few others, as a line does; the text of a block that holds many takes long to read."""
    return next(islice(element.iter(), INNER_ELEMENTS, None), None) is None


def is_linked(element: HtmlElement) -> bool:
    """Whether a line stands in a link, as the bylines in announcements of other articles do."""
    return any(parent.tag == "a" for parent in islice(element.iterancestors(), 4))


def are_names(text: str) -> bool:
    """Whether each word up to the first number can be of a name, as is not so in a sentence that begins with "By"."""
    words = re.split(r"\d", text)[0].replace(",", " , ").split()
    return 0 < len(words) <= 12 and all(NAME.match(word) for word in words)
