"""Raw times of a page and its source -> when it was published and modified, in UTC, with their precision."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from extractors.normalize.candidates import Candidate
from extractors.normalize.timestamps import parse_timestamp
from extractors.records import Precision

EARLIEST_YEAR = 1990
CLOCK_SLACK = timedelta(minutes=10)
"""How far a server's clock may run before ours."""

DAY_SLACK = timedelta(hours=14)
"""A day has begun at +14:00 while it is still yesterday in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time with how much of it its source gave, and that source."""

    at: datetime
    precision: Precision
    candidate: Candidate


def moments(candidates: Iterable[Candidate], *, not_after: datetime, zone: str | None) -> list[Moment]:
    """Candidates that can be read and are possible, in their order.

    Args:
        candidates: In order of trust.
        not_after: When the page was fetched: nothing was published later.
        zone: The outlet's IANA zone, for times printed without one.
    """
    found = []
    for candidate in candidates:
        read = parse_timestamp(candidate.raw, default_zone=zone)
        if read is None:
            continue
        at, precision = read
        slack = DAY_SLACK if precision == "day" else CLOCK_SLACK
        if at.year >= EARLIEST_YEAR and at <= not_after + slack:
            found.append(Moment(at=at, precision=precision, candidate=candidate))
    return found


def published_of(candidates: Iterable[Candidate], *, not_after: datetime, zone: str | None) -> Moment | None:
    """When the article was published: the first candidate that gives a time of day, else the first that gives a day."""
    found = moments(candidates, not_after=not_after, zone=zone)
    timed = (moment for moment in found if moment.precision != "day")
    return next(timed, None) or next(iter(found), None)


def modified_of(
    candidates: Iterable[Candidate], *, published: Moment | None, not_after: datetime, zone: str | None
) -> Moment | None:
    """When the article was last changed; ``None`` when no candidate is as late as its publication."""
    found = moments(candidates, not_after=not_after, zone=zone)
    if published is None:
        return next(iter(found), None)
    return next((moment for moment in found if moment.at >= published.at), None)


def day_on_page(tree: HtmlElement, *, url: str, not_after: datetime) -> Moment | None:
    """The day that htmldate finds when nothing else says when an article was published: a last resort.

    Args:
        tree: The page.
        url: Its URL, which often holds a day.
        not_after: When the page was fetched; htmldate would take the clock's day otherwise.
    """
    found = find_date(
        copy(tree), url=url, original_date=True, min_date=datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC), max_date=not_after
    )
    if not found:
        return None
    at = datetime.strptime(found, "%Y-%m-%d").replace(tzinfo=UTC)
    return Moment(at=at, precision="day", candidate=Candidate("htmldate", found))
