"""Pairs to stories: the origin of every article that a change may concern, written where it is another one now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields

import duckdb
import pyarrow as pa

from warehouse.rows import KEYS, TEXT, Row, arrow_table, columns, read, read_by_keys, registered, write
from warehouse.stories.current import CurrentArticles
from warehouse.stories.members import Member, Names, names_of
from warehouse.stories.origins import (
    Lead,
    Pair,
    Republication,
    credit_between,
    lead_of,
    origin_of,
    rooted,
)
from warehouse.stories.pairs import read_pairs

PLACES = columns(article_id=TEXT, story_id=TEXT)
REPUBLICATIONS = columns(
    copy_article_id=TEXT,
    origin_article_id=TEXT,
    matched_article_id=TEXT,
    origin_reason=TEXT,
    credited_by=TEXT,
    similarity=pa.float64(),
    containment=pa.float64(),
)
READ_OUTLETS = "SELECT outlet_id, name, aliases, COALESCE(hosts, []) AS hosts FROM core.outlets"
READ_MATES = """
    SELECT CAST(o.article_id AS VARCHAR) AS article_id
    FROM core.articles AS o
    WHERE o.story_id IN (
        SELECT a.story_id
        FROM core.articles AS a
        JOIN wanted AS w ON a.article_id = CAST(w.key AS UUID)
        WHERE a.story_id IS NOT NULL
    )
"""
MOVE_ARTICLES = """
    UPDATE core.articles
    SET story_id = CAST(incoming.story_id AS UUID)
    FROM incoming
    WHERE articles.article_id = CAST(incoming.article_id AS UUID)
"""
READ_REPUBLICATIONS = """
    SELECT
        CAST(r.copy_article_id AS VARCHAR) AS copy_article_id,
        CAST(r.origin_article_id AS VARCHAR) AS origin_article_id,
        CAST(r.matched_article_id AS VARCHAR) AS matched_article_id,
        r.origin_reason, r.credited_by, r.similarity, r.containment
    FROM core.republications AS r
    JOIN wanted AS w ON r.copy_article_id = CAST(w.key AS UUID)
"""
FORGET_REPUBLICATIONS = """
    DELETE FROM core.republications WHERE copy_article_id IN (SELECT CAST(key AS UUID) FROM wanted)
"""
UPSERT_REPUBLICATIONS = """
    INSERT INTO core.republications BY NAME
    SELECT
        copy_article_id, origin_article_id, matched_article_id, origin_reason, credited_by, similarity, containment
    FROM incoming
    ON CONFLICT (copy_article_id) DO UPDATE SET
        origin_article_id = excluded.origin_article_id,
        matched_article_id = excluded.matched_article_id,
        origin_reason = excluded.origin_reason,
        credited_by = excluded.credited_by,
        similarity = excluded.similarity,
        containment = excluded.containment
"""
PLAIN_FIELDS = tuple(field.name for field in fields(Member) if field.name not in ("addresses", "agency"))


def regroup(con: duckdb.DuckDBPyConnection, articles: CurrentArticles, article_ids: Iterable[str]) -> None:
    """Work out the stories of some articles, and of all that are in a story with them, anew.

    What an article belongs to follows from the pairs, the times and the source lines alone, whatever the order in
    which articles were loaded. Part of the caller's transaction.
    """
    looked_at = set(article_ids)
    if not looked_at:
        return
    names = outlet_names(con)
    looked_at |= {row["article_id"] for row in read_by_keys(con, READ_MATES, looked_at)}
    pairs = pairs_by_article(read_pairs(con, looked_at))
    members = members_of(articles, looked_at | pairs.keys())
    leads = rooted({each: lead_of(members[each], pairs.get(each, ()), members, names) for each in looked_at})
    origins = {each: origin_of(each, leads) for each in looked_at}
    moved = [each for each in sorted(looked_at) if members[each].story_id != origins[each]]
    write(con, MOVE_ARTICLES, PLACES, [{"article_id": each, "story_id": origins[each]} for each in moved])
    missing = set(origins.values()) - members.keys()
    members |= members_of(articles, missing)
    found = [
        republication_of(lead, members[each], members[origins[each]], names) for each, lead in leads.items() if lead
    ]
    write_republications(con, looked_at, found)


def settle_alone(con: duckdb.DuckDBPyConnection, article_ids: Iterable[str]) -> None:
    """Let new articles that are in no pair be stories of their own: most of a batch, and nothing else depends on them.

    Part of the caller's transaction.
    """
    write(con, MOVE_ARTICLES, PLACES, [{"article_id": each, "story_id": each} for each in sorted(article_ids)])


def pairs_by_article(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """The pairs of each article that is in one."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[pair.first_id].append(pair)
        found[pair.second_id].append(pair)
    return dict(found)


def republication_of(lead: Lead, copy: Member, origin: Member, names: Mapping[str, Names]) -> Republication:
    """The republication of a copy that hangs on ``lead``."""
    return Republication(
        copy_id=copy.article_id,
        origin_id=origin.article_id,
        matched_id=lead.article.article_id,
        reason=lead.reason,
        credit=credit_between(copy, origin, names),
        similarity=lead.pair.similarity,
        containment=lead.pair.containment,
    )


def write_republications(
    con: duckdb.DuckDBPyConnection, looked_at: Iterable[str], found: Iterable[Republication]
) -> None:
    """Write the republications that are new or other, and forget those of articles that are no copies any more."""
    before = {row["copy_article_id"]: row for row in read_by_keys(con, READ_REPUBLICATIONS, looked_at)}
    after = {each.copy_id: republication_row(each) for each in found}
    if gone := sorted(before.keys() - after.keys()):
        with registered(con, wanted=arrow_table(KEYS, [{"key": each} for each in gone])):
            con.execute(FORGET_REPUBLICATIONS)
    changed = [row for copy_id, row in after.items() if before.get(copy_id) != row]
    write(con, UPSERT_REPUBLICATIONS, REPUBLICATIONS, changed)


def republication_row(republication: Republication) -> Row:
    """A row of core.republications."""
    return {
        "copy_article_id": republication.copy_id,
        "origin_article_id": republication.origin_id,
        "matched_article_id": republication.matched_id,
        "origin_reason": republication.reason.value,
        "credited_by": republication.credit.value if republication.credit else None,
        "similarity": republication.similarity,
        "containment": republication.containment,
    }


def members_of(articles: CurrentArticles, article_ids: Iterable[str]) -> dict[str, Member]:
    """Articles by ``article_id``, as far as their origin depends on them."""
    return {article_id: member_from(row) for article_id, row in articles.rows(article_ids).items()}


def member_from(row: Row) -> Member:
    """The member of a row of the current articles."""
    values = {name: row[name] for name in PLAIN_FIELDS}
    addresses = tuple(address for address in (row["normalized_url"], row["canonical_url"]) if address)
    return Member(**values, addresses=addresses, agency=tuple(row["agency"]))


def outlet_names(con: duckdb.DuckDBPyConnection) -> dict[str, Names]:
    """How others name each outlet."""
    return {
        row["outlet_id"]: names_of(row["name"], tuple(row["aliases"]), tuple(row["hosts"]))
        for row in read(con, READ_OUTLETS)
    }
