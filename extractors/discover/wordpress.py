"""A source of kind ``wordpress`` into a poll: the posts endpoint of WordPress' REST API.

Source: developer.wordpress.org/rest-api (posts, pagination by the ``Link`` header of RFC 8288, ``_fields``). The first
poll lists the newest posts by date, later ones what was modified since the newest change seen. Pages are asked for
newest first: a post that changes meanwhile moves to the top, and nothing slips from one page to another unseen.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from extractors.discover.listings import Item, Sifted, failed_poll, listed_poll, sift
from extractors.discover.markup import plain_text
from extractors.errors import TRANSIENT_REASONS, DiscoverError, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.timestamps import parse_timestamp
from extractors.normalize.urls import host_of
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Hints, Poll, SourceState

ROUTE = "wp/v2/posts"
FIELDS = "id,date_gmt,modified_gmt,link,title"
LARGEST_PAGE = 100
OVERLAP = timedelta(minutes=10)
"""Asked for again each time: clocks differ, and caches answer with a list of some minutes ago."""
MOST_CHANGED_ITEMS = 2_000
MOST_PAGES = 200
"""Some sites give ten posts a page, whatever is asked for; one that gives fewer is not read to its end."""
LONGEST_LINK_CHARS = 8_000
NEXT_LINK = re.compile(r'<([^<>]+)>\s*(?:;[^,<>]*)?;\s*rel\s*=\s*(?:next\b|"[^"]*\bnext\b[^"]*")', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What is remembered between polls: the root that answered, and the newest ``modified_gmt`` that it listed."""

    root: str | None = None
    modified_at: datetime | None = None

    @classmethod
    def read(cls, text: str | None) -> Cursor:
        """Read it back; what cannot be read is no cursor, and the next poll is a first one."""
        try:
            values = json.loads(text or "{}")
        except ValueError:
            return cls()
        if not isinstance(values, dict):
            return cls()
        moment = parse_timestamp(str(values.get("modified_at") or ""))
        root = values.get("root")
        return cls(root=root if isinstance(root, str) else None, modified_at=moment[0] if moment else None)

    def write(self) -> str:
        """The form that a source's state keeps."""
        moment = self.modified_at.isoformat() if self.modified_at else None
        return json.dumps({"modified_at": moment, "root": self.root})


@dataclass(slots=True, kw_only=True)
class Listing:
    """What one root listed, as its pages come in."""

    root: str
    items: list[Item] = field(default_factory=list)
    newest: datetime | None = None
    stopped: str = ""
    is_complete: bool = True


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
    captures: list[Capture] = []
    failures: list[FetchError | DiscoverError] = []
    for root in roots_of(source.url or "", cursor.root):
        try:
            listing = await read_root(root, source, outlet, fetcher, cursor=cursor, since=since, captures=captures)
            sifted = sift(listing.items, source, outlet, since=since, now=now)
            if root != cursor.root:
                refuse_foreign_site(listing, sifted)
        except (FetchError, DiscoverError) as error:
            failures.append(error)
            captures.extend([error.capture] if isinstance(error, FetchError) and error.capture else [])
            if error.reason in TRANSIENT_REASONS:
                break  # the host is in trouble: its other addresses would only cost it more
            continue
        return listed_poll(
            source,
            outlet,
            sifted,
            listed_count=len(listing.items),
            captures=captures,
            state=SourceState(source_id=source.source_id, cursor=next_cursor(cursor, listing, sifted, now).write()),
            now=now,
            detail=listing.stopped,
        )
    return failed_poll(source, outlet, summed_up(failures, source), captures=captures, now=now)


def roots_of(url: str, remembered: str | None) -> list[str]:
    """Addresses of the posts endpoint to try, the remembered one first.

    A URL that names an endpoint itself (``wp-json`` or ``rest_route`` in it) is the only one.
    """
    parts = urlsplit(url)
    if "/wp-json/" in parts.path or "rest_route=" in parts.query:
        return [url]
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    site = urlunsplit((parts.scheme, parts.netloc, folder, "", ""))
    host = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    roots = [f"{site}wp-json/{ROUTE}", f"{host}wp-json/{ROUTE}", f"{site}?rest_route=/{ROUTE}"]
    known = [remembered] if remembered in roots else []
    return list(dict.fromkeys([*known, *roots]))


async def read_root(
    root: str,
    source: Source,
    outlet: Outlet,
    fetcher: Fetching,
    *,
    cursor: Cursor,
    since: datetime | None,
    captures: list[Capture],
) -> Listing:
    """Read the pages of one root, newest first, as far as needed.

    Raises:
        FetchError: The first page could not be had. A later page that fails ends the listing, which says so.
        DiscoverError: The first page is not a list of posts.
    """
    stop_before = oldest_wanted(cursor, since)
    is_newest_only = stop_before is None and since is None
    most_items = source.max_items if is_newest_only else max(source.max_items, MOST_CHANGED_ITEMS)
    listing = Listing(root=root)
    url: str | None = first_page(root, cursor, since, page_size=min(LARGEST_PAGE, most_items))
    asked: set[str] = set()
    while url is not None and url not in asked:
        asked.add(url)
        try:
            posts, following = await read_page(url, outlet, fetcher, captures)
        except (FetchError, DiscoverError) as error:
            if len(asked) == 1:
                raise
            # WordPress answers 400 for a page past the end, when posts went away meanwhile
            listing.is_complete = error.reason == Reason.HTTP_4XX
            listing.stopped = f"stopped at page {len(asked)}: {error}"
            break
        reached_known = add_posts(listing, posts, stop_before=stop_before)
        url = None if reached_known or not posts else following
        if url is not None and len(asked) >= MOST_PAGES:
            listing.stopped = f"stopped after {len(asked)} pages, which listed {len(listing.items)} posts"
            listing.is_complete = False
            break
        if url is not None and len(listing.items) >= most_items:
            if not is_newest_only:
                listing.stopped = f"more than {most_items} posts since {stop_before or since}; older ones were not read"
            break
    if is_newest_only:
        del listing.items[most_items:]
    return listing


def oldest_wanted(cursor: Cursor, since: datetime | None) -> datetime | None:
    """The modification before which posts are known, or ``None`` on a first poll; a wish for more history counts."""
    if cursor.modified_at is None:
        return None
    known = cursor.modified_at - OVERLAP
    return min(known, since) if since else known


def first_page(root: str, cursor: Cursor, since: datetime | None, *, page_size: int) -> str:
    """URL of the first page of a poll.

    WordPress before 5.7 ignores ``modified_after``; reading newest first and stopping at known posts needs no answer
    from it.
    """
    query = {"per_page": str(page_size), "_fields": FIELDS, "order": "desc"}
    stop_before = oldest_wanted(cursor, since)
    if stop_before is not None:
        query |= {"orderby": "modified", "modified_after": wire_time(stop_before)}
    elif since is not None:
        query |= {"orderby": "date", "after": wire_time(since)}
    else:
        query |= {"orderby": "date"}
    parts = urlsplit(root)
    # the route keeps its slashes: some hosts compare it as text
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()], safe="/,:")))


def wire_time(moment: datetime) -> str:
    """A time as the API takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def read_page(
    url: str, outlet: Outlet, fetcher: Fetching, captures: list[Capture]
) -> tuple[list[Any], str | None]:
    """Fetch one page: its posts, and the URL of the next one.

    Raises:
        FetchError: It could not be had.
        DiscoverError: ``not_a_feed``: the answer is no JSON list.
    """
    fetched = await fetcher.fetch(url, outlet=outlet, accept=Accept.JSON)
    if fetched is None:  # nothing conditional was asked
        raise DiscoverError(Reason.NOT_A_FEED, url, "304 to an unconditional request")
    captures.append(fetched.capture)
    try:
        posts = json.loads(fetched.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DiscoverError(Reason.NOT_A_FEED, url, f"is not JSON: {error}") from error
    if not isinstance(posts, list):
        raise DiscoverError(Reason.NOT_A_FEED, url, f"a JSON {type(posts).__name__} and not a list of posts")
    return posts, next_page(url, fetched.capture)


def next_page(url: str, capture: Capture) -> str | None:
    """The next page by the ``Link`` header; one on another host is not followed."""
    header = ", ".join(value for name, value in capture.headers if name.lower() == "link")
    match = NEXT_LINK.search(header[:LONGEST_LINK_CHARS])
    if match is None:
        return None
    try:
        following = urlsplit(urljoin(url, match[1].replace("&amp;", "&")))
        if following.scheme not in ("http", "https"):
            return None
        # a site behind a proxy that ends TLS spells its own links with http
        address = urlunsplit(following._replace(scheme=urlsplit(url).scheme))
        return address if host_of(address) == host_of(url) else None
    except ValueError:
        return None


def add_posts(listing: Listing, posts: list[Any], *, stop_before: datetime | None) -> bool:
    """Add a page's posts to the listing.

    Returns:
        Whether a post was met that is older than what is wanted: all after it are too.
    """
    reached_known = False
    for post in posts:
        if not isinstance(post, dict):
            listing.items.append(Item(url=None))  # no post: an outcome, since the site listed something
            continue
        item = read_post(post)
        modified = parse_timestamp(item.hints.modified or "")
        if modified and stop_before and modified[0] < stop_before:
            reached_known = True
            continue
        if modified and (listing.newest is None or modified[0] > listing.newest):
            listing.newest = modified[0]
        listing.items.append(item)
    return reached_known


def read_post(post: dict[str, Any]) -> Item:
    """One post as an item; ``*_gmt`` are in UTC, so a ``Z`` says what the field's name says."""
    title = post.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else title
    number, link = post.get("id"), post.get("link")
    hints = Hints(
        title=plain_text(rendered) or None if isinstance(rendered, str) else None,
        published=gmt(post.get("date_gmt")),
        modified=gmt(post.get("modified_gmt")),
        cms_id=str(number) if isinstance(number, int) and not isinstance(number, bool) else None,
    )
    return Item(url=link if isinstance(link, str) else None, guid=hints.cms_id and f"post {hints.cms_id}", hints=hints)


def gmt(value: object) -> str | None:
    """A ``*_gmt`` field with its zone; ``None`` for the zero dates that drafts and imports leave behind."""
    if not isinstance(value, str) or parse_timestamp(value) is None:
        return None
    return f"{value}Z" if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value) else value


def refuse_foreign_site(listing: Listing, sifted: Sifted) -> None:
    """Refuse a root all of whose posts belong to another site.

    Raises:
        DiscoverError: ``excluded_url`` or ``foreign_host``; ``not_a_feed`` where nothing in it is a post.
    """
    strange = [outcome for outcome in sifted.rejected if outcome.reason != Reason.TOO_OLD]
    if sifted.links or len(strange) < len(sifted.rejected) or not strange:
        return
    detail = f"lists {len(strange)} posts, none of them this outlet's; the first is {strange[0].requested_url}"
    reason = strange[0].reason
    # what has no link is no post of any site
    raise DiscoverError(Reason.NOT_A_FEED if reason == Reason.BAD_URL else reason, listing.root, detail)


def next_cursor(cursor: Cursor, listing: Listing, sifted: Sifted, now: datetime) -> Cursor:
    """What to remember: the newest change, unless something before it was left out and is to be listed again.

    An empty first listing proves nothing about its root, so another may be tried next time. A change dated in the
    future would hide the ones until then.
    """
    root = listing.root if listing.items or cursor.root == listing.root else cursor.root
    if listing.newest is None or sifted.has_too_old or not listing.is_complete:
        return Cursor(root=root, modified_at=cursor.modified_at)
    newest = min(listing.newest, now)
    return Cursor(root=root, modified_at=max(newest, cursor.modified_at) if cursor.modified_at else newest)


def summed_up(failures: list[FetchError | DiscoverError], source: Source) -> FetchError | DiscoverError:
    """The failure that says most of several roots' ones: a root that is just not there says least."""
    if not failures:
        return DiscoverError(Reason.NOT_A_FEED, source.url or "", "no REST root to ask")
    if failures[-1].reason in TRANSIENT_REASONS:
        return failures[-1]
    return next((failure for failure in failures if failure.reason != Reason.HTTP_404), failures[0])
