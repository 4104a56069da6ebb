"""Two wordings of a text to the numbers that changed in it: the dead, the wounded, dates, each with its sentences.

Precise rather than many. A changed sentence is paired with the one of before that it is clearly an edit of, and a
number with the one that stands between the same words. What is ambiguous, as two lines of a list that differ only in
their numbers, is left out; so is a sentence whose names have changed, which tells of something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from warehouse.history.counted_words import Counted
from warehouse.history.mentions import PEOPLE_KEY, Item, read_mentions
from warehouse.history.sentences import Sentence, sentences

MOST_SENTENCES = 150
"""With more changed sentences that hold a number, on either side, a text was written anew, not updated."""
MOST_CHARS = 1_500
"""A longer sentence is a table, or a list that lost its lines."""
LEAST_LIKENESS = 0.6
LEAST_LEAD = 0.1
"""How much likelier a sentence's partner must be than any other."""
LENGTH_SLACK = 20
"""How much longer or shorter, in characters, other numbers can make a sentence."""
SHORT_WORDS = 6
"""In a sentence of fewer telling words its first one may be a name, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """One number, date or time that became another, as written and, of a number, by value."""

    counted: Counted
    before: str
    after: str
    number_before: float | None
    number_after: float | None
    sentence_before: str
    sentence_after: str
    before_offset: int
    after_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSentence:
    """A sentence with its items. ``masked`` is its words without the values of its mentions."""

    sentence: Sentence
    items: tuple[Item, ...]
    masked: tuple[str, ...]
    telling: Counter[str]

    @property
    def has_mention(self) -> bool:
        """Whether a number, a date or a time is in it."""
        return any(item.is_mention for item in self.items)


def number_changes(before: str, after: str, language: str) -> list[NumberChange]:
    """Numbers that changed between two wordings of one text, in the order of the later one.

    Args:
        before: The earlier wording.
        after: The later one.
        language: Two letters, empty when it is not known.
    """
    old, new = sentences(before), sentences(after)
    stayed = Counter(each.text for each in old) & Counter(each.text for each in new)
    changed_old = read_changed(old, stayed, language)
    changed_new = read_changed(new, stayed, language)
    if not changed_old or not changed_new or max(len(changed_old), len(changed_new)) > MOST_SENTENCES:
        return []
    pairs = [pair for pair in pairs_of(changed_old, changed_new) if not is_among_kept(pair, stayed, language)]
    return [change for one, other in pairs for change in changes_within(one, other)]


def is_among_kept(pair: tuple[ReadSentence, ReadSentence], stayed: Iterable[str], language: str) -> bool:
    """Whether a sentence that stayed differs from one of two in numbers alone: either could have come of it."""
    forms = {each.masked for each in pair}
    lengths = [len(each.sentence.text) for each in pair]
    alike = (text for text in stayed if min(lengths) - LENGTH_SLACK <= len(text) <= max(lengths) + LENGTH_SLACK)
    return any(read(Sentence(text=text, offset=0), language).masked in forms for text in alike)


def read_changed(found: Sequence[Sentence], stayed: Counter[str], language: str) -> list[ReadSentence]:
    """The sentences that did not stay as they are and hold a mention."""
    left = Counter(stayed)
    changed = []
    for each in found:
        if left[each.text] > 0:
            left[each.text] -= 1
            continue
        if len(each.text) > MOST_CHARS or not any(sign.isalpha() for sign in each.text):
            continue
        one = read(each, language)
        if one.has_mention:
            changed.append(one)
    return changed


def read(sentence: Sentence, language: str) -> ReadSentence:
    """A sentence with its items."""
    items = tuple(read_mentions(sentence.text, language))
    masked = tuple(item.key for item in items)
    return ReadSentence(
        sentence=sentence,
        items=items,
        masked=masked,
        telling=Counter(item.key for item in items if item.key and not item.is_mention),
    )


def pairs_of(old: Sequence[ReadSentence], new: Sequence[ReadSentence]) -> list[tuple[ReadSentence, ReadSentence]]:
    """Sentences and what became of them: each other's likeliest partner, and by a clear lead."""
    forms_old = Counter(each.masked for each in old)
    forms_new = Counter(each.masked for each in new)
    likeness = [[alike(one, other) for other in new] for one in old]
    found = []
    for j, other in enumerate(new):
        column = [row[j] for row in likeness]
        i = max(range(len(old)), key=column.__getitem__)
        one = old[i]
        is_single = all(forms[each.masked] <= 1 for forms in (forms_old, forms_new) for each in (one, other))
        if is_single and is_clear(column, i) and is_clear(likeness[i], j) and not has_other_names(one, other):
            found.append((one, other))
    return found


def alike(one: ReadSentence, other: ReadSentence) -> float:
    """Share of telling words that two sentences have in common, 0 to 1."""
    total = one.telling.total() + other.telling.total()
    return 2 * (one.telling & other.telling).total() / total if total else 0.0


def is_clear(scores: Sequence[float], best: int) -> bool:
    """Whether one score is high, and far above the others."""
    others = max((score for place, score in enumerate(scores) if place != best), default=0.0)
    return scores[best] >= max(LEAST_LIKENESS, others + LEAST_LEAD)


def has_other_names(one: ReadSentence, other: ReadSentence) -> bool:
    """Whether a name of one sentence has given way to a name of the other: a place, a person."""
    gone, come = one.telling - other.telling, other.telling - one.telling
    return not names_of(one, gone).isdisjoint(gone) and not names_of(other, come).isdisjoint(come)


def names_of(read: ReadSentence, among: Counter[str]) -> set[str]:
    """Words of a sentence that may be names: by their capital; of a script without capitals, any word."""
    is_short = read.telling.total() < SHORT_WORDS
    has_case = read.sentence.text.lower() != read.sentence.text.upper()
    return {
        item.key
        for place, item in enumerate(read.items)
        if item.key in among and (not has_case or item.is_name or (is_short and place == 0))
    }


def changes_within(one: ReadSentence, other: ReadSentence) -> Iterator[NumberChange]:
    """Numbers of two paired sentences that stand between the same words and differ."""
    matcher = SequenceMatcher(None, one.masked, other.masked, autojunk=False)
    for i, j, length in matcher.get_matching_blocks():
        for step in range(length):
            before, after = one.items[i + step], other.items[j + step]
            if before.is_mention and is_other(before, after) and is_same_place(one, i + step, other, j + step):
                counted = same_count(before, after)
                if counted is not None:
                    yield change_of(one, before, other, after, counted)


def is_other(before: Item, after: Item) -> bool:
    """Whether two mentions of one kind differ; parts that one of them leaves unsaid do not."""
    if before.value is not None or after.value is not None:
        return before.value != after.value
    if before.moment is None or after.moment is None or before.moment[0] != after.moment[0]:
        return False
    return any(a != b for a, b in zip(before.moment, after.moment, strict=False) if a and b)


def is_same_place(one: ReadSentence, i: int, other: ReadSentence, j: int) -> bool:
    """Whether the telling words around two mentions agree: after both where both have one, else before both."""
    right_one, right_other = neighbor(one.items, i, 1), neighbor(other.items, j, 1)
    left_one, left_other = neighbor(one.items, i, -1), neighbor(other.items, j, -1)
    if right_one and right_other:
        return right_one == right_other
    return bool(left_one) and left_one == left_other


def neighbor(items: Sequence[Item], place: int, direction: int) -> str:
    """The next telling word on one side, up to the next mention; empty where there is none.

    That people are counted tells nothing: قتيلان and "two killed" name none.
    """
    at = place + direction
    while 0 <= at < len(items) and not items[at].is_mention:
        if items[at].key not in ("", PEOPLE_KEY):
            return items[at].key
        at += direction
    return ""


def same_count(before: Item, after: Item) -> Counted | None:
    """What both mentions count; None where they count different things."""
    counts = {item.counted for item in (before, after)} - {None, Counted.OTHER}
    if len(counts) > 1:
        return None
    return next((count for count in counts if count is not None), Counted.OTHER)


def change_of(one: ReadSentence, before: Item, other: ReadSentence, after: Item, counted: Counted) -> NumberChange:
    """The change of one number."""
    return NumberChange(
        counted=counted,
        before=one.sentence.text[before.start : before.end],
        after=other.sentence.text[after.start : after.end],
        number_before=before.value,
        number_after=after.value,
        sentence_before=one.sentence.text,
        sentence_after=other.sentence.text,
        before_offset=one.sentence.offset + before.start,
        after_offset=other.sentence.offset + after.start,
    )
