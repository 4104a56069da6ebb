"""Stories as a load leaves them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from story_cases import KINDS, MORNING, Writer, cases
from warehouse_samples import NOW, RUN, ask, at, column, contents, make_extraction

from extractors.records import Extraction, OutletCard
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.sources import upsert_outlets
from warehouse.stories.upkeep import catch_up

REPORT = Writer(11).report(6)
PARAGRAPH = Writer(12).paragraph()
ALPHA = OutletCard(
    outlet_id="alpha",
    name="The Alpha Post",
    homepage="https://alpha.example/",
    country=None,
    languages=("en",),
    aliases=("AP Post",),
    hosts=("www.alpha.example",),
)


def make(
    number: int, text: str = REPORT, *, outlet_id: str = "alpha", minutes: float = 0, **changes: Any
) -> Extraction:
    """Article ``number``, published some minutes before it was seen at NOW, and captured then."""
    values = {
        "text": text,
        "outlet_id": outlet_id,
        "published_at": NOW - timedelta(hours=5) + timedelta(minutes=minutes),
    }
    return make_extraction(number, **{**values, **changes})


def load_all(con: duckdb.DuckDBPyConnection, extractions: Sequence[Extraction], *, now: Any = NOW) -> None:
    """Load extractions of any outlets in one batch."""
    load(con, RUN, "alpha", extractions, now=now)


def groups(con: duckdb.DuckDBPyConnection) -> set[frozenset[str]]:
    """The articles of each story, by the last part of their identity."""
    rows = ask(con, "SELECT story_id, LIST(SPLIT_PART(identity, ':', 2)) AS members FROM core.articles GROUP BY ALL")
    assert all(row["story_id"] is not None for row in rows)
    return {frozenset(row["members"]) for row in rows}


def broken_checks(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the checks about stories that found something."""
    names = ("stories_have_origins", "republications_fit_stories", "signatures_fit_texts")
    return [each.name for each in run_checks(con) if each.offending_count and each.name in names]


def test_a_copy_is_in_the_story_of_its_origin(con: duckdb.DuckDBPyConnection) -> None:
    """With how much of it is the origin's, how long it took, and whether it says whose it is."""
    upsert_outlets(con, [ALPHA])
    copy = make(2, f"{REPORT}\n{PARAGRAPH}", outlet_id="beta", minutes=90, original_publisher="the alpha post")
    load_all(con, [make(1), copy, make(3, Writer(13).report())])
    assert groups(con) == {frozenset("12"), frozenset("3")}
    (row,) = ask(con, "FROM republications")
    assert (row["origin_outlet_id"], row["copy_outlet_id"]) == ("alpha", "beta")
    assert (row["lag_minutes"], row["containment"], row["is_credited"]) == (90, 1, True)
    assert (row["credited_by"], row["origin_reason"]) == ("source_line", "source_line")
    assert 0.7 < row["similarity"] < 1
    assert row["matched_article_id"] == row["origin_article_id"]
    assert broken_checks(con) == []


def test_a_story_counts_its_articles(con: duckdb.DuckDBPyConnection) -> None:
    """Its first publisher, outlets, copies and credited copies; one article is a story too."""
    upsert_outlets(con, [ALPHA])
    load_all(con, [make(1, title="First"), make(2, outlet_id="beta", minutes=5), make(3, minutes=9)])
    load_all(con, [make(4, outlet_id="gamma", minutes=20, agency=("AP Post",)), make(5, PARAGRAPH, outlet_id="beta")])
    rows = ask(con, "FROM stories ORDER BY article_count DESC")
    assert len(rows) == 2
    story, single = rows
    assert (story["title"], story["first_publisher"], story["origin_reason"]) == ("First", "The Alpha Post", "agency")
    counts = ("article_count", "outlet_count", "copy_count", "credited_copy_count", "removed_count")
    assert [story[name] for name in counts] == [4, 3, 3, 1, 0]
    assert [single[name] for name in counts] == [1, 1, 0, 0, 0]
    assert (single["first_publisher"], single["origin_reason"]) == ("beta", None)


def test_who_copies_whom(con: duckdb.DuckDBPyConnection) -> None:
    """By pairs of outlets, without what an outlet publishes twice; and as a network."""
    upsert_outlets(con, [ALPHA])
    others = [Writer(seed).report() for seed in (21, 22)]
    load_all(con, [make(1), make(2, others[0]), make(3, others[1], outlet_id="beta"), make(7, minutes=2)])
    load_all(
        con,
        [
            make(4, outlet_id="beta", minutes=30, byline="By AP Post staff"),
            make(5, others[0], outlet_id="beta", minutes=60),
            make(6, others[1], outlet_id="alpha", minutes=10),
        ],
    )
    rows = ask(con, "FROM outlet_republishing ORDER BY copy_count DESC")
    assert [(row["origin_outlet_id"], row["copy_outlet_id"]) for row in rows] == [("alpha", "beta"), ("beta", "alpha")]
    assert (rows[0]["copy_count"], rows[0]["credited_share"], rows[0]["median_lag_minutes"]) == (2, 0.5, 45)
    network = ask(con, "FROM republication_network ORDER BY ALL")
    assert [(row["element"], row["source_outlet_id"], row["target_outlet_id"], row["weight"]) for row in network] == [
        ("edge", "alpha", "beta", 2),
        ("edge", "beta", "alpha", 1),
        ("node", "alpha", None, 4),
        ("node", "beta", None, 3),
    ]
    assert {row["label"] for row in network if row["element"] == "node"} == {"The Alpha Post", "beta"}


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_found_among_everything_else(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Twelve cases of a kind: of the excerpts of a third one in forty is missed, of the rest none."""
    made = cases(kind, 12, seed=5)
    load_all(con, [make(2 * n, case.first, outlet_id=f"o{n}") for n, case in enumerate(made)])
    second = [
        make(2 * n + 1, case.second, outlet_id=f"o{n}" if case.is_same_outlet else "other", minutes=60 * case.hours)
        for n, case in enumerate(made)
    ]
    load_all(con, second, now=at(60))
    found = groups(con) & {frozenset((str(2 * n), str(2 * n + 1))) for n in range(len(made))}
    wanted = len(made) if made[0].is_copy else 0
    assert wanted - (kind == "excerpt of 30 %") <= len(found) <= wanted


def test_stories_are_the_same_in_whatever_order_articles_come(tmp_path: Path) -> None:
    """One by one forward, backward and shuffled, or all at once: the same stories, origins and reasons."""
    writer = Writer(31)
    reports = [writer.report(5) for _ in range(4)]
    batch = [article for n, report in enumerate(reports) for article in told_by_five(8 * n, report)]
    digest = make(90, f"{reports[0]}\n{reports[1]}", outlet_id="digest", minutes=200)
    results = []
    for number, order in enumerate(orders([*batch, digest])):
        home = tmp_path / str(number)
        with open_live(home, wait_seconds=0) as con:
            upsert_outlets(con, [ALPHA])
            for some in order:
                load_all(con, some)
            catch_up(con, limit=100)
            assert broken_checks(con) == []
            tables = ("core.republications", "core.copies")
            results.append(
                [ask(con, "SELECT article_id, story_id FROM core.articles ORDER BY ALL")]
                + [ask(con, f"FROM {table} ORDER BY ALL") for table in tables]
            )
    assert all(result == results[0] for result in results)
    assert len({row["story_id"] for row in results[0][0]}) == len(reports)


def told_by_five(number: int, report: str) -> list[Extraction]:
    """A report, and what others make of it."""
    half = report[: len(report) // 2]
    return [
        make(number, report, minutes=50),
        make(number + 1, report, outlet_id="beta", minutes=10),
        make(
            number + 2,
            f"{report}\n{PARAGRAPH}",
            outlet_id="gamma",
            minutes=90,
            original_publisher="The Alpha Post",
        ),
        make(number + 3, half, outlet_id="delta", minutes=70, agency=("AP Post",)),
        make(number + 4, report, published_at=None),
    ]


def orders(extractions: Sequence[Extraction]) -> list[list[list[Extraction]]]:
    """Ways to load articles."""
    shuffled = list(extractions)
    random.Random(6).shuffle(shuffled)
    return [
        [list(extractions)],
        [[each] for each in extractions],
        [[each] for each in reversed(extractions)],
        [shuffled[:7], shuffled[7:]],
    ]


def test_a_batch_that_is_loaded_twice_changes_no_story(con: duckdb.DuckDBPyConnection) -> None:
    """To the last row."""
    batch = [make(1), make(2, outlet_id="beta", minutes=5)]
    load_all(con, batch)
    tables = {"core.signatures", "core.signature_keys", "core.copies", "core.republications", "core.articles"}
    before = {name: rows for name, rows in contents(con).items() if name in tables}
    load_all(con, batch)
    assert {name: rows for name, rows in contents(con).items() if name in tables} == before
    assert before.keys() == tables


def test_a_rewritten_article_leaves_its_story_and_may_come_back(con: duckdb.DuckDBPyConnection) -> None:
    """The current text counts; its copies find their next origin."""
    load_all(con, [make(1), make(2, outlet_id="beta", minutes=5), make(3, outlet_id="gamma", minutes=9)])
    other = Writer(41).report()
    load_all(con, [make(1, other, fetched_at=at(60))], now=at(60))
    assert groups(con) == {frozenset("1"), frozenset("23")}
    assert column(con, "SELECT copy_outlet_id FROM republications") == ["gamma"]
    load_all(con, [make(1, fetched_at=at(120))], now=at(120))
    assert groups(con) == {frozenset("123")}
    assert sorted(column(con, "SELECT copy_outlet_id FROM republications")) == ["beta", "gamma"]
    assert broken_checks(con) == []


def test_a_source_line_that_is_added_moves_the_origin(con: duckdb.DuckDBPyConnection) -> None:
    """An edit that touches no text can say who was first."""
    upsert_outlets(con, [ALPHA])
    load_all(con, [make(1, minutes=60), make(2, outlet_id="beta", minutes=5)])
    assert column(con, "SELECT copy_outlet_id FROM republications") == ["alpha"]
    credited = make(2, outlet_id="beta", minutes=5, original_publisher="The Alpha Post", fetched_at=at(60))
    load_all(con, [credited], now=at(60))
    (row,) = ask(con, "FROM republications")
    assert (row["copy_outlet_id"], row["origin_reason"], row["lag_minutes"]) == ("beta", "source_line", -55)


def test_an_earlier_original_takes_the_story_over(con: duckdb.DuckDBPyConnection) -> None:
    """History that is loaded late: the story has the id of its new origin."""
    load_all(con, [make(1), make(2, outlet_id="beta", minutes=5)])
    load_all(con, [make(3, outlet_id="gamma", minutes=-90)])
    assert groups(con) == {frozenset("123")}
    assert column(con, "SELECT DISTINCT origin_outlet_id FROM republications") == ["gamma"]
    assert column(con, "SELECT COUNT(DISTINCT story_id) FROM articles") == [1]


def test_an_article_that_is_gone_stays_in_its_story(con: duckdb.DuckDBPyConnection) -> None:
    """A takedown is part of what happened."""
    load_all(con, [make(1), make(2, outlet_id="beta", minutes=5)])
    con.execute("UPDATE core.articles SET removed_at = $1 WHERE outlet_id = 'alpha'", [at(3)])
    assert column(con, "SELECT removed_count FROM stories") == [1]


def test_a_text_that_everybody_has_costs_no_more_than_a_few_comparisons(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key is kept for so many articles at most, and a copy still finds the first of them."""
    monkeypatch.setattr("warehouse.stories.candidates.MOST_HOLDERS", 5)
    for start in (1, 21):
        load_all(con, [make(n, outlet_id=f"o{n}", minutes=n) for n in range(start, start + 20)])
    assert column(con, "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM core.signature_keys GROUP BY key)") == [5]
    assert len(groups(con)) == 1


def test_what_is_too_short_to_compare_is_a_story_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    """Two captions that say the same are two articles about who knows what."""
    load_all(con, [make(1, "Watch the video above."), make(2, "Watch the video above.", outlet_id="beta")])
    assert groups(con) == {frozenset("1"), frozenset("2")}


def test_a_load_that_fails_leaves_no_story(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories are part of the load's transaction."""
    before = contents(con)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("warehouse.stories.grouping.write_republications", fail)
    with pytest.raises(RuntimeError):
        load_all(con, [make(1), make(2, outlet_id="beta")])
    assert contents(con) == before


def test_times_of_publication_can_change_what_is_a_copy(con: duckdb.DuckDBPyConnection) -> None:
    """Two bulletins of one form are one text and its correction only when they are of one day."""
    writer = Writer(51)
    report = writer.report(8) + " In all, 31 people were taken to the hospital."
    corrected = report.replace("31 people", "32 people")
    load_all(con, [make(1, report), make(2, corrected, minutes=120)])
    assert groups(con) == {frozenset("12")}
    later = make(2, corrected, minutes=60 * 40, fetched_at=at(60))
    assert later.article
    load_all(con, [replace(later, article=replace(later.article, published_at=MORNING))], now=at(60))
    assert groups(con) == {frozenset("1"), frozenset("2")}
