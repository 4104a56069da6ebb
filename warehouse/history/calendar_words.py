"""Names of months in the languages that numbers and stamps are read in, each to its number."""

from __future__ import annotations

from itertools import chain

ENGLISH = "january february march april may june july august september october november december"
ENGLISH_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
GERMAN = "januar februar märz april mai juni juli august september oktober november dezember"
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
TURKISH = "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık"
EGYPTIAN = "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"
# The Levant's months of two words (كانون الأول, تشرين الثاني, ...) are read by their two words.
LEVANTINE = {
    ("كانون", "الثاني"): 1,
    ("شباط",): 2,
    ("اذار",): 3,
    ("نيسان",): 4,
    ("ايار",): 5,
    ("حزيران",): 6,
    ("تموز",): 7,
    ("اب",): 8,
    ("ايلول",): 9,
    ("تشرين", "الاول"): 10,
    ("تشرين", "الثاني"): 11,
    ("كانون", "الاول"): 12,
}


def numbered(names: str) -> dict[tuple[str, ...], int]:
    """Twelve names to their numbers."""
    return {(name,): number for number, name in enumerate(names.split(), start=1)}


MONTHS: dict[str, dict[tuple[str, ...], int]] = {
    "en": numbered(ENGLISH) | numbered(ENGLISH_SHORT) | {("sept",): 9},
    "fr": numbered(FRENCH),
    "de": numbered(GERMAN) | {("jänner",): 1},
    "es": numbered(SPANISH) | {("setiembre",): 9},
    "tr": numbered(TURKISH),
    "ar": numbered(EGYPTIAN) | LEVANTINE,
}
"""By language, the folded words of each month (see ``folding.fold``) to its number."""

MONTH_WORDS = frozenset(chain.from_iterable(chain.from_iterable(MONTHS.values())))
