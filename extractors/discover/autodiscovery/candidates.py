"""What may be a source of a site, before it is asked: what the site names first, then the usual addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from extractors.discover.autodiscovery.home_pages import HomePage
from extractors.outlets import Source
from extractors.records import SourceKind

WELL_KNOWN_FEEDS = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "feeds/all.rss.xml")
WELL_KNOWN_SITEMAPS = ("news-sitemap.xml", "sitemap_index.xml", "sitemap.xml", "wp-sitemap.xml", "sitemap-news.xml")
GIVEN = "the address that was given"
MOST_FEEDS = 6
MOST_SITEMAPS = 4
PROBE_ITEMS = 50
PROBE_PAGES = 3
"""Requests that one sitemap index or section may cost while it is only being looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A kind and an address, and how we came to think of it, in words."""

    kind: SourceKind
    url: str
    found_by: str

    @property
    def source(self) -> Source:
        """The source that it would be, asked for little."""
        return Source(kind=self.kind, url=self.url, max_items=PROBE_ITEMS, max_pages=PROBE_PAGES)


def wordpress_candidates(page: HomePage, home: str) -> Iterator[Candidate]:
    """The REST API, where the page names it or looks as if WordPress made it."""
    if page.wordpress_url:
        yield Candidate(kind=SourceKind.WORDPRESS, url=page.wordpress_url, found_by="named by the page (api.w.org)")
    elif page.is_wordpress:
        yield Candidate(kind=SourceKind.WORDPRESS, url=home, found_by="the page looks like WordPress")


def feed_candidates(page: HomePage) -> list[Candidate]:
    """Feeds that the page names, the shortest addresses first: a site's own feed before those of its sections."""
    declared = sorted(page.feeds, key=lambda each: ("rel=alternate" not in each.told_by, each.value.count("/")))
    return [Candidate(kind=SourceKind.FEED, url=each.value, found_by=each.told_by) for each in declared[:MOST_FEEDS]]


def well_known_feeds(home: str) -> list[Candidate]:
    """Where feeds usually are, below the site's home."""
    return [
        Candidate(kind=SourceKind.FEED, url=urljoin(home, path), found_by="a usual address")
        for path in WELL_KNOWN_FEEDS
    ]


def sitemap_candidates(urls: Iterable[str], found_by: str) -> list[Candidate]:
    """Sitemaps that the site names, those for news first."""
    unique = sorted(dict.fromkeys(urls), key=lambda url: "news" not in url.lower())
    return [
        Candidate(
            kind=SourceKind.NEWS_SITEMAP if "news" in url.lower() else SourceKind.SITEMAP, url=url, found_by=found_by
        )
        for url in unique[:MOST_SITEMAPS]
    ]


def well_known_sitemaps(home: str) -> list[Candidate]:
    """Where sitemaps usually are, at the root of the host."""
    return sitemap_candidates([urljoin(home, f"/{path}") for path in WELL_KNOWN_SITEMAPS], "a usual address")
