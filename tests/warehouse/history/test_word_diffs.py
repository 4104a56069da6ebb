"""Words that came and went."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from warehouse.history.word_diffs import MOST_PAIRS, Passage, diff_words, edits_between


def test_a_changed_word_is_shown_where_it_stands() -> None:
    """Counts are of words, offsets of characters, in both values."""
    diff = diff_words("The ferry is late again.", "The ferry was very late again.")
    assert (diff.words_added, diff.words_removed) == (2, 1)
    assert diff.passages == (Passage(before="is", after="was very", before_offset=10, after_offset=10),)


def test_what_came_has_no_before_and_what_went_no_after() -> None:
    """An insertion stands where the next word stood; a deletion where the next word stands."""
    (came,) = diff_words("Nobody was hurt.", "Nobody at all was hurt.").passages
    assert came == Passage(before="", after="at all", before_offset=7, after_offset=7)
    (went,) = diff_words("Nobody was hurt badly.", "Nobody was hurt.").passages
    assert went == Passage(before="badly", after="", before_offset=16, after_offset=16)


def test_changes_with_next_to_nothing_between_them_are_one_passage() -> None:
    """It can be read; the words that stayed are not counted."""
    diff = diff_words("Five men were killed on Monday.", "Six women were wounded on Monday.")
    assert [(each.before, each.after) for each in diff.passages] == [("Five men were killed", "Six women were wounded")]
    assert (diff.words_added, diff.words_removed) == (3, 3)


def test_distant_changes_are_passages_of_their_own() -> None:
    """In Arabic as in English."""
    before = "قتل ثلاثة مدنيين في قصف على بلدة في ريف حلب الشمالي"
    after = "قتل أربعة مدنيين في قصف على بلدة في ريف حلب الشرقي"
    found = [(each.before, each.after) for each in diff_words(before, after).passages]
    assert found == [("ثلاثة", "أربعة"), ("الشمالي", "الشرقي")]


def test_signs_are_words_where_there_are_no_spaces() -> None:
    """In Chinese, the sign that changed."""
    (passage,) = diff_words("袭击造成三人死亡", "袭击造成五人死亡").passages
    assert (passage.before, passage.after, passage.before_offset) == ("三", "五", 4)


def test_noise_is_left_out_unless_it_is_asked_for() -> None:
    """A counter that moved beside an edit is no part of it; of a re-extraction everything is shown."""
    before, after = "The ferry is late.\n512 views", "The ferry was late.\n530 views"
    assert [each.after for each in diff_words(before, after).passages] == ["was"]
    assert [each.after for each in diff_words(before, after, with_noise=True).passages] == ["was late.\n530"]


def test_signs_are_shown_and_not_counted() -> None:
    """A question mark that went is a change of no word."""
    diff = diff_words("Minister resigned?", "Minister resigned")
    assert (diff.words_added, diff.words_removed, len(diff.passages)) == (0, 0, 1)


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=40)


@given(WORDS, WORDS)
def test_the_differences_turn_one_into_the_other(old: list[str], new: list[str]) -> None:
    """In order, apart, and nothing outside of them differs."""
    built: list[str] = []
    at = 0
    for start, end, new_start, new_end in edits_between(old, new):
        assert start >= at
        built += old[at:start] + new[new_start:new_end]
        assert old[start:end] != new[new_start:new_end]
        at = end
    assert built + old[at:] == new


def test_a_long_text_without_anything_to_hold_on_to_is_replaced() -> None:
    """Where difflib would be slow it is not asked: one passage, in one piece."""
    count = int(MOST_PAIRS**0.5) * 2
    old, new = ["a", "b"] * count, ["b", "b", "a"] * count
    (edit,) = edits_between(old, ["x", *new, "y"])
    assert edit == (0, len(old), 0, len(new) + 2)


def test_a_very_long_text_is_compared_word_by_word() -> None:
    """A word in fifty of a book: each is found, by runs of words where no word is the only one."""
    dice = random.Random(7)
    old = [f"w{dice.randrange(900)}" for _ in range(60_000)]
    new = list(old)
    places = range(25, 60_000, 1_000)
    for place in places:
        new[place] = "changed"
    assert sum(edit[1] - edit[0] for edit in edits_between(old, new)) < 20 * len(places)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_wordings_can_be_compared(before: str, after: str) -> None:
    """Each passage stands where it is said to stand, on both sides."""
    for passage in diff_words(before, after).passages:
        assert before[passage.before_offset :].startswith(passage.before)
        assert after[passage.after_offset :].startswith(passage.after)
