"""Values to how the page says them: counts, times in UTC, spans of time, and texts from outside without tricks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

STEERING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
"""Controls, and marks that turn the direction of what follows; joiners, which Persian is written with, stay."""

HARMLESS = frozenset("\u200e\u200f\u061c\ufeff\u2028\u2029\r")
"""Of these, what does nothing that anyone could be misled by, and is left out; the others are named."""

WORD_SPACE = re.compile(r"\s+")
MINUTES_OF_HOURS, MINUTES_OF_DAYS = 120, 48 * 60


def shown(text: object) -> str:
    """A text from outside: what would steer the page's direction is named in its place, as ``‹U+202E›``."""
    return STEERING.sub(lambda found: "" if found[0] in HARMLESS else f"‹U+{ord(found[0]):04X}›", str(text))


def on_one_line(text: object, most: int = 300) -> str:
    """A text from outside on one line, cut at a word."""
    line = WORD_SPACE.sub(" ", shown(text)).strip()
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0] + " …"


def passage(text: object, most: int = 320) -> str:
    """A piece of a text, with the spaces at its ends; a long one without its middle."""
    line = WORD_SPACE.sub(" ", shown(text))
    return line if len(line) <= most else f"{line[: most * 2 // 3]} […] {line[-most // 3 :]}"


def drawn(text: object, most: int = 30) -> str:
    """A text from outside as a label in a chart."""
    line = WORD_SPACE.sub(" ", STEERING.sub("", str(text))).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def web_address(url: object) -> str | None:
    """An address that a link may lead to: http or https; None for any other."""
    if not isinstance(url, str) or STEERING.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def language_tag(language: object) -> str | None:
    """A language as an attribute can have it; None where it is none."""
    return (
        language if isinstance(language, str) and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language) else None
    )


def count(number: float | None, noun: str = "", plural: str = "") -> str:
    """A count with its noun: 1,204 articles."""
    if number is None:
        return "–"
    said = f"{number:,.0f}" if float(number).is_integer() or abs(number) >= 10 else f"{number:,.1f}"
    return said if not noun else f"{said} {noun if said == '1' else plural or noun + 's'}"


def share(part: float | None, whole: float | None) -> str:
    """A share in percent."""
    if part is None or not whole:
        return "–"
    percent = 100 * part / whole
    return f"{percent:.0f} %" if percent in {0, 100} or 1 <= percent <= 99 else "< 1 %" if percent < 1 else "> 99 %"


def difference(found: float | None, usual: float | None) -> str:
    """How much more or less than usual, in percent."""
    if found is None or not usual:
        return "–"
    percent = round(100 * (found - usual) / usual)
    return "as usual" if percent == 0 else f"{'+' if percent > 0 else '−'}{abs(percent):,} %"


def span(minutes: float | None) -> str:
    """A span of time in the unit that tells it best."""
    if minutes is None:
        return "–"
    size, sign = abs(minutes), "−" if minutes <= -0.5 else ""
    if size < 1:
        return "at once"
    if size < MINUTES_OF_HOURS:
        return f"{sign}{size:.0f} min"
    return f"{sign}{size / 60:.0f} h" if size < MINUTES_OF_DAYS else f"{sign}{size / 1440:,.0f} days"


def moment(value: datetime | None) -> str:
    """A time, to the minute."""
    return "–" if value is None else f"{value.astimezone(UTC):%-d %b %Y, %H:%M}"


def machine_time(value: datetime | date) -> str:
    """A time for the attribute ``datetime``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value.isoformat()


def day(value: date) -> str:
    """A day."""
    return f"{value:%-d %B %Y}"


def days(first: date, last: date) -> str:
    """A span of days: 20–26 November 2026."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    return f"{first:%-d %B} – {day(last)}" if first.year == last.year else f"{day(first)} – {day(last)}"


def megabytes(size: int) -> str:
    """A file's size."""
    return f"{size / 1e6:,.1f} MB"
