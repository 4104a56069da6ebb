"""A run of words to the number that it spells, in digits of any script or in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.history.number_words import WORDS, NumberWords

POINT_GROUPS = frozenset({"de", "es", "tr", "fr", "it", "pt"})
"""Languages that write 1.234 for one thousand and so on, and a comma before fractions."""
GROUPED = re.compile(r"\d{1,3}(?:[.,٬\u00a0\u202f]\d{3})+")
MOST_SIGNS = 20
"""What has more digits and separators counts nothing."""
SEPARATORS = re.compile(r"[.,٬\u00a0\u202f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number and how many words it takes."""

    value: float
    word_count: int


def read_digits(written: str, language: str) -> float | None:
    """Value of digits with their separators; None where it cannot be told what these mean."""
    if len(written) > MOST_SIGNS:
        return None
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in written)
    separators = set(SEPARATORS.findall(plain))
    decimal = "," if language in POINT_GROUPS else "."
    if separators and len(separators) == 1 and separators != {decimal} and GROUPED.fullmatch(plain):
        return float(SEPARATORS.sub("", plain))
    whole, _, fraction = plain.replace("٫", decimal).partition(decimal)
    if not fraction.isdecimal() and decimal in plain:
        return None
    if separators - {decimal} and not GROUPED.fullmatch(whole):
        return None
    digits = SEPARATORS.sub("", whole)
    return float(f"{digits}.{fraction or 0}") if digits.isdecimal() else None


def read_numeral(words: Sequence[str], language: str) -> Numeral | None:
    """The number that the first of some folded words begin, as long as it goes.

    Args:
        words: Folded words from where the number may begin; digits as they are written.
        language: Two letters; of an unknown language only digits are read.

    Returns:
        None when no number begins there.
    """
    known = WORDS.get(language, NumberWords())
    if words and words[0][0].isdecimal():
        value = read_digits(words[0], language)
        taken = 1
    else:
        value, taken = read_words(words, known)
    if value is None:
        return None
    while taken < len(words) and words[taken] in known.factors and known.factors[words[taken]] >= 1_000:
        value, taken = value * known.factors[words[taken]], taken + 1
    return Numeral(value=value, word_count=taken)


def read_words(words: Sequence[str], known: NumberWords) -> tuple[float | None, int]:
    """Value below one million of written words, and how many they are."""
    value, taken = 0, 0
    while taken < len(words):
        is_joined = taken > 0 and words[taken] == known.joint
        part = part_at(words, taken + is_joined, known, is_first=not taken)
        if part is None:
            break
        number, length, is_factor = part
        if is_factor and 0 < value < number and not is_joined:
            value *= number
        elif not is_factor and (not taken or fits(value, number, known, is_joined=is_joined)):
            value += number
        else:
            break
        taken += is_joined + length
    return (float(value), taken) if taken else (None, 0)


def part_at(words: Sequence[str], at: int, known: NumberWords, *, is_first: bool) -> tuple[int, int, bool] | None:
    """Number, length in words, and whether it multiplies, of the part of a number that stands at a place."""
    pair = (words[at], words[at + 1]) if at + 1 < len(words) else None
    if pair in known.pairs and pair is not None:
        return known.pairs[pair], 2, False
    word = words[at] if at < len(words) else ""
    if not is_first and known is WORDS["ar"]:
        # Arabic writes its "and" as the first letter of the next part: خمسة وعشرون.
        if not word.startswith("و"):
            return None
        word = word[1:]
    for table in (known.units, known.tens, known.hundreds):
        if word in table:
            return table[word], 1, False
    return (100, 1, not is_first) if known.factors.get(word) == 100 else None


def fits(value: int, number: int, known: NumberWords, *, is_joined: bool) -> bool:
    """Whether a number goes on with this part: 20 with 5, 100 with 25, in Arabic 5 with 20; "five and six" does not."""
    if value >= 100 and value % 100 == 0:
        return number < 100 and not (is_joined and known.joins_tens)
    if known is WORDS["ar"]:
        return 0 < value % 100 < 10 and number in known.tens.values()
    if is_joined and not known.joins_tens:
        return False
    if value % 100 in known.long_tens:
        return number < 20
    return value % 100 in known.tens.values() and number < 10
