from __future__ import annotations

import pytest

from extractors.normalize.languages import language_of, language_tag

ENGLISH = "The harbor reopened on Thursday after engineers had cleared the last of the sunken barges from its channel."
ARABIC = "أعيد فتح الميناء يوم الخميس بعد أن أزال المهندسون آخر الصنادل الغارقة من القناة الشمالية."
FRENCH = "Le port a rouvert jeudi après que les ingénieurs ont dégagé les dernières péniches coulées du chenal."


@pytest.mark.parametrize(
    ("text", "declared", "expected", "language"),
    [
        (ENGLISH, "en", (), "en"),
        (ARABIC, "ar", (), "ar"),
        (ARABIC, "en", (), "ar"),
        (FRENCH, None, ("fr",), "fr"),
        (FRENCH, "en-US", ("en",), "fr"),
        ("Ja.", "de", (), "de"),
        ("", "de", (), "de"),
        ("12:30 – 14:00", None, (), None),
    ],
)
def test_the_words_decide(text: str, declared: str | None, expected: tuple[str, ...], language: str | None) -> None:
    """A page's claim counts only where there are too few words to tell."""
    assert language_of("", text, declared=declared, expected=expected)[0] == language


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("en", "en"),
        ("EN_us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("ar, en", "ar"),
        ("english language", None),
        ("", None),
        (None, None),
    ],
)
def test_declared_tags(raw: str | None, tag: str | None) -> None:
    """BCP 47 in its usual case; what is none is dropped."""
    assert language_tag(raw) == tag
