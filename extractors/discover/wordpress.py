"""A source of kind ``wordpress`` into a poll: the posts, and other post types, of WordPress' REST API.

The first poll lists the newest posts by date, later ones what was modified since the newest change seen, so that an
edit is noticed and an unchanged post costs no request. Pages are asked for newest first: a post that changes meanwhile
moves to the top, and nothing slips from one page to another unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from extractors.discover.listings import Item, Sifted, failed_poll, listed_poll, sift
from extractors.discover.wordpress_pages import LARGEST_PAGE, Reader, endpoint, posts_page, roots_of
from extractors.discover.wordpress_posts import Names, Post, read_post
from extractors.errors import DiscoverError, FetchError, Reason, TransientFetchError
from extractors.fetch.protocol import Fetching
from extractors.normalize.timestamps import parse_timestamp
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceState

OVERLAP = timedelta(minutes=10)
"""Asked for again each time: clocks differ, and caches answer with a list of some minutes ago."""
MOST_CHANGED_ITEMS = 2_000
MOST_PAGES = 200
"""Some sites give ten posts a page, whatever is asked for; one that gives fewer is not read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What is remembered between polls: the root that answered, and each post type's newest ``modified_gmt``."""

    root: str | None = None
    modified_at: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """Read it back; what cannot be read is no cursor, and the next poll is a first one."""
        try:
            values = json.loads(text or "{}")
        except ValueError:
            return cls()
        if not isinstance(values, dict):
            return cls()
        root, written = values.get("root"), values.get("modified_at")
        if isinstance(written, str):  # as it was written when posts were the only type, and the root was theirs
            written = {"posts": written}
            root = root.removesuffix("wp/v2/posts") if isinstance(root, str) else None
        pairs = written.items() if isinstance(written, dict) else ()
        moments = {name: parse_timestamp(str(each)) for name, each in pairs}
        return cls(
            root=root if isinstance(root, str) else None,
            modified_at={name: moment[0] for name, moment in moments.items() if moment},
        )

    def write(self) -> str:
        """The form that a source's state keeps."""
        moments = {name: moment.isoformat() for name, moment in self.modified_at.items()}
        return json.dumps({"modified_at": moments, "root": self.root})


@dataclass(slots=True, kw_only=True)
class Listing:
    """What one root listed of one post type, as its pages come in."""

    posts: list[Post] = field(default_factory=list)
    newest: datetime | None = None
    stopped: str = ""
    is_complete: bool = True

    def add(self, elements: list[object], *, stop_before: datetime | None) -> bool:
        """Add a page's posts.

        Returns:
            Whether a post was met that is older than what is wanted: all after it are too.
        """
        reached_known = False
        for post in map(read_post, elements):
            modified = parse_timestamp(post.item.hints.modified or "")
            if modified and stop_before and modified[0] < stop_before:
                reached_known = True
                continue
            if modified and (self.newest is None or modified[0] > self.newest):
                self.newest = modified[0]
            self.posts.append(post)
        return reached_known

    def items(self, names: Names) -> list[Item]:
        """The posts as items, with names that were looked up."""
        return [post.named(names) for post in self.posts]


@dataclass(slots=True, kw_only=True)
class Visit:
    """One poll of one site: what is asked of each root, and what of it failed."""

    source: Source
    reader: Reader
    cursor: Cursor
    since: datetime | None
    now: datetime
    failures: list[FetchError | DiscoverError] = field(default_factory=list)

    def fail(self, error: FetchError | DiscoverError) -> None:
        """Keep a failure, and the response that it came with."""
        self.failures.append(error)
        self.reader.keep(error)

    @property
    def is_in_trouble(self) -> bool:
        """Whether the host is: its other addresses would only cost it more."""
        return bool(self.failures) and isinstance(self.failures[-1], TransientFetchError)

    def sift(self, listings: Mapping[str, Listing], names: Names) -> dict[str, Sifted]:
        """Judge the posts of each type."""
        outlet = self.reader.outlet
        return {
            post_type: sift(listing.items(names), self.source, outlet, since=self.since, now=self.now)
            for post_type, listing in listings.items()
        }


async def poll_wordpress(
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    state: SourceState | None,
    since: datetime | None,
    now: datetime,
) -> Poll:
    """Poll one WordPress site; see :func:`extractors.discover.polling.poll`.

    The site's REST roots are tried in order, the one that answered last time first. A root that lists posts none of
    which is the outlet's belongs to another site of the same host (a site under ``/en/`` beside one at ``/``).
    """
    cursor = Cursor.read(state.cursor if state else None)
    reader = Reader(outlet=outlet, fetcher=fetcher)
    visit = Visit(source=source, reader=reader, cursor=cursor, since=since, now=now)
    for root in roots_of(source.url or "", cursor.root):
        before = len(visit.failures)
        listings = await read_root(root, visit)
        sifted = visit.sift(listings, {})
        stranger = foreign_site(root, sifted) if root != cursor.root else None
        if not listings or stranger is not None:
            visit.failures += [stranger] if stranger else []
            if visit.is_in_trouble:
                break
            continue
        if names := await reader.look_up(root, (post for listing in listings.values() for post in listing.posts)):
            sifted = visit.sift(listings, names)
        # a type that failed says so; roots that were tried before say nothing of this one
        notes = [*(each.stopped for each in listings.values()), *map(str, visit.failures[before:])]
        return listed_poll(
            source,
            outlet,
            joined(sifted),
            listed_count=sum(len(listing.posts) for listing in listings.values()),
            captures=reader.captures,
            state=SourceState(source_id=source.source_id, cursor=next_cursor(root, visit, listings, sifted).write()),
            now=now,
            detail="; ".join(filter(None, notes)),
        )
    return failed_poll(source, outlet, summed_up(visit), captures=reader.captures, now=now)


async def read_root(root: str, visit: Visit) -> dict[str, Listing]:
    """Read what one root lists of each post type; a type that fails is a failure of the visit, and hides no other."""
    listings: dict[str, Listing] = {}
    for post_type in visit.source.post_types:
        try:
            listings[post_type] = await read_type(endpoint(root, post_type), post_type, visit)
        except (FetchError, DiscoverError) as error:
            visit.fail(error)
            if visit.is_in_trouble:
                break
    return listings


async def read_type(address: str, post_type: str, visit: Visit) -> Listing:
    """Read the pages of one post type, newest first, as far as needed.

    WordPress before 5.7 ignores ``modified_after``; reading newest first and stopping at known posts needs no answer
    from it.

    Raises:
        FetchError: The first page could not be had. A later page that fails ends the listing, which says so.
        DiscoverError: The first page is not a list of posts.
    """
    stop_before = oldest_wanted(visit.cursor.modified_at.get(post_type), visit.since)
    is_newest_only = stop_before is None and visit.since is None
    most_items = visit.source.max_items if is_newest_only else max(visit.source.max_items, MOST_CHANGED_ITEMS)
    wanted: dict[str, str | datetime | None] = {"orderby": "date", "after": visit.since}
    if stop_before is not None:
        wanted = {"orderby": "modified", "modified_after": stop_before}
    listing = Listing()
    url: str | None = posts_page(address, page_size=min(LARGEST_PAGE, most_items), **wanted)
    asked: set[str] = set()
    while url is not None and url not in asked:
        asked.add(url)
        try:
            elements, following = await visit.reader.read_list(url)
        except (FetchError, DiscoverError) as error:
            if len(asked) == 1:
                raise
            visit.reader.keep(error)
            # WordPress answers 400 for a page past the end, when posts went away meanwhile
            listing.is_complete = error.reason == Reason.HTTP_4XX
            listing.stopped = f"stopped at page {len(asked)}: {error}"
            break
        reached_known = listing.add(elements, stop_before=stop_before)
        url = None if reached_known or not elements else following
        if url is not None and len(asked) >= MOST_PAGES:
            listing.stopped = f"stopped after {len(asked)} pages, which listed {len(listing.posts)} posts"
            listing.is_complete = False
            break
        if url is not None and len(listing.posts) >= most_items:
            if not is_newest_only:
                since = stop_before or visit.since
                listing.stopped = f"more than {most_items} posts since {since}; older ones were not read"
            break
    if is_newest_only:
        del listing.posts[most_items:]
    return listing


def oldest_wanted(modified_at: datetime | None, since: datetime | None) -> datetime | None:
    """The modification before which posts are known, or ``None`` on a first poll; a wish for more history counts."""
    if modified_at is None:
        return None
    known = modified_at - OVERLAP
    return min(known, since) if since else known


def joined(sifted: Mapping[str, Sifted]) -> Sifted:
    """The posts of all types."""
    return Sifted(
        links=tuple(link for each in sifted.values() for link in each.links),
        rejected=tuple(outcome for each in sifted.values() for outcome in each.rejected),
    )


def foreign_site(root: str, sifted: Mapping[str, Sifted]) -> DiscoverError | None:
    """Why a root is refused all of whose posts belong to another site; ``None`` where it may be the outlet's.

    ``excluded_url`` or ``foreign_host``; ``not_a_feed`` where nothing in it is a post.
    """
    found = joined(sifted)
    strange = [outcome for outcome in found.rejected if outcome.reason != Reason.TOO_OLD]
    if found.links or len(strange) < len(found.rejected) or not strange:
        return None
    detail = f"lists {len(strange)} posts, none of them this outlet's; the first is {strange[0].requested_url}"
    reason = strange[0].reason
    # what has no link is no post of any site
    return DiscoverError(Reason.NOT_A_FEED if reason == Reason.BAD_URL else reason, root, detail)


def next_cursor(root: str, visit: Visit, listings: Mapping[str, Listing], sifted: Mapping[str, Sifted]) -> Cursor:
    """What to remember: each type's newest change, unless something before it was left out and is to be listed again.

    Empty first listings prove nothing about their root, so another may be tried next time. A change dated in the
    future would hide the ones until then.
    """
    cursor = visit.cursor
    is_proven = root == cursor.root or any(listing.posts for listing in listings.values())
    moments = dict(cursor.modified_at)
    for post_type, listing in listings.items():
        if listing.newest is not None and listing.is_complete and not sifted[post_type].has_too_old:
            newest = min(listing.newest, visit.now)
            moments[post_type] = max(newest, moments.get(post_type, newest))
    return Cursor(root=root if is_proven else cursor.root, modified_at=moments)


def summed_up(visit: Visit) -> FetchError | DiscoverError:
    """The failure that says most of several roots' ones: a root that is just not there says least."""
    failures = visit.failures
    if not failures:
        return DiscoverError(Reason.NOT_A_FEED, visit.source.url or "", "no REST root to ask")
    if visit.is_in_trouble:
        return failures[-1]
    return next((failure for failure in failures if failure.reason != Reason.HTTP_404), failures[0])
