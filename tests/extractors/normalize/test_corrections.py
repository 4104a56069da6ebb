from __future__ import annotations

import pytest

from extractors.normalize.corrections import without_corrections

BODY = ["The harbor reopened on Thursday.", "Two ships were waiting.", "Insurers stayed away."]

NOTES = [
    "Correction: An earlier version of this article gave the wrong number of ships.",
    "CORRECTION (March 4, 2026): The pilot's name is Sabbagh.",
    "Clarification: The survey has begun, but is not finished.",
    "Editor's note: This story has been updated with the ministry's answer.",
    "Editor’s Note – The headline was changed on 4 March.",
    "This article was amended on 4 March 2026 to add the name of the second ship.",
    "This story has been updated.",
    "This article's headline was changed after publication.",
    "A previous version of this report misstated the date of the survey.",
    "Rectificatif : le port compte onze quais, et non douze.",
    "Cet article a été mis à jour le 4 mars à 14 h.",
    "Mise à jour (14 h 20) : le second navire est parti.",
    "Une version précédente de cet article donnait un autre chiffre.",
    "Korrektur: In der Meldung stand zuerst ein falscher Name.",
    "Anmerkung der Redaktion: Der Name wurde auf Wunsch geändert.",
    "In einer früheren Version dieses Artikels hieß es, der Hafen habe zwölf Kais.",
    "Dieser Artikel wurde am 4. März aktualisiert.",
    "Fe de errores: el puerto tiene once muelles.",
    "Nota de la redacción: el titular ha cambiado.",
    "Esta noticia ha sido actualizada a las 14.20.",
    "Düzeltme: Limanda on bir rıhtım var.",
    "Editörün notu: Haberin başlığı değişti.",
    "تصحيح: يبلغ عدد الأرصفة أحد عشر رصيفاً.",
    "تنويه: تم تعديل العنوان بعد النشر.",
    "ملاحظة من المحرر: أضيف رد الوزارة.",
    "تم تحديث هذا الخبر عند الساعة 14:20.",
    "ورد في نسخة سابقة من هذا المقال رقم آخر.",
    "اصلاحیه: شمار اسکله‌ها یازده است.",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("is_above", [True, False], ids=["above", "below"])
def test_notes_are_taken_off(note: str, is_above: bool) -> None:
    """In seven languages, above the text and below it, as written."""
    lines = [note, *BODY] if is_above else [*BODY, note]
    assert without_corrections(lines) == (BODY, (note,))


def test_a_label_on_its_own_line_takes_the_note_along() -> None:
    """They are one note."""
    assert without_corrections([*BODY, "Correction", "The port has eleven quays."]) == (
        BODY,
        ("Correction: The port has eleven quays.",),
    )


@pytest.mark.parametrize(
    "line",
    [
        "Update 14:20 GMT: The second ship has left.",
        "UPDATE: The second ship has left the port.",
        "Update, 30 March: two of the four men have been found alive.",
    ],
)
def test_an_update_is_a_note_and_stays(line: str) -> None:
    """It is news: whoever searches the text is to find it."""
    assert without_corrections([*BODY, line]) == ([*BODY, line], (line,))


@pytest.mark.parametrize(
    "line",
    [
        "Corrections officers found him at dawn.",
        "The correction: prices fell by a fifth within a week, and nobody had seen it coming.",
        "Updates to the harbor's cranes were finished in May.",
        "This article of the constitution was amended in 1997 by a vote of both houses.",
        "An earlier version of the law had been struck down.",
        "Clarification was all that they asked for.",
        "تحديث الجيش مستمر منذ عامين.",
        "تصحيح المسار يحتاج إلى وقت، قال الوزير.",
        "Korrekturen an der Planung seien nötig, sagte sie.",
    ],
)
def test_sentences_about_corrections_stay(line: str) -> None:
    """A note has its label and a colon, or says that it is this page that has changed."""
    assert without_corrections([*BODY, line]) == ([*BODY, line], ())


def test_a_label_in_the_middle_of_a_long_text_is_text() -> None:
    """A live report has its own updates; only what says by itself that the page has changed is a note there."""
    lines = [f"Paragraph {number}." for number in range(30)]
    lines[15] = "Update: the second ship has left."
    assert without_corrections(lines) == (lines, ())
    lines[15] = "This article was corrected on 4 March to name the second ship."
    assert without_corrections(lines)[1] == (lines[15],)


def test_a_text_of_nothing_but_a_note_stays() -> None:
    """A page that holds a correction as its article is that article."""
    lines = ["Correction: The port has eleven quays."]
    assert without_corrections(lines) == (lines, ())
