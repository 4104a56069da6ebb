"""Takedowns to rows: an article whose address answers 404 or 410 is removed, since when and by which response."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from warehouse.chains import copy_provenance, read_articles, read_chains, write_articles, write_chains
from warehouse.revisions import Revision, current_of, place, removed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """An address that led to an article and is gone; ``capture_id`` is the response that says so, where kept."""

    article_id: str
    link_id: str
    capture_id: str | None
    occurred_at: datetime


def record_removals(con: duckdb.DuckDBPyConnection, run_id: str, removals: Iterable[Removal], *, now: datetime) -> None:
    """Mark articles as removed; one that is removed already keeps its first time.

    An old address that stops working takes nothing down: only the link whose response was loaded last counts. Part
    of the caller's transaction.
    """
    wanted = {removal.article_id: removal for removal in removals}
    articles = read_articles(con, wanted)
    before = read_chains(con, wanted)
    after: dict[str, list[Revision]] = {}
    for article_id, article in articles.items():
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
    write_articles(con, (articles[article_id] for article_id in after))


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
