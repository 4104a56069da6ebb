"""What a pipeline should make of the sample articles, derived from what was written and not from any HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsroom.markup import plain
from newsroom.sample_articles import Edition, SampleArticle, articles_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The fields of one article as the warehouse should hold them.

    ``lines`` are the paragraphs, headings, quotations and list items of the body, in order and without bullets, and
    without the dateline; ``byline`` is as written; ``authors`` are persons only. ``reason`` is ``None`` for an
    article, else the outcome that its link should end with.
    """

    outlet_id: str
    path: str
    language: str
    title: str
    kicker: str | None
    standfirst: str | None
    dateline: str | None
    lines: tuple[str, ...]
    corrections: str | None
    byline: str | None
    authors: tuple[str, ...]
    agency: tuple[str, ...]
    published_at: datetime
    modified_at: datetime
    section: str
    tags: tuple[str, ...]
    image_caption: str | None
    image_credit: str | None
    original_publisher: str | None
    original_url: str | None
    has_disclaimer: bool
    reason: str | None

    @property
    def text(self) -> str:
        """The body, one line a paragraph."""
        return "\n".join(self.lines)


def expected_of(article: SampleArticle) -> Expected:
    """What should come out of one article's page."""
    return Expected(
        outlet_id=article.outlet.outlet_id,
        path=article.path,
        language=article.outlet.language,
        title=article.headline,
        kicker=article.kicker,
        standfirst=article.standfirst,
        dateline=article.dateline,
        lines=tuple(body_lines(article)),
        corrections="\n".join(article.corrections) or None,
        byline=article.byline,
        authors=article.authors,
        agency=article.agency,
        published_at=article.published,
        modified_at=article.modified,
        section=article.section,
        tags=article.tags,
        image_caption=article.outlet.image_caption if article.image else None,
        image_credit=article.outlet.image_credit if article.image else None,
        original_publisher=article.republished_from,
        original_url=article.source_url,
        has_disclaimer=article.disclaimer,
        reason=article.reason,
    )


def body_lines(article: SampleArticle) -> Iterator[str]:
    """The body's lines, the dateline cut from the first."""
    opening = f"{article.dateline}: " if article.dateline else ""
    for line in (plain(line) for block in article.body for line in block.lines):
        yield line.removeprefix(opening)
        opening = ""


def expected_articles(edition: Edition | str, outlet_id: str | None = None) -> tuple[Expected, ...]:
    """What one full run over an edition should load: its articles, without the pages that are none."""
    standing = (expected_of(article) for article in articles_in(Edition(edition)))
    return tuple(e for e in standing if e.reason is None and outlet_id in (None, e.outlet_id))
