"""Changed passages as paragraphs."""

from __future__ import annotations

from typing import Any

from flows.report_page.answers import GAP_CHARS
from flows.report_page.changes import paragraphs_of


def changed(before: str, after: str, **others: Any) -> dict[str, Any]:
    """A passage with words around it."""
    values = {"lead": "the lead ", "is_lead_cut": False, "gap": None, "trail": " and more", "is_trail_cut": False}
    return {**values, "before": before, "after": after, **others}


def test_a_passage_stands_among_its_neighbors() -> None:
    """What went, what came, and a space between the two."""
    assert list(paragraphs_of([changed("four", "five")])) == [
        [("around", "the lead "), ("gone", "four"), ("around", " "), ("come", "five"), ("around", " and more")]
    ]


def test_words_are_not_cut() -> None:
    """Where more stands before or behind, whole words are shown, and that there is more."""
    ((first, *_, last),) = paragraphs_of(
        [changed("four", "", lead="ead of them ", is_lead_cut=True, trail=" men and wom", is_trail_cut=True)]
    )
    assert (first, last) == (("around", "… of them "), ("around", " men and …"))


def test_near_passages_share_a_paragraph() -> None:
    """With all that stands between them; far ones have paragraphs of their own."""
    near = changed("four", "five", gap=" men on ")
    far = changed("boat", "ship", gap="x" * (GAP_CHARS + 1))
    paragraphs = list(paragraphs_of([near, far, changed("late", "")]))
    assert [[text for kind, text in each if kind == "gone"] for each in paragraphs] == [["four", "boat"], ["late"]]
    assert ("around", " men on ") in paragraphs[0]


def test_words_do_not_run_into_one_another() -> None:
    """An inserted sentence that ended a paragraph; scripts without spaces are left as they are."""
    ((*_, before, space, after),) = paragraphs_of([changed("", "It was late", trail="The boat came")])
    assert (before, space, after) == (("come", "It was late"), ("around", " "), ("around", "The boat came"))
    ((_, first, second),) = paragraphs_of([changed("", "港口", trail="关闭")])
    assert (first, second) == (("come", "港口"), ("around", "关闭"))


def test_markup_and_overrides_stay_text() -> None:
    """Escaping is the template's; what turns direction is named."""
    ((_, gone, *_),) = paragraphs_of([changed("<b>\u202e", "")])
    assert gone == ("gone", "<b>‹U+202E›")
