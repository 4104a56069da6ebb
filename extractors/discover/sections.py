"""A source of kind ``section`` into a poll: a hub page, the pages after it, or the days of a date archive.

A page says nothing of when its links were published, so a poll ends at a page all of whose links the last one listed.
A date archive does: it is read from today back to the last day that was read, or to ``since``.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from extractors.discover.listings import Item, sift
from extractors.discover.rounds import Round, begin_round
from extractors.discover.section_pages import (
    Period,
    SectionPage,
    has_periods,
    page_address,
    periods,
    read_section_page,
)
from extractors.errors import DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.urls import host_of, link_problem, normalize
from extractors.outlets import Outlet, Source
from extractors.records import Hints, Poll, SourceState

OVERLAP = timedelta(days=1)
"""Days of an archive that are read again: a day is not over when it is read."""
MARK_CHARS = 12
GONE = frozenset((Reason.HTTP_404, Reason.HTTP_410))
"""How a site says that an archive has no such page: there was nothing on that day, or the pages have come to an end."""


QUIET = timedelta(days=7)
"""An archive that has had no page for so long is not quiet but gone."""


@dataclass(slots=True, kw_only=True)
class Listing:
    """Links of the pages as they come in, by their normalized addresses; ``pages`` are those of the section itself."""

    outlet: Outlet
    most_items: int | None
    items: dict[str, Item] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    accepted_count: int = 0

    @property
    def is_full(self) -> bool:
        """Whether a first poll has what it wants."""
        return self.most_items is not None and self.accepted_count >= self.most_items

    def add(self, links: Iterable[str], period: Period | None) -> list[str]:
        """Add a page's links; returns the marks of the outlet's articles that no earlier page listed."""
        published = period.first.isoformat() if period and period.is_day else None
        fresh = []
        for link in links:
            name = name_of(link)
            if name in self.pages or name in self.items:
                continue
            self.items[name] = Item(url=link, hints=Hints(published=published))
            if link_problem(link, self.outlet) is None:
                fresh.append(mark_of(name))
        self.accepted_count += len(fresh)
        return fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page as it was read: where it was asked for, where it was found, and its number among its like."""

    url: str
    final_url: str
    number: int
    page: SectionPage


async def poll_section(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """Poll a section or a date archive; see :func:`extractors.discover.polling.poll`.

    ``since`` bounds a date archive. In a section it only makes the poll read on behind what is known, since its links
    have no dates.
    """
    polled = begin_round(source, outlet, fetcher, state=state, since=since, now=now)
    listing = Listing(outlet=outlet, most_items=source.max_items if since is None and state is None else None)
    newest_at: datetime | None = None
    marks: tuple[str, ...] = ()
    if source.page_url and has_periods(source.page_url):
        newest_at = await read_archive(polled, listing, source.page_url, since=since)
    else:
        await read_pages(polled, listing, None, goes_on=since is not None)
        marks = tuple(mark_of(name) for name in listing.items)
    sifted = sift(listing.items.values(), source, outlet, since=None, now=now)
    next_state = polled.next_state(newest_at=newest_at, known=marks)
    return polled.finish(sifted, listed_count=len(listing.items), state=next_state)


async def read_archive(polled: Round, listing: Listing, pattern: str, *, since: datetime | None) -> datetime | None:
    """Read the periods of a date archive, newest first.

    Returns:
        The beginning of the newest period that listed something.
    """
    zone = ZoneInfo(polled.outlet.timezone) if polled.outlet.timezone else UTC
    read_until = polled.memory.read_until
    wanted = [moment.astimezone(zone) for moment in (since, read_until and read_until - OVERLAP) if moment]
    oldest = min(wanted).date() if wanted else None
    newest_at = None
    for period in periods(pattern, newest=polled.now.astimezone(zone).date(), oldest=oldest):
        if listing.is_full:
            break
        if polled.is_used_up:
            asked = polled.source.max_pages
            polled.leave_out(f"{period.first} and what is before it was not read: max_pages is {asked}")
            break
        may_go_on = await read_pages(polled, listing, period, goes_on=True)
        if listing.accepted_count and newest_at is None:
            newest_at = datetime.combine(period.first, time.min, zone).astimezone(UTC)
        if not may_go_on:
            break
    refuse_silence(polled, oldest)
    return newest_at


def refuse_silence(polled: Round, oldest: date | None) -> None:
    """Make an archive that has had no page for a week a failure: one quiet day is answered in the same way."""
    newest_at = polled.memory.newest_at
    is_overdue = oldest is None or newest_at is None or polled.now - newest_at > QUIET
    if is_overdue and polled.missing is not None and not polled.read_count and not polled.unmodified_count:
        polled.fail(polled.missing)


async def read_pages(polled: Round, listing: Listing, period: Period | None, *, goes_on: bool) -> bool:
    """Read a section's pages one after another, or those of one period of an archive.

    Args:
        polled: The poll.
        listing: Takes the links.
        period: Of an archive; ``None`` for a section.
        goes_on: Whether to read on where all of a page's links are known from the last poll.

    Returns:
        Whether the host may be asked for more.
    """
    known = frozenset(() if goes_on else polled.memory.known)
    url: str | None = first_address(polled.source, period)
    number = 1
    while url is not None:
        if polled.is_used_up:
            polled.leave_out(f"page {number} and what follows was not read: max_pages is {polled.source.max_pages}")
            return False
        try:
            leaf = await read_leaf(polled, url, number, period)
        except (FetchError, DiscoverError) as error:
            if isinstance(error, FetchError) and error.reason in GONE and (period is not None or number > 1):
                polled.miss(error)
                return True
            return not polled.fail(error)
        url = turn_page(polled, listing, leaf, period, known) if leaf else None
        number += 1
    return True


async def read_leaf(polled: Round, url: str, number: int, period: Period | None) -> Leaf | None:
    """Fetch and read one page; ``None`` where it has not changed.

    Raises:
        FetchError: It could not be had.
        DiscoverError: ``not_a_feed``: nothing of a section's first page is where its links should be.
    """
    fetched = await polled.ask(url, Accept.PAGE)
    if fetched is None:
        return None
    capture, source = fetched.capture, polled.source
    page = await asyncio.to_thread(
        read_section_page,
        fetched.body,
        url=capture.final_url,
        content_type=capture.header("content-type"),
        source=source,
    )
    if not page.links and period is None and number == 1:
        place = f"at the XPath {source.links}" if source.links else "on the page"
        raise DiscoverError(Reason.NOT_A_FEED, url, f"no link {place}")
    polled.read_count += 1
    polled.remember(url, capture)
    return Leaf(url=url, final_url=capture.final_url, number=number, page=page)


def turn_page(polled: Round, listing: Listing, leaf: Leaf, period: Period | None, known: frozenset[str]) -> str | None:
    """Take a page's links; returns the address of the page to read next, ``None`` where the pages end or repeat."""
    if name_of(leaf.final_url) in listing.pages:
        polled.notes.append(f"{leaf.url} leads back to {leaf.final_url}")
        return None
    listing.pages |= {name_of(leaf.url), name_of(leaf.final_url)}
    fresh = listing.add(leaf.page.links, period)
    following = next_address(polled.source, leaf.page, period, leaf.number + 1)
    if following is None or listing.is_full or (fresh and all(mark in known for mark in fresh)):
        return None
    if not fresh:
        if leaf.number > 1:
            polled.notes.append(f"page {leaf.number} lists nothing that the pages before it did not")
        return None
    if name_of(following) in listing.pages:
        polled.notes.append(f"page {leaf.number} names {following} as its next one, which was read")
        return None
    if host_of(following) != host_of(leaf.final_url):
        polled.notes.append(f"page {leaf.number} names a next one on another host: {following}")
        return None
    return following


def first_address(source: Source, period: Period | None) -> str:
    """The first page of a section, or of one period of an archive."""
    if period is None or source.page_url is None:
        return source.url or ""
    return page_address(source.page_url, 1, period.first)


def next_address(source: Source, page: SectionPage, period: Period | None, number: int) -> str | None:
    """The page that follows, by the page itself or by the source's pattern; ``None`` where there is none."""
    if source.page_url is None:
        return page.next_url if page.next_url and is_address(page.next_url) else None
    if "{page" not in source.page_url:
        return None
    return page_address(source.page_url, number, period.first if period else date.min)


def is_address(url: str) -> bool:
    """Whether a URL can be asked for at all."""
    try:
        normalize(url)
    except ValueError:
        return False
    return True


def name_of(url: str) -> str:
    """What two spellings of an address have in common; what is no address is its own name."""
    try:
        return normalize(url)
    except ValueError:
        return url


def mark_of(name: str) -> str:
    """A short mark of an address, to know it again by."""
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:MARK_CHARS]
