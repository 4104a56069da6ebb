from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.stories import words
from warehouse.stories.words import FOLDS, fold, folded_text, is_unspaced, points_of, words_of


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("The ferry's late; again.", ["the", "ferry", "s", "late", "again"]),
        ("fata*lities and assa*ssinations * not this *", ["fatalities", "and", "assassinations", "not", "this"]),
        ("“Café” – naïve ﬁne STRASSE Straße", ["cafe", "naive", "fine", "strasse", "strasse"]),
        ("مُحَمَّد في الرقّـــة، إلى أُمّ", ["محمد", "في", "الرقه", "الي", "ام"]),
        ("کتاب یک", ["كتاب", "يك"]),
        ("١٢ آذار ۱۲", ["12", "اذار", "12"]),
        ("日本語 text", ["日", "本", "語", "text"]),
        ("हिन्दी। भाषा", ["हिन्दी", "भाषा"]),
        ("한국어 신문", ["한국어", "신문"]),
        ("snow\u200fmark soft\u00adhyphen", ["snowmark", "softhyphen"]),
        ("😀 ok", ["ok"]),
        ("", []),
    ],
)
def test_a_word_is_the_same_however_it_is_written(written: str, folded: list[str]) -> None:
    """Marks, forms, case, masks and digits of any script make no difference."""
    assert words_of(written) == [fold(each).split()[0] for each in folded]


@given(st.text())
def test_the_quick_way_folds_as_the_slow_one_does(text: str) -> None:
    """The table that is looked up for a whole text says what ``str.translate`` says of each character."""
    assert fold(text).split() == text.translate(FOLDS).split()


@given(st.text())
def test_anybodys_text_becomes_code_points(text: str) -> None:
    """Half a surrogate pair, a NUL or a private character is no reason to fail."""
    assert points_of(text + "\ud800").dtype == "uint32"


def test_case_and_punctuation_stay_where_they_are_looked_at() -> None:
    """The facts of a text need both."""
    assert folded_text("Çay, “İzmir”. ٣") == "Cay, “Izmir”. 3"


def test_scripts_without_spaces_are_known() -> None:
    """A Latin name in a Chinese text changes nothing."""
    assert is_unspaced(points_of("新闻报道的全文 BBC"))
    assert not is_unspaced(points_of("news of 北京"))
    assert not is_unspaced(points_of(""))
    assert words.is_within(0x4E00, words.UNSPACED_BLOCKS)
