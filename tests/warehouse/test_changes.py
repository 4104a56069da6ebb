"""What changed between an article's states, stored at load: words, passages, numbers, and no noise."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from warehouse_samples import NOW, OUTLET, RUN, ask, at, column, make_capture, make_extraction, make_failure, make_fetch

from extractors.errors import Reason
from warehouse import migrate as subject
from warehouse.checks import run_checks
from warehouse.fetches import record_fetches
from warehouse.load import LoadCounts, load
from warehouse.migrate import migrate
from warehouse.sql_files import sql_files

TEXT = "Shells killed six people in the market of Tel Hamra.\nNobody claimed the attack."


def see(con: duckdb.DuckDBPyConnection, minute: int, text: str = TEXT, **changes: Any) -> LoadCounts:
    """Load story 1 as it was captured at a minute."""
    extraction = make_extraction(1, fetched_at=at(minute), text=text, **changes)
    return load(con, RUN, OUTLET, [extraction], now=at(1_000))


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Every rule of the warehouse holds."""
    assert [result for result in run_checks(con) if result.offending_count] == []


def texts_changed(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """First passage of each change of the text, in order."""
    rows = ask(con, "SELECT passages FROM changes WHERE field = 'text' ORDER BY revision_number")
    return [(row["passages"][0]["before"], row["passages"][0]["after"]) for row in rows]


def test_a_changed_text_is_told_by_its_words(con: duckdb.DuckDBPyConnection) -> None:
    """Counts and passages with offsets beside both texts; a field that is not told by words has none."""
    see(con, 0)
    after = TEXT.replace("six people", "seven people, two of them children,")
    see(con, 5, after, section="War")
    words, plain = ask(con, "FROM changes ORDER BY field DESC")
    assert (words["field"], words["before"], words["after"]) == ("text", TEXT, after)
    assert (words["words_added"], words["words_removed"]) == (5, 1)
    assert words["passages"] == [
        {
            "before": "six people",
            "after": "seven people, two of them children",
            "before_offset": 14,
            "after_offset": 14,
        }
    ]
    assert (plain["field"], plain["before"], plain["after"]) == ("section", "Harbor", "War")
    assert (plain["words_added"], plain["words_removed"], plain["passages"]) == (None, None, None)
    check(con)


def test_a_number_that_changed_has_a_row_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    """In the title and in the text, each with its sentences."""
    see(con, 0, title="Six killed in Tel Hamra")
    see(con, 5, TEXT.replace("six", "seven"), title="Seven killed in Tel Hamra")
    rows = ask(con, "SELECT field, counted, number_before, number_after, sentence_after FROM number_changes ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [
        ("text", "killed", 6, 7, "Shells killed seven people in the market of Tel Hamra."),
        ("title", "killed", 6, 7, "Seven killed in Tel Hamra"),
    ]


def test_a_capture_that_is_loaded_late_parts_a_pair(con: duckdb.DuckDBPyConnection) -> None:
    """The changes are those of the new order: the old comparison is not shown any more."""
    see(con, 0)
    see(con, 9, TEXT.replace("six", "eight"))
    assert texts_changed(con) == [("six", "eight")]
    see(con, 5, TEXT.replace("six", "seven"))
    assert texts_changed(con) == [("six", "seven"), ("seven", "eight")]
    assert column(con, "SELECT number_after FROM number_changes ORDER BY revision_number") == [7, 8]
    see(con, -5, TEXT.replace("six", "five"))
    assert texts_changed(con) == [("five", "six"), ("six", "seven"), ("seven", "eight")]
    check(con)


def test_what_came_in_between_and_went_is_two_changes(con: duckdb.DuckDBPyConnection) -> None:
    """Six, still six later; that it was seven in between becomes known last."""
    see(con, 0)
    see(con, 9)
    see(con, 5, TEXT.replace("six", "seven"))
    assert texts_changed(con) == [("six", "seven"), ("seven", "six")]
    check(con)


@pytest.mark.parametrize(
    "noise",
    [
        {"text": f"{TEXT}\n512 views"},
        {"text": f"Updated 5 minutes ago\n{TEXT}"},
        {"text": TEXT.replace(" ", "  ").replace(".", " .")},
        {"byline": "By Ana Marsh | Updated 5 minutes ago"},
        {"title": "Story 1."},
    ],
)
def test_noise_makes_no_revision(con: duckdb.DuckDBPyConnection, noise: dict[str, Any]) -> None:
    """Neither when it comes nor when it goes, and loading it again changes nothing."""
    see(con, 0)
    assert see(con, 5, **noise) == LoadCounts(unchanged=1)
    assert see(con, 5, **noise) == LoadCounts(unchanged=1)
    assert see(con, 9) == LoadCounts(unchanged=1)
    assert column(con, "SELECT kind FROM revisions") == ["first"]
    check(con)


def test_noise_hides_no_edit(con: duckdb.DuckDBPyConnection) -> None:
    """A counter moved and a headline changed: only the headline is told, and the text is as it was captured."""
    see(con, 0, f"{TEXT}\n512 views")
    assert see(con, 5, f"{TEXT}\n530 views", title="Story 1, again") == LoadCounts(revised=1)
    assert column(con, "SELECT field FROM changes") == ["title"]
    assert column(con, "SELECT text FROM articles") == [f"{TEXT}\n530 views"]
    check(con)


def test_noise_beside_changed_words_is_left_out_of_the_passages(con: duckdb.DuckDBPyConnection) -> None:
    """The counter is no changed word."""
    see(con, 0, f"{TEXT}\n512 views")
    see(con, 5, f"{TEXT.replace('six', 'seven')}\n530 views")
    ((change),) = ask(con, "FROM changes")
    assert (change["words_added"], change["words_removed"], len(change["passages"])) == (1, 1, 1)


def test_another_extractor_may_get_rid_of_noise(con: duckdb.DuckDBPyConnection) -> None:
    """The same capture, read without the counter, is a re-extraction that shows what it cut; no number changed."""
    see(con, 0, f"{TEXT}\n512 views")
    see(con, 5, f"{TEXT}\n530 views")
    assert see(con, 5, extractor="newer") == LoadCounts(revised=1)
    assert see(con, 5, extractor="newer") == LoadCounts(unchanged=1)
    assert column(con, "SELECT text FROM articles") == [TEXT]
    ((change),) = ask(con, "FROM changes")
    assert (change["kind"], change["passages"][0]["before"]) == ("reextracted", "512 views")
    assert not ask(con, "FROM number_changes")
    check(con)


def test_articles_as_of_a_moment_are_as_they_stood(con: duckdb.DuckDBPyConnection) -> None:
    """Before the first capture, first wording, second, gone, back: by what was captured until then."""
    record_fetches(con, RUN, OUTLET, [make_fetch()], now=NOW)
    see(con, 0)
    see(con, 5, TEXT.replace("six", "seven"), title="Seven")
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_410, when=at(8))], now=at(8))
    see(con, 12, TEXT.replace("six", "seven"), title="Seven")
    moments = {minute: f"2026-03-02 06:{minute:02}:00+00" for minute in (0, 6, 9, 13)}
    sql = "SELECT title, text, removed_at, revision_count, CAST(capture_id AS VARCHAR) FROM articles_as_of('{}')"
    shown = {minute: [tuple(row.values()) for row in ask(con, sql.format(text))] for minute, text in moments.items()}
    captures = {minute: make_capture(fetched_at=at(minute)).capture_id for minute in (0, 5, 12)}
    seven = TEXT.replace("six", "seven")
    assert shown == {
        0: [("Story 1", TEXT, None, 1, captures[0])],
        6: [("Seven", seven, None, 2, captures[5])],
        9: [("Seven", seven, at(8), 3, captures[5])],
        13: [("Seven", seven, None, 4, captures[12])],
    }
    assert not ask(con, sql.format("2026-03-02 05:59:59+00"))
    columns = "SELECT column_name, column_type FROM (DESCRIBE FROM {})"
    assert ask(con, columns.format("articles_as_of(NOW())")) == ask(con, columns.format("articles"))


def test_a_file_of_before_gets_its_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """At migration each pair of states is compared, and each article counted, as if it had been loaded since."""
    of_before = [file for file in sql_files("migrations") if file.name < "0012"]
    with duckdb.connect() as old, duckdb.connect() as new, monkeypatch.context() as patched:
        migrate(new)
        for minute, word in ((0, "six"), (5, "seven"), (9, "eight")):
            see(new, minute, TEXT.replace("six", word))
        patched.setattr(subject, "sql_files", lambda folder: of_before if folder == "migrations" else ())
        migrate(old)
        tables = "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE table_name NOT LIKE 'schema_%'"
        for table in column(old, tables):
            of_old = column(old, f"SELECT column_name FROM (DESCRIBE {table})")
            old.register("incoming", new.sql(f"FROM {table}").to_arrow_table().select(of_old))
            old.execute(f"INSERT INTO {table} BY NAME FROM incoming")
            old.unregister("incoming")
        patched.undo()
        assert "0014_history" in migrate(old)
        for table in ("core.changes", "core.number_changes", "core.article_facts"):
            rows = ask(new, f"FROM {table} ORDER BY ALL")
            assert rows
            assert ask(old, f"FROM {table} ORDER BY ALL") == rows, table
        check(old)
