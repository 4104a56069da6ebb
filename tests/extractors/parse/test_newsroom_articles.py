from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from quality.made_pages import make_capture

from extractors.extract import PageTask, extract_body
from extractors.outlets import Outlet, load_outlets
from extractors.records import Extraction, Hints
from newsroom.expectations import Expected, expected_of
from newsroom.sample_articles import Edition, articles_in
from newsroom.sample_config import write_sample_config
from newsroom.server import RunningNewsroom, running_newsroom

FIELDS = (
    "language", "title", "kicker", "standfirst", "dateline", "text", "corrections", "byline", "authors", "agency",
    "published_at", "modified_at", "section", "tags", "image_caption", "image_credit", "original_publisher",
    "original_url", "has_disclaimer",
)  # fmt: skip
READ_BY_EXTRACT = (None, "listing_page", "paywall_stub", "live_blog_shell")
"""Reasons that a page itself gives; the others are the fetch stage's."""

STORIES = [
    pytest.param(edition, expected, id=f"{edition}-{expected.outlet_id}-{number}")
    for edition in Edition
    for number, expected in enumerate(map(expected_of, articles_in(edition)))
    if expected.reason in READ_BY_EXTRACT
]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets, running."""
    with running_newsroom() as running:
        yield running


@pytest.fixture(scope="module")
def outlets(newsroom: RunningNewsroom, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outlet]:
    """Their files, with the ports that they got."""
    target: Path = tmp_path_factory.mktemp("sample") / "config"
    ports = [urlsplit(url).port or 0 for url in (newsroom.observatory_url, newsroom.gazette_url)]
    write_sample_config(target, observatory_port=ports[0], gazette_port=ports[1])
    return load_outlets(target / "outlets")


def extract_story(newsroom: RunningNewsroom, outlet: Outlet, expected: Expected) -> Extraction:
    """Fetch one story's page and read it, without any hint of a source."""
    base = newsroom.gazette_url if "gazette" in outlet.outlet_id else newsroom.observatory_url
    parts = urlsplit(base)
    url = f"{parts.scheme}://{parts.netloc}{expected.path}"
    with urllib.request.urlopen(url) as response:
        body, headers = response.read(), tuple(response.getheaders())
    capture = make_capture(url, headers=headers, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    return extract_body(body, PageTask(capture=capture, link_id="", hints=Hints(), outlet=outlet))


@pytest.mark.parametrize(("edition", "expected"), STORIES)
def test_every_story_comes_out_as_it_was_written(
    newsroom: RunningNewsroom, outlets: dict[str, Outlet], edition: Edition, expected: Expected
) -> None:
    """Each field equals what was written, or the page gets the verdict that it deserves."""
    newsroom.set_edition(edition)
    found = extract_story(newsroom, outlets[expected.outlet_id], expected)
    assert found.reason == expected.reason, found.detail
    if found.article is not None:
        assert {name: getattr(found.article, name) for name in FIELDS} == {n: getattr(expected, n) for n in FIELDS}
