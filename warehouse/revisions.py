"""An article's states in the order of time: where a newly loaded state belongs, and what it changes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Literal

from extractors.records import Article, Capture, Credit, uuid5_of
from warehouse.history.noise import says_the_same
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
    credits: tuple[Credit, ...]
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
LIST_FIELDS = ("authors", "credits", "agency", "tags")


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
    languages: tuple[str, ...] = ()
    declared_language: str | None = None
    is_complete: bool | None = None


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
        credits=tuple(Credit(name=storable(each.name), kind=each.kind) for each in article.credits),
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
        languages=article.languages,
        declared_language=article.declared_language,
        is_complete=article.is_complete,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The newest capture that an article was loaded from; it need not have changed anything."""

    capture_id: str
    captured_at: datetime
    extractor: str | None = None


def place(
    chain: Sequence[Revision],
    candidate: Revision,
    *,
    last: Reading | None = None,
    texts: Mapping[str, str] | None = None,
) -> list[Revision] | None:
    """Put a state in its place in time.

    A capture may be loaded long after a later one (a backfill), or again (a re-extraction): the order is that of
    ``captured_at``, and of the same capture the last reading comes last. What the rules of ``history.noise`` explain is
    no news, but where the same capture is read by another extractor: that may have got rid of the noise.

    Args:
        chain: The article's revisions in their order.
        candidate: The state to place; its id, number, kind and comparison are set here.
        last: The newest reading of the article. What it showed stays the current state even if nothing had changed
            by then, and a state that comes in before it makes a revision of it.
        texts: Texts by hash, to tell noise from edits. Texts that are not given count as edited when they differ.

    Returns:
        The new chain, or None when the state is no news.
    """
    texts = texts or {}
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
    neighbors = [each.content for each in (before, after) if each is not None and each.content is not None]
    if candidate.content is None:
        if before is None or before.kind == "removed":
            return None
        candidate = replace(candidate, kind="removed")
    elif before is not None and before.kind == "removed":
        candidate = replace(candidate, kind="restored")
    elif candidate.content in neighbors:
        return None
    elif is_read_anew(chain, candidate, last):
        candidate = replace(candidate, kind="reextracted")
    elif any(not changed_fields(each, candidate.content, texts) for each in neighbors):
        return None
    elif last is not None and candidate.capture_id == last.capture_id:
        candidate = replace(candidate, kind="reextracted")
    placed = [*chain[:at], identified(chain, candidate), *chain[at:]]
    if before is not None and after is None and last is not None and last.captured_at > candidate.captured_at:
        placed.append(identified(placed, as_seen_again(before, last, candidate)))
    return renumber(placed, texts)


def is_read_anew(chain: Sequence[Revision], candidate: Revision, last: Reading | None) -> bool:
    """Whether a state comes of a capture that made a revision before, or that another extractor read before."""
    if candidate.capture_id in {each.capture_id for each in chain}:
        return True
    is_last = last is not None and candidate.capture_id == last.capture_id
    return is_last and last is not None and last.extractor not in (None, candidate.extractor)


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


def renumber(chain: Sequence[Revision], texts: Mapping[str, str]) -> list[Revision]:
    """Set number, kind and comparison of each revision by its place; one that keeps its neighbor stays as compared."""
    placed: list[Revision] = []
    previous: Revision | None = None
    for number, revision in enumerate(chain, start=1):
        kind = revision.kind
        if number == 1 and kind != "removed":
            kind = "first"
        elif number > 1 and kind == "first":
            kind = "edit"
        compared_with = previous.revision_id if previous and revision.content is not None else None
        changed = revision.changed_fields
        if compared_with != revision.compared_with or compared_with is None:
            exactly = revision.kind == "reextracted"
            changed = changed_fields(previous.content if previous else None, revision.content, texts, exactly=exactly)
        placed.append(
            replace(revision, revision_number=number, kind=kind, compared_with=compared_with, changed_fields=changed)
        )
        if revision.content is not None:
            previous = placed[-1]
    return placed


def changed_fields(
    before: Content | None, after: Content | None, texts: Mapping[str, str] | None = None, *, exactly: bool = False
) -> tuple[str, ...]:
    """Names of the fields that differ; the text is called ``text``. None without two contents.

    Args:
        before: The earlier content.
        after: The later one.
        texts: Texts by hash.
        exactly: Whether what ``history.noise`` explains counts as a difference as well.
    """
    if before is None or after is None:
        return ()
    changed = (name for name in CONTENT_FIELDS if getattr(before, name) != getattr(after, name))
    named = ("text" if name == "text_sha256" else name for name in changed)
    return tuple(name for name in named if exactly or not is_noise(name, before, after, texts or {}))


def is_noise(field: str, before: Content, after: Content, texts: Mapping[str, str]) -> bool:
    """Whether two values of a field that differ say the same."""
    if field != "text":
        return says_the_same(field, getattr(before, field), getattr(after, field))
    old, new = texts.get(before.text_sha256), texts.get(after.text_sha256)
    return old is not None and new is not None and says_the_same(field, old, new)


def current_of(chain: Sequence[Revision]) -> Revision:
    """The newest revision that has content."""
    return next(revision for revision in reversed(chain) if revision.content is not None)


def removed_at(chain: Sequence[Revision]) -> datetime | None:
    """Since when the article is gone; None while it is up."""
    return chain[-1].captured_at if chain[-1].kind == "removed" else None
