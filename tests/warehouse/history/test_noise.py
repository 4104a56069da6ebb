"""What is no edit."""

from __future__ import annotations

import pytest

from warehouse.history.noise import RULES, NoiseRule, essence, picture, says_the_same

TEXT = "The ferry came in late.\nNobody was hurt."


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_finds_its_example(rule: NoiseRule) -> None:
    """The example that stands beside a rule is one."""
    assert rule.pattern.search(rule.example)


NOISE_LINES = [
    "1,204 views",
    "Views: 98",
    "1.2K views",
    "عدد المشاهدات: 512",
    "٥١٢ مشاهدة",
    "512 vues",
    "12 Aufrufe",
    "98 visitas",
    "512 okunma",
    "31 shares",
    "مشاركة 12",
    "12 partages",
    "12 comments",
    "Comments (0)",
    "No comments",
    "لا توجد تعليقات",
    "3 Kommentare",
    "5 yorum",
    "3 min read",
    "3 dk okuma",
    "5 minutes ago",
    "an hour ago",
    "منذ 5 دقائق",
    "قبل ساعتين",
    "il y a 5 minutes",
    "vor 2 Stunden",
    "hace 3 horas",
    "5 dakika önce",
    "Updated 5 minutes ago",
    "آخر تحديث: منذ 5 دقائق",
    "Mis à jour il y a une heure",
    "Aktualisiert vor 5 Minuten",
    "Actualizado hace 3 horas",
    "Güncelleme: 5 dakika önce",
    "5 dakika önce güncellendi",
    "Last updated: 3 March 2026, 14:05 GMT",
    "آخر تحديث: 12 آذار 2026 14:05",
]


@pytest.mark.parametrize("line", NOISE_LINES)
def test_counters_and_clocks_are_noise(line: str) -> None:
    """In the languages of the outlets; with and without such a line a text says the same."""
    assert says_the_same("text", TEXT, f"{TEXT}\n{line}\nAll is well.".replace("\nAll is well.", ""))
    assert says_the_same("text", f"{TEXT}\nAll is well.", f"{TEXT}\n{line}\nAll is well.")


NEWS_LINES = [
    "Updated: 5 killed in raid",
    "Update: two of the four men have been found",
    "The video had 1,204 views by Monday.",
    "The raid happened 5 minutes ago, residents say.",
    "12 killed",
    "Shares fell by 12 percent.",
    "قبل ساعتين قتل مدني",
    "512 people",
]


@pytest.mark.parametrize("line", NEWS_LINES)
def test_sentences_with_such_words_are_news(line: str) -> None:
    """A rule takes whole lines, or a phrase that nobody writes in a sentence."""
    assert not says_the_same("text", f"{TEXT}\nAll is well.", f"{TEXT}\n{line}\nAll is well.")


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("text", TEXT, "The ferry came in late.\n\n  Nobody was  hurt."),
        ("title", "“Late” ferry – again", '"Late" ferry - again'),
        ("title", "Ferry, late", "Ferry late."),
        ("byline", "By Ana Marsh | Updated 5 minutes ago", "By Ana Marsh"),
        ("standfirst", None, "3 min read"),
        ("text", f"512\n{TEXT}", f"514\n{TEXT}"),
        ("title", "حركـــة السفن", "حركة السفن"),
        (
            "image_url",
            "https://h.example/sites/default/files/a.jpg?itok=x",
            "https://h.example/sites/default/files/a.jpg",
        ),
        (
            "image_url",
            "https://h.example/styles/large/public/a.jpg?h=1&itok=x",
            "https://h.example/styles/wide/public/a.jpg",
        ),
        ("image_url", "http://h.example/a-300x200.jpg", "https://h.example/a.jpg"),
    ],
)
def test_another_spelling_is_no_edit(field: str, before: str | None, after: str | None) -> None:
    """Spaces, commas, dashes, the shape of quotation marks, a picture's rendering."""
    assert says_the_same(field, before, after)
    assert says_the_same(field, after, before)


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("title", "Minister resigned?", "Minister resigned"),
        ("title", 'The "terrorists"', "The terrorists"),
        ("text", "Prices rose by 3.5", "Prices rose by 35"),
        ("text", "Prices rose by 5%", "Prices rose by $5"),
        ("title", "god", "God"),
        ("standfirst", None, "A ferry is late."),
        ("image_url", "https://h.example/image.php?id=1", "https://h.example/image.php?id=2"),
        ("image_url", None, "https://h.example/a.jpg"),
        ("tags", ("a", "b"), ("b", "a")),
        ("has_disclaimer", False, True),
    ],
)
def test_what_changes_what_is_said_is_an_edit(field: str, before: object, after: object) -> None:
    """A question, somebody else's words, a decimal point, a sign, a letter's case."""
    assert not says_the_same(field, before, after)


def test_noise_beside_an_edit_hides_nothing() -> None:
    """The counter moved, and one word did."""
    before, after = f"512 views\n{TEXT}", f"513 views\n{TEXT.replace('Nobody', 'Somebody')}"
    assert not says_the_same("text", before, after)
    assert "512" not in essence(before)
    assert "Nobody" in essence(before)


def test_a_picture_keeps_what_names_it() -> None:
    """Only parameters of renderings go."""
    assert picture("https://h.example/p?id=7&w=300&itok=x") == "//h.example/p?id=7"


@pytest.mark.parametrize("line", ["1" * 50_000, "Updated " + "am " * 20_000 + "x", ",." * 30_000, "1," * 30_000 + "x"])
def test_no_line_holds_the_rules_up(line: str) -> None:
    """Patterns try nothing twice: lines that are made to be slow are read like any other."""
    assert essence(line) is not None
