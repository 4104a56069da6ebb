"""Articles and their chains of revisions, read from and written to ``core``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from extractors.records import Credit, CreditKind
from warehouse.changes import newly_compared, write_changes
from warehouse.revisions import CONTENT_FIELDS, LIST_FIELDS, Content, Reading, Revision
from warehouse.rows import INTEGER, STRINGS, TEXT, TIME, columns, read_by_keys, write_records

CREDITS = pa.list_(pa.struct([("name", TEXT), ("kind", TEXT)]))
REVISIONS = columns(
    revision_id=TEXT,
    article_id=TEXT,
    revision_number=INTEGER,
    kind=TEXT,
    compared_with=TEXT,
    changed_fields=STRINGS,
    captured_at=TIME,
    loaded_at=TIME,
    run_id=TEXT,
    capture_id=TEXT,
    extractor=TEXT,
    title=TEXT,
    kicker=TEXT,
    standfirst=TEXT,
    dateline=TEXT,
    text_sha256=TEXT,
    corrections=TEXT,
    byline=TEXT,
    authors=STRINGS,
    credits=CREDITS,
    agency=STRINGS,
    published_at=TIME,
    published_precision=TEXT,
    modified_at=TIME,
    canonical_url=TEXT,
    language=TEXT,
    languages=STRINGS,
    declared_language=TEXT,
    section=TEXT,
    tags=STRINGS,
    image_url=TEXT,
    image_caption=TEXT,
    image_credit=TEXT,
    original_publisher=TEXT,
    original_url=TEXT,
    has_disclaimer=pa.bool_(),
    is_free=pa.bool_(),
    is_complete=pa.bool_(),
)
ARTICLES = columns(
    article_id=TEXT,
    outlet_id=TEXT,
    identity=TEXT,
    normalized_url=TEXT,
    link_id=TEXT,
    current_revision_id=TEXT,
    revision_count=INTEGER,
    modified_at=TIME,
    first_seen_at=TIME,
    last_seen_at=TIME,
    last_captured_at=TIME,
    last_capture_id=TEXT,
    last_extractor=TEXT,
    removed_at=TIME,
)
READ_REVISIONS = """
    SELECT
        CAST(r.revision_id AS VARCHAR) AS revision_id,
        CAST(r.article_id AS VARCHAR) AS article_id,
        r.revision_number, r.kind,
        CAST(r.compared_with AS VARCHAR) AS compared_with,
        r.changed_fields, r.captured_at, r.loaded_at, r.run_id,
        CAST(r.capture_id AS VARCHAR) AS capture_id,
        r.extractor, r.title, r.kicker, r.standfirst, r.dateline, r.text_sha256, r.corrections,
        r.byline, r.authors, COALESCE(r.credits, []) AS credits, COALESCE(r.agency, []) AS agency,
        r.published_at, r.published_precision, r.modified_at, r.canonical_url,
        r.language, COALESCE(r.languages, []) AS languages, r.declared_language,
        r.section, r.tags, r.image_url, r.image_caption, r.image_credit,
        r.original_publisher, r.original_url, r.has_disclaimer, r.is_free, r.is_complete
    FROM core.revisions AS r
    JOIN wanted AS w ON r.article_id = CAST(w.key AS UUID)
    ORDER BY r.article_id, r.revision_number
"""
INSERT_REVISIONS = """
    INSERT INTO core.revisions BY NAME
    SELECT
        revision_id, article_id, revision_number, kind, compared_with, changed_fields, captured_at, loaded_at,
        run_id, capture_id, extractor, title, kicker, standfirst, dateline, text_sha256, corrections,
        byline, authors, credits, agency,
        published_at, published_precision, modified_at, canonical_url, language, languages, declared_language,
        section, tags, image_url, image_caption, image_credit,
        original_publisher, original_url, has_disclaimer, is_free, is_complete
    FROM incoming
"""
# Only the place in time moves, never the content.
MOVE_REVISIONS = """
    UPDATE core.revisions
    SET
        revision_number = incoming.revision_number,
        kind = incoming.kind,
        compared_with = CAST(incoming.compared_with AS UUID),
        changed_fields = incoming.changed_fields
    FROM incoming
    WHERE revisions.revision_id = CAST(incoming.revision_id AS UUID)
"""
READ_ARTICLES = """
    SELECT
        CAST(a.article_id AS VARCHAR) AS article_id,
        a.outlet_id, a.identity, a.normalized_url,
        CAST(a.link_id AS VARCHAR) AS link_id,
        CAST(a.current_revision_id AS VARCHAR) AS current_revision_id,
        a.revision_count, a.modified_at, a.first_seen_at, a.last_seen_at, a.last_captured_at,
        CAST(a.last_capture_id AS VARCHAR) AS last_capture_id,
        a.last_extractor, a.removed_at
    FROM core.articles AS a
    JOIN wanted AS w ON a.article_id = CAST(w.key AS UUID)
"""
UPSERT_ARTICLES = """
    INSERT INTO core.articles BY NAME
    SELECT
        article_id, outlet_id, identity, normalized_url, link_id, current_revision_id, revision_count,
        modified_at, first_seen_at, last_seen_at, last_captured_at, last_capture_id, last_extractor, removed_at
    FROM incoming
    ON CONFLICT (article_id) DO UPDATE SET
        normalized_url = excluded.normalized_url,
        link_id = excluded.link_id,
        current_revision_id = excluded.current_revision_id,
        revision_count = excluded.revision_count,
        modified_at = excluded.modified_at,
        first_seen_at = excluded.first_seen_at,
        last_seen_at = excluded.last_seen_at,
        last_captured_at = excluded.last_captured_at,
        last_capture_id = excluded.last_capture_id,
        last_extractor = excluded.last_extractor,
        removed_at = excluded.removed_at
"""
COPY_PROVENANCE = """
    INSERT INTO core.provenance BY NAME
    SELECT $revision_id AS revision_id, field, source, raw
    FROM core.provenance
    WHERE revision_id = CAST($origin_id AS UUID)
"""
PLACE_FIELDS = tuple(field.name for field in fields(Revision) if field.name != "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """A row of core.articles; what each field means stands in the comments of its migration."""

    article_id: str
    outlet_id: str
    identity: str
    normalized_url: str
    link_id: str
    current_revision_id: str
    revision_count: int
    modified_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    last_captured_at: datetime
    last_capture_id: str
    last_extractor: str | None
    removed_at: datetime | None

    @property
    def last_reading(self) -> Reading:
        """The newest capture that the article was loaded from."""
        return Reading(
            capture_id=self.last_capture_id, captured_at=self.last_captured_at, extractor=self.last_extractor
        )


def read_articles(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, StoredArticle]:
    """The known ones of some articles, by ``article_id``."""
    return {row["article_id"]: StoredArticle(**row) for row in read_by_keys(con, READ_ARTICLES, article_ids)}


def write_articles(con: duckdb.DuckDBPyConnection, articles: Iterable[StoredArticle]) -> None:
    """Insert or update articles; part of the caller's transaction."""
    write_records(con, UPSERT_ARTICLES, ARTICLES, list(articles))


def read_chains(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, list[Revision]]:
    """Revisions of each article in their order; an unknown article has none."""
    chains: dict[str, list[Revision]] = defaultdict(list)
    for row in read_by_keys(con, READ_REVISIONS, article_ids):
        chains[row["article_id"]].append(revision_from(row))
    return chains


def write_chains(
    con: duckdb.DuckDBPyConnection,
    before: Mapping[str, Sequence[Revision]],
    after: Mapping[str, Sequence[Revision]],
    texts: Mapping[str, str] | None = None,
) -> list[Revision]:
    """Insert the revisions that are new, move those whose place has changed, and store what they changed.

    Args:
        con: The loader's connection.
        before: The chains as they are stored.
        after: The chains as they are now.
        texts: Texts that are at hand, by hash.

    Returns:
        The new ones.
    """
    known = {revision.revision_id: revision for chain in before.values() for revision in chain}
    everything = [revision for chain in after.values() for revision in chain]
    new = [revision for revision in everything if revision.revision_id not in known]
    moved = [each for each in everything if each.revision_id in known and known[each.revision_id] != each]
    write_records(con, INSERT_REVISIONS, REVISIONS, new, **content_columns(new))
    write_records(con, MOVE_REVISIONS, REVISIONS, moved, **content_columns(moved))
    write_changes(con, newly_compared(known, after.values()), texts or {})
    return new


def copy_provenance(
    con: duckdb.DuckDBPyConnection, revisions: Iterable[Revision], chains: Mapping[str, Sequence[Revision]]
) -> None:
    """Give states that were seen again the provenance of the revision that showed them first."""
    for revision in revisions:
        if revision.content is not None:
            origin = next(each for each in chains[revision.article_id] if each.content == revision.content)
            con.execute(COPY_PROVENANCE, {"revision_id": revision.revision_id, "origin_id": origin.revision_id})


def revision_from(row: Mapping[str, Any]) -> Revision:
    """The revision of a row of READ_REVISIONS; a list that was not read yet when it was loaded is empty."""
    values = {name: row[name] for name in CONTENT_FIELDS}
    lists = {name: tuple(row[name] or ()) for name in LIST_FIELDS}
    lists["credits"] = tuple(credit_from(each) for each in row["credits"] or ())
    places = {name: row[name] for name in PLACE_FIELDS}
    return Revision(
        **{**places, "changed_fields": tuple(row["changed_fields"]), "languages": tuple(row["languages"] or ())},
        content=Content(**{**values, **lists}) if row["kind"] != "removed" else None,
    )


def credit_from(value: Mapping[str, str]) -> Credit:
    """The credit of an element of ``core.revisions.credits``."""
    return Credit(name=value["name"], kind=CreditKind(value["kind"]))


def content_columns(revisions: Sequence[Revision]) -> dict[str, list[Any]]:
    """The columns of what revisions say; without content their lists are empty and their flags plain."""
    plain: dict[str, Any] = {**{name: [] for name in LIST_FIELDS}, "has_disclaimer": False, "is_free": True}
    columns_of_content = {
        name: [
            plain.get(name) if revision.content is None else getattr(revision.content, name) for revision in revisions
        ]
        for name in CONTENT_FIELDS
    }
    credits_of = [revision.content.credits if revision.content else () for revision in revisions]
    credited = [[{"name": each.name, "kind": each.kind.value} for each in row] for row in credits_of]
    return {**columns_of_content, "credits": credited}
