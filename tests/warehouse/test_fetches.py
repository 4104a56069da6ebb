"""What fetches make of links: retries, reasons, takedowns, work for extract."""

from __future__ import annotations

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
    make_poll,
    make_verdict,
)

from extractors.errors import TRANSIENT_REASONS, Reason
from warehouse.checks import run_checks
from warehouse.fetches import RETRY_DELAYS, record_fetches
from warehouse.intervals import JITTER_SHARE
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.worklists import due_links, fetched_links, known_links


@pytest.fixture(autouse=True)
def one_link(con: duckdb.DuckDBPyConnection) -> None:
    """Story 1 is discovered."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)


def is_due(con: duckdb.DuckDBPyConnection, minutes: float) -> bool:
    """Whether story 1 is due."""
    return bool(due_links(con, OUTLET, limit=None, now=at(minutes)))


def state(con: duckdb.DuckDBPyConnection) -> tuple[str, str | None]:
    """State and reason of story 1."""
    known = known_links(con, OUTLET, [f"{SITE}/1/"])[f"{SITE}/1/"]
    return known.state, known.reason


def test_a_fetched_link_waits_for_extract_with_all_it_needs(con: duckdb.DuckDBPyConnection) -> None:
    """Also after a kill: the capture comes back as it was, headers in order, with link and hints."""
    result = make_fetch(1)
    record_fetches(con, RUN, OUTLET, [result], now=NOW)
    assert fetched_links(con, OUTLET) == [(result.capture, result.link.link_id, result.link.hints)]
    assert not is_due(con, 0)
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    assert fetched_links(con, OUTLET) == []


def test_a_transient_failure_comes_back_four_times_with_growing_waits(con: duckdb.DuckDBPyConnection) -> None:
    """After 15 minutes, 1, 6 and 24 hours, and a tenth of that at most; the fifth failure is for good.

    Every attempt is an outcome.
    """
    reasons = sorted({*TRANSIENT_REASONS, Reason.ARCHIVE_ERROR})
    numbered = list(enumerate(reasons, start=1))
    record_polls(con, RUN, OUTLET, [make_poll(*(make_link(n) for n, _ in numbered))], now=NOW)

    def fail(minute: float) -> None:
        failures = [make_failure(n, reason, when=at(minute)) for n, reason in numbered]
        record_fetches(con, RUN, OUTLET, failures, now=at(minute))

    minute = 0.0
    for delay in RETRY_DELAYS:
        fail(minute)
        minute += delay.total_seconds() / 60
        assert due_links(con, OUTLET, limit=None, now=at(minute - 1)) == []
        minute += delay.total_seconds() / 60 * JITTER_SHARE
        assert len(due_links(con, OUTLET, limit=None, now=at(minute))) == len(reasons)
        assert column(con, "SELECT DISTINCT reason FROM main.links") == [None]
    fail(minute)
    assert due_links(con, OUTLET, limit=None, now=at(10**6)) == []
    assert column(con, "SELECT reason FROM main.links ORDER BY reason") == reasons
    attempts = ask(con, "SELECT reason, COUNT(*) AS n FROM main.outcomes WHERE stage = 'fetch' GROUP BY ALL")
    assert {row["reason"]: row["n"] for row in attempts} == dict.fromkeys(reasons, 5)


def test_what_failed_together_is_not_tried_again_together(con: duckdb.DuckDBPyConnection) -> None:
    """Each link's wait has a jitter of its own, the same each time that it is reckoned."""
    record_polls(con, RUN, OUTLET, [make_poll(*(make_link(n) for n in range(20)))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_failure(n, Reason.TIMEOUT) for n in range(20)], now=NOW)
    waits = column(con, "SELECT retry_at FROM core.links WHERE retry_at IS NOT NULL")
    assert len(set(waits)) == 20
    assert all(RETRY_DELAYS[0] <= wait - NOW <= RETRY_DELAYS[0] * (1 + JITTER_SHARE) for wait in waits)


def test_a_success_forgets_the_failures_before_it(con: duckdb.DuckDBPyConnection) -> None:
    """Only failures in a row add up."""
    for _ in range(3):
        record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.TIMEOUT)], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    assert ask(con, "SELECT attempt_count, retry_at FROM main.links") == [{"attempt_count": 0, "retry_at": None}]


@pytest.mark.parametrize("reason", [Reason.HTTP_403, Reason.ROBOTS_DISALLOWED, Reason.NOT_HTML, Reason.EXCLUDED_URL])
def test_a_permanent_failure_is_done_at_once(con: duckdb.DuckDBPyConnection, reason: Reason) -> None:
    """It will fail the same way; the response that says so is kept."""
    capture = make_capture(f"{SITE}/1/", status=403)
    record_fetches(con, RUN, OUTLET, [make_failure(1, reason, capture=capture)], now=NOW)
    assert state(con) == ("done", reason)
    (row,) = ask(con, "FROM main.outcomes WHERE stage = 'fetch'")
    assert (str(row["capture_id"]), str(row["link_id"])) == (capture.capture_id, make_link(1).link_id)


def test_a_link_that_was_not_tried_stays_due(con: duckdb.DuckDBPyConnection) -> None:
    """Another run had the outlet: that is no verdict on the link."""
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.OUTLET_BUSY)], now=NOW)
    assert is_due(con, 0)


def test_not_modified_keeps_what_became_of_the_link(con: duckdb.DuckDBPyConnection) -> None:
    """A loaded link that is asked again and has nothing new is still a loaded one, and was seen."""
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1, title="Edited"))], now=at(5))
    (due,) = due_links(con, OUTLET, limit=None, now=at(5))
    capture = make_fetch(1).capture
    assert capture
    assert due.validators == capture.validators
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.NOT_MODIFIED, when=at(9))], now=at(9))
    assert state(con) == ("done", Reason.LOADED)
    assert column(con, "SELECT last_seen_at FROM main.articles") == [at(9)]


def test_a_page_that_was_no_article_is_asked_without_validators(con: duckdb.DuckDBPyConnection) -> None:
    """A consent wall's ETag must not keep the article away."""
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    load(con, RUN, OUTLET, [make_verdict(1, Reason.CONSENT_WALL)], now=NOW)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1, title="Edited"))], now=at(5))
    (due,) = due_links(con, OUTLET, limit=None, now=at(5))
    assert due.validators is None


@pytest.mark.parametrize("reason", [Reason.HTTP_404, Reason.HTTP_410])
def test_a_takedown_is_a_revision_and_coming_back_too(con: duckdb.DuckDBPyConnection, reason: Reason) -> None:
    """removed_at is the first time; the article keeps its content; a later load brings it back."""
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    for minute in (10, 20):
        gone = make_capture(f"{SITE}/1/", fetched_at=at(minute), status=410)
        record_fetches(con, RUN, OUTLET, [make_failure(1, reason, when=at(minute), capture=gone)], now=at(minute))
    assert ask(con, "SELECT removed_at, revision_count, title FROM main.articles") == [
        {"removed_at": at(10), "revision_count": 2, "title": "Story 1"}
    ]
    assert state(con) == ("done", reason)
    counts = load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(30))], now=at(30))
    assert counts.revised == 1
    assert ask(con, "SELECT removed_at, revision_count FROM main.articles") == [
        {"removed_at": None, "revision_count": 3}
    ]
    rows = ask(con, "SELECT kind, captured_at, title, changed_fields FROM main.revisions ORDER BY revision_number")
    assert [(row["kind"], row["captured_at"], row["title"]) for row in rows] == [
        ("first", NOW, "Story 1"),
        ("removed", at(10), None),
        ("restored", at(30), "Story 1"),
    ]
    assert [row["changed_fields"] for row in rows] == [[], [], []]
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_a_404_of_a_link_that_never_had_an_article_removes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """There is nothing to take down."""
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_404)], now=NOW)
    assert column(con, "SELECT COUNT(*) FROM main.revisions") == [0]


def test_an_old_address_that_stops_working_takes_nothing_down(con: duckdb.DuckDBPyConnection) -> None:
    """The article moved: its last response came by another link."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(2, identity="cms:1", fetched_at=at(5))], now=at(5))
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_404, when=at(9))], now=at(9))
    assert column(con, "SELECT removed_at FROM main.articles") == [None]


def test_due_links_come_in_order_and_in_portions(con: duckdb.DuckDBPyConnection) -> None:
    """What was never tried first, the newest list before older ones, each in its own order; a failure last."""
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.TIMEOUT)], now=NOW)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(3), make_link(2))], now=at(1))
    record_polls(con, RUN, OUTLET, [make_poll(make_link(5), make_link(4))], now=at(2))
    urls = [each.link.normalized_url for each in due_links(con, OUTLET, limit=None, now=at(60))]
    assert urls == [f"{SITE}/{n}/" for n in (5, 4, 3, 2, 1)]
    assert len(due_links(con, OUTLET, limit=2, now=at(60))) == 2
    assert due_links(con, "another", limit=None, now=at(60)) == []
