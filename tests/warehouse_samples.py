"""Records to fill a warehouse with: short to write, and different in just what a test names."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from extractors.errors import Reason
from extractors.records import (
    Article,
    Capture,
    Credit,
    CreditKind,
    Extraction,
    FetchResult,
    FieldSource,
    Hints,
    Link,
    Outcome,
    Poll,
    SourceState,
    Stage,
    Validators,
)

OUTLET = "harbor_post"
SITE = "https://harborpost.example"
FEED = f"feed:{SITE}/feed/"
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
RUN = "run-1"


def at(minutes: float) -> datetime:
    """A moment some minutes after NOW."""
    return NOW + timedelta(minutes=minutes)


def make_link(number: int = 1, *, source_id: str = FEED, outlet_id: str = OUTLET, **hints: Any) -> Link:
    """A link to story ``number``."""
    url = f"{SITE}/{number}/"
    return Link(
        outlet_id=outlet_id,
        source_id=source_id,
        requested_url=f"{url}?utm_source=feed",
        normalized_url=url,
        hints=Hints(**{"title": f"Story {number}", **hints}),
    )


def make_capture(
    url: str = f"{SITE}/1/", *, fetched_at: datetime = NOW, status: int = 200, outlet_id: str = OUTLET
) -> Capture:
    """A capture of a URL at a time; the same arguments give the same capture."""
    key = f"{url} {fetched_at.isoformat()} {status}"
    return Capture(
        capture_id=str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
        outlet_id=outlet_id,
        requested_url=url,
        final_url=url,
        http_status=status,
        headers=(("Content-Type", "text/html"), ("ETag", f'W/"{fetched_at:%H%M%S}"')),
        fetched_at=fetched_at,
        body_sha256=hashlib.sha256(key.encode()).hexdigest(),
        body_bytes=len(key),
        warc_file="2026/03/a.warc.gz",
        warc_offset=0,
    )


def make_article(number: int = 1, **changes: Any) -> Article:
    """Story ``number`` as it was extracted."""
    url = f"{SITE}/{number}/"
    values: dict[str, Any] = {
        "outlet_id": OUTLET,
        "identity": f"cms:{number}",
        "canonical_url": url,
        "normalized_url": url,
        "capture_id": "",
        "language": "en",
        "languages": ("en",),
        "declared_language": "en-GB",
        "title": f"Story {number}",
        "kicker": None,
        "standfirst": "A ferry is late.",
        "dateline": None,
        "text": f"The ferry number {number} came in late.\nNobody was hurt.",
        "corrections": None,
        "byline": "By Ana Marsh",
        "authors": ("Ana Marsh",),
        "credits": (Credit(name="Ana Marsh", kind=CreditKind.PERSON),),
        "agency": (),
        "published_at": NOW - timedelta(hours=1),
        "published_precision": "second",
        "modified_at": None,
        "section": "Harbor",
        "tags": ("ferry", "weather"),
        "image_url": None,
        "image_caption": None,
        "image_credit": None,
        "original_publisher": None,
        "original_url": None,
        "has_disclaimer": False,
        "is_free": True,
        "extractor": "wirewatch/test",
        "provenance": (FieldSource(field="title", source="og:title", raw=f"Story {number} | Harbor Post"),),
    }
    return Article(**{**values, **changes})


def make_extraction(number: int = 1, *, fetched_at: datetime = NOW, **changes: Any) -> Extraction:
    """Story ``number``, captured at a time."""
    article = make_article(number, **changes)
    capture = make_capture(f"{SITE}/{number}/", fetched_at=fetched_at)
    article = replace(article, capture_id=capture.capture_id)
    return Extraction(capture=capture, link_id=make_link(number).link_id, article=article)


def make_verdict(number: int, reason: Reason, *, fetched_at: datetime = NOW) -> Extraction:
    """A page that is no article."""
    capture = make_capture(f"{SITE}/{number}/", fetched_at=fetched_at)
    return Extraction(capture=capture, link_id=make_link(number).link_id, article=None, reason=reason)


def make_outcome(reason: Reason, *, stage: Stage = Stage.DISCOVER, url: str = FEED, when: datetime = NOW) -> Outcome:
    """An outcome at a stage."""
    return Outcome(outlet_id=OUTLET, stage=stage, requested_url=url, reason=reason, occurred_at=when)


def make_poll(
    *links: Link, reason: Reason = Reason.POLLED, source_id: str = FEED, when: datetime = NOW, **changes: Any
) -> Poll:
    """A poll of the feed that lists ``links``."""
    values: dict[str, Any] = {
        "outcome": replace(make_outcome(reason, when=when), source_id=source_id),
        "links": links,
        "listed_count": len(links),
        "state": SourceState(source_id=source_id, validators=(Validators(url=FEED, etag='"1"'),), cursor="7"),
    }
    return Poll(source_id=source_id, **{**values, **changes})


def make_fetch(number: int = 1, *, fetched_at: datetime = NOW) -> FetchResult:
    """A fetch of story ``number`` that goes on to extract."""
    return FetchResult(link=make_link(number), capture=make_capture(f"{SITE}/{number}/", fetched_at=fetched_at))


def make_failure(number: int, reason: Reason, *, when: datetime = NOW, capture: Capture | None = None) -> FetchResult:
    """A fetch of story ``number`` that ended for a reason."""
    outcome = make_outcome(reason, stage=Stage.FETCH, url=f"{SITE}/{number}/", when=when)
    return FetchResult(link=make_link(number), capture=capture, outcome=outcome)


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Rows of a query."""
    rows: list[dict[str, Any]] = con.sql(sql).to_arrow_table().to_pylist()
    return rows


def column(con: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    """First column of a query's answer."""
    return [next(iter(row.values())) for row in ask(con, sql)]


FORGOTTEN = ("core.hosts", "core.health_checks")
"""Tables of which the archive does not tell: the next runs make them anew."""


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that holds data, but for the counter of writes."""
    tables = column(
        con,
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE table_name NOT IN ('change_counter', 'schema_migrations', 'schema_views') ORDER BY ALL",
    )
    return {table: ask(con, f"SELECT * FROM {table} ORDER BY ALL") for table in tables}
