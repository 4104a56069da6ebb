"""Pages of WordPress' REST API into posts: what to ask for, where the next page is, and what its numbers are called.

Source: developer.wordpress.org/rest-api (pagination by the ``Link`` header of RFC 8288, ``_fields``, ``_embed``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from extractors.discover.markup import plain_text
from extractors.discover.wordpress_posts import EMBEDDED, FIELDS, NAMED_ROUTES, Names, Post, is_number, text_in
from extractors.errors import DiscoverError, FetchError, Reason, TransientFetchError
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.urls import host_of
from extractors.outlets import Outlet
from extractors.records import Capture

BASE_ENDS = ("/wp-json/", "?rest_route=/")
LARGEST_PAGE = 100
LONGEST_LINK_CHARS = 8_000
NEXT_LINK = re.compile(r'<([^<>]+)>\s*(?:;[^,<>]*)?;\s*rel\s*=\s*(?:next\b|"[^"]*\bnext\b[^"]*")', re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Reader:
    """Who asks one site; keeps every response that was read."""

    outlet: Outlet
    fetcher: Fetching
    captures: list[Capture] = field(default_factory=list)

    async def read_list(self, url: str) -> tuple[list[Any], str | None]:
        """Fetch one page of a list: its elements, and the URL of the next page.

        Raises:
            FetchError: It could not be had.
            DiscoverError: ``not_a_feed``: the answer is no JSON list.
        """
        fetched = await self.fetcher.fetch(url, outlet=self.outlet, accept=Accept.JSON)
        if fetched is None:  # nothing conditional was asked
            raise DiscoverError(Reason.NOT_A_FEED, url, "304 to an unconditional request")
        self.captures.append(fetched.capture)
        try:
            found = json.loads(fetched.body.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise DiscoverError(Reason.NOT_A_FEED, url, f"is not JSON: {error}") from error
        if not isinstance(found, list):
            code = text_in(found, "code") if isinstance(found, dict) else ""
            what = f"WordPress' error {code!r}" if code else f"a JSON {type(found).__name__}"
            raise DiscoverError(Reason.NOT_A_FEED, url, f"{what} and not a list of posts")
        return found, next_page(url, fetched.capture)

    async def look_up(self, root: str, posts: Iterable[Post]) -> Names:
        """Ask what the numbers of posts are called, once for each kind of them; what a site hides stays without a name.

        Args:
            root: The REST root; nothing is looked up beside an endpoint that the source names itself.
            posts: The listed posts.
        """
        wanted: dict[str, dict[int, None]] = {route: {} for route in NAMED_ROUTES.values()}
        for post in posts:
            for route, numbers in post.unnamed.items():
                wanted[route].update(dict.fromkeys(numbers))
        names: dict[str, Mapping[int, str]] = {}
        for route, ids in wanted.items():
            if not ids or not root.endswith(BASE_ENDS):
                continue
            asked = ",".join(str(number) for number in list(ids)[:LARGEST_PAGE])
            url = with_query(f"{root}wp/v2/{route}", include=asked, per_page=LARGEST_PAGE, _fields="id,name")
            try:
                named, _ = await self.read_list(url)
            except (FetchError, DiscoverError) as error:
                self.keep(error)
                if isinstance(error, TransientFetchError):
                    break
                continue
            pairs = [(each.get("id"), plain_text(text_in(each, "name"))) for each in named if isinstance(each, dict)]
            names[route] = {number: name for number, name in pairs if is_number(number) and name}
        return names

    def keep(self, error: FetchError | DiscoverError) -> None:
        """Keep the response of a failure, where there was one."""
        self.captures.extend([error.capture] if isinstance(error, FetchError) and error.capture else [])


def roots_of(url: str, remembered: str | None) -> list[str]:
    """REST roots to try, the remembered one first.

    A URL that names a root or an endpoint itself (``wp-json`` or ``rest_route`` in it) is the only one.
    """
    parts = urlsplit(url)
    if "/wp-json/" in parts.path or "rest_route=" in parts.query:
        return [url]
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    site = urlunsplit((parts.scheme, parts.netloc, folder, "", ""))
    host = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    roots = [f"{site}wp-json/", f"{host}wp-json/", f"{site}?rest_route=/"]
    known = [remembered] if remembered in roots else []
    return list(dict.fromkeys([*known, *roots]))


def endpoint(root: str, post_type: str) -> str:
    """Where a root lists the posts of a type; a source may name its endpoint itself."""
    return f"{root}wp/v2/{post_type}" if root.endswith(BASE_ENDS) else root


def posts_page(address: str, *, page_size: int, **wanted: str | datetime | None) -> str:
    """URL of the first page of posts, newest first; a time that is ``None`` is no condition."""
    times = {name: wire_time(each) if isinstance(each, datetime) else each for name, each in wanted.items() if each}
    fixed = {"per_page": str(page_size), "order": "desc", "_fields": FIELDS, "_embed": EMBEDDED}
    return with_query(address, **fixed, **times)


def with_query(address: str, **values: object) -> str:
    """An address with more parameters."""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query), *values.items()]
    # the route keeps its slashes: some hosts compare it as text
    return urlunsplit(parts._replace(query=urlencode(query, safe="/,:")))


def wire_time(moment: datetime) -> str:
    """A time as the API takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
