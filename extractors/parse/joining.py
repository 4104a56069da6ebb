"""The pages of one article, each read by itself -> the article as one, with what repeats on each left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from extractors.errors import Reason
from extractors.normalize.texts import squeezed
from extractors.parse.paging import numbered
from extractors.records import Article, FieldSource

OTHER_DAY = timedelta(hours=36)
"""Pages of one article give one time of publication; what was published further apart is another article."""

MOST_RAW_CHARS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further page: what was read of it, or why it could not be had or read."""

    number: int
    requested_url: str
    capture_id: str | None
    article: Article | None
    reason: Reason


def joined(first: Article, parts: Sequence[Part]) -> Article:
    """Join the pages of an article.

    The text is the pages' texts in their order. Lines at the beginning of a page that stood before (title, standfirst,
    byline, the page before it) are left out, and lines at the end of two pages stand once, at the very end. What
    stands under the text on the last page (source line, disclaimer, corrections) is the article's.

    A page that repeats the one before it, or is another article's, ends the article; one that is missing ends it too,
    and the article is not complete then.

    Args:
        first: What the first page gave.
        parts: The further pages in their order, those that could not be had among them.
    """
    whole = replace(first, is_complete=True)
    for part in parts:
        if part.article is None:
            return noted(replace(whole, is_complete=False, next_url=None), part, f"missing:{part.reason}")
        if is_other(first, part.article):
            return noted(replace(whole, next_url=None), part, "another_article")
        lines = lines_joined(whole, part.article)
        if lines is None:
            return noted(replace(whole, next_url=None), part, "repeated")
        whole = with_part(whole, part, part.article, lines)
    return replace(whole, is_complete=whole.next_url is None)


def is_other(first: Article, further: Article) -> bool:
    """Whether a page is of another article: published on another day, or with an address of its own."""
    if first.published_at and further.published_at and abs(first.published_at - further.published_at) > OTHER_DAY:
        return True
    own, other = (numbered(each.canonical_url) for each in (first, further))
    return squeezed(first.title) != squeezed(further.title) and other[0] < 2 and other[1] != own[1]


def lines_joined(whole: Article, further: Article) -> list[str] | None:
    """The text so far with a page's own lines behind it; None when that page says nothing that is not there."""
    before = whole.text.split("\n")
    told = (whole.title, whole.kicker, whole.standfirst, whole.byline, whole.dateline, further.title)
    known = {squeezed(line) for line in (*before, *filter(None, told))}
    own = further.text.split("\n")
    if further.dateline and further.dateline != whole.dateline:
        own.insert(0, further.dateline)  # no dateline, on a further page, but words of its text
    start = next((i for i, line in enumerate(own) if squeezed(line) not in known), len(own))
    fresh = own[start:]
    if not fresh:
        return None
    return [*before[: len(before) - common_end(before, fresh)], *fresh]


def common_end(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts have in common at their ends; never all of one."""
    count = 0
    most = min(len(one), len(other)) - 1
    while count < most and squeezed(one[-1 - count]) == squeezed(other[-1 - count]):
        count += 1
    return count


def with_part(whole: Article, part: Part, page: Article, lines: Sequence[str]) -> Article:
    """An article with one page more."""
    notes = [note for text in (whole.corrections, page.corrections) if text for note in text.split("\n")]
    found = replace(
        whole,
        text="\n".join(lines),
        corrections="\n".join(dict.fromkeys(notes)) or None,
        agency=tuple(dict.fromkeys((*whole.agency, *page.agency))),
        original_publisher=whole.original_publisher or page.original_publisher,
        original_url=whole.original_url or page.original_url,
        has_disclaimer=whole.has_disclaimer or page.has_disclaimer,
        is_free=whole.is_free and page.is_free,
        next_url=page.next_url,
        page_count=whole.page_count + 1,
    )
    changed = {
        name
        for name in ("corrections", "agency", "original_publisher", "original_url", "has_disclaimer", "is_free")
        if getattr(found, name) != getattr(whole, name)
    }
    told = [
        replace(source, source=f"page[{part.number}].{source.source}")
        for source in page.provenance
        if source.field in changed
    ]
    text_from = next((source.source for source in page.provenance if source.field == "text"), "")
    return noted(replace(found, provenance=(*whole.provenance, *told)), part, text_from)


def noted(whole: Article, part: Part, what: str) -> Article:
    """An article whose provenance says what a page gave to its text, and which response proves it."""
    raw = f"{part.capture_id or 'no response'} {part.requested_url}"[:MOST_RAW_CHARS]
    source = FieldSource(field="text", source=f"page[{part.number}].{what}", raw=raw)
    return replace(whole, provenance=(*whole.provenance, source))
