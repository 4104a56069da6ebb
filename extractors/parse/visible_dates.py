"""The visible page and its URL -> raw dates of publication, for pages that declare none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.normalize.candidates import Candidate
from extractors.parse.elements import folded
from extractors.parse.surroundings import Surroundings, elements_before

AFTER_ELEMENTS = 120
BEFORE_ELEMENTS = 40
MAX_LINE_CHARS = 64
MAX_DATES = 6

DATED = re.compile(r"\d{4}|\d{1,2}\.\d{1,2}\.\d{2}")
MODIFIED = re.compile(
    r"updat|modif|aktualisier|geändert|zuletzt|stand:|mis à jour|actualizado|aggiornat|atualizad|bijgewerkt|güncelle|"
    r"oppdatert|uppdaterad|opdateret|обновлен|تحديث|بروز|copyright|©",
    re.IGNORECASE,
)
IN_PATH = re.compile(
    r"(?:^|[/_.-])(?P<year>(?:19|20)\d{2})(?P<sep>[/_.-]?)(?P<month>0[1-9]|1[0-2])(?P=sep)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?=[/_.-]|$)"
)


def visible_dates(seen: Surroundings) -> Iterator[Candidate]:
    """Short lines with a date around the page's headline: below it, then above it."""
    if seen.heading is None:
        return
    near = chain(seen.below()[:AFTER_ELEMENTS], islice(elements_before(seen.heading), BEFORE_ELEMENTS))
    lines = (
        line
        for element in near
        if isinstance(element.tag, str) and element.tag not in ("script", "style")
        for line in dated_lines(element)
        if not seen.stands_elsewhere(element)
    )
    for line in islice(lines, MAX_DATES):
        yield Candidate("html.date", line)


def dated_lines(element: HtmlElement) -> Iterator[str]:
    """Short lines directly inside an element with a number as long as a year, unless they speak of a change."""
    if "modif" in (element.get("class") or "").lower() or "updat" in (element.get("class") or "").lower():
        return
    for part in (element.text, *(child.tail for child in islice(element, 12))):
        if part and (match := DATED.search(part)):
            line = folded(part)
            if len(line) <= MAX_LINE_CHARS and not MODIFIED.search(part, 0, match.start()):
                yield line


def date_in_url(url: str) -> Iterator[Candidate]:
    """The day in a URL's path, as ``/2026/03/02/`` or ``-20260302``."""
    try:
        match = IN_PATH.search(urlsplit(url).path)
    except ValueError:
        return
    if match:
        yield Candidate("url.date", f"{match['year']}-{match['month']}-{match['day']}")
