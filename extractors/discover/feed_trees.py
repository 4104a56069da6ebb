"""A well-formed RSS, RDF or Atom document into entries of feedparser's shape, in time linear in its size.

feedparser reads everything and is slow: a tenth of this speed, and quadratic in attributes, nested bases and
categories, so that a hostile feed of 400 KB took it 40 s. Most feeds are well-formed and need none of its patience.

Source: RSS 0.9-2.0, RFC 4287 (Atom), the modules content, dc, dcterms, media, itunes and feedburner.
"""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from html import entities
from typing import Any
from urllib.parse import urljoin

from lxml import etree

Entry = dict[str, Any]
Children = Mapping[str, list[etree._Element]]  # noqa: SLF001 - lxml has no public name for it

CORE = frozenset(
    (
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0/modules/rss091#",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://blogs.law.harvard.edu/tech/rss",
    )
)
MODULES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/DTDs/PodCast-1.0.dtd": "itunes",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/2000/svg": "svg",
}
ROOTS = ("rss", "rdf:rdf", "feed")
ENTRIES = ("item", "entry")
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HTML_TYPES = ("text/html", "application/xhtml+xml")
FULL_TYPES = {"text": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}

TIMES = {
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), "published"),
    **dict.fromkeys(("created", "dcterms:created"), "created"),
    **dict.fromkeys(("updated", "modified", "dc:date", "dcterms:modified"), "updated"),
}
TITLES = ("title", "dc:title", "media:title")
SUMMARIES = ("summary", "description", "dc:description", "itunes:summary", "media:description", "abstract")
CONTENTS = ("content:encoded", "content", "fullitem", "body", "xhtml:body")
TAGS = ("category", "dc:subject", "keywords", "media:category")
TAG_LISTS = ("itunes:keywords", "media:keywords")

NAMESPACE = re.compile(r" xmlns(?::\w+)?=\"[^\"]*\"")
WINDOWS_CONTROLS = {
    code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))
}
"""What programs write that take windows-1252 for Latin; as characters of Unicode these are controls."""
LOOKS_LIKE_MARKUP = re.compile(r"</\w+>|&#?\w+;")
BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
NAMED_ENTITY = re.compile(r"&(\w{2,31});")
DOCUMENT_TYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
REST_OF_DOCUMENT_TYPE = re.compile(r"[^>\[]*(?:\[[^\]]*\]\s*)?>")
XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
DECLARES = re.compile(rb"<!\s*(?:DOCTYPE[^>\[]{0,200}\[|ENTITY)", re.IGNORECASE)
RECODED = re.compile(rb"<\?xml[^>]{0,80}?encoding\s*=\s*[\"'](?!utf-?8|us-ascii|iso-?8859|windows-125)", re.IGNORECASE)
DECLARATION_BYTES = 1_000


def read_tree(body: bytes, *, url: str) -> tuple[Entry, list[Entry]] | None:
    """Read a well-formed feed.

    Args:
        body: UTF-8; what the document calls itself does not count.
        url: Where it came from.

    Returns:
        The channel and its entries, as feedparser has them; times are as they were written. ``None`` for what is not
        well-formed, uses entities of its own, or is no RSS, RDF or Atom.
    """
    head = body[:DECLARATION_BYTES]
    if DECLARES.search(head) or RECODED.search(head):
        return None
    with suppress(etree.XMLSyntaxError, ValueError):
        return read_root(etree.fromstring(body, make_parser(recover=False)), url)
    return None


def read_damaged_tree(body: bytes, *, url: str) -> tuple[Entry, list[Entry]] | None:
    """Read what can be read of a feed that is not well-formed; ``None`` where that is not even a root."""
    text = without_document_type(body.decode("utf-8", "replace"))
    text = BARE_AMPERSAND.sub("&amp;", NAMED_ENTITY.sub(character_of, text))
    with suppress(etree.XMLSyntaxError, ValueError):
        root = etree.fromstring(text.encode(), make_parser(recover=True))
        return None if root is None else read_root(root, url)
    return None


def make_parser(*, recover: bool) -> etree.XMLParser:
    """A parser that opens nothing, unfolds nothing, and gives up on nesting deeper than 256."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def without_document_type(text: str) -> str:
    """A document without its type: entities of a feed's own are a trap more often than a text."""
    start = DOCUMENT_TYPE.search(text)
    end = REST_OF_DOCUMENT_TYPE.match(text, start.end()) if start else None
    return text[: start.start()] + text[end.end() :] if start and end else text


def character_of(match: re.Match[str]) -> str:
    """An entity of HTML as its character; feeds use them without saying what they are."""
    name = match[1]
    return match[0] if name in XML_ENTITIES else entities.html5.get(f"{name};", match[0])


def read_root(root: etree._Element, url: str) -> tuple[Entry, list[Entry]] | None:
    """The channel and the entries below a root; ``None`` for another document."""
    kind = kind_of(root)
    if kind not in ROOTS:
        return None
    channels = [child for child in root if kind_of(child) == "channel"]
    places = [root, *channels]
    found = [child for place in places for child in place if kind_of(child) in ENTRIES]
    channel = read_channel(root, channels[0] if channels else root)
    channel["version"] = "atom" if kind == "feed" else kind
    return channel, [read_entry(each, url, is_atom=kind == "feed") for each in found]


def kind_of(element: etree._Element) -> str:
    """An element's name in lower case, with its module's usual prefix; without one where a feed's own."""
    tag = element.tag if isinstance(element.tag, str) else ""  # an entity that was not unfolded has a function there
    if not tag:
        return ""
    name = etree.QName(tag)
    local = name.localname.lower()
    if (module := MODULES.get(name.namespace or "")) is not None:
        return f"{module}:{local}"
    is_core = (name.namespace or "") in CORE or element.prefix is None
    return local if is_core else f"{element.prefix}:{local}"


def read_channel(root: etree._Element, channel: etree._Element) -> Entry:
    """What is asked of the feed itself: its language, and how seldom it changes."""
    languages = [channel.get(XML_LANG), root.get(XML_LANG)]
    found: Entry = {}
    for child in channel:
        kind = kind_of(child)
        if kind in ("language", "dc:language"):
            languages.insert(0, text_of(child))
        elif kind == "ttl":
            found.setdefault(kind, text_of(child))
    found["language"] = next(filter(None, languages), None)
    return found


def read_entry(element: etree._Element, url: str, *, is_atom: bool) -> Entry:
    """One entry, as feedparser has it."""
    children: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for child in element:
        children[kind_of(child)].append(child)
    for child in (each for group in children["media:group"] for each in group):
        children[kind_of(child)].append(child)
    entry: Entry = {
        "links": list(read_links(children["link"], url)),
        "authors": list(read_authors(children)),
        "tags": list(read_tags(children)),
        "feedburner_origlink": text_in(children, ("feedburner:origlink",)),
        "language": text_in(children, ("dc:language", "language")),
    }
    entry["link"] = own_link(entry["links"])
    guids = [*children["guid"], *children["id"]]
    guid = text_of(guids[0]) if guids else element.get(RDF_ABOUT)
    if guids and (guids[0].get("isPermaLink") or "").lower() == "true":
        guid = resolve(guids[0], guid or "", url)
    entry["id"] = guid
    entry |= {TIMES[kind]: text for child in element if (kind := kind_of(child)) in TIMES and (text := text_of(child))}
    add_texts(entry, children, is_atom=is_atom)
    entry["links"] += [{**attributes_of(each), "rel": "enclosure"} for each in children["enclosure"]]
    entry["media_content"] = [attributes_of(each) for each in children["media:content"]]
    entry["media_thumbnail"] = [attributes_of(each) for each in children["media:thumbnail"]]
    return {name: value for name, value in entry.items() if value}


def add_texts(entry: Entry, children: Children, *, is_atom: bool) -> None:
    """The title, the summary and the contents, each with the type that says how it is to be read."""
    title = first_text((each for kind in TITLES for each in children[kind]), default="text/plain", guess=not is_atom)
    if title:
        entry["title"], entry["title_detail"] = title[0], {"type": title[1]}
    summary = first_text(
        (each for kind in SUMMARIES for each in children[kind]),
        default="text/plain" if is_atom else "text/html",
        guess=not is_atom,
    )
    if summary:
        entry["summary"], entry["summary_detail"] = summary[0], {"type": summary[1]}
    kinds = (*CONTENTS, "description") if children["summary"] else CONTENTS
    contents = [construct(each, default_of(kind, is_atom=is_atom)) for kind in kinds for each in children[kind]]
    entry["content"] = [{"value": value, "type": kind} for value, kind in contents if value]


def default_of(kind: str, *, is_atom: bool) -> str:
    """The type of a content that does not say it."""
    if kind.endswith("body"):
        return "application/xhtml+xml"
    return "text/plain" if is_atom and kind == "content" else "text/html"


def first_text(elements: Iterable[etree._Element], *, default: str, guess: bool) -> tuple[str, str] | None:
    """The first element that is not empty, and its type; RSS leaves it to the reader to see markup in plain text."""
    for element in elements:
        value, kind = construct(element, default)
        if value:
            is_markup = guess and kind == "text/plain" and LOOKS_LIKE_MARKUP.search(value)
            return value, "text/html" if is_markup else kind
    return None


def construct(element: etree._Element, default: str) -> tuple[str, str]:
    """A text construct of Atom, of any version, or the text of an element of RSS: the value and its type."""
    said = (element.get("type") or "").strip().lower()
    kind = FULL_TYPES.get(said, said) or default
    if element.get("mode") == "base64" or is_binary(kind):
        with suppress(ValueError):
            return base64.b64decode(text_of(element)).decode().strip(), kind
    inner = unwrapped(element)
    if len(inner) or kind == "application/xhtml+xml":
        return inner_markup(inner), "text/html" if kind == "text/plain" and said != "text" else kind
    return text_of(inner), kind


def is_binary(kind: str) -> bool:
    """Whether RFC 4287 section 4.1.3.3 has a content of a type in Base64."""
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def unwrapped(element: etree._Element) -> etree._Element:
    """An element, or the ``div`` in which Atom wraps XHTML; that is no part of the text."""
    while len(element) == 1 and kind_of(element[0]) in ("xhtml:div", "div") and not (element.text or "").strip():
        element = element[0]
    return element


def inner_markup(element: etree._Element) -> str:
    """What is inside an element, as markup."""
    head = (element.text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    parts = [NAMESPACE.sub("", etree.tostring(child, encoding="unicode", method="html")) for child in element]
    return repaired("".join([head, *parts]).strip())


def text_of(element: etree._Element) -> str:
    """The text of an element, before its first child."""
    return repaired((element.text or "").strip())


def text_in(children: Children, kinds: Iterable[str]) -> str | None:
    """The last text that is not empty among the children of some kinds, as the later of two overrides the earlier."""
    texts = [text for kind in kinds for child in children[kind] if (text := text_of(child))]
    return texts[-1] if texts else None


def repaired(text: str) -> str:
    """Text as it was meant that was encoded twice, by a program that took UTF-8 or windows-1252 for Latin."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text.translate(WINDOWS_CONTROLS)


def resolve(element: etree._Element, address: str, url: str) -> str:
    """An address relative to each ``xml:base`` around an element, and those to the feed's own address."""
    bases = [base for each in (element, *element.iterancestors()) if (base := each.get(XML_BASE))]
    with suppress(ValueError):  # "http://[x" is no address
        for base in (*bases, url):
            address = urljoin(base, address)
    return address


def read_links(elements: Iterable[etree._Element], url: str) -> Iterator[dict[str, str]]:
    """The links of an entry; RSS writes the address as text, Atom as an attribute."""
    for element in elements:
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        address = attributes.get("href") or attributes.get("url") or attributes.get("uri") or text_of(element)
        if address:
            relation = attributes.get("rel", "alternate")
            yield {**attributes, "rel": relation, "href": resolve(element, address.strip(), url)}


def own_link(links: Iterable[Mapping[str, str]]) -> str | None:
    """The page that an entry is about: the last alternate that is HTML."""
    found = None
    for link in links:
        kind = link.get("type") or "text/html"
        if link["rel"] == "alternate" and FULL_TYPES.get(kind, kind) in HTML_TYPES:
            found = link["href"]
    return found


def read_authors(children: Children) -> Iterator[dict[str, str]]:
    """Names of authors; RSS writes them beside an e-mail address, ``desk@news.example (Lina Haddad)``."""
    for kind in ("author", "dc:creator", "dc:author", "itunes:author"):
        for element in children[kind]:
            names = [text_of(child) for child in element if kind_of(child) == "name"]
            text = names[0] if names else text_of(element)
            words = [word for word in text.split() if "@" not in word]
            name = " ".join(words) if "@" in text else text
            yield {"name": name.strip("()<> \t\n") if "@" in text else name}


def read_tags(children: Children) -> Iterator[dict[str, str | None]]:
    """The categories of an entry."""
    for kind in TAGS:
        for element in children[kind]:
            yield {"label": element.get("label"), "term": element.get("term") or text_of(element)}
    for kind in TAG_LISTS:
        for element in children[kind]:
            yield from ({"label": None, "term": term.strip()} for term in text_of(element).split(","))


def attributes_of(element: etree._Element) -> dict[str, str]:
    """The attributes of an element, by name."""
    return {str(name): str(value) for name, value in element.attrib.items()}
