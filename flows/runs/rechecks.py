"""Rechecks that one request settles for many articles: posts of a WordPress that still stand as they were listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from extractors.discover.wordpress_pages import Reader
from extractors.discover.wordpress_presence import standing_posts
from extractors.errors import TRANSIENT_REASONS, DiscoverError, FetchError, NotAskedError, Reason
from extractors.outlets import Outlet, Source
from extractors.records import Capture, FetchResult, Outcome, SourceState, Stage
from flows.runs.run import Run, now
from warehouse.state import DueLink, source_states

STANDS = "the REST API lists it, not modified since"


async def ask_for_many(
    run: Run, outlet: Outlet, links: Sequence[DueLink]
) -> tuple[list[FetchResult], list[Capture], list[DueLink]]:
    """Settle the rechecks for which an outlet's WordPress can be asked at once.

    A post that is missing from the list, or was modified, is left to be fetched: the list alone takes nothing down.

    Returns:
        What was settled, the responses that it rests on, and the links that are to be fetched one by one.
    """
    sources = {source.source_id: source for source in outlet.sources}
    by_source: dict[str, list[DueLink]] = defaultdict(list)
    for due in links:
        if due.listed is not None and due.listed.source_id in sources:
            by_source[due.listed.source_id].append(due)
    if not by_source:
        return [], [], list(links)
    states = await run.write(source_states, outlet.outlet_id)
    reader = Reader(outlet=outlet, fetcher=run.fetcher)
    settled: list[FetchResult] = []
    for source_id, asked in by_source.items():
        settled += await ask_source(sources[source_id], reader, states.get(source_id), asked)
    done = {result.link.link_id for result in settled}
    return settled, reader.captures, [due for due in links if due.link.link_id not in done]


async def ask_source(
    source: Source, reader: Reader, state: SourceState | None, asked: Sequence[DueLink]
) -> list[FetchResult]:
    """Settle what one source can tell; a site in trouble is not asked for the pages either, and all come again."""
    modified = {due.listed.cms_id: due.listed.modified for due in asked if due.listed}
    try:
        standing = await standing_posts(source, reader, state=state, ids=modified)
    except (FetchError, DiscoverError) as error:
        reader.keep(error)
        if isinstance(error, NotAskedError) or error.reason not in TRANSIENT_REASONS:
            return []
        status = error.http_status if isinstance(error, FetchError) else None
        return [settled(source, due, error.reason, detail=str(error), http_status=status) for due in asked]
    unmodified = {number for number, moment in standing.items() if moment is not None and moment == modified[number]}
    proof = reader.captures[-1].capture_id
    return [
        settled(source, due, Reason.NOT_MODIFIED, detail=STANDS, http_status=200, capture_id=proof)
        for due in asked
        if due.listed and due.listed.cms_id in unmodified
    ]


def settled(
    source: Source,
    due: DueLink,
    reason: Reason,
    *,
    detail: str,
    http_status: int | None,
    capture_id: str | None = None,
) -> FetchResult:
    """A recheck that ended without its page."""
    outcome = Outcome(
        outlet_id=due.link.outlet_id,
        stage=Stage.FETCH,
        requested_url=due.link.requested_url,
        reason=reason,
        occurred_at=now(),
        detail=detail,
        http_status=http_status,
        source_id=source.source_id,
        link_id=due.link.link_id,
        capture_id=capture_id,
    )
    return FetchResult(link=due.link, capture=None, outcome=outcome)
