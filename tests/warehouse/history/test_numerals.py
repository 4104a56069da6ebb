"""Numbers as they are written."""

from __future__ import annotations

import pytest

from warehouse.history.folding import fold
from warehouse.history.numerals import Numeral, read_numeral

CASES = [
    ("en", "12 people", 12, 1),
    ("en", "1,234", 1234, 1),
    ("en", "3.5", 3.5, 1),
    ("en", "1.2 million people", 1_200_000, 2),
    ("en", "3 thousand", 3000, 2),
    ("en", "one", 1, 1),
    ("en", "Twenty five", 25, 2),
    ("en", "two hundred and five people", 205, 4),
    ("en", "five and six", 5, 1),
    ("en", "twenty and six wounded", 20, 1),
    ("de", "1.234", 1234, 1),
    ("de", "1.234,5", 1234.5, 1),
    ("de", "einundzwanzig", 21, 1),
    ("fr", "1,5", 1.5, 1),
    ("fr", "12\u202f000", 12_000, 1),
    ("fr", "vingt et un", 21, 3),
    ("fr", "quatre vingt dix sept", 97, 4),
    ("fr", "soixante douze", 72, 2),
    ("es", "treinta y cinco", 35, 3),
    ("es", "doscientos tres", 203, 2),
    ("tr", "on iki kişi", 12, 2),
    ("tr", "yüz yirmi beş", 125, 3),
    ("ar", "١٬٢٣٤", 1234, 1),
    ("ar", "۱۲", 12, 1),
    ("ar", "ثلاثة مدنيين", 3, 1),
    ("ar", "ثلاث نساء", 3, 1),
    ("ar", "أحد عشر", 11, 2),
    ("ar", "خمس عشرة", 15, 2),
    ("ar", "خمسة وعشرون", 25, 2),
    ("ar", "خمسة وثلاثة", 5, 1),
    ("ar", "مئة وخمسة وعشرون", 125, 3),
    ("ar", "خمسمئة", 500, 1),
    ("ar", "ثلاثة آلاف", 3000, 2),
    ("ar", "قتيلان", 2, 1),
]


@pytest.mark.parametrize(("language", "written", "value", "word_count"), CASES)
def test_numbers_are_read_in_digits_and_words(language: str, written: str, value: float, word_count: int) -> None:
    """As far as one number goes; separators mean what they mean in the language."""
    words = [fold(word, language) for word in written.split(" ")]
    assert read_numeral(words, language) == Numeral(value=value, word_count=word_count)


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "people"), ("en", "1,5"), ("de", "12.03.2026"), ("en", "14:30"), ("fr", "0:0,0A"), ("", "five")],
)
def test_what_is_no_number_is_none(language: str, written: str) -> None:
    """Neither are a date and a time, nor separators that can mean anything, nor words of an unknown language."""
    assert read_numeral(written.split(), language) is None
