"""Extractions to articles, revisions, texts, provenance, outcomes and link states, in one transaction a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import duckdb

from extractors.errors import EMPTIED_REASONS, TAKEDOWN_REASONS, Reason
from extractors.records import Extraction, Outcome, Stage
from warehouse.books import Books, names_of
from warehouse.chains import StoredArticle, copy_provenance, read_articles, read_chains, write_articles, write_chains
from warehouse.facts import write_facts
from warehouse.further_pages import page_counts
from warehouse.links import StoredLink, read_links, write_links
from warehouse.outcomes import insert_outcomes
from warehouse.removals import Removal, is_doubtful, record_removals
from warehouse.revisions import Revision, text_sha256
from warehouse.rows import TEXT, columns, insert_captures, read_by_keys, write, write_records
from warehouse.search_documents import index_changes
from warehouse.stories.upkeep import assign_stories, leave_stories
from warehouse.texts import insert_texts, read_texts, write_stubs
from warehouse.transactions import transaction

IDENTITIES = columns(identity_id=TEXT, outlet_id=TEXT, identity=TEXT, article_id=TEXT)
PROVENANCE = columns(revision_id=TEXT, field=TEXT, source=TEXT, raw=TEXT)
READ_IDENTITIES = """
    SELECT CAST(i.identity_id AS VARCHAR) AS identity_id, CAST(i.article_id AS VARCHAR) AS article_id
    FROM core.identities AS i
    JOIN wanted AS w ON i.identity_id = CAST(w.key AS UUID)
"""
INSERT_IDENTITIES = """
    INSERT INTO core.identities BY NAME
    SELECT identity_id, outlet_id, identity, article_id
    FROM incoming
    ON CONFLICT DO NOTHING
"""
INSERT_PROVENANCE = """
    INSERT INTO core.provenance BY NAME
    SELECT revision_id, field, source, raw
    FROM incoming
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCounts:
    """What a batch brought; ``no_article`` counts the rest by reason.

    ``doubted`` counts pages among those that held an article before, when so many came out emptied that none is taken
    for a takedown.
    """

    loaded: int = 0
    revised: int = 0
    unchanged: int = 0
    no_article: dict[Reason, int] = field(default_factory=dict)
    doubted: int = 0


def load(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    outlet_id: str,
    extractions: Sequence[Extraction],
    *,
    now: datetime,
    keeps_stories: bool = True,
) -> LoadCounts:
    """Load a batch in one transaction; loading it again changes nothing.

    An article that is known under its id or its normalized URL gets a revision when its content differs from its
    neighbors in time. Pages that are no article leave an outcome; where one was before, and nothing or the home page
    is now, it is marked as removed.

    Args:
        con: The loader's connection.
        run_id: The run.
        outlet_id: Outlet of the extractions.
        extractions: In any order; they are taken in that of their captures.
        now: Aware time of the load.
        keeps_stories: Whether new and revised articles are put in their stories; without, a later run does it.

    Returns:
        Counts by what became of each extraction.
    """
    groups = {outlet_id: extractions}
    return load_outlets(con, run_id, groups, now=now, keeps_stories=keeps_stories)[outlet_id]


def load_outlets(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    groups: Mapping[str, Sequence[Extraction]],
    *,
    now: datetime,
    keeps_stories: bool = True,
) -> dict[str, LoadCounts]:
    """Load extractions of several outlets in one transaction, as ``load`` does those of one after the other.

    A transaction costs more than the rows of some articles: an archive of others may hold a page each of hundreds.

    Args:
        con: The loader's connection.
        run_id: The run.
        groups: Extractions by ``outlet_id``.
        now: Aware time of the load.
        keeps_stories: As in ``load``.

    Returns:
        Counts by ``outlet_id``.
    """
    ordered = {outlet_id: in_order(group) for outlet_id, group in groups.items()}
    extractions = [each for group in ordered.values() for each in group]
    outcomes: dict[str, list[Outcome]] = {}
    removals: list[Removal] = []
    doubted_counts: dict[str, int] = {}
    with transaction(con):
        books = open_books(con, extractions)
        before = {article_id: list(chain) for article_id, chain in books.chains.items()}
        known = dict(books.articles)
        for outlet_id, group in ordered.items():
            emptied = {each.link_id: each for each in group if is_emptied(books.links.get(each.link_id), each)}
            read_well = {each.link_id for each in group if each.article}
            doubted = is_doubtful(con, outlet_id, emptied=emptied, read_well=read_well, now=now)
            doubted_counts[outlet_id] = len(emptied) if doubted else 0
            outcomes[outlet_id] = [
                enter(books, each, outlet_id, run_id=run_id, now=now, is_doubtful=doubted and each.link_id in emptied)
                for each in group
            ]
            removals += [] if doubted else removals_of(emptied.values(), books.links)
        insert_captures(con, run_id, (extraction.capture for extraction in extractions))
        write_books(con, books, before, known)
        write_stubs(con, extractions)
        record_removals(con, run_id, removals, now=now)
        insert_outcomes(con, run_id, [each for group in outcomes.values() for each in group])
        if keeps_stories:
            texts = {text_sha256(article.text): article.text for article in books.read.values()}
            assign_stories(con, in_order_of(groups, retold(known, books.changed)), texts)
        else:
            leave_stories(con)
    return {outlet_id: counts_of(group, doubted=doubted_counts[outlet_id]) for outlet_id, group in outcomes.items()}


def in_order(extractions: Iterable[Extraction]) -> list[Extraction]:
    """Extractions in the order of their captures."""
    return sorted(extractions, key=lambda each: (each.capture.fetched_at, each.capture.capture_id))


def enter(
    books: Books, extraction: Extraction, outlet_id: str, *, run_id: str, now: datetime, is_doubtful: bool
) -> Outcome:
    """Enter one extraction, and what becomes of its link."""
    reason, article_id = judge(books, extraction, run_id=run_id, now=now)
    outcome = outcome_of(extraction, outlet_id, reason, article_id, now=now)
    link = books.links.get(extraction.link_id) or unlisted_link(extraction, outlet_id, now=now)
    captured_at = extraction.capture.fetched_at
    books.links[link.link_id] = after_load(link, outcome, captured_at=captured_at, is_doubtful=is_doubtful)
    return outcome


def counts_of(outcomes: Iterable[Outcome], *, doubted: int) -> LoadCounts:
    """What an outlet's extractions brought."""
    counts = Counter(outcome.reason for outcome in outcomes)
    loaded, revised, unchanged = (counts.pop(each, 0) for each in (Reason.LOADED, Reason.REVISED, Reason.UNCHANGED))
    return LoadCounts(loaded=loaded, revised=revised, unchanged=unchanged, no_article=dict(counts), doubted=doubted)


def retold(before: Mapping[str, StoredArticle], after: Mapping[str, StoredArticle]) -> list[StoredArticle]:
    """Articles whose place in a story may be another one now: new, with another content, or seen earlier."""
    return [
        article
        for article_id, article in after.items()
        if (known := before.get(article_id)) is None
        or known.current_revision_id != article.current_revision_id
        or known.first_seen_at != article.first_seen_at
    ]


def in_order_of(outlet_ids: Iterable[str], articles: Iterable[StoredArticle]) -> list[str]:
    """Ids of articles as they come when the outlets are loaded one after the other."""
    places = {outlet_id: place for place, outlet_id in enumerate(outlet_ids)}
    ordered = sorted(articles, key=lambda each: (places.get(each.outlet_id, 0), each.article_id))
    return [article.article_id for article in ordered]


def is_emptied(link: StoredLink | None, extraction: Extraction) -> bool:
    """Whether a page that was just fetched held an article before and holds nothing now.

    History and re-extractions say nothing of today; what was taken down earlier is no news.
    """
    if extraction.reason not in EMPTIED_REASONS or link is None or link.article_id is None:
        return False
    if link.reason in TAKEDOWN_REASONS:
        return False
    return link.state == "fetched" and link.capture_id == extraction.capture.capture_id


def removals_of(emptied: Iterable[Extraction], links: Mapping[str, StoredLink]) -> Iterator[Removal]:
    """The takedowns that emptied pages tell of."""
    for extraction in emptied:
        if article_id := links[extraction.link_id].article_id:
            yield Removal(
                article_id=article_id,
                link_id=extraction.link_id,
                capture_id=extraction.capture.capture_id,
                occurred_at=extraction.capture.fetched_at,
            )


def open_books(con: duckdb.DuckDBPyConnection, extractions: Sequence[Extraction]) -> Books:
    """Read what the warehouse knows of a batch."""
    wanted = [name for each in extractions if each.article for name in names_of(each.article)]
    names = {row["identity_id"]: row["article_id"] for row in read_by_keys(con, READ_IDENTITIES, wanted)}
    chains = read_chains(con, names.values())
    is_any_incomplete = any(each.article and not each.article.is_complete for each in extractions)
    shown = (state.capture_id for chain in chains.values() for state in chain if state.capture_id)
    return Books(
        names=names,
        articles=read_articles(con, names.values()),
        chains=chains,
        page_counts=page_counts(con, shown) if is_any_incomplete else {},
        links=read_links(con, (each.link_id for each in extractions)),
        texts=read_texts(con, texts_to_compare(extractions, names, chains)),
    )


def texts_to_compare(
    extractions: Iterable[Extraction], names: Mapping[str, str], chains: Mapping[str, Sequence[Revision]]
) -> Iterator[str]:
    """Hashes of the stored texts of each article whose text came out differently: noise is told by the words."""
    for article in (each.article for each in extractions if each.article):
        for article_id in {names[name] for name in names_of(article) if name in names}:
            known = {each.content.text_sha256 for each in chains.get(article_id, ()) if each.content}
            if known and text_sha256(article.text) not in known:
                yield from known


def judge(books: Books, extraction: Extraction, *, run_id: str, now: datetime) -> tuple[Reason, str | None]:
    """What becomes of one extraction, and the article that it belongs to."""
    if extraction.article is None:
        return extraction.reason or Reason.EXTRACT_ERROR, None
    return books.enter(extraction, extraction.article, run_id=run_id, now=now)


def write_books(
    con: duckdb.DuckDBPyConnection,
    books: Books,
    before: Mapping[str, Sequence[Revision]],
    known: Mapping[str, StoredArticle],
) -> None:
    """Write everything that a batch changed."""
    word_counts = insert_texts(con, books.fresh_texts)
    new = write_chains(con, before, books.chains, books.texts)
    told = [revision for revision in new if revision.revision_id in books.read]
    provenance = [each for revision in told for each in books.read[revision.revision_id].provenance]
    owners = [revision.revision_id for revision in told for _ in books.read[revision.revision_id].provenance]
    write_records(con, INSERT_PROVENANCE, PROVENANCE, provenance, revision_id=owners)
    copy_provenance(con, [each for each in new if each.revision_id not in books.read], books.chains)
    write(con, INSERT_IDENTITIES, IDENTITIES, list(books.named.values()))
    write_articles(con, books.changed.values())
    write_facts(con, known, books.changed, books.chains, word_counts)
    index_changes(con, books.changed.values(), before, books.chains, books.read)
    write_links(con, books.links.values())


def unlisted_link(extraction: Extraction, outlet_id: str, *, now: datetime) -> StoredLink:
    """A link for a capture that came without one, so that coverage counts it."""
    article = extraction.article
    return StoredLink(
        link_id=extraction.link_id,
        outlet_id=outlet_id,
        normalized_url=article.normalized_url if article else None,
        requested_url=extraction.capture.requested_url,
        source_id=None,
        hint_id=None,
        first_seen_at=now,
        queued_at=now,
        state="fetched",
    )


def after_load(link: StoredLink, outcome: Outcome, *, captured_at: datetime, is_doubtful: bool = False) -> StoredLink:
    """State of a link after one of its captures was extracted and loaded.

    A link that is due stays due, and one of which another response waits goes on waiting. A capture from before the
    link was decided (history) changes what became of it only by bringing its first article.
    """
    is_its_own = link.capture_id in (None, outcome.capture_id)
    is_history = not is_its_own and link.decided_at is not None and captured_at < link.decided_at
    keeps_loaded = outcome.article_id is None or (is_history and link.loaded_capture_id is not None)
    read = replace(
        link,
        capture_id=link.capture_id or outcome.capture_id,
        loaded_capture_id=link.loaded_capture_id if keeps_loaded else outcome.capture_id,
        extracted_at=outcome.occurred_at,
        article_id=outcome.article_id or link.article_id,
    )
    waits = link.state == "pending" or (link.state == "fetched" and not is_its_own)
    brings_nothing = is_history and (outcome.article_id is None or link.article_id is not None)
    if waits or brings_nothing:
        return read
    return read.decided(outcome.stage, outcome.reason, now=outcome.occurred_at, is_doubtful=is_doubtful)


def outcome_of(
    extraction: Extraction, outlet_id: str, reason: Reason, article_id: str | None, *, now: datetime
) -> Outcome:
    """The outcome of one extraction; what has no article ended in the extract stage."""
    return Outcome(
        outlet_id=outlet_id,
        stage=Stage.LOAD if article_id else Stage.EXTRACT,
        requested_url=extraction.capture.requested_url,
        reason=reason,
        occurred_at=now,
        detail=extraction.detail,
        http_status=extraction.capture.http_status,
        link_id=extraction.link_id,
        capture_id=extraction.capture.capture_id,
        article_id=article_id,
    )
