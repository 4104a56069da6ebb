"""Raw descriptions -> the standfirst: a sentence of its own, not the first words of the text once more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.normalize.titles import squeezed_name

MAX_CHARS = 1_500
CUT_OFF = re.compile(r"(?:\[?(?:…|\.\.\.|&hellip;)\]?|\[\+\d+ chars\])\s*$")


def standfirst_of(
    candidates: Iterable[Candidate], lines: Sequence[str], names: Sequence[str]
) -> tuple[str | None, Candidate | None]:
    """Choose the standfirst.

    Args:
        candidates: In order of trust; an outlet's own rule is believed, a description has to stand the test.
        lines: The article's text, of which a description is often no more than the beginning.
        names: The outlet's names; a description that is one of them is none.
    """
    text = "".join(map(squeezed, lines))
    own = {squeezed_name(name) for name in names}
    for candidate in candidates:
        sentence = clean_line(" ".join(candidate.values) if candidate.values else candidate.raw)
        if not squeezed(sentence) or len(sentence) > MAX_CHARS or squeezed_name(sentence) in own:
            continue
        if candidate.source.startswith("layout") or not is_excerpt(sentence, text):
            return sentence, candidate
    return None, None


def is_excerpt(sentence: str, text: str) -> bool:
    """Whether a description only repeats words of the text, or is cut off somewhere in them."""
    return bool(CUT_OFF.search(sentence)) or squeezed(sentence) in text
