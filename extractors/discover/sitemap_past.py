"""The past of a sitemap into parts: one for each file of it, and for each few thousand entries of a large one."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from extractors.discover.listings import Item, Sifted, sift
from extractors.discover.past import Part, Past
from extractors.discover.rounds import begin_round
from extractors.discover.sitemaps import Listing, find_roots, newest_time, walk_sitemaps
from extractors.errors import TransientFetchError

MOST_FILES = 10_000
MOST_ENTRIES = 50_000
"""Of one file, by the protocol."""
PART_ENTRIES = 2_000


async def sitemap_parts(past: Past) -> AsyncIterator[Part]:
    """List the entries of each file; an entry counts by the newest of its times, and one without any is wanted.

    Raises:
        FetchError: A file could not be had that may be had later, or none could.
        DiscoverError: Nothing that was read is a sitemap.
    """
    source = past.source.model_copy(update={"max_pages": MOST_FILES})
    polled = begin_round(source, past.outlet, past.fetcher, state=None, since=past.since, now=past.now)
    listing = Listing(wants_news=False, zone=past.outlet.timezone, stop_before=past.since, most_items=MOST_ENTRIES)
    done = [each for each in past.place.get("files", []) if isinstance(each, str)]
    roots = await find_roots(polled)
    known = frozenset(done)
    async for url in walk_sitemaps(polled, listing, roots, is_known=lambda url: mark_of(url) in known):
        items, newer_count = wanted(listing.take(), past.until, past.outlet.timezone)
        notes = [*polled.notes, *([f"{newer_count} entries are newer than {past.until:%F}"] if newer_count else [])]
        polled.notes.clear()
        captures = list(polled.captures)
        polled.captures.clear()
        parts = list(portions(items)) or [[]]
        for number, portion in enumerate(parts, 1):
            done += [mark_of(url)] if number == len(parts) else []
            yield Part(
                sifted=sift(portion, past.source, past.outlet, since=None, now=past.now),
                listed_count=len(portion),
                captures=captures if number == 1 else (),
                place={"files": list(done)},
                detail="; ".join([url, *notes]) if number == 1 else url,
            )
    passing = [error for error in polled.failures if isinstance(error, TransientFetchError)]
    if passing or (polled.failures and not done):
        raise (passing or polled.failures)[0]
    if polled.failures:
        # files that are gone or damaged; asking again would not bring them
        detail = "; ".join(map(str, polled.failures))
        nothing = Sifted(links=(), rejected=())
        yield Part(sifted=nothing, listed_count=0, captures=polled.captures, place={"files": list(done)}, detail=detail)


def wanted(items: list[Item], until: datetime, zone: str | None) -> tuple[list[Item], int]:
    """The entries that are not newer than a time, and how many are."""
    moments = [(item, newest_time(item, zone)) for item in items]
    kept = [item for item, moment in moments if moment is None or moment[0] <= until]
    return kept, len(items) - len(kept)


def portions(items: list[Item]) -> Iterator[list[Item]]:
    """Entries in portions that one transaction takes."""
    for start in range(0, len(items), PART_ENTRIES):
        yield items[start : start + PART_ENTRIES]


def mark_of(url: str) -> str:
    """A short mark of a file, to know it again by."""
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()[:12]
