"""Searching: what a query can say, what comes back, and an index that is never behind its articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
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
    contents,
    make_extraction,
    make_failure,
    make_fetch,
)

from extractors.errors import Reason, WarehouseError, WarehouseUnusableError
from extractors.records import OutletCard
from warehouse import migrate as migrations
from warehouse import search_index
from warehouse.checks import run_checks
from warehouse.connection import open_live, published_path
from warehouse.fetches import record_fetches
from warehouse.load import load
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.search import search
from warehouse.search_index import merge_segments
from warehouse.sources import upsert_outlets
from warehouse.sql_files import sql_files
from warehouse.transactions import transaction

TEXTS = {
    "rockets": "Rocket fire killed two civilians. The third attack, with fata*lities, in the week.\nState of the art.",
    "fires": "Fire in the harbor: no rocket, said the pilots of the state. It was the art of the possible.",
    "ferries": "The ferry came in late. Nobody was hurt, and the pilots went home.",
    "قصف": "قُتل مدنيان بقصف صاروخي على ريف إدلب.\nوقال الوزير إنّ القصف الصاروخي مستمر منذ يومين.",
    "وزراء": "اجتمع وزير الخارجية في بيروت مع وفد من الوزراء.",
    "東京": "東京の地下鉄で火災があった。",
}


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Six articles, the first of another outlet and the newest."""
    batch = [
        make_extraction(
            number,
            title=title,
            text=text,
            standfirst=None,
            kicker="Idlib" if title == "rockets" else None,
            language="ar" if title[0] > "ء" and title[0] < "ي" else "en",
            published_at=datetime(2026, number, 10, 12, tzinfo=UTC),
        )
        for number, (title, text) in enumerate(TEXTS.items(), start=1)
    ]
    load(con, RUN, OUTLET, batch, now=NOW)


def titles(con: duckdb.DuckDBPyConnection, words: str, **options: Any) -> set[str]:
    """Titles of all matches."""
    given = "".join(f", {name} := {value}" for name, value in options.items())
    rows = con.execute(f"SELECT title FROM main.search_matches($1{given})", [words]).fetchall()
    return {str(title) for (title,) in rows}


QUERIES: dict[str, set[str]] = {
    # words: all of them, in title, kicker or text
    "rocket": {"rockets", "fires"},
    "ROCKET Fire": {"rockets", "fires"},
    "rocket ferry": set(),
    "idlib": {"rockets"},
    "ferries": {"ferries"},
    "fatalities": {"rockets"},
    "fata*lities": {"rockets"},
    "rockets": {"rockets"},
    "the rocket": {"rockets", "fires"},
    "the": {"rockets", "fires", "ferries"},
    # phrases: next to each other, in this order; frequent words count in them
    '"rocket fire"': {"rockets"},
    "“rocket fire”": {"rockets"},
    '"fire rocket"': set(),
    '"rocket fire" killed': {"rockets"},
    '"state of the art"': {"rockets"},
    "state-of-the-art": {"rockets"},
    '"of the"': {"rockets", "fires"},
    '"art of the possible"': {"fires"},
    '"the the"': set(),
    '"rockets Rocket"': set(),  # the end of a title and the beginning of a text are no neighbors
    '"idlib rockets"': {"rockets"},
    # without, or
    "rocket -idlib": {"fires"},
    'rocket -"rocket fire"': {"fires"},
    "idlib OR ferry": {"rockets", "ferries"},
    'ferry OR "rocket fire" OR possible': {"rockets", "fires", "ferries"},
    "rocket idlib OR harbor": {"rockets", "fires"},
    "pilots harbor OR idlib": {"fires"},
    # Arabic
    "قصف": {"قصف"},
    "القصف": {"قصف"},
    "ادلب": {"قصف"},
    "وزير": {"قصف", "وزراء"},
    "بالوزير": {"قصف", "وزراء"},
    '"قصف صاروخي"': {"قصف"},
    "«قصف صاروخي»": {"قصف"},
    "مدنيان قتل": {"قصف"},
    "بيروت": {"وزراء"},
    "وفد": {"وزراء"},
    "خارجيه": {"وزراء"},
    # scripts without spaces: signs side by side
    "東京": {"東京"},
    "地下鉄": {"東京"},
    "京東": set(),
    # filters
    "the outlet:harbor_post": {"rockets", "fires", "ferries"},
    "the -outlet:harbor_post": set(),
    "قصف lang:ar": {"قصف"},
    "rocket lang:ar": set(),
    "rocket -lang:ar": {"rockets", "fires"},
    "the after:2026-02": {"fires", "ferries"},
    "the after:2026-02-10": {"fires", "ferries"},
    "the after:2026-02-11": {"ferries"},
    "the before:2026-02-10": {"rockets"},
    "the before:2026": set(),
    "the after:2026 before:2026-03": {"rockets", "fires"},
    'the lang:en "said the" before:2026-12-31': {"fires"},
}


def test_a_query_finds_what_it_says(con: duckdb.DuckDBPyConnection) -> None:
    """Words are joined by and; phrases, without, or and filters as the README says."""
    fill(con)
    upsert_outlets(con, [OutletCard(outlet_id=OUTLET, name="H", homepage="h", country=None, languages=(), aliases=())])
    assert {words: titles(con, words) for words in QUERIES} == QUERIES


def test_arabic_words_can_be_asked_for_as_written(con: duckdb.DuckDBPyConnection) -> None:
    """Without clitics, what stands before a word makes it another one."""
    fill(con)
    assert titles(con, "وزير", clitics=False) == {"وزراء"}
    assert titles(con, "الوزير", clitics=False) == {"قصف"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "there is no word to look for"),
        ("— …", "there is no word to look for"),
        ("-rocket", "there is no word to look for"),
        ("outlet:harbor_post", "there is no word to look for"),
        (
            "rocket outlet:harbr_post",
            "outlet:harbr_post is no outlet of this warehouse; the nearest is outlet:harbor_post",
        ),
        ("rocket outlets:harbor_post", "there is no filter outlets:; there are outlet:, lang:, after: and before:"),
        ("rocket outlet: harbor_post", "outlet: names nothing"),
        ("rocket after:2026-13-01", "after:2026-13-01 is no date; write after:2025-01-31"),
        ("rocket before:yesterday", "before:yesterday is no date"),
        ("rocket after:2026-1-1", "after:2026-1-1 is no date"),
        ("rocket -after:2026", "-after:2026 is both"),
        (" ".join(f"word{number}" for number in range(13)), "13 words and phrases are too many; 12"),
    ],
)
def test_a_wrong_query_is_told(con: duckdb.DuckDBPyConnection, words: str, complaint: str) -> None:
    """What is wrong, its value, and what to write; whether or not anything would be found."""
    card = OutletCard(outlet_id=OUTLET, name="H", homepage="h", country=None, languages=(), aliases=())
    upsert_outlets(con, [card])
    with pytest.raises(duckdb.InvalidInputException) as raised:
        con.execute("FROM main.search($1)", [words]).fetchall()
    assert complaint in str(raised.value)


def test_the_best_come_first(con: duckdb.DuckDBPyConnection) -> None:
    """Words in a title, more of them, and shorter texts weigh more; match_count tells of those that are not shown."""
    batch = [
        make_extraction(1, title="Other", text="ferry " + "word " * 200),
        make_extraction(2, title="Other", text="ferry " + "word " * 20),
        make_extraction(3, title="Ferry", text="word " * 20),
        make_extraction(4, title="Other", text="ferry ferry ferry " + "word " * 20),
        make_extraction(5, title="Other", text="gale " * 20),
    ]
    load(con, RUN, OUTLET, batch, now=NOW)
    names = {row["article_id"]: row["text"][:11] + row["title"] for row in ask(con, "FROM articles")}
    rows = ask(con, "FROM main.search('ferry -gale', max_results := 3)")
    order = [names[row["article_id"]] for row in rows]
    assert order[2] == "ferry word Other"
    assert set(order[:2]) == {"ferry ferryOther", "word word wFerry"}
    assert [row["match_count"] for row in rows] == [4, 4, 4]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_snippets_are_passages_of_the_text(con: duckdb.DuckDBPyConnection) -> None:
    """Snippet and matches are offsets into the stored text, whatever folding took away before them."""
    far = "مُقَدِّمة طويلة جدًّا. " * 40
    text = f"{far}\nقال الوزيرُ: «الفريُّ*ق وصل»، و fata*lities rose — it’s late.\n{far}"
    load(con, RUN, OUTLET, [make_extraction(1, title="Nothing", standfirst=None, text=text)], now=NOW)
    for words, found in {
        "الفريق": ["الفريُّ*ق"],
        "وزير fatalities": ["الوزيرُ", "fata*lities"],
        '"الوزير الفريق"': ["الوزيرُ: «الفريُّ*ق"],
        '"fatalities rose" late': ["fata*lities rose", "late"],
    }.items():
        (row,) = con.execute("SELECT snippet, snippet_start, matches FROM main.search($1)", [words]).fetchall()
        snippet, start, matches = row
        assert text[start - 1 : start - 1 + len(snippet)] == snippet
        assert [text[m["start"] - 1 : m["start"] - 1 + m["length"]] for m in matches] == found
        assert start > 500
        assert len(snippet) < 400


def test_a_match_above_the_text_shows_its_beginning(con: duckdb.DuckDBPyConnection) -> None:
    """Titles, kickers and standfirsts are searched too; a text without any word has no snippet."""
    load(
        con,
        RUN,
        OUTLET,
        [make_extraction(1, title="Gale", text="A b c."), make_extraction(2, title="Gale", text="…")],
        now=NOW,
    )
    rows = ask(con, "SELECT snippet, snippet_start, matches FROM main.search('gale')")
    assert sorted(rows, key=lambda row: row["snippet"] or "") == [
        {"snippet": None, "snippet_start": None, "matches": []},
        {"snippet": "A b c", "snippet_start": 1, "matches": []},
    ]


def test_an_edit_is_found_by_its_new_words_alone(con: duckdb.DuckDBPyConnection) -> None:
    """The index follows the current revision, in the load's own transaction."""
    load(
        con,
        RUN,
        OUTLET,
        [make_extraction(1, text="The gale came."), make_extraction(2, text="The gale came.")],
        now=NOW,
    )
    edited = make_extraction(1, text="The tide went.", title="Tides", fetched_at=at(5))
    load(con, RUN, OUTLET, [edited], now=at(5))
    assert titles(con, "gale") == {"Story 2"}
    assert titles(con, "tide") == {"Tides"}
    back = make_extraction(1, text="The gale came.", fetched_at=at(9))
    load(con, RUN, OUTLET, [back], now=at(9))
    assert titles(con, "gale") == {"Story 1", "Story 2"}
    assert titles(con, "tide") == set()
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_an_older_capture_that_comes_late_is_not_found(con: duckdb.DuckDBPyConnection) -> None:
    """History becomes a revision; what is found is what stands in articles."""
    load(con, RUN, OUTLET, [make_extraction(1, text="The gale came.", fetched_at=at(9))], now=at(9))
    load(con, RUN, OUTLET, [make_extraction(1, text="The tide went.", fetched_at=at(1))], now=at(10))
    assert (titles(con, "gale"), titles(con, "tide")) == ({"Story 1"}, set())
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_a_changed_time_or_language_is_filtered_by(con: duckdb.DuckDBPyConnection) -> None:
    """Words that stay the same are not indexed again; what the filters look at is what articles says."""
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    changed = make_extraction(1, published_at=datetime(2020, 5, 6, tzinfo=UTC), language="tr", fetched_at=at(5))
    load(con, RUN, OUTLET, [changed], now=at(5))
    assert titles(con, "ferry lang:tr before:2021") == {"Story 1"}
    assert titles(con, "ferry lang:en") == set()
    assert column(con, "SELECT COUNT(DISTINCT place >> 13) FROM core.search_postings") == [1]


def test_an_article_that_was_removed_is_still_found(con: duckdb.DuckDBPyConnection) -> None:
    """By its last content; articles says since when it is gone."""
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(1)], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_410, when=at(9))], now=at(9))
    rows = ask(con, "SELECT a.removed_at FROM main.search('ferry') AS s JOIN articles AS a USING (article_id)")
    assert [row["removed_at"] for row in rows] == [at(9)]
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_loading_again_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Neither places nor documents."""
    fill(con)
    before = contents(con)
    fill(con)
    after = contents(con)
    names = [name for name in before if "search" in name or name == "core.texts"]
    assert len(names) == 5
    assert {name: after[name] for name in names} == {name: before[name] for name in names}


def stop(*_: object) -> None:
    """Fail."""
    raise OSError("stopped")


def test_a_transaction_that_is_rolled_back_leaves_no_word(con: duckdb.DuckDBPyConnection) -> None:
    """Articles and their words come together or not at all."""
    fill(con)
    before = contents(con)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warehouse.load.write_links", stop)
        with pytest.raises(OSError, match="stopped"):
            load(con, RUN, OUTLET, [make_extraction(7, text="A tempest rose.")], now=at(5))
    assert contents(con) == before
    assert titles(con, "tempest") == set()
    load(con, RUN, OUTLET, [make_extraction(7, text="A tempest rose.")], now=at(5))
    assert titles(con, "tempest") == {"Story 7"}


def test_recent_words_are_sorted_into_segments(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are enough of them; merged, they leave out what no article says any more. Answers stay the same."""
    monkeypatch.setattr(search_index, "SEGMENT_ROWS", 25)
    expected = {words: QUERIES[words] for words in list(QUERIES)[:40]}
    fill(con)
    for minutes in range(1, 6):
        edited = make_extraction(8, title="Eighth", text=f"Version v{minutes} of the gale.", fetched_at=at(minutes))
        load(con, RUN, OUTLET, [edited, make_extraction(10 + minutes, title="More")], now=at(minutes))
    segments = ask(con, "FROM core.search_segments ORDER BY first_place")
    assert len(segments) > 1
    for segment in segments:
        rows = column(
            con,
            f"SELECT term_key FROM core.search_postings WHERE place BETWEEN {segment['first_place']} "
            f"AND {segment['last_place']} ORDER BY rowid",
        )
        assert rows == sorted(rows)
        assert len(rows) == segment["row_count"]
    assert merge_segments(con) == len(segments)
    assert merge_segments(con) == 0
    assert {words: titles(con, words) - {"Eighth", "More"} for words in expected} == expected
    assert [titles(con, f"v{minutes}") for minutes in range(1, 6)] == [set()] * 4 + [{"Eighth"}]
    (segment,) = ask(con, "FROM core.search_segments")
    beyond = f"place > {segment['last_place']} OR place >> 13 IN (SELECT doc_id FROM core.search_documents)"
    assert column(con, f"SELECT COUNT(*) FROM core.search_postings WHERE NOT ({beyond})") == [0]
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_many_articles_at_once_are_a_segment(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waited before them is sorted first, so that segments follow one another."""
    monkeypatch.setattr(search_index, "SEGMENT_DOCUMENTS", 3)
    load(con, RUN, OUTLET, [make_extraction(9)], now=NOW)
    fill(con)
    load(con, RUN, OUTLET, [make_extraction(10)], now=NOW)
    assert column(con, "SELECT COUNT(*) FROM core.search_segments") == [2]
    assert titles(con, '"rocket fire"') == {"rockets"}
    assert titles(con, "number") == {"Story 9", "Story 10"}
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_a_very_long_article_is_found_by_its_last_word(con: duckdb.DuckDBPyConnection) -> None:
    """Beyond the last position words are found, though not in phrases, and are not taken for the next article's."""
    text = " ".join(f"word{number}" for number in range(9_000)) + " Last last thing"
    batch = [make_extraction(1, title="long", text=text), make_extraction(2, title="thing", text="Next one.")]
    load(con, RUN, OUTLET, batch, now=NOW)
    assert titles(con, "last word8500 word3") == {"long"}
    assert titles(con, '"word8000 word8001"') == {"long"}
    assert titles(con, '"word8500 word8501"') == set()
    assert titles(con, '"thing thing"') == set()


def test_a_warehouse_of_before_gets_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """In transactions of some texts each: who is stopped in between goes on, and finds everything once."""
    of_before = [file for file in sql_files("migrations") if file.name < "0012"]
    with duckdb.connect() as new, duckdb.connect() as old, monkeypatch.context() as patched:
        migrate(new)
        fill(new)
        load(new, RUN, OUTLET, [make_extraction(7, text=TEXTS["ferries"], title="twin")], now=NOW)
        patched.setattr(migrations, "sql_files", lambda folder: of_before if folder == "migrations" else ())
        migrate(old)
        for table in column(old, "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'"):
            if not table.startswith("schema_"):
                names = ", ".join(column(old, f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{table}'"))
                old.register("incoming", new.sql(f"SELECT {names} FROM core.{table}").to_arrow_table())
                old.execute(f"DELETE FROM core.{table}")
                old.execute(f"INSERT INTO core.{table} BY NAME FROM incoming")
                old.unregister("incoming")
        patched.undo()
        monkeypatch.setattr(search_index, "FILL_TEXTS", 2)
        with monkeypatch.context() as broken:
            calls = iter([None, OSError("stopped")])

            def insert(con: duckdb.DuckDBPyConnection, original: Any = search_index.insert_incoming) -> None:
                original(con)
                if error := next(calls):
                    raise error

            broken.setattr(search_index, "insert_incoming", insert)
            with pytest.raises(OSError, match="stopped"):
                migrate(old)
        assert column(old, "SELECT filled_to FROM core.search_state") == [2]
        # Two articles share a text; which texts are the first two is the migration's choice.
        numbered = "SELECT text_sha256 FROM core.texts WHERE text_number <= 2"
        current = "core.articles AS a JOIN core.revisions AS r ON r.revision_id = a.current_revision_id"
        shown = f"SELECT COUNT(*) FROM {current} WHERE r.text_sha256 IN ({numbered})"
        assert column(old, "SELECT COUNT(*) FROM core.search_documents") == column(old, shown)
        assert migrate(old) == []
        assert column(old, "SELECT filled_to FROM core.search_state") == [None]
        assert {words: titles(old, words) - {"twin"} for words in QUERIES if "outlet:" not in words} == {
            words: found for words, found in QUERIES.items() if "outlet:" not in words
        }
        assert titles(old, "ferry") == {"ferries", "twin"}
        assert {each.name: each.offending_count for each in run_checks(old) if "search" in each.name} == {
            "search_documents_current": 0,
            "search_places_complete": 0,
        }


def test_other_rules_let_everything_be_indexed_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wirewatch that folds otherwise does not ask an index that was filled by other rules."""
    with open_live(home, wait_seconds=0) as con:
        fill(con)
        con.execute("UPDATE core.search_postings SET term_key = 0")
        assert titles(con, "rocket") == set()
    monkeypatch.setattr(search_index, "FOLDING", "another")
    monkeypatch.setattr(migrations, "FOLDING", "another")
    with open_live(home, wait_seconds=0) as con:
        assert titles(con, "rocket") == QUERIES["rocket"]
        assert [each for each in run_checks(con) if each.offending_count] == []


def test_the_published_file_is_searched(home: Path) -> None:
    """With the columns of the macro; what is wrong with the words is an error of the warehouse's own."""
    with open_live(home, wait_seconds=0) as con:
        fill(con)
    publish(home, wait_seconds=0)
    found = search(home, 'idlib "rocket fire"', limit=1)
    assert found.column_names == [
        *("article_id", "outlet_id", "language", "title", "published_at", "score"),
        *("snippet", "snippet_start", "matches", "match_count"),
    ]
    (row,) = found.to_pylist()
    assert (row["title"], row["match_count"], row["published_at"].isoformat()) == (
        "rockets",
        1,
        "2026-01-10T12:00:00+00:00",
    )
    assert search(home, "وزير", clitics=False)["title"].to_pylist() == ["وزراء"]
    with pytest.raises(WarehouseError, match=r"^search: there is no filter foo:") as raised:
        search(home, "rocket foo:bar")
    assert not isinstance(raised.value, WarehouseUnusableError)


def test_a_file_of_an_older_wirewatch_says_so(home: Path) -> None:
    """Where nothing was published since there is a search."""
    home.mkdir()
    with duckdb.connect(published_path(home)) as con:
        con.execute("CREATE VIEW main.articles AS SELECT 1 AS one")
    with pytest.raises(WarehouseUnusableError, match="has no search index"):
        search(home, "rocket")


def test_search_joins_the_other_views(con: duckdb.DuckDBPyConnection) -> None:
    """It is a table like any: joined, counted, and asked with values from elsewhere."""
    fill(con)
    rows = ask(con, "SELECT a.canonical_url FROM main.search('idlib') AS s JOIN articles AS a USING (article_id)")
    assert rows == [{"canonical_url": f"{SITE}/1/"}]
    with transaction(con):
        con.execute("CREATE TEMP TABLE asked AS SELECT UNNEST(['rocket', 'ferry']) AS words")
    counted = "(SELECT COUNT(*) FROM main.search_matches('{}'))"
    counted = f"SELECT {counted.format('rocket')} + {counted.format('ferry')}"
    assert con.execute(counted).fetchall() == [(3,)]
