"""Behavior of extractors.discover.wordpress and the modules that it reads pages and posts with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from extractors.discover.wordpress import Cursor, poll_wordpress
from extractors.discover.wordpress_posts import read_post
from extractors.errors import FetchError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch import Accept
from extractors.outlets import Outlet
from extractors.records import Poll, SourceState

HOME = "https://www.example.org/en/"
ROOT = f"{HOME}wp-json/"
ENGLISH = f"{ROOT}wp/v2/posts"
OTHER_ROOT = "https://www.example.org/wp-json/"
ARABIC = f"{OTHER_ROOT}wp/v2/posts"
SOURCE = {"kind": "wordpress", "url": HOME, "max_items": 150}
INCLUDE = [r"^https://www\.example\.org/en/\d+/$"]
START = datetime(2026, 3, 1, tzinfo=UTC)

Make = Callable[..., Outlet]


def post(number: int, *, link: str | None = None, modified: datetime | None = None) -> dict[str, Any]:
    """One post, published ``number`` minutes after the start."""
    published = START + timedelta(minutes=number)
    return {
        "id": number,
        "date_gmt": published.strftime("%Y-%m-%dT%H:%M:%S"),
        "modified_gmt": (modified or published).strftime("%Y-%m-%dT%H:%M:%S"),
        "link": link or f"{HOME}{number}/",
        "title": {"rendered": f"Karn &#8211; <em>day</em> {number}"},
    }


class Blog:
    """A posts endpoint with the semantics of WordPress; an old one ignores ``modified_after``."""

    def __init__(self, site: Any, root: str = ENGLISH, *, is_old: bool = False) -> None:
        self.posts: list[dict[str, Any]] = []
        self.is_old = is_old
        self.root = root
        self.site = site
        site.answers[root] = self.answer

    def answer(self, url: str) -> bytes:
        """One page, newest first, and a Link header for the next."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["order"] == "desc"
        key = {"date": "date_gmt", "modified": "modified_gmt"}[query["orderby"]]
        found = sorted(self.posts, key=lambda one: str(one[key]), reverse=True)
        if "after" in query:
            found = [one for one in found if one["date_gmt"] > query["after"].rstrip("Z")]
        if "modified_after" in query and not self.is_old:
            found = [one for one in found if one["modified_gmt"] > query["modified_after"].rstrip("Z")]
        size, page = int(query["per_page"]), int(query.get("page", "1"))
        if page * size < len(found):
            following = f"{url.partition('&page=')[0]}&page={page + 1}".replace("https:", "http:")
            self.site.headers[url] = {"Link": f'<{self.root}>; rel="prev", <{following}>; rel="next"'}
        fields = query["_fields"].split(",")
        page_posts = found[(page - 1) * size : page * size]
        return json.dumps([{name: one[name] for name in fields if name in one} for one in page_posts]).encode()


async def poll_once(
    outlet: Outlet, site: Any, now: datetime, *, state: SourceState | None = None, since: datetime | None = None
) -> Poll:
    """Poll the outlet's first source."""
    return await poll_wordpress(outlet.sources[0], outlet, site, state=state, since=since, now=now)


def cursor_of(poll: Poll) -> Cursor:
    """What a poll remembers."""
    assert poll.state is not None
    return Cursor.read(poll.state.cursor)


def numbers(poll: Poll) -> list[int]:
    """Ids of a poll's links."""
    return [int(link.hints.cms_id or 0) for link in poll.links]


async def test_the_first_poll_lists_the_newest_posts(make_outlet: Make, site: Any, now: datetime) -> None:
    """Pages follow the Link header, on https, up to max_items; only the needed fields are asked for."""
    blog = Blog(site)
    blog.posts = [post(number) for number in range(1, 301)]
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    assert numbers(poll) == list(range(300, 150, -1))
    assert poll.outcome.reason == Reason.POLLED
    assert poll.listed_count == 150
    assert len(poll.captures) == len(site.asked) == 2
    assert all(url.startswith(ENGLISH) for url in site.asked)
    assert "_fields=id,date_gmt,modified_gmt,link,title,excerpt," in site.asked[0]
    assert "_embed=author,wp:term,wp:featuredmedia" in site.asked[0]
    assert set(site.accepted) == {Accept.JSON}
    hints = poll.links[0].hints
    assert (hints.title, hints.published) == ("Karn – day 300", "2026-03-01T05:00:00Z")
    assert cursor_of(poll) == Cursor(root=ROOT, modified_at={"posts": START + timedelta(minutes=300)})


@pytest.mark.parametrize("is_old", [False, True])
async def test_later_polls_list_what_changed(make_outlet: Make, site: Any, now: datetime, *, is_old: bool) -> None:
    """New posts and an edited old one come, with an overlap of ten minutes, also from a WordPress before 5.7."""
    outlet = make_outlet(SOURCE, include=INCLUDE)
    blog = Blog(site, is_old=is_old)
    blog.posts = [post(number) for number in range(1, 61)]
    first = await poll_once(outlet, site, now)
    blog.posts[4] = post(5, modified=START + timedelta(minutes=90))
    blog.posts.append(post(80))
    second = await poll_once(outlet, site, now, state=first.state)
    assert numbers(second) == [5, 80, *range(60, 50 if not is_old else 49, -1)]
    assert second.links[0].hints.fingerprint() != first.links[-5].hints.fingerprint()
    assert cursor_of(second).modified_at == {"posts": START + timedelta(minutes=90)}
    assert "modified_after=2026-03-01T00:50:00Z" in site.asked[-1]


async def test_a_site_at_the_root_of_the_host_is_not_taken_for_the_one_below(
    make_outlet: Make, site: Any, now: datetime
) -> None:
    """A root none of whose posts are the outlet's is passed over, and the one that answers is remembered."""
    outlet = make_outlet(SOURCE, include=INCLUDE)
    arabic = Blog(site, ARABIC)
    arabic.posts = [post(number, link=f"https://www.example.org/%d8%a7/{number}/") for number in range(1, 5)]
    by_route = Blog(site, HOME)
    by_route.posts = [post(7)]
    poll = await poll_once(outlet, site, now)
    assert numbers(poll) == [7]
    assert [urlsplit(url).path for url in site.asked] == ["/en/wp-json/wp/v2/posts", "/wp-json/wp/v2/posts", "/en/"]
    assert "rest_route=/wp/v2/posts&" in site.asked[-1]
    assert cursor_of(poll).root == f"{HOME}?rest_route=/"
    site.asked.clear()
    await poll_once(outlet, site, now, state=poll.state)
    assert [urlsplit(url).path for url in site.asked] == ["/en/"]


async def test_a_lost_root_is_looked_for_again(make_outlet: Make, site: Any, now: datetime) -> None:
    """When the remembered root is gone, the others are tried in the same poll, from the same cursor."""
    outlet = make_outlet(SOURCE, include=INCLUDE)
    Blog(site, ENGLISH).posts = [post(5)]
    known = Cursor(root=OTHER_ROOT, modified_at={"posts": START}).write()
    poll = await poll_once(outlet, site, now, state=SourceState(source_id="x", cursor=known))
    assert numbers(poll) == [5]
    assert cursor_of(poll).root == ROOT
    assert "modified_after" in site.asked[-1]


async def test_changes_elsewhere_do_not_cost_the_remembered_root(make_outlet: Make, site: Any, now: datetime) -> None:
    """A poll in which only a page outside the outlet's patterns changed is an outcome, not a lost root."""
    outlet = make_outlet(SOURCE, include=INCLUDE)
    Blog(site).posts = [post(5, link=f"{HOME}about-us/")]
    known = Cursor(root=ROOT, modified_at={"posts": START}).write()
    poll = await poll_once(outlet, site, now, state=SourceState(source_id="x", cursor=known))
    assert poll.outcome.reason == Reason.POLLED
    assert [outcome.reason for outcome in poll.rejected] == [Reason.EXCLUDED_URL]
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("answers", "reason", "asked"),
    [
        ({}, Reason.HTTP_404, 3),
        ({ENGLISH: PermanentFetchError(Reason.HTTP_401, ENGLISH, "", 401)}, Reason.HTTP_401, 3),
        ({ENGLISH: b"<!doctype html>"}, Reason.NOT_A_FEED, 3),
        ({ENGLISH: b'{"code": "rest_no_route"}'}, Reason.NOT_A_FEED, 3),
        ({ENGLISH: b"[" * 100_000}, Reason.NOT_A_FEED, 3),
        ({ENGLISH: TransientFetchError(Reason.CONNECT_ERROR, ENGLISH)}, Reason.CONNECT_ERROR, 1),
        ({ARABIC: TransientFetchError(Reason.HTTP_429, ARABIC, "", 429)}, Reason.HTTP_429, 2),
        ({ARABIC: json.dumps([post(1, link="https://www.example.org/x/1/")]).encode()}, Reason.EXCLUDED_URL, 3),
        ({ENGLISH: json.dumps([post(1, link="https://other.example/1/")]).encode()}, Reason.FOREIGN_HOST, 3),
    ],
)
async def test_no_root_is_an_outcome(
    make_outlet: Make, site: Any, now: datetime, answers: dict[str, bytes | FetchError], reason: Reason, asked: int
) -> None:
    """The poll says what was wrong; a host in trouble is not asked for its other roots."""
    site.answers.update(answers)
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    assert poll.outcome.reason == reason
    assert poll.outcome.detail
    assert (poll.links, poll.state) == ((), None)
    assert len(site.asked) == asked


async def test_since_limits_a_first_poll(make_outlet: Make, site: Any, now: datetime) -> None:
    """``after`` is asked for, and more than max_items may come: somebody asked for that much."""
    blog = Blog(site)
    blog.posts = [post(number) for number in range(1, 301)]
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now, since=START + timedelta(minutes=100))
    assert numbers(poll) == list(range(300, 100, -1))
    assert "after=2026-03-01T01:40:00Z" in site.asked[0]


async def test_since_reaches_back_behind_the_cursor(make_outlet: Make, site: Any, now: datetime) -> None:
    """A wish for more history than the cursor remembers is granted, and the cursor does not go back."""
    Blog(site).posts = [post(number) for number in range(1, 61)]
    known = Cursor(root=ROOT, modified_at={"posts": START + timedelta(minutes=60)})
    state = SourceState(source_id="x", cursor=known.write())
    poll = await poll_once(
        make_outlet(SOURCE, include=INCLUDE), site, now, state=state, since=START + timedelta(minutes=9)
    )
    assert numbers(poll) == list(range(60, 9, -1))
    assert cursor_of(poll) == known


async def test_the_cursor_waits_for_what_was_too_old(make_outlet: Make, site: Any, now: datetime) -> None:
    """Changes between the cursor and a later ``since`` are outcomes now and links for the next plain run."""
    outlet = make_outlet(SOURCE, include=INCLUDE)
    Blog(site).posts = [post(number) for number in range(1, 61)]
    state = SourceState(
        source_id="x", cursor=Cursor(root=ROOT, modified_at={"posts": START + timedelta(minutes=20)}).write()
    )
    narrow = await poll_once(outlet, site, now, state=state, since=START + timedelta(minutes=50))
    assert numbers(narrow) == list(range(60, 49, -1))
    assert {outcome.reason for outcome in narrow.rejected} == {Reason.TOO_OLD}
    plain = await poll_once(outlet, site, now, state=narrow.state)
    assert 30 in numbers(plain)


async def test_nothing_new_is_a_poll(make_outlet: Make, site: Any, now: datetime) -> None:
    """An empty list after the first poll is an answer, and the cursor stays."""
    Blog(site)
    known = Cursor(root=ROOT, modified_at={"posts": START})
    poll = await poll_once(
        make_outlet(SOURCE, include=INCLUDE), site, now, state=SourceState(source_id="x", cursor=known.write())
    )
    assert (poll.outcome.reason, poll.links, poll.listed_count) == (Reason.POLLED, (), 0)
    assert cursor_of(poll) == known


async def test_a_failing_later_page_keeps_the_first(make_outlet: Make, site: Any, now: datetime) -> None:
    """What came is used, the poll says where it stopped, and the cursor stays so that nothing is skipped."""
    blog = Blog(site)
    blog.posts = [post(number) for number in range(1, 301)]
    known = Cursor(root=ROOT, modified_at={"posts": START})
    state = SourceState(source_id="x", cursor=known.write())
    outlet = make_outlet(SOURCE, include=INCLUDE)
    await poll_once(outlet, site, now, state=state)
    second_page = site.asked[1]
    assert second_page.endswith("&page=2")
    site.answers[second_page] = TransientFetchError(Reason.TIMEOUT, second_page)
    poll = await poll_once(outlet, site, now, state=state)
    assert len(poll.links) == 100
    assert "page 2" in poll.outcome.detail
    assert cursor_of(poll) == known


async def test_a_change_dated_in_the_future_does_not_hide_the_next_ones(
    make_outlet: Make, site: Any, now: datetime
) -> None:
    """The cursor never runs ahead of the clock."""
    Blog(site).posts = [post(1, modified=now + timedelta(days=400))]
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    assert cursor_of(poll).modified_at == {"posts": now}


@pytest.mark.parametrize(
    "link",
    [
        '<https://evil.example/wp-json/wp/v2/posts?page=2>; rel="next"',
        '<ftp://www.example.org/>; rel="next"',
        '<https://[/>; rel="next"',
        f'<{ENGLISH}>; rel="prev"',
        "nonsense",
    ],
)
async def test_a_next_page_elsewhere_is_not_followed(make_outlet: Make, site: Any, now: datetime, link: str) -> None:
    """Only a next page on the same host is asked for."""
    site.answers[ENGLISH] = json.dumps([post(1)]).encode()
    outlet = make_outlet(SOURCE, include=INCLUDE)
    await poll_once(outlet, site, now)
    site.headers[site.asked[0]] = {"Link": link}
    poll = await poll_once(outlet, site, now)
    assert numbers(poll) == [1]
    assert len(site.asked) == 2


async def test_a_circle_of_pages_ends(make_outlet: Make, site: Any, now: datetime) -> None:
    """A page whose next page is itself is asked for once."""
    Blog(site).posts = [post(number) for number in range(1, 120)]
    outlet = make_outlet(SOURCE, include=INCLUDE)
    await poll_once(outlet, site, now)
    url = site.asked[0]
    site.asked.clear()
    site.answers[url] = json.dumps([post(number) for number in range(1, 101)]).encode()
    site.headers[url] = {"Link": f'<{url}>; rel="next"'}
    poll = await poll_once(outlet, site, now)
    assert site.asked == [url]
    assert len(poll.links) == 100


async def test_odd_posts_are_outcomes_or_links(make_outlet: Make, site: Any, now: datetime) -> None:
    """Zero dates are no times, a post without a link is an outcome, and what is no object is nothing."""
    zero = {**post(1), "date_gmt": "0000-00-00T00:00:00", "modified_gmt": "-0001-11-30T00:00:00", "title": "Plain"}
    site.answers[ENGLISH] = json.dumps([zero, {"id": 2, "link": None}, "post", {"id": True, "link": 4}]).encode()
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    (link,) = poll.links
    assert (link.hints.published, link.hints.modified, link.hints.title) == (None, None, "Plain")
    assert {outcome.reason for outcome in poll.rejected} == {Reason.BAD_URL}
    assert "post 2" in poll.rejected[0].detail
    assert cursor_of(poll).modified_at == {}


async def test_a_source_may_name_its_endpoint(make_outlet: Make, site: Any, now: datetime) -> None:
    """A URL with wp-json in it is asked as it is, and nothing else is."""
    endpoint = "https://www.example.org/news/wp-json/wp/v2/articles?lang=en"
    site.answers["https://www.example.org/news/wp-json/wp/v2/articles"] = json.dumps([post(1)]).encode()
    outlet = make_outlet({"kind": "wordpress", "url": endpoint}, include=INCLUDE)
    assert numbers(await poll_once(outlet, site, now)) == [1]
    assert site.asked[0].startswith(f"{endpoint}&per_page=100&")


@pytest.mark.parametrize("text", [None, "", "x", "[]", "{}", '{"modified_at": 7, "root": {}}'])
def test_a_cursor_that_cannot_be_read_is_none(text: str | None) -> None:
    """A damaged cursor means a first poll, never a crash."""
    assert Cursor.read(text) == Cursor()


def test_a_cursor_is_read_back() -> None:
    """What is written is what is read."""
    cursor = Cursor(root=ROOT, modified_at={"posts": START})
    assert Cursor.read(cursor.write()) == cursor


def test_a_cursor_of_posts_alone_is_still_read() -> None:
    """As it was written before there were other post types."""
    cursor = Cursor.read(json.dumps({"modified_at": START.isoformat(), "root": ENGLISH}))
    assert cursor == Cursor(root=ROOT, modified_at={"posts": START})


EMBEDDED = {
    "author": [{"id": 3, "name": "Lina Haddad"}],
    "wp:featuredmedia": [{"media_type": "image", "source_url": f"{HOME}uploads/quay.jpg"}],
    "wp:term": [
        [
            {"id": 1, "name": "Uncategorized", "taxonomy": "category"},
            {"id": 5, "name": "Politics &amp; Society", "taxonomy": "category"},
        ],
        [{"id": 9, "name": "Karn", "taxonomy": "post_tag"}, {"id": 8, "name": "Truce", "taxonomy": "post_tag"}],
        [{"id": 7, "name": "English", "taxonomy": "language"}],
    ],
}


async def test_what_comes_with_a_post_costs_no_request(make_outlet: Make, site: Any, now: datetime) -> None:
    """Section, tags, author, image, excerpt and language are hints; a default category is no section."""
    excerpt = {"rendered": "<p>The <em>quay</em> stays closed.</p>", "protected": False}
    Blog(site).posts = [{**post(1), "_embedded": EMBEDDED, "excerpt": excerpt, "lang": "en", "tags": [9]}]
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    hints = poll.links[0].hints
    assert (hints.section, hints.tags, hints.authors) == ("Politics & Society", ("Karn", "Truce"), ("Lina Haddad",))
    assert (hints.standfirst, hints.language) == ("The quay stays closed.", "en")
    assert hints.image_url == f"{HOME}uploads/quay.jpg"
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "embedded",
    [
        {"author": [{"code": "rest_user_invalid_id", "message": "Invalid user ID.", "data": {"status": 404}}]},
        {"author": [{"id": 1, "name": "admin"}], "wp:term": [[{"name": "Uncategorized", "taxonomy": "category"}]]},
        {"author": None, "wp:term": [None, [None, 7, {"name": 3}]], "wp:featuredmedia": [{"code": "x"}, "y"]},
        {"wp:featuredmedia": [{"media_type": "file", "source_url": "https://www.example.org/a.pdf"}]},
    ],
)
async def test_what_a_site_hides_or_breaks_stays_empty(
    make_outlet: Make, site: Any, now: datetime, embedded: dict[str, Any]
) -> None:
    """An error in an author's place, an account that is nobody, other shapes: no hint, no failure, no look-up."""
    cut = {"rendered": "<p>The quay stays closed because [&hellip;]</p>"}
    Blog(site).posts = [{**post(1), "_embedded": embedded, "author": 1, "categories": [1], "excerpt": cut}]
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    hints = poll.links[0].hints
    assert (hints.section, hints.tags, hints.authors, hints.image_url, hints.standfirst) == (None, (), (), None, None)
    assert (poll.outcome.reason, len(site.asked)) == (Reason.POLLED, 1)


async def test_where_nothing_is_embedded_the_numbers_are_looked_up_once(
    make_outlet: Make, site: Any, now: datetime
) -> None:
    """One request for all categories of a poll and one for all tags; refused authors stay empty."""
    numbered = [{**post(n), "categories": [1, 5 + n % 2], "tags": [9], "author": 3} for n in range(1, 5)]
    Blog(site).posts = numbered
    names = {"categories": {1: "Uncategorized", 5: "Politics", 6: "Economy"}, "tags": {9: "Karn &amp; Maran"}}
    for route, named in names.items():
        listed = [{"id": number, "name": name} for number, name in named.items()]
        site.answers[f"{ROOT}wp/v2/{route}"] = json.dumps(listed).encode()
    site.answers[f"{ROOT}wp/v2/users"] = PermanentFetchError(Reason.HTTP_401, ROOT, "", 401)
    poll = await poll_once(make_outlet(SOURCE, include=INCLUDE), site, now)
    assert [link.hints.section for link in poll.links] == ["Politics", "Economy", "Politics", "Economy"]
    assert {link.hints.tags for link in poll.links} == {("Karn & Maran",)}
    assert {link.hints.authors for link in poll.links} == {()}
    assert (poll.outcome.reason, poll.outcome.detail) == (Reason.POLLED, "")
    assert [urlsplit(url).path.rpartition("/")[2] for url in site.asked] == ["posts", "categories", "tags", "users"]
    assert "include=1,5,6" in site.asked[1]


def test_names_are_no_edit() -> None:
    """A look-up that fails one day must not make every article due."""
    bare = read_post(post(1))
    named = bare.named({"categories": {5: "Politics"}})
    assert read_post({**post(1), "_embedded": EMBEDDED}).item.hints.fingerprint() == bare.item.hints.fingerprint()
    assert named.hints.fingerprint() == bare.item.hints.fingerprint()


BULLETINS = f"{ROOT}wp/v2/bulletins"
TYPES = {**SOURCE, "post_types": ["posts", "bulletins"]}


async def test_each_post_type_is_read_with_a_cursor_of_its_own(make_outlet: Make, site: Any, now: datetime) -> None:
    """A quiet type does not wait for a busy one, nor the reverse."""
    outlet = make_outlet(TYPES, include=INCLUDE)
    posts, bulletins = Blog(site), Blog(site, BULLETINS)
    posts.posts = [post(number) for number in (1, 2)]
    bulletins.posts = [post(number) for number in (500, 501)]
    first = await poll_once(outlet, site, now)
    assert sorted(numbers(first)) == [1, 2, 500, 501]
    assert cursor_of(first).modified_at == {
        "posts": START + timedelta(minutes=2),
        "bulletins": START + timedelta(minutes=501),
    }
    posts.posts.append(post(20))
    second = await poll_once(outlet, site, now, state=first.state)
    assert {20, 501} <= set(numbers(second))


@pytest.mark.parametrize("missing", ["posts", "bulletins"])
async def test_a_type_that_fails_hides_no_other(make_outlet: Make, site: Any, now: datetime, missing: str) -> None:
    """The poll says which, and its cursor waits for it."""
    there = "bulletins" if missing == "posts" else "posts"
    Blog(site, f"{ROOT}wp/v2/{there}").posts = [post(1)]
    before = Cursor(root=ROOT, modified_at={missing: START - timedelta(days=1)})
    state = SourceState(source_id="x", cursor=before.write())
    poll = await poll_once(make_outlet(TYPES, include=INCLUDE), site, now, state=state)
    assert (poll.outcome.reason, numbers(poll)) == (Reason.POLLED, [1])
    assert f"/{missing}" in poll.outcome.detail
    assert cursor_of(poll).modified_at == {missing: START - timedelta(days=1), there: START + timedelta(minutes=1)}
