"""A published file and a period to what the report's questions were answered, by section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from flows.report_page.period import Period
from flows.report_page.stop_words import stop_words
from warehouse.report_queries import Answer, Value, ask

Row = dict[str, Any]

GAP_CHARS = 120
"""Changed passages that are no farther from each other are shown in one paragraph."""

LIMITS: dict[str, dict[str, Value]] = {
    "edits": {"limit": 12, "passage_limit": 6, "gap_limit": GAP_CHARS},
    "numbers": {"limit": 15},
    "removals": {"limit": 20},
    "stories": {"limit": 12, "copy_limit": 6},
    "republishing": {"limit": 200},
    "words": {"limit": 15, "sample": 5_000, "least": 3},
}
"""How many rows the page shows; a page tells how many there are."""

WORD_LANGUAGES = 3
"""Languages whose words are compared, at most: those of the most articles."""

LEAST_ARTICLES = 5
"""Of fewer articles in a language, in the period or before, no word is said to rise."""


@dataclass(slots=True, kw_only=True)
class Answers:
    """What was asked and what came back, in the order of asking."""

    period: Period
    answers: list[Answer] = field(default_factory=list)

    def rows(self, name: str) -> list[Row]:
        """The rows of one question."""
        return next(answer.rows for answer in self.answers if answer.name == name)

    def row(self, name: str) -> Row:
        """The row of a question that has one."""
        (row,) = self.rows(name)
        return row


def gather(con: duckdb.DuckDBPyConnection, period: Period) -> Answers:
    """Ask everything that the page tells.

    Args:
        con: A connection to the published file.
        period: What it tells of.
    """
    found = Answers(period=period)
    values: dict[str, Value] = {
        "since": period.since,
        "until": period.until,
        "since_date": period.since_date,
        "today": period.today,
        "before": period.before,
        "step": period.step,
    }
    for name in (
        "totals", "volume", "runs", "health", "revisions", "edits", "numbers", "removals", "stories", "republishing",
        "languages", "lag", "coverage", "reasons", "word_sizes",
    ):  # fmt: skip
        found.answers.append(ask(con, name, {**values, **LIMITS.get(name, {})}))
    sizes = {row["language"]: row for row in found.rows("word_sizes")}
    for language in word_languages(found.rows("word_sizes")):
        places = {name: sizes[language][name] for name in ("first_place", "last_place")}
        known = {**values, **LIMITS["words"], **places, "language": language, "stop_words": stop_words(language)}
        found.answers.append(ask(con, "words", known, label=language))
    return found


def word_languages(sizes: list[Row]) -> list[str]:
    """The languages whose words are compared."""
    enough = [row["language"] for row in sizes if min(row["recent_count"], row["earlier_count"]) >= LEAST_ARTICLES]
    return enough[:WORD_LANGUAGES]
