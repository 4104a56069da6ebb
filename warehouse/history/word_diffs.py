"""Two wordings to what was added, removed and put in place of what, word by word, in bounded time.

Patience diff: words, else runs of words, that occur once on both sides, in the same order, are held fast, and what lies
between them is compared by difflib. Its worst case is beyond quadratic, so it gets small pieces only; a larger piece
without anything to hold on to counts as replaced.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from warehouse.history.noise import noise_spans
from warehouse.history.words import Token, tokens

MOST_PAIRS = 20_000
"""A piece in which more pairs of equal words could be matched is not given to difflib."""
MOST_WORDS = 2_000
"""Nor is one with more words on both sides together."""
MOST_DEPTH = 20
RUN_WORDS = 4
"""Where no word occurs once, runs of so many do."""
FEWEST_KEPT = 3
"""Fewer equal words than these between two changes are shown as part of one passage."""

Edit = tuple[int, int, int, int]
"""Words from, to (before) and from, to (after) of one difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One changed passage: its words before and after, and where they begin in the stored values, in characters."""

    before: str
    after: str
    before_offset: int
    after_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDiff:
    """Counts of the words that differ, and the passages that hold them."""

    words_added: int
    words_removed: int
    passages: tuple[Passage, ...]


def diff_words(before: str, after: str, *, with_noise: bool = False) -> WordDiff:
    """Compare two wordings.

    Args:
        before: The earlier one.
        after: The later one.
        with_noise: Whether to show what the rules of ``noise`` leave out as well: a re-extraction is our own doing.

    Returns:
        What differs. A passage can hold up to two words that stayed, so that it can be read; they are not counted.
    """
    old = tokens(before, without=() if with_noise else noise_spans(before))
    new = tokens(after, without=() if with_noise else noise_spans(after))
    edits = list(edits_between([token.key for token in old], [token.key for token in new]))
    return WordDiff(
        words_added=sum(token.is_word for edit in edits for token in new[edit[2] : edit[3]]),
        words_removed=sum(token.is_word for edit in edits for token in old[edit[0] : edit[1]]),
        passages=tuple(passage_of(before, after, old, new, edit) for edit in joined(edits)),
    )


def edits_between(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """The differences of two sequences of words, in order."""
    pieces = [(0, len(old), 0, len(new), 0)]
    while pieces:
        *edges, depth = pieces.pop()
        edit = trimmed(old, new, (edges[0], edges[1], edges[2], edges[3]))
        a, b, c, d = edit
        if a == b or c == d:
            if a != b or c != d:
                yield edit
            continue
        anchors = []
        if depth < MOST_DEPTH:
            anchors = anchors_of(old, new, edit, 1) or anchors_of(old, new, edit, RUN_WORDS)
        if anchors:
            # Last first: the stack gives them back in order. The anchors themselves are equal and fall away.
            befores = [(a, c), *((i + 1, j + 1) for i, j in anchors)]
            afters = [*anchors, (b, d)]
            split = [(i, k, j, m, depth + 1) for (i, j), (k, m) in zip(befores, afters, strict=True)]
            pieces.extend(reversed(split))
        elif is_small(old, new, edit):
            matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for tag, i, j, k, m in matcher.get_opcodes():
                if tag != "equal":
                    yield a + i, a + j, c + k, c + m
        else:
            yield edit


def trimmed(old: Sequence[str], new: Sequence[str], edit: Edit) -> Edit:
    """A piece without the equal words at its ends."""
    a, b, c, d = edit
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return a, b, c, d


def anchors_of(old: Sequence[str], new: Sequence[str], edit: Edit, run_words: int) -> list[tuple[int, int]]:
    """Places of the runs of words that occur once on both sides: as many of them as are in the same order."""
    a, b, c, d = edit
    once_old, once_new = once(old[a:b], run_words), once(new[c:d], run_words)
    pairs = [(a + i, c + once_new[run]) for run, i in once_old.items() if run in once_new]
    return longest_in_order(pairs)


def once(words: Sequence[str], run_words: int) -> dict[tuple[str, ...], int]:
    """Place by run of the runs of words that occur once."""
    runs = list(zip(*(words[shift:] for shift in range(run_words)), strict=False))
    counts = Counter(runs)
    return {run: place for place, run in enumerate(runs) if counts[run] == 1}


def longest_in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs that rise on the left, the longest subsequence that rises on the right too."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_, right) in enumerate(pairs):
        at = bisect_left(tails, right)
        tails[at : at + 1] = [right]
        ends[at : at + 1] = [index]
        previous.append(ends[at - 1] if at else -1)
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]


def is_small(old: Sequence[str], new: Sequence[str], edit: Edit) -> bool:
    """Whether difflib is quick on a piece."""
    a, b, c, d = edit
    if b - a + d - c > MOST_WORDS:
        return False
    counts = Counter(new[c:d])
    return sum(counts[word] for word in old[a:b]) <= MOST_PAIRS


def joined(edits: Sequence[Edit]) -> list[Edit]:
    """Differences with next to nothing between them as one."""
    found: list[Edit] = []
    for edit in edits:
        if found and edit[0] - found[-1][1] < FEWEST_KEPT:
            found[-1] = (found[-1][0], edit[1], found[-1][2], edit[3])
        else:
            found.append(edit)
    return found


def passage_of(before: str, after: str, old: Sequence[Token], new: Sequence[Token], edit: Edit) -> Passage:
    """One difference as it stands in both wordings."""
    a, b, c, d = edit
    before_start, before_end = place_of(before, old, a, b)
    after_start, after_end = place_of(after, new, c, d)
    return Passage(
        before=before[before_start:before_end],
        after=after[after_start:after_end],
        before_offset=before_start,
        after_offset=after_start,
    )


def place_of(text: str, words: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Where a run of words stands; of an empty one, where the next word begins."""
    if first < end:
        return words[first].start, words[end - 1].end
    start = words[first].start if first < len(words) else len(text)
    return start, start
