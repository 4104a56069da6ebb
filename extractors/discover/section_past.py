"""The past of a date archive into parts: one for each day, month or year of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date
from zoneinfo import ZoneInfo

from extractors.discover.listings import sift
from extractors.discover.past import Part, Past
from extractors.discover.rounds import begin_round
from extractors.discover.section_pages import periods
from extractors.discover.sections import Listing, read_pages

MOST_PAGES = 500
"""Of one period."""
QUIET_PERIODS = 60
"""So many periods without a page, and nothing before them, are no archive."""


async def archive_parts(past: Past) -> AsyncIterator[Part]:
    """List the pages of each period, newest first.

    Raises:
        FetchError: A page could not be had, or the archive has none at all.
        DiscoverError: A page is none of a section.
    """
    zone = ZoneInfo(past.outlet.timezone) if past.outlet.timezone else UTC
    source = past.source.model_copy(update={"max_pages": MOST_PAGES})
    begun = past.place.get("period")
    newest = date.fromisoformat(begun) if isinstance(begun, str) else past.until.astimezone(zone).date()
    quiet = 0
    for period in periods(source.page_url or "", newest=newest, oldest=past.since.astimezone(zone).date()):
        polled = begin_round(source, past.outlet, past.fetcher, state=None, since=past.since, now=past.now)
        listing = Listing(outlet=past.outlet, most_items=None)
        may_go_on = await read_pages(polled, listing, period, goes_on=True)
        quiet = quiet + 1 if polled.missing and not polled.read_count else 0
        if polled.missing is not None and quiet >= QUIET_PERIODS and not begun:
            raise polled.missing
        begun = begun or (period.first.isoformat() if polled.read_count else None)
        yield Part(
            sifted=sift(listing.items.values(), past.source, past.outlet, since=None, now=past.now),
            listed_count=len(listing.items),
            captures=polled.captures,
            place={"period": period.first.isoformat()},
            detail="; ".join([*polled.notes, *map(str, polled.failures)]),
        )
        if not may_go_on and polled.failures:
            raise polled.failures[-1]
