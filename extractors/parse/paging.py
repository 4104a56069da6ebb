"""A page's links -> where its article goes on, and whether it is itself a further page of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from extractors.normalize.candidates import Candidate
from extractors.normalize.urls import host_of
from extractors.parse.elements import folded
from extractors.parse.metadata import Metadata, absolute
from extractors.parse.witnesses import Witnesses

# A number behind a bare hyphen counts only before a file's ending: WordPress makes "title-2" of a title that is taken.
# "?p=" is the number of a post there, not of a page.
PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|pg|pagenum|paged|seite|pagina|sayfa|currentpage)=|/(?:page|seite|pagina|sayfa)[/-]?|/|"
    r"[-_](?:page|pg|p)[-_]?|[-_](?=\d{1,3}\.\w{3,5}$))"
    r"(?P<number>\d{1,3})(?P<ending>/|\.\w{3,5})?$",
    re.IGNORECASE,
)
NEXT_WORDS = re.compile(
    r"^\W*(?:next(?: page)?|continue(?: reading)?|page|suivante?|page suivante|weiter|nächste seite|siguiente|"
    r"successiva|próxima|volgende|sonraki(?: sayfa)?|التالي(?:ة)?|الصفحة التالية|صفحة|بعدی|صفحه بعد)?"
    r"\W*(?P<number>\d*)\W*$",
    re.IGNORECASE,
)
MOST_LINKS = 1_000
LABEL_CHARS = 40


def next_page(seen: Witnesses) -> Candidate | None:
    """Where the article goes on: an address that differs from the page's own by a page number, 2 on the first page.

    A link that is declared as the next (``rel=next``) is believed before one that only reads so, "2" or "Next".
    """
    declared = [("link.next", url) for url in seen.metadata.links.get("next", ())]
    for source, raw in (*declared, *links_that_read_so(seen)):
        url = absolute(seen.metadata.base_url, raw)
        if is_page_after(seen.url, url):
            return Candidate(source, url)
    return None


def links_that_read_so(seen: Witnesses) -> Iterator[tuple[str, str]]:
    """Links whose address ends in the next page's number: first declared ones, then those labeled with it."""
    number = str(max(numbered(seen.url)[0], 1) + 1)
    labeled: list[tuple[str, str]] = []
    # Of the hundreds of links of a page, the few whose addresses end in a number like it.
    likely = [(link, href) for link in seen.tree.iter("a") if number in (href := link.get("href") or "")[-12:]]
    for link, href in likely[:MOST_LINKS]:
        found = PAGE_NUMBER.search(href.strip()[-40:])
        if found is None or found["number"] != number:
            continue
        if "next" in (link.get("rel") or "").lower().split():
            yield "a.next", href
        else:
            label = NEXT_WORDS.match(folded("".join(islice(link.itertext(), 20)))[:LABEL_CHARS])
            # int() reads the digits of every script
            if label and label[0].strip() and (not label["number"] or int(label["number"]) == int(number)):
                labeled.append(("a.number", href))
    yield from labeled


def first_page(url: str, metadata: Metadata) -> str | None:
    """The address of which a page is a further one by its own declaration; None for a page that is not."""
    number, stem = numbered(url)
    if number < 2:
        return None
    canonical = metadata.link("canonical") or metadata.first("og:url")
    if canonical:
        own_number, own_stem = numbered(absolute(metadata.base_url, canonical))
        if own_number < 2 and stem in (own_stem, without_ending(tail_of(canonical))):
            return absolute(metadata.base_url, canonical)
    before = metadata.link("prev") or metadata.link("previous")
    return before if before and is_page_after(before, url) else None


def is_page_after(own: str, following: str) -> bool:
    """Whether an address is the next page of another: the same but for the number."""
    try:
        if host_of(own) != host_of(following):
            return False
    except ValueError:
        return False
    number, stem = numbered(following)
    own_number, own_stem = numbered(own)
    if number == 2:
        return stem in (own_stem if own_number == 1 else "", without_ending(tail_of(own)))
    return number > 2 and own_number == number - 1 and stem == own_stem


def numbered(url: str) -> tuple[int, str]:
    """The page number at an address' end, 0 for none, and the address without it."""
    tail = tail_of(url)
    match = PAGE_NUMBER.search(tail)
    return (int(match["number"]), without_ending(tail[: match.start()])) if match else (0, without_ending(tail))


def tail_of(url: str) -> str:
    """Path and query; of what is no address, all of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def without_ending(tail: str) -> str:
    """A path without its closing slash or file ending."""
    return re.sub(r"(?:/|\.\w{3,5})$", "", tail)
