"""A host whose budget is spent, or that wants to be left alone, is not asked: not for a page, a feed or robots.txt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hostile_site import HTML, NOW, PAGE, Site, Sleeps, answer, fetching, make_outlet

from extractors.errors import FetchError, NotAskedError, Reason
from extractors.fetch import Accept
from extractors.fetch.client import Fetcher
from extractors.outlets import OutletFetch
from extractors.records import HostMemory, HostStanding

CHALLENGE = answer("403 Forbidden", HTML, "cf-mitigated: challenge")
GOOD = answer("200 OK", HTML, body=PAGE)
RSS = answer("200 OK", "Content-Type: application/rss+xml", body=b"<rss/>")


async def ends_of(fetcher: Fetcher, site: Site, *paths: str, fetch: OutletFetch | None = None) -> list[str]:
    """How a fetch of each path ends, one after the other."""
    outlet = make_outlet(site, fetch=fetch)
    ends = []
    for path in paths:
        try:
            await fetcher.fetch(site.url(path), outlet=outlet, accept=Accept.PAGE)
        except NotAskedError as error:
            ends.append(f"not asked: {error.reason}")
        except FetchError as error:
            ends.append(str(error.reason))
        else:
            ends.append("fetched")
    return ends


async def test_every_request_counts(site: Site) -> None:
    """robots.txt, each hop of a redirect, each repeat of what failed; then nothing more is asked."""
    site.on("/1", answer("302 Found", "Location: /2"))
    site.on("/2", answer("500 Oops"), GOOD)
    site.on("/3", GOOD)
    async with fetching(site, requests_per_day=5) as fetcher:
        assert await ends_of(fetcher, site, "/1", "/3") == ["fetched", "not asked: budget_spent"]
        (visits,) = fetcher.hosts.tell()
    assert site.asked == ["/robots.txt", "/1", "/2", "/1", "/2"]
    assert (visits.host, visits.request_count) == (site.host, 5)


async def test_outlets_on_one_host_share_its_budget(site: Site) -> None:
    """Each holds the host's requests, whoever made them, against the number in its own file."""
    for number in range(1, 6):
        site.on(f"/{number}", GOOD)
    frugal = OutletFetch(requests_per_day=2)
    async with fetching(site, requests_per_day=4) as fetcher:
        assert await ends_of(fetcher, site, "/1") == ["fetched"]
        assert await ends_of(fetcher, site, "/2", fetch=frugal) == ["not asked: budget_spent"]
        assert await ends_of(fetcher, site, "/3", "/4", "/5") == ["fetched", "fetched", "not asked: budget_spent"]


async def test_a_budget_that_earlier_runs_have_spent_is_spent(site: Site) -> None:
    """Not even robots.txt is asked for, and that says nothing about its rules."""
    known = HostMemory(host=site.host, asked_date=NOW.date(), request_count=9)
    async with fetching(site, hosts=[known], requests_per_day=9) as fetcher:
        with pytest.raises(NotAskedError, match="requests_per_day") as caught:
            await fetcher.fetch(site.url(), outlet=make_outlet(site), accept=Accept.PAGE)
    assert (caught.value.reason, caught.value.retry_after_seconds) == (Reason.BUDGET_SPENT, 12 * 3600)
    assert site.asked == []


async def test_the_second_challenge_in_a_row_is_the_last_one_that_is_met(site: Site) -> None:
    """Nothing more is asked of that host, feeds included; a good answer between two breaks the row."""
    site.on("/bad", CHALLENGE)
    site.on("/good", GOOD)
    site.on("/feed", RSS)
    async with fetching(site) as fetcher:
        ends = await ends_of(fetcher, site, "/bad", "/good", "/bad", "/bad", "/good", "/bad")
        assert ends == ["challenge", "fetched", "challenge", "challenge"] + ["not asked: challenge"] * 2
        with pytest.raises(NotAskedError, match="answered with challenges"):
            await fetcher.fetch(site.url("/feed"), outlet=make_outlet(site), accept=Accept.FEED)
        (visits,) = fetcher.hosts.tell()
    assert site.pages == ["/bad", "/good", "/bad", "/bad"]
    assert visits.standing == HostStanding(
        challenge_count=1, resting_until=NOW + timedelta(hours=6), resting_reason=Reason.CHALLENGE
    )


async def test_a_robots_txt_that_is_fine_breaks_no_row(site: Site) -> None:
    """Many hosts let everybody have that file; the rest after the next run's challenges is the longer one."""
    standing = HostStanding(challenge_count=1, resting_until=NOW, resting_reason=Reason.CHALLENGE)
    known = HostMemory(host=site.host, asked_date=NOW.date(), request_count=9, standing=standing)
    site.on("/robots.txt", answer("200 OK", body=b"User-agent: *\nDisallow:"))
    site.on("/bad", CHALLENGE)
    async with fetching(site, hosts=[known]) as fetcher:
        assert await ends_of(fetcher, site, "/bad", "/bad") == ["challenge", "challenge"]
        (visits,) = fetcher.hosts.tell()
    assert visits.standing is not None
    assert visits.standing.resting_until == NOW + timedelta(hours=12)


async def test_a_robots_txt_behind_a_challenge_counts_as_one(site: Site) -> None:
    """Its attempts are the host's challenges."""
    site.on("/robots.txt", answer("503 Busy", "cf-mitigated: challenge"))
    async with fetching(site) as fetcher:
        assert await ends_of(fetcher, site, "/1") == ["not asked: challenge"]
    assert site.asked == ["/robots.txt", "/robots.txt"]


async def test_a_long_retry_after_is_told_and_heeded_by_the_next_run(site: Site) -> None:
    """The link is not tried and failed but waits: nothing was asked for it."""
    site.on("/1", answer("503 Busy", "Retry-After: 7200"))
    async with fetching(site) as fetcher:
        assert await ends_of(fetcher, site, "/1", "/2") == ["http_5xx", "not asked: http_5xx"]
        (visits,) = fetcher.hosts.tell()
    assert visits.standing is not None
    known = HostMemory(
        host=visits.host,
        asked_date=visits.asked_date,
        request_count=visits.request_count,
        standing=visits.standing,
    )
    asked_before = len(site.asked)
    async with fetching(site, hosts=[known]) as fetcher:
        assert await ends_of(fetcher, site, "/1") == ["not asked: http_5xx"]
    assert len(site.asked) == asked_before


async def test_a_503_slows_the_host_and_no_other(site: Site) -> None:
    """For whichever outlet asks next; the spacing was two seconds and is four."""
    site.on("/1", answer("503 Busy"))
    site.on("/2", GOOD)
    sleeps = Sleeps()
    async with fetching(site, sleeps=sleeps, attempts=1, seconds_between_requests=2) as fetcher:
        assert await ends_of(fetcher, site, "/1", "/2") == ["http_5xx", "fetched"]
    assert sleeps.slept == [2, 4]


async def test_whether_a_page_may_be_asked_for_can_be_asked(site: Site) -> None:
    """A dry run is told of the rest or the budget too, and sends nothing for it."""
    site.on("/1", CHALLENGE)
    async with fetching(site) as fetcher:
        await fetcher.check_access(site.url("/1"), outlet=make_outlet(site))
        await ends_of(fetcher, site, "/1", "/1")
        with pytest.raises(NotAskedError):
            await fetcher.check_access(site.url("/1"), outlet=make_outlet(site))
    assert site.pages == ["/1", "/1"]


async def test_two_outlets_on_one_host_keep_one_spacing(site: Site) -> None:
    """Each page waits for whoever asked before it, as long as that one's outlet says."""
    for number in range(1, 5):
        site.on(f"/{number}", GOOD)
    sleeps = Sleeps()
    slow = OutletFetch(seconds_between_requests=9)
    async with fetching(site, sleeps=sleeps, seconds_between_requests=2) as fetcher:
        await ends_of(fetcher, site, "/1")
        await ends_of(fetcher, site, "/2", fetch=slow)
        await ends_of(fetcher, site, "/3")
        await ends_of(fetcher, site, "/4")
    assert sleeps.slept == [2, 2, 9, 2]
