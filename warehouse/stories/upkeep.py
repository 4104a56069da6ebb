"""Keeping the stories: of a batch that is loaded, and of what was loaded before stories were kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import duckdb

from warehouse.rows import read
from warehouse.stories.current import CurrentArticles
from warehouse.stories.grouping import READ_OUTLETS, regroup, settle_alone
from warehouse.stories.pairs import renew_pairs
from warehouse.stories.signatures import NO_TEXTS, are_of_one_scheme, sign, waiting_articles
from warehouse.transactions import transaction

READ_UPKEEP = "SELECT is_complete, outlets_sha256 FROM core.story_upkeep"
RECORD_COMPLETE = "UPDATE core.story_upkeep SET is_complete = $is_complete WHERE is_complete <> $is_complete"
RECORD_OUTLETS = "UPDATE core.story_upkeep SET outlets_sha256 = $outlets_sha256"
READ_PAIRED = """
    SELECT DISTINCT CAST(article_id AS VARCHAR) AS article_id
    FROM (SELECT first_id AS article_id FROM core.copies UNION ALL SELECT second_id AS article_id FROM core.copies)
    ORDER BY article_id
"""
TOGETHER = 5_000
"""Articles whose credits are read again at once; it bounds the memory."""


def assign_stories(
    con: duckdb.DuckDBPyConnection, article_ids: Iterable[str], texts: Mapping[str, str] = NO_TEXTS
) -> None:
    """Sign what has changed among some articles, compare it, and put everything that this concerns in its story.

    Part of the caller's transaction.

    Args:
        con: The loader's connection.
        article_ids: The articles, in the order in which they are signed.
        texts: Texts by ``text_sha256`` that need not be read.
    """
    ordered, articles = list(dict.fromkeys(article_ids)), CurrentArticles(con)
    wanted = set(ordered)
    signatures = sign(con, articles, ordered, texts)
    paired = renew_pairs(con, articles, signatures)
    alone = {key for key, row in articles.rows(wanted).items() if key not in paired and not row["story_id"]}
    settle_alone(con, alone)
    regroup(con, articles, (wanted | paired) - alone)


def leave_stories(con: duckdb.DuckDBPyConnection) -> None:
    """Note that articles are loaded without stories; part of the caller's transaction."""
    con.execute(RECORD_COMPLETE, {"is_complete": False})


def catch_up(con: duckdb.DuckDBPyConnection, *, limit: int) -> int:
    """Sign articles that have no signature yet, or one of another text or scheme, in one transaction.

    When there are none left, and the outlets' names have changed, read all credits again.

    Args:
        con: The loader's connection.
        limit: Articles at most; a killed run loses no more than these.

    Returns:
        How many were signed; fewer than ``limit`` means that the stories are complete.
    """
    state = read(con, READ_UPKEEP)[0]
    names = outlets_digest(con)
    # Of a million articles, to look at each takes a second.
    is_known = state["is_complete"] and are_of_one_scheme(con)
    waiting = [] if is_known else waiting_articles(con, limit=limit)
    is_complete = len(waiting) < limit
    if not waiting and state == {"is_complete": True, "outlets_sha256": names}:
        return 0
    with transaction(con):
        assign_stories(con, sorted(waiting))
        if is_complete and state["outlets_sha256"] != names:
            paired = [row["article_id"] for row in read(con, READ_PAIRED)]
            for start in range(0, len(paired), TOGETHER):
                regroup(con, CurrentArticles(con), paired[start : start + TOGETHER])
            con.execute(RECORD_OUTLETS, {"outlets_sha256": names})
        con.execute(RECORD_COMPLETE, {"is_complete": is_complete})
    return len(waiting)


def outlets_digest(con: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 over how the outlets are named, in hexadecimal."""
    rows = sorted(read(con, READ_OUTLETS), key=lambda row: str(row["outlet_id"]))
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
