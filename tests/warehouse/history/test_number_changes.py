"""Numbers that an edit changed: the right ones, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.history.number_changes import MOST_SENTENCES, number_changes


def changes(language: str, before: str, after: str) -> list[tuple[str, str, str]]:
    """What is counted, before and after."""
    return [(each.counted.value, each.before, each.after) for each in number_changes(before, after, language)]


FOUND = [
    (
        "en",
        "Shelling killed 12 people and wounded 30 others.",
        "Shelling killed at least 15 people and wounded 42 others, officials said.",
        [("killed", "12", "15"), ("wounded", "30", "42")],
    ),
    (
        "en",
        "12 killed, 30 wounded in Maran",
        "14 killed, 31 wounded in Maran",
        [("killed", "12", "14"), ("wounded", "30", "31")],
    ),
    ("en", "Killed 12, wounded 30.", "Killed 14, wounded 31.", [("killed", "12", "14"), ("wounded", "30", "31")]),
    ("en", "One person was killed in the raid.", "Two people were killed in the raid.", [("killed", "One", "Two")]),
    (
        "en",
        "The death toll rose to twelve.",
        "The death toll rose to 1,200 on Monday.",
        [("killed", "twelve", "1,200")],
    ),
    ("en", "It counted 31 fata*lities by mines.", "It counted 33 fata*lities by mines.", [("killed", "31", "33")]),
    (
        "en",
        "Police arrested 12 men; 3 were missing and 400 people fled.",
        "Police arrested 14 men; 5 were missing and 600 people fled.",
        [("detained", "12", "14"), ("missing", "3", "5"), ("displaced", "400", "600")],
    ),
    ("en", "Turnout was 12% in the city.", "Turnout was 14 percent in the city.", [("percent", "12", "14")]),
    (
        "en",
        "The raid on 12 March 2026 was the first.",
        "The raid on 13 March 2026 was the first.",
        [("date", "12 March 2026", "13 March 2026")],
    ),
    (
        "en",
        "The shell hit at 14:30 near the market.",
        "The shell hit at 15:30 near the market.",
        [("time", "14:30", "15:30")],
    ),
    ("en", "The flood killed 2000 people.", "The flood killed 2050 people.", [("killed", "2000", "2050")]),
    ("en", "It began in 2019 in Maran.", "It began in 2020 in Maran.", [("date", "2019", "2020")]),
    ("en", "Of the crew, 5 may have died.", "Of the crew, 7 may have died.", [("killed", "5", "7")]),
    ("en", "The convoy had 12 lorries of flour.", "The convoy had 14 lorries of flour.", [("other", "12", "14")]),
    (
        "ar",
        "مقتل 12 شخصا وإصابة 30 آخرين في قصف على إدلب",
        "مقتل 15 شخصا وإصابة 42 آخرين في قصف على إدلب",
        [("killed", "12", "15"), ("wounded", "30", "42")],
    ),
    (
        "ar",
        "قتل ثلاثة مدنيين وأصيب خمسة في انفجار لغم",
        "قتل أربعة مدنيين وأصيب سبعة في انفجار لغم",
        [("killed", "ثلاثة", "أربعة"), ("wounded", "خمسة", "سبعة")],
    ),
    (
        "ar",
        "مقتل شخصين في انفجار لغم بريف حلب",
        "مقتل ثلاثة أشخاص في انفجار لغم بريف حلب",
        [("killed", "شخصين", "ثلاثة")],
    ),
    (
        "ar",
        "سقط ١٢ قتيلا و٣٠ جريحا.",
        "سقط خمسة عشر قتيلا و35 جريحا.",
        [("killed", "١٢", "خمسة عشر"), ("wounded", "٣٠", "35")],
    ),
    ("ar", "وقع الهجوم في 12 آذار قرب السوق", "وقع الهجوم في 13 آذار قرب السوق", [("date", "12 آذار", "13 آذار")]),
    ("ar", "نزوح 1,200 شخص من البلدة", "نزوح 1,500 شخص من البلدة", [("displaced", "1,200", "1,500")]),
    (
        "fr",
        "L'explosion a fait 12 morts et 30 blessés.",
        "L'explosion a fait quinze morts et 32 blessés.",
        [("killed", "12", "quinze"), ("wounded", "30", "32")],
    ),
    (
        "de",
        "Dabei wurden zwölf Menschen getötet und 30 verletzt.",
        "Dabei wurden 14 Menschen getötet und 31 verletzt.",
        [("killed", "zwölf", "14"), ("wounded", "30", "31")],
    ),
    (
        "es",
        "El ataque dejó 12 muertos y 30 heridos.",
        "El ataque dejó 14 muertos y treinta y dos heridos.",
        [("killed", "12", "14"), ("wounded", "30", "treinta y dos")],
    ),
    (
        "tr",
        "Saldırıda 12 kişi öldü, 30 kişi yaralandı.",
        "Saldırıda on beş kişi öldü, 32 kişi yaralandı.",
        [("killed", "12", "on beş"), ("wounded", "30", "32")],
    ),
    ("tr", "Ölü sayısı 12'ye yükseldi.", "Ölü sayısı 15'e yükseldi.", [("killed", "12", "15")]),
    ("", "Az 12 halott, 30 sebesült.", "Az 14 halott, 30 sebesült.", [("other", "12", "14")]),
]


@pytest.mark.parametrize(("language", "before", "after", "expected"), FOUND)
def test_a_number_that_changed_is_found(
    language: str, before: str, after: str, expected: list[tuple[str, str, str]]
) -> None:
    """With what it counts, in digits and words of several languages and scripts."""
    assert changes(language, before, after) == expected


NOT_FOUND = [
    ("en", "Twelve people were killed.", "12 people were killed."),
    ("en", "The raid on March 12 was the first.", "The raid on 12 March 2026 was the first."),
    ("en", "Idlib: 3 killed", "Homs: 7 killed"),
    (
        "en",
        "A raid on the town of Idlib killed 3 civilians on Monday.",
        "A raid on the town of Homs killed 7 civilians on Monday.",
    ),
    ("ar", "مقتل ٣ مدنيين في قصف على إدلب", "مقتل ٧ مدنيين في قصف على حمص"),
    ("en", "12 killed in Idlib, 5 in Aleppo", "12 killed in Idlib, 3 in Homs, 5 in Aleppo"),
    (
        "en",
        "3 civilians were killed.\nElsewhere:\n5 civilians were killed.",
        "5 civilians were killed.\nElsewhere:\n7 civilians were killed.",
    ),
    ("en", "Aleppo: 5 killed\nIdlib: 3 killed", "Idlib: 3 killed\nAleppo: 5 killed"),
    ("en", "3 civilians were killed.\n9 civilians were killed.", "3 civilians were killed.\n11 civilians were killed."),
    ("en", "Idlib: 3 killed", "Idlib: 3 wounded"),
    ("en", "The raid killed 12 people.", "Farmers expect 15 tonnes of wheat."),
    ("en", "No one was killed in the raid.", "Two people were killed in the raid."),
    ("en", "It is the 7th attack since March.", "It is the 8th attack since March."),
]


@pytest.mark.parametrize(("language", "before", "after"), NOT_FOUND)
def test_what_is_no_change_of_a_number_is_left_out(language: str, before: str, after: str) -> None:
    """The same number in other words, another place's number, a list in another order, an ambiguous line."""
    assert changes(language, before, after) == []


def test_two_bulletins_lists_do_not_cross() -> None:
    """A line that comes before the others, with the number that another one had, moves nobody's number."""
    before = "Idlib: 3 killed\nAleppo: 5 killed\nDaraa: 2 killed"
    after = "Homs: 3 killed\nIdlib: 4 killed\nAleppo: 5 killed\nDaraa: 3 killed"
    assert changes("en", before, after) == [("killed", "3", "4"), ("killed", "2", "3")]


def test_a_change_has_its_sentences_and_places() -> None:
    """Offsets are of the number, in the whole text."""
    before = "The market was full.\nShells killed six people there. Nobody claimed it."
    after = "The market was full.\nShells killed seven people there. Nobody claimed it."
    (change,) = number_changes(before, after, "en")
    assert (change.sentence_before, change.sentence_after) == (
        "Shells killed six people there.",
        "Shells killed seven people there.",
    )
    assert (change.number_before, change.number_after) == (6, 7)
    assert before[change.before_offset :].startswith("six")
    assert after[change.after_offset :].startswith("seven")


def test_a_text_that_was_written_anew_tells_no_changes() -> None:
    """Beyond a number of changed sentences nothing is compared."""
    before = "\n".join(f"Place{letter} had {letter} killed" for letter in range(MOST_SENTENCES + 1))
    assert changes("en", before, before.replace("had", "had about")) == []


PIECES = st.sampled_from(
    [
        "killed",
        "12",
        "three",
        "5,000",
        "9" * 5_000,
        "١٢",
        "و30",
        "March",
        "14:30",
        "12/03",
        ".",
        "\n",
        "Idlib",
        "'",
        "%",
        "th",
    ]
)
ANY_TEXT = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=20).map(" ".join), st.lists(PIECES, max_size=20).map("".join)
)


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(["en", "ar", "fr", "de", "es", "tr", "", "zh"]))
def test_any_text_can_be_compared(before: str, after: str, language: str) -> None:
    """Whatever a page says, what is told stands where it is said to stand."""
    for change in number_changes(before, after, language):
        assert before[change.before_offset :].startswith(change.before)
        assert after[change.after_offset :].startswith(change.after)
        assert change.sentence_after in after
        assert change.before != change.after


@pytest.mark.parametrize("text", ["." * 50_000, "a. " * 20_000, "5 " * 50_000, ".) " * 20_000])
def test_no_text_holds_the_comparison_up(text: str) -> None:
    """Texts that are made to be slow are compared like any other."""
    assert number_changes(f"{text} 5 killed", f"{text} 6 killed", "en") is not None
