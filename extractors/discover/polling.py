"""An outlet's sources into polls: asked in order until one brings a listing, every failure kept as an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from extractors.discover.feeds import poll_feed
from extractors.discover.folders import poll_folder
from extractors.discover.sections import poll_section
from extractors.discover.sitemaps import poll_sitemap
from extractors.discover.url_lists import poll_urls
from extractors.discover.wordpress import poll_wordpress
from extractors.errors import Reason
from extractors.fetch.protocol import Fetching
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceKind, SourceState


class Poller(Protocol):
    """How one kind of source is asked."""

    async def __call__(
        self,
        source: Source,
        outlet: Outlet,
        fetcher: Fetching,
        *,
        state: SourceState | None,
        since: datetime | None,
        now: datetime,
    ) -> Poll:
        """Ask a source once; see :func:`poll`."""
        ...


SITEMAPS = (SourceKind.SITEMAP, SourceKind.NEWS_SITEMAP)

POLLERS: dict[SourceKind, Poller] = {
    SourceKind.FEED: poll_feed,
    SourceKind.NEWS_SITEMAP: poll_sitemap,
    SourceKind.SITEMAP: poll_sitemap,
    SourceKind.WORDPRESS: poll_wordpress,
    SourceKind.SECTION: poll_section,
    SourceKind.URLS: poll_urls,
    SourceKind.FOLDER: poll_folder,
}

ADDITIONS = (SourceKind.URLS, SourceKind.FOLDER)
"""Kinds that are no alternative to an outlet's other sources."""


async def discover(
    outlet: Outlet,
    fetcher: Fetching,
    *,
    states: Mapping[str, SourceState],
    since: datetime | None,
    now: datetime,
    sources: Sequence[Source] | None = None,
) -> tuple[Poll, ...]:
    """Poll an outlet's sources in order until one brings a listing.

    A source that fails, or whose listing holds nothing of the outlet's, is followed by the next; its poll is kept.
    A source of kind ``urls`` or ``folder`` is no alternative to the others but an addition to them: it is always
    polled, and never spares the next one.

    Args:
        outlet: Whose sources.
        fetcher: Who asks for them.
        states: What is remembered of the sources, by ``source_id``.
        since: Nothing older is wanted; ``None`` takes everything that is listed.
        now: The time of the polls, aware.
        sources: Those of the outlet's sources that are due; ``None`` takes all.

    Returns:
        One poll for each source that was asked, in order.

    Raises:
        ArchiveError: A response could not be archived.
    """
    polls: list[Poll] = []
    is_settled = False
    for source in outlet.sources if sources is None else sources:
        is_addition = source.kind in ADDITIONS
        if is_settled and not is_addition:
            continue
        found = await poll(source, outlet, fetcher, state=states.get(source.source_id), since=since, now=now)
        found = replace(found, is_enough=not is_addition and settles(found, source))
        polls.append(found)
        is_settled = is_settled or found.is_enough
    return tuple(polls)


async def poll(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """Ask one source once.

    Args:
        source: The source.
        outlet: Whose it is.
        fetcher: Who asks.
        state: What is remembered of it, or ``None`` the first time.
        since: Nothing older is wanted.
        now: The time of the poll, aware.

    Returns:
        What it listed, or how it failed; ``state`` is what to remember, ``None`` where nothing new is.

    Raises:
        ArchiveError: A response could not be archived.
    """
    return await POLLERS[source.kind](source, outlet, fetcher, state=state, since=since, now=now)


def settles(found: Poll, source: Source) -> bool:
    """Whether a poll makes the next source unnecessary.

    A feed that is empty, or all of whose entries are another site's, answers and says nothing: asking on finds an
    outlet that has moved. WordPress lists what has changed, which is often nothing; a sitemap holds entries that were
    left out for their age.
    """
    if found.outcome.reason in (Reason.NOT_MODIFIED, Reason.UNCHANGED):
        return True
    if found.outcome.reason != Reason.POLLED:
        return False
    has_news = bool(found.links) or any(outcome.reason == Reason.TOO_OLD for outcome in found.rejected)
    has_older = source.kind in SITEMAPS and found.listed_count > 0 and not found.rejected
    return has_news or has_older or source.kind == SourceKind.WORDPRESS
