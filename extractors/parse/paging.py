"""A page's ``rel=next`` -> the next page of the same article, which is not the next article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from extractors.normalize.candidates import Candidate
from extractors.normalize.urls import host_of
from extractors.parse.metadata import absolute
from extractors.parse.witnesses import Witnesses

PAGE_NUMBER = re.compile(
    r"(?:[?&](?:page|p|pg|seite|pagina|sayfa|currentpage)=|/(?:page|seite|pagina|sayfa)[/-]?|/|[-_](?:page-?|p)?)"
    r"(?P<number>\d{1,3})(?P<ending>/|\.\w{3,5})?$",
    re.IGNORECASE,
)


def next_page(seen: Witnesses) -> Candidate | None:
    """Where the article goes on: an address that differs from the page's own by a page number, 2 on the first page."""
    links = [("link.next", url) for url in seen.metadata.links.get("next", ())]
    links += [("a.next", link.get("href", "")) for link in seen.page.named("a") if link.get("rel") == "next"]
    for source, raw in links:
        url = absolute(seen.metadata.base_url, raw)
        if is_page_after(seen.url, url):
            return Candidate(source, url)
    return None


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
    """Path and query."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def without_ending(tail: str) -> str:
    """A path without its closing slash or file ending."""
    return re.sub(r"(?:/|\.\w{3,5})$", "", tail)
