"""Links and their states: pending (to be fetched), fetched (to be extracted), done (with one reason)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import duckdb
import pyarrow as pa

from extractors.errors import TAKEDOWN_REASONS, Reason
from extractors.records import Hints, Link, Stage
from warehouse.rows import (
    INTEGER,
    TEXT,
    TIME,
    columns,
    hint_id_of,
    insert_hints,
    read_by_keys,
    write,
    write_records,
)
from warehouse.transactions import transaction

LinkState = Literal["pending", "fetched", "done"]
DONE_REASONS = frozenset({Reason.LOADED, Reason.REVISED})

LINKS = columns(
    link_id=TEXT,
    outlet_id=TEXT,
    normalized_url=TEXT,
    requested_url=TEXT,
    source_id=TEXT,
    hint_id=TEXT,
    first_seen_at=TIME,
    queued_at=TIME,
    position=INTEGER,
    state=TEXT,
    stage=TEXT,
    reason=TEXT,
    decided_at=TIME,
    attempt_count=INTEGER,
    retry_at=TIME,
    is_forced=pa.bool_(),
    capture_id=TEXT,
    loaded_capture_id=TEXT,
    extracted_at=TIME,
    article_id=TEXT,
)
READ_LINKS = """
    SELECT
        CAST(l.link_id AS VARCHAR) AS link_id,
        l.outlet_id, l.normalized_url, l.requested_url, l.source_id, l.hint_id, l.first_seen_at, l.queued_at,
        l.position, l.state, l.stage, l.reason, l.decided_at, l.attempt_count, l.retry_at, l.is_forced,
        CAST(l.capture_id AS VARCHAR) AS capture_id,
        CAST(l.loaded_capture_id AS VARCHAR) AS loaded_capture_id,
        l.extracted_at,
        CAST(l.article_id AS VARCHAR) AS article_id
    FROM core.links AS l
    JOIN wanted AS w ON l.link_id = CAST(w.key AS UUID)
"""
UPSERT_LINKS = """
    INSERT INTO core.links BY NAME
    SELECT
        link_id, outlet_id, normalized_url, requested_url, source_id, hint_id, first_seen_at, queued_at,
        position, state, stage, reason, decided_at, attempt_count, retry_at, is_forced,
        capture_id, loaded_capture_id, extracted_at, article_id
    FROM incoming
    ON CONFLICT (link_id) DO UPDATE SET
        normalized_url = excluded.normalized_url,
        requested_url = excluded.requested_url,
        source_id = excluded.source_id,
        hint_id = excluded.hint_id,
        queued_at = excluded.queued_at,
        position = excluded.position,
        state = excluded.state,
        stage = excluded.stage,
        reason = excluded.reason,
        decided_at = excluded.decided_at,
        attempt_count = excluded.attempt_count,
        retry_at = excluded.retry_at,
        is_forced = excluded.is_forced,
        capture_id = excluded.capture_id,
        loaded_capture_id = excluded.loaded_capture_id,
        extracted_at = excluded.extracted_at,
        article_id = excluded.article_id
"""
# By the article's id alone: a join with core.links on the way made a product of 2,000 links and all articles of it.
TOUCH_ARTICLES = """
    UPDATE core.articles
    SET last_seen_at = incoming.decided_at
    FROM incoming
    WHERE articles.article_id = CAST(incoming.article_id AS UUID) AND articles.last_seen_at < incoming.decided_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """A row of core.links; what each field means stands in the comments of its migration."""

    link_id: str
    outlet_id: str
    normalized_url: str | None
    requested_url: str
    source_id: str | None
    hint_id: str | None
    first_seen_at: datetime
    queued_at: datetime
    position: int = 0
    state: LinkState = "pending"
    stage: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    attempt_count: int = 0
    retry_at: datetime | None = None
    is_forced: bool = False
    capture_id: str | None = None
    loaded_capture_id: str | None = None
    extracted_at: datetime | None = None
    article_id: str | None = None

    @property
    def was_rejected(self) -> bool:
        """Whether it was set aside when it was listed, and never fetched."""
        return self.state == "done" and self.stage == Stage.DISCOVER

    def due_again(self, link: Link, *, now: datetime, position: int) -> StoredLink:
        """The same link, to be fetched for what ``link`` says of it now."""
        return replace(
            self,
            normalized_url=link.normalized_url,
            requested_url=link.requested_url,
            source_id=link.source_id if self.was_rejected else self.source_id,
            # A URL named by hand says nothing; what a source said of it stays.
            hint_id=self.hint_id if link.hints == Hints() else hint_id_of(link.hints),
            queued_at=now,
            position=position,
            state="pending",
            # What waits after a failure goes on waiting.
            attempt_count=self.attempt_count if self.state == "pending" else 0,
            retry_at=self.retry_at if self.state == "pending" else None,
        )

    def keeps_reason(self, reason: Reason) -> bool:
        """Whether what had become of the link stands, whatever an attempt to fetch it again came to.

        Only new content and a takedown replace that an article was loaded; what was taken down is so until it is back.
        """
        if self.reason in DONE_REASONS:
            return reason not in DONE_REASONS | TAKEDOWN_REASONS
        was_taken_down = self.article_id is not None and self.reason in TAKEDOWN_REASONS
        return was_taken_down and reason not in DONE_REASONS | TAKEDOWN_REASONS | {Reason.UNCHANGED}

    def decided(self, stage: Stage, reason: Reason, *, now: datetime, is_doubtful: bool = False) -> StoredLink:
        """The same link, done.

        Args:
            stage: Stage of the attempt.
            reason: How the attempt ended.
            now: Aware time.
            is_doubtful: Nobody believes the attempt: what had become of the link stands.
        """
        keeps_reason = is_doubtful or self.keeps_reason(reason)
        return replace(
            self,
            state="done",
            stage=self.stage if keeps_reason else stage,
            reason=self.reason if keeps_reason else reason,
            decided_at=now,
            attempt_count=0,
            retry_at=None,
            is_forced=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverCounts:
    """What polls brought. ``listed`` counts items as the sources listed them, repeated ones each time."""

    listed: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    rejected: int = 0


def new_link(link: Link, *, now: datetime, position: int = 0) -> StoredLink:
    """A link that was not known before, pending."""
    return StoredLink(
        link_id=link.link_id,
        outlet_id=link.outlet_id,
        normalized_url=link.normalized_url,
        requested_url=link.requested_url,
        source_id=link.source_id,
        hint_id=hint_id_of(link.hints),
        first_seen_at=now,
        queued_at=now,
        position=position,
    )


def read_links(con: duckdb.DuckDBPyConnection, link_ids: Iterable[str]) -> dict[str, StoredLink]:
    """The known ones of some links, by ``link_id``."""
    return {row["link_id"]: StoredLink(**row) for row in read_by_keys(con, READ_LINKS, link_ids)}


def write_links(con: duckdb.DuckDBPyConnection, links: Iterable[StoredLink]) -> None:
    """Insert or update links; part of the caller's transaction."""
    write_records(con, UPSERT_LINKS, LINKS, list(links))


def touch_articles(con: duckdb.DuckDBPyConnection, links: Iterable[StoredLink], *, now: datetime) -> None:
    """Note that the articles behind some links were seen now; part of the caller's transaction."""
    article_ids = {link.article_id for link in links if link.article_id}
    write(con, TOUCH_ARTICLES, LINKS, [{"article_id": each, "decided_at": now} for each in sorted(article_ids)])


def add_links(
    con: duckdb.DuckDBPyConnection,
    run_id: str,  # noqa: ARG001 - every write names its run; this one leaves no row that bears it
    outlet_id: str,  # noqa: ARG001 - as above: each link names its outlet
    links: Sequence[Link],
    *,
    now: datetime,
    force: bool = False,
) -> DiscoverCounts:
    """Make links due that were named by hand or found in an archive.

    Args:
        con: The loader's connection.
        run_id: The run.
        outlet_id: Outlet of the links.
        links: The links; a repeated one counts once.
        now: Aware time.
        force: Make known links due too, and have them fetched without validators.

    Returns:
        How many were new, how many became due again (``changed``), and how many were left as they are.
    """
    unique = {link.link_id: link for link in links}
    with transaction(con):
        stored = read_links(con, unique)
        due: dict[str, StoredLink] = {}
        for position, (link_id, link) in enumerate(unique.items()):
            known = stored.get(link_id)
            if known is None:
                due[link_id] = replace(new_link(link, now=now, position=position), is_forced=force)
            elif force or known.was_rejected:
                again = known.due_again(link, now=now, position=position)
                due[link_id] = replace(again, is_forced=force, attempt_count=0, retry_at=None)
        insert_hints(con, (unique[link_id].hints for link_id in due))
        write_links(con, due.values())
    new = sum(link_id not in stored for link_id in due)
    return DiscoverCounts(listed=len(links), new=new, changed=len(due) - new, known=len(unique) - len(due))
