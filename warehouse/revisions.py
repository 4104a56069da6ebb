"""An article's states in the order of time: where a newly loaded state belongs, and what it changes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Literal

from extractors.records import Article, Capture, uuid5_of
from warehouse.rows import storable

RevisionKind = Literal["first", "edit", "removed", "restored", "reextracted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The fields whose change makes a revision; the text by its hash. A changed ``modified_at`` alone makes none."""

    title: str
    kicker: str | None
    standfirst: str | None
    dateline: str | None
    text_sha256: str
    corrections: str | None
    byline: str | None
    authors: tuple[str, ...]
    agency: tuple[str, ...]
    published_at: datetime | None
    canonical_url: str
    language: str | None
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    image_caption: str | None
    image_credit: str | None
    original_publisher: str | None
    original_url: str | None
    has_disclaimer: bool
    is_free: bool


CONTENT_FIELDS = tuple(field.name for field in fields(Content))
LIST_FIELDS = ("authors", "agency", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of one article. ``content`` is None for a state in which its address was gone or emptied."""

    revision_id: str
    article_id: str
    revision_number: int
    kind: RevisionKind
    compared_with: str | None = None
    changed_fields: tuple[str, ...] = ()
    captured_at: datetime
    loaded_at: datetime
    run_id: str
    capture_id: str | None
    extractor: str | None
    content: Content | None
    published_precision: str | None = None
    modified_at: datetime | None = None
    declared_language: str | None = None


def content_of(article: Article) -> Content:
    """The compared fields of an article, as the warehouse stores them."""
    return Content(
        title=storable(article.title),
        kicker=storable(article.kicker),
        standfirst=storable(article.standfirst),
        dateline=storable(article.dateline),
        text_sha256=text_sha256(article.text),
        corrections=storable(article.corrections),
        byline=storable(article.byline),
        authors=tuple(map(storable, article.authors)),
        agency=tuple(map(storable, article.agency)),
        published_at=article.published_at,
        canonical_url=storable(article.canonical_url),
        language=storable(article.language),
        section=storable(article.section),
        tags=tuple(map(storable, article.tags)),
        image_url=storable(article.image_url),
        image_caption=storable(article.image_caption),
        image_credit=storable(article.image_credit),
        original_publisher=storable(article.original_publisher),
        original_url=storable(article.original_url),
        has_disclaimer=article.has_disclaimer,
        is_free=article.is_free,
    )


def text_sha256(text: str) -> str:
    """Key of a text: the SHA-256 of what is stored of it, in hexadecimal."""
    return hashlib.sha256(storable(text).encode()).hexdigest()


def revision_of(article: Article, capture: Capture, *, article_id: str, run_id: str, now: datetime) -> Revision:
    """The state that a capture shows, not yet placed among the others."""
    return Revision(
        revision_id="",
        article_id=article_id,
        revision_number=0,
        kind="edit",
        captured_at=capture.fetched_at,
        loaded_at=now,
        run_id=run_id,
        capture_id=capture.capture_id,
        extractor=article.extractor,
        content=content_of(article),
        published_precision=article.published_precision,
        modified_at=article.modified_at,
        declared_language=article.declared_language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The newest capture that an article was loaded from; it need not have changed anything."""

    capture_id: str
    captured_at: datetime


def place(chain: Sequence[Revision], candidate: Revision, *, last: Reading | None = None) -> list[Revision] | None:
    """Put a state in its place in time.

    A capture may be loaded long after a later one (a backfill), or again (a re-extraction): the order is that of
    ``captured_at``, and of the same capture the last reading comes last.

    Args:
        chain: The article's revisions in their order.
        candidate: The state to place; its id, number, kind and comparison are set here.
        last: The newest reading of the article. What it showed stays the current state even if nothing had changed
            by then, and a state that comes in before it makes a revision of it.

    Returns:
        The new chain, or None when the state is no news.
    """
    if not chain:
        # Most states are an article's first; the rest of this would only find out.
        is_first = candidate.content is not None
        return (
            [replace(candidate, revision_id=new_revision_id(chain, candidate), revision_number=1, kind="first")]
            if is_first
            else None
        )
    at = next((i for i, each in enumerate(chain) if each.captured_at > candidate.captured_at), len(chain))
    before = chain[at - 1] if at else None
    after = chain[at] if at < len(chain) else None
    read_before = {last.capture_id if last else None, *(each.capture_id for each in chain)}
    if candidate.content is None:
        if before is None or before.kind == "removed":
            return None
        candidate = replace(candidate, kind="removed")
    elif before is not None and before.kind == "removed":
        candidate = replace(candidate, kind="restored")
    elif candidate.content in [each.content for each in (before, after) if each is not None]:
        return None
    elif candidate.capture_id in read_before:
        candidate = replace(candidate, kind="reextracted")
    placed = [*chain[:at], identified(chain, candidate), *chain[at:]]
    if before is not None and after is None and last is not None and last.captured_at > candidate.captured_at:
        placed.append(identified(placed, as_seen_again(before, last, candidate)))
    return renumber(placed)


def as_seen_again(before: Revision, last: Reading, between: Revision) -> Revision:
    """The state that the newest reading showed, after another one has come in between."""
    return replace(
        before,
        kind="restored" if between.content is None else "edit",
        captured_at=last.captured_at,
        capture_id=last.capture_id,
        loaded_at=between.loaded_at,
        run_id=between.run_id,
    )


def identified(chain: Sequence[Revision], revision: Revision) -> Revision:
    """A revision with its id."""
    return replace(revision, revision_id=new_revision_id(chain, revision))


def new_revision_id(chain: Sequence[Revision], candidate: Revision) -> str:
    """UUIDv5 of article, capture, extractor and how many revisions there were."""
    parts = (candidate.article_id, candidate.capture_id or candidate.captured_at.isoformat(), candidate.extractor or "")
    return uuid5_of("\x1f".join(("revision", *parts, str(len(chain)))))


def renumber(chain: Sequence[Revision]) -> list[Revision]:
    """Set number, kind and comparison of each revision by its place."""
    placed: list[Revision] = []
    previous: Revision | None = None
    for number, revision in enumerate(chain, start=1):
        kind = revision.kind
        if number == 1 and kind != "removed":
            kind = "first"
        elif number > 1 and kind == "first":
            kind = "edit"
        is_compared = previous is not None and revision.content is not None
        placed.append(
            replace(
                revision,
                revision_number=number,
                kind=kind,
                compared_with=previous.revision_id if previous and is_compared else None,
                changed_fields=changed_fields(previous.content, revision.content) if previous else (),
            )
        )
        if revision.content is not None:
            previous = placed[-1]
    return placed


def changed_fields(before: Content | None, after: Content | None) -> tuple[str, ...]:
    """Names of the fields that differ; the text is called ``text``. None without two contents."""
    if before is None or after is None:
        return ()
    changed = (name for name in CONTENT_FIELDS if getattr(before, name) != getattr(after, name))
    return tuple("text" if name == "text_sha256" else name for name in changed)


def current_of(chain: Sequence[Revision]) -> Revision:
    """The newest revision that has content."""
    return next(revision for revision in reversed(chain) if revision.content is not None)


def removed_at(chain: Sequence[Revision]) -> datetime | None:
    """Since when the article is gone; None while it is up."""
    return chain[-1].captured_at if chain[-1].kind == "removed" else None
