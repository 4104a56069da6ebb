"""A search on a site in memory: what is asked for, in which order, and what comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from extractors.discover.autodiscovery import Discovery, find_sources, propose
from extractors.errors import FetchError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch import Accept
from extractors.outlets import Outlet
from extractors.records import Capture, Fetched, SourceKind, Validators

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HOME = "https://www.example.org/"


class Site:
    """Answers by URL: text, ``-> URL`` for a redirect, or an error; anything else is a 404. Pages begin with html."""

    def __init__(self, answers: dict[str, str | FetchError]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def fetch(
        self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
    ) -> Fetched | None:
        """Answer like ``extractors.fetch.client.Fetcher``."""
        assert validators is None
        self.asked.append(url)
        answer = self.answers.get(url) or self.answers.get("*")
        if answer is None:
            raise PermanentFetchError(Reason.HTTP_404, url, "404 Not Found", 404)
        if isinstance(answer, FetchError):
            raise answer
        if accept == Accept.PAGE and not answer.startswith(("<html", "-> ")):
            raise PermanentFetchError(Reason.NOT_HTML, url, "is application/rss+xml")
        final_url = answer.removeprefix("-> ") if answer.startswith("-> ") else url
        capture = Capture(
            capture_id="c",
            outlet_id=outlet.outlet_id,
            requested_url=url,
            final_url=final_url,
            http_status=200,
            headers=(),
            fetched_at=NOW,
            body_sha256="",
            body_bytes=0,
            warc_file="",
            warc_offset=-1,
        )
        return Fetched(capture=capture, body=str(self.answers.get(final_url, answer)).encode())


def search(site: Site, url: str = HOME) -> Discovery:
    """Search a site."""
    return asyncio.run(find_sources(url, site, outlet_id="example", now=NOW, tell=lambda _: None))


def feed(urls: Sequence[str], newest: datetime = NOW) -> str:
    """A feed whose items are an hour apart."""
    dates = (format_datetime(newest - timedelta(hours=n)) for n in range(len(urls)))
    items = "".join(
        f"<item><title>Item</title><link>{url}</link><pubDate>{date}</pubDate></item>"
        for url, date in zip(urls, dates, strict=True)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


def home(*feeds: str, body: str = "") -> str:
    """A home page that names feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{each}">' for each in feeds)
    return f"<html><head>{links}</head><body>{body or 'Home'}</body></html>"


def urls(count: int, host: str = "www.example.org", folder: str = "news") -> list[str]:
    """Addresses of articles."""
    return [f"https://{host}/{folder}/story-{n}" for n in range(count)]


def sources(found: Discovery) -> list[tuple[str, str]]:
    """What a proposal would list."""
    return [(str(f.candidate.kind), f.candidate.url) for f in propose(found, asked_url=HOME).sources]


def test_the_sites_own_feed_comes_before_those_of_its_sections() -> None:
    """More of the outlet's articles prove more; the feed of comments is not asked for at all."""
    site = Site(
        {
            HOME: home("/sport/feed/", "/feed/", "/comments/feed/"),
            HOME + "feed/": feed(urls(10)),
            HOME + "sport/feed/": feed(urls(4, folder="sport")),
        }
    )
    assert sources(search(site)) == [("feed", HOME + "feed/")]
    assert HOME + "comments/feed/" not in site.asked


def test_a_feed_of_comments_under_another_name_is_known_by_its_links() -> None:
    """Its items lead to places inside pages."""
    comments = feed([f"{url}#comment-{n}" for n, url in enumerate(urls(10))])
    found = search(
        Site({HOME: home("/feed/", "/reactions.xml"), HOME + "feed/": feed(urls(3)), HOME + "reactions.xml": comments})
    )
    assert sources(found) == [("feed", HOME + "feed/")]
    assert "lists readers' comments" in [finding.why() for finding in found.findings]


def test_a_feed_that_was_given_up_comes_after_one_that_is_kept() -> None:
    """However many items it has, and whatever its kind."""
    old = feed(urls(50, folder="old"), newest=NOW - timedelta(days=400))
    sitemap = "".join(f"<url><loc>{url}</loc><lastmod>2026-03-03</lastmod></url>" for url in urls(8))
    found = search(
        Site(
            {
                HOME: home("/old.xml"),
                HOME + "old.xml": old,
                HOME + "sitemap.xml": f"<urlset>{sitemap}</urlset>",
            }
        )
    )
    assert sources(found) == [("sitemap", HOME + "sitemap.xml")]


def test_articles_on_another_host_of_the_same_domain_are_the_outlets() -> None:
    """A home page on www and articles on english.: the host is added, and nothing is asked for twice."""
    site = Site({HOME: home("/feed/"), HOME + "feed/": feed(urls(6, host="english.example.org"))})
    found = search(site)
    proposal = propose(found, asked_url=HOME)
    assert proposal.hosts == ("www.example.org", "english.example.org")
    assert len(set(site.asked)) == len(site.asked)


def test_articles_on_another_domain_are_not() -> None:
    """A feed of somebody else's articles is no source."""
    found = search(Site({HOME: home("/feed/"), HOME + "feed/": feed(urls(6, host="www.example.net"))}))
    assert not found.is_fruitful
    assert "lists another site: 6 of 6 links" in [finding.why() for finding in found.findings]


def test_hosts_are_those_that_the_links_show() -> None:
    """The bare name is listed only where links use it."""
    with_bare = feed([*urls(3), *urls(3, host="example.org", folder="more")])
    assert propose(search(Site({HOME: home("/feed/"), HOME + "feed/": with_bare})), asked_url=HOME).hosts == (
        "www.example.org",
        "example.org",
    )
    assert propose(search(Site({HOME: home("/feed/"), HOME + "feed/": feed(urls(3))})), asked_url=HOME).hosts == (
        "www.example.org",
    )


def test_usual_addresses_are_tried_up_to_the_first_that_works() -> None:
    """And only when the page names nothing."""
    site = Site({HOME: home(), HOME + "rss.xml": feed(urls(5))})
    assert sources(search(site)) == [("feed", HOME + "rss.xml")]
    feeds_asked = [url for url in site.asked if "sitemap" not in url and "robots" not in url]
    assert feeds_asked == [HOME, HOME + "feed/", HOME + "rss", HOME + "rss.xml"]


def test_addresses_that_are_none_are_passed_over() -> None:
    """In robots.txt and on the page; credentials are dropped, since no source may hold any."""
    robots = (
        "Sitemap: http://[x\nSitemap: https://joe:pw@www.example.org/map.xml\nSitemap: ftp://x/\nSitemap: /rel.xml\n"
    )
    site = Site(
        {HOME: home("http://[x", "javascript:x", "https://joe:pw@www.example.org/feed/"), HOME + "robots.txt": robots}
    )
    found = search(site)
    tried = {finding.candidate.url for finding in found.findings}
    assert {HOME + "map.xml", HOME + "rel.xml", HOME + "feed/"} <= tried
    assert all(url.startswith(HOME) for url in tried)


def test_an_empty_site_costs_a_bounded_number_of_requests() -> None:
    """Each thing that was tried is a finding with its reason; a page of a thousand feeds costs no more than six."""
    site = Site({HOME: home(*(f"/feed/{n}" for n in range(1_000)))})
    found = search(site)
    assert len(site.asked) <= 30
    assert {finding.reason for finding in found.findings if finding.candidate.kind != SourceKind.SECTION} == {
        Reason.HTTP_404
    }


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.HTTP_5XX])
def test_a_host_in_trouble_is_left_alone(reason: Reason) -> None:
    """Two failures that are the host's end the search."""
    site = Site({HOME: home("/a.xml", "/b.xml", "/c.xml"), "*": TransientFetchError(reason, HOME)})
    found = search(site)
    assert [finding.reason for finding in found.findings] == [reason] * 2


def test_a_host_that_cannot_be_asked_ends_the_search_at_once() -> None:
    """The error says why."""
    site = Site({"*": TransientFetchError(Reason.CONNECT_ERROR, HOME, "no route")})
    with pytest.raises(TransientFetchError, match="no route"):
        search(site)
    assert site.asked == [HOME]


def test_the_feed_that_somebody_gives_comes_before_others() -> None:
    """Its address is a wish; the home page is read for the name all the same."""
    site = Site({HOME: home("/feed/"), HOME + "feed/": feed(urls(9)), HOME + "east/rss": feed(urls(3, folder="east"))})
    assert sources(search(site, HOME + "east/rss")) == [("feed", HOME + "east/rss")]
    assert HOME in site.asked


def test_a_home_page_that_leads_on_keeps_its_own_address() -> None:
    """The root that leads to /index.php stays the home; /en stays the home of a site below it."""
    for asked, leads_to, expected in (
        (HOME, HOME + "index.php", HOME),
        (HOME, HOME + "en", HOME + "en/"),
        (HOME, "https://example.org/", "https://example.org/"),
        ("https://www.example.org", "", HOME),
    ):
        site = Site({HOME: home("/feed/"), leads_to: home("/feed/"), HOME + "en/": home("/feed/")})
        site.answers |= {HOME: f"-> {leads_to}"} if leads_to else {}
        found = search(site, asked)
        assert found.outlet.homepage == expected


def test_wordpress_is_asked_where_the_page_looks_like_it() -> None:
    """A theme's files tell it where the page does not name its REST API."""
    posts = "[" + ",".join(f'{{"id": {n}, "link": "{url}"}}' for n, url in enumerate(urls(5))) + "]"

    class WordPress(Site):
        async def fetch(
            self, url: str, *, outlet: Outlet, accept: Accept, validators: Validators | None = None
        ) -> Fetched | None:
            self.answers[url] = posts if "/wp-json/wp/v2/posts?" in url else self.answers.get(url, "")
            return await super().fetch(url, outlet=outlet, accept=accept, validators=validators)

    page = home(body='<img src="/wp-content/uploads/a.png">')
    assert sources(search(WordPress({HOME: page})))[0] == ("wordpress", HOME)
