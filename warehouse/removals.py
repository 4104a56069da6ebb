"""Takedowns to rows: an article whose address is gone or emptied is removed, since when and by which response."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import duckdb

from extractors.errors import EMPTIED_REASONS
from warehouse.chains import copy_provenance, read_articles, read_chains, write_articles, write_chains
from warehouse.facts import write_facts
from warehouse.revisions import Revision, current_of, place, removed_at
from warehouse.rows import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """An address that led to an article and is gone; ``capture_id`` is the response that says so, where kept."""

    article_id: str
    link_id: str
    capture_id: str | None
    occurred_at: datetime


FEWEST_DOUBTED = 4
"""So many pages emptied in a day, and more than half of those that were read, are a new design or an outage."""

# The newest answer of each address that led to an article a day ago. A list of what still stands has read no page.
READ_LATELY = """
    SELECT CAST(o.link_id AS VARCHAR) AS link_id, ARG_MAX(o.reason, o.occurred_at) AS reason
    FROM raw.outcomes AS o
    JOIN core.links AS l ON l.link_id = o.link_id
    JOIN core.articles AS a ON a.article_id = l.article_id
    WHERE
        o.outlet_id = $outlet_id
        AND o.occurred_at > $since
        AND (a.removed_at IS NULL OR a.removed_at > $since)
        AND o.reason IN ('loaded', 'revised', 'unchanged', 'not_modified', 'redirected_home', 'soft_404', 'empty')
        AND NOT (o.reason = 'not_modified' AND o.capture_id IS NOT NULL)
    GROUP BY o.link_id
"""


def is_doubtful(
    con: duckdb.DuckDBPyConnection,
    outlet_id: str,
    *,
    emptied: Collection[str],
    read_well: Collection[str],
    now: datetime,
) -> bool:
    """Whether so many pages came out emptied that their outlet, or our reading of it, is what has changed.

    Args:
        con: The loader's connection.
        outlet_id: The outlet.
        emptied: ``link_id`` of pages of a batch that held an article and came out empty or led home.
        read_well: Those of the batch's pages that came out as articles.
        now: Aware time; what was read in the day before counts too.
    """
    if not emptied:
        return False
    rows = read(con, READ_LATELY, {"outlet_id": outlet_id, "since": now - timedelta(days=1)})
    lately = {row["link_id"]: row["reason"] in EMPTIED_REASONS for row in rows}
    lately |= dict.fromkeys(read_well, False) | dict.fromkeys(emptied, True)
    emptied_count = sum(lately.values())
    return emptied_count >= FEWEST_DOUBTED and emptied_count * 2 > len(lately)


def record_removals(con: duckdb.DuckDBPyConnection, run_id: str, removals: Iterable[Removal], *, now: datetime) -> None:
    """Mark articles as removed; one that is removed already keeps its first time.

    An old address that stops working takes nothing down: only the link whose response was loaded last counts. Part
    of the caller's transaction.
    """
    wanted = {removal.article_id: removal for removal in removals}
    known = read_articles(con, wanted)
    articles = dict(known)
    before = read_chains(con, wanted)
    after: dict[str, list[Revision]] = {}
    for article_id, article in known.items():
        removal = wanted[article_id]
        if removal.link_id != article.link_id:
            continue
        chain = place(before[article_id], state_of(removal, run_id, now=now), last=article.last_reading)
        if chain is not None:
            after[article_id] = chain
            current = current_of(chain).revision_id
            articles[article_id] = replace(
                article, removed_at=removed_at(chain), revision_count=len(chain), current_revision_id=current
            )
    copy_provenance(con, write_chains(con, before, after), after)
    removed = {article_id: articles[article_id] for article_id in after}
    write_articles(con, removed.values())
    write_facts(con, known, removed, after, {})


def state_of(removal: Removal, run_id: str, *, now: datetime) -> Revision:
    """The state without content, not yet placed."""
    return Revision(
        revision_id="",
        article_id=removal.article_id,
        revision_number=0,
        kind="removed",
        captured_at=removal.occurred_at,
        loaded_at=now,
        run_id=run_id,
        capture_id=removal.capture_id,
        extractor=None,
        content=None,
    )
