from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quality.scoring import same_authors, same_day, same_title, score_page, score_texts


def test_a_text_that_is_half_boilerplate_loses_precision_and_no_recall() -> None:
    """Shingles that only the found text has count against precision alone."""
    precision, recall = score_page("a b c d e", "a b c d e x y")
    assert (precision, recall) == (0.5, 1.0)


def test_scores_are_averaged_before_f1() -> None:
    """One empty page of two costs half of the recall, however long the other is."""
    score = score_texts([("a b c d", "a b c d"), ("e f g h", "")])
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


@given(st.text())
def test_a_text_equals_itself(text: str) -> None:
    """Whatever its characters, and however Unicode composes them."""
    assert score_page(text, text) == (1.0, 1.0)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    """Labels and texts are compared in NFC."""
    assert score_page("Mu\u0308nchen", "München") == (1.0, 1.0)


@pytest.mark.parametrize(
    ("expected", "found", "is_right"),
    [
        ("2024-11-22", datetime(2024, 11, 22, 3, tzinfo=UTC), True),
        ("2024-11-22 23:30:00-05:00", datetime(2024, 11, 23, 4, 30, tzinfo=UTC), True),
        ("2024-11-22", datetime(2024, 11, 21, 22, tzinfo=UTC), True),
        ("2024-11-22", datetime(2024, 11, 21, tzinfo=UTC), False),
        ("2024-11-22", datetime(2024, 11, 20, 3, tzinfo=UTC), False),
        ("2024-11-22", None, False),
    ],
)
def test_a_day_is_right_in_utc_or_in_its_own_zone(expected: str, found: datetime | None, is_right: bool) -> None:
    """A day without a zone is met by a time that falls on it somewhere."""
    assert same_day(expected, found) is is_right


def test_titles_are_exact_but_for_white_space_and_authors_but_for_order() -> None:
    """The scores leave nothing else to taste."""
    assert same_title("One  two\n", "One two")
    assert not same_title("One two", "One two | Site")
    assert same_authors(["A", "B"], ["B", "A"])
    assert same_authors(["A B ; C"], ["C", "A  B"])
    assert not same_authors(["A"], ["A", "B"])
