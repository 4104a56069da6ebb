"""What somebody else's archive says of links that are known already: nothing that is due or waits may be lost by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
import pytest
from warehouse_samples import (
    NOW,
    OUTLET,
    RUN,
    SITE,
    ask,
    at,
    column,
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
from extractors.records import FetchResult
from warehouse.checks import run_checks
from warehouse.load import load
from warehouse.state import add_links, due_links, fetched_links, record_fetches, record_polls

OLD = at(-100_000)


def find_in_archive(con: duckdb.DuckDBPyConnection, result: FetchResult, *, now: datetime) -> None:
    """Record a response of an archive of others, as a backfill does."""
    record_fetches(con, "backfill", OUTLET, [result], now=now, is_history=True)


def the_link(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The one link."""
    (row,) = ask(con, "FROM core.links")
    return row


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Every rule of the warehouse holds."""
    assert [result for result in run_checks(con) if result.offending_count] == []


def test_a_due_link_stays_due(con: duckdb.DuckDBPyConnection) -> None:
    """An old copy is loaded, and the page is fetched all the same: the outlet may say something else by now."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link())], now=NOW)
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    load(con, "backfill", OUTLET, [make_extraction(fetched_at=OLD)], now=at(1))
    assert column(con, "SELECT title FROM articles") == ["Story 1"]
    assert len(due_links(con, OUTLET, limit=None, now=at(2))) == 1
    check(con)


def test_an_edit_that_was_announced_is_still_fetched(con: duckdb.DuckDBPyConnection) -> None:
    """The source said that a loaded article changed; a backfill in between does not use that up."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link())], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_extraction()], now=NOW)
    record_polls(con, "run-2", OUTLET, [make_poll(make_link(title="Story 1, corrected"))], now=at(5))
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(6))
    load(con, "backfill", OUTLET, [make_extraction(fetched_at=OLD)], now=at(6))
    (due,) = due_links(con, OUTLET, limit=None, now=at(7))
    assert due.validators == make_capture().validators
    check(con)


def test_a_response_that_waits_is_not_put_aside(con: duckdb.DuckDBPyConnection) -> None:
    """A killed run's page is extracted by the next run, whatever a backfill loads of that address in between."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link())], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    load(con, "backfill", OUTLET, [make_extraction(fetched_at=OLD, title="As it was")], now=at(1))
    ((capture, _, _),) = fetched_links(con, OUTLET)
    assert capture.fetched_at == NOW
    load(con, RUN, OUTLET, [make_extraction()], now=at(2))
    assert column(con, "SELECT title FROM revisions ORDER BY revision_number") == ["As it was", "Story 1"]
    assert column(con, "SELECT state FROM links") == ["done"]
    check(con)


@pytest.mark.parametrize("reason", [Reason.ARCHIVE_ERROR, Reason.TRUNCATED_BODY, Reason.TOO_LARGE])
def test_a_damaged_record_makes_nothing_due(con: duckdb.DuckDBPyConnection, reason: Reason) -> None:
    """The page of a record that cannot be read is not fetched from an outlet that may be nobody's: it is an outcome."""
    find_in_archive(con, make_failure(1, reason), now=NOW)
    link = the_link(con)
    assert (link["state"], link["reason"], link["retry_at"]) == ("done", reason, None)
    assert column(con, "SELECT reason FROM outcomes") == [reason]
    check(con)


@pytest.mark.parametrize("reason", [Reason.ARCHIVE_ERROR, Reason.EXCLUDED_URL, Reason.HTTP_404])
def test_a_failure_in_the_archive_says_nothing_of_a_loaded_link(con: duckdb.DuckDBPyConnection, reason: Reason) -> None:
    """What became of the link stays, and the article is not taken down; the attempt has its outcome."""
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_extraction()], now=NOW)
    before = the_link(con)
    find_in_archive(con, make_failure(1, reason, when=at(9)), now=at(9))
    assert the_link(con) == before
    assert column(con, "SELECT removed_at FROM articles") == [None]
    assert column(con, "SELECT reason FROM outcomes ORDER BY occurred_at") == ["loaded", reason]
    check(con)


def test_an_old_verdict_does_not_replace_what_became_of_the_link(con: duckdb.DuckDBPyConnection) -> None:
    """A consent wall that a crawler met years ago leaves the loaded article's link loaded, with its own capture."""
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_extraction()], now=NOW)
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    load(con, "backfill", OUTLET, [make_verdict(1, Reason.CONSENT_WALL, fetched_at=OLD)], now=at(1))
    link = the_link(con)
    assert (link["state"], link["reason"], str(link["capture_id"])) == ("done", "loaded", make_capture().capture_id)
    assert str(link["loaded_capture_id"]) == make_capture().capture_id
    assert set(column(con, "SELECT reason FROM outcomes")) == {"loaded", "consent_wall"}
    check(con)


def test_an_old_article_counts_where_the_live_page_was_none(con: duckdb.DuckDBPyConnection) -> None:
    """The page is a paywall stub now and was free once: the link is loaded."""
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_verdict(1, Reason.PAYWALL_STUB)], now=NOW)
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    load(con, "backfill", OUTLET, [make_extraction(fetched_at=OLD)], now=at(1))
    link = the_link(con)
    assert (link["state"], link["reason"]) == ("done", "loaded")
    assert len(ask(con, "FROM articles")) == 1
    check(con)


def test_a_link_that_was_set_aside_is_extracted_from_the_archive(con: duckdb.DuckDBPyConnection) -> None:
    """A link that was too old for a run waits for the extraction of its archived copy, also when the backfill dies."""
    rejected = make_outcome(Reason.TOO_OLD, url=make_link().requested_url)
    poll = make_poll(rejected=(rejected,), listed_count=1)
    record_polls(con, RUN, OUTLET, [poll], now=NOW)
    link_id = column(con, "SELECT CAST(link_id AS VARCHAR) FROM links")
    link = make_link()
    assert link_id != [link.link_id], "a rejected link is known by the address as it was listed"
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    assert [link_id for _, link_id, _ in fetched_links(con, OUTLET)] == [link.link_id]


def test_an_article_that_was_gone_is_asked_for_anew(con: duckdb.DuckDBPyConnection) -> None:
    """After 410 no validators are sent: a 304 would leave an article that is back marked as removed."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link())], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    load(con, RUN, OUTLET, [make_extraction()], now=NOW)
    record_fetches(con, "run-2", OUTLET, [make_failure(1, Reason.HTTP_410, when=at(5))], now=at(5))
    record_polls(con, "run-3", OUTLET, [make_poll(make_link(title="It is back"))], now=at(9))
    (due,) = due_links(con, OUTLET, limit=None, now=at(9))
    assert due.validators is None
    record_fetches(con, "run-3", OUTLET, [make_fetch(fetched_at=at(9))], now=at(9))
    load(con, "run-3", OUTLET, [make_extraction(fetched_at=at(9))], now=at(9))
    assert column(con, "SELECT kind FROM revisions ORDER BY revision_number") == ["first", "removed", "restored"]
    assert column(con, "SELECT removed_at FROM articles") == [None]
    check(con)


def test_a_link_named_by_hand_while_it_is_due_is_fetched_once(con: duckdb.DuckDBPyConnection) -> None:
    """A copy that is loaded meanwhile leaves the order standing."""
    add_links(con, RUN, OUTLET, [make_link()], now=NOW, force=True)
    find_in_archive(con, make_fetch(fetched_at=OLD), now=at(1))
    load(con, "backfill", OUTLET, [make_extraction(fetched_at=OLD)], now=at(1))
    (due,) = due_links(con, OUTLET, limit=None, now=at(2))
    assert (due.link.normalized_url, due.validators) == (f"{SITE}/1/", None)
