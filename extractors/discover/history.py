"""A source's past between two times into polls of bounded size, newest first, each of which says where to go on.

WordPress is paged by date to the end, sitemaps are read file by file, date archives period by period. A feed, a section
without dates and a list have no past.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from extractors.discover.listings import Sifted, failed_poll, listed_poll
from extractors.discover.past import Part, Past
from extractors.discover.section_pages import has_periods
from extractors.discover.section_past import archive_parts
from extractors.discover.sitemap_past import sitemap_parts
from extractors.discover.wordpress_past import wordpress_parts
from extractors.errors import DiscoverError, FetchError
from extractors.fetch.protocol import Fetching
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceKind, SourceState

NOTHING = Sifted(links=(), rejected=())
PARTS: dict[SourceKind, Callable[[Past], AsyncIterator[Part]]] = {
    SourceKind.WORDPRESS: wordpress_parts,
    SourceKind.SITEMAP: sitemap_parts,
    SourceKind.SECTION: archive_parts,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a source's past was read; another span begins anew, and so does one that was read to its end."""

    since: str
    until: str | None
    read_until: str
    place: dict[str, Any]
    is_done: bool = False

    @classmethod
    def begin(cls, text: str | None, *, since: datetime, until: datetime | None, now: datetime) -> Progress:
        """Go on where the same span was left, or begin it."""
        asked = (since.isoformat(), until.isoformat() if until else None)
        try:
            values = json.loads(text or "{}")
            known = cls(**values) if values else None
        except (ValueError, TypeError):
            known = None
        if known is not None and (known.since, known.until) == asked and not known.is_done:
            return known
        return cls(since=asked[0], until=asked[1], read_until=(until or now).isoformat(), place={})

    def write(self, place: dict[str, Any], *, is_done: bool = False) -> str:
        """The form that the state keeps."""
        told = {"since": self.since, "until": self.until, "read_until": self.read_until}
        return json.dumps({**told, "place": place, "is_done": is_done})


def has_past(source: Source) -> bool:
    """Whether older pages of a source can be listed."""
    return source.kind in PARTS and (source.kind != SourceKind.SECTION or has_periods(source.page_url))


def history_id(source: Source) -> str:
    """The id of the polls of a source's past, which are none of the source's own."""
    return f"backfill:{source.source_id}"


async def read_history(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    since: datetime,
    until: datetime | None,
    state: SourceState | None,
    now: datetime,
) -> AsyncIterator[Poll]:
    """Read a source's past.

    Args:
        source: One that :func:`has_past`.
        outlet: Whose it is.
        fetcher: Who asks.
        since: Nothing older is wanted.
        until: Nothing newer is wanted; ``None``: everything up to now.
        state: What the last poll with :func:`history_id` left; a past that was cut short goes on there.
        now: The present, aware.

    Yields:
        Polls under :func:`history_id` whose links are those of the source. The last one says that everything was read,
        or is the failure that ended the reading; it goes on there the next time.

    Raises:
        ArchiveError: A response could not be archived.
    """
    name = history_id(source)
    progress = Progress.begin(state.cursor if state else None, since=since, until=until, now=now)
    past = Past(
        source=source,
        outlet=outlet,
        fetcher=fetcher,
        since=since,
        until=datetime.fromisoformat(progress.read_until),
        place=progress.place,
        now=now,
    )
    place = progress.place
    count = 0
    try:
        async for part in PARTS[source.kind](past):
            place, count = part.place, count + part.listed_count
            cursor = SourceState(source_id=name, cursor=progress.write(place))
            found = listed_poll(
                source,
                outlet,
                part.sifted,
                listed_count=part.listed_count,
                captures=part.captures,
                state=cursor,
                now=now,
                detail=part.detail,
            )
            yield under(name, found)
    except (FetchError, DiscoverError) as error:
        yield under(name, failed_poll(source, outlet, error, now=now))
        return
    done = SourceState(source_id=name, cursor=progress.write(place, is_done=True))
    detail = f"read back to {since:%F}: {count} entries"
    end = listed_poll(source, outlet, NOTHING, listed_count=0, captures=(), state=done, now=now, detail=detail)
    yield under(name, end)


def under(name: str, poll: Poll) -> Poll:
    """A poll by another name; its links keep their source's, which goes on to watch them."""
    return replace(poll, source_id=name, outcome=replace(poll.outcome, source_id=name))
