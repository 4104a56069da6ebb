"""What a word is: the same to the index and to a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_samples import NOW, OUTLET, RUN, column, make_extraction

from warehouse.load import load
from warehouse.migrate import migrate


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory, for its macros."""
    with duckdb.connect() as con:
        migrate(con)
        yield con


def value(con: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> Any:
    """The one value that a query gives."""
    ((found,),) = con.execute(sql, list(parameters)).fetchall()
    return found


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ferry", "ferry"),
        ("CAFÉ", "cafe"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("Istanbul", "istanbul"),
        ("İstanbul", "istanbul"),
        ("fata*lities", "fatalities"),
        ("assa*ssi*nations", "assassinations"),
        ("**Ferry**", "ferry"),
        ("Turkey's", "turkey"),
        ("SYRIA’S", "syria"),
        ("Θεσσαλονίκη", "θεσσαλονικη"),
        ("Йод", "иод"),
        ("أحمد", "احمد"),
        ("إدلب", "ادلب"),
        ("آب", "اب"),
        ("ٱلمدينة", "المدينه"),
        ("مسؤول", "مسوول"),
        ("طوارئ", "طواري"),
        ("مستشفى", "مستشفي"),
        ("مدرسة", "مدرسه"),
        ("مُحَمَّدٌ", "محمد"),
        ("كـــتاب", "كتاب"),
        ("قت*لى", "قتلي"),
        ("کابل", "كابل"),
        ("٢٠٢٦", "2026"),
        ("۲۰۲۶", "2026"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_spellings_of_a_word_are_one(macros: duckdb.DuckDBPyConnection, written: str, folded: str) -> None:
    """Case, accents, vowel signs, hamza, alef, ya, ta marbuta, tatweel, digits and masks make no difference."""
    assert value(macros, "SELECT main.search_fold($1)", written) == folded
    assert value(macros, "SELECT main.search_fold($1)", folded) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ferry, late; it's in.", ["The", "ferry", "late", "it's", "in"]),
        ("state-of-the-art (1,200)", ["state", "of", "the", "art", "1", "200"]),
        ("“قصف” صاروخي، نعم؟ لا؛", ["قصف", "صاروخي", "نعم", "لا"]),
        ("مُحَمَّد fata*lities * ***", ["مُحَمَّد", "fata*lities"]),
        ("a_b [c] {d} 10% €5 … 🚀", ["a", "b", "c", "d", "10", "5"]),
        ("COVID病毒 한국어", ["COVID", "病", "毒", "한국어"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("— …", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words(macros: duckdb.DuckDBPyConnection, text: str, words: list[str]) -> None:
    """Punctuation and symbols part words; in scripts without spaces each sign is one."""
    assert value(macros, "SELECT REGEXP_EXTRACT_ALL($1, main.search_pattern())", text) == words


@pytest.mark.parametrize("written", ["وزير", "الوزير", "والوزير", "بالوزير", "للوزير", "وبالوزير"])
def test_what_is_written_before_an_arabic_word_is_an_option(macros: duckdb.DuckDBPyConnection, written: str) -> None:
    """With clitics a word stands for all its forms, whichever was typed; without, for itself."""
    forms = value(macros, "SELECT main.search_forms($1, TRUE)", written)
    assert {"وزير", "الوزير", "والوزير", "بوزير", "بالوزير", "لوزير", "للوزير", "ولوزير", "فالوزير"} <= set(forms)
    assert len(forms) == len(set(forms))
    assert value(macros, "SELECT main.search_forms($1, FALSE)", written) == [written]


def test_a_word_that_begins_like_a_clitic_keeps_its_letters(macros: duckdb.DuckDBPyConnection) -> None:
    """Whether the first letter of وفد or لبنان is one cannot be told: only what has an article before it is cut."""
    for word in ("وفد", "لبنان", "باب", "فلسطين", "الله"):
        forms = value(macros, "SELECT main.search_forms($1, TRUE)", word)
        assert word in forms
        assert all(form.endswith(word) for form in forms)


def test_forms_of_a_word_lie_side_by_side(macros: duckdb.DuckDBPyConnection) -> None:
    """Their keys differ in the lower half only, so that one stretch of a segment has them all."""
    for word in ("وزير", "قصف", "باب", "لبنان", "والي"):
        keys = value(macros, "SELECT LIST_TRANSFORM(main.search_forms($1, TRUE), LAMBDA f: main.search_key(f))", word)
        assert len(set(keys)) == len(keys)
        assert len({key >> 32 for key in keys}) == 1


ALPHABET = "abzÉéßİſ0٣۳ ابتةىيأإآؤئءلوفكـ\u064b\u0651\u0670*'’sS-.,،؟«»\n\u200c\u00ad日本ไ한िह🚀"


@pytest.fixture(scope="module")
def loaded() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory that the examples of a property fill."""
    with duckdb.connect() as con:
        migrate(con)
        yield con


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=ALPHABET, min_size=1, max_size=60), title=st.text(alphabet=ALPHABET, max_size=20))
def test_the_index_and_a_query_take_every_word_for_the_same(
    loaded: duckdb.DuckDBPyConnection, text: str, title: str
) -> None:
    """Each word of any text, asked for as it is written, has the key under which the text is indexed, in its place."""
    loaded.begin()
    load_one(loaded, title, text)
    indexed = loaded.execute("SELECT place & 8191, term_key FROM core.search_postings ORDER BY place").fetchall()
    expected = []
    for part, first in ((title, 0), (text, 128)):
        words = value(loaded, "SELECT REGEXP_EXTRACT_ALL($1, main.search_pattern())", part)
        asked = "SELECT token_offset, term_key FROM main.search_terms($1, clitics := FALSE) ORDER BY token_offset"
        keys = loaded.execute(asked, [f'"{" ".join(words)}"']).fetchall() if words else []
        expected += [(first + offset, key) for offset, key in keys]
    loaded.rollback()
    assert indexed == expected


def load_one(con: duckdb.DuckDBPyConnection, title: str, text: str) -> None:
    """Index one article inside the transaction of the caller."""
    from warehouse.search_index import SearchDocument, index_articles
    from warehouse.texts import insert_texts

    key = "0" * 64
    insert_texts(con, {key: text})
    document = SearchDocument(
        article_id="6e0a5bb8-9d7b-5c5e-8f1c-2d9b1f5a7c31",
        outlet_id=OUTLET,
        language=None,
        dated_at=NOW,
        title=title,
        heading=title,
        text_sha256=key,
        text=text,
    )
    index_articles(con, [document], known=())


def test_the_loaders_words_are_the_queries(con: duckdb.DuckDBPyConnection) -> None:
    """What the loader stores can be found as it was written."""
    text = "Assa*ssinations in Idlib's countryside. وقال الوزير إنّ القصف مستمر."
    load(con, RUN, OUTLET, [make_extraction(1, text=text)], now=NOW)
    for word in ("assassinations", "ASSA*SSINATIONS", "Idlib", "idlib’s", "الوزير", "وزير", "إن", "قصف", "مستمرّ"):
        assert column(con, f"SELECT title FROM main.search_matches('{word}')") == ["Story 1"], word
