"""Outlets' weeks, made up by the day: what runs would have left in the warehouse, with days that differ by chance.

An outlet publishes by a Poisson law of its weekday's rate; its texts' lengths spread by a factor; fields, languages and
sections are there with a chance of their own. ``Outlet`` says what an outlet is like, ``Day`` what one day of it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from warehouse.rows import STRINGS, TEXT, TIME, arrow_table, columns, registered

MONDAY = date(2026, 1, 5)
WEEK = (1.0, 1.0, 1.0, 1.0, 0.9, 0.5, 0.4)
"""Rates of the weekdays, from Monday on, beside the usual one."""

FACTS = columns(
    article_id=TEXT,
    outlet_id=TEXT,
    seen_at=TIME,
    published_at=TIME,
    language=TEXT,
    section=TEXT,
    authors=STRINGS,
    tags=STRINGS,
    word_count=pa.int32(),
    has_standfirst=pa.bool_(),
    has_image=pa.bool_(),
)
POLLS = columns(outlet_id=TEXT, source_id=TEXT, polled_at=TIME, reason=TEXT)
OUTCOMES = columns(outlet_id=TEXT, occurred_at=TIME, reason=TEXT, stage=TEXT)
INSERTS = (
    """
    INSERT INTO core.article_facts BY NAME
    SELECT
        article_id, outlet_id, CAST(seen_at AT TIME ZONE 'UTC' AS DATE) AS seen_date, published_at,
        CAST(published_at AT TIME ZONE 'UTC' AS DATE) AS published_date, 30 AS lag_minutes, language, section,
        authors, tags, word_count, 0 AS later_revision_count, has_standfirst, LEN(authors) > 0 AS has_byline,
        has_image, FALSE AS is_republished, FALSE AS is_removed
    FROM facts
    """,
    """
    INSERT INTO core.articles BY NAME
    SELECT
        article_id, outlet_id, 'url:' || article_id AS identity, article_id AS normalized_url, article_id AS link_id,
        article_id AS current_revision_id, 1 AS revision_count, seen_at AS first_seen_at, seen_at AS last_seen_at,
        seen_at AS last_captured_at, article_id AS last_capture_id
    FROM facts
    """,
    """
    INSERT INTO raw.polls BY NAME
    SELECT
        UUID() AS poll_id, 'run' AS run_id, outlet_id, source_id, polled_at, reason, '' AS detail, 1 AS listed_count,
        0 AS new_count, 0 AS changed_count, 0 AS known_count, 0 AS rejected_count, [] AS capture_ids
    FROM polls
    """,
    """
    INSERT INTO raw.outcomes BY NAME
    SELECT
        UUID() AS outcome_id, 'run' AS run_id, outlet_id, stage, 'https://paper.example/' AS requested_url, reason,
        '' AS detail, occurred_at, UUID() AS link_id
    FROM outcomes
    """,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: articles that are to be expected, median words, and the chance of each thing that an article may have.

    ``is_watched`` is False when wirewatch did not run.
    """

    rate: float = 30.0
    words: float = 400.0
    spread: float = 0.8
    fields: Mapping[str, float] = field(
        default_factory=lambda: {"published_at": 1.0, "authors": 0.9, "standfirst": 0.8, "image": 0.95, "tags": 0.7}
    )
    languages: Mapping[str, float] = field(default_factory=lambda: {"en": 0.95, "fr": 0.05})
    sections: Mapping[str, float] = field(default_factory=lambda: {"news": 0.5, "sport": 0.3, "culture": 0.2})
    failure_share: float = 0.02
    no_article_share: float = 0.05
    is_watched: bool = True

    def times(self, factor: float) -> Day:
        """The same with more or fewer articles."""
        return replace(self, rate=self.rate * factor)


Course = Callable[[date], Day]
"""What each day of an outlet is like."""


def steady(day: Day = Day(), week: Sequence[float] = WEEK) -> Course:
    """An outlet whose weeks are alike."""
    return lambda when: day.times(week[when.weekday()])


def but(course: Course, change: Callable[[Day], Day], *days: date) -> Course:
    """The same outlet with other days: those that are named, or from the only one on."""
    since = days[0]
    chosen = set(days)
    is_other = (lambda when: when >= since) if len(days) == 1 else (lambda when: when in chosen)
    return lambda when: change(course(when)) if is_other(when) else course(when)


def add_days(
    con: duckdb.DuckDBPyConnection, courses: Mapping[str, Course], days: Iterable[date], random: np.random.Generator
) -> None:
    """Put some days of some outlets into the warehouse."""
    facts: list[dict[str, Any]] = []
    polls: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    for when in days:
        start = datetime(when.year, when.month, when.day, tzinfo=UTC)
        for outlet_id, course in courses.items():
            day = course(when)
            if not day.is_watched:
                continue
            polls += [
                {
                    "outlet_id": outlet_id,
                    "source_id": "feed:x",
                    "polled_at": start + timedelta(hours=hour),
                    "reason": "polled",
                }
                for hour in (0.5, 8, 16, 23.9)
            ]
            articles = [article(outlet_id, day, start, random) for _ in range(random.poisson(day.rate))]
            facts += articles
            outcomes += [outcome(outlet_id, each["seen_at"], day, random) for each in articles]
    tables = {"facts": (FACTS, facts), "polls": (POLLS, polls), "outcomes": (OUTCOMES, outcomes)}
    with registered(con, **{name: arrow_table(schema, rows) for name, (schema, rows) in tables.items()}):
        for statement in INSERTS:
            con.execute(statement)


def article(outlet_id: str, day: Day, start: datetime, random: np.random.Generator) -> dict[str, Any]:
    """One article of a day; they come between six and midnight."""
    seen_at = start + timedelta(hours=float(random.uniform(6, 23.8)))
    has = {name: random.random() < chance for name, chance in day.fields.items()}
    return {
        "article_id": str(uuid.UUID(bytes=random.bytes(16))),
        "outlet_id": outlet_id,
        "seen_at": seen_at,
        "published_at": seen_at - timedelta(minutes=30) if has["published_at"] else None,
        "language": chosen(day.languages, random),
        "section": chosen(day.sections, random),
        "authors": ["Ana Marsh"] if has["authors"] else [],
        "tags": ["ferry"] if has["tags"] else [],
        "word_count": max(1, round(day.words * float(np.exp(random.normal(0, day.spread))))),
        "has_standfirst": has["standfirst"],
        "has_image": has["image"],
    }


def outcome(outlet_id: str, occurred_at: datetime, day: Day, random: np.random.Generator) -> dict[str, Any]:
    """One attempt at a page."""
    dice = random.random()
    if dice < day.failure_share:
        reason, stage = "timeout", "fetch"
    elif dice < day.failure_share + day.no_article_share:
        reason, stage = "paywall_stub", "extract"
    else:
        reason, stage = "loaded", "load"
    return {"outlet_id": outlet_id, "occurred_at": occurred_at, "reason": reason, "stage": stage}


def chosen(shares: Mapping[str, float], random: np.random.Generator) -> str:
    """One of several by their shares."""
    dice = random.random() * sum(shares.values())
    for name, share in shares.items():
        dice -= share
        if dice < 0:
            return name
    return list(shares)[-1]


def days_from(first: date, count: int) -> Iterable[date]:
    """So many days from one on."""
    return (first + timedelta(days=number) for number in range(count))
