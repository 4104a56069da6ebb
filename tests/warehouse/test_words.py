"""Words of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.words import WORD, count_words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Three short words.", 3),
        ("12 dead, 3,000 displaced", 5),
        ("قُتل مدنيّان في ريف إدلب", 5),
        ("فر٣ق", 1),
        ("naïve – cafe\u0301", 2),
    ],
)
def test_words_are_counted_in_any_script(text: str, count: int) -> None:
    """An Arabic word with its vowel marks is one word, and so is a letter with a combining accent."""
    assert count_words(text) == count


@given(st.text(st.characters(), max_size=60))
def test_the_count_is_that_of_the_pattern(text: str) -> None:
    """Whatever the text holds, half characters of JSON too: counted as the pattern finds them."""
    assert count_words(text) == len(WORD.findall(text))
