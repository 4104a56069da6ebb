"""``wirewatch outlets check``: every source of an outlet asked, its newest pages read, every layout tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from extractors.discover import poll
from extractors.discover.autodiscovery.findings import newest_first, newest_time
from extractors.errors import Reason
from extractors.fetch.client import Fetcher
from extractors.fetch.protocol import Fetching
from extractors.outlets import Outlet, Source
from extractors.readings import Reading, read_links
from extractors.records import Poll, SourceKind, Stage
from flows.runs.run import now
from flows.settings import Workspace
from flows.shown.progress import Reporter

PAGES_A_SOURCE = 3
REQUESTS_A_SOURCE = 5
"""Sitemaps of an index, or pages of a section, that a check asks for at most."""
FILLED_FIELDS = ("title", "published_at", "authors", "standfirst", "section", "language", "text")
ON_THIS_MACHINE = frozenset((SourceKind.URLS, SourceKind.FOLDER))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """One source: how its poll ended, what it listed, and whether the server knows conditional requests."""

    source: Source
    poll: Poll
    newest_at: datetime | None
    conditional: str
    readings: tuple[Reading, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether it listed a link of the outlet, or holds saved pages."""
        has_pages = self.source.kind == SourceKind.FOLDER and self.poll.listed_count > 0
        return self.poll.outcome.reason == Reason.POLLED and (bool(self.poll.links) or has_pages)

    @property
    def articles_count(self) -> int:
        """Pages that gave an article."""
        return sum(reading.article is not None for reading in self.readings)

    @property
    def rejected(self) -> Counter[Reason]:
        """Entries that are no links of the outlet, by reason."""
        return Counter(outcome.reason for outcome in self.poll.rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCheck:
    """What a check found."""

    outlet: Outlet
    sources: tuple[SourceCheck, ...]

    @property
    def readings(self) -> list[Reading]:
        """Every page that was read, once."""
        unique = {reading.link.normalized_url: reading for each in self.sources for reading in each.readings}
        return list(unique.values())

    @property
    def is_good(self) -> bool:
        """Whether a source works and a page gives an article; saved pages are read by runs only."""
        working = [each.source.kind for each in self.sources if each.is_working]
        has_article = any(reading.article is not None for reading in self.readings)
        return bool(working) and (has_article or set(working) == {SourceKind.FOLDER})

    def fill(self) -> dict[str, int]:
        """For each field, the articles that have it."""
        articles = [reading.article for reading in self.readings if reading.article is not None]
        return {name: sum(bool(getattr(article, name)) for article in articles) for name in FILLED_FIELDS}

    def layout_matches(self, index: int) -> tuple[int, int, Counter[str]]:
        """Of a layout: pages that it fits, pages that it was tried on, and how often which rule found nothing."""
        trials = [reading.trials[index] for reading in self.readings if reading.trials]
        matching = [trial for trial in trials if trial.is_match]
        return len(matching), len(trials), Counter(rule for trial in matching for rule in trial.silent_rules)

    def problems(self) -> list[str]:
        """What does not work, in words."""
        found = [] if self.sources else ["it has no source"]
        found += [] if self.outlet.fetch.verify_tls else ["TLS certificates are not verified"]
        for index, layout in enumerate(self.outlet.layouts):
            matches_count, tried_count, silent = self.layout_matches(index)
            if tried_count and not matches_count and layout.valid_until is None:  # an old design fits old pages only
                found.append(f"layout[{index}] fits none of {tried_count} pages: {layout.body}")
            found += [
                f"layout[{index}].{rule} finds nothing on any page that it fits"
                for rule, count in silent.items()
                if count == matches_count
            ]
        return found


async def check_outlet(workspace: Workspace, outlet_id: str, reporter: Reporter) -> OutletCheck:
    """Ask every source of an outlet, whether or not one before it works, and read the newest pages of each.

    Nothing is archived or remembered: neither the warehouse nor the archive is opened.

    Raises:
        ConfigurationError: There is no such outlet.
    """
    (outlet,) = workspace.select([outlet_id])
    checks: list[SourceCheck] = []
    known: dict[str, Reading] = {}
    async with Fetcher(workspace.settings.fetch, archive=None) as fetcher:
        reporter.expect(Stage.DISCOVER, len(outlet.sources))
        for source in outlet.sources:
            checks.append(await check_source(source, outlet, fetcher, known, reporter))
            reporter.say(f"{source.source_id}: {checks[-1].poll.outcome.reason}")
            reporter.advance(Stage.DISCOVER)
    return OutletCheck(outlet=outlet, sources=tuple(checks))


async def check_source(
    source: Source, outlet: Outlet, fetcher: Fetching, known: dict[str, Reading], reporter: Reporter
) -> SourceCheck:
    """Poll one source twice and read its newest pages; pages that another source lists too are read once."""
    bounded = source.model_copy(update={"max_pages": min(source.max_pages, REQUESTS_A_SOURCE)})
    first = await poll(bounded, outlet, fetcher, state=None, since=None, now=now())
    at = now()
    newest = newest_first(first.links, at)[:PAGES_A_SOURCE]
    asked = [link for link in newest if link.normalized_url not in known]
    reporter.expect(Stage.FETCH, len(asked))
    async for reading in read_links(asked, outlet, fetcher):
        known[reading.link.normalized_url] = reading
        reporter.advance(Stage.FETCH)
    times = [moment for link in first.links if (moment := newest_time(link.hints, at)) is not None]
    return SourceCheck(
        source=source,
        poll=first,
        newest_at=max(times, default=None),
        conditional=await check_conditions(bounded, outlet, fetcher, first),
        readings=tuple(known[link.normalized_url] for link in newest if link.normalized_url in known),
    )


async def check_conditions(source: Source, outlet: Outlet, fetcher: Fetching, first: Poll) -> str:
    """Ask once more as the next run would; says what becomes of conditional requests."""
    if first.outcome.reason != Reason.POLLED or source.kind in ON_THIS_MACHINE:
        return ""
    if source.kind == SourceKind.WORDPRESS:
        return "by date"  # modified_after asks for what is new, so nothing is asked conditionally
    if first.state is None or not first.state.validators:
        return "no validators"
    second = await poll(source, outlet, fetcher, state=first.state, since=None, now=now())
    if second.outcome.reason == Reason.NOT_MODIFIED:
        return "304"
    return "no 304" if second.outcome.reason in (Reason.POLLED, Reason.UNCHANGED) else str(second.outcome.reason)
