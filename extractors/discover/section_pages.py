"""A section page's bytes into the addresses that it links to, and the page that follows it; where its pages are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from extractors.outlets import Source
from extractors.parse.documents import parse_document

EVERY_LINK = "//a[@href]"
FIRST_PAGE = re.compile(r"page/\{page[^{}]*\}/?$")
"""WordPress' first page is the address without this; asking for it by number costs a redirect."""
EARLIEST_DAY = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    """What one page lists. ``links`` are absolute, in the page's order, each once."""

    links: tuple[str, ...]
    next_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One day, month or year of an archive, as long as its pattern tells apart; ``first`` is its first day."""

    first: date
    is_day: bool


def read_section_page(body: bytes, *, url: str, content_type: str | None, source: Source) -> SectionPage:
    """Read one page.

    Args:
        body: The decoded response.
        url: Where it came from; relative links are relative to it, or to the page's ``base``.
        content_type: The response's ``Content-Type``.
        source: Whose ``links`` and ``next_page`` say what counts; every link does where they say nothing.
    """
    tree = parse_document(body, content_type)
    if tree is None:
        return SectionPage(links=())
    base = base_of(tree, url)
    links = dict.fromkeys(addresses(tree, source.links or EVERY_LINK, base))
    following = next(addresses(tree, source.next_page, base), None) if source.next_page else None
    return SectionPage(links=tuple(links), next_url=following)


def base_of(tree: HtmlElement, url: str) -> str:
    """What relative links of a page are relative to."""
    written = next((str(each.get("href")) for each in tree.iter("base") if each.get("href")), "")
    try:
        return urljoin(url, written.strip())
    except ValueError:
        return url


def addresses(tree: HtmlElement, xpath: str, base: str) -> Iterator[str]:
    """Addresses of pages at an XPath of elements or of attributes; what only scripts and mailers follow is none."""
    found = etree.XPath(xpath)(tree)
    for each in found if isinstance(found, list) else [found]:
        written = each.get("href") if isinstance(each, etree._Element) else each  # noqa: SLF001 - lxml's own type
        if not isinstance(written, str) or not written.strip() or written.strip().startswith("#"):
            continue
        try:
            address = urldefrag(urljoin(base, written.strip()))[0]
            is_page = urlsplit(address).scheme in ("http", "https")
        except ValueError:
            yield written.strip()  # no address at all: its outcome says so
            continue
        if is_page:
            yield address


def has_periods(pattern: str | None) -> bool:
    """Whether a ``page_url`` is that of a date archive."""
    return "year" in places(pattern or "")


def places(pattern: str) -> set[str]:
    """What a ``page_url`` names."""
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def page_address(pattern: str, page: int, day: date) -> str:
    """The address of one page of a pattern; ``day`` is any day of the period."""
    first = FIRST_PAGE.sub("", pattern) if page == 1 else pattern
    return first.format(page=page, year=day.year, month=day.month, day=day.day)


def periods(pattern: str, *, newest: date, oldest: date | None) -> Iterator[Period]:
    """The periods of a date archive, newest first, back to the one that holds ``oldest``."""
    named = places(pattern)
    last = max(oldest, EARLIEST_DAY) if oldest else EARLIEST_DAY
    day = newest
    while True:
        if "day" not in named:
            day = day.replace(day=1)
        if "month" not in named:
            day = day.replace(month=1)
        yield Period(first=day, is_day="day" in named)
        if day <= last:
            return
        day -= timedelta(days=1)
