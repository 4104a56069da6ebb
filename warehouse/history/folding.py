"""Words to the form in which they are looked up: no case, one face for each Arabic letter, no masking stars."""

from __future__ import annotations

import re

UNWANTED = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed*]")
ALEF = str.maketrans("أإآٱى", "ااااي")
# An i with a dot above and a combining dot: what casefold makes of the Turkish capital I.
TURKISH_I = str.maketrans({"İ": "i", "I": "ı"})


def fold(word: str, language: str = "") -> str:
    """A word without case, vowel signs, tatweel and stars; alef with one face."""
    plain = UNWANTED.sub("", word).replace("’", "'").translate(ALEF)
    if language == "tr":
        plain = plain.translate(TURKISH_I)
    return plain.casefold()


def language_of(tag: str | None) -> str:
    """The language of a BCP 47 tag, such as ``en`` for ``en-GB``; empty when it is not known."""
    return (tag or "").split("-", maxsplit=1)[0].lower()
