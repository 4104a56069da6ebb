"""Rules that hold in every warehouse, and that tell when they do not."""

from __future__ import annotations

import duckdb
import pytest
from warehouse_samples import (
    NOW,
    OUTLET,
    RUN,
    at,
    make_capture,
    make_extraction,
    make_failure,
    make_fetch,
    make_link,
    make_outcome,
    make_poll,
    make_verdict,
)

from extractors.errors import Reason
from warehouse.checks import run_checks
from warehouse.fetches import record_fetches
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.sql_files import sql_files
from warehouse.stories.upkeep import catch_up


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """One of everything: loaded, edited, removed, refused, failed, waiting, rejected."""
    advert = make_outcome(Reason.FOREIGN_HOST, url="https://ads.example/x")
    links = [make_link(n) for n in range(1, 8)]
    record_polls(con, RUN, OUTLET, [make_poll(*links, rejected=(advert,), captures=(make_capture("f"),))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch(n) for n in (1, 2, 3, 4)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1), make_extraction(2), make_verdict(3, Reason.EMPTY)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, title="Edited", fetched_at=at(9))], now=at(9))
    failures = [(2, Reason.HTTP_410), (5, Reason.TIMEOUT), (6, Reason.HTTP_403)]
    record_fetches(con, RUN, OUTLET, [make_failure(n, why, when=at(9)) for n, why in failures], now=at(9))
    text = " ".join(f"word{n}" for n in range(40))
    load(con, RUN, OUTLET, [make_extraction(8, text=text), make_extraction(9, text=text)], now=at(9))
    catch_up(con, limit=100)


def test_everything_holds_after_a_day_of_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Each check is run and finds nothing."""
    fill(con)
    results = run_checks(con)
    assert [each.name for each in results] == [file.name for file in sql_files("checks")]
    assert [each for each in results if each.offending_count] == []


BREAKAGES = {
    "article_urls_unique": "UPDATE core.articles SET normalized_url = 'same'",
    "captures_exist": "DELETE FROM raw.captures",
    "changes_follow_revisions": "UPDATE core.revisions SET compared_with = UUID() WHERE kind = 'edit'",
    "current_revisions_exist": "UPDATE core.articles SET current_revision_id = UUID()",
    "facts_match_articles": "UPDATE core.article_facts SET word_count = word_count + 1",
    "identities_lead_to_articles": "DELETE FROM core.identities",
    "links_have_one_state": "UPDATE core.links SET reason = NULL, stage = NULL",
    "republications_fit_stories": "DELETE FROM core.copies",
    "signatures_fit_texts": "UPDATE core.signatures SET text_sha256 = 'another'",
    "stories_have_origins": "UPDATE core.articles SET story_id = UUID() WHERE story_id <> article_id",
    "coverage_adds_up": "UPDATE core.links SET reason = 'polled' WHERE state = 'done'",
    "outcomes_explain_links": "DELETE FROM raw.outcomes WHERE reason = 'empty'",
    "revisions_numbered": "UPDATE core.revisions SET revision_number = revision_number + 1",
    "search_documents_current": "UPDATE core.search_documents SET title = 'Another'",
    "search_places_complete": "DELETE FROM core.search_postings",
    "texts_exist": "DELETE FROM core.texts",
    "texts_keyed": "UPDATE core.texts SET text_number = text_number + 1",
    "times_in_order": "UPDATE core.articles SET last_seen_at = first_seen_at - INTERVAL 1 DAY",
}


FALSE_FACTS = {
    "missing": "DELETE FROM core.article_facts",
    "doubled": "INSERT INTO core.article_facts FROM core.article_facts",
    "of no article": "INSERT INTO core.article_facts SELECT * REPLACE (UUID() AS article_id) FROM core.article_facts",
    "stale": "UPDATE core.article_facts SET authors = ['Somebody']",
    "NULL": "UPDATE core.article_facts SET published_date = NULL",
}


@pytest.mark.parametrize("breakage", FALSE_FACTS.values(), ids=FALSE_FACTS)
def test_facts_that_are_not_the_articles_are_found(con: duckdb.DuckDBPyConnection, breakage: str) -> None:
    """The counting views read the narrow rows alone, so these must be the articles' own, once."""
    fill(con)
    con.execute(breakage)
    assert [each.name for each in run_checks(con) if each.offending_count] == ["facts_match_articles"]


MISCOUNTS = {
    "a link is not counted": "SELECT * REPLACE (discovered - 1 AS discovered, pending - 1 AS pending) FROM kept",
    "a link is counted twice": "SELECT * REPLACE (failed + 1 AS failed) FROM kept",
    "a reason is left out": "SELECT * REPLACE (MAP {} AS reasons) FROM kept",
    "a day is missing": "SELECT * FROM kept WHERE FALSE",
}


@pytest.mark.parametrize("view", MISCOUNTS.values(), ids=MISCOUNTS)
def test_a_view_that_miscounts_is_found(con: duckdb.DuckDBPyConnection, view: str) -> None:
    """The check counts the links itself and believes no column of ``coverage``."""
    fill(con)
    con.execute("CREATE TABLE kept AS FROM main.coverage")
    con.execute(f"CREATE OR REPLACE VIEW main.coverage AS {view}")
    assert [each.name for each in run_checks(con) if each.offending_count] == ["coverage_adds_up"]


def test_each_check_finds_what_it_is_for(con: duckdb.DuckDBPyConnection) -> None:
    """A check that cannot fail checks nothing; the sample shows rows and stays short."""
    fill(con)
    assert sorted(BREAKAGES) == [file.name for file in sql_files("checks")]
    for name, breakage in BREAKAGES.items():
        con.begin()
        con.execute(breakage)
        (result,) = (each for each in run_checks(con) if each.name == name)
        con.rollback()
        assert result.offending_count > 0, name
        assert 0 < len(result.sample) <= 5, name
