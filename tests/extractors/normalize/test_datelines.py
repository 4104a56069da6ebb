from __future__ import annotations

import pytest

from extractors.normalize.datelines import dateline_of

NAMES = ("The Qadrian Observatory for Human Rights", "QOHR", "المرصد القادري لحقوق الإنسان", "gazette.example")
TEXT = "Shelling was heard in the valley."
TEXT_AR = "سُمع دوي قصف في الوادي."

DATELINES = [
    ("Maran Province – The Qadrian Observatory for Human Rights: ", TEXT, ()),
    ("Maran Province - Qadrian Observatory for Human Rights: ", TEXT, ()),
    ("Maran Province: ", TEXT, ()),
    ("محافظة مران – المرصد القادري لحقوق الإنسان: ", TEXT_AR, ()),
    ("محافظة مران: ", TEXT_AR, ()),
    ("PORT AMAL (AP) — ", TEXT, ("AP",)),
    ("PORT AMAL, Qadria (AP) — ", TEXT, ("AP",)),
    ("Port Amal, March 3 (Reuters) - ", TEXT, ("Reuters",)),
    ("Port Amal (dpa/AFP) - ", TEXT, ("dpa", "AFP")),
    ("Port Amal - AFP - ", TEXT, ("AFP",)),
    ("(Reuters) - ", TEXT, ("Reuters",)),
    ("PORT AMAL — ", TEXT, ()),
    ("PORT AMAL, Nov 22 — ", TEXT, ()),
    ("SIOUX FALLS, S.D. – ", TEXT, ()),
    ("MARAN -- ", TEXT, ()),
    ("بيروت (أ ف ب) - ", TEXT_AR, ("AFP",)),
    ("دار نهرين - رويترز: ", TEXT_AR, ("Reuters",)),
    ("غزة / الأناضول / ", TEXT_AR, ("Anadolu",)),
    ("Ankara - Anadolu Ajansı: ", "Görüşmeler başladı.", ("Anadolu",)),
    ("تهران (ایرنا) – ", "نشست آغاز شد.", ("IRNA",)),
]


@pytest.mark.parametrize(("written", "text", "agencies"), DATELINES, ids=[written for written, _, _ in DATELINES])
def test_datelines_that_are_sure(written: str, text: str, agencies: tuple[str, ...]) -> None:
    """An agency or the outlet behind the place, a place in capitals, a province before a colon."""
    lines = [written + text, "A second paragraph."]
    found = dateline_of(lines, NAMES)
    assert found is not None
    assert found.cut(lines) == [text, "A second paragraph."]
    assert (found.text, found.agencies) == (written.rstrip(" :-–—/"), agencies)


@pytest.mark.parametrize(
    "line",
    [
        "Berlin - the word alone says little - is far away.",
        "A large majority of the people - 85 percent - want to stay in the union.",
        "BREAKING — The harbor has reopened.",
        "CLAIMS AND ANSWERS: The ministry said that it had never been asked.",
        "Port Amal: the city that forgot its harbor.",
        "The minister (AFP has seen the letter) - a former pilot - refused.",
        "It rained in Maran (and in AP courses) - for days.",
        "UN — the organization — has left.",
        "قال المتحدث: لم نُسأل.",
        "Province: a word of the last century.",
    ],
)
def test_sentences_that_only_look_like_datelines(line: str) -> None:
    """What any sentence can open with is none."""
    assert dateline_of([line], NAMES) is None


def test_a_line_that_is_nothing_but_a_dateline_goes_whole() -> None:
    """Place, reporter and publication above the text."""
    lines = ["دار نهرين / ليلى حداد / الأناضول", TEXT_AR]
    found = dateline_of(lines, NAMES)
    assert found is not None
    assert found.cut(lines) == [TEXT_AR]
    assert (found.text, found.agencies) == (lines[0], ("Anadolu",))


def test_a_dateline_can_stand_below_a_standfirst() -> None:
    """In one of the first three lines, and no further down."""
    line = "MARAN (AP) — " + TEXT
    assert dateline_of(["A standfirst.", line], NAMES) is not None
    assert dateline_of(["One.", "Two.", "Three.", line], NAMES) is None


@pytest.mark.parametrize(
    ("line", "is_own"), [("Maran – QOHR: A.", True), ("Maran – AFP: A.", False), ("MARAN — A.", False)]
)
def test_who_is_named(line: str, is_own: bool) -> None:
    """Whether it is the outlet itself, by any of its names."""
    found = dateline_of([line], NAMES)
    assert found is not None
    assert found.names_outlet == is_own
