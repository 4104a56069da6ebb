"""Behavior of extractors.discover.history and the readers of each kind's past."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from extractors.discover.history import has_past, read_history
from extractors.errors import PermanentFetchError, Reason, TransientFetchError
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceState

HOME = "https://www.example.org/"
POSTS = f"{HOME}wp-json/wp/v2/posts"
BULLETINS = f"{HOME}wp-json/wp/v2/bulletins"
START = datetime(2026, 2, 1, tzinfo=UTC)

Make = Callable[..., Outlet]


class Archive:
    """An endpoint with the semantics of WordPress; a minute lies between two posts."""

    def __init__(self, site: Any, count: int, endpoint: str = POSTS, *, first: int = 1) -> None:
        self.site = site
        self.times = {number: START + timedelta(minutes=number) for number in range(first, first + count)}
        site.answers[endpoint] = self.answer

    def answer(self, url: str) -> bytes:
        """One page, newest first."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        after, before = (datetime.fromisoformat(query[name]) for name in ("after", "before"))
        found = sorted(
            (number for number, moment in self.times.items() if after < moment < before),
            key=lambda number: (self.times[number], number),
            reverse=True,
        )
        size, page = int(query["per_page"]), int(query.get("page", "1"))
        headers = {"X-WP-TotalPages": str(-(-len(found) // size))}
        if page * size < len(found):
            headers["Link"] = f'<{url.partition("&page=")[0]}&page={page + 1}>; rel="next"'
        self.site.headers[url] = headers
        return json.dumps([self.post(number) for number in found[(page - 1) * size : page * size]]).encode()

    def post(self, number: int) -> dict[str, Any]:
        """One post."""
        moment = self.times[number].strftime("%Y-%m-%dT%H:%M:%S")
        return {
            "id": number,
            "link": f"{HOME}{number}/",
            "date_gmt": moment,
            "modified_gmt": moment,
            "title": {"rendered": f"Day {number}"},
        }


async def read(
    outlet: Outlet,
    site: Any,
    now: datetime,
    *,
    since: datetime = START,
    until: datetime | None = None,
    state: SourceState | None = None,
) -> list[Poll]:
    """All polls of the past of the outlet's first source."""
    source = outlet.sources[0]
    found = read_history(source, outlet, site, since=since, until=until, state=state, now=now)
    return [poll async for poll in found]


def numbers(polls: list[Poll]) -> list[int]:
    """Ids of the polls' links."""
    return [int(link.hints.cms_id or 0) for poll in polls for link in poll.links]


def last_state(polls: list[Poll]) -> SourceState | None:
    """What a warehouse would remember after these polls."""
    return next((poll.state for poll in reversed(polls) if poll.state and poll.outcome.reason == Reason.POLLED), None)


async def test_a_wordpress_is_read_to_its_beginning(make_outlet: Make, site: Any, now: datetime) -> None:
    """Every post of the span comes once, in bounded parts, none by a deep page; the last poll says so."""
    Archive(site, 1_000)
    outlet = make_outlet({"kind": "wordpress", "url": HOME})
    polls = await read(outlet, site, now, since=START + timedelta(minutes=300), until=START + timedelta(minutes=701))
    assert numbers(polls) == list(range(700, 299, -1))
    assert max(len(poll.links) for poll in polls) <= 100
    assert not any("page=" in url.replace("per_page=", "") for url in site.asked)
    assert "read back to 2026-02-01" in polls[-1].outcome.detail
    assert {poll.source_id for poll in polls} == {f"backfill:wordpress:{HOME}"}
    assert {link.source_id for poll in polls for link in poll.links} == {f"wordpress:{HOME}"}


async def test_posts_of_one_second_are_not_lost(make_outlet: Make, site: Any, now: datetime) -> None:
    """An import gives hundreds of posts the same time; they are paged through."""
    archive = Archive(site, 350)
    for number in range(40, 300):
        archive.times[number] = START + timedelta(minutes=40)
    polls = await read(make_outlet({"kind": "wordpress", "url": HOME}), site, now)
    assert sorted(set(numbers(polls))) == list(range(1, 351))


async def test_a_past_that_was_cut_short_goes_on_there(make_outlet: Make, site: Any, now: datetime) -> None:
    """The failure is the last poll; the same span goes on at its place, another begins anew."""
    archive = Archive(site, 350)
    outlet = make_outlet({"kind": "wordpress", "url": HOME})

    def fail_third(url: str) -> bytes:
        if len(site.asked) == 3:
            raise TransientFetchError(Reason.TIMEOUT, url)
        return archive.answer(url)

    site.answers[POSTS] = fail_third
    first = await read(outlet, site, now)
    assert [poll.outcome.reason for poll in first] == [Reason.POLLED, Reason.POLLED, Reason.TIMEOUT]
    second = await read(outlet, site, now + timedelta(hours=1), state=last_state(first))
    assert set(numbers(first)) | set(numbers(second)) == set(range(1, 351))
    assert len(numbers(second)) <= 152
    assert len(numbers(await read(outlet, site, now, state=last_state(second)))) == 350
    assert (
        len(numbers(await read(outlet, site, now, since=START + timedelta(minutes=51), state=last_state(first)))) == 300
    )


async def test_a_type_that_is_not_there_hides_no_other(make_outlet: Make, site: Any, now: datetime) -> None:
    """Each post type has a past of its own."""
    Archive(site, 3)
    Archive(site, 2, BULLETINS, first=11)
    types = ["posts", "notes", "bulletins"]
    polls = await read(make_outlet({"kind": "wordpress", "url": HOME, "post_types": types}), site, now)
    assert numbers(polls) == [3, 2, 1, 12, 11]


async def test_the_roots_of_another_site_are_passed_over(make_outlet: Make, site: Any, now: datetime) -> None:
    """As in a poll."""
    Archive(site, 3)
    outlet = make_outlet({"kind": "wordpress", "url": f"{HOME}en/"}, include=[r"/en/\d+/$"])
    (poll,) = await read(outlet, site, now)
    assert (poll.outcome.reason, poll.links) == (Reason.HTTP_404, ())


def sitemap(*entries: tuple[str, str]) -> bytes:
    """A sitemap of addresses and days."""
    urls = "".join(f"<url><loc>{HOME}{name}</loc><lastmod>{day}</lastmod></url>" for name, day in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


@pytest.fixture
def sitemaps(site: Any) -> Any:
    """An index of three files."""
    files = {f"{HOME}s{number}.xml": day for number, day in ((1, "2026-02-03"), (2, "2026-02-10"), (3, "2026-01-02"))}
    children = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in files.items())
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'
    site.answers[f"{HOME}sitemap.xml"] = index.encode()
    site.answers[f"{HOME}s1.xml"] = sitemap(("a", "2026-02-03"), ("b", "2026-01-03"))
    site.answers[f"{HOME}s2.xml"] = sitemap(("c", "2026-02-10"), ("d", "2026-02-04"))
    site.answers[f"{HOME}s3.xml"] = sitemap(("e", "2026-01-02"))
    return site


async def test_sitemaps_are_read_file_by_file(make_outlet: Make, sitemaps: Any, now: datetime) -> None:
    """Newest first; files and entries beyond the span are left out, and the parts say how many."""
    outlet = make_outlet({"kind": "sitemap", "url": f"{HOME}sitemap.xml", "max_pages": 1})
    until = datetime(2026, 2, 5, tzinfo=UTC)
    polls = await read(outlet, sitemaps, now, until=until)
    assert [[link.requested_url[-1] for link in poll.links] for poll in polls] == [["d"], ["a"], []]
    assert "1 entries are newer than 2026-02-05" in polls[0].outcome.detail
    assert f"{HOME}s3.xml" not in sitemaps.asked


async def test_sitemaps_that_were_read_are_not_read_again(make_outlet: Make, sitemaps: Any, now: datetime) -> None:
    """A past that was cut short asks for the index and for what is left."""
    outlet = make_outlet({"kind": "sitemap", "url": f"{HOME}sitemap.xml"})
    good = sitemaps.answers[f"{HOME}s1.xml"]
    sitemaps.answers[f"{HOME}s1.xml"] = TransientFetchError(Reason.HTTP_5XX, HOME)
    first = await read(outlet, sitemaps, now)
    assert first[-1].outcome.reason == Reason.HTTP_5XX
    sitemaps.answers[f"{HOME}s1.xml"] = good
    sitemaps.asked.clear()
    second = await read(outlet, sitemaps, now, state=last_state(first))
    assert [link.requested_url for poll in second for link in poll.links] == [f"{HOME}a"]
    assert sitemaps.asked == [f"{HOME}sitemap.xml", f"{HOME}s1.xml"]


async def test_a_sitemap_that_is_gone_does_not_end_the_others(make_outlet: Make, sitemaps: Any, now: datetime) -> None:
    """It is named, and asking again would not bring it; where no file can be had the past has failed."""
    outlet = make_outlet({"kind": "sitemap", "url": f"{HOME}sitemap.xml"})
    del sitemaps.answers[f"{HOME}s2.xml"]
    polls = await read(outlet, sitemaps, now)
    assert [link.requested_url for poll in polls for link in poll.links] == [f"{HOME}a"]
    assert polls[-1].outcome.reason == Reason.POLLED
    assert any("s2.xml" in poll.outcome.detail for poll in polls)
    sitemaps.answers.clear()
    (poll,) = await read(outlet, sitemaps, now)
    assert poll.outcome.reason == Reason.HTTP_404


async def test_a_date_archive_is_read_day_by_day(make_outlet: Make, site: Any, now: datetime) -> None:
    """Days without a page are passed over, pages of a day are followed to their end, and a cut goes on at its day."""
    pattern = f"{HOME}d/{{year}}/{{month:02}}/{{day:02}}/page/{{page}}/"
    for day, links in {"2026/03/02": ("x", "y"), "2026/02/27": ("z",)}.items():
        page = "".join(f'<a href="/{day}/{link}">a</a>' for link in links)
        site.answers[f"{HOME}d/{day}/"] = f"<html><body>{page}</body></html>".encode()
    site.answers[f"{HOME}d/2026/02/28/"] = TransientFetchError(Reason.TIMEOUT, HOME)
    outlet = make_outlet({"kind": "section", "url": HOME, "page_url": pattern}, include=[r"/2026/\d\d/\d\d/[a-z]$"])
    first = await read(outlet, site, now, since=datetime(2026, 2, 26, tzinfo=UTC))
    assert [link.requested_url[-1] for poll in first for link in poll.links] == ["x", "y"]
    assert first[-1].outcome.reason == Reason.TIMEOUT
    del site.answers[f"{HOME}d/2026/02/28/"]
    site.asked.clear()
    second = await read(outlet, site, now, since=datetime(2026, 2, 26, tzinfo=UTC), state=last_state(first))
    assert [link.requested_url[-1] for poll in second for link in poll.links] == ["z"]
    assert site.asked[0] == f"{HOME}d/2026/02/28/"


async def test_an_archive_without_any_page_is_a_failure(make_outlet: Make, site: Any, now: datetime) -> None:
    """Sixty days of nothing are not a quiet outlet."""
    pattern = f"{HOME}d/{{year}}/{{month}}/{{day}}/"
    outlet = make_outlet({"kind": "section", "url": HOME, "page_url": pattern})
    polls = await read(outlet, site, now, since=datetime(2020, 1, 1, tzinfo=UTC))
    assert polls[-1].outcome.reason == Reason.HTTP_404
    assert len(site.asked) == 60


async def test_a_refused_site_is_the_last_poll(make_outlet: Make, site: Any, now: datetime) -> None:
    """What is refused is no empty past."""
    site.answers[POSTS] = PermanentFetchError(Reason.HTTP_403, POSTS, "", 403)
    (poll,) = await read(make_outlet({"kind": "wordpress", "url": HOME}), site, now)
    assert poll.outcome.reason == Reason.HTTP_403


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"kind": "feed", "url": HOME}, False),
        ({"kind": "section", "url": HOME}, False),
        ({"kind": "section", "url": HOME, "page_url": f"{HOME}{{page}}"}, False),
        ({"kind": "section", "url": HOME, "page_url": f"{HOME}{{year}}"}, True),
        ({"kind": "news_sitemap", "url": HOME}, False),
        ({"kind": "wordpress", "url": HOME}, True),
    ],
)
def test_some_sources_have_a_past(values: dict[str, Any], *, expected: bool) -> None:
    """What lists only the newest, or without dates, has none."""
    assert has_past(Source.model_validate(values)) is expected


@pytest.mark.parametrize("cursor", ["x", "[]", "7", '{"since": 1}', "null"])
async def test_a_place_that_cannot_be_read_is_none(make_outlet: Make, site: Any, now: datetime, cursor: str) -> None:
    """A damaged state begins anew."""
    Archive(site, 3)
    state = SourceState(source_id="x", cursor=cursor)
    assert len(numbers(await read(make_outlet({"kind": "wordpress", "url": HOME}), site, now, state=state))) == 3
