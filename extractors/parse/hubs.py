"""A page that says nothing of itself -> whether it is a hub: a front, tag, author or result page.

A hub's text is made of pieces that each belong to a linked headline of another page of the site, and no piece is most
of it. That holds whatever elements the headlines stand in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from extractors.normalize.texts import squeezed
from extractors.parse.elements import INLINE, folded
from extractors.parse.metadata import Metadata

FEWEST = 4
"""A hub leads to at least so many pages."""
HUB_SHARE = 0.8
TOLD_SHARE = 0.3
"""How much of a hub's text belongs to linked headlines: usually, and where address or markup call it a hub."""
PIECE_SHARE = 0.6
"""A page of which one piece is more than this is that piece's."""

HEADLINE_CHARS = 15
HEADLINE_CHARS_WIDE = 8
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A link with fewer characters is a button, a name or a section; scripts that write a syllable a sign need fewer."""
BESIDE_CHARS = 30
"""A time, a place or a number beside a headline has no more characters than this."""
SENTENCE_ENDS = (".", "!", "?", "…", "؟", "。", ":")
PIECE_CHARS = 600
POST_CHARS = 20_000
"""A headline with its standfirst has no more text than this; an ``article`` of a weblog's page may be one whole."""
LEVELS = 5
INLINE_LEVELS = 40
DEEPEST = 150
MOST_LINKS = 1_500
MOST_TEXT_CHARS = 60_000

HUB_PATH = re.compile(
    r"(?:^|/)(?:tags?|topics?|themes?|categor(?:y|ies)|authors?|contributors?|journalists?|reporters?|writers?|profiles?|"
    r"search|archives?|themen?|autor(?:en|es)?|auteurs?|etiqueta|etiket|yazar(?:lar)?|konu|"
    r"وسوم|وسم|تصنيف|كاتب|كتاب|بحث)/[^/]+(?:/page)?(?:/\d+)?/?$|(?:^|/)(?:search|suche|recherche|buscar|arama|بحث)/?$|^/page/\d+/?$",
    re.IGNORECASE,
)
HUB_QUERY = re.compile(r"(?:^|&)(?:s|q|query|search|tag|cat|category|author)=", re.IGNORECASE)
HUB_CLASSES = frozenset((
    "archive", "search", "search-results", "blog", "category", "tag", "author", "tax", "path-taxonomy",
    "page-taxonomy-term", "path-search", "page-search",
))  # fmt: skip
"""Classes that WordPress and Drupal give to the body of such a page."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A link that reads like a headline, with the block in which it stands and the page to which it leads."""

    block: HtmlElement
    target: str


def hub_found(tree: HtmlElement, url: str, metadata: Metadata, lines: Sequence[str]) -> str | None:
    """Judge a page that declares no article.

    Args:
        tree: The page.
        url: Its own address.
        metadata: What its head declares.
        lines: What was read as its text.

    Returns:
        What was seen of a hub; None for no hub.
    """
    text = squeezed(" ".join(lines))
    if not text or len(text) > MOST_TEXT_CHARS:
        return None
    headlines = list(headlines_in(tree, url))
    pieces = pieces_of(headlines) if len(headlines) >= FEWEST else []
    shares = [part for part in (share_of(piece, text) for piece in pieces) if part]
    share = sum(shares)
    if len(pieces) < FEWEST or max(shares, default=0.0) > PIECE_SHARE:
        return None
    if len(shares) >= FEWEST and share >= HUB_SHARE:
        return f"{len(shares)} headlines of other pages hold {min(share, 1):.0%} of the text"
    if told := told_by(tree, url, metadata):
        chars = sum(len(squeezed("".join(piece.itertext()))) for piece in pieces)
        if share >= TOLD_SHARE or chars > len(text):
            return f"{told}, with {len(pieces)} headlines of other pages"
    return None


def told_by(tree: HtmlElement, url: str, metadata: Metadata) -> str | None:
    """What calls a page a hub: its address, its type or the classes of its body."""
    parts = urlsplit(url)
    if HUB_PATH.search(unquote(parts.path)) or HUB_QUERY.search(parts.query):
        return "an address of a hub"
    if (metadata.first("og:type") or "").lower() == "profile":
        return "a page that calls itself a profile"
    body = next(tree.iter("body"), None)
    classes = (body.get("class") or "").lower().split() if body is not None else ()
    return next((f"a body of class {name!r}" for name in classes if name in HUB_CLASSES), None)


def headlines_in(tree: HtmlElement, url: str) -> Iterator[Headline]:
    """Links to other pages of the site that stand like headlines: alone, or before what is said about them."""
    parts = urlsplit(url)
    own = target_of(url, parts.netloc)
    is_row = cache(holds_links_alone)
    for link in islice(tree.iter("a"), MOST_LINKS):
        target = target_of((link.get("href") or "").strip(), parts.netloc)
        if target is None or target == own or not reads_as_headline(start_of(link)):
            continue
        if next(islice(link.iterancestors(), DEEPEST, None), None) is not None:
            return  # blocks in blocks without end, each of which would be read for each of its links
        block = block_of(link)
        if is_row(block):
            yield Headline(link, target)
        elif begins(block, link) and is_whole(link, block):
            yield Headline(block, target)


def target_of(href: str, host: str) -> str | None:
    """What two links to one page of a host have in common; None of a link to elsewhere, or to a place of its page.

    Not resolved against the page's address: of the hundreds of links of a page that would take longest.
    """
    address = href.partition("#")[0].rstrip("/")
    if not address:
        return None
    scheme, colon, rest = address.partition(":")
    if colon and scheme.isalpha():
        if scheme.lower() not in ("http", "https") or not rest.startswith("//"):
            return None
        address = rest
    if address.startswith("//"):
        named, _, path = address[2:].partition("/")
        return f"/{path}" if named == host else None
    return address


def reads_as_headline(words: str) -> bool:
    """Whether a link's words are more than a button, a name or a section."""
    return len(words) >= HEADLINE_CHARS or (len(words) >= HEADLINE_CHARS_WIDE and bool(WIDE.search(words)))


def start_of(element: HtmlElement) -> str:
    """The beginning of an element's text, as much of it as a piece of a hub has."""
    texts: list[str] = []
    chars = 0
    for text in element.itertext():
        texts.append(text)
        chars += len(text)
        if chars > PIECE_CHARS:
            break
    return folded("".join(texts))


def block_of(link: HtmlElement) -> HtmlElement:
    """The nearest element around a link that is a line of its own; the link itself where it holds such ones."""
    if any(isinstance(each.tag, str) and each.tag not in INLINE for each in islice(link.iterdescendants(), 20)):
        return link
    block = link
    for ancestor in islice(link.iterancestors(), INLINE_LEVELS):
        block = ancestor
        if block.tag not in INLINE:
            break
    return block


def holds_links_alone(block: HtmlElement) -> bool:
    """Whether a block is a row of links with hardly a word between them, each of which may be a whole piece."""
    links = list(islice(block.iter("a"), MOST_LINKS))
    if len(links) < 2:
        return False
    inside = sum(len(start_of(link)) for link in links)
    return len(folded("".join(block.itertext()))) - inside <= BESIDE_CHARS * len(links)


def begins(block: HtmlElement, link: HtmlElement) -> bool:
    """Whether a block begins with a link, or with a time or a number before it."""
    if block is link:
        return True
    around = set(link.iterancestors())
    before = len(folded(block.text))
    for node in block.iterdescendants():
        if node is link or before > BESIDE_CHARS:
            return before <= BESIDE_CHARS
        texts = (node.text if isinstance(node.tag, str) else None, None if node in around else node.tail)
        before += sum(len(folded(text)) for text in texts)
    return False


def is_whole(link: HtmlElement, block: HtmlElement) -> bool:
    """Whether a link's words are a sentence or a line, and do not run on into the words behind them."""
    if "".join(link.itertext()).rstrip().endswith(SENTENCE_ENDS):
        return True
    node = link
    while node is not block:
        if behind := folded(node.tail):
            return not behind[0].isalnum()
        parent = node.getparent()
        if node.getnext() is not None or parent is None:
            break
        node = parent
    return True


def pieces_of(headlines: Sequence[Headline]) -> list[HtmlElement]:
    """The widest blocks around headlines that hold no other page's headline."""
    can_be = cache(can_be_piece)
    targets: dict[HtmlElement, set[str]] = defaultdict(set)
    for headline in headlines:
        targets[headline.block].add(headline.target)
        for ancestor in islice(headline.block.iterancestors(), LEVELS):
            targets[ancestor].add(headline.target)
    pieces: dict[HtmlElement, None] = {}
    for headline in headlines:
        piece = headline.block
        if not can_be(piece):
            continue
        for ancestor in islice(headline.block.iterancestors(), LEVELS):
            if len(targets[ancestor]) > 1 or not can_be(ancestor):
                break
            piece = ancestor
        pieces[piece] = None
        if piece.tag == "dt":
            pieces.update(dict.fromkeys(answers_to(piece)))
    return list(pieces)


def answers_to(term: HtmlElement) -> Iterator[HtmlElement]:
    """What a definition list says of a term."""
    for sibling in term.itersiblings():
        if sibling.tag != "dd":
            return
        yield sibling


def can_be_piece(block: HtmlElement) -> bool:
    """Whether a block may belong to one headline as a whole."""
    if block.tag in ("body", "html", "main") or next(block.iter("h1"), None) is not None:
        return False
    most = POST_CHARS if block.tag == "article" else PIECE_CHARS
    chars = 0
    for text in block.itertext():
        chars += len(folded(text))
        if chars > most:
            return False
    return True


def share_of(piece: HtmlElement, text: str) -> float:
    """How much of a text, squeezed, a piece's own texts are."""
    own = {squeezed(each) for each in piece.itertext()}
    return sum(len(each) for each in own if len(each) > 3 and each in text) / len(text)
