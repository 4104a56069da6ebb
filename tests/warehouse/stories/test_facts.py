from __future__ import annotations

import pytest

from warehouse.stories.facts import FactKind, facts_of, substitutions

SHELLING = "Regime forces shelled the village of Tel Zaytun with 12 rounds on Tuesday. Three people died."


def values(text: str) -> set[tuple[str, str]]:
    """Each value of a text with its kind."""
    return {(frame.kind.value, value) for frame, found in facts_of(text).items() for value in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SHELLING, {("name", "tel zaytun"), ("number", "12"), ("day", "weekday-2"), ("number", "3")}),
        ("They met on 12 March 2026 in Rome.", {("day", "12 2026 month-3"), ("name", "rome")}),
        ("They met on March 12, 2026 in Rome.", {("day", "12 2026 month-3"), ("name", "rome")}),
        ("It may rain. The march goes on.", set()),
        ("It was seen in May 2026. Two fled.", {("day", "2026 month-5"), ("number", "2")}),
        ("Some 1,200 or 1.200 or ١٬٢٠٠ tons and 3.5 more", {("number", "1200"), ("number", "3"), ("number", "5")}),
        ("Le mardi 4 août, les douze blessés", {("day", "4 month-8 weekday-2"), ("number", "12")}),
        (
            "قصفت قوات النظام مدينة الرقة يوم الثلاثاء ١٢ آذار وقتلت ثلاثة مدنيين",
            {("name", "الرقه"), ("day", "12 month-3 weekday-2"), ("number", "3")},
        ),
        ("", set()),
    ],
)
def test_numbers_days_and_names_are_known(text: str, expected: set[tuple[str, str]]) -> None:
    """In figures and in words, in whatever order a day is written, in several languages."""
    assert values(text) == expected


def test_a_value_in_the_same_words_is_a_substitution() -> None:
    """What stands around it tells which values to compare."""
    other = SHELLING.replace("Tel Zaytun", "Kafr Lawza").replace("Tuesday", "Friday").replace("Three", "Four")
    found = substitutions(facts_of(SHELLING), facts_of(other))
    assert (found.compared, found.differing, found.differing_days) == (4, 3, 1)
    assert found.share == 0.75
    assert substitutions(facts_of(SHELLING), facts_of(SHELLING)).differing == 0


def test_what_only_one_text_says_is_none() -> None:
    """A paragraph more or less, or words of its own, put nothing in another's place."""
    longer = f"{SHELLING} On Sunday the governor of Marj al-Qamh spoke of 40 families."
    assert substitutions(facts_of(SHELLING), facts_of(longer)).differing == 0
    assert substitutions(facts_of(SHELLING), facts_of("Nothing of it on Sunday in Rome.")).share == 0


def test_a_list_is_compared_as_one() -> None:
    """The same words around several values: one in common is enough."""
    first = facts_of("He saw 3 boats. He saw 4 boats. He saw none.")
    assert {frame.kind for frame in first} == {FactKind.NUMBER}
    assert substitutions(first, facts_of("He saw 5 boats. He saw 4 boats. He saw none.")).differing == 0
