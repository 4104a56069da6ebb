"""Text to words with their places in it; in scripts without spaces between words each sign is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Marks written over or under letters belong to their word; a star inside one is how some outlets mask it.
MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]"
WORD = rf"[^\W\d_](?:[\w{MARKS}]|['’*\u0640](?=\w))*"
# Arabic writes its one-letter words without a space, before digits too.
CLITIC = r"[وفبلك](?=\d)"
NUMBER = r"\d+(?:[.,:٫٬/\u00a0\u202f]\d+)*"
# Of all punctuation, what changes what is said: a question, somebody else's words, a share, a price.
SIGN = r"[?؟%٪$€£\"“”„«»]"
TOKEN = re.compile(f"(?P<number>{NUMBER})|(?P<word>{UNSPACED}|{CLITIC}|{WORD})|(?P<sign>{SIGN})")
SAME_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "؟": "?", "٪": "%"})
SAME_LETTERS = str.maketrans({"’": "'", "\u0640": None})

Span = tuple[int, int]
"""From one character of a text up to, not including, another."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign; ``key`` is what two spellings of it have in common."""

    start: int
    end: int
    key: str
    is_word: bool


def tokens(text: str, *, without: Sequence[Span] = ()) -> list[Token]:
    """Words, numbers and telling signs of a text, in order; none that begins in one of the spans ``without``."""
    found = []
    skipped = iter(sorted(without))
    span = next(skipped, None)
    for match in TOKEN.finditer(text):
        while span is not None and match.start() >= span[1]:
            span = next(skipped, None)
        if span is not None and match.start() >= span[0]:
            continue
        is_word = match["sign"] is None
        key = match[0].translate(SAME_LETTERS if is_word else SAME_SIGNS)
        found.append(Token(match.start(), match.end(), key, is_word))
    return found
