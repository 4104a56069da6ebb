"""Articles that go on behind their first page: their pages are fetched one after the other, before they are loaded.

Nothing is loaded while a page may still come: until then the article's link stays fetched, as it does for a run that
was killed, and each page that is here already is not asked for again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from extractors.errors import FetchError, NotAskedError, Reason
from extractors.fetch import Accept
from extractors.normalize.urls import normalize_url
from extractors.outlets import Outlet, compiled
from extractors.records import Article, Capture, Extraction, Hints, Outcome, Stage
from flows.journal.events import FurtherPagesFetched
from flows.runs.run import Run, now
from warehouse.further_pages import PageFetch

Pages = Sequence[tuple[Capture, str, Hints]]
PAGES_PER_TRANSACTION = 25
"""A kill costs at most this many fetched pages, as it does of links."""

Extract = Callable[[Run, Outlet, Pages], Awaitable[list[Extraction]]]


async def follow_pages(
    run: Run, outlet: Outlet, pages: Pages, extractions: Sequence[Extraction], extract: Extract
) -> tuple[list[Extraction], Counter[Reason]]:
    """Fetch the pages on which articles go on, and read each article with all of its pages.

    Args:
        run: The run.
        outlet: Outlet of the pages.
        pages: What was extracted.
        extractions: What came out.
        extract: The extract stage; it reads an article with the further pages that the warehouse knows.

    Returns:
        What may be loaded, and of the articles that wait for a page, why that did not come.
    """
    most = run.workspace.settings.fetch.max_article_pages
    by_capture = {page[0].capture_id: page for page in pages}
    ready: list[Extraction] = []
    waiting: Counter[Reason] = Counter()
    read = list(extractions)
    while read:
        going_on = [each for each in read if goes_on(each, most)]
        ready += [each for each in read if not goes_on(each, most)]
        if not going_on:
            break
        settled: set[str] = set()
        for start in range(0, len(going_on), PAGES_PER_TRANSACTION):
            fetches = await fetch_pages(run, outlet, going_on[start : start + PAGES_PER_TRANSACTION])
            await asyncio.to_thread(run.archive.sync)
            asked = FurtherPagesFetched(run_id=run.run_id, at=now(), outlet_id=outlet.outlet_id, fetches=tuple(fetches))
            settled |= await run.record(asked, asked.tell)
            waiting.update(each.outcome.reason for each in fetches if each.first.capture_id not in settled)
        read = await extract(run, outlet, [by_capture[capture_id] for capture_id in sorted(settled)]) if settled else []
    return ready, waiting


def goes_on(extraction: Extraction, most: int) -> bool:
    """Whether an article has a page more that is to be fetched."""
    article = extraction.article
    return article is not None and article.next_url is not None and article.page_count < most


async def fetch_pages(run: Run, outlet: Outlet, extractions: Sequence[Extraction]) -> list[PageFetch]:
    """Fetch the next page of each of some articles."""
    tasks = [asyncio.create_task(fetch_page(run, outlet, each)) for each in extractions]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        # Seen to their end before the client and the archive that they use are closed.
        await asyncio.gather(*tasks, return_exceptions=True)


async def fetch_page(run: Run, outlet: Outlet, extraction: Extraction) -> PageFetch:
    """Fetch the next page of one article; every failure becomes its outcome."""
    article = extraction.article
    assert article is not None
    url = article.next_url or ""
    capture: Capture | None = None
    status: int | None = None
    detail = ""
    postponed_until: datetime | None = None
    if any(compiled(pattern).search(url) for pattern in outlet.urls.exclude):
        reason = Reason.EXCLUDED_URL
    else:
        try:
            fetched = await run.fetcher.fetch(url, outlet=outlet, accept=Accept.PAGE)
        except FetchError as error:
            capture, reason, detail, status = error.capture, error.reason, error.detail, error.http_status
            if isinstance(error, NotAskedError):
                postponed_until = now() + timedelta(seconds=error.retry_after_seconds or 0)
        else:
            assert fetched is not None  # nothing was asked conditionally
            capture, status = fetched.capture, fetched.capture.http_status
            reason, detail = judged(extraction.capture, article, capture, outlet)
    outcome = Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.FETCH,
        requested_url=url,
        reason=reason,
        occurred_at=now(),
        detail=detail or f"page {article.page_count + 1} of {extraction.capture.final_url}",
        http_status=status,
        link_id=extraction.link_id,
        capture_id=capture.capture_id if capture else None,
    )
    return PageFetch(
        first=extraction.capture,
        number=article.page_count + 1,
        outcome=outcome,
        capture=capture,
        postponed_until=postponed_until,
    )


def judged(first: Capture, article: Article, capture: Capture, outlet: Outlet) -> tuple[Reason, str]:
    """Whether a response is the page that was asked for; one that repeats the first page is read, and ends the article.

    An address without a page behind it often leads to the first page.
    """
    landed = normalize_url(capture.final_url, outlet)
    if landed in (normalize_url(article.next_url or "", outlet), normalize_url(first.final_url, outlet)):
        return Reason.FURTHER_PAGE, ""
    return Reason.EXCLUDED_URL, f"redirected to {capture.final_url}"
