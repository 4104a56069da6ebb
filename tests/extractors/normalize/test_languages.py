from __future__ import annotations

import pytest

from extractors.normalize.languages import language_of, language_tag

ENGLISH = "The harbor reopened on Thursday after engineers had cleared the last of the sunken barges from its channel."
ARABIC = "أعيد فتح الميناء يوم الخميس بعد أن أزال المهندسون آخر الصنادل الغارقة من القناة الشمالية."
BOKMAAL = "Havna åpnet igjen torsdag etter at ingeniørene hadde fjernet de siste lekterne fra kanalen, og ikke før."
NYNORSK = "Hamna opna att torsdag etter at ingeniørane hadde fjerna dei siste lekterane frå kanalen, og ikkje før då."
DANISH = "Havnen åbnede igen torsdag, efter at ingeniørerne havde fjernet de sidste pramme af kanalen, og ikke før det."
XHOSA = (
    "Izibuko livulwe kwakhona ngoLwesine emva kokuba iinjineli zisuse iinqanawa zokugqibela ezazitshonile emjelweni."
)
FRENCH = "Le port a rouvert jeudi après que les ingénieurs ont dégagé les dernières péniches coulées du chenal."


@pytest.mark.parametrize(
    ("text", "declared", "expected", "language"),
    [
        (ENGLISH, ["en"], (), "en"),
        (ENGLISH, ["en-GB", "ar"], (), "en"),
        (ENGLISH, ["de", "en"], (), "en"),
        (ARABIC, ["ar"], (), "ar"),
        (ARABIC, ["en"], (), "ar"),
        (FRENCH, [], ("fr",), "fr"),
        (FRENCH, ["en-US"], ("en",), "fr"),
        (BOKMAAL, ["nb-NO"], (), "no"),
        (NYNORSK, ["no"], (), "nn"),
        (NYNORSK, ["nb-NO"], (), "nn"),
        (DANISH, ["da"], (), "da"),
        (DANISH, ["kl"], (), "da"),
        (XHOSA, ["xh"], (), "xh"),
        (XHOSA, ["en", "xh"], (), "xh"),
        ("Ja.", ["de"], (), "de"),
        ("", ["de"], (), "de"),
        ("12:30 – 14:00", [], (), None),
    ],
)
def test_the_words_decide(text: str, declared: list[str], expected: tuple[str, ...], language: str | None) -> None:
    """A page's claims count where the words speak for one of them, and where there are too few words to tell."""
    assert language_of("", text, declared=declared, expected=expected).language == language


@pytest.mark.parametrize(
    ("declared", "rule"),
    [(["en"], "declared+words"), ([], "words"), (["fr"], "words"), (["en", "fr"], "declared+words")],
)
def test_a_text_that_speaks_for_itself_needs_no_model(declared: list[str], rule: str) -> None:
    """The rule says whether a claim was confirmed, or the words alone were clear."""
    assert language_of("Harbor reopens", f"{ENGLISH} {ENGLISH}", declared=declared).rule == rule


@pytest.mark.parametrize(
    ("lines", "languages"),
    [
        ([ENGLISH] * 4, ("en",)),
        ([ENGLISH, ENGLISH, ENGLISH, FRENCH, FRENCH], ("en", "fr")),
        ([ARABIC, ARABIC, ENGLISH, ENGLISH], ("en", "ar")),
        ([ENGLISH] * 9 + [FRENCH], ("en",)),
        ([DANISH, DANISH, DANISH, BOKMAAL, BOKMAAL, BOKMAAL], ("da",)),
        (["12:30"], ()),
    ],
)
def test_a_mixed_text_says_its_languages(lines: list[str], languages: tuple[str, ...]) -> None:
    """Its own first; a quotation is too little, and close relatives are not told apart by their lines."""
    assert language_of("", "\n".join(lines), declared=languages[:1]).languages == languages


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
