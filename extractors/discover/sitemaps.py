"""A source of kind ``sitemap`` or ``news_sitemap`` into a poll: an index and its sitemaps, newest first, within bounds.

Source: sitemaps.org/protocol.html. The first poll lists the newest ``max_items`` pages, later ones what ``lastmod``
says was changed since the newest change seen; a sitemap whose own ``lastmod`` is older is not asked for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from extractors.discover.listings import Item, sift
from extractors.discover.rounds import Round, begin_round
from extractors.discover.sitemap_files import Child, Entry, SitemapFile, read_sitemap
from extractors.errors import DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.fetch.robots_rules import parse_robots
from extractors.normalize.timestamps import parse_timestamp
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceKind, SourceState

MAX_DEPTH = 3
"""Indexes of indexes are against the protocol, and are seen; deeper ones are a trap."""
MOST_CHANGED_ITEMS = 10_000
OVERLAP = timedelta(days=1)
"""Listed again each time: sitemaps are written by jobs that run late, and often know the day only."""
LAST_RESORT = {SourceKind.SITEMAP: "sitemap.xml", SourceKind.NEWS_SITEMAP: "news-sitemap.xml"}
"""Where a sitemap is looked for when robots.txt names none."""


@dataclass(slots=True, kw_only=True)
class Listing:
    """Entries of the sitemaps as they come in: the dated ones that are wanted, and those without a date.

    ``listed_count`` counts every entry that was read; ``too_old_count`` those that were left out for their age.
    """

    wants_news: bool
    zone: str | None
    stop_before: datetime | None
    most_items: int
    dated: list[tuple[datetime, Item]] = field(default_factory=list)
    undated: list[Item] = field(default_factory=list)
    newest_at: datetime | None = None
    listed_count: int = 0
    too_old_count: int = 0
    left_out_count: int = 0

    def add(self, entries: Iterable[Entry]) -> None:
        """Take a sitemap's entries; a news sitemap's only where they are news."""
        for entry in entries:
            if self.wants_news and not entry.is_news:
                continue
            self.listed_count += 1
            moment = newest_time(entry.item, self.zone)
            if moment is None:
                self.undated.append(entry.item)
                continue
            self.newest_at = max(self.newest_at or moment[0], moment[0])
            if self.stop_before is not None and moment[1] < self.stop_before:
                self.too_old_count += 1
            else:
                self.dated.append((moment[0], entry.item))
        self.prune()

    def prune(self) -> None:
        """Keep the newest of what is dated. Of what is not, both ends: new entries are added at one of them."""
        self.dated.sort(key=lambda pair: pair[0], reverse=True)
        self.left_out_count += max(0, len(self.dated) - self.most_items)
        del self.dated[self.most_items :]
        if (surplus := len(self.undated) - self.most_items) > 0:
            self.left_out_count += surplus
            start = self.most_items - self.most_items // 2
            del self.undated[start : start + surplus]

    def take(self) -> list[Item]:
        """Hand over what was kept, and begin anew."""
        items = self.items
        self.dated, self.undated = [], []
        return items

    @property
    def items(self) -> list[Item]:
        """What was kept, newest first."""
        return [item for _, item in self.dated] + self.undated

    def notes(self) -> list[str]:
        """What was read and not listed, for the outcome's detail."""
        notes = []
        if self.too_old_count and self.stop_before is not None:
            notes.append(f"{self.too_old_count} of {self.listed_count} entries are older than {self.stop_before:%F}")
        if self.left_out_count:
            notes.append(f"{self.left_out_count} entries beyond {self.most_items} were left out; --since takes more")
        return notes


async def poll_sitemap(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """Poll a sitemap or an index of them; see :func:`extractors.discover.polling.poll`.

    Where the source's URL is the root of a site, the sitemaps that its robots.txt names are read.
    """
    polled = begin_round(source, outlet, fetcher, state=state, since=since, now=now)
    newest_at = polled.memory.newest_at
    known_until = newest_at - OVERLAP if newest_at else None
    is_first = since is None and known_until is None
    listing = Listing(
        wants_news=source.kind == SourceKind.NEWS_SITEMAP,
        zone=outlet.timezone,
        stop_before=min(filter(None, (since, known_until)), default=None),
        most_items=source.max_items if is_first else max(source.max_items, MOST_CHANGED_ITEMS),
    )
    async for _ in walk_sitemaps(polled, listing, await find_roots(polled)):
        pass
    polled.notes += listing.notes()
    # what is older than wanted was left out above, by days where only the day is known
    sifted = sift(listing.items, source, outlet, since=None, now=now)
    next_state = polled.next_state(newest_at=listing.newest_at)
    return polled.finish(sifted, listed_count=listing.listed_count, state=next_state)


async def find_roots(polled: Round) -> list[str]:
    """The sitemaps to begin with: the source's own, or those that robots.txt names where it is the root of a site."""
    url = polled.source.url or ""
    parts = urlsplit(url)
    if parts.path not in ("", "/") or parts.query:
        return [url]
    robots_url = urljoin(url, "/robots.txt")
    guess = [urljoin(url, f"/{LAST_RESORT[polled.source.kind]}")]
    try:
        fetched = await polled.ask(robots_url, Accept.FEED)
    except FetchError as error:
        if error.reason in (Reason.HTTP_404, Reason.HTTP_410):
            return guess
        polled.fail(error)
        return []
    listed = sitemaps_named(fetched.body, url) if fetched else []
    if polled.source.kind == SourceKind.NEWS_SITEMAP:
        listed = [each for each in listed if "news" in each.lower()] or listed
    return list(dict.fromkeys(listed)) or guess


def sitemaps_named(robots: bytes, url: str) -> list[str]:
    """Addresses of the sitemaps that a robots.txt names; what is no address names none."""
    found = []
    for each in parse_robots(robots).sitemaps:
        try:
            found.append(urljoin(url, each))
        except ValueError:
            continue
    return found


async def walk_sitemaps(
    polled: Round, listing: Listing, roots: list[str], *, is_known: Callable[[str], bool] = lambda _: False
) -> AsyncIterator[str]:
    """Read sitemaps and those that they list, until all are read or the source's bound is met.

    Args:
        polled: The poll.
        listing: Takes the entries.
        roots: Where to begin.
        is_known: Tells which need not be read.

    Yields:
        The URL of each sitemap whose entries have just been taken.
    """
    queue = deque((root, 0) for root in roots)
    while queue:
        url, depth = queue.popleft()
        if url in polled.asked:
            polled.notes.append(f"{url} is listed again inside itself")
            continue
        if is_known(url):
            continue
        if polled.is_used_up:
            polled.leave_out(f"{len(queue) + 1} sitemaps were not read: max_pages is {polled.source.max_pages}")
            return
        try:
            found = await read_one(polled, listing, url)
        except (FetchError, DiscoverError) as error:
            if polled.fail(error):
                return
            continue
        if found is None:
            continue
        if not found.children:
            yield url
            continue
        if depth + 1 >= MAX_DEPTH:
            polled.leave_out(f"{url} is an index at depth {MAX_DEPTH}; its sitemaps were not read")
            continue
        wanted = wanted_children(found.children, listing)
        polled.skipped_count += len(found.children) - len(wanted)
        queue.extendleft(reversed([(child.url, depth + 1) for child in wanted]))


async def read_one(polled: Round, listing: Listing, url: str) -> SitemapFile | None:
    """Fetch and read one sitemap; ``None`` where it has not changed.

    Raises:
        FetchError: It could not be had.
        DiscoverError: It is none, or is damaged; what could be read of it is listed.
    """
    fetched = await polled.ask(url, Accept.FEED)
    if fetched is None:
        return None
    final_url = fetched.capture.final_url
    # in a thread: a large one takes a second, and other outlets are being asked meanwhile
    found = await asyncio.to_thread(read_sitemap, fetched.body, url=final_url)
    await asyncio.to_thread(listing.add, found.entries)
    if found.damage:
        polled.fail(DiscoverError(Reason.FEED_PARSE_ERROR, final_url, found.damage))
        return found
    if listing.wants_news and found.entries and not any(entry.is_news for entry in found.entries):
        detail = "a sitemap none of whose entries is marked as news; kind 'sitemap' reads it"
        raise DiscoverError(Reason.NOT_A_FEED, final_url, detail)
    if not found.children:  # an index is always read, since its sitemaps change without it
        polled.read_count += 1
        polled.remember(url, fetched.capture)
    return found


def wanted_children(children: list[Child], listing: Listing) -> list[Child]:
    """An index's sitemaps in the order in which to read them: newest first, then those without a date.

    One that was not changed since what is known or wanted is left out. Of those without a date the first and the last
    come first: the newest articles are in one of them.
    """
    dated = [(child, latest_of([child.lastmod], listing.zone)) for child in children]
    undated = [child for child, moment in dated if moment is None]
    wanted = [
        (child, moment)
        for child, moment in dated
        if moment is not None and (listing.stop_before is None or moment[1] >= listing.stop_before)
    ]
    wanted.sort(key=lambda pair: pair[1][0], reverse=True)
    ends = [child for pair in zip(undated, reversed(undated), strict=True) for child in pair][: len(undated)]
    return [child for child, _ in wanted] + ends


def newest_time(item: Item, zone: str | None) -> tuple[datetime, datetime] | None:
    """The newer of an entry's times."""
    return latest_of([item.hints.published, item.hints.modified], zone)


def latest_of(raws: Iterable[str | None], zone: str | None) -> tuple[datetime, datetime] | None:
    """The newest of some times, and the end of the day where it is only a day; ``None`` where none can be read."""
    found = [parse_timestamp(raw, default_zone=zone) for raw in raws if raw]
    spans = [
        (moment, moment + timedelta(days=1) if precision == "day" else moment)
        for moment, precision in filter(None, found)
    ]
    return max(spans, default=None, key=lambda span: span[1])
