"""The lines of a republished article -> its text, its first publisher, and whether it bore a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.normalize.texts import clean_line, squeezed
from extractors.normalize.titles import squeezed_name
from extractors.normalize.urls import host_of
from extractors.outlets import Outlet, compiled

EDGE_LINES = 8
"""How far from either end of a text a line of attribution may stand."""

OPENING_LINES = 3
"""How many lines above a text can be the page's masthead."""

SOURCE_LINE = (
    r"^(?:source|original source|المصدر|نقلا عن|نقلاً عن)\s*[:：]\s*(?P<publisher>[^.:]{2,80}?)\s*\.?$|"
    r"^(?:this (?:article|story|report|piece) (?:was |is )?(?:first|originally) (?:appeared|published|ran)"
    r"(?: (?:in|on|by|at))+) (?P<publisher_named>.{2,80}?)(?:[,.].*)?$"
)
DISCLAIMER = (
    r"^(?:disclaimer\s*[:：]\s*)?(?:the )?(?:views?|opinions?)(?: and (?:views?|opinions?))?"
    r" (?:and .{1,40} )?(?:expressed|contained|presented)\b.{0,80}"
    r"(?:\b(?:article|author'?s?|authors|writer'?s?|piece|column|own|here|text|report|commentary)\b)|"
    r"^(?:إن )?(?:ال)?[اآ]راء (?:الواردة|المنشورة|المعبر|التي)|^المقالات المنشورة (?:لا )?تعب?ر|"
    r"^(?:هذه )?المقالة? (?:لا )?(?:ت|ي)عب?ر عن|^المقال يعب?ر عن"
)
NAME_EDGE = " .,:;-–—«»\"'“”()[]،"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A text without what says whose it is, and what that said."""

    lines: tuple[str, ...]
    original_publisher: str | None
    source_line: str | None
    disclaimer: str | None

    def with_lines(self, lines: Sequence[str]) -> Attribution:
        """The same with other lines."""
        return replace(self, lines=tuple(lines))


def attribution_of(lines: Sequence[str], outlet: Outlet, names: Sequence[str]) -> Attribution:
    """Take the source line and the disclaimer off a text.

    Args:
        lines: The text's lines.
        outlet: Its patterns; where it has none, the forms that are usual in English and Arabic.
        names: The outlet's own names: a line that names it as its own source is taken off all the same.
    """
    source = compiled(outlet.republication.source_line or f"(?i:{SOURCE_LINE})")
    disclaimer = compiled(outlet.republication.disclaimer or f"(?i:{DISCLAIMER})")
    kept: list[str] = []
    publisher = source_line = disclaimer_line = None
    for position, line in enumerate(lines):
        at_edge = position < EDGE_LINES or position >= len(lines) - EDGE_LINES
        if at_edge and (match := source.search(line)):
            source_line = source_line or line
            publisher = publisher or publisher_named(match, names)
        elif at_edge and disclaimer.search(line):
            disclaimer_line = disclaimer_line or line
        else:
            kept.append(line)
    return Attribution(
        lines=tuple(kept), original_publisher=publisher, source_line=source_line, disclaimer=disclaimer_line
    )


def publisher_named(match: re.Match[str], names: Sequence[str]) -> str | None:
    """The publisher that a source line names; ``None`` when it is the outlet itself."""
    groups = match.groupdict()
    name = clean_line(groups.get("publisher") or groups.get("publisher_named") or "").strip(NAME_EDGE)
    own = {squeezed_name(known) for known in names}
    return name if name and squeezed_name(name) not in own else None


def without_repetition(
    lines: Sequence[str],
    *,
    title: str,
    kicker: str | None,
    names: Sequence[str],
    standfirst: str | None,
    headings: Sequence[str] = (),
) -> list[str]:
    """Take off what the page repeats above and around the text: site name, kicker, headline, standfirst.

    Args:
        lines: The text's lines.
        title: The headline; a line of its own that repeats it goes wherever it stands.
        kicker: The headline's kicker.
        names: The outlet's names.
        standfirst: The standfirst that is stored apart, or ``None`` when the text is to keep it.
        headings: Other forms of the headline on the page; they go from above the text.
    """
    titles = {squeezed(title), squeezed(f"{kicker or ''}{title}")}
    sites = {squeezed_name(name) for name in names}
    # A host is a name only above the text; further down it is an address that the article gives.
    proper = {squeezed_name(name) for name in names if "." not in name}
    kept = [
        line
        for position, line in enumerate(lines)
        if squeezed(line) not in titles and squeezed_name(line) not in (sites if position < OPENING_LINES else proper)
    ]
    opening = {squeezed(part) for part in (kicker, standfirst, *headings) if part}
    while kept and squeezed(kept[0]) in opening:
        kept.pop(0)
    return without_name_at_edges(kept, sites)


def without_name_at_edges(lines: Sequence[str], sites: set[str]) -> list[str]:
    """Lines, the first without a site name that a separator parts from the text ("The Observatory | ...")."""
    if not lines:
        return []
    head, found, rest = lines[0].partition(" | ")
    if found and squeezed_name(head) in sites and rest.strip():
        return [rest.strip(), *lines[1:]]
    return list(lines)


def original_url(canonical: str | None, own_url: str, outlet: Outlet) -> str | None:
    """A canonical URL on another publication's host: where the article was first published."""
    if not canonical:
        return None
    host, own = host_or_nothing(canonical), host_or_nothing(own_url)
    if not host or outlet.has_host(host) or related_hosts(host, own):
        return None
    return None if any(related_hosts(host, known) for known in outlet.urls.hosts) else canonical


def host_or_nothing(url: str) -> str:
    """The host of an http or https URL with its port; empty for what is no such URL."""
    try:
        return host_of(url)
    except ValueError:
        return ""


SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


def related_hosts(one: str, other: str) -> bool:
    """Whether two hosts are of one registered domain, as far as their labels tell."""
    return registered_part(one) == registered_part(other)


def registered_part(host: str) -> str:
    """The last two labels of a host, three where the second to last is a registry's own (``co.uk``)."""
    labels = host.split(":", maxsplit=1)[0].split(".")
    if labels[-1].isdigit():
        return host
    count = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL else 2
    return ".".join(labels[-count:])
