"""Raw times of a page and its source -> when it was published and modified, in UTC, with their precision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from htmldate import find_date
from htmldate.extractors import get_external_parser, try_date_expr
from lxml.html import HtmlElement, tostring

from extractors.normalize.candidates import Candidate
from extractors.normalize.timestamps import parse_timestamp
from extractors.normalize.written_dates import read_written
from extractors.records import Precision

EARLIEST_YEAR = 1990
SHORT_ELEMENTS = 1_000
SHORT_CHARS = 2_000_000
"""Looking at every text of a longer page takes htmldate seconds, nearly one for a million characters."""

CLOCK_SLACK = timedelta(minutes=10)
"""How far a server's clock may run before ours."""

DAY_SLACK = timedelta(hours=14)
"""A day has begun at +14:00 while it is still yesterday in UTC."""

TRUSTED = ("layout", "hints.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time with how much of it its source gave, and that source."""

    at: datetime
    precision: Precision
    candidate: Candidate


def moments(
    candidates: Iterable[Candidate], *, not_after: datetime, zone: str | None, language: str | None = None
) -> Iterator[Moment]:
    """Candidates that can be read and are possible, in their order.

    Args:
        candidates: In order of trust.
        not_after: When the page was fetched: nothing was published later.
        zone: The outlet's IANA zone, for times printed without one.
        language: The page's language, which orders day and month.
    """
    for candidate in candidates:
        read = parse_timestamp(candidate.raw, default_zone=zone) or in_zone(
            read_written(candidate.raw, language=language), zone
        )
        if read is None:
            continue
        at, precision = read
        slack = DAY_SLACK if precision == "day" else CLOCK_SLACK
        if at.year >= EARLIEST_YEAR and at <= not_after + slack:
            yield Moment(at=at, precision=precision, candidate=candidate)


def in_zone(read: tuple[datetime, Precision] | None, zone: str | None) -> tuple[datetime, Precision] | None:
    """A written time in UTC, read in the outlet's zone; a day is that day, whatever its zone."""
    if read is None:
        return None
    at, precision = read
    known = ZoneInfo(zone) if zone and precision != "day" else UTC
    return at.replace(tzinfo=known).astimezone(UTC), precision


def published_of(
    candidates: Iterable[Candidate],
    *,
    not_after: datetime,
    zone: str | None,
    language: str | None = None,
    modified: Iterable[Candidate] = (),
) -> Moment | None:
    """When the article was published.

    The first candidate decides the day; of those that agree on it, the first with a time of day is taken. A first
    candidate that is the same as the page's time of change gives way to an earlier one, which it has overwritten.

    Args:
        candidates: In order of trust.
        not_after: When the page was fetched.
        zone: The outlet's IANA zone, for times printed without one.
        language: The page's language, which orders day and month.
        modified: Times of change, as far as the page gives them.
    """
    found = moments(candidates, not_after=not_after, zone=zone, language=language)
    first = next(found, None)
    if first is None:
        return None
    if first.precision == "day":
        return next((moment for moment in found if moment.precision != "day" and is_same_day(moment, first)), first)
    if first.candidate.source.startswith(TRUSTED):
        return first
    if any(moment.at == first.at for moment in moments(modified, not_after=not_after, zone=zone)):
        declared = (moment for moment in found if not moment.candidate.source.startswith("html."))
        return earlier(first, list(declared))
    return first


def earlier(first: Moment, others: Sequence[Moment]) -> Moment:
    """A time that is a day earlier than the first, with the clock of another that agrees on its day; else the first."""
    before = next((moment for moment in others if moment.at < first.at - DAY_SLACK), first)
    if before.precision != "day":
        return before
    return next((moment for moment in others if moment.precision != "day" and is_same_day(moment, before)), before)


def is_same_day(moment: Moment, day: Moment) -> bool:
    """Whether a time falls on a day somewhere on earth."""
    return -DAY_SLACK <= moment.at - day.at <= timedelta(days=1) + timedelta(hours=12)


def modified_of(
    candidates: Iterable[Candidate], *, published: Moment | None, not_after: datetime, zone: str | None
) -> Moment | None:
    """When the article was last changed; ``None`` when no candidate is as late as its publication."""
    found = moments(candidates, not_after=not_after, zone=zone)
    if published is None:
        return next(found, None)
    return next((moment for moment in found if moment.at >= published.at), None)


def day_on_page(tree: HtmlElement, *, url: str, not_after: datetime, languages: Sequence[str] = ()) -> Moment | None:
    """The day that htmldate finds when nothing else says when an article was published: a last resort.

    Args:
        tree: The page.
        url: Its URL, which often holds a day.
        not_after: When the page was fetched; htmldate would take the clock's day otherwise.
        languages: Tags of those that it may be in; dates are read in English besides.
    """
    is_searched = is_short(tree)
    if is_searched:
        read_dates_in(languages)
    found = find_date(
        copy(tree),
        url=url,
        original_date=True,
        extensive_search=is_searched,
        min_date=datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC),
        max_date=not_after,
    )
    if not found or found.endswith("-01-01"):
        return None  # the first of January is what htmldate makes of a year alone, in a copyright line for example
    at = datetime.strptime(found, "%Y-%m-%d").replace(tzinfo=UTC)
    return Moment(at=at, precision="day", candidate=Candidate("htmldate", found))


def read_dates_in(languages: Sequence[str]) -> None:
    """Hold dateparser, which htmldate asks last, to some languages.

    It tries 205 otherwise, and makes the patterns of each first: 5 s of each worker that meets a text like a date.
    """
    from dateparser.data.languages_info import language_order  # for the few pages that declare no time

    primary = [tag.partition("-")[0].lower() for tag in languages]
    known = [each for each in dict.fromkeys((*primary, "en")) if each in language_order]
    parser = get_external_parser()
    if parser.languages != known:
        parser.languages = known
        try_date_expr.cache_clear()  # what the languages of the page before made of a text


def is_short(tree: HtmlElement) -> bool:
    """Whether a page is short enough to be searched for a day from its first character to its last."""
    if next(islice(tree.iter(), SHORT_ELEMENTS, None), None) is not None:
        return False
    return len(tostring(tree, encoding="unicode")) <= SHORT_CHARS
