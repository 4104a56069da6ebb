"""Whether one of two texts is a copy of the other: exact overlap of their shingles, then guards. Pure.

Of different outlets, two texts are copies of each other when half of all their shingles are common, or three quarters
of the shorter one's are in the longer one, which may be a report with a paragraph more, or one that an excerpt was
taken from. Of one outlet they must also open in the same way: an outlet repeats yesterday's bulletin in today's.

What then differs decides (`facts.py`): bulletins of one form about different days, places or numbers are no copies,
while a copy in which an editor has changed a name or a number is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from warehouse.stories.facts import Facts, facts_of, substitutions
from warehouse.stories.shingles import WIDTH, Hashes, Shingles, runs_of, shingles_of, word_hashes
from warehouse.stories.words import points_of

LEAST_SIMILARITY = 0.5
LEAST_CONTAINMENT = 0.75
LEAST_SIZE_RATIO = 0.15
"""An excerpt shorter than this, or what a digest says of it, is no copy."""

OPENING, OPENING_REACH = 6, 12
"""Shingles of an opening, and how far into the other text they may stand; half of them must."""
LEAST_OPENING = 0.5

SAME_DAY = timedelta(hours=18)
"""Published closer to each other, two texts of one form can be one text and its correction."""
MOST_DIFFERING_WITHIN = 0.2
MOST_DIFFERING_ACROSS = 0.3
MOST_DIFFERING_WITH_DAYS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What two texts have in common, by their shingles, 0 to 1: of both together, and of the one that has fewer."""

    similarity: float
    containment: float
    size_ratio: float


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text with what comparing it needs, each worked out once."""

    outlet_id: str
    published_at: datetime | None
    text: str

    @cached_property
    def shingles(self) -> Shingles:
        """Its shingles."""
        return shingles_of(self.text)

    @cached_property
    def opening(self) -> Hashes:
        """Its first shingles, in their order."""
        return runs_of(word_hashes(points_of(self.text[:1_000])), WIDTH)[:OPENING_REACH]

    @cached_property
    def facts(self) -> Facts:
        """Its days, places and numbers."""
        return facts_of(self.text)


def overlap_of(first: Shingles, second: Shingles) -> Overlap:
    """Compare two texts exactly, by all their shingles."""
    one, other = len(first.hashes), len(second.hashes)
    common = len(np.intersect1d(first.hashes, second.hashes, assume_unique=True))
    fewer, more = sorted((one, other))
    return Overlap(
        similarity=common / (one + other - common) if common else 0.0,
        containment=common / fewer if common else 0.0,
        size_ratio=fewer / more if more else 0.0,
    )


def copy_overlap(first: Text, second: Text) -> Overlap | None:
    """What two texts have in common when one is a copy of the other, else None; their order makes no difference."""
    if not (first.shingles.is_comparable and second.shingles.is_comparable):
        return None
    overlap = overlap_of(first.shingles, second.shingles)
    if not is_near(overlap):
        return None
    # Where all of one text is in the other, nothing stands in another's place.
    if overlap.containment < 1 and is_another_event(first, second):
        return None
    if first.outlet_id == second.outlet_id and not have_one_opening(first, second):
        return None
    return overlap


def is_near(overlap: Overlap) -> bool:
    """Whether two texts have enough in common to be copies."""
    return overlap.similarity >= LEAST_SIMILARITY or (
        overlap.containment >= LEAST_CONTAINMENT and overlap.size_ratio >= LEAST_SIZE_RATIO
    )


def have_one_opening(first: Text, second: Text) -> bool:
    """Whether each of two texts begins as the other does, give or take a few words."""
    return all(
        np.isin(one.opening[:OPENING], other.opening).mean() >= LEAST_OPENING
        for one, other in ((first, second), (second, first))
    )


def is_another_event(first: Text, second: Text) -> bool:
    """Whether two texts that are alike say the same of different days, places or numbers."""
    found = substitutions(first.facts, second.facts)
    if not found.differing:
        return False
    is_apart = are_apart(first.published_at, second.published_at)
    if first.outlet_id == second.outlet_id:
        return is_apart or found.differing_days > 0 or found.share > MOST_DIFFERING_WITHIN
    if found.differing_days and is_apart and found.share > MOST_DIFFERING_WITH_DAYS:
        return True
    return found.share > MOST_DIFFERING_ACROSS


def are_apart(first: datetime | None, second: datetime | None) -> bool:
    """Whether two texts are of different days; where a time is not known they may be."""
    return first is None or second is None or abs(first - second) >= SAME_DAY
