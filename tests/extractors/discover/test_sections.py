"""Behavior of extractors.discover.sections and section_pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from extractors.discover.section_pages import page_address, periods, read_section_page
from extractors.discover.sections import poll_section
from extractors.errors import PermanentFetchError, Reason, TransientFetchError
from extractors.outlets import Outlet, Source
from extractors.records import Poll, SourceState

Make = Callable[..., Outlet]

SITE = "https://www.example.org"
HUB = f"{SITE}/latest"
TEASERS = "//h2/a"
NEXT = "//a[@rel='next']"
BY_DAY = f"{SITE}/date/{{year}}/{{month:02}}/{{day:02}}/page/{{page}}/"


def page(*paths: str, following: str | None = None, head: str = "") -> bytes:
    """A page of headlines."""
    teasers = "".join(f'<h2><a href="{path}">Headline</a></h2>' for path in paths)
    pager = f'<a rel="next" href="{following}">More</a>' if following else ""
    return f'<html><head>{head}</head><body><a href="/about">About</a>{teasers}{pager}</body></html>'.encode()


def paths(poll: Poll) -> list[str]:
    """What a poll lists, in its order."""
    return [link.normalized_url.removeprefix(SITE) for link in poll.links]


@pytest.fixture
def ask(site: Any, make_outlet: Make, now: datetime) -> Callable[..., Any]:
    """Poll a section."""

    async def poll(
        state: SourceState | None = None,
        *,
        since: datetime | None = None,
        at: datetime = now,
        rules: Any = None,
        **source: Any,
    ) -> Poll:
        outlet = make_outlet({"kind": "section", "url": HUB, **source}, **(rules or {}))
        return await poll_section(outlet.sources[0], outlet, site, state=state, since=since, now=at)

    return poll


@pytest.mark.parametrize(
    ("body", "links", "expected"),
    [
        (page("/a", "b", "/a#x"), TEASERS, [f"{SITE}/a", f"{SITE}/b"]),
        (page("/a"), None, [f"{SITE}/about", f"{SITE}/a"]),
        (page("/a"), "//h2/a/@href", [f"{SITE}/a"]),
        (page("/a", "/b", "/c"), "(//h2/a)[position() < 3]", [f"{SITE}/a", f"{SITE}/b"]),
        (page("a", head='<base href="/en/">'), TEASERS, [f"{SITE}/en/a"]),
        (
            page("mailto:a@b.c", "javascript:void(0)", "#top", " ", "//cdn.example/x"),
            TEASERS,
            ["https://cdn.example/x"],
        ),
        (page("/ق"), TEASERS, [f"{SITE}/ق"]),
        (page("http://[x/"), TEASERS, ["http://[x/"]),
        (b"", TEASERS, []),
        (page("/a"), "count(//a)", []),
    ],
)
def test_links_of_a_page(body: bytes, links: str | None, expected: list[str]) -> None:
    """At their place and in their order, each once, absolute; what leads to no page is none."""
    source = Source.model_validate({"kind": "section", "url": HUB, "links": links})
    found = read_section_page(body, url=HUB, content_type="text/html; charset=utf-8", source=source)
    assert list(found.links) == expected


async def test_pages_are_followed_by_their_own_links(ask: Any, site: Any) -> None:
    """To the last one; the links keep their order."""
    site.answers = {HUB: page("/a", "/b", following="?p=2"), f"{HUB}?p=2": page("/b", "/c")}
    poll = await ask(links=TEASERS, next_page=NEXT)
    assert site.asked == [HUB, f"{HUB}?p=2"]
    assert (paths(poll), poll.outcome.detail) == (["/a", "/b", "/c"], "")
    assert (poll.outcome.reason, poll.listed_count, len(poll.captures)) == (Reason.POLLED, 3, 2)


async def test_pages_are_followed_by_a_pattern(ask: Any, site: Any) -> None:
    """From the second one on; 404 is the end, as blogs have it."""
    site.answers = {HUB: page("/a"), f"{HUB}/page/2/": page("/b")}
    poll = await ask(links=TEASERS, page_url=f"{HUB}/page/{{page}}/")
    assert site.asked == [HUB, f"{HUB}/page/2/", f"{HUB}/page/3/"]
    assert (poll.outcome.reason, paths(poll)) == (Reason.POLLED, ["/a", "/b"])


async def test_links_that_are_not_the_outlets_are_outcomes(ask: Any, site: Any) -> None:
    """Without an XPath every link of the page is judged by the outlet's patterns."""
    site.answers[HUB] = page("/news/a", "https://ads.example/x")
    poll = await ask(rules={"include": ["/news/"]})
    assert paths(poll) == ["/news/a"]
    assert [each.reason for each in poll.rejected] == [Reason.EXCLUDED_URL, Reason.FOREIGN_HOST]


@pytest.mark.parametrize(
    ("answers", "source", "asked", "detail"),
    [
        ({HUB: page("/a", following=HUB)}, {"next_page": NEXT}, 1, "as its next one, which was read"),
        (
            {HUB: page("/a", following="?p=2"), f"{HUB}?p=2": page("/b", following="/latest")},
            {"next_page": NEXT},
            2,
            "as its next one, which was read",
        ),
        (
            {HUB: lambda url: page("/a", following=f"{url}?1")},
            {"next_page": NEXT},
            2,
            "nothing that the pages before it did not",
        ),
        ({HUB: page("/a", following="https://ads.example/2")}, {"next_page": NEXT}, 1, "on another host"),
        ({HUB: page("/a")}, {"page_url": f"{HUB}?p={{page}}"}, 2, "nothing that the pages before it did not"),
        (
            {HUB: lambda url: page(f"/{len(url)}{url[-1]}", following=f"?p={url}1")},
            {"next_page": NEXT, "max_pages": 5},
            5,
            "page 6 and what follows was not read: max_pages is 5",
        ),
    ],
)
async def test_pages_without_an_end_end_with_a_detail(
    ask: Any, site: Any, answers: Any, source: Any, asked: int, detail: str
) -> None:
    """Pages that name themselves, repeat themselves or never stop are bounded, and what was read is kept."""
    site.answers = answers
    poll = await ask(links=TEASERS, **source)
    assert poll.outcome.reason == Reason.POLLED
    assert detail in poll.outcome.detail
    assert len(site.asked) == asked
    assert poll.links


async def test_a_first_poll_ends_at_max_items_and_later_ones_at_what_is_known(
    ask: Any, site: Any, now: datetime
) -> None:
    """A page of which everything is known has nothing new behind it; ``since`` reads on."""
    pages = [("/c", "/b"), ("/a", "/9"), ("/8", "/7"), ("/6",)]
    url = [HUB, f"{HUB}?p=2", f"{HUB}?p=3", f"{HUB}?p=4"]

    def show(*shown: tuple[str, ...]) -> None:
        follow = [f"?p={number}" for number in range(2, len(shown) + 1)]
        site.answers = {
            url[n]: page(*each, following=follow[n] if n < len(follow) else None) for n, each in enumerate(shown)
        }
        site.asked.clear()

    settings = {"links": TEASERS, "next_page": NEXT, "max_items": 3}
    show(*pages)
    first = await ask(**settings)
    assert (site.asked, paths(first)) == (url[:2], ["/c", "/b", "/a", "/9"])
    show(("/e", "/d"), *pages[:3])
    second = await ask(first.state, at=now + timedelta(hours=1), **settings)
    assert (site.asked, paths(second)) == (url[:2], ["/e", "/d", "/c", "/b"])
    show(("/e", "/d"), *pages[:3])
    third = await ask(second.state, at=now + timedelta(hours=2), **settings)
    assert site.asked == url[:1]
    history = await ask(third.state, at=now + timedelta(hours=3), since=now - timedelta(days=9), **settings)
    assert paths(history) == ["/e", "/d", "/c", "/b", "/a", "/9", "/8", "/7"]


async def test_an_unchanged_section_is_not_read(ask: Any, site: Any, now: datetime) -> None:
    """304 for its first page; what is known stays known."""
    site.answers[HUB], site.etags[HUB] = page("/a", following="?p=2"), '"1"'
    site.answers[f"{HUB}?p=2"] = page("/b")
    first = await ask(links=TEASERS, next_page=NEXT)
    again = await ask(first.state, at=now + timedelta(hours=1), links=TEASERS, next_page=NEXT)
    assert (again.outcome.reason, again.links) == (Reason.NOT_MODIFIED, ())
    assert site.asked[2:] == [HUB]
    later = await ask(again.state, at=now + timedelta(hours=25), links=TEASERS, next_page=NEXT)
    assert later.outcome.reason == Reason.POLLED
    assert site.asked[3:] == [HUB]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (PermanentFetchError(Reason.HTTP_404, HUB, "", 404), Reason.HTTP_404),
        (TransientFetchError(Reason.TIMEOUT, HUB), Reason.TIMEOUT),
        (b"<html><body><p>Redesigned</p></body></html>", Reason.NOT_A_FEED),
        (page(), Reason.NOT_A_FEED),
    ],
)
async def test_a_section_that_cannot_be_read_fails(ask: Any, site: Any, answer: Any, reason: Reason) -> None:
    """So that the next source is asked; a page without links at their place is a new design."""
    site.answers[HUB] = answer
    poll = await ask(links=TEASERS)
    assert (poll.outcome.reason, poll.state) == (reason, None)
    assert poll.outcome.detail


async def test_a_later_page_that_fails_is_said(ask: Any, site: Any) -> None:
    """What was read before it counts."""
    site.answers[HUB] = page("/a", following="?p=2")
    site.answers[f"{HUB}?p=2"] = TransientFetchError(Reason.HTTP_5XX, f"{HUB}?p=2", "503", 503)
    poll = await ask(links=TEASERS, next_page=NEXT)
    assert (poll.outcome.reason, paths(poll)) == (Reason.POLLED, ["/a"])
    assert "http_5xx" in poll.outcome.detail


def test_periods_of_an_archive() -> None:
    """Days, months or years, newest first, across their ends; the first page has no number in WordPress' form."""

    def listed(pattern: str, newest: date, oldest: date) -> list[str]:
        return [page_address(pattern, 1, each.first) for each in periods(pattern, newest=newest, oldest=oldest)]

    assert listed("/{year}/{month:02}/{day:02}/", date(2020, 3, 1), date(2020, 2, 28)) == [
        "/2020/03/01/",
        "/2020/02/29/",
        "/2020/02/28/",
    ]
    assert listed("/{year}-{month}?p={page}", date(2020, 1, 31), date(2019, 11, 30)) == [
        "/2020-1?p=1",
        "/2019-12?p=1",
        "/2019-11?p=1",
    ]
    assert listed("/{year}/page/{page}/", date(2020, 1, 1), date(2018, 12, 31)) == ["/2020/", "/2019/", "/2018/"]
    assert page_address(BY_DAY, 3, date(2020, 5, 6)) == f"{SITE}/date/2020/05/06/page/3/"


async def test_an_archive_is_read_back_to_since(ask: Any, site: Any, now: datetime) -> None:
    """All pages of all days; a day without a page is a quiet one; each link knows its day."""
    site.answers = {
        f"{SITE}/date/2026/03/03/": page("/e"),
        f"{SITE}/date/2026/03/01/": page("/d", "/c"),
        f"{SITE}/date/2026/03/01/page/2/": page("/b"),
        f"{SITE}/date/2026/02/28/": page("/a"),
    }
    poll = await ask(links=TEASERS, page_url=BY_DAY, since=now - timedelta(days=2))
    assert (poll.outcome.reason, paths(poll), poll.outcome.detail) == (Reason.POLLED, ["/e", "/d", "/c", "/b"], "")
    assert [link.hints.published for link in poll.links] == ["2026-03-03", *["2026-03-01"] * 3]
    assert site.asked[-1] == f"{SITE}/date/2026/03/01/page/3/"


async def test_an_archives_later_polls_go_back_to_the_last_day_that_was_read(
    ask: Any, site: Any, now: datetime
) -> None:
    """And one day more, since a day is not over when it is read; a quiet day is no failure."""
    site.answers = {f"{SITE}/date/2026/03/0{day}/": page(f"/{day}") for day in (1, 2, 3)}
    settings = {"links": TEASERS, "page_url": BY_DAY.replace("page/{page}/", "")}
    first = await ask(max_items=2, **settings)
    assert paths(first) == ["/3", "/2"]
    site.asked.clear()
    site.answers = {}
    second = await ask(first.state, at=now + timedelta(days=1), **settings)
    assert [url[-6:] for url in site.asked] == ["03/04/", "03/03/", "03/02/"]
    assert second.outcome.reason == Reason.NOT_MODIFIED
    third = await ask(second.state, at=now + timedelta(days=12), **settings)
    assert third.outcome.reason == Reason.HTTP_404


async def test_an_archive_that_is_not_there_fails(ask: Any, site: Any) -> None:
    """Asked for no more pages than allowed."""
    poll = await ask(page_url=BY_DAY, max_pages=7)
    assert (poll.outcome.reason, poll.outcome.http_status) == (Reason.HTTP_404, 404)
    assert len(site.asked) == 7


async def test_an_archive_too_long_for_one_poll_says_so(ask: Any, site: Any) -> None:
    """The day that was not reached is named, and the next poll begins where this one began."""
    site.answers = {f"{SITE}/date/2026/03/03/": page("/a"), f"{SITE}/date/2026/03/02/": page("/b")}
    settings = {"links": TEASERS, "page_url": BY_DAY.replace("page/{page}/", ""), "max_pages": 2}
    poll = await ask(since=datetime(2026, 2, 1, tzinfo=UTC), **settings)
    assert "2026-03-01 and what is before it was not read: max_pages is 2" in poll.outcome.detail
    assert paths(poll) == ["/a", "/b"]
    assert '"read_until": null' in (poll.state.cursor or "")


async def test_the_day_is_the_outlets(site: Any, make_outlet: Make) -> None:
    """At 22:30 UTC it is tomorrow in Damascus."""
    outlet = make_outlet({"kind": "section", "url": HUB, "page_url": BY_DAY, "max_pages": 1})
    outlet = outlet.model_copy(update={"timezone": "Asia/Damascus"})
    at = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    await poll_section(outlet.sources[0], outlet, site, state=None, since=None, now=at)
    assert site.asked == [f"{SITE}/date/2026/03/04/"]
