"""A text to its sentences, with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

END = re.compile(r"(?<![.!?؟…])[.!?؟…]++[\"'”’»)\]]*+\s++(?=[^a-z])|\n+")
"""Where a sentence ends: at its mark, or with its line. An abbreviation before a capital is one too, on both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as written, and where it begins in its text, in characters."""

    text: str
    offset: int


def sentences(text: str) -> list[Sentence]:
    """Sentences of a text in order; list items are sentences of their own."""
    found = []
    start = 0
    for end in (*(match.end() for match in END.finditer(text)), len(text)):
        written = text[start:end].strip()
        if written:
            offset = start + text[start:end].index(written)
            found.append(Sentence(text=written, offset=offset))
        start = end
    return found
