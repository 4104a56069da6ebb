"""The opening of a text -> its dateline: the place, agency and date that stand before the first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.normalize.agencies import agencies_in, agency_named, is_agency_credit
from extractors.normalize.titles import known_names, squeezed_name

OPENING_LINES = 3
"""A dateline opens one of the first lines; a standfirst can stand before it."""

LONGEST = 110
LONGEST_PLACE = 60

DASH = r"(?:-{1,2}|[–—])"
SEPARATED = re.compile(rf"\s{DASH}\s|(?<=\)){DASH}\s|\s?[:：]\s|\s?/\s?|\s\|\s|(?<=\)),?\s(?=\w)")
INNER = re.compile(rf"\s{DASH}\s|\s?/\s?|\s\|\s|[:：]\s")
STRONG = re.compile(rf"\s{DASH}\s*$|{DASH}\s*$|[:：]\s*$")
BRACKETED = re.compile(r"^(?P<place>[^()]{0,60}?)\s*[(\[](?P<agency>[^()\[\]]{2,50})[)\]]\s*$")
CAPITALS = re.compile(
    r"^(?P<city>[^\W\d_a-z][^\W\d_a-z.'’]+(?:[ -][^\W\d_a-z][^\W\d_a-z.'’]*){0,3})"
    r"(?:, (?:[^\W\d_]\.?[\w. ]{0,24}|[A-Z]\.[A-Z]\.?(?:[A-Z]\.?)?)){0,2}(?:[,.]? [^\W\d_]{3,9}\.? \d{1,2})?$"
)
MONTH_DAY = re.compile(r"^[^\W\d_]{3,9}\.? \d{1,2}(?:, \d{4})?$|^\d{1,2}\.? [^\W\d_]{3,9}\.?(?: \d{4})?$")
REGION = re.compile(
    r"^[\w'’ -]{2,40}\b(?:Province|Governorate|province|governorate)$|^(?:محافظة|ريف|مدينة|منطقة|بلدة|استان)"
    r" [\w ]{2,40}$"
)
QUOTES = ' «»"“”()[]'
NO_PLACE = frozenset((
    "analysis", "breaking", "comment", "correction", "editorial", "exclusive", "explainer", "explained", "feature",
    "gallery", "interview", "live", "news", "opinion", "photo", "photos", "podcast", "poll", "preview", "recap",
    "report", "review", "special", "update", "updated", "video", "watch", "warning",
))  # fmt: skip
"""Words in capitals that open a line and are no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """What stands before the first sentence, as written and without its separator, and the agencies in it."""

    text: str
    agencies: tuple[str, ...]
    names_outlet: bool
    line: int
    length: int

    def cut(self, lines: Sequence[str]) -> list[str]:
        """The lines without the dateline."""
        rest = lines[self.line][self.length :].strip()
        return [*lines[: self.line], *([rest] if rest else []), *lines[self.line + 1 :]]


def dateline_of(lines: Sequence[str], names: Sequence[str]) -> Dateline | None:
    """Find a text's dateline.

    Only forms that are sure: an agency or one of the outlet's names behind the place, a place in capitals before a
    dash, a province before a colon. What any sentence can open with ("Berlin - The minister") is none.

    Args:
        lines: The text's lines.
        names: The outlet's names: some outlets put their own where others put an agency.
    """
    own = known_names(names)
    for position, line in enumerate(lines[:OPENING_LINES]):
        if len(line) <= LONGEST and is_credit_line(line, own):
            return found_in(line, own, line=position, length=len(line))
        for cut in (match.end() for match in SEPARATED.finditer(line[:LONGEST])):
            written = line[:cut].rstrip()
            if line[cut:].strip() and is_dateline(written, own):
                return found_in(without_separator(written), own, line=position, length=cut)
    return None


def found_in(text: str, own: frozenset[str], *, line: int, length: int) -> Dateline:
    """The dateline with whom it names."""
    bracketed = BRACKETED.match(text)
    return Dateline(
        text=text,
        agencies=agencies_in(bracketed["agency"] if bracketed else text),
        names_outlet=any(squeezed_name(part.strip(QUOTES)) in own for part in parts_of(text)),
        line=line,
        length=length,
    )


def is_dateline(written: str, own: frozenset[str]) -> bool:
    """Whether the beginning of a line, its separator included, is a dateline."""
    text = without_separator(written)
    if bracketed := BRACKETED.match(text):
        return is_place(bracketed["place"]) and is_agency_credit(bracketed["agency"])
    parts = parts_of(text)
    if len(parts) > 1 and is_place(parts[0]) and is_own_or_agency(parts[1], own):
        return all(is_own_or_agency(part, own) or MONTH_DAY.match(part) for part in parts[2:])
    if written.endswith((":", "：")):
        return bool(REGION.match(text))
    found = CAPITALS.match(text) if STRONG.search(written) else None
    return found is not None and found["city"].isupper() and len(found["city"]) > 3 and is_place(text)


def is_credit_line(line: str, own: frozenset[str]) -> bool:
    """Whether a line of its own is a place and whose report it is, the reporter's name between them at most."""
    if line.endswith((".", "!", "?", "؟")):
        return False
    parts = parts_of(line)
    return 1 < len(parts) < 4 and all(map(is_place, parts)) and is_own_or_agency(parts[-1], own)


def parts_of(text: str) -> list[str]:
    """What separators part in a dateline."""
    return [part.strip() for part in INNER.split(text) if part.strip()]


def without_separator(written: str) -> str:
    """A dateline without what parts it from the text."""
    return STRONG.sub("", written).rstrip(" /|,")


def is_place(text: str) -> bool:
    """Whether a text can name a place and a day: short, few words, no sentence."""
    words = text.split()
    return len(text) <= LONGEST_PLACE and len(words) <= 7 and not (words and words[0].lower().strip(",") in NO_PLACE)


def is_own_or_agency(part: str, own: frozenset[str]) -> bool:
    """Whether a part of a dateline is one of the outlet's names, or an agency."""
    name = squeezed_name(part.strip(QUOTES))
    return name in own or agency_named(part) is not None or is_agency_credit(part)
