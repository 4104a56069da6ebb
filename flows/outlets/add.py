"""``wirewatch outlets add``: a site's address into a new outlet's file and a preview of what it would load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractors.discover.autodiscovery import (
    Discovery,
    Proposal,
    find_sources,
    outlet_of,
    propose,
    write_outlet_file,
)
from extractors.discover.autodiscovery.findings import newest_first
from extractors.discover.autodiscovery.proposals import outlet_id_for, with_preview
from extractors.errors import ConfigurationError, FetchError, Reason
from extractors.fetch.client import Fetcher
from extractors.normalize.urls import link_problem, normalize
from extractors.outlets import OUTLET_ID, Outlet, check_http_url
from extractors.readings import Reading, read_links
from extractors.records import Link, Stage
from flows.runs.run import now
from flows.settings import Workspace
from flows.shown.progress import Reporter

PREVIEWED_PAGES = 10
UNNAMED = "new_outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What came of a search. Without a ``proposal`` nothing was found; ``found`` says what was tried."""

    found: Discovery
    proposal: Proposal | None = None
    path: Path | None = None
    text: str = ""
    readings: tuple[Reading, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether at least one page gave an article."""
        return any(reading.article is not None for reading in self.readings)

    def conclusion(self, *, is_written: bool) -> str:
        """One sentence, and what to do next."""
        if self.proposal is None:
            by_hand = 'README.md says how to write a file by hand ("Adding an outlet").'
            return f"No source of {self.found.outlet.homepage} was found; nothing was written. {by_hand}"
        articles_count = sum(reading.article is not None for reading in self.readings)
        written = f"{self.path} was written." if is_written else "Nothing was written."
        load = f" Load them: wirewatch ingest {self.proposal.outlet_id} --limit {PREVIEWED_PAGES}" if is_written else ""
        if not self.is_good:
            load = " A [[layouts]] table with a body may be what it needs."
        return f"{articles_count} of {len(self.readings)} pages gave an article. {written}{load}"


async def find_outlet(workspace: Workspace, url: str, reporter: Reporter, *, outlet_id: str | None) -> Addition:
    """Find a site's sources and read their newest pages; nothing is written.

    Args:
        workspace: Whose settings are used, and whose outlets must not be found again.
        url: A page of the site, a feed or a sitemap.
        reporter: Is told each step.
        outlet_id: For the file's name; None makes one of the address.

    Raises:
        ConfigurationError: The URL or the id cannot be used, or the outlet is configured.
        FetchError: The site cannot be asked.
    """
    check_url(url)
    if outlet_id is not None:
        check_outlet_id(outlet_id, workspace)
    else:
        check_homepage(url, workspace)
    async with Fetcher(workspace.settings.fetch, archive=None) as fetcher:
        found = await search(url, fetcher, reporter)
        if not found.is_fruitful:
            return Addition(found=found)
        home = found.outlet.homepage
        if outlet_id is None:
            check_homepage(home, workspace)  # once more: what was given may be another page of a known site
        found.outlet = found.outlet.model_copy(
            update={"outlet_id": outlet_id or outlet_id_for(home, workspace.outlets)}
        )
        proposal = propose(found, asked_url=url)
        outlet = outlet_of(proposal, write_outlet_file(proposal, on=now().date()))
        links = preview_links(proposal, outlet)
        reporter.expect(Stage.FETCH, len(links))
        readings = []
        async for reading in read_links(links, outlet, fetcher):
            readings.append(reading)
            reporter.advance(Stage.FETCH)
    articles = [(reading.article, reading.raw_title) for reading in readings if reading.article is not None]
    proposal = with_preview(proposal, articles)
    return Addition(
        found=found,
        proposal=proposal,
        path=workspace.config / "outlets" / f"{proposal.outlet_id}.toml",
        text=write_outlet_file(proposal, on=now().date()),
        readings=tuple(readings),
    )


async def search(url: str, fetcher: Fetcher, reporter: Reporter) -> Discovery:
    """Search a site; where its address leads to another one, that one.

    Raises:
        FetchError: The site cannot be asked, or the other one leads on.
    """
    reporter.say(f"looking for sources of {url}")
    try:
        return await find_sources(url, fetcher, outlet_id=UNNAMED, now=now(), tell=reporter.say)
    except FetchError as error:
        if error.reason != Reason.FOREIGN_HOST:
            raise
        reporter.say(f"{url} leads to {error.url}")
        return await find_sources(error.url, fetcher, outlet_id=UNNAMED, now=now(), tell=reporter.say)


def preview_links(proposal: Proposal, outlet: Outlet) -> list[Link]:
    """The newest links of the proposed sources that the proposed outlet takes, those of the first source first."""
    links: dict[str, Link] = {}
    for finding in proposal.sources:
        for link in newest_first(finding.links, now()):
            if link_problem(link.requested_url, outlet) is None:
                links.setdefault(link.normalized_url, link)
    return list(links.values())[:PREVIEWED_PAGES]


def write_file(path: Path, text: str) -> None:
    """Write a new outlet's file.

    Raises:
        ConfigurationError: There is one of that name, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigurationError(
            str(path), "", "is there already and was left as it is", "choose another --id"
        ) from None
    except OSError as error:
        raise ConfigurationError(str(path), "", f"cannot be written: {error.strerror}") from None


def check_url(url: str) -> None:
    """Refuse what is no address of a site.

    Raises:
        ConfigurationError: With advice.
    """
    try:
        check_http_url(url)
        normalize(url)
    except ValueError as error:
        is_bare = "://" not in url and "." in url
        advice = (
            f"did you mean https://{url}?"
            if is_bare
            else "give the address of the home page, such as https://www.example.org/"
        )
        raise ConfigurationError("URL", url, str(error), advice) from None


def check_outlet_id(outlet_id: str, workspace: Workspace) -> None:
    """Refuse an id that cannot be used or that another outlet has.

    Raises:
        ConfigurationError: With advice.
    """
    if not OUTLET_ID.fullmatch(outlet_id):
        advice = "use lower-case letters, digits and underscores, such as new_arab_en"
        raise ConfigurationError("--id", outlet_id, "cannot be an outlet_id", advice)
    if outlet_id in workspace.outlets:
        raise ConfigurationError(
            "--id",
            outlet_id,
            f"is an outlet of {workspace.config} already; its file was left as it is",
            "choose another",
        )


def check_homepage(home: str, workspace: Workspace) -> None:
    """Refuse a site that is configured.

    Raises:
        ConfigurationError: With advice.
    """
    for outlet in workspace.outlets.values():
        if normalize(outlet.homepage) == normalize(home):
            advice = f"look at it with `wirewatch outlets check {outlet.outlet_id}`, or give --id to add it once more"
            raise ConfigurationError("URL", home, f"is the home page of the outlet {outlet.outlet_id!r}", advice)
