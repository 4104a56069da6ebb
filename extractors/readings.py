"""Links -> fetched and extracted in memory, as a run would load them; nothing is archived or remembered.

For looking at an outlet before it is watched, and at how its layouts fit the pages of today.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from extractors.errors import TRANSIENT_REASONS, FetchError, Reason
from extractors.extract import PageTask, extract_body
from extractors.fetch.protocol import Accept, Fetching
from extractors.normalize.urls import led_home, normalize_url
from extractors.outlets import Layout, Outlet
from extractors.parse.documents import parse_document
from extractors.parse.layouts import Fit, elements_at, outermost
from extractors.parse.metadata import read_metadata
from extractors.records import Article, Fetched, Link

MOST_FAILURES = 2
"""Pages in a row for whose failure their host is at fault, after which the others are not asked for."""
RULES = ("title", "standfirst", "byline", "published", "section", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutTrial:
    """One layout on one page: whether it finds a text there, and which of its other rules find nothing."""

    is_match: bool
    silent_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page as it would be loaded: the article, or why there is none.

    ``raw_title`` is the page's own ``title`` element; ``trials`` has one entry for each of the outlet's layouts, none
    where there was no page to try them on.
    """

    link: Link
    article: Article | None = None
    reason: Reason | None = None
    detail: str = ""
    raw_title: str = ""
    trials: tuple[LayoutTrial, ...] = field(default=())

    @property
    def read_by(self) -> str:
        """What gave the text: ``layout[0]``, or the general rules."""
        if self.article is None:
            return ""
        source = next((each.source for each in self.article.provenance if each.field == "text"), "")
        return source.partition(".")[0] if source.startswith("layout[") else "general rules"


async def read_links(links: Iterable[Link], outlet: Outlet, fetcher: Fetching) -> AsyncIterator[Reading]:
    """Read pages one after another; after failures in a row for which the host is at fault, no more of them.

    Raises:
        ArchiveError: The fetcher archives, and could not.
    """
    failures_count = 0
    for link in links:
        reading = await read_link(link, outlet, fetcher)
        yield reading
        failures_count = failures_count + 1 if reading.reason in TRANSIENT_REASONS else 0
        if failures_count >= MOST_FAILURES:
            return


async def read_link(link: Link, outlet: Outlet, fetcher: Fetching) -> Reading:
    """Fetch and extract one page; what goes wrong is its reason."""
    try:
        fetched = await fetcher.fetch(link.requested_url, outlet=outlet, accept=Accept.PAGE)
    except FetchError as error:
        return Reading(link=link, reason=error.reason, detail=error.detail)
    if fetched is None:
        return Reading(link=link, reason=Reason.NOT_MODIFIED, detail="304 to an unconditional request")
    final_url = fetched.capture.final_url
    if led_home(link.requested_url, final_url, outlet):
        return Reading(link=link, reason=Reason.REDIRECTED_HOME, detail=f"redirected to {final_url}")
    landed = normalize_url(final_url, outlet)
    if landed != link.normalized_url and not outlet.accepts_url(landed):
        return Reading(link=link, reason=Reason.EXCLUDED_URL, detail=f"redirected to {final_url}")
    # in a thread: a page takes a tenth of a second, and a display may want to be drawn meanwhile
    return await asyncio.to_thread(read_page, fetched, link, outlet)


def read_page(fetched: Fetched, link: Link, outlet: Outlet) -> Reading:
    """Extract one fetched page, and try every layout of its outlet on it."""
    capture = fetched.capture
    task = PageTask(capture=capture, link_id=link.link_id, hints=link.hints, outlet=outlet)
    extraction = extract_body(fetched.body, task)
    tree = parse_document(fetched.body, capture.header("content-type"))
    return Reading(
        link=link,
        article=extraction.article,
        reason=extraction.reason,
        detail=extraction.detail,
        raw_title=read_metadata(tree, capture.final_url).html_title if tree is not None else "",
        trials=tuple(try_layout(layout, index, tree) for index, layout in enumerate(outlet.layouts))
        if tree is not None
        else (),
    )


def try_layout(layout: Layout, index: int, tree: HtmlElement) -> LayoutTrial:
    """Try one layout on a page, whatever the day until which it was valid."""
    skip = frozenset(element for rule in layout.drop for element in elements_at(tree, rule))
    fit = Fit(index=index, layout=layout, body=outermost(elements_at(tree, layout.body)), skip=skip)
    silent = [rule for rule in RULES if getattr(layout, rule) is not None and not fit.texts(tree, rule)]
    return LayoutTrial(is_match=bool(fit.lines()), silent_rules=tuple(silent))
