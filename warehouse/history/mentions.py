"""A sentence to its words and the numbers, dates and times among them, each with what it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from warehouse.history.calendar_words import MONTHS
from warehouse.history.counted_words import Counted, counted_by, is_and, is_people, is_plain
from warehouse.history.folding import fold
from warehouse.history.numerals import read_numeral
from warehouse.history.words import Token, tokens

PEOPLE_KEY = "people"
MOST_STEPS = 7
"""A word further from a number than this does not say what it counts."""
BARRIER_STEPS = 2
"""How much further a word is behind a comma or an "and"."""
TIME = re.compile(r"\d{1,2}:\d{2}")
NUMERIC_DATE = re.compile(r"\d{1,2}([./])\d{1,2}\1\d{2,4}|\d{4}-\d{2}-\d{2}")
CLOSE = re.compile(r"[ \u00a0\u202f\-‑]*")
PERCENT_SIGN = re.compile(r"\s?[%٪]")
YEAR = re.compile(r"(?:19|20|١٩|٢٠)\d\d")
NO_ONE = re.compile(r"no one", re.IGNORECASE)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A word, or a number, date or time of one or several words.

    ``key`` is what it is compared by: ``#`` for every number, ``@`` for every date and time, nothing for a word that
    says nothing. ``moment`` is how a date or time is written and its parts, the unsaid ones empty. ``is_name`` tells a
    word with a capital inside a sentence. ``breaks`` says that a comma, or an "and", stands before it.
    """

    start: int
    end: int
    key: str
    value: float | None = None
    moment: tuple[str, ...] | None = None
    counted: Counted | None = None
    is_name: bool = False
    breaks: bool = False

    @property
    def is_mention(self) -> bool:
        """Whether it is a number, a date or a time."""
        return self.value is not None or self.moment is not None


def read_mentions(text: str, language: str) -> list[Item]:
    """Words and mentions of a sentence, in order.

    Args:
        text: The sentence.
        language: Two letters, empty when it is not known: then only digits are read.
    """
    words = [token for token in tokens(text) if token.is_word]
    folded = [fold(token.key, language) for token in words]
    items: list[Item] = []
    at = 0
    while at < len(words):
        if items and items[-1].is_mention and text[items[-1].end : words[at].start] in ("'", "’"):
            at += 1  # a Turkish ending: 12'ye
            continue
        near = run_of(text, words, at)
        item, length = item_at(text, words[at:near], folded[at:near], language)
        gap = text[items[-1].end : words[at].start] if items else ""
        is_break = any(sign in gap for sign in ",;،؛:(–—") or is_and(folded[at], language)
        items.append(replace(item, breaks=is_break or (language == "ar" and folded[at].startswith("و"))))
        at += length
    return [
        replace(item, counted=counted_near(items, place)) if item.is_mention else item
        for place, item in enumerate(items)
    ]


def run_of(text: str, words: Sequence[Token], at: int) -> int:
    """End of the words from a place on between which there is nothing but a space or a hyphen."""
    end = at + 1
    while end < min(len(words), at + 6) and CLOSE.fullmatch(text, words[end - 1].end, words[end].start):
        end += 1
    return end


def item_at(text: str, words: Sequence[Token], folded: Sequence[str], language: str) -> tuple[Item, int]:
    """The item that begins with the first of some words that stand close, and how many words it takes."""
    first = words[0]
    for read in (date_at, number_at):
        item, length = read(text, words, folded, language)
        if item is not None:
            return item, length
    is_name = first.start > 0 and first.key[:1].isupper()
    counted = counted_by(folded[0], language)
    key = key_of(folded[0], counted, language)
    return Item(start=first.start, end=first.end, key=key, counted=counted, is_name=is_name), 1


def key_of(word: str, counted: Counted | None, language: str) -> str:
    """What a folded word is compared by; nothing for one that says nothing, or only repeats a sign (14 percent)."""
    if counted is not None:
        return "" if counted == Counted.PERCENT else counted.value
    if is_people(word, language):
        return PEOPLE_KEY
    return "" if is_plain(word, language) else word


def date_at(text: str, words: Sequence[Token], folded: Sequence[str], language: str) -> tuple[Item | None, int]:
    """A time of day, a date in digits, or a day with its month and, where given, its year."""
    start = words[0].start
    written = NUMERIC_DATE.match(text, start)
    if written and written.end() >= words[0].end:
        length = sum(word.start < written.end() for word in words)
        moment = ("digits", *re.split(r"\D", written[0]))
        return Item(start=start, end=written.end(), key="@", moment=moment, counted=Counted.DATE), length
    if TIME.fullmatch(words[0].key):
        moment = ("time", *words[0].key.split(":"))
        return Item(start=start, end=words[0].end, key="@", moment=moment, counted=Counted.TIME), 1
    for day_first in (True, False):
        found = day_and_month(folded, language, day_first=day_first)
        # "5 may have died" is no date.
        if found and (language != "en" or any(word.key[0].isupper() for word in words[: found[1]])):
            moment, length = found
            return Item(start=start, end=words[length - 1].end, key="@", moment=moment, counted=Counted.DATE), length
    return None, 1


def day_and_month(folded: Sequence[str], language: str, *, day_first: bool) -> tuple[tuple[str, ...], int] | None:
    """Day, month and year of words such as "12 March 2026" or "March 12", and how many they are."""
    at = 0
    day = None
    if day_first:
        day, at = day_at(folded, at)
        if day is None:
            return None
        at += at < len(folded) and folded[at] in ("of", "de", "من")
    month, length = month_at(folded, at, language)
    if month is None:
        return None
    at += length
    if not day_first:
        day, at = day_at(folded, at)
        if day is None:
            return None
    year = ""
    skipped = at < len(folded) and folded[at] in ("de", "del")
    if at + skipped < len(folded) and len(folded[at + skipped]) == 4 and folded[at + skipped].isdecimal():
        year, at = folded[at + skipped], at + skipped + 1
    return ("date", str(day), str(month), year), at


def day_at(folded: Sequence[str], at: int) -> tuple[int | None, int]:
    """A day of a month in digits, with its ending, and where the next word is."""
    if at < len(folded) and len(folded[at]) <= 2 and folded[at].isdecimal() and 1 <= int(folded[at]) <= 31:
        is_ordinal = at + 1 < len(folded) and folded[at + 1] in ("st", "nd", "rd", "th", "er")
        return int(folded[at]), at + 1 + is_ordinal
    return None, at


def month_at(folded: Sequence[str], at: int, language: str) -> tuple[int | None, int]:
    """Number of the month that is named at a place, and how many words that takes."""
    for length in (2, 1):
        named = tuple(folded[at : at + length])
        month = MONTHS.get(language, {}).get(named)
        if month is not None:
            return month, len(named)
    return None, 0


def number_at(text: str, words: Sequence[Token], folded: Sequence[str], language: str) -> tuple[Item | None, int]:
    """A number, or a year; an ordinal is a word, and so is "one" in "no one"."""
    if ORDINAL.match(text, words[0].end) or NO_ONE.fullmatch(text[max(0, words[0].start - 3) : words[0].end]):
        return None, 1
    numeral = read_numeral(
        [word if not word[0].isdecimal() else words[i].key for i, word in enumerate(folded)], language
    )
    if numeral is None:
        return None, 1
    start, end = words[0].start, words[numeral.word_count - 1].end
    digits = words[0].key
    counts_people = len(folded) > 1 and (is_people(folded[1], language) or counted_by(folded[1], language) is not None)
    if YEAR.fullmatch(digits) and not counts_people:
        return Item(start=start, end=end, key="@", moment=("year", digits), counted=Counted.DATE), 1
    is_percent = PERCENT_SIGN.match(text, end) is not None
    # A dual such as قتيلان is the number and what it counts.
    counted = Counted.PERCENT if is_percent else counted_by(folded[0], language)
    return Item(start=start, end=end, key="#", value=numeral.value, counted=counted), numeral.word_count


def counted_near(items: Sequence[Item], place: int) -> Counted:
    """What the nearest telling word says of a mention; a word behind a comma or an "and" is further away."""
    item = items[place]
    if item.counted is not None:
        return item.counted
    found: list[tuple[int, int, Counted]] = []
    for direction in (-1, 1):
        steps = 0
        at = place
        while steps <= MOST_STEPS and 0 <= at + direction < len(items):
            steps += 1 + BARRIER_STEPS * items[at if direction < 0 else at + 1].breaks
            at += direction
            counted = items[at].counted if not items[at].is_mention else None
            if counted is not None and steps <= MOST_STEPS:
                # As far on both sides: the word after the number, as in "12 killed".
                found.append((steps, -direction, counted))
                break
    return min(found)[2] if found else Counted.OTHER
