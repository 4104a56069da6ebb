"""An Arabic page with all that such pages bring along, read as the program reads it and counted as it is stored."""

from __future__ import annotations

import unicodedata

import pytest
from quality.made_pages import make_page, read_article

from extractors.records import Article
from warehouse.sentences import count_sentences
from warehouse.words import count_words

MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2069\ufeff"
PRESENTED = "\ufee3\ufef4\ufee8\ufe8e\ufe80"  # "harbor", as pages made from PDF files spell it
LINES = (
    (
        f'{PRESENTED} أمل: وصلت السفينة \u2066"AMAL-7"\u2069 (رقم 9074729) إلى الرصيف رقم ١٢ صباح الخميس، '
        "وفق وكالة AFP\u200e."
    ),
    "قـــال القبطان للصحافيين: «انتظرنا أحد عشر أسبوعاً؛ ثم أبحرنا.» وغادر...",
    "\u202bبلغت الحمولة 3.5 آلاف طن، وهي الأكبر هذا العام كما قال د. حداد.\u202c",
    "هل يعود الميناء إلى العمل كله؟ لا أحد يعلم.",
)
READ = (
    'ميناء أمل: وصلت السفينة "AMAL-7" (رقم 9074729) إلى الرصيف رقم ١٢ صباح الخميس، وفق وكالة AFP.',
    "قال القبطان للصحافيين: «انتظرنا أحد عشر أسبوعاً؛ ثم أبحرنا.» وغادر...",
    "بلغت الحمولة 3.5 آلاف طن، وهي الأكبر هذا العام كما قال د. حداد.",
    "هل يعود الميناء إلى العمل كله؟ لا أحد يعلم.",
)
BESIDE = ("اقرأ أيضاً: سعر الخبز يرتفع", "شارك", "شارك عبر فيسبوك", "طباعة", "المصدر: العربي الجديد")


@pytest.fixture
def article() -> Article:
    """The page, with lines of its machinery between and under those of the text."""
    text = [*LINES[:2], BESIDE[0], *LINES[2:], *BESIDE[1:]]
    main = f"<article><h1>وصول ســفينة الحبوب\u200f</h1>{''.join(f'<p>{line}</p>' for line in text)}</article>"
    return read_article(make_page(main, title="وصول سفينة الحبوب", lang="ar"))


def test_what_was_written_is_read(article: Article) -> None:
    """Letters as letters, no stretching, no marks of direction; Latin words, digits and signs where they stood."""
    assert article.title == "وصول سفينة الحبوب"
    assert article.text.split("\n") == list(READ)
    assert unicodedata.is_normalized("NFC", article.text)
    assert not set(MARKS) & set(article.text)
    assert article.language == "ar"


def test_what_stands_beside_is_not(article: Article) -> None:
    """That is "read also", "share", "print" and the source line, which says who published it first."""
    assert not any(line in article.text for line in BESIDE)
    assert article.original_publisher == "العربي الجديد"


def test_it_is_counted(article: Article) -> None:
    """Each word and sentence once, whichever way it is written."""
    assert [count_words(line) for line in article.text.split("\n")] == [17, 10, 14, 9]
    assert [count_sentences(line) for line in article.text.split("\n")] == [1, 2, 1, 2]
    assert count_sentences(article.text) == 6
