"""Numbers that are written as words, by language: what each word stands for. Folded as ``folding.fold`` does."""

from __future__ import annotations

from dataclasses import dataclass, field

ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
FRENCH = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
GERMAN = (
    "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn zwanzig"
)
SPANISH = (
    "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve"
)
TURKISH = "bir iki üç dört beş altı yedi sekiz dokuz on"
ARABIC_FEMININE = "واحدة اثنتان ثلاثة اربعة خمسة ستة سبعة ثمانية تسعة عشرة"
# Nouns in the dual hold their number: two people, two killed, two wounded, two children, two fighters.
ARABIC_DUALS = "اثنين اثنتين شخصان شخصين قتيلان قتيلين جريحان جريحين طفلان طفلين عنصران عنصرين"
ARABIC_MASCULINE = "واحد اثنان ثلاث اربع خمس ست سبع ثماني تسع عشر"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """A language's words: ``units`` stand for themselves, ``tens`` take a unit after them, ``factors`` multiply.

    ``pairs`` are numbers of two words. ``joint`` is the word between parts of one number, after hundreds ("two hundred
    *and* five") or, with ``joins_tens``, after tens ("treinta *y* cinco"). ``long_tens`` take numbers up to 19.
    """

    units: dict[str, int] = field(default_factory=dict)
    tens: dict[str, int] = field(default_factory=dict)
    hundreds: dict[str, int] = field(default_factory=dict)
    factors: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    long_tens: frozenset[int] = frozenset()
    joint: str | None = None
    joins_tens: bool = False


def counted(words: str, *, start: int = 1, step: int = 1) -> dict[str, int]:
    """Words that stand for start, start + step, ..."""
    return {word: start + step * place for place, word in enumerate(words.split())}


GERMAN_TENS = counted("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", start=20, step=10)
GERMAN_JOINED = {
    f"{unit}und{ten}": value + place
    for ten, value in GERMAN_TENS.items()
    for place, unit in enumerate(GERMAN.split()[:9], start=1)
}
ARABIC_TEENS = {
    (unit, ten): 10 + place
    for units in (ARABIC_FEMININE, ARABIC_MASCULINE)
    for place, unit in enumerate(units.split()[:9], start=1)
    for ten in ("عشر", "عشرة")
    if place > 2
} | {
    (unit, ten): value
    for value, units in ((11, "احد احدي"), (12, "اثنا اثني اثنتا اثنتي"))
    for unit in units.split()
    for ten in ("عشر", "عشرة")
}
ARABIC_TENS = counted("عشرون ثلاثون اربعون خمسون ستون سبعون ثمانون تسعون", start=20, step=10)
ARABIC_HUNDREDS = {
    f"{prefix}{hundred}": 100 * factor
    for prefix, factor in counted("ثلاث اربع خمس ست سبع ثمان تسع", start=3).items()
    for hundred in ("مئة", "مائة")
}

WORDS: dict[str, NumberWords] = {
    "en": NumberWords(
        units=counted(ENGLISH),
        tens=counted("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10),
        factors={"hundred": 100, "thousand": 1_000, "million": 1_000_000},
        joint="and",
    ),
    "fr": NumberWords(
        units=counted(FRENCH) | {"une": 1},
        tens=counted("vingt trente quarante cinquante soixante", start=20, step=10),
        factors={"cent": 100, "cents": 100, "mille": 1_000, "million": 1_000_000, "millions": 1_000_000},
        pairs={("quatre", "vingt"): 80, ("quatre", "vingts"): 80}
        | {("dix", unit): 10 + value for unit, value in counted("sept huit neuf", start=7).items()},
        long_tens=frozenset({60, 80}),
        joint="et",
        joins_tens=True,
    ),
    "de": NumberWords(
        units=counted(GERMAN) | dict.fromkeys(("eine", "einen", "einem", "einer"), 1) | {"zwo": 2} | GERMAN_JOINED,
        tens=GERMAN_TENS,
        hundreds={"hundert": 100, "einhundert": 100, "zweihundert": 200, "dreihundert": 300},
        factors={"tausend": 1_000, "million": 1_000_000, "millionen": 1_000_000},
    ),
    "es": NumberWords(
        units=counted(SPANISH) | {"uno": 1, "una": 1},
        tens=counted("treinta cuarenta cincuenta sesenta setenta ochenta noventa", start=30, step=10),
        hundreds={"cien": 100, "ciento": 100} | counted("doscientos trescientos cuatrocientos", start=200, step=100),
        factors={"mil": 1_000, "millón": 1_000_000, "millones": 1_000_000},
        joint="y",
        joins_tens=True,
    ),
    "tr": NumberWords(
        units=counted(TURKISH),
        tens=counted("on yirmi otuz kırk elli altmış yetmiş seksen doksan", start=10, step=10),
        factors={"yüz": 100, "bin": 1_000, "milyon": 1_000_000},
    ),
    "ar": NumberWords(
        units=counted(ARABIC_FEMININE)
        | counted(ARABIC_MASCULINE)
        | {"ثمان": 8}
        | dict.fromkeys(ARABIC_DUALS.split(), 2),
        tens=ARABIC_TENS | {word.removesuffix("ون") + "ين": value for word, value in ARABIC_TENS.items()},
        hundreds=ARABIC_HUNDREDS
        | dict.fromkeys(("مئة", "مائة"), 100)
        | dict.fromkeys(("مئتان", "مئتين", "مائتان", "مائتين"), 200),
        factors={"الف": 1_000, "الاف": 1_000, "مليون": 1_000_000, "ملايين": 1_000_000},
        pairs=ARABIC_TEENS,
    ),
}
"""By language; of one that is not here only digits are read."""
