"""Captures out of the archive -> extractions: the glue that the process pool runs.

What reads pages is imported with the first one: a run without news starts no worker and needs none of it, and it takes
longer to import than such a run does to ask a dozen sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.archive import read_response
from extractors.errors import ArchiveError, Reason
from extractors.normalize.urls import led_home
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, FurtherPage, Hints

if TYPE_CHECKING:
    from extractors.parse.joining import Part

MAX_BODY_BYTES = 20_000_000
"""Bodies beyond this are not parsed; the fetch stage's own limit is lower."""

PAGES_BETWEEN_RESETS = 500
"""trafilatura, htmldate and courlan cache without bound; their caches are emptied this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """One capture to extract, with all that is known about it; ``further`` are the pages behind its article's first."""

    capture: Capture
    link_id: str
    hints: Hints
    outlet: Outlet
    further: tuple[FurtherPage, ...] = ()


@lru_cache(maxsize=1)
def extractor_name() -> str:
    """Names and versions of what extracts, as ``articles.extractor`` keeps them."""
    return f"wirewatch/{version('wirewatch')} trafilatura/{version('trafilatura')}"


def extract_pages(archive_folder: Path, tasks: Sequence[PageTask]) -> list[Extraction]:
    """Extract a chunk of captures, as one call of a worker process.

    Args:
        archive_folder: ``home/archive``.
        tasks: Captures with what is known about them.

    Returns:
        One extraction for each task, in order.
    """
    return [extract_page(archive_folder, task) for task in tasks]


def extract_page(archive_folder: Path, task: PageTask) -> Extraction:
    """Extract one capture.

    Args:
        archive_folder: ``home/archive``.
        task: The capture with what is known about it.

    Returns:
        An article, or the reason why there is none: a verdict, ``archive_error`` when the response cannot be read
        back, ``extract_error`` when reading the page failed. Never raises for what is in a page.
    """
    found = extract_first_page(archive_folder, task)
    if found.article is None or not task.further:
        return found
    from extractors.parse.joining import joined

    parts = [read_part(archive_folder, task, page) for page in task.further]
    return replace(found, article=joined(found.article, parts))


def extract_first_page(archive_folder: Path, task: PageTask) -> Extraction:
    """Extract the capture itself; see ``extract_page``."""
    if (reason := status_reason(task.capture.http_status)) is not None:
        return without_article(task, reason, f"archived with status {task.capture.http_status}")
    if led_home(task.capture.requested_url, task.capture.final_url, task.outlet):
        return without_article(task, Reason.REDIRECTED_HOME, f"redirected to {task.capture.final_url}")
    try:
        archived = read_response(
            archive_folder, task.capture.warc_file, task.capture.warc_offset, max_body_bytes=MAX_BODY_BYTES
        )
    except ArchiveError as error:
        return without_article(task, Reason.ARCHIVE_ERROR, str(error))
    return extract_body(archived.body, task)


def read_part(archive_folder: Path, task: PageTask, page: FurtherPage) -> Part:
    """Read one further page of a task's article; what its source said of the article is not said of this page."""
    from extractors.parse.joining import Part

    article, reason = None, page.reason
    if page.capture is not None and page.reason is Reason.FURTHER_PAGE:
        own = PageTask(capture=page.capture, link_id=task.link_id, hints=Hints(), outlet=task.outlet)
        try:
            body = read_response(
                archive_folder, page.capture.warc_file, page.capture.warc_offset, max_body_bytes=MAX_BODY_BYTES
            ).body
        except ArchiveError:
            reason = Reason.ARCHIVE_ERROR
        else:
            read = extract_body(body, own, is_further=True)
            article, reason = read.article, read.reason or reason
    capture_id = page.capture.capture_id if page.capture else None
    return Part(
        number=page.number, requested_url=page.requested_url, capture_id=capture_id, article=article, reason=reason
    )


def extract_body(body: bytes, task: PageTask, *, is_further: bool = False) -> Extraction:
    """Extract one decoded body; see ``extract_page``."""
    from extractors.parse.page import Verdict, parse_page

    reset_caches_now_and_then()
    if not is_html(task.capture.header("content-type"), body):
        return without_article(task, Reason.NOT_HTML, f"content type {task.capture.header('content-type')!r}")
    try:
        read = parse_page(
            body,
            capture=task.capture,
            hints=task.hints,
            outlet=task.outlet,
            extractor=extractor_name(),
            is_further=is_further,
        )
    except Exception as error:  # noqa: BLE001
        # Anybody's bytes meet four parsers here. Whatever one of them raises is a fact about this page, stored with
        # it, and must not take the pages of the other outlets with it. MemoryError and RecursionError are among them.
        return without_article(task, Reason.EXTRACT_ERROR, f"{type(error).__name__}: {error}"[:500])
    if isinstance(read, Verdict):
        return without_article(task, read.reason, read.detail, shown_text=read.text)
    return Extraction(capture=task.capture, link_id=task.link_id, article=read)


def without_article(task: PageTask, reason: Reason, detail: str, *, shown_text: str = "") -> Extraction:
    """An extraction that ended without an article."""
    return Extraction(
        capture=task.capture, link_id=task.link_id, article=None, reason=reason, detail=detail, shown_text=shown_text
    )


def status_reason(http_status: int) -> Reason | None:
    """Why a response with this status holds no article; archives of others hold such responses."""
    if http_status < 300:
        return None
    named = {401: Reason.HTTP_401, 403: Reason.HTTP_403, 404: Reason.HTTP_404, 410: Reason.HTTP_410}
    if http_status < 400:
        return Reason.TOO_MANY_REDIRECTS
    return named.get(http_status, Reason.HTTP_5XX if http_status >= 500 else Reason.HTTP_4XX)


def is_html(content_type: str | None, body: bytes) -> bool:
    """Whether a response is a page: by its content type, or by its first bytes where it has none."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in {"", "text/plain", "application/octet-stream"}:
        return b"<" in body[:2048] and not body.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"PK\x03\x04"))
    return "html" in kind


pages_read = count(1)


def reset_caches_now_and_then() -> None:
    """Empty the caches of trafilatura, htmldate and courlan after every ``PAGES_BETWEEN_RESETS`` pages."""
    if next(pages_read) % PAGES_BETWEEN_RESETS == 0:
        from trafilatura.meta import reset_caches

        reset_caches()
