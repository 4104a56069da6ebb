"""Which articles are due to be looked at again, and what their pages then make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from warehouse_samples import (
    FEED,
    NOW,
    OUTLET,
    RUN,
    SITE,
    ask,
    at,
    column,
    make_extraction,
    make_failure,
    make_fetch,
    make_link,
    make_poll,
    make_verdict,
)

from extractors.errors import NO_ARTICLE_REASONS, NOTHING_TO_DO_REASONS, TAKEDOWN_REASONS, Reason
from extractors.records import Stage
from warehouse.checks import run_checks
from warehouse.fetches import RETRY_DELAYS, record_fetches, record_outlets_fetches
from warehouse.links import new_link
from warehouse.load import LoadCounts, load, load_outlets
from warehouse.polls import record_polls
from warehouse.rechecks import LONGEST_DELAY, due_rechecks, due_work
from warehouse.ticks import rechecked
from warehouse.worklists import DueLink, ListedPost

AGES = (timedelta(hours=1), timedelta(hours=6), timedelta(days=14))
WORDPRESS = f"wordpress:{SITE}/"
HOUR = 60


def read_page(con: duckdb.DuckDBPyConnection, number: int = 1, *, minutes: float = 0, **changes: Any) -> LoadCounts:
    """Fetch and load a story; it was published when it was found, unless a test says otherwise."""
    record_fetches(con, RUN, OUTLET, [make_fetch(number, fetched_at=at(minutes))], now=at(minutes))
    values = {"published_at": NOW, **changes}
    return load(con, RUN, OUTLET, [make_extraction(number, fetched_at=at(minutes), **values)], now=at(minutes))


def empty_page(
    con: duckdb.DuckDBPyConnection, *numbers: int, minutes: float, reason: Reason = Reason.EMPTY
) -> LoadCounts:
    """Fetch stories and find that they are no articles."""
    record_fetches(con, RUN, OUTLET, [make_fetch(n, fetched_at=at(minutes)) for n in numbers], now=at(minutes))
    verdicts = [make_verdict(n, reason, fetched_at=at(minutes)) for n in numbers]
    return load(con, RUN, OUTLET, verdicts, now=at(minutes))


def due(con: duckdb.DuckDBPyConnection, minutes: float, ages: Sequence[timedelta] = AGES) -> list[DueLink]:
    """What is to be looked at again; whoever asks of all outlets at once is told of the same."""
    found = due_rechecks(con, OUTLET, limit=None, now=at(minutes), ages=ages)
    assert rechecked(con, {OUTLET: ages}, now=at(minutes)) == ({OUTLET} if found else set())
    return found


def is_due(con: duckdb.DuckDBPyConnection, minutes: float) -> bool:
    """Whether anything is."""
    return bool(due(con, minutes))


def removed(con: duckdb.DuckDBPyConnection) -> list[datetime | None]:
    """When each article was removed, by its address."""
    return column(con, "SELECT removed_at FROM main.articles ORDER BY canonical_url")


@pytest.mark.parametrize(
    ("published_at", "precision", "hours"),
    [
        (NOW, "second", 1),
        (None, None, 1),
        (NOW + timedelta(days=400), "second", 1),
        (NOW - timedelta(minutes=30), "minute", 0.5),
        (NOW - timedelta(hours=3), "second", 3),
        (NOW - timedelta(hours=7), "second", 14 * 24 - 7),
        (NOW - timedelta(hours=6), "day", 1),
        (NOW - timedelta(days=1), "day", 1),
        (NOW - timedelta(hours=27), "day", 3),
    ],
)
def test_an_age_counts_from_publication_or_discovery(
    con: duckdb.DuckDBPyConnection, published_at: datetime | None, precision: Any, hours: float
) -> None:
    """Whichever was earlier; a date without a time is the end of its day."""
    read_page(con, published_at=published_at, published_precision=precision)
    assert not is_due(con, hours * HOUR - 1)
    assert is_due(con, hours * HOUR)


def test_a_definite_answer_settles_every_age_that_has_passed(con: duckdb.DuckDBPyConnection) -> None:
    """What was missed is not asked for twice; what comes later is."""
    read_page(con)
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.NOT_MODIFIED, when=at(7 * HOUR))], now=at(7 * HOUR))
    assert not is_due(con, 14 * 24 * HOUR - 1)
    assert is_due(con, 14 * 24 * HOUR)


def test_what_was_long_overdue_is_given_up(con: duckdb.DuckDBPyConnection) -> None:
    """So that a query looks at young articles alone."""
    read_page(con)
    end = AGES[-1] + LONGEST_DELAY
    assert is_due(con, (end - timedelta(minutes=1)).total_seconds() / 60)
    assert not is_due(con, end.total_seconds() / 60)


def test_without_ages_nothing_is_due(con: duckdb.DuckDBPyConnection) -> None:
    """An empty schedule is none."""
    read_page(con)
    assert due(con, 10 * HOUR, ages=()) == []


def test_the_last_age_asks_without_validators(con: duckdb.DuckDBPyConnection) -> None:
    """Some servers say 304 whatever has changed; the body that was loaded is known all the same."""
    read_page(con)
    (early,), (last,) = due(con, 2 * HOUR), due(con, 15 * 24 * HOUR)
    assert early.validators == make_fetch(1).capture.validators  # type: ignore[union-attr]
    assert (early.is_recheck, last.is_recheck, last.validators) == (True, True, None)
    assert early.body_sha256 == last.body_sha256 == make_fetch(1).capture.body_sha256  # type: ignore[union-attr]


def test_what_waits_for_the_first_time_comes_first(con: duckdb.DuckDBPyConnection) -> None:
    """New links, then rechecks, the longest due before the others; never more than the limit."""
    read_page(con, 1, published_at=NOW)
    read_page(con, 2, published_at=NOW - timedelta(minutes=20))
    record_polls(con, RUN, OUTLET, [make_poll(make_link(3))], now=at(100))
    found = [(each.link.link_id, each.is_recheck) for each in due_work(con, OUTLET, limit=3, now=at(100), ages=AGES)]
    assert found == [(make_link(n).link_id, n != 3) for n in (3, 2, 1)]
    assert len(due_work(con, OUTLET, limit=2, now=at(100), ages=AGES)) == 2
    assert len(due_work(con, OUTLET, limit=1, now=at(100), ages=AGES)) == 1
    assert due_work(con, "another", limit=None, now=at(100), ages=AGES) == []


def test_only_what_led_to_an_article_is_due(con: duckdb.DuckDBPyConnection) -> None:
    """No failed link, no verdict, and no old address of an article that has moved."""
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_404)], now=NOW)
    empty_page(con, 2, minutes=0, reason=Reason.CONSENT_WALL)
    read_page(con, 3)
    read_page(con, 4, identity="cms:3", minutes=5)
    assert [each.link.link_id for each in due(con, 2 * HOUR)] == [make_link(4).link_id]


def test_a_recheck_that_fails_for_now_waits_and_is_loaded_all_the_while(con: duckdb.DuckDBPyConnection) -> None:
    """As a new link does, but it never is pending; the fifth failure settles the age."""
    read_page(con)
    minutes = float(HOUR)
    for _ in RETRY_DELAYS:
        record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.TIMEOUT, when=at(minutes))], now=at(minutes))
        assert ask(con, "SELECT state, reason FROM main.links") == [{"state": "done", "reason": "loaded"}]
        assert [each for each in run_checks(con) if each.offending_count] == []
        (retry_at,) = column(con, "SELECT retry_at FROM main.links")
        minutes = (retry_at - NOW).total_seconds() / 60
        assert not is_due(con, minutes - 1)
        assert is_due(con, minutes)
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.TIMEOUT, when=at(minutes))], now=at(minutes))
    assert not is_due(con, minutes + HOUR)
    assert ask(con, "SELECT state, reason, retry_at FROM main.links") == [
        {"state": "done", "reason": "loaded", "retry_at": None}
    ]


def test_a_removed_article_is_read_anew(con: duckdb.DuckDBPyConnection) -> None:
    """Neither "not modified" nor the same body may hide that it is back."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1, cms_id="7"), source_id=WORDPRESS)], now=NOW)
    read_page(con)
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_410, when=at(HOUR))], now=at(HOUR))
    (again,) = due(con, 7 * HOUR)
    assert (again.validators, again.body_sha256, again.listed) == (None, None, None)


@pytest.mark.parametrize(
    ("source_id", "reason", "is_listed"),
    [
        (WORDPRESS, Reason.POLLED, True),
        (WORDPRESS, Reason.NOT_MODIFIED, True),
        (WORDPRESS, Reason.HTTP_5XX, False),
        (FEED, Reason.POLLED, False),
    ],
)
def test_a_post_is_known_by_its_number_where_its_source_can_be_asked(
    con: duckdb.DuckDBPyConnection, source_id: str, reason: Reason, is_listed: bool
) -> None:
    """A WordPress whose last poll was good; any other page is fetched."""
    modified = "2026-03-02T05:00:00Z"
    link = make_link(1, source_id=source_id, cms_id="7", modified=modified)
    record_polls(con, RUN, OUTLET, [make_poll(link, source_id=source_id)], now=NOW)
    read_page(con)
    record_polls(con, RUN, OUTLET, [make_poll(source_id=source_id, reason=reason, when=at(30))], now=at(30))
    (again,) = due(con, 2 * HOUR)
    post = ListedPost(source_id=source_id, cms_id="7", modified=modified)
    assert again.listed == (post if is_listed else None)


@pytest.mark.parametrize("reason", [Reason.EMPTY, Reason.SOFT_404, Reason.REDIRECTED_HOME])
def test_an_emptied_page_takes_its_article_down(con: duckdb.DuckDBPyConnection, reason: Reason) -> None:
    """The text stays; the response that says so is the revision's own; loading it again changes nothing."""
    read_page(con)
    for _ in range(2):
        empty_page(con, 1, minutes=HOUR, reason=reason)
        assert removed(con) == [at(HOUR)]
        assert ask(con, "SELECT kind, title FROM main.revisions ORDER BY revision_number") == [
            {"kind": "first", "title": "Story 1"},
            {"kind": "removed", "title": None},
        ]
        assert column(con, "SELECT reason FROM main.links") == [reason]
    assert [each for each in run_checks(con) if each.offending_count] == []
    read_page(con, minutes=2 * HOUR)
    assert (removed(con), column(con, "SELECT reason FROM main.links")) == ([None], ["revised"])


def test_a_page_of_history_or_read_anew_takes_nothing_down(con: duckdb.DuckDBPyConnection) -> None:
    """Only a response that was just fetched speaks of today."""
    read_page(con, minutes=HOUR)
    load(con, RUN, OUTLET, [make_verdict(1, Reason.EMPTY, fetched_at=at(HOUR))], now=at(2 * HOUR))
    load(con, RUN, OUTLET, [make_verdict(1, Reason.EMPTY, fetched_at=at(30))], now=at(2 * HOUR))
    assert removed(con) == [None]


@pytest.mark.parametrize(
    ("emptied", "fine", "is_believed"), [(3, 0, True), (4, 4, True), (4, 3, False), (9, 0, False), (5, 20, True)]
)
def test_many_emptied_pages_at_once_are_not_believed(
    con: duckdb.DuckDBPyConnection, emptied: int, fine: int, is_believed: bool
) -> None:
    """Four or more, and more than half of the pages that were read: the design has changed, or the site is down."""
    for number in range(emptied + fine):
        read_page(con, number)
    minutes = 2 * 24 * HOUR
    for number in range(emptied, emptied + fine):
        read_page(con, number, minutes=minutes - HOUR)
    counts = empty_page(con, *range(emptied), minutes=minutes)
    assert counts.doubted == (0 if is_believed else emptied)
    assert sum(each is not None for each in removed(con)) == (emptied if is_believed else 0)
    expected = {"empty": emptied, "loaded": fine} if is_believed else {"loaded": emptied + fine}
    found = {r["reason"]: r["n"] for r in ask(con, "SELECT reason, COUNT(*) AS n FROM main.links GROUP BY reason")}
    assert found == {reason: count for reason, count in expected.items() if count}
    assert column(con, "SELECT COUNT(*) FROM main.outcomes WHERE reason = 'empty'") == [emptied]


def test_outlets_that_are_loaded_together_are_doubted_apart(con: duckdb.DuckDBPyConnection) -> None:
    """What is wrong with one outlet's pages keeps no takedown of another's from being seen; counts are each its own."""
    link = replace(make_link(5), outlet_id="other")

    def fetch(minutes: float) -> None:
        fetched = [make_fetch(number, fetched_at=at(minutes)) for number in range(6)]
        groups = {OUTLET: fetched[:5], "other": [replace(fetched[5], link=link)]}
        record_outlets_fetches(con, RUN, groups, now=at(minutes))

    fetch(0)
    pages = [make_extraction(number, title=f"Story {number}") for number in range(6)]
    assert pages[5].article is not None
    other = replace(pages[5], link_id=link.link_id, article=replace(pages[5].article, outlet_id="other"))
    counts = load_outlets(con, RUN, {"other": [other], OUTLET: pages[:5]}, now=NOW)
    assert {outlet_id: each.loaded for outlet_id, each in counts.items()} == {"other": 1, OUTLET: 5}
    fetch(HOUR)
    emptied = [make_verdict(number, Reason.EMPTY, fetched_at=at(HOUR)) for number in range(6)]
    counts = load_outlets(
        con, RUN, {OUTLET: emptied[:5], "other": [replace(emptied[5], link_id=link.link_id)]}, now=at(HOUR)
    )
    assert {outlet_id: each.doubted for outlet_id, each in counts.items()} == {"other": 0, OUTLET: 5}
    assert counts["other"].no_article == {Reason.EMPTY: 1}
    rows = ask(con, "SELECT outlet_id, title FROM main.articles WHERE removed_at IS NOT NULL")
    assert rows == [{"outlet_id": "other", "title": "Story 5"}]
    told = ask(con, "SELECT outlet_id, COUNT(*)::INTEGER AS n FROM main.outcomes GROUP BY ALL ORDER BY ALL")
    assert told == [{"outlet_id": OUTLET, "n": 10}, {"outlet_id": "other", "n": 2}]
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_pages_that_are_emptied_one_by_one_are_doubted_too(con: duckdb.DuckDBPyConnection) -> None:
    """Runs are short: what the last day's runs met counts with what this one meets."""
    for number in range(6):
        read_page(con, number)
    start = 2 * 24 * HOUR
    doubted = [empty_page(con, number, minutes=start + number).doubted for number in range(6)]
    assert doubted == [0, 0, 0, 1, 1, 1]


def test_what_was_taken_down_earlier_casts_no_doubt(con: duckdb.DuckDBPyConnection) -> None:
    """Pages that stay empty are looked at again; one that is emptied then is a takedown of its own."""
    for number in range(4):
        read_page(con, number)
    for number in range(3):
        empty_page(con, number, minutes=HOUR)
    counts = empty_page(con, 0, 1, 2, 3, minutes=2 * 24 * HOUR)
    assert counts.doubted == 0
    assert removed(con) == [at(HOUR)] * 3 + [at(2 * 24 * HOUR)]


@pytest.mark.parametrize("before", [Reason.LOADED, Reason.REVISED])
@pytest.mark.parametrize("reason", list(Reason))
def test_only_content_and_takedowns_replace_that_an_article_was_loaded(before: Reason, reason: Reason) -> None:
    """Whatever else an attempt meets is an outcome, and the link stays loaded."""
    loaded = new_link(make_link(1), now=NOW).decided(Stage.LOAD, before, now=NOW)
    again = loaded.decided(Stage.FETCH, reason, now=at(1))
    replaces = reason in {Reason.LOADED, Reason.REVISED} | TAKEDOWN_REASONS
    assert (again.reason, again.decided_at) == (reason if replaces else before, at(1))
    assert loaded.decided(Stage.EXTRACT, reason, now=at(1), is_doubtful=True).reason == before


@pytest.mark.parametrize("reason", sorted(NO_ARTICLE_REASONS | NOTHING_TO_DO_REASONS))
def test_a_link_that_never_led_to_an_article_says_what_it_met_last(reason: Reason) -> None:
    """There is nothing to keep."""
    failed = new_link(make_link(1), now=NOW).decided(Stage.FETCH, Reason.HTTP_404, now=NOW)
    assert failed.decided(Stage.EXTRACT, reason, now=at(1)).reason == reason
