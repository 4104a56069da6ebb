from __future__ import annotations

from typing import Any

import httpx
import pytest

from newsroom import RunningNewsroom

POSTS = "/en/wp-json/wp/v2/posts"


def posts(client: httpx.Client, newsroom: RunningNewsroom, query: str = "", path: str = POSTS) -> Any:
    """The JSON of a request that succeeds."""
    return client.get(f"{newsroom.observatory_url}{path}{query}").raise_for_status().json()


def test_a_post_has_wordpress_fields_in_wordpress_forms(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Times without a zone, once in the site's time and once in GMT; titles with entities and their kicker."""
    post = next(p for p in posts(client, newsroom, "?per_page=100") if p["id"] == 41207)
    assert post["date"] == "2026-03-02T18:05:00"
    assert post["date_gmt"] == post["modified_gmt"] == "2026-03-02T15:05:00"
    assert post["link"] == f"{newsroom.observatory_url}/en/41207/"
    assert post["title"]["rendered"] == "Maran | Calm prevails in eleven villages as truce enters second day"
    assert "Maran Province &#8211; The Qadrian" in post["content"]["rendered"]
    assert isinstance(post["categories"][0], int)
    assert {"excerpt", "author", "slug", "tags"} <= post.keys()


def test_following_the_link_header_visits_every_post_once(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """``rel=next`` keeps the request's parameters and is missing on the last page."""
    url: str | None = f"{newsroom.observatory_url}{POSTS}?per_page=4&_fields=id,link"
    seen: list[int] = []
    while url:
        response = client.get(url)
        assert response.headers["x-wp-totalpages"] == "4"
        seen += [post["id"] for post in response.json()]
        assert all(post.keys() == {"id", "link"} for post in response.json())
        url = response.links.get("next", {}).get("url")
    assert len(seen) == len(set(seen)) == int(response.headers["x-wp-total"]) == 14
    assert "prev" in response.links


def test_the_two_languages_are_two_sites(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """The root's REST API is the Arabic one, also by its other address."""
    arabic = posts(client, newsroom, path="/wp-json/wp/v2/posts")
    assert {post["id"] // 1000 for post in arabic} == {702}
    assert posts(client, newsroom, path="/?rest_route=/wp/v2/posts") == arabic
    assert {post["id"] // 1000 for post in posts(client, newsroom, path="/en/?rest_route=/wp/v2/posts")} == {41}


def test_paging_by_the_other_address_stays_on_it(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Where pretty addresses are off, the next page has a ``rest_route`` too."""
    first = client.get(f"{newsroom.observatory_url}/en/?rest_route=/wp/v2/posts&per_page=7")
    second = client.get(first.links["next"]["url"])
    assert "rest_route=" in first.links["next"]["url"]
    assert not {post["id"] for post in first.json()} & {post["id"] for post in second.json()}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?after=2026-03-20T00:00:00&order=asc", [41321, 41340, 41388]),
        ("?after=2026-03-20T07:30:00Z&order=asc", [41340, 41388]),
        ("?after=2026-03-20T10:30:00&order=asc", [41340, 41388]),
        ("?before=2026-03-04T12:31:01&order=asc", [41207, 41219]),
        ("?after=2026-03-20T00:00:00&before=2026-03-22T00:00:00", [41340, 41321]),
        ("?modified_after=2026-03-21T00:00:00", [41388, 41340]),
        ("?orderby=id&order=asc&per_page=2", [41207, 41219]),
    ],
)
def test_filters_are_exclusive_and_read_bare_times_in_the_sites_zone(
    newsroom: RunningNewsroom, client: httpx.Client, query: str, ids: list[int]
) -> None:
    """07:30 Z is 10:30 on the site's clock, and ``after`` does not mean ``from``."""
    assert [post["id"] for post in posts(client, newsroom, query)] == ids


def test_an_edit_shows_under_modified_after_only(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """An edited post keeps its date, so ``after`` misses it."""
    newsroom.set_edition("evening")
    after = {post["id"] for post in posts(client, newsroom, "?after=2026-03-30T09:00:00Z")}
    modified = posts(client, newsroom, "?modified_after=2026-03-30T09:00:00Z&orderby=modified&order=asc")
    assert {post["id"] for post in modified} - after == {41290}
    assert modified[0]["id"] == 41290
    assert modified[0]["date_gmt"] < modified[0]["modified_gmt"] == "2026-03-30T12:20:00"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?page=3", "rest_post_invalid_page_number"),
        ("?per_page=101", "rest_invalid_param"),
        ("?per_page=0", "rest_invalid_param"),
        ("?page=zero", "rest_invalid_param"),
        ("?after=yesterday", "rest_invalid_param"),
        ("?orderby=mood", "rest_invalid_param"),
    ],
)
def test_a_wrong_parameter_is_400_with_wordpress_error(
    newsroom: RunningNewsroom, client: httpx.Client, query: str, code: str
) -> None:
    """A page past the end is an error, not an empty list."""
    response = client.get(f"{newsroom.observatory_url}{POSTS}{query}")
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert response.json()["data"]["status"] == 400


def test_no_match_is_an_empty_list(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Nothing newer is not an error."""
    response = client.get(f"{newsroom.observatory_url}{POSTS}?after=2026-06-01T00:00:00&page=1")
    assert response.json() == []
    assert response.headers["x-wp-total"] == "0"
    assert "next" not in response.links


def test_fields_reach_into_objects(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """``_fields=title.rendered`` keeps the object around its one key; unknown names are ignored."""
    post = posts(client, newsroom, "?per_page=1&_fields=title.rendered,content.protected,nonsense")[0]
    assert post == {"title": {"rendered": post["title"]["rendered"]}, "content": {"protected": False}}


def test_relations_are_embedded_where_they_are_wanted_and_kept(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """``_embed`` names them, ``_fields`` must keep them; one site's author is hidden by an error in its place."""
    query = "?per_page=1&_embed=author,wp:term&_fields=id,_links,_embedded"
    related = posts(client, newsroom, query)[0]["_embedded"]
    assert set(related) == {"author", "wp:term"}
    assert related["author"][0]["name"] == "admin"
    assert related["wp:term"][0][0]["taxonomy"] == "category"
    arabic = posts(client, newsroom, query, path="/wp-json/wp/v2/posts")[0]["_embedded"]
    assert arabic["author"][0]["code"] == "rest_user_invalid_id"
    assert "_embedded" not in posts(client, newsroom, "?per_page=1&_embed=author&_fields=id")[0]


def test_one_post_terms_and_an_unknown_route(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Numbers of categories can be looked up; what is not there is a JSON 404."""
    post = posts(client, newsroom, path=f"{POSTS}/41244")
    named = {term["id"]: term["name"] for term in posts(client, newsroom, path="/en/wp-json/wp/v2/categories")}
    assert named[post["categories"][0]] == "Casualty Registers"
    for path, code in ((f"{POSTS}/1", "rest_post_invalid_id"), ("/en/?rest_route=/wp/v9/x", "rest_no_route")):
        response = client.get(f"{newsroom.observatory_url}{path}")
        assert (response.status_code, response.json()["code"]) == (404, code)
