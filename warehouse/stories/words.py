"""A text to the words that are compared, in any script: how a word is written makes no difference. Pure.

Compatibility forms, case, vowel marks, tatweel, and letters that Arabic and Persian write in several ways are folded,
and so are the digits of all scripts. Scripts without spaces between words are taken by characters.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt

# Thai and Lao, Burmese, Khmer, Han and its marks, kana.
UNSPACED_BLOCKS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x06D6, 0x06ED))
"""Accents, Hebrew points, Arabic vowels: what one writer sets and another does not."""
LETTERS = str.maketrans({"ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ە": "ه", "ک": "ك", "ٱ": "ا"})
"""Of Arabic and Persian, once hamza and madda are off their letters; hamza alone stays."""
DROPPED = frozenset("\u00ad\u0640\u0670\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
INDIC_MARKS = ((0x0900, 0x0963), (0x0966, 0x0DFF))
"""They belong to their words, though Python counts them as no letters."""
# What hides a word from filters: "fata*lities", "assa*ssinations".
MASK = re.compile(r"(?<=[^\W\d_])\*+(?=[^\W\d_])")

GONE, UNKNOWN, LONGER = 0, 1, 2
"""What stands in the table for a character that goes, has not been met, or folds to several."""
SPACE = 0x20
BASIC_PLANE = 0x10000
FEW = 8


def is_within(point: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    """Whether a code point is in one of some blocks."""
    return any(first <= point <= last for first, last in blocks)


def folded_character(character: str) -> str:
    """The one form of a character; case and punctuation stay."""
    if character in DROPPED:
        return ""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    parts = [part for part in unicodedata.normalize("NFKD", character) if not is_within(ord(part), MARKS)]
    folded = "".join(parts).translate(LETTERS)
    return f" {folded} " if is_within(ord(character), UNSPACED_BLOCKS) else folded


def is_word_part(character: str) -> bool:
    """Whether a character belongs to a word."""
    return character.isalnum() or is_within(ord(character), INDIC_MARKS)


class Folds(dict[int, str]):
    """What ``str.translate`` makes of each character; worked out when it is met first."""

    def __missing__(self, point: int) -> str:
        """Fold one character."""
        self[point] = folded = folded_character(chr(point))
        return folded


class BareFolds(Folds):
    """The same without case, and with a space for whatever is no part of a word."""

    def __missing__(self, point: int) -> str:
        """Fold one character."""
        folded = folded_character(chr(point)).casefold()
        self[point] = bare = "".join(each if is_word_part(each) else " " for each in folded)
        return bare


WRITTEN_FOLDS = Folds()
FOLDS = BareFolds()
TABLE = np.full(BASIC_PLANE, UNKNOWN, dtype=np.uint32)
"""The same as FOLDS for characters that fold to one: a look-up for all of a text takes a tenth of translate's time."""
ASCII = {point: FOLDS[point] for point in range(0x80)}


def words_of(text: str) -> list[str]:
    """The words of a text in their order: 1,200 is two words, and so is 3.5."""
    return fold(unmasked(text)).split()


def folded_text(text: str) -> str:
    """A text in the one form of its letters; case and punctuation stay."""
    return text if text.isascii() else text.translate(WRITTEN_FOLDS)


def points_of(text: str) -> npt.NDArray[np.uint32]:
    """The same as code points, with spaces between the words."""
    return np.frombuffer(fold(unmasked(text)).encode("utf-32-le", "replace"), dtype=np.uint32)


def unmasked(text: str) -> str:
    """A text without the stars inside its words."""
    return MASK.sub("", text) if "*" in text else text


def fold(text: str) -> str:
    """A text in the one form of its letters, with nothing but spaces between its words."""
    if text.isascii():
        return text.translate(ASCII)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if points.max() >= BASIC_PLANE:
        return text.translate(FOLDS)
    folded = TABLE[points]
    if (folded == UNKNOWN).any():
        learn(np.unique(points[folded == UNKNOWN]).tolist())
        folded = TABLE[points]
    longer = np.unique(points[folded == LONGER]).tolist()
    if not longer:
        kept: bytes = folded[folded != GONE].tobytes()
        return kept.decode("utf-32-le", "surrogatepass")
    if len(longer) > FEW or any(len(FOLDS[ord(each)]) != 1 for point in longer for each in FOLDS[point]):
        return text.translate(FOLDS)
    for point in longer:
        text = text.replace(chr(point), FOLDS[point])
    return fold(text)


def learn(points: list[int]) -> None:
    """Enter characters in the table."""
    for point in points:
        folded = FOLDS[point]
        TABLE[point] = ord(folded) if len(folded) == 1 else LONGER if folded else GONE


def is_unspaced(points: npt.NDArray[np.uint32]) -> bool:
    """Whether most characters of a folded text are of scripts that put no spaces between words."""
    letters = points[points != SPACE]
    high = letters[letters >= UNSPACED_BLOCKS[0][0]]
    found = sum(int(((high >= first) & (high <= last)).sum()) for first, last in UNSPACED_BLOCKS) if len(high) else 0
    return found * 2 > len(letters)
