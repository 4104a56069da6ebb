from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.sentences import count_sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("***", 0),
        ("Mine kills shepherd", 1),
        ("A mine killed a shepherd. His son was wounded.", 2),
        ("A mine killed a shepherd.\nHis son was wounded!\n- Two sheep", 3),
        ("Who fired? Nobody knows! They left.", 3),
        ("“We waited.” Then they left. “Why?” she asked.", 3),
        ("Prices rose 3.5 percent to 1.250.000 pounds. See www.gazette.example today.", 2),
        ("Dr. Sabbagh met Gen. J. R. Amal at 9 a.m. on Thursday.", 1),
        ("The U.S. sent two ships. Mr. Haddad left.", 2),
        ("1. The harbor reopens.\n2. The ferry sails.", 2),
        ("They waited... and waited. Then … nothing.", 2),
        ("They waited... Then they left.", 2),
        ("وصل الوفد إلى المدينة. غادر بعد ساعة.", 2),
        ("من أطلق النار؟ لا أحد يعلم! غادروا.", 3),
        ("حضر الوزير؛ وغاب النائب، ثم انصرف الجمع.", 1),
        ("انتظروا... ثم انصرفوا. قال د. حداد إن السعر بلغ 3.5 في المئة.", 2),
        ("«انتظرنا طويلاً.» ثم غادروا.", 2),
        ("باز شد۔ کشتی رفت۔", 2),
        ("港は再開した。船は出た！", 2),
        ("The ship «أمل» sailed. وصلت مساءً.", 2),
    ],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    """In each script, whatever stands inside them: numbers, abbreviations, dots of omission, quotations."""
    assert count_sentences(text) == count


@given(st.text())
def test_any_text_is_counted(text: str) -> None:
    """There are no more sentences than characters that could be their words."""
    assert 0 <= count_sentences(text) <= max(len(text), 0)


@pytest.mark.parametrize("piece", [".", "a. ", "... ", "! ", "..x", '."', "…x "])
def test_a_line_of_stops_is_counted_in_time(piece: str) -> None:
    """Each stop is looked at once; this hangs where the time grows with the square."""
    assert count_sentences(piece * 300_000) >= 0
