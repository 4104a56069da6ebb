"""Pairs of an article's states to rows of what changed between them: fields, words, passages, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from extractors.records import Credit
from warehouse.history.folding import language_of
from warehouse.history.number_changes import number_changes
from warehouse.history.word_diffs import WordDiff, diff_words
from warehouse.revisions import Content, Revision
from warehouse.rows import INTEGER, TEXT, Row, columns, row_of, write
from warehouse.texts import read_texts

WORDED_FIELDS = ("title", "standfirst", "text")
"""Fields whose changes are told by words, and whose numbers are compared."""

PASSAGES = pa.list_(
    pa.struct([("before", TEXT), ("after", TEXT), ("before_offset", INTEGER), ("after_offset", INTEGER)])
)
CHANGES = columns(
    article_id=TEXT,
    compared_with=TEXT,
    revision_id=TEXT,
    field=TEXT,
    before=TEXT,
    after=TEXT,
    words_added=INTEGER,
    words_removed=INTEGER,
    passages=PASSAGES,
)
NUMBER_CHANGES = columns(
    article_id=TEXT,
    compared_with=TEXT,
    revision_id=TEXT,
    field=TEXT,
    counted=TEXT,
    before=TEXT,
    after=TEXT,
    number_before=pa.float64(),
    number_after=pa.float64(),
    sentence_before=TEXT,
    sentence_after=TEXT,
    before_offset=INTEGER,
    after_offset=INTEGER,
)
INSERT_CHANGES = """
    INSERT INTO core.changes BY NAME
    SELECT
        article_id, compared_with, revision_id, field, before, after, words_added, words_removed, passages
    FROM incoming
"""
INSERT_NUMBER_CHANGES = """
    INSERT INTO core.number_changes BY NAME
    SELECT
        article_id, compared_with, revision_id, field, counted, before, after, number_before, number_after,
        sentence_before, sentence_after, before_offset, after_offset
    FROM incoming
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two states of an article that have content, the later one compared with the earlier one."""

    before: Revision
    after: Revision


def newly_compared(known: Mapping[str, Revision], chains: Iterable[Sequence[Revision]]) -> Iterator[Compared]:
    """The pairs of some chains that were no pairs before.

    A revision that a late capture has moved is compared with another one than before; a pair never comes back, since
    chains only grow.
    """
    for chain in chains:
        by_id = {revision.revision_id: revision for revision in chain}
        for revision in chain:
            earlier = known.get(revision.revision_id)
            if revision.compared_with and (earlier is None or earlier.compared_with != revision.compared_with):
                yield Compared(before=by_id[revision.compared_with], after=revision)


def write_changes(con: duckdb.DuckDBPyConnection, pairs: Iterable[Compared], texts: Mapping[str, str]) -> None:
    """Compute and store what changed between states; part of the caller's transaction.

    Args:
        con: The loader's connection.
        pairs: Pairs that have not been stored.
        texts: Texts that are at hand, by hash; others are read.
    """
    changed = [pair for pair in pairs if pair.after.changed_fields]
    wanted = {sha256 for pair in changed if "text" in pair.after.changed_fields for sha256 in hashes_of(pair)}
    at_hand = {**texts, **read_texts(con, wanted - texts.keys())}
    rows: list[Row] = []
    numbers: list[Row] = []
    for pair in changed:
        for field in pair.after.changed_fields:
            rows.append(change_row(pair, field, at_hand))
            numbers.extend(number_rows(pair, field, at_hand))
    write(con, INSERT_CHANGES, CHANGES, rows)
    write(con, INSERT_NUMBER_CHANGES, NUMBER_CHANGES, numbers)


def hashes_of(pair: Compared) -> Iterator[str]:
    """Hashes of both texts."""
    for revision in (pair.before, pair.after):
        if revision.content is not None:
            yield revision.content.text_sha256


def change_row(pair: Compared, field: str, texts: Mapping[str, str]) -> Row:
    """One changed field as a row; the text's own values are not stored again."""
    before, after = value_of(pair.before.content, field, texts), value_of(pair.after.content, field, texts)
    diff = diff_of(pair, field, before, after)
    return {
        **key_of(pair, field),
        "before": None if field == "text" else before,
        "after": None if field == "text" else after,
        "words_added": diff.words_added if diff else None,
        "words_removed": diff.words_removed if diff else None,
        "passages": [row_of(passage) for passage in diff.passages] if diff else None,
    }


def diff_of(pair: Compared, field: str, before: str | None, after: str | None) -> WordDiff | None:
    """The words that changed; None for fields that are not told by words. Our own re-extraction hides no noise."""
    if field not in WORDED_FIELDS:
        return None
    return diff_words(before or "", after or "", with_noise=pair.after.kind == "reextracted")


def number_rows(pair: Compared, field: str, texts: Mapping[str, str]) -> Iterator[Row]:
    """The numbers of a field that the outlet changed; a re-extraction changes none."""
    before, after = pair.before.content, pair.after.content
    if field not in WORDED_FIELDS or pair.after.kind == "reextracted" or before is None or after is None:
        return
    old, new = value_of(before, field, texts) or "", value_of(after, field, texts) or ""
    for change in number_changes(old, new, language_of(after.language)):
        yield {**key_of(pair, field), **row_of(change)}


def key_of(pair: Compared, field: str) -> Row:
    """What tells one changed field from all others."""
    return {
        "article_id": pair.after.article_id,
        "compared_with": pair.before.revision_id,
        "revision_id": pair.after.revision_id,
        "field": field,
    }


def value_of(content: Content | None, field: str, texts: Mapping[str, str]) -> str | None:
    """A field's value as text: lists joined by semicolons, times in ISO 8601, UTC."""
    if content is None:
        return None
    if field == "text":
        return texts[content.text_sha256]
    value = getattr(content, field)
    if isinstance(value, tuple):
        return "; ".join(f"{each.name} ({each.kind})" if isinstance(each, Credit) else each for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None if value is None else str(value)
