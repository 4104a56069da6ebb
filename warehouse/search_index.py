"""Articles to rows of the search index: each word's places, sorted in segments; always inside somebody's transaction.

What a word is and how it is folded is said once, by macros of ``main`` (``sql/views/080_search_words.sql``); both this
module and the queries use them. An article whose words change gets a new ``doc_id``; what stands under its old one is
found no more, and goes when segments are merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.rows import KEYS, TEXT, TIME, arrow_table, columns, registered, row_of, write
from warehouse.texts import read_texts, text_numbers
from warehouse.transactions import transaction

FOLDING = "1"
"""Version of the macros by which words are found and folded; another one lets every warehouse be indexed anew."""

SEGMENT_ROWS = 4_000_000
"""So many recent places are sorted into a segment: some 12,000 articles, and about a second."""

SEGMENT_DOCUMENTS = 1_000
"""So many articles that come together are a segment of their own, without waiting."""

MERGED_ROWS = 40_000_000
"""So large segments grow by merging: beyond it, a word is hardly found any faster."""

GROWTH = 8
"""So many times as large as the largest of them is what runs merge segments into: places are rarely written again."""

FILL_TEXTS = 5_000
"""Texts that are indexed in one transaction when a warehouse of before gets its index."""

DOCUMENTS = columns(
    article_id=TEXT,
    outlet_id=TEXT,
    language=TEXT,
    dated_at=TIME,
    title=TEXT,
    heading=TEXT,
    text=TEXT,
    text_number=pa.uint32(),
)
DATES = columns(article_id=TEXT, language=TEXT, dated_at=TIME)

FORGET = """
    DELETE FROM core.search_documents
    WHERE article_id IN (SELECT CAST(incoming.key AS UUID) FROM incoming)
"""
REDATE = """
    UPDATE core.search_documents
    SET language = incoming.language, dated_at = incoming.dated_at
    FROM incoming
    WHERE search_documents.article_id = CAST(incoming.article_id AS UUID)
"""
READ_INCOMING = """
    CREATE OR REPLACE TEMP TABLE search_incoming AS
    SELECT
        CAST(NEXTVAL('core.search_doc_ids') AS UINTEGER) AS doc_id,
        i.*,
        REGEXP_EXTRACT_ALL(i.heading, main.search_pattern()) AS heading_tokens,
        REGEXP_EXTRACT_ALL(i.text, main.search_pattern()) AS text_tokens
    FROM incoming AS i
"""
INSERT_DOCUMENTS = """
    INSERT INTO core.search_documents BY NAME
    SELECT
        doc_id,
        CAST(article_id AS UUID) AS article_id,
        outlet_id, language, dated_at, title, text_number,
        LEN(heading_tokens) + LEN(text_tokens) AS token_count
    FROM search_incoming
    ORDER BY doc_id
"""
# Positions 127 and 8191 stay empty, so that no phrase reaches from a heading into the text, or into the next article.
# Words beyond the last position all stand there, once each: they are found, but not in phrases.
INSERT_PLACES = """
    INSERT INTO core.search_postings BY NAME
    WITH placed AS (
        SELECT
            doc_id,
            UNNEST(heading_tokens) AS word,
            LEAST(GENERATE_SUBSCRIPTS(heading_tokens, 1) - 1, 126) AS position
        FROM search_incoming
        UNION ALL
        SELECT
            doc_id,
            UNNEST(text_tokens),
            LEAST(GENERATE_SUBSCRIPTS(text_tokens, 1) + 127, 8190)
        FROM search_incoming
    ),

    keys AS (
        SELECT
            word,
            main.search_key(main.search_fold(word)) AS term_key
        FROM (SELECT DISTINCT word FROM placed)
    ),

    occurrences AS (
        SELECT
            k.term_key,
            p.doc_id * 8192::UBIGINT + CAST(p.position AS UBIGINT) AS place,
            p.position IN (126, 8190) AS is_last
        FROM placed AS p
        JOIN keys AS k ON k.word = p.word
    )

    SELECT term_key, place FROM occurrences WHERE NOT is_last
    UNION ALL
    SELECT DISTINCT term_key, place FROM occurrences WHERE is_last
    ORDER BY term_key, place
"""
READ_RECENT = """
    SELECT
        (SELECT COUNT(*) FROM core.search_postings) - COALESCE(SUM(row_count), 0) AS row_count,
        COALESCE(MAX(last_place), 0) + 1 AS first_place
    FROM core.search_segments
"""
LAST_PLACE = "SELECT MAX(place) FROM core.search_postings WHERE place >= $first_place"
NOTE_INCOMING = """
    INSERT INTO core.search_segments BY NAME
    SELECT
        MIN(doc_id) * 8192::UBIGINT AS first_place,
        MAX(doc_id) * 8192::UBIGINT + 8191 AS last_place,
        CAST($row_count AS UBIGINT) AS row_count
    FROM search_incoming
"""
READ_SEGMENTS = "SELECT first_place, last_place, row_count FROM core.search_segments ORDER BY first_place"
# What stands under a number that no article has any more is left out.
READ_SPAN = """
    CREATE OR REPLACE TEMP TABLE search_span AS
    SELECT p.term_key, p.place
    FROM core.search_postings AS p
    WHERE
        p.place BETWEEN $first_place AND $last_place
        AND CAST(p.place >> 13 AS UINTEGER) IN (SELECT d.doc_id FROM core.search_documents AS d)
"""
FORGET_PLACES = "DELETE FROM core.search_postings WHERE place BETWEEN $first_place AND $last_place"
FORGET_SEGMENTS = "DELETE FROM core.search_segments WHERE first_place BETWEEN $first_place AND $last_place"
INSERT_SPAN = """
    INSERT INTO core.search_postings BY NAME
    SELECT term_key, place
    FROM search_span
    ORDER BY term_key, place
"""
NOTE_SPAN = """
    INSERT INTO core.search_segments BY NAME
    SELECT
        CAST($first_place AS UBIGINT) AS first_place,
        CAST($last_place AS UBIGINT) AS last_place,
        COUNT(*) AS row_count
    FROM search_span
    HAVING COUNT(*) > 0
"""
READ_STATE = "SELECT folding, filled_to, (SELECT COALESCE(MAX(text_number), 0) FROM core.texts) FROM core.search_state"
EMPTY = """
    DELETE FROM core.search_documents;
    DELETE FROM core.search_postings;
    DELETE FROM core.search_segments;
"""
NOTE_STATE = "UPDATE core.search_state SET folding = $folding, filled_to = $filled_to"
READ_OF_BEFORE = """
    CREATE OR REPLACE TEMP TABLE search_of_before AS
    SELECT
        a.article_id,
        a.outlet_id,
        r.language,
        COALESCE(r.published_at, a.first_seen_at) AS dated_at,
        COALESCE(r.title, '') AS title,
        CONCAT_WS(CHR(10), r.kicker, r.title, r.standfirst) AS heading,
        t.text,
        t.text_number
    FROM core.texts AS t
    JOIN core.revisions AS r ON r.text_sha256 = t.text_sha256
    JOIN core.articles AS a ON a.current_revision_id = r.revision_id
    WHERE
        t.text_number > $filled_to
        AND t.text_number <= $until
        AND NOT EXISTS (SELECT 1 FROM core.search_documents AS d WHERE d.article_id = a.article_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """An article as it is to be found. ``heading`` is what stands above its text, one part a line.

    ``text`` may be None where the text has been in the warehouse for longer.
    """

    article_id: str
    outlet_id: str
    language: str | None
    dated_at: datetime
    title: str
    heading: str
    text_sha256: str
    text: str | None


def index_articles(
    con: duckdb.DuckDBPyConnection, documents: Sequence[SearchDocument], *, known: Iterable[str]
) -> None:
    """Put articles into the index, each in place of its earlier state; part of the caller's transaction.

    Args:
        con: The loader's connection.
        documents: The articles; their texts are in core.texts.
        known: ``article_id`` of those that may be in the index already.
    """
    if not documents:
        return
    write(con, FORGET, KEYS, [{"key": article_id} for article_id in sorted(set(known))])
    numbers = text_numbers(con, {document.text_sha256 for document in documents})
    missing = read_texts(con, {document.text_sha256 for document in documents if document.text is None})
    rows = [
        {
            **row_of(document),
            "text": missing[document.text_sha256] if document.text is None else document.text,
            "text_number": numbers[document.text_sha256],
        }
        for document in documents
    ]
    with registered(con, incoming=arrow_table(DOCUMENTS, rows)):
        insert_incoming(con)


def update_dates(con: duckdb.DuckDBPyConnection, documents: Sequence[SearchDocument]) -> None:
    """Note another language or time of articles whose words are the same; part of the caller's transaction."""
    write(con, REDATE, DATES, [row_of(document) for document in documents])


def fill_index(con: duckdb.DuckDBPyConnection) -> None:
    """Index what was loaded before there was an index, or under other rules; does nothing where that is done.

    A transaction for some thousand texts each, so that who is stopped goes on from there.
    """
    state = one_row(con, READ_STATE)
    folding, filled_to, last = str(state[0]), state[1], int(state[2])
    if folding != FOLDING:
        with transaction(con):
            con.execute(EMPTY)
            filled_to = 0 if last else None
            con.execute(NOTE_STATE, {"folding": FOLDING, "filled_to": filled_to})
    while filled_to is not None:
        until = filled_to + FILL_TEXTS
        with transaction(con):
            con.execute(READ_OF_BEFORE, {"filled_to": filled_to, "until": until})
            with standing_in(con, "search_of_before"):
                insert_incoming(con)
            filled_to = until if until < last else None
            con.execute(NOTE_STATE, {"folding": FOLDING, "filled_to": filled_to})


def merge_segments(con: duckdb.DuckDBPyConnection, *, growth: int = 1) -> int:
    """Merge neighboring small segments into a large one, and leave out what is found no more.

    One merge at most, in a transaction of its own; call it again while it does something. A segment of ``MERGED_ROWS``
    takes some 20 s.

    Args:
        con: The loader's connection.
        growth: How many times as large as the largest of them the merged segment must be at least.

    Returns:
        How many segments were merged.
    """
    segments = [(int(first), int(last), int(rows)) for first, last, rows in con.execute(READ_SEGMENTS).fetchall()]
    run = longest_run(segments, growth=growth)
    if len(run) < 2:
        return 0
    with transaction(con):
        sort_span(con, first_place=run[0][0], last_place=run[-1][1])
    return len(run)


def longest_run(segments: Sequence[tuple[int, int, int]], *, growth: int) -> Sequence[tuple[int, int, int]]:
    """The most neighbors among (first place, last place, rows) that fit into one large segment together."""
    best: Sequence[tuple[int, int, int]] = ()
    for start in range(len(segments)):
        total = largest = 0
        for end, (_, _, rows) in enumerate(segments[start:], start=start + 1):
            total, largest = total + rows, max(largest, rows)
            if total > MERGED_ROWS:
                break
            if total >= growth * largest and end - start > len(best):
                best = segments[start:end]
    return best


def insert_incoming(con: duckdb.DuckDBPyConnection) -> None:
    """Index the rows of ``incoming``; many of them become a segment at once, few wait among the recent ones."""
    con.execute(READ_INCOMING)
    con.execute(INSERT_DOCUMENTS)
    (count,) = one_row(con, "SELECT COUNT(*) FROM search_incoming")
    is_segment = count >= SEGMENT_DOCUMENTS
    sort_recent(con, least=1 if is_segment else SEGMENT_ROWS)
    if count:
        (row_count,) = one_row(con, INSERT_PLACES)
        if is_segment:
            con.execute(NOTE_INCOMING, {"row_count": row_count})
    con.execute("DROP TABLE search_incoming")


def sort_recent(con: duckdb.DuckDBPyConnection, *, least: int) -> None:
    """Sort what is in no segment yet into one, when it is at least so many rows."""
    row_count, first_place = one_row(con, READ_RECENT)
    if row_count >= least:
        (last_place,) = one_row(con, LAST_PLACE, {"first_place": first_place})
        sort_span(con, first_place=int(first_place), last_place=int(last_place))


def sort_span(con: duckdb.DuckDBPyConnection, *, first_place: int, last_place: int) -> None:
    """Make one sorted segment of everything from one place to another."""
    bounds = {"first_place": first_place, "last_place": last_place}
    con.execute(READ_SPAN, bounds)
    con.execute(FORGET_PLACES, bounds)
    con.execute(FORGET_SEGMENTS, bounds)
    con.execute(INSERT_SPAN)
    con.execute(NOTE_SPAN, bounds)
    con.execute("DROP TABLE search_span")


@contextmanager
def standing_in(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[None]:
    """Let a temporary table be read as ``incoming`` for the length of a block; it is gone afterwards."""
    # DDL takes no parameters for names; this one stands in the code that calls.
    con.execute(f"CREATE OR REPLACE TEMP VIEW incoming AS FROM {table}")
    yield
    con.execute("DROP VIEW incoming")
    con.execute(f"DROP TABLE {table}")


def one_row(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """The one row that a statement gives."""
    row: tuple[Any, ...] | None = con.execute(sql, dict(parameters or {})).fetchone()
    assert row is not None
    return row
