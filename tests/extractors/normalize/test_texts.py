from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.normalize.texts import (
    clean_line,
    clean_lines,
    is_debris,
    squeezed,
    without_debris,
    without_edge_numbers,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  two\u00a0\n words\t", "two words"),
        ("so\u00adlar pan\u200bel\ufeff", "solar panel"),
        ("\u202aleft\u202c \u200fright", "left right"),
        ("mu\u0308de", "müde"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("bell\x07 and\x00 nul", "bell and nul"),
        ("fata*lities and 3 * 4", "fata*lities and 3 * 4"),
        ("العـــراق", "العراق"),
        ("مُـحَـمَّد", "مُحَمَّد"),
        ("1445 هـ", "1445 هـ"),
        ("بـ«المرصد» و لـ 20", "بـ«المرصد» و لـ 20"),
        ("ـ نقطة أولى", "ـ نقطة أولى"),
        ("\ufe8d\ufedf\ufecc\ufeae\ufe8d\ufed5 \ufefb", "العراق لا"),
        ("\ufdfa", "\ufdfa"),
        ("\u202bأعلنت BBC عند 12:30\u202c أنّ", "أعلنت BBC عند 12:30 أنّ"),
        ("أ" + "\u0301" + "ب", "أ\u0301ب"),
        ("ا\u0654", "أ"),
    ],
)
def test_clean_line(raw: str, cleaned: str) -> None:
    """Marks without a glyph go, white space folds, letters compose; joiners that spelling needs and stars stay."""
    assert clean_line(raw) == cleaned


@given(st.text())
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    """The result is a fixed point, in NFC, without control characters."""
    cleaned = clean_line(raw)
    assert clean_line(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in cleaned)


def test_lines_without_letters_or_digits_go() -> None:
    """Rules and bullets are no text."""
    assert clean_lines(["* * *", "—", "One", "\u200b"]) == ["One"]


@pytest.mark.parametrize(
    "line",
    [
        "We use cookies to give you the best experience on our website.",
        "This website uses cookies. By continuing you agree to our policy.",
        "نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع.",
        "Views: 1,204",
        "1204 views",
        "عدد المشاهدات: ٣٤٥",
        "٣٤٥ مشاهدة",
        "Share this article",
        "Share on Facebook",
        "شارك المقال",
        "Advertisement",
        "Read more: Harbor reopens after eleven weeks",
        "Related articles",
        "[Read also:] The second convoy",
        "اقرأ أيضاً: قافلة ثانية تصل",
        "Sign up for our newsletter and get the week's news every Friday.",
        "Follow us on Telegram",
        "تابعونا على تلغرام",
        "إقرأ أيضاً: قافلة ثانية تصل",
        "طالع أيضا: قافلة ثانية تصل",
        "للمزيد:",
        "قد يهمك أيضاً: قافلة ثانية تصل",
        "مقالات ذات صلة",
        "شاركها",
        "مشاركة عبر واتساب",
        "تابعنا على تويتر",
        "همچنین بخوانید: کاروان دوم رسید",
        "مطالب مرتبط",
        "اشتراک‌گذاری",
        "ما را در تلگرام دنبال کنید",
        "İlgili haberler",
        "Ayrıca okuyun: İkinci konvoy",
        "Paylaş",
        "Bizi takip edin",
        "À lire également : Le second convoi",
        "Partager sur Facebook",
        "Suivez-nous sur Telegram",
        "Lesen Sie auch: Der zweite Konvoi",
        "Artikel teilen",
        "Folgen Sie uns auf Telegram",
        "Lea también: El segundo convoy",
        "Te puede interesar:",
        "Compartir en Facebook",
        "Síguenos en Telegram",
        "Zum Artikel: Der zweite Konvoi",
        "Mehr Themen:",
        "Schon gelesen?",
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle befindet sich ein externer Inhalt von YouTube.",
        "View this post on Instagram",
        "Contenu externe",
        "عرض هذا المنشور على انستغرام",
    ],
)
def test_the_pages_machinery_is_debris(line: str) -> None:
    """Cookie notices, counters, share and related links, invitations."""
    assert is_debris(line)


@pytest.mark.parametrize(
    "line",
    [
        "The court ruled that websites that use cookies must ask first, and fined the company two million.",
        "Read more than one newspaper, the minister told the students.",
        "Related parties were asked to leave the room before the vote.",
        "Views of the valley: from the ridge, the burnt villages look small.",
        "Share prices fell by four percent in early trading.",
        "Print runs have halved since 2019.",
        "Follow the road to the north and the checkpoint comes into sight, said one driver.",
        "تابع المتحدث قائلاً إن القوات انسحبت من ثلاث قرى.",
        "اشترك في الهجوم ثلاثون مقاتلاً.",
        "انضم إلى المحادثات وفد ثالث.",
        "شارك في اللقاء وزراء من ثلاث دول.",
        "شاركت في اللقاء ثلاث دول.",
        "مشاركة الوزير في القمة لم تتأكد بعد.",
        "المزيد من القرى أخليت هذا الصباح.",
        "طباعة الصحف توقفت في المدينة منذ شهر.",
        "Compartir el poder fue la condición.",
        "Partager le pouvoir était la condition.",
        "Teilen wollte die Macht niemand.",
        "17 people were killed.",
        "2019",
    ],
)
def test_sentences_of_an_article_are_no_debris(line: str) -> None:
    """A line is debris only as a whole, never for a word that it holds."""
    assert not is_debris(line)


def test_bare_numbers_go_from_the_edges_and_stay_inside() -> None:
    """A view count stands above or below the text; a figure in it belongs to it."""
    assert without_edge_numbers(["٣٤٥", "Dead:", "17", "Wounded:", "40", "Last line.", "1,204"]) == [
        "Dead:",
        "17",
        "Wounded:",
        "40",
        "Last line.",
    ]


def test_an_outlets_own_patterns_cut_lines() -> None:
    """``text.drop_lines`` is searched in each line."""
    lines = ["One.", "Photo desk: archive", "Two."]
    assert without_debris(lines, [re.compile(r"^Photo desk:")]) == ["One.", "Two."]


def test_squeezed_holds_letters_and_digits_alone() -> None:
    """Quotes, spaces, case and width do not part two spellings."""
    assert squeezed("“Harbor – Re-Opens” １") == squeezed("harbor reopens 1") == "harborreopens1"
