"""Which posts of a WordPress still stand, over a site that a test makes up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from warehouse_samples import make_capture

from extractors.discover.wordpress import Cursor
from extractors.discover.wordpress_pages import Reader
from extractors.discover.wordpress_presence import standing_posts
from extractors.errors import DiscoverError, PermanentFetchError, Reason
from extractors.fetch.protocol import Accept
from extractors.outlets import Outlet, Source, Urls
from extractors.records import Fetched, SourceKind, SourceState, Validators

ROOT = "https://observatory.example/en/wp-json/"
OUTLET = Outlet(
    outlet_id="observatory",
    name="O",
    homepage="https://observatory.example/",
    urls=Urls(hosts=("observatory.example",)),
)
STATE = SourceState(source_id="wordpress:x", cursor=Cursor(root=ROOT).write())
"""What a good poll left: this root answered."""


class Site:
    """A WordPress: posts by type, and how many it gives a page."""

    def __init__(self, posts: dict[str, dict[int, str]], *, page_size: int = 100, body: str | None = None) -> None:
        self.posts = posts
        self.page_size = page_size
        self.body = body
        self.asked: list[str] = []

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Answer as the REST API does."""
        assert (outlet, accept, validators) == (OUTLET, Accept.JSON, None)
        assert url.startswith(f"{ROOT}wp/v2/")
        self.asked.append(url)
        kind = urlsplit(url).path.rpartition("/")[2]
        query = parse_qs(urlsplit(url).query)
        wanted = [int(number) for number in query["include"][0].split(",")]
        if kind not in self.posts:
            raise PermanentFetchError(Reason.HTTP_404, url)
        standing = [number for number in wanted if number in self.posts[kind]]
        page = int(query.get("page", ["1"])[0])
        shown = standing[(page - 1) * self.page_size : page * self.page_size]
        found: list[Any] = [{"id": number, "modified_gmt": self.posts[kind][number]} for number in shown]
        headers: tuple[tuple[str, str], ...] = ()
        if len(standing) > page * self.page_size:
            headers = (("Link", f'<{url.partition("&page=")[0]}&page={page + 1}>; rel="next"'),)
        body = self.body if self.body is not None else json.dumps(found)
        return Fetched(capture=replace(make_capture(url), headers=headers), body=body.encode())


def source_of(*post_types: str) -> Source:
    """A source of some post types."""
    return Source(kind=SourceKind.WORDPRESS, url="https://observatory.example/en/", post_types=post_types or ("posts",))


async def ask(site: Site, *ids: str, post_types: tuple[str, ...] = ("posts",)) -> dict[str, str | None]:
    """Ask for posts."""
    reader = Reader(outlet=OUTLET, fetcher=site)
    found = await standing_posts(source_of(*post_types), reader, state=STATE, ids=ids)
    assert len(reader.captures) == len(site.asked)
    return found


async def test_what_stands_is_told_with_its_modification() -> None:
    """In the form in which hints have it; what is missing is not in the answer, nor what was not asked for."""
    site = Site({"posts": {1: "2026-03-02T05:00:00", 3: "0000-00-00T00:00:00", 4: "2026-03-02T05:00:00"}})
    assert await ask(site, "1", "2", "3") == {"1": "2026-03-02T05:00:00Z", "3": None}
    assert site.asked == [f"{ROOT}wp/v2/posts?include=1,2,3&per_page=100&_fields=id,modified_gmt"]


async def test_a_hundred_posts_are_one_request() -> None:
    """And a hundred and one are two."""
    site = Site({"posts": dict.fromkeys(range(1, 102), "2026-03-02T05:00:00")})
    assert len(await ask(site, *map(str, range(1, 102)))) == 101
    assert len(site.asked) == 2


async def test_a_site_that_gives_few_a_page_is_read_on() -> None:
    """As far as the posts that were asked for go."""
    site = Site({"posts": dict.fromkeys(range(1, 26), "2026-03-02T05:00:00")}, page_size=10)
    assert len(await ask(site, *map(str, range(1, 26)))) == 25
    assert len(site.asked) == 3


async def test_each_post_type_is_asked_for_what_is_not_found_yet() -> None:
    """A number alone does not say of which type it is."""
    site = Site({"posts": {1: "2026-03-02T05:00:00"}, "bulletins": {2: "2026-03-03T05:00:00"}})
    found = await ask(site, "1", "2", "3", post_types=("posts", "bulletins"))
    assert found == {"1": "2026-03-02T05:00:00Z", "2": "2026-03-03T05:00:00Z"}
    assert [urlsplit(url).query.partition("&")[0] for url in site.asked] == ["include=1,2,3", "include=2,3"]


async def test_a_list_that_lists_strange_things_is_read_for_what_it_holds() -> None:
    """And one without end is not followed for ever."""
    site = Site({"posts": {}}, body='[7, null, {"id": "1"}, {"id": true}, {"id": 2, "modified_gmt": 5}]')
    assert await ask(site, "1", "2") == {"2": None}


@pytest.mark.parametrize("body", ["{}", '{"code": "rest_forbidden"}', "<html>", ""])
async def test_an_answer_that_is_no_list_is_a_failure(body: str) -> None:
    """Nothing is taken for missing because of it."""
    with pytest.raises(DiscoverError):
        await ask(Site({"posts": {}}, body=body), "1")
