from __future__ import annotations

from datetime import timedelta

import pytest
from story_cases import KINDS, MORNING, Case, Writer, cases, published

from warehouse.stories.verification import LEAST_CONTAINMENT, LEAST_SIMILARITY, Text, copy_overlap, overlap_of


def texts_of(case: Case) -> tuple[Text, Text]:
    """The two texts of a case."""
    outlets = ("first", "first" if case.is_same_outlet else "second")
    first, second = (
        Text(outlet_id=outlet, published_at=when, text=text)
        for outlet, when, text in zip(outlets, published(case), (case.first, case.second), strict=True)
    )
    return first, second


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_told_from_what_only_looks_like_them(kind: str) -> None:
    """Of 30 cases of each kind, none is judged wrong, in whichever order."""
    for case in cases(kind, 30):
        first, second = texts_of(case)
        assert (copy_overlap(first, second) is not None) is case.is_copy, case
        assert copy_overlap(first, second) == copy_overlap(second, first)


def test_overlap_is_exact() -> None:
    """Of 8 and 6 shingles, 4 are common."""
    first = Text(outlet_id="a", published_at=None, text="a b c d e f g h i j")
    second = Text(outlet_id="b", published_at=None, text="a b c d e f x y")
    overlap = overlap_of(first.shingles, second.shingles)
    assert (overlap.similarity, overlap.containment, overlap.size_ratio) == (4 / 10, 4 / 6, 6 / 8)
    nothing = Text(outlet_id="b", published_at=None, text="")
    assert overlap_of(first.shingles, nothing.shingles).containment == 0


# Two bulletins as a bureau wrote them on two days, about the same villages: half of the words, few of the phrases.
MONDAY = (
    "Kafr Lawza and Tel Zaytun in the Hamra valley saw renewed shelling on Monday morning, when government forces "
    "fired about 30 mortar rounds at the edge of both villages. A farmer was wounded. The shelling came a day after "
    "drones were seen over the valley."
)
TUESDAY = (
    "Government forces fired mortar rounds at Tel Zaytun and at the edge of Kafr Lawza on Tuesday. Two children of a "
    "farmer were wounded when a shell hit the road between both villages of the Hamra valley. Drones were seen, and "
    "about 50 families fled in the morning."
)


def test_bulletins_about_the_same_villages_are_two_stories() -> None:
    """They share half of their words, and less than a seventh of their three-word shingles."""
    first, second = (
        Text(outlet_id="observatory", published_at=MORNING + timedelta(days=day), text=text)
        for day, text in enumerate((MONDAY, TUESDAY))
    )
    words = [set(text.casefold().replace(".", "").replace(",", "").split()) for text in (MONDAY, TUESDAY)]
    assert len(words[0] & words[1]) / len(words[0] | words[1]) > 0.45
    assert overlap_of(first.shingles, second.shingles).similarity < 0.15
    assert copy_overlap(first, second) is None


ARABIC = (
    "قصفت قوات النظام مدينة {place} يوم {day} بنحو {rounds} قذيفة صاروخية مصدرها مواقعها في الريف الشرقي ما أدى إلى "
    "إصابة {wounded} مدنيين بجروح متفاوتة نقلوا على إثرها إلى المستشفى الميداني القريب من خطوط التماس وسط تحليق مكثف "
    "لطائرات الاستطلاع في أجواء المنطقة"
)


@pytest.mark.parametrize(
    ("changes", "hours", "is_same_outlet", "is_copy"),
    [
        ({}, 5, False, True),
        ({"rounds": "٢١"}, 5, False, True),
        ({"day": "الأربعاء", "rounds": "٣٠", "wounded": "أربعة"}, 24, False, False),
        ({"day": "الأربعاء"}, 24, True, False),
        ({"rounds": "٣٠", "wounded": "أربعة"}, 24, True, False),
        ({"place": "الباب", "wounded": "خمسة"}, 2, True, False),
    ],
)
def test_arabic_bulletins_are_judged_by_the_same_rules(
    changes: dict[str, str], hours: float, is_same_outlet: bool, is_copy: bool
) -> None:
    """Days, numbers in words and Eastern digits, and what follows the word for a city."""
    values = {"place": "الرقة", "day": "الثلاثاء", "rounds": "٢٠", "wounded": "ثلاثة"}
    first, second = ARABIC.format(**values), ARABIC.format(**{**values, **changes})
    case = Case(kind="", first=first, second=second, is_copy=is_copy, is_same_outlet=is_same_outlet, hours=hours)
    assert (copy_overlap(*texts_of(case)) is not None) is is_copy


def test_a_digest_is_no_copy_of_what_it_tells_of() -> None:
    """Nine reports in one are as little one of them as a sentence is a report."""
    writer = Writer(3)
    reports = [writer.report(4) for _ in range(9)]
    digest = "\n".join(reports)
    case = Case(kind="", first=reports[4], second=digest, is_copy=False)
    assert overlap_of(*(text.shingles for text in texts_of(case))).containment == 1
    assert copy_overlap(*texts_of(case)) is None


def test_a_correction_of_the_same_day_is_a_copy_within_an_outlet() -> None:
    """One number of many is another one, hours later; with another day it is another bulletin."""
    report = Writer(5).report(8)
    wrong = report + " In all, 31 people were taken to the hospital."
    right = wrong.replace("31 people", "32 people")
    case = {"kind": "", "first": wrong, "second": right, "is_same_outlet": True}
    assert copy_overlap(*texts_of(Case(**case, hours=2, is_copy=True))) is not None  # type: ignore[arg-type]
    assert copy_overlap(*texts_of(Case(**case, hours=26, is_copy=False))) is None  # type: ignore[arg-type]


def test_the_limits_are_those_that_the_readme_names() -> None:
    """Half of all shingles, or three quarters of the shorter text's."""
    assert (LEAST_SIMILARITY, LEAST_CONTAINMENT) == (0.5, 0.75)
