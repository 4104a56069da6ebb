"""What a text says of its day, its places and its numbers, and the words around each: pure.

Bulletins of one form ("Regime forces shelled the village of X with 12 rounds on Tuesday") are alike word for word
but for just that. So each number, day and name is kept with the two words before and after it. Where two texts have
the same words around different values, one has been put in the other's place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from warehouse.stories.words import folded_text, unmasked


class FactKind(StrEnum):
    """What kind of thing a value is."""

    NUMBER = "number"
    DAY = "day"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around a value, two on each side at most; values among them are named by their kind."""

    kind: FactKind
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutions:
    """How many frames two texts have in common, and in how many of these the values differ; days among them."""

    compared: int
    differing: int
    differing_days: int

    @property
    def share(self) -> float:
        """The part of the common frames whose values differ."""
        return self.differing / self.compared if self.compared else 0.0


Facts = Mapping[Frame, frozenset[str]]
"""The values that stand in each frame of a text."""

Token = tuple[str, FactKind | None]
"""A word, or a run of words that are one value."""

SENTENCE_ENDS = frozenset('.!?:;\n"“”«»()•؟۔。')
WORD = re.compile(rf"[^\W_]+|[{re.escape(''.join(sorted(SENTENCE_ENDS)))}]")
THOUSANDS = re.compile(r"(\d)[,.٬](?=\d{3}(?!\d))")

# A text says one, and means nobody in particular.
NUMBERS = {
    word: str(number)
    for number, words in (
        (2, "two deux zwei dos iki اثنان اثنين اثنتان اثنتين"),
        (3, "three trois drei tres ثلاثه ثلاث"),
        (4, "four quatre vier cuatro اربعه اربع"),
        (5, "five cinq fünf cinco خمسه خمس"),
        (6, "six sechs seis سته ست"),
        (7, "seven sept sieben siete سبعه سبع"),
        (8, "eight huit acht ocho ثمانيه ثماني ثمان"),
        (9, "nine neuf neun nueve تسعه تسع"),
        (10, "ten dix zehn diez عشره عشر"),
        (11, "eleven onze elf"),
        (12, "twelve douze zwölf doce"),
        (13, "thirteen"),
        (14, "fourteen"),
        (15, "fifteen"),
        (16, "sixteen"),
        (17, "seventeen"),
        (18, "eighteen"),
        (19, "nineteen"),
        (20, "twenty vingt zwanzig veinte عشرون عشرين"),
        (30, "thirty trente dreissig treinta ثلاثون ثلاثين"),
        (40, "forty quarante vierzig اربعون اربعين"),
        (50, "fifty cinquante خمسون خمسين"),
    )
    for word in folded_text(words).casefold().split()
}
WEEKDAYS = {
    word: f"weekday-{number}"
    for number, words in (
        (1, "monday lundi montag lunes pazartesi الاثنين الإثنين"),
        (2, "tuesday mardi dienstag martes salı الثلاثاء"),
        (3, "wednesday mercredi mittwoch miércoles çarşamba الأربعاء"),
        (4, "thursday jeudi donnerstag jueves perşembe الخميس"),
        (5, "friday vendredi freitag viernes cuma الجمعة"),
        (6, "saturday samedi samstag sábado cumartesi السبت"),
        (7, "sunday dimanche sonntag domingo الأحد"),
    )
    for word in folded_text(words).casefold().split()
}
MONTHS = {
    word: f"month-{number}"
    for number, words in (
        (1, "january janvier januar enero ocak يناير"),
        (2, "february février februar febrero şubat شباط فبراير"),
        (3, "march mars märz marzo mart آذار مارس"),
        (4, "april avril abril nisan نيسان أبريل"),
        (5, "may mai mayo mayıs أيار مايو"),
        (6, "june juin juni junio haziran حزيران يونيو"),
        (7, "july juillet juli julio temmuz تموز يوليو"),
        (8, "august août agosto ağustos آب أغسطس"),
        (9, "september septembre septiembre eylül أيلول سبتمبر"),
        (10, "october octobre oktober octubre ekim أكتوبر"),
        (11, "november novembre noviembre kasım نوفمبر"),
        (12, "december décembre dezember diciembre aralık ديسمبر"),
    )
    for word in folded_text(words).casefold().split()
}
DAYS = WEEKDAYS | MONTHS
AMBIGUOUS_MONTHS = frozenset(folded_text("may march mars mart mai juli آب").casefold().split())
"""Words that also mean something else: they are a month beside a number only."""
PLACE_WORDS = frozenset(folded_text("مدينة بلدة قرية ريف محافظة حي مخيم منطقة ناحية").casefold().split())
"""What comes before a place in Arabic, which has no capitals."""


KINDS = dict.fromkeys(NUMBERS, FactKind.NUMBER) | dict.fromkeys(DAYS, FactKind.DAY)
MEANINGS = NUMBERS | DAYS
"""What stands for a word that means a number or a day, in any of the languages."""


def facts_of(text: str) -> Facts:
    """Every number, day and name of a text in its frame."""
    tokens = tokens_of(text)
    facts: dict[Frame, set[str]] = defaultdict(set)
    shown = [kind.value if kind else word for word, kind in tokens]
    for place, (word, kind) in enumerate(tokens):
        if kind is not None:
            frame = Frame(kind, tuple(shown[max(place - 2, 0) : place]), tuple(shown[place + 1 : place + 3]))
            facts[frame].add(word)
    return {frame: frozenset(values) for frame, values in facts.items()}


def substitutions(first: Facts, second: Facts) -> Substitutions:
    """Compare the values that stand in the same frames of two texts."""
    common = first.keys() & second.keys()
    differing = [frame for frame in common if first[frame].isdisjoint(second[frame])]
    days = sum(1 for frame in differing if frame.kind is FactKind.DAY)
    return Substitutions(compared=len(common), differing=len(differing), differing_days=days)


def tokens_of(text: str) -> list[Token]:
    """The words of a text, with runs of words that are one value put together, each with the kind of value it is."""
    tokens: list[Token] = []
    run: list[str] = []
    run_kind: FactKind | None = None
    for word, kind, is_first in classified(text):
        if kind is not None and not is_first and (both := kind_of_both(run_kind, kind)) is not None:
            run.append(word)
            run_kind = both
            continue
        if run_kind is not None:
            tokens.append(value_of(run, run_kind))
        if kind is None:
            tokens.append((word, None))
        run, run_kind = [word], kind
    if run_kind is not None:
        tokens.append(value_of(run, run_kind))
    return tokens


def kind_of_both(before: FactKind | None, kind: FactKind) -> FactKind | None:
    """What two words in a row are together, where they are one value: "12 March", "Tel Zaytun"."""
    if before is None or (before is not kind and FactKind.NAME in (before, kind)):
        return None
    return kind if before is kind else FactKind.DAY


def value_of(words: list[str], kind: FactKind) -> Token:
    """A run of words as one value; of a day in any order, since "12 March" is "March 12", and a lone "may" is none."""
    if kind is FactKind.NAME:
        return " ".join(words), kind
    if len(words) == 1 and words[0] in AMBIGUOUS_MONTHS:
        return words[0], None
    meanings = [MEANINGS.get(word) or word.lstrip("0") or "0" for word in words]
    return " ".join(sorted(meanings) if kind is FactKind.DAY else meanings), kind


def classified(text: str) -> Iterable[tuple[str, FactKind | None, bool]]:
    """Each word with what kind of value it is, if any, and whether it is the first of a sentence."""
    is_first, before = True, ""
    for written in WORD.findall(folded_text(THOUSANDS.sub(r"\1", unmasked(text)))):
        if written in SENTENCE_ENDS:
            is_first = True
            continue
        word = written.casefold()
        kind = FactKind.NUMBER if word[0].isdigit() else KINDS.get(word)
        if kind is None and ((not is_first and written[0].isupper()) or before in PLACE_WORDS):
            kind = FactKind.NAME
        yield word, kind, is_first
        is_first, before = False, word
