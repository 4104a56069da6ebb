"""One machine-written time, as feeds, REST endpoints and markup spell it, into an aware UTC time and its precision.

Source: RFC 3339 and ISO 8601, RFC 822/2822/9110 dates, Unix times. Day and month are never guessed: a date made of
numbers is read only when its year comes first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from extractors.records import Precision

EARLIEST_YEAR = 1990
LATEST_YEAR = 2100
LONGEST_CHARS = 100

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹−", "01234567890123456789-")
CLOCK = r"(?P<hour>\d{1,2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?)?"
ISO = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/]?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    rf"(?:(?:\s*[Tt]\s*|\s+|(?<=\d{{8}})(?=\d)){CLOCK}\s*(?P<half>[AaPp][Mm]\b)?)?\s*(?P<zone>\S.*)?"
)
EPOCH = re.compile(r"(\d{9,10}|\d{13})(?:\.\d+)?")
WORD_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<half>[ap]m)\b)?"
)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -]?(?P<month>[a-z]{3,9})\.?[ -]?(?P<year>\d{4}|\d{2})")
MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.?[ -]?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<year>\d{4})")
OFFSET = re.compile(r"(?:utc|gmt|ut|z)?\s*(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?::?\d{2})?")
COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]$")

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?")
FILLERS = frozenset(("at", "on", "of", "the", "-", "|"))

ZONE_HOURS = {
    # RFC 822 and RFC 9110
    **dict.fromkeys(("z", "ut", "utc", "gmt"), 0),
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    # names in use by news outlets that mean one offset only there; IST and AST mean several and are left out
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "trt": 3, "msk": 3, "jst": 9, "kst": 9,
}  # fmt: skip


@lru_cache(maxsize=2_048)
def parse_timestamp(raw: str, *, default_zone: str | None = None) -> tuple[datetime, Precision] | None:
    """Read one time; remembered, since a page says the same time in several places.

    A time without a zone, or with a zone's name that means more than one offset, is read in ``default_zone``, and in
    UTC where there is none; its precision is kept, since what is unknown is the zone and not the clock. A date
    without a time is that day at 00:00 UTC, whatever its zone.

    Args:
        raw: The time as it was written.
        default_zone: An IANA zone's name, such as an outlet's ``timezone``.

    Returns:
        The aware time in UTC and how much of it was given; ``None`` for what is no time, for a date whose day and
        month could be swapped, and for years outside 1990-2100. Comparing with the time of capture is the caller's.
    """
    text = " ".join(raw.translate(DIGITS).split())
    if not text or len(text) > LONGEST_CHARS:
        return None
    try:
        if epoch := EPOCH.fullmatch(text):
            return bounded(read_epoch(epoch[1]), "second")
        found = read_iso(text) or read_words(text)
        if found is None:
            return None
        moment, precision, zone = found
        if precision == "day":
            return bounded(moment.replace(tzinfo=UTC), precision)
        known = read_zone(zone) or (ZoneInfo(default_zone) if default_zone else UTC)
        return bounded(moment.replace(tzinfo=known).astimezone(UTC), precision)
    except (ValueError, OverflowError):
        return None  # 31 February, hour 25, an offset of 99 hours


def bounded(moment: datetime, precision: Precision) -> tuple[datetime, Precision] | None:
    """The time, unless its year is none that a news site can mean."""
    return (moment, precision) if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


def read_epoch(digits: str) -> datetime:
    """Seconds, or milliseconds where there are thirteen digits."""
    seconds = int(digits) // 1000 if len(digits) == 13 else int(digits)
    return datetime.fromtimestamp(seconds, UTC)


def read_iso(text: str) -> tuple[datetime, Precision, str] | None:
    """A date whose year comes first: ISO 8601 in its extended and basic forms, and what is close to it."""
    match = ISO.fullmatch(COMMENT.sub("", text).strip())
    if match is None:
        return None
    if not match["sep"] and len(match["month"] + match["day"]) < 4:
        return None  # 202631: the basic form has two digits each
    zone = match["zone"] or ""
    if zone and not is_zone(zone):
        return None
    day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))  # noqa: DTZ001 - the caller sets the zone
    hour = match["hour"] and on_24_hours(match["hour"], (match["half"] or "").lower())
    moment, precision = add_clock(day, hour, match["minute"], match["second"])
    return moment, precision, zone


def read_words(text: str) -> tuple[datetime, Precision, str] | None:
    """A date with its month's English name: RFC 822, RFC 850, asctime, JavaScript's and Java's forms."""
    lower = COMMENT.sub("", text).lower().replace(",", " ")
    clock = WORD_CLOCK.search(lower)
    if clock is not None:
        lower = f"{lower[: clock.start()]} {lower[clock.end() :]}"
    words = [word for word in lower.split() if not WEEKDAY.fullmatch(word) and word not in FILLERS]
    zones = [word for word in words if is_zone(word) and month_number(word) is None]
    date = " ".join(word for word in words if word not in zones)
    match = DAY_FIRST.fullmatch(date) or MONTH_FIRST.fullmatch(date)
    month = match and month_number(match["month"])
    if match is None or month is None or len(zones) > 1:
        return None
    day = datetime(full_year(match["year"]), month, int(match["day"]))  # noqa: DTZ001 - the caller sets the zone
    zone = zones[0] if zones else ""
    if clock is None:
        return day, "day", zone
    moment, precision = add_clock(day, on_24_hours(clock["hour"], clock["half"]), clock["minute"], clock["second"])
    return moment, precision, zone


def month_number(word: str) -> int | None:
    """The month that an English name or its beginning of three letters or more means."""
    name = word.rstrip(".")
    found = [number for number, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.startswith(name)]
    return found[0] if found else None


def full_year(digits: str) -> int:
    """A year of two digits as RFC 2822, section 4.3, reads it."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def on_24_hours(hour: str, half: str | None) -> str:
    """An hour with am or pm on the clock of 24 hours; 13 pm is the mistake that it looks like."""
    if not half or int(hour) > 12:
        return hour
    return str(int(hour) % 12 + (12 if half[0] == "p" else 0))


def add_clock(day: datetime, hour: str | None, minute: str | None, second: str | None) -> tuple[datetime, Precision]:
    """The day with its clock time; 24:00 is the next day's start, and a leap second the second before it."""
    if hour is None:
        return day, "day"
    if int(hour) > 24 or int(minute or 0) > 59 or int(second or 0) > 60:
        raise ValueError(f"{hour}:{minute}:{second} is no time of a day")
    if int(hour) == 24 and int(minute or 0) + int(second or 0) > 0:
        raise ValueError("only midnight may be hour 24")
    moment = day + timedelta(hours=int(hour), minutes=int(minute or 0), seconds=min(int(second or 0), 59))
    return moment, "minute" if second is None else "second"


def is_zone(text: str) -> bool:
    """Whether a text can be a zone: an offset, or a name of up to five letters such as ``EEST``."""
    lower = text.lower()
    return OFFSET.fullmatch(lower) is not None or re.fullmatch(r"[a-z]{1,5}", lower) is not None


def read_zone(text: str) -> tzinfo | None:
    """An offset or a zone's name; ``None`` for none and for a name that is not known to mean one offset."""
    lower = text.lower().strip()
    if match := OFFSET.fullmatch(lower):
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        if offset > timedelta(hours=15):
            raise ValueError(f"{text} is no offset on earth")
        return timezone(-offset if match["sign"] == "-" else offset)
    hours = ZONE_HOURS.get(lower)
    return None if hours is None else timezone(timedelta(hours=hours))
