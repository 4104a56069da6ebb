from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quality.made_pages import PAGE_URL, PARAGRAPHS, make_capture, make_outlet, make_page

from extractors import extract
from extractors.archive import Archive, RawResponse
from extractors.errors import Reason
from extractors.extract import PageTask, extract_body, extract_page, extract_pages
from extractors.records import Hints

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive's folder."""
    return tmp_path / "archive"


def make_task(**values: Any) -> PageTask:
    """A task for a page of the test outlet."""
    return PageTask(capture=make_capture(**values), link_id="link-1", hints=Hints(), outlet=make_outlet())


def archived_task(folder: Path, body: bytes) -> PageTask:
    """A task whose response is in the archive."""
    with Archive(folder, roll_bytes=1_000_000, now=lambda: NOW) as archive:
        response = RawResponse(
            requested_url=PAGE_URL,
            final_url=PAGE_URL,
            http_status=200,
            headers=((b"Content-Type", b"text/html; charset=utf-8"),),
            raw_body=body,
            fetched_at=NOW,
        )
        location = archive.append(response)
    return make_task(capture_id=location.capture_id, warc_file=location.warc_file, warc_offset=location.warc_offset)


def test_a_page_is_read_back_and_extracted(folder: Path) -> None:
    """From the archive to an article, which crosses a process boundary."""
    task = archived_task(folder, make_page().encode())
    found = extract_page(folder, pickle.loads(pickle.dumps(task)))
    assert found.article is not None
    assert found.article.text == "\n".join(PARAGRAPHS)
    assert found.article.capture_id == task.capture.capture_id
    assert found.article.extractor.startswith("wirewatch/")
    assert found.article.extractor.endswith(" paragraphs")
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_response_that_is_not_in_the_archive(folder: Path) -> None:
    """Is an outcome like any other."""
    found = extract_page(folder, make_task(warc_file="2026/03/none.warc.gz", warc_offset=0))
    assert (found.article, found.reason) == (None, Reason.ARCHIVE_ERROR)
    assert "none.warc.gz" in found.detail


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, Reason.TOO_MANY_REDIRECTS),
        (403, Reason.HTTP_403),
        (404, Reason.HTTP_404),
        (418, Reason.HTTP_4XX),
        (503, Reason.HTTP_5XX),
    ],
)
def test_a_response_with_another_status_is_no_article(folder: Path, status: int, reason: Reason) -> None:
    """Archives of others hold error pages too."""
    assert extract_page(folder, make_task(http_status=status)).reason == reason


@pytest.mark.parametrize(
    ("content_type", "body", "is_page"),
    [
        ("text/html", make_page(), True),
        ("application/xhtml+xml; charset=utf-8", make_page(), True),
        ("", make_page(), True),
        ("text/plain", make_page(), True),
        ("application/pdf", make_page(), False),
        ("", "%PDF-1.7 <obj>", False),
        ("application/json", "{}", False),
    ],
)
def test_what_is_no_page_is_not_read(content_type: str, body: str, is_page: bool) -> None:
    """By its type, or by its first bytes where it names none."""
    found = extract_body(body.encode(), make_task(headers=(("Content-Type", content_type),)))
    assert (found.reason is None) == is_page
    assert is_page or found.reason == Reason.NOT_HTML


@pytest.mark.parametrize("error", [ValueError("broken"), RecursionError(), MemoryError(), KeyError("x")])
def test_a_failing_parser_is_an_outcome(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """One page's failure is data and takes no other page with it."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("extractors.parse.page.parse_page", fail)
    found = extract_body(make_page().encode(), make_task())
    assert (found.article, found.reason) == (None, Reason.EXTRACT_ERROR)
    assert type(error).__name__ in found.detail


def test_a_chunk_keeps_its_order_and_empties_the_caches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One extraction a task; caches of the libraries do not grow with the run."""
    resets: list[int] = []
    monkeypatch.setattr(extract, "PAGES_BETWEEN_RESETS", 2)
    monkeypatch.setattr("trafilatura.meta.reset_caches", lambda: resets.append(1))
    good = archived_task(folder, make_page().encode())
    bad = make_task(http_status=404)
    found = extract_pages(folder, [good, bad, good, good])
    assert [item.reason for item in found] == [None, Reason.HTTP_404, None, None]
    assert resets


@settings(deadline=None, max_examples=50)
@given(
    st.binary(max_size=500),
    st.one_of(st.just("text/html"), st.text(alphabet=st.characters(codec="ascii"), max_size=30)),
)
def test_any_response_ends_as_an_extraction(body: bytes, content_type: str) -> None:
    """An article or a reason, for anybody's bytes under anybody's label."""
    found = extract_body(body, make_task(headers=(("Content-Type", content_type),)))
    assert (found.article is None) == (found.reason is not None)
    assert found.reason != Reason.EXTRACT_ERROR, found.detail
