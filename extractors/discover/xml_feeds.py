"""RSS, RDF and Atom feeds into items, by feedparser, which is given bytes only: it fetches nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from extractors.discover.feed_trees import Entry, read_damaged_tree, read_tree
from extractors.discover.freshness import channel_seconds
from extractors.discover.listings import Item
from extractors.discover.markup import fold, is_whole_body, markup_of, plain_text, standfirst_of, without_credit
from extractors.errors import DiscoverError, Reason
from extractors.normalize.timestamps import parse_timestamp
from extractors.parse.documents import decode
from extractors.records import Hints

HTML_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
TOLERATED = ("NonXMLContentType", "CharacterEncodingOverride")
"""Complaints of feedparser about how a feed was served, not about the feed, by their classes' names."""

PATIENCE_BYTES = 65_536
"""feedparser reads damaged feeds best, and some of them in quadratic time: larger ones get what lxml can recover."""
PATIENCE_KEYWORDS = 2_000
"""So many commas are a list of keywords, of which feedparser compares each with all others."""
LONG_BLANK = re.compile(rb"\s{200,}")
XML_ENCODING = re.compile(r"(?<=<\?xml)([^>]{0,80}?)encoding\s*=\s*[\"'][^\"'>]*[\"']")
LONG_WORD = re.compile(rb"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1000,}")
LONG_WORD_BUDGET = 10**9
"""Bound of the sum of squared lengths of long words: feedparser's pattern for e-mail addresses is quadratic in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A feed's items, and how seldom it says that it changes."""

    items: list[Item]
    fresh_seconds: float | None = None


def read_xml_feed(body: bytes, *, url: str, headers: Mapping[str, str]) -> FeedFile:
    """Read a feed.

    A feed that is not well-formed is read as far as feedparser gets, and a large one as far as lxml does.

    Args:
        body: The decoded response.
        url: Where it came from; relative links are relative to it, unless ``xml:base`` says otherwise.
        headers: The response's headers, by names in lower case; only the type, for its charset, and the language
            are used.

    Raises:
        DiscoverError: ``not_a_feed`` for an HTML page and anything else without a feed's elements;
            ``feed_parse_error`` for a feed that is too broken to give an entry.
    """
    if HTML_PAGE.match(body[:4_000].removeprefix(b"\xef\xbb\xbf")):
        raise DiscoverError(Reason.NOT_A_FEED, url, "the answer is an HTML page")
    body = readable(body, headers)
    tree = read_tree(body, url=url)
    if tree is None and (len(body) > PATIENCE_BYTES or body.count(b",") > PATIENCE_KEYWORDS):
        tree = read_damaged_tree(body, url=url)
        if tree is None or not tree[1]:
            raise DiscoverError(Reason.FEED_PARSE_ERROR, url, "large and not well-formed, and no entry can be read")
    if tree is not None:
        channel, entries = tree
        return make_file(
            channel, entries, url=url, language=headers.get("content-language"), is_atom=channel["version"] == "atom"
        )
    if sum((match.end() - match.start()) ** 2 for match in LONG_WORD.finditer(body)) > LONG_WORD_BUDGET:
        raise DiscoverError(Reason.FEED_PARSE_ERROR, url, "words of many thousand letters, as no feed has")
    import feedparser  # for the few feeds that are not well-formed

    try:
        parsed = feedparser.parse(
            io.BytesIO(body),
            response_headers={**parser_headers(body, headers), "content-location": url},
            sanitize_html=False,  # nothing here is ever shown in a browser
            resolve_relative_uris=False,  # of links inside content; those of entries are resolved in any case
        )
    except Exception as error:  # its loose parser lets out whatever its own parts raise on hostile bytes
        raise DiscoverError(Reason.FEED_PARSE_ERROR, url, f"{type(error).__name__}: {error}") from error
    if not parsed.entries and not parsed.get("version"):
        raise DiscoverError(Reason.NOT_A_FEED, url, "no RSS, RDF or Atom element in it")
    broken = parsed.get("bozo_exception")
    if not parsed.entries and broken is not None and type(broken).__name__ not in TOLERATED:
        raise DiscoverError(Reason.FEED_PARSE_ERROR, url, str(broken))
    is_atom = str(parsed.get("version", "")).startswith("atom")
    return make_file(parsed.feed, parsed.entries, url=url, is_atom=is_atom)


def make_file(
    channel: Entry, entries: Sequence[Entry], *, url: str, is_atom: bool, language: str | None = None
) -> FeedFile:
    """A feed's items; ``language`` is that of the response, for a feed that does not say its own."""
    spoken = channel.get("language") or language or None
    items = [read_entry(entry, url=url, language=spoken, is_atom=is_atom) for entry in entries]
    return FeedFile(items=items, fresh_seconds=channel_seconds(channel))


def parser_headers(body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers for feedparser, with the charset where the bytes themselves tell it.

    Bytes beyond ASCII that are valid UTF-8 are UTF-8, whatever a header or a declaration says: both are wrong more
    often than such a sequence is something else.
    """
    kept = {name: value for name, value in headers.items() if name in ("content-type", "content-language")}
    if not body.isascii() and is_utf8(body):
        kept["content-type"] = "application/xml; charset=utf-8"
    return kept


def readable(body: bytes, headers: Mapping[str, str]) -> bytes:
    """A feed's bytes as feedparser reads them right and in time.

    Bytes that are not UTF-8 are decoded here, by the rules for pages: feedparser takes what is called UTF-8 and is
    not for Latin, and knows no UTF-16 in some of its forms. Its patterns are quadratic in runs of white space, and
    hold up every thread while they match.
    """
    if not is_utf8(body):
        text = decode(body, headers.get("content-type"))
        body = XML_ENCODING.sub(r"\1", text, count=1).encode("utf-8", "replace")
    return LONG_BLANK.sub(b"\n", body.lstrip())


def is_utf8(body: bytes) -> bool:
    """Whether bytes are valid UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in body


def read_entry(entry: Entry, *, url: str, language: str | None, is_atom: bool) -> Item:
    """One entry as an item; times stay as they were written."""
    body_html, description = read_texts(entry)
    published, modified = read_times(entry, is_atom=is_atom)
    title = read_title(entry)
    hints = Hints(
        title=title or None,
        standfirst=standfirst_of(description, body_html),
        body_html=body_html,
        language=entry.get("dc_language") or entry.get("language") or language,
        authors=tuple(dict.fromkeys(read_authors(entry))),
        published=published,
        modified=modified,
        tags=tuple(dict.fromkeys(read_tags(entry))),
        image_url=read_image(entry, url),
    )
    return Item(url=read_link(entry), guid=entry.get("id") or None, hints=hints)


def read_link(entry: Entry) -> str | None:
    """The entry's page: the address before FeedBurner's, the link, an alternate of any type, or a guid that is one."""
    links = [link.get("href") for link in entry.get("links", []) if link.get("rel") == "alternate"]
    guid = entry.get("id", "")
    as_guid = guid if re.match(r"https?://", guid, re.IGNORECASE) else None
    link = entry.get("link")
    # feedparser takes an id that is no address (urn:uuid:...) for the link of an entry without one
    own = link if link != guid or as_guid else None
    found = entry.get("feedburner_origlink") or own or next(filter(None, links), None) or as_guid
    return str(found) if found else None


def read_title(entry: Entry) -> str:
    """The title as text; feedparser has judged whether it is markup."""
    title = str(entry.get("title", ""))
    is_plain = entry.get("title_detail", {}).get("type") == "text/plain"
    return fold(title) if is_plain else plain_text(title)


def read_texts(entry: Entry) -> tuple[str | None, str]:
    """The full content as HTML, where there is one, and the description as plain text."""
    summary = without_credit(str(entry.get("summary", "")))
    is_plain = entry.get("summary_detail", {}).get("type") == "text/plain"
    contents = [(str(part.get("value", "")), part.get("type")) for part in entry.get("content", [])]
    body = max(contents, key=lambda part: len(part[0]), default=("", None))
    if not body[0] and is_whole_body(markup_of(summary) if is_plain else summary):
        body, summary = (summary, "text/plain" if is_plain else "text/html"), ""
    body_html = markup_of(body[0]) if body[1] == "text/plain" else body[0]
    return without_credit(body_html) or None, fold(summary) if is_plain else plain_text(summary)


def read_times(entry: Entry, *, is_atom: bool) -> tuple[str | None, str | None]:
    """When the entry says that it was published and modified, as written.

    RSS has no time of change: a lone ``dc:date`` is the publication, one beside ``pubDate`` a change if it is later.
    """
    published = str(entry.get("published") or entry.get("created") or "") or None
    # asked with "in": get() falls back to the publication, with a warning
    updated = (str(entry["updated"]) or None) if "updated" in entry else None
    if is_atom or updated is None:
        return published, updated
    if published is None:
        return updated, None
    first, second = parse_timestamp(published), parse_timestamp(updated)
    return published, updated if first and second and second[0] > first[0] else None


def read_authors(entry: Entry) -> Iterator[str]:
    """Names of the entry's authors; an author of whom only the e-mail address is given has none."""
    for author in entry.get("authors", []):
        name = fold(str(author.get("name", "")))
        if name and "@" not in name:
            yield name


def read_tags(entry: Entry) -> Iterator[str]:
    """The entry's categories, by label where there is one."""
    for tag in entry.get("tags", []):
        name = plain_text(str(tag.get("label") or tag.get("term") or ""))
        if name:
            yield name


def read_image(entry: Entry, url: str) -> str | None:
    """The widest of the entry's images; enclosures and Media RSS both carry them."""
    found: list[tuple[int, str]] = []
    for medium in [*entry.get("media_content", []), *entry.get("links", []), *entry.get("media_thumbnail", [])]:
        address = medium.get("url") or medium.get("href")
        is_link = medium.get("rel") not in (None, "enclosure")
        kind = str(medium.get("medium") or medium.get("type") or "image")
        if address and not is_link and kind.startswith("image"):
            width = str(medium.get("width", ""))
            is_number = width.isascii() and width.isdigit() and len(width) < 9
            with suppress(ValueError):  # "http://[x" is no address
                found.append((int(width) if is_number else 0, urljoin(url, str(address))))
    # the first of equally wide ones: outlets put the lead image first
    return max(found, key=lambda image: image[0])[1] if found else None
