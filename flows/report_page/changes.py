"""Changed passages to paragraphs that show what went and what came, with some words around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flows.report_page.answers import GAP_CHARS, Answers, Row
from flows.report_page.shown import passage

Piece = tuple[str, str]
"""``around``, ``gone`` or ``come``, and the words."""

SPACED = 0x0E00
"""Scripts before this code point put spaces between words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What changed in one field, a paragraph for passages that stand close to each other."""

    field: str
    paragraphs: list[list[Piece]]
    more_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit of one article."""

    row: Row
    changes: list[FieldChange]


def edits_of(answers: Answers) -> list[Edit]:
    """The edits that are shown."""
    return [
        Edit(
            row=row,
            changes=[
                FieldChange(
                    field=change["field"],
                    paragraphs=list(paragraphs_of(change["passages"])),
                    more_count=change["passage_count"] - len(change["passages"]),
                )
                for change in row["changes"]
            ],
        )
        for row in answers.rows("edits")
    ]


def paragraphs_of(passages: Sequence[Row]) -> Iterator[list[Piece]]:
    """Passages as paragraphs."""
    pieces: list[Piece] = []
    for place, each in enumerate(passages):
        if not pieces and each["lead"]:
            pieces.append(("around", lead_of(each)))
        pieces += [(kind, text) for kind, text in (("gone", each["before"]), ("come", each["after"])) if text]
        gap = each["gap"]
        if gap is not None and len(gap) <= GAP_CHARS and place + 1 < len(passages):
            pieces.append(("around", gap))
            continue
        if each["trail"]:
            pieces.append(("around", trail_of(each)))
        yield spaced(pieces)
        pieces = []


def lead_of(each: Row) -> str:
    """The words before a passage, from a whole word on."""
    lead: str = each["lead"]
    return f"… {lead.partition(' ')[2]}" if each["is_lead_cut"] else lead


def trail_of(each: Row) -> str:
    """The words after a passage, up to a whole word."""
    trail: str = each["trail"]
    return f"{trail.rpartition(' ')[0]} …" if each["is_trail_cut"] else trail


def spaced(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces without tricks, and with a space where two words would run into one another."""
    found: list[Piece] = []
    for kind, raw in pieces:
        text = passage(raw)
        if found and runs_on(found[-1], (kind, text)):
            found.append(("around", " "))
        if text:
            found.append((kind, text))
    return found


def runs_on(before: Piece, after: Piece) -> bool:
    """Whether a space is missing between two pieces: what went and what came, or two words."""
    if not before[1] or not after[1] or before[1][-1].isspace() or after[1][0].isspace():
        return False
    if (before[0], after[0]) == ("gone", "come"):
        return True
    is_word: Any = after[1][0].isalnum() and ord(after[1][0]) < SPACED and before[1][-1] not in "([{«“‘\"'-/"
    return bool(is_word)
