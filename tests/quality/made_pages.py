"""Pages written by us, with the capture and the outlet that they come with, for tests of parse and normalize."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from extractors.outlets import Outlet
from extractors.parse.page import Verdict, parse_page
from extractors.records import Article, Capture, Hints

FETCHED_AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
PAGE_URL = "https://www.gazette.example/news/harbor-reopens"

PARAGRAPHS = (
    "The harbor of Port Amal reopened on Thursday after engineers had cleared the last barge from its channel.",
    "Two grain ships were waiting at anchor when the first pilot boat left the quay shortly after dawn.",
    "“We have waited eleven weeks,” said Rula Sabbagh, who had to send most of her workers home in January.",
    "Insurers said that premiums would stay high until a survey of the southern basin had been finished.",
)
"""The text of an ordinary article."""


def make_outlet(**values: Any) -> Outlet:
    """An outlet of which only what matters to a test is given."""
    defaults: dict[str, Any] = {
        "outlet_id": "gazette",
        "name": "The Amal Gazette",
        "homepage": "https://www.gazette.example/",
        "urls": {"hosts": ["www.gazette.example"]},
    }
    return Outlet.model_validate({**defaults, **values})


def make_capture(url: str = PAGE_URL, **values: Any) -> Capture:
    """A capture of one page."""
    defaults: dict[str, Any] = {
        "capture_id": "7c3f1a52-6a0e-4f0f-9a53-1f5c1e0a9d11",
        "outlet_id": "gazette",
        "requested_url": url,
        "final_url": url,
        "http_status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "fetched_at": FETCHED_AT,
        "body_sha256": "0" * 64,
        "body_bytes": 0,
        "warc_file": "",
        "warc_offset": 0,
    }
    return Capture(**{**defaults, **values})


def paragraphs(*lines: str) -> str:
    """Lines as HTML paragraphs."""
    return "\n".join(f"<p>{line}</p>" for line in lines or PARAGRAPHS)


def make_page(
    main: str = "", *, head: str = "", title: str = "Harbor reopens after eleven weeks", lang: str = "en"
) -> str:
    """A whole page around an article."""
    main = main or f"<article><h1>{title}</h1>{paragraphs()}</article>"
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav><main>{main}</main>'
        "<footer><p>All rights reserved.</p></footer></body></html>"
    )


def read_page(
    page: str | bytes, *, outlet: Outlet | None = None, hints: Hints | None = None, capture: Capture | None = None
) -> Article | Verdict:
    """Parse a page."""
    body = page.encode() if isinstance(page, str) else page
    return parse_page(
        body,
        capture=capture or make_capture(),
        hints=hints or Hints(),
        outlet=outlet or make_outlet(),
        extractor="wirewatch/test",
    )


def read_article(page: str | bytes, **values: Any) -> Article:
    """Parse a page that is an article."""
    article = read_page(page, **values)
    assert isinstance(article, Article), article
    return article
