"""The lines of an article -> its text, and what they said of publisher, agencies, disclaimer and corrections."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.normalize.agencies import distinct
from extractors.normalize.corrections import without_corrections
from extractors.normalize.source_lines import (
    SOURCE_LINE,
    Credit,
    agency_line,
    closing_credit,
    contributors,
    credit_of,
)
from extractors.normalize.texts import squeezed
from extractors.normalize.titles import squeezed_name
from extractors.normalize.urls import host_of
from extractors.outlets import Outlet, compiled

EDGE_LINES = 8
"""How far from either end of a text a line of attribution may stand."""

LONGER_THAN_NAME = 4
"""A line that has so many times the length of the outlet's longest name is not that name, however it is adorned."""

OPENING_LINES = 3
"""How many lines above a text can be the page's masthead."""

LineRule = Callable[[str], re.Match[str] | None]

DISCLAIMER = (
    r"^(?:disclaimer\s*[:：]\s*)?(?:the )?(?:views?|opinions?)(?:,? (?:and |or )?(?:views?|opinions?|facts|thoughts))*"
    r" (?:and .{1,40} )?(?:expressed|contained|presented)\b.{0,80}"
    r"(?:\b(?:article|author'?s?|authors|writer'?s?|piece|column|own|here|text|report|commentary)\b)|"
    r"^(?:this (?:article|column|piece|commentary) (?:does not (?:necessarily )?(?:reflect|represent)|(?:reflects|"
    r"represents) (?:only )?the (?:author|writer)['’]s))|"
    r"^les (?:opinions|propos|points de vue|id[ée]es) (?:exprim[ée]e?s|tenus|d[ée]fendue?s)\b.{0,120}(?:auteur|"
    r"engagent)|"
    r"^(?:die )?(?:hier |in diesem (?:beitrag|text|artikel) )?(?:ge[äa]u[ßs]+erten?|vertretenen?|"
    r"ausgedr[üu]ckten?)?\s?"
    r"(?:meinung(?:en)?|ansichten)\b.{0,120}(?:autor|verfasser|redaktion)|"
    r"^(?:las opiniones|los puntos de vista) (?:expresad[oa]s|vertid[oa]s|aqu[íi])\b.{0,120}(?:autor|columnista|"
    r"responsabilidad)|"
    r"^(?:bu )?(?:yaz[ıi]|makale)(?:da|de)(?:ki)? .{0,60}(?:g[öo]r[üu][şs]|fikir).{0,120}(?:yazar|yans[ıi]tma)|"
    r"^(?:دیدگاه|نظر|نظرات|مطالب|آرا)\S* (?:مطرح|بیان|ارائه|مندرج|نویسنده|درج).{0,120}(?:نویسنده|نیست|نمی)|"
    r"^(?:إن )?(?:ال)?[اآ]راء (?:الواردة|المنشورة|المعبر|التي)|^المقالات المنشورة (?:لا )?تعبّ?ر|"
    r"^(?:هذه )?المقالة? (?:لا )?(?:ت|ي)عبّ?ر عن|^المقال يعبّ?ر عن|"
    r"^(?:جميع |كل )?(?:المقالات|المواد|ما (?:يرد|ورد|ينشر)) .{0,60}(?:لا )?(?:ت|ي)عبّ?ر.{0,60}(?:رأي|آراء|أصحاب|كات)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A text without what says whose it is and what was corrected in it, and what that said."""

    lines: tuple[str, ...]
    original_publisher: str | None
    original_url: str | None
    source_line: str | None
    disclaimer: str | None
    corrections: tuple[str, ...]
    agencies: tuple[str, ...]

    def with_lines(self, lines: Sequence[str]) -> Attribution:
        """The same with other lines."""
        return replace(self, lines=tuple(lines))


def source_line_of(outlet: Outlet) -> LineRule:
    """What tells a source line: the outlet's own pattern, else the usual forms.

    These are forms of a whole line, tried at its beginning alone: to search for them costs forty times as much.
    """
    own = outlet.republication.source_line
    return compiled(own).search if own else compiled(f"(?i:{SOURCE_LINE})").match


def disclaimer_of(outlet: Outlet) -> LineRule:
    """What tells a disclaimer, in the same way."""
    own = outlet.republication.disclaimer
    return compiled(own).search if own else compiled(f"(?i:{DISCLAIMER})").match


def attribution_of(lines: Sequence[str], outlet: Outlet, names: Sequence[str]) -> Attribution:
    """Take the source line, agency credited, the disclaimer and notes of correction off a text.

    Args:
        lines: The text's lines.
        outlet: Its patterns; where it has none, the forms that are usual in the languages of the field.
        names: The outlet's own names: a line that names it as its own source is taken off all the same.
    """
    source, disclaimer = source_line_of(outlet), disclaimer_of(outlet)
    uncorrected, corrections = without_corrections(lines)
    kept: list[str] = []
    credited: list[Credit] = []
    source_line = disclaimer_line = None
    for position, line in enumerate(uncorrected):
        at_edge = position < EDGE_LINES or position >= len(uncorrected) - EDGE_LINES
        if at_edge and (match := source(line)):
            source_line = source_line or line
            credited.append(credit_of(match, names))
        elif at_edge and disclaimer(line):
            disclaimer_line = disclaimer_line or line
        elif at_edge and (agencies := agency_line(line)):
            credited.append(Credit(agencies=agencies))
        else:
            kept.append(line)
    if kept:
        kept[-1], closing = closing_credit(kept[-1])
        credited += [Credit(agencies=closing), *(Credit(agencies=contributors(line)) for line in kept[-EDGE_LINES:])]
    return Attribution(
        lines=tuple(kept),
        original_publisher=next((credit.publisher for credit in credited if credit.publisher), None),
        original_url=next((credit.url for credit in credited if credit.url), None),
        source_line=source_line,
        disclaimer=disclaimer_line,
        corrections=corrections,
        agencies=distinct(agency for credit in credited for agency in credit.agencies),
    )


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
    longest = LONGER_THAN_NAME * max(map(len, names), default=0)
    kept = [
        line
        for position, line in enumerate(lines)
        if squeezed(line) not in titles
        and (len(line) > longest or squeezed_name(line) not in (sites if position < OPENING_LINES else proper))
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
