"""The address of a site into proven sources: what its pages name is asked first, then what is usual, within bounds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from extractors.discover.autodiscovery.address_patterns import article_like
from extractors.discover.autodiscovery.candidates import (
    GIVEN,
    Candidate,
    feed_candidates,
    sitemap_candidates,
    well_known_feeds,
    well_known_sitemaps,
    wordpress_candidates,
)
from extractors.discover.autodiscovery.findings import Finding, finding_of, ranked
from extractors.discover.autodiscovery.home_pages import (
    HomePage,
    absolute,
    bare,
    folder_of,
    is_language_folder,
    read_home_page,
)
from extractors.discover.autodiscovery.remembering import RememberingFetcher
from extractors.discover.polling import poll
from extractors.discover.warcs import registered_domain
from extractors.errors import TRANSIENT_REASONS, FetchError, Reason
from extractors.fetch.protocol import Accept, Fetching
from extractors.fetch.robots_rules import parse_robots
from extractors.normalize.urls import host_of, normalize
from extractors.outlets import Outlet, Urls
from extractors.records import SourceKind

SIBLING_SHARE = 0.3
"""Part of a source's links on another host of the same registered domain from which on that host is the outlet's."""

Tell = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Discovery:
    """What a search found.

    ``outlet`` knows only the home page and the hosts; ``problem`` is why the page that was named could not be read,
    and ``findings`` hold every candidate that was asked, in order of trust.
    """

    outlet: Outlet
    page: HomePage
    problem: FetchError | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_fruitful(self) -> bool:
        """Whether a source was found."""
        return any(finding.is_usable for finding in self.findings)


async def find_sources(url: str, fetcher: Fetching, *, outlet_id: str, now: datetime, tell: Tell) -> Discovery:
    """Find and prove the sources of a site.

    Asked for, at most: two pages, robots.txt, the REST API, six feeds that the site names or the usual ones up to the
    first that works, four sitemaps likewise. A host in trouble is left alone.

    Args:
        url: A page of the site, or a feed or sitemap of it.
        fetcher: Who asks; robots.txt, pacing and the address guard are its affair.
        outlet_id: Whose captures they are.
        now: The time of the search, aware.
        tell: Is told each step in one line.

    Raises:
        FetchError: The address leads to another site, or its host cannot be asked at all.
    """
    search = Search(fetcher=RememberingFetcher(fetcher), now=now, tell=tell)
    found = await search.find_home(normalize(url), outlet_id)
    await search.prove_all(found)
    if siblings := sibling_hosts(found):
        # What is on them counts as another site's so far. Everything is in memory: nothing is asked for twice.
        found.outlet = with_hosts(found.outlet, siblings)
        found.findings = [await search.prove(each.candidate, found.outlet) for each in found.findings]
    found.findings = ranked(found.findings)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The means of one search."""

    fetcher: RememberingFetcher
    now: datetime
    tell: Tell

    async def find_home(self, url: str, outlet_id: str) -> Discovery:
        """Read the page that was named and, where it is not the home page, the home page.

        Raises:
            FetchError: Its host cannot be asked, or it leads to another site.
        """
        named = await self.read(url, site_outlet(url, outlet_id))
        if named.problem is not None and named.problem.reason in UNASKABLE:
            raise named.problem
        home = home_of(named.page)
        if home == named.page.url:
            return named
        found = await self.read(home, site_outlet(home, outlet_id))
        # A home page may lead to /index.php or from /en/ to /en: its own address is the one that stays.
        found.outlet = site_outlet(urljoin(found.page.url, urlsplit(home).path), outlet_id)
        self.tell(f"the home page of that site is {found.outlet.homepage}")
        feeds = tuple(dict.fromkeys((*found.page.feeds, *named.page.feeds)))
        found.page = replace(found.page if found.problem is None else named.page, feeds=feeds)
        if named.problem is not None and named.problem.reason == Reason.NOT_HTML:
            # somebody named a feed or a sitemap itself
            kinds = (SourceKind.FEED, SourceKind.SITEMAP)
            own = [Candidate(kind=kind, url=url, found_by=GIVEN) for kind in kinds]
            await self.prove_some(own, found, is_enough=lambda finding: finding.is_usable)
        return found

    async def read(self, url: str, outlet: Outlet) -> Discovery:
        """Read one page of the site; what cannot be read says nothing."""
        try:
            fetched = await self.fetcher.fetch(url, outlet=outlet, accept=Accept.PAGE)
        except FetchError as error:
            self.tell(f"{url}: {error.reason}")
            return Discovery(outlet=outlet, page=HomePage(url=url), problem=error)
        if fetched is None:  # nothing conditional was asked
            return Discovery(outlet=outlet, page=HomePage(url=url))
        page = await asyncio.to_thread(read_home_page, fetched)
        return Discovery(outlet=site_outlet(page.url, outlet.outlet_id), page=page)

    async def prove_all(self, found: Discovery) -> None:
        """Ask the candidates of each kind."""
        home = found.outlet.homepage
        await self.prove_some(wordpress_candidates(found.page, home), found)
        for url in found.page.comment_feeds:
            self.tell(f"{url}: readers' comments, left out")
        await self.prove_some(feed_candidates(found.page), found)
        if not has_kind(found, SourceKind.FEED):
            await self.prove_some(well_known_feeds(home), found, is_enough=lambda finding: finding.is_usable)
        named = [*await self.sitemaps_of_robots(found.outlet), *found.page.sitemaps]
        await self.prove_some(sitemap_candidates(named, "named by the site"), found)
        if not has_kind(found, SourceKind.WORDPRESS, SourceKind.NEWS_SITEMAP, SourceKind.SITEMAP):
            await self.prove_some(well_known_sitemaps(home), found, is_enough=lambda finding: finding.is_usable)
        if not found.is_fruitful and found.problem is None:
            section = Candidate(kind=SourceKind.SECTION, url=home, found_by="the home page itself, as a last resort")
            await self.prove_some([section], found)

    async def prove_some(
        self,
        candidates: Iterable[Candidate],
        found: Discovery,
        *,
        is_enough: Callable[[Finding], bool] = lambda _: False,
    ) -> None:
        """Ask candidates one after another, up to the first that is enough, or until the host is in trouble."""
        known = {(each.candidate.kind, each.candidate.url) for each in found.findings}
        for candidate in candidates:
            if (candidate.kind, candidate.url) in known or in_trouble(found):
                continue
            finding = await self.prove(candidate, found.outlet)
            if candidate.kind == SourceKind.NEWS_SITEMAP and finding.reason == Reason.NOT_A_FEED:
                finding = await self.prove(replace(candidate, kind=SourceKind.SITEMAP), found.outlet)
            self.tell(f"{finding.candidate.kind} {finding.candidate.url}: {finding.why()}")
            found.findings.append(finding)
            if is_enough(finding):
                return

    async def prove(self, candidate: Candidate, outlet: Outlet) -> Finding:
        """Poll one candidate as a source of the outlet."""
        source = candidate.source
        asked = outlet.model_copy(update={"sources": (source,)})
        finding = finding_of(
            candidate,
            await poll(source, asked, self.fetcher, state=None, since=None, now=self.now),
            now=self.now,
        )
        if candidate.kind == SourceKind.SECTION:
            return replace(finding, links=tuple(article_like(finding.links)), foreign_urls=())
        return finding

    async def sitemaps_of_robots(self, outlet: Outlet) -> list[str]:
        """The sitemaps that robots.txt names."""
        robots_url = urljoin(outlet.homepage, "/robots.txt")
        try:
            fetched = await self.fetcher.fetch(robots_url, outlet=outlet, accept=Accept.FEED)
        except FetchError:
            return []
        listed = parse_robots(fetched.body).sitemaps if fetched else ()
        return [found for each in listed if (found := absolute(robots_url, str(each))) is not None]


UNASKABLE = TRANSIENT_REASONS | {Reason.FOREIGN_HOST, Reason.PRIVATE_ADDRESS, Reason.BAD_URL}
"""Reasons for which nothing else of the site need be asked."""
OF_THE_HOST = TRANSIENT_REASONS | {Reason.CHALLENGE, Reason.BUDGET_SPENT}
"""Reasons that are the host's, whatever is asked of it."""


def in_trouble(found: Discovery) -> bool:
    """Whether the last two candidates met reasons that hold for the host."""
    last = [each.reason for each in found.findings[-2:]]
    return len(last) == 2 and all(reason in OF_THE_HOST for reason in last)


def has_kind(found: Discovery, *kinds: SourceKind) -> bool:
    """Whether a source of one of some kinds was found."""
    return any(each.is_usable and each.candidate.kind in kinds for each in found.findings)


def site_outlet(url: str, outlet_id: str) -> Outlet:
    """An outlet of which only the site is known: its host, with ``www.`` and without."""
    host = host_of(url)
    other = bare(host) if host.startswith("www.") else f"www.{host}"
    has_name = registered_domain(url) is not None
    return Outlet(
        outlet_id=outlet_id,
        name=host,
        homepage=url,
        urls=Urls(hosts=(host, other) if has_name else (host,)),
    )


def home_of(page: HomePage) -> str:
    """The home page of the site that a page belongs to: what it says itself, its language's folder, or the root."""
    if page.home_url:
        return page.home_url
    parts = urlsplit(normalize(page.url))
    folder = folder_of(page.url)[:1]
    path = f"/{folder[0]}/" if is_language_folder(folder) else "/"
    return parts._replace(path=path, query="", fragment="").geturl()


def sibling_hosts(found: Discovery) -> list[str]:
    """Hosts of the same registered domain on which the candidates list a good part of their articles."""
    domain = registered_domain(found.outlet.homepage)
    if domain is None:
        return []
    siblings: dict[str, None] = {}
    for finding in found.findings:
        hosts = Counter(host_of(url) for url in finding.foreign_urls if registered_domain(url) == domain)
        entries_count = len(finding.links) + len(finding.foreign_urls)
        siblings |= {host: None for host, count in hosts.items() if count >= SIBLING_SHARE * entries_count}
    return list(siblings)


def with_hosts(outlet: Outlet, hosts: Sequence[str]) -> Outlet:
    """An outlet with further hosts."""
    return outlet.model_copy(update={"urls": Urls(hosts=tuple(dict.fromkeys((*outlet.urls.hosts, *hosts))))})
