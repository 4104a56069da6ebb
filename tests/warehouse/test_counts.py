"""The views that count articles, and the macros that count those that say something."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
from warehouse_samples import NOW, OUTLET, RUN, ask, at, column, make_extraction

from warehouse.load import load

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def load_on(con: duckdb.DuckDBPyConnection, *days: int, **changes: Any) -> None:
    """An article on each of some days after NOW, a Monday, published an hour before it was seen."""
    known = len(column(con, "SELECT article_id FROM articles"))
    for number, day in enumerate(days, start=known + 1):
        seen = NOW + timedelta(days=day)
        values = {"published_at": seen - timedelta(hours=1), **changes}
        load(con, RUN, OUTLET, [make_extraction(number, fetched_at=seen, **values)], now=seen)


def tuples(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    return [tuple(row.values()) for row in ask(con, sql)]


def test_outlet_daily_knows_what_is_usual_on_a_weekday(con: duckdb.DuckDBPyConnection) -> None:
    """The mean of the same weekday before; a day without articles is a row, and counts in the mean."""
    assert NOW == MONDAY
    load_on(con, 0, 0, 1, 7, 7, 7, 7, 21)
    sql = "SELECT article_count, usual_article_count, baseline_weeks FROM outlet_daily WHERE ISODOW(seen_date) = {}"
    mondays, tuesdays = (tuples(con, sql.format(day) + " ORDER BY seen_date") for day in (1, 2))
    assert mondays == [(2, None, 0), (4, 2, 1), (0, 3, 2), (1, 2, 3)]
    assert tuesdays == [(1, None, 0), (0, 1, 1), (0, 0.5, 2)]
    assert column(con, "SELECT COUNT(*) FROM outlet_daily") == [22]


def test_publication_lag_counts_from_publication_to_discovery(con: duckdb.DuckDBPyConnection) -> None:
    """By the day of publication; what a backfill found long after is counted apart, a mere day not at all."""
    for number, minutes in enumerate((10, 20, 30, 20_000), start=1):
        published = NOW - timedelta(minutes=minutes)
        load(con, RUN, OUTLET, [make_extraction(number, published_at=published)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(9, published_precision="day")], now=NOW)
    assert tuples(con, "FROM publication_lag ORDER BY published_date DESC") == [
        (OUTLET, date(2026, 3, 2), 3, 0, 20.0, 28.0),
        (OUTLET, date(2026, 2, 16), 1, 1, None, None),
    ]
    assert tuples(con, "FROM publication_hours WHERE weekday = 1 AND hour = 5") == [(OUTLET, 1, 5, 3, 20.0, 28.0)]


def test_an_article_that_is_seen_before_its_stated_time_has_no_lag(con: duckdb.DuckDBPyConnection) -> None:
    """Clocks differ; a lag is not negative."""
    load(con, RUN, OUTLET, [make_extraction(1, published_at=at(30))], now=NOW)
    assert column(con, "SELECT p50_minutes FROM publication_lag") == [0]


def test_fill_rates_are_by_week_and_field(con: duckdb.DuckDBPyConnection) -> None:
    """Weeks begin on Monday, whatever zone the session is in."""
    con.execute("SET TimeZone = 'America/New_York'")
    load_on(con, 0, 6)
    load_on(con, 6, authors=(), standfirst=None)
    load_on(con, 7, tags=())
    rows = tuples(con, "SELECT week_date, field, filled_count, article_count FROM fill_rates ORDER BY ALL")
    assert len(rows) == 16
    assert (date(2026, 3, 2), "authors", 2, 3) in rows
    assert (date(2026, 3, 2), "published_at", 3, 3) in rows
    assert (date(2026, 3, 9), "tags", 0, 1) in rows
    assert (date(2026, 3, 9), "image_url", 0, 1) in rows


def test_sections_languages_authors_and_tags_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    """Each with its first and last day; what names none is a row of its own, or none in a list."""
    load_on(con, 0, language="ar", section=None, tags=("sea",), authors=("Ana Marsh", "Bo Quay"))
    load_on(con, 1, 2)
    first, second, last = (date(2026, 3, day) for day in (2, 3, 4))
    assert tuples(con, "SELECT language, article_count, first_date, last_date FROM languages ORDER BY 1") == [
        ("ar", 1, first, first),
        ("en", 2, second, last),
    ]
    assert tuples(con, "SELECT section, article_count, ROUND(share, 2) FROM sections ORDER BY ALL") == [
        ("Harbor", 2, 0.67),
        (None, 1, 0.33),
    ]
    assert tuples(con, "FROM authors ORDER BY author") == [
        (OUTLET, "Ana Marsh", 3, first, last),
        (OUTLET, "Bo Quay", 1, first, first),
    ]
    assert tuples(con, "SELECT tag, article_count FROM tags ORDER BY ALL") == [("ferry", 2), ("sea", 1), ("weather", 2)]


def test_facts_follow_an_article(con: duckdb.DuckDBPyConnection) -> None:
    """An edit replaces what it counts as."""
    load_on(con, 0)
    edited = make_extraction(1, fetched_at=at(60), section="Sea", tags=())
    load(con, RUN, OUTLET, [edited], now=at(60))
    assert column(con, "SELECT section FROM sections") == ["Sea"]
    assert not ask(con, "FROM tags")
    assert column(con, "SELECT later_revision_count FROM outlet_daily") == [1]


def test_topics_over_time_shows_weeks_without_the_words(con: duckdb.DuckDBPyConnection) -> None:
    """Beside the number of all articles, so that a share can be told."""
    load_on(con, 0, 1)
    load_on(con, 7, standfirst=None, text="A gale.")
    sql = "SELECT week_date, article_count, all_article_count, share FROM topics_over_time('ferry') ORDER BY 1"
    assert tuples(con, sql) == [(date(2026, 3, 2), 2, 2, 1.0), (date(2026, 3, 9), 0, 1, 0.0)]


def test_a_timeline_is_in_the_order_of_publication(con: duckdb.DuckDBPyConnection) -> None:
    """With the hours since the first; an article without a time stands where it was seen."""
    load_on(con, 2, title="Third")
    load_on(con, 0, title="First")
    load_on(con, 1, title="Second", published_at=None)
    load_on(con, 1, title="Other", standfirst=None, text="A gale.")
    rows = tuples(con, "SELECT title, hours_after_first FROM timeline('ferry')")
    assert rows == [("First", 0.0), ("Second", 25.0), ("Third", 48.0)]
