"""The past of a WordPress into parts: each page begins where the last one ended, by date, so none is ever deep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from extractors.discover.listings import sift
from extractors.discover.past import Part, Past
from extractors.discover.wordpress import foreign_site
from extractors.discover.wordpress_pages import LARGEST_PAGE, Reader, endpoint, posts_page, roots_of
from extractors.discover.wordpress_posts import Post, read_post
from extractors.errors import DiscoverError, FetchError, TransientFetchError
from extractors.normalize.timestamps import parse_timestamp

SECOND = timedelta(seconds=1)
"""``after`` and ``before`` are exclusive, and times are known to the second."""


async def wordpress_parts(past: Past) -> AsyncIterator[Part]:
    """List the posts of each type, a page at a time.

    Raises:
        FetchError: A page could not be had.
        DiscoverError: No root lists posts of this outlet.
    """
    known = past.place.get("root")
    failures: list[FetchError | DiscoverError] = []
    for root in [known] if isinstance(known, str) else roots_of(past.source.url or "", None):
        is_proven = known is not None
        try:
            async for part in root_parts(root, past, is_proven=is_proven):
                is_proven = True
                yield part
        except (FetchError, DiscoverError) as error:
            if is_proven or isinstance(error, TransientFetchError):
                raise
            failures.append(error)
            continue
        return
    raise failures[0]


async def root_parts(root: str, past: Past, *, is_proven: bool) -> AsyncIterator[Part]:
    """List what one root has of each post type, from the place on where the reading ended."""
    types = past.source.post_types
    begun = past.place.get("post_type")
    for post_type in types[types.index(begun) if begun in types else 0 :]:
        before = parse_timestamp(str(past.place.get("before") or "")) if post_type == begun else None
        try:
            async for part in type_parts(root, post_type, before[0] if before else past.until, past):
                stranger = None if is_proven else foreign_site(root, {post_type: part.sifted})
                if stranger is not None:
                    raise stranger
                is_proven = True
                yield part
        except (FetchError, DiscoverError) as error:
            # a type that is not there hides no other; the posts themselves are why the root was asked
            if isinstance(error, TransientFetchError) or post_type == types[0]:
                raise
            continue


async def type_parts(root: str, post_type: str, before: datetime, past: Past) -> AsyncIterator[Part]:
    """List the posts of one type before a time, newest first."""
    address = endpoint(root, post_type)
    first: dict[str, str | datetime | None] = {"orderby": "date", "after": past.since - SECOND}
    url: str | None = posts_page(address, page_size=LARGEST_PAGE, before=before, **first)
    seen: set[str] = set()
    while url is not None:
        reader = Reader(outlet=past.outlet, fetcher=past.fetcher)
        elements, following = await reader.read_list(url)
        is_last = reader.captures[-1].header("x-wp-totalpages") in ("0", "1")
        posts = [read_post(element) for element in elements]
        fresh = [post for post in posts if mark(post) not in seen]
        if not fresh:
            return
        seen = {mark(post) for post in posts}
        names = await reader.look_up(root, fresh)
        sifted = sift((post.named(names) for post in fresh), past.source, past.outlet, since=None, now=past.now)
        moments = [parse_timestamp(post.item.hints.published or "") for post in posts]
        oldest = min((moment[0] for moment in moments if moment), default=None)
        reached = oldest + SECOND if oldest is not None else before
        place = {"root": root, "post_type": post_type, "before": reached.isoformat()}
        yield Part(sifted=sifted, listed_count=len(fresh), captures=reader.captures, place=place)
        if is_last:
            return
        if reached < before:
            before = reached
            url = posts_page(address, page_size=LARGEST_PAGE, before=before, **first)
        else:  # a whole page of one second, as an import leaves them
            url = following


def mark(post: Post) -> str:
    """What tells a post from the others of a page."""
    return f"{post.item.guid} {post.item.url}"
