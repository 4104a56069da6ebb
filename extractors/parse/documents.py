"""Bytes and a content type -> one lxml tree, the encoding found as the WHATWG Encoding standard has it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extractors.parse.crowds import without_crowds

MAX_CHARS = 12_000_000
"""Longer documents are cut; the archive keeps the whole."""

MAX_ELEMENTS, MAX_TEXT_CHARS = 100_000, 1_000_000
"""A page with more elements or more visible text is no article, and would hold a worker for long."""

MAX_DEPTH = 512
"""Elements below this depth are cut off; browsers too keep no more levels."""

IS_DEEP = etree.XPath("boolean(" + "/*" * 256 + ")")
"""Whether a tree is nested deep enough to be measured, which next to none is."""

COUNT_ELEMENTS = etree.XPath("count(//*)")
COUNT_CHARS = etree.XPath("string-length(.)")

ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""Every element is an ``HtmlElement``: lxml.html looks among its classes in Python each time that it meets one."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The labels whose WHATWG meaning differs from Python's codec of that name: each is read as its superset.
SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
    "utf-7": "cp1252",
}

NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "undefined"}
)
"""Python's codecs from text to text, which no page is in; some fail in ways of their own, or take very long."""

CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]+)""", re.IGNORECASE)
META = re.compile(rb"<meta[^>]+charset[^>]*>", re.IGNORECASE)
TAG = re.compile(rb"<[^<>]*>")
XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.\-]+)""")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CONTROL_BYTES = bytes((*range(9), 11, 12, *range(14, 32), 127))
NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
HEAD_BYTES = 8192

DETECTION_BYTES = 65_536


def decode(body: bytes, content_type: str | None) -> str:
    """Decode a page's bytes.

    Order: byte order mark; UTF-8 when the bytes are UTF-8 beyond ASCII, whatever the labels say (no other encoding
    looks like it by chance); the header's charset; the page's own; detection; Windows-1252.

    Args:
        body: The decoded response body (content encodings undone).
        content_type: The ``Content-Type`` header.

    Returns:
        Text without NUL and other characters that XML forbids, at most ``MAX_CHARS`` long.
    """
    return without_unwanted(decode_raw(body, content_type)[:MAX_CHARS])


def without_unwanted(text: str) -> str:
    """Text without what XML forbids; that most pages hold none of it, their bytes show at once."""
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        return UNWANTED.sub("", text)
    return text if is_clean(raw) else UNWANTED.sub("", text)


def is_clean(raw: bytes) -> bool:
    """Whether UTF-8 holds nothing that XML forbids."""
    if any(code in raw for code in CONTROL_BYTES):  # one search each: half the time of one pass that compares all
        return False
    return b"\xef" not in raw or not any(mark in raw for mark in NONCHARACTERS)


def recode(body: bytes, content_type: str | None) -> bytes:
    """Decode a page's bytes as ``decode`` does, into UTF-8; most pages are in it, and stay as they are."""
    if len(body) > MAX_CHARS or body.startswith(codecs.BOM_UTF8) or not is_clean(body):
        return decode(body, content_type).encode("utf-8")
    if not is_labeled_wide(declared_encodings(body, content_type)) and is_utf8(body):
        return body
    return decode(body, content_type).encode("utf-8")


def is_utf8(body: bytes) -> bool:
    """Whether bytes are UTF-8 as a whole."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_labeled_wide(labels: Iterable[str]) -> bool:
    """Whether a label names an encoding whose bytes can look like UTF-8 and are none."""
    return any(label.startswith(("utf-16", "utf-32", "iso2022")) for label in labels)


def decode_raw(body: bytes, content_type: str | None) -> str:
    """Decode without looking at what came out."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    labels = declared_encodings(body, content_type)
    if not is_labeled_wide(labels):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            text = body.decode("utf-8", "replace")
            if mostly_utf8(text):
                return text
    # what is called UTF-8 and is not has shown above that its label says nothing
    others = [label for label in labels if label not in ("utf-8", "utf-8-sig")]
    for label in others:
        try:
            return body.decode(label)
        except UnicodeDecodeError:
            continue
    return body.decode(others[0] if others else detected_encoding(body), "replace")


def mostly_utf8(text: str) -> bool:
    """Whether what did not decode as UTF-8 is damage: a cut multi-byte character, a pasted foreign byte."""
    broken = text.count("\ufffd")
    foreign = sum(1 for char in text if char > "\x7f") - broken
    return broken * 20 < foreign


def declared_encodings(body: bytes, content_type: str | None) -> list[str]:
    """Python codecs named by the header, then by the page, without those that no codec is known for."""
    head = body[:HEAD_BYTES]
    labels = CHARSET.findall((content_type or "").encode("ascii", "ignore"))
    labels += [label for meta in META.findall(head) for label in CHARSET.findall(meta)]
    labels += XML_DECLARATION.findall(head)
    codecs_found = [codec_of(label.decode("ascii")) for label in labels]
    # A page that reads as ASCII up to its own label is not UTF-16, whatever the label says (WHATWG 13.2.3.2).
    fits = [name for name in codecs_found if name and not (name.startswith("utf-16") and b"\x00" not in head)]
    return list(dict.fromkeys(fits))


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """Python's codec for an encoding label, or its superset that browsers use."""
    try:
        name = codecs.lookup(label).name
        if name in NO_CHARSETS:
            return None
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return SUPERSETS.get(name, name)


def detected_encoding(body: bytes) -> str:
    """The encoding that the first bytes most look like; Windows-1252 when nothing fits."""
    from charset_normalizer import from_bytes  # for the few pages that do not say what they are in

    # Tags are ASCII whatever the words are in, and their share decides wrongly between the charsets of a script.
    words = TAG.sub(b" ", body[: 4 * DETECTION_BYTES])[:DETECTION_BYTES]
    best = from_bytes(words).best()
    return (codec_of(best.encoding) if best else None) or "cp1252"


def parse_document(body: bytes, content_type: str | None) -> HtmlElement | None:
    """Parse a page.

    Returns:
        The root element, without comments and processing instructions; ``None`` when there is no element in it, or
        so much that the page is not to be read.
    """
    return parse_sized(recode(body, content_type))


def parse_text(text: str) -> HtmlElement | None:
    """Parse decoded HTML; see ``parse_document``."""
    return parse_sized(text.encode("utf-8"))


def parse_sized(raw: bytes) -> HtmlElement | None:
    """Parse UTF-8 unless it is too much; see ``parse_document``."""
    tree = parse_any_size(raw)
    return tree if tree is not None and not is_too_large(tree, raw) else None


def parse_any_size(raw: bytes) -> HtmlElement | None:
    """Parse UTF-8, however much it is.

    Bytes, since lxml refuses text with an XML declaration that names an encoding.
    """
    if not raw.strip():
        return None
    raw = without_crowds(raw)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True)
    parser.set_element_class_lookup(ONE_CLASS)
    try:
        tree = document_fromstring(raw, parser=parser)
    except etree.ParserError:
        return None
    cut_depth(tree)
    return tree if len(tree) else None


def is_too_large(tree: HtmlElement, raw: bytes) -> bool:
    """Whether a page has more elements or more visible text than is read; that of most has too few bytes for it."""
    if len(raw) < MAX_ELEMENTS * len("<p>"):
        return False
    if number(COUNT_ELEMENTS(tree)) > MAX_ELEMENTS:
        return True
    if len(raw) <= MAX_TEXT_CHARS or (chars := number(COUNT_CHARS(tree))) <= MAX_TEXT_CHARS:
        return False
    unseen = sum(len(element.text or "") for element in tree.iter("script", "style", "template", "noscript"))
    return chars - unseen > MAX_TEXT_CHARS


def number(found: object) -> float:
    """The result of an XPath expression that counts."""
    assert isinstance(found, float)
    return found


def drop_drawings(tree: HtmlElement) -> None:
    """Take out styles and drawings, which no reading of a page looks at, and which are a tenth of its elements."""
    etree.strip_elements(tree, "style", "svg", with_tail=False)


def cut_depth(tree: HtmlElement) -> None:
    """Take out what is nested deeper than ``MAX_DEPTH``."""
    if not IS_DEEP(tree):
        return
    depth = 0
    too_deep = []
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        depth += 1 if event == "start" else -1
        if event == "start" and depth > MAX_DEPTH:
            walker.skip_subtree()
            too_deep.append(element)
    for element in too_deep:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
