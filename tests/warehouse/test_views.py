"""The analysts' views."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from warehouse_samples import (
    NOW,
    OUTLET,
    RUN,
    ask,
    at,
    column,
    make_extraction,
    make_failure,
    make_fetch,
    make_link,
    make_outcome,
    make_poll,
    make_verdict,
)

from extractors.errors import NO_ARTICLE_REASONS, NOTHING_TO_DO_REASONS, SUCCESS_REASONS, Reason
from extractors.records import OutletCard
from warehouse.fetches import record_fetches
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.sources import upsert_outlets

ARTICLES = (
    "article_id outlet_id outlet_name canonical_url language languages title kicker standfirst dateline text "
    "corrections byline authors credits agency published_at published_precision modified_at first_seen_at last_seen_at "
    "removed_at section tags "
    "image_url image_caption image_credit original_publisher original_url has_disclaimer is_free story_id "
    "revision_count word_count sentence_count is_complete extractor capture_id"
)


def test_articles_has_the_columns_of_the_contract(con: duckdb.DuckDBPyConnection) -> None:
    """In their order, with times that know their zone."""
    columns = ask(con, "SELECT column_name, column_type FROM (DESCRIBE articles)")
    assert " ".join(row["column_name"] for row in columns) == ARTICLES
    times = {row["column_type"] for row in columns if row["column_name"].endswith("_at")}
    assert times == {"TIMESTAMP WITH TIME ZONE"}


@pytest.mark.parametrize(
    "view", ["articles", "revisions", "links", "captures", "outcomes", "coverage", "outlet_health"]
)
def test_no_view_has_a_bare_url_or_a_duplicate(con: duckdb.DuckDBPyConnection, view: str) -> None:
    """Every URL says which one it is."""
    names = column(con, f"SELECT column_name FROM (DESCRIBE {view})")
    assert "url" not in names
    assert len(set(names)) == len(names)


def test_coverage_counts_every_link_once(con: duckdb.DuckDBPyConnection) -> None:
    """Discovered is the sum of the columns after it, and pending + the sum of the reasons, per UTC day of discovery."""
    late = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    con.execute("SET TimeZone = 'Asia/Damascus'")
    advert = make_outcome(Reason.FOREIGN_HOST, url="https://ads.example/x")
    links = [make_link(n) for n in range(1, 8)]
    record_polls(con, RUN, OUTLET, [make_poll(*links, rejected=(advert,))], now=late)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(9))], now=late + timedelta(minutes=2))
    record_fetches(con, RUN, OUTLET, [make_fetch(n) for n in (1, 2, 3, 4)], now=late)
    load(con, RUN, OUTLET, [make_extraction(1), make_extraction(2), make_verdict(3, Reason.EMPTY)], now=late)
    failures = [make_failure(5, Reason.TIMEOUT), make_failure(6, Reason.HTTP_403)]
    record_fetches(con, RUN, OUTLET, failures, now=late)
    rows = ask(con, "SELECT * REPLACE (reasons::JSON::VARCHAR AS reasons) FROM coverage ORDER BY discovered_date")
    assert rows == [
        {
            "outlet_id": OUTLET,
            "discovered_date": date(2026, 3, 2),
            "discovered": 8,
            "pending": 3,
            "loaded": 2,
            "revised": 0,
            "unchanged": 0,
            "no_article": 1,
            "gone": 0,
            "rejected": 1,
            "failed": 1,
            "fetched": 4,
            "extracted": 3,
            "with_article": 2,
            "reasons": '{"empty":1,"foreign_host":1,"http_403":1,"loaded":2}',
        },
        {
            "outlet_id": OUTLET,
            "discovered_date": date(2026, 3, 3),
            "discovered": 1,
            "pending": 1,
            "loaded": 0,
            "revised": 0,
            "unchanged": 0,
            "no_article": 0,
            "gone": 0,
            "rejected": 0,
            "failed": 0,
            "fetched": 0,
            "extracted": 0,
            "with_article": 0,
            "reasons": "{}",
        },
    ]
    assert ask(con, "SELECT reason, link_count FROM coverage_reasons WHERE stage = 'load'") == [
        {"reason": "loaded", "link_count": 2}
    ]


NEVER_OF_A_LINK = {"polled", "not_due", "outlet_busy", "budget_spent"}
"""Reasons of polls, and of what was not tried: a link stays as it was."""


def test_coverage_has_a_column_for_every_reason(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever a link can end with is counted in one of the columns, so that they add up."""
    classes = {each: con.execute("SELECT coverage_class($1)", [each.value]).fetchall()[0][0] for each in Reason}
    assert {each.value for each, found in classes.items() if found is None} == NEVER_OF_A_LINK & set(Reason)
    assert set(classes.values()) - {None} <= set(column(con, "SELECT column_name FROM (DESCRIBE coverage)"))
    assert {each for each, found in classes.items() if found == "no_article"} == NO_ARTICLE_REASONS


def test_is_failure_knows_every_reason(con: duckdb.DuckDBPyConnection) -> None:
    """The macro's list and the code's sets are the same; a rejected link is nobody's failure."""
    sql = "SELECT is_failure('fetch', $1, UUID()), is_failure('discover', $1, NULL), is_failure('discover', $1, UUID())"
    for reason in Reason:
        expected = reason not in SUCCESS_REASONS | NOTHING_TO_DO_REASONS | NO_ARTICLE_REASONS
        assert con.execute(sql, [reason.value]).fetchall() == [(expected, expected, False)], reason


def test_changes_show_lists_and_times_as_text_in_utc(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever zone the analyst's session is in."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(5), published_at=at(0), tags=("x",))], now=at(5))
    con.execute("SET TimeZone = 'America/New_York'")
    assert ask(con, "SELECT field, before, after FROM changes ORDER BY field") == [
        {"field": "published_at", "before": "2026-03-02T05:00:00Z", "after": "2026-03-02T06:00:00Z"},
        {"field": "tags", "before": "ferry; weather", "after": "x"},
    ]


def test_an_outlets_name_is_its_cards(con: duckdb.DuckDBPyConnection) -> None:
    """Without a card, the id stands in."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    assert column(con, "SELECT outlet_name FROM articles") == [OUTLET]
    card = OutletCard(outlet_id=OUTLET, name="The Harbor Post", homepage="h", country="se", languages=(), aliases=())
    upsert_outlets(con, [card])
    assert column(con, "SELECT outlet_name FROM articles") == ["The Harbor Post"]


def test_outlet_daily_counts_fill_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Shares are of the day's articles; an empty list is not filled."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1), make_link(2))], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1), make_extraction(2, authors=(), published_at=None)], now=NOW)
    (row,) = ask(con, "FROM outlet_daily")
    assert (row["article_count"], row["authors_fill"], row["published_at_fill"], row["tags_fill"]) == (2, 0.5, 0.5, 1)


def test_outlet_health_tells_silence_success_and_failures(con: duckdb.DuckDBPyConnection) -> None:
    """Fill rates are of the last week, failures of the last run; an outlet with nothing at all has a row."""
    now = datetime.now(UTC)
    card = OutletCard(outlet_id="quiet", name="Quiet", homepage="h", country=None, languages=(), aliases=())
    upsert_outlets(con, [card])
    record_polls(con, "old", OUTLET, [make_poll(make_link(5), reason=Reason.HTTP_5XX, state=None)], now=now)
    hours_ago = now - timedelta(hours=30)
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1), make_link(2), make_link(3), when=hours_ago)], now=hours_ago)
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=hours_ago)], now=hours_ago)
    failures = [make_failure(2, Reason.TIMEOUT, when=now), make_failure(3, Reason.TIMEOUT, when=now)]
    record_fetches(con, RUN, OUTLET, failures, now=now)
    rows = {
        row["outlet_id"]: row
        for row in ask(con, "SELECT * REPLACE (failures::JSON::VARCHAR AS failures) FROM outlet_health")
    }
    assert rows["quiet"]["silence_hours"] is None
    assert (rows["quiet"]["article_count"], rows["quiet"]["failures"]) == (0, "{}")
    row = rows[OUTLET]
    assert 29.9 < row["silence_hours"] < 30.5
    assert (row["articles_24h"], row["articles_7d"], row["authors_fill"]) == (0, 1, 1)
    assert (row["last_success_at"], row["last_run_id"], row["failures"]) == (hours_ago, RUN, '{"timeout":2}')
