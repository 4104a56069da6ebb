"""The report's questions: asked with values, and again with the values in them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import duckdb
import pytest
from warehouse_samples import NOW, OUTLET, RUN, at, make_extraction

from warehouse.load import load
from warehouse.report_queries import PARAMETER, Value, ask, literal, questions
from warehouse.rows import read

VALUES: dict[str, Value] = {
    "since": at(-60),
    "until": at(24 * 60),
    "before": at(-60 * 24 * 60),
    "since_date": NOW.date(),
    "today": NOW.date() + timedelta(days=1),
    "step": "day",
    "limit": 5,
    "passage_limit": 2,
    "gap_limit": 100,
    "copy_limit": 2,
    "sample": 50,
    "least": 1,
    "language": "en",
    "stop_words": ["the", "l'or"],
    "first_place": 0,
    "last_place": 1_000_000,
}


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (datetime(2026, 3, 2, 7, 0, 0, 5, timezone(timedelta(hours=1))), "TIMESTAMPTZ '2026-03-02 06:00:00.000005+00'"),
        (date(2026, 3, 2), "DATE '2026-03-02'"),
        (12, "12"),
        ("l'or", "'l''or'"),
        (["a", "b'"], "['a', 'b''']"),
    ],
)
def test_a_value_as_sql_writes_it(value: object, sql: str) -> None:
    """So that a statement can be pasted."""
    assert literal(value) == sql  # type: ignore[arg-type]


@pytest.mark.parametrize("name", questions())
def test_what_is_shown_is_what_was_asked(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """The statement with its values gives the same rows."""
    batch = [make_extraction(number) for number in (1, 2, 3)]
    load(con, RUN, OUTLET, batch, now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, fetched_at=at(60), title="Story 1, told anew")], now=at(60))
    answer = ask(con, name, VALUES)
    assert not PARAMETER.search(answer.sql)
    volatile = {"silence_hours"}
    again = [{key: row[key] for key in row if key not in volatile} for row in read(con, answer.sql)]
    assert again == [{key: row[key] for key in row if key not in volatile} for row in answer.rows]


@pytest.mark.parametrize("name", questions())
def test_each_question_says_what_it_is(name: str) -> None:
    """Its grain, its inputs and who asks it."""
    header = " ".join(line.removeprefix("-- ") for line in re.findall(r"^--.*$", questions()[name], flags=re.MULTILINE))
    assert "Grain: one" in header or "Grain: the" in header
    assert re.search(r"Inputs?: (?:core|main|raw)\.", header)
    assert "User: the report." in header


def test_words_are_those_that_rose(con: duckdb.DuckDBPyConnection) -> None:
    """A word that more of the recent articles say, spelled as in an article that says it; not one that all say."""
    earlier = [
        make_extraction(number, published_at=at(-60 * 24 * 7), standfirst=None, text=f"The ferry {number} was late.")
        for number in range(1, 31)
    ]
    recent = [
        make_extraction(number, published_at=NOW, standfirst=None, text=f"The ferry {number} lies in Quarantine now.")
        for number in range(31, 41)
    ]
    load(con, RUN, OUTLET, [*earlier, *recent], now=NOW)
    rows = ask(con, "words", {**VALUES, "least": 3}).rows
    assert "Quarantine" in [row["word"] for row in rows]
    assert not {"ferry", "The", "the"} & {row["word"] for row in rows}
    (found,) = [row for row in rows if row["word"] == "Quarantine"]
    counts = (found["recent_count"], found["recent_size"], found["earlier_count"], found["earlier_size"])
    assert counts == (10, 10, 0, 30)


def test_arabic_words_count_with_what_is_written_before_them(con: duckdb.DuckDBPyConnection) -> None:
    """A truce, the truce and in the truce are one word."""
    texts = [f"كلام عن الميناء رقم {number}." for number in range(30)]
    said = ["هدنة", "الهدنة", "بالهدنة", "والهدنة"]
    texts += [f"كلام عن {said[number % 4]} رقم {number}." for number in range(8)]
    batch = [
        make_extraction(
            number, language="ar", title="خبر", standfirst=None, text=text,
            published_at=NOW if number >= 30 else at(-60 * 24 * 7),
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    load(con, RUN, OUTLET, batch, now=NOW)
    top = ask(con, "words", {**VALUES, "language": "ar", "stop_words": []}).rows[0]
    assert (top["word"] in said, top["recent_count"]) == (True, 8)


def test_passages_come_with_their_surroundings(con: duckdb.DuckDBPyConnection) -> None:
    """What stood before and after them, and between one and the next."""
    before = f"{'word ' * 30}The boat had a crew of four men when it left. {'word ' * 30}"
    after = before.replace("boat", "ship").replace("four", "five")
    load(con, RUN, OUTLET, [make_extraction(1, text=before)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1, text=after, fetched_at=at(60))], now=at(60))
    (edit,) = ask(con, "edits", VALUES).rows
    (change,) = edit["changes"]
    first, second = change["passages"]
    assert (first["before"], first["after"], second["before"], second["after"]) == ("boat", "ship", "four", "five")
    assert (first["gap"], second["gap"]) == (" had a crew of ", None)
    assert first["lead"].endswith("word The ")
    assert second["trail"].startswith(" men when it left.")
    assert (first["is_lead_cut"], second["is_trail_cut"], len(second["trail"])) == (True, True, 60)


def test_an_unknown_question_is_an_error(con: duckdb.DuckDBPyConnection) -> None:
    """And so is a parameter without a value."""
    with pytest.raises(KeyError):
        ask(con, "weather", VALUES)
    with pytest.raises(KeyError):
        ask(con, "totals", {"since": datetime.now(UTC)})
