"""Who copied whom, from who is like whom: each copy hangs on the first publisher among what it resembles. Pure.

A story is what hangs together in this way. Each article hangs on one other at most, so that a digest of two reports
does not make one story of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from warehouse.stories.members import Credit, Member, Names, credit_of
from warehouse.stories.verification import Overlap


class OriginReason(StrEnum):
    """Why one of two articles is held for the first: the other one names its outlet, or the times say so."""

    SOURCE_LINE = "source_line"
    AGENCY = "agency"
    PUBLISHED_AT = "published_at"
    FIRST_SEEN_AT = "first_seen_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles of which one is a copy of the other; the ids in ascending order."""

    first_id: str
    second_id: str
    similarity: float
    containment: float

    def other(self, article_id: str) -> str:
        """The one that is not ``article_id``."""
        return self.second_id if article_id == self.first_id else self.first_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Republication:
    """A copy, the first publisher's article, and the article of that story that it was compared with."""

    copy_id: str
    origin_id: str
    matched_id: str
    reason: OriginReason
    credit: Credit | None
    similarity: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """What an article may hang on: one that it resembles and that was first."""

    article: Member
    pair: Pair
    reason: OriginReason


REASONS = {
    Credit.SOURCE_LINE: OriginReason.SOURCE_LINE,
    Credit.ORIGINAL_URL: OriginReason.SOURCE_LINE,
    Credit.AGENCY: OriginReason.AGENCY,
    Credit.BYLINE: OriginReason.AGENCY,
}
NAMED = (OriginReason.SOURCE_LINE, OriginReason.AGENCY)
"""Reasons that a copy gives itself, the stronger one first."""
UNNAMED = Names()


def pair_of(one_id: str, other_id: str, overlap: Overlap) -> Pair:
    """The pair of two articles."""
    first, second = sorted((one_id, other_id))
    return Pair(first_id=first, second_id=second, similarity=overlap.similarity, containment=overlap.containment)


def reason_first(first: Member, second: Member, names: Mapping[str, Names]) -> OriginReason | None:
    """Why ``first`` was published before ``second``; None when it was not.

    A source line counts more than a credit to an agency, that more than times. Where both name each other, times count.
    """
    said, contradicted = reason_named(second, first, names), reason_named(first, second, names)
    if rank_of(said) != rank_of(contradicted):
        return said if rank_of(said) < rank_of(contradicted) else None
    if first.order >= second.order:
        return None
    is_stated = first.is_dated and first.effective_at < second.effective_at
    return OriginReason.PUBLISHED_AT if is_stated else OriginReason.FIRST_SEEN_AT


def reason_named(copy: Member, origin: Member, names: Mapping[str, Names]) -> OriginReason | None:
    """Why ``copy`` itself says that the outlet of ``origin`` was first; None when it does not."""
    credit = credit_between(copy, origin, names)
    return REASONS[credit] if credit else None


def rank_of(reason: OriginReason | None) -> int:
    """How much a reason counts: a source line before an agency, that before times and no reason at all."""
    return NAMED.index(reason) if reason in NAMED else len(NAMED)


def credit_between(copy: Member, origin: Member, names: Mapping[str, Names]) -> Credit | None:
    """What of ``copy`` names the outlet of ``origin``."""
    return credit_of(copy, origin, names.get(origin.outlet_id, UNNAMED))


def lead_of(
    member: Member, pairs: Iterable[Pair], members: Mapping[str, Member], names: Mapping[str, Names]
) -> Lead | None:
    """What an article hangs on: the one that it names as its source, else the first published; None for an origin."""
    leads = []
    for pair in pairs:
        other = members[pair.other(member.article_id)]
        if reason := reason_first(other, member, names):
            leads.append(Lead(article=other, pair=pair, reason=reason))
    return min(leads, key=precedence, default=None)


def precedence(lead: Lead) -> tuple[int, tuple[datetime, datetime, str]]:
    """Which of several an article hangs on: the smallest."""
    return rank_of(lead.reason), lead.article.order


def rooted(leads: dict[str, Lead | None]) -> dict[str, Lead | None]:
    """The leads without circles, which come up where a source line contradicts the times.

    In a circle the article that the others' source lines speak of, or else the first published, hangs on none.
    """
    cleared = dict(leads)
    done: set[str] = set()
    for start in sorted(cleared):
        path: list[str] = []
        at: str | None = start
        while at is not None and at in cleared and at not in done and at not in path:
            path.append(at)
            lead = cleared[at]
            at = lead.article.article_id if lead else None
        if at is not None and at in path:
            circle = path[path.index(at) :]
            cleared[head_of(circle, cleared)] = None
        done.update(path)
    return cleared


def head_of(circle: list[str], leads: Mapping[str, Lead | None]) -> str:
    """Which article of a circle is its first."""
    targets = [lead for each in circle if (lead := leads[each]) is not None]
    first = min(targets, key=precedence)
    return first.article.article_id


def origin_of(member_id: str, leads: Mapping[str, Lead | None]) -> str:
    """The origin that an article hangs on in the end; of an article that is not looked at, the story that it is in."""
    at = member_id
    while (lead := leads.get(at)) is not None:
        at = lead.article.article_id
        if at not in leads:
            return lead.article.story_id or at
    return at
