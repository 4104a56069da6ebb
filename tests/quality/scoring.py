"""Extracted fields against expected ones -> the scores of the article-extraction-benchmark and of exact matches."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TOKEN = re.compile(r"\w+")
SHINGLE_TOKENS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScore:
    """Precision and recall averaged over pages, and the F1 of the two averages."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Multiset of runs of four tokens; a shorter text is one run. Text is compared in NFC."""
    tokens = TOKEN.findall(unicodedata.normalize("NFC", text))
    if not tokens:
        return Counter()
    last = max(1, len(tokens) - SHINGLE_TOKENS + 1)
    return Counter(tuple(tokens[start : start + SHINGLE_TOKENS]) for start in range(last))


def score_page(expected: str, found: str) -> tuple[float, float]:
    """Precision and recall of one page's text; both 1 when both texts are empty."""
    wanted, have = shingles(expected), shingles(found)
    common = (wanted & have).total()
    if not wanted and not have:
        return 1.0, 1.0
    return (common / have.total() if have else 0.0), (common / wanted.total() if wanted else 0.0)


def score_texts(pairs: Iterable[tuple[str, str]]) -> TextScore:
    """Score pairs of an expected and a found text."""
    scores = [score_page(expected, found) for expected, found in pairs]
    count = len(scores) or 1
    return TextScore(precision=sum(p for p, _ in scores) / count, recall=sum(r for _, r in scores) / count)


def score_snippets(found: Iterable[tuple[Sequence[str], Sequence[str], str]]) -> TextScore:
    """Score texts by pieces that they must contain and must not, as trafilatura's own evaluation does.

    Args:
        found: For each page the pieces of the article, pieces from around it, and the text that was read.

    Returns:
        Precision and recall over all pieces together; white space is folded.
    """
    inside = missed = outside = 0
    for wanted, unwanted, raw in found:
        text = " ".join(raw.split())
        hits = sum(" ".join(piece.split()) in text for piece in wanted)
        inside, missed = inside + hits, missed + len(wanted) - hits
        outside += sum(" ".join(piece.split()) in text for piece in unwanted)
    return TextScore(precision=inside / (inside + outside or 1), recall=inside / (inside + missed or 1))


def same_title(expected: str, found: str | None) -> bool:
    """Exact after white-space folding."""
    return " ".join(expected.split()) == " ".join((found or "").split())


def same_authors(expected: Sequence[str], found: Sequence[str]) -> bool:
    """Exact as sets, white space folded; a label of several names parted by semicolons is several names."""
    wanted = {" ".join(name.split()) for label in expected for name in label.split(";")}
    return wanted - {""} == {" ".join(name.split()) for name in found}


def same_day(expected: str, found: datetime | None) -> bool:
    """Whether the day agrees in UTC or in the expected date's own zone.

    Args:
        expected: ``2024-11-22`` or a full time with its zone. A page's day without a zone is met by a time that
            falls on it in any zone.
        found: Aware; a time at midnight UTC counts as a day.
    """
    if found is None:
        return False
    if found.date().isoformat() == expected[:10]:
        return True
    try:
        wanted = datetime.fromisoformat(expected)
    except ValueError:
        return False
    if wanted.tzinfo is not None:
        return found.astimezone(wanted.tzinfo).date() == wanted.date() or found.date() == wanted.astimezone(UTC).date()
    is_day = (found.hour, found.minute, found.second) == (0, 0, 0)
    reach = () if is_day else (timedelta(hours=-12), timedelta(hours=14))
    return any((found + shift).date() == wanted.date() for shift in reach)
