"""A raw title -> headline and kicker: only the site's known names are taken off, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.outlets import Outlet

SEPARATORS = "|•·–—-:»«›‹/\\~"
LEADING_NAME = re.compile(r"^(?P<head>[^|•·–—»›~]+?)\s*(?:[|•·–—»›~]|\s?[-:]\s)\s*(?P<tail>.+)$", re.DOTALL)
EDGE = " \t" + SEPARATORS
LEAST_HEADLINE = 12
"""A headline that two titles share has this many letters and digits; less can be a word of both."""

TRUSTED = ("layout", "hints.")
SEPARATED = re.compile(r"\s*[|•·»›~]\s*|\s+[-–—:]\s+")
HOST = re.compile(r"^(?:[\w-]+\.)*?([\w-]{3,})(?:\.(?:com?|org|net|gov|ac|edu))?\.[a-z]{2,}$", re.IGNORECASE)
"""A host, with the label that names its site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline, its kicker, and the candidate that both come from."""

    title: str
    kicker: str | None
    candidate: Candidate | None


def headline_of(candidates: Sequence[Candidate], outlet: Outlet, names: Sequence[str]) -> Headline:
    """Choose the headline: the first candidate in which something is left without the site's names.

    Args:
        candidates: In order of trust.
        outlet: Its suffixes and kicker separator.
        names: Its names.
    """
    known = known_names(names)
    raws = dict.fromkeys(candidate.raw for candidate in candidates)
    titles = {raw: clean_title(raw, names, outlet.title.suffixes) for raw in raws}
    cleaned = [
        (candidate, title)
        for candidate in candidates
        if (title := titles[candidate.raw]) and squeezed_name(title) not in known
    ]
    if not cleaned:
        return Headline(title="", kicker=None, candidate=None)
    candidate, title = agreed(cleaned)
    if not candidate.source.startswith(TRUSTED):
        title = usual_spelling(title, cleaned)
    kicker, headline = split_kicker(title, outlet.title.kicker_separator)
    is_declared = any(found.source == "json-ld.headline" for found, _ in cleaned)
    if kicker is None and not is_declared and candidate.source == "html.h1" and candidate.values:
        kicker, headline = map(clean_line, candidate.values)
    if kicker is None and not candidate.source.startswith(TRUSTED):
        kicker, headline = shared_headline(headline, [other for _, other in cleaned])
    return Headline(title=headline, kicker=kicker, candidate=candidate)


def agreed(cleaned: Sequence[tuple[Candidate, str]]) -> tuple[Candidate, str]:
    """The first title, unless it is JSON-LD's and the page's own heading and its ``og:title`` agree on another.

    That is so where ``<title>`` is JSON-LD's as well: both are then written for search engines. JSON-LD that stands
    alone against all of them holds the headline under which the article was filed, and the others follow its updates.
    """
    first = cleaned[0]
    if first[0].source != "json-ld.headline":
        return first
    headings = [found for found in cleaned if found[0].source == "html.h1"]
    shared = {squeezed(title) for candidate, title in cleaned if candidate.source in ("og:title", "twitter:title")}
    if any(squeezed(title) == squeezed(first[1]) for _, title in headings):
        return first
    shown = next((found for found in headings if squeezed(found[1]) in shared), first)
    above = next((squeezed(title) for candidate, title in cleaned if candidate.source == "html.title"), "")
    stands_alone = squeezed(shown[1]) in above and squeezed(shown[1]) not in squeezed(first[1])
    return first if stands_alone else shown


def usual_spelling(title: str, cleaned: Sequence[tuple[Candidate, str]]) -> str:
    """The spelling that most of a page's titles have, of those that differ in white space, signs and case alone."""
    wanted = squeezed(title)
    same = [title, *(other for _, other in cleaned if other != title and squeezed(other) == wanted)]
    if len(same) == 1:
        return title

    def uses_count(spelling: str) -> int:
        return sum(spelling in other if found.source == "html.title" else spelling == other for found, other in cleaned)

    return max(same, key=uses_count)


def shared_headline(title: str, others: Sequence[str]) -> tuple[str | None, str]:
    """Part off what only one of a page's titles has before or behind the headline.

    ``Port Amal - Harbor reopens`` beside ``Trade: Harbor reopens`` is the headline "Harbor reopens" with a kicker;
    ``Harbor reopens | Port`` beside ``Harbor reopens`` has a suffix. A title that the page has twice stays whole.

    Returns:
        The kicker, or ``None``, and the headline; the title as it is where the page's titles share no part.
    """
    spellings = [squeezed(other) for other in others]
    if spellings.count(squeezed(title)) > 1:
        return None, title
    head, *tail = SEPARATED.split(title, maxsplit=1)
    headline = squeezed("".join(tail))
    if len(headline) > max(len(squeezed(head)), LEAST_HEADLINE) and any(
        other.endswith(headline) for other in spellings if other != squeezed(title)
    ):
        return head, tail[0]
    last = last_part(title)
    if last and len(squeezed(last[0])) >= LEAST_HEADLINE and squeezed(last[0]) in spellings:
        return None, last[0]
    return None, title


def clean_title(raw: str, names: Sequence[str], suffixes: Sequence[str] = ()) -> str:
    """Take the site's known names off a title.

    Args:
        raw: The title as the page has it, entities decoded.
        names: Names of the outlet; taken off only where a separator parts them from the headline.
        suffixes: Endings that the outlet's file names, separator included; taken off as they stand.
    """
    title = clean_line(raw)
    for suffix in sorted(suffixes, key=len, reverse=True):
        cleaned = clean_line(suffix)
        if len(title) > len(cleaned) and title.casefold().endswith(cleaned.casefold()):
            title = title[: -len(cleaned)].rstrip(EDGE)
    known = known_names(names)
    while (shorter := without_edge_name(title, known)) != title:
        title = shorter
    return title


def without_edge_name(title: str, known: frozenset[str]) -> str:
    """Take one known name off either end."""
    trailing = last_part(title)
    if trailing is not None and squeezed_name(trailing[1]) in known:
        return trailing[0]
    leading = LEADING_NAME.match(title)
    if leading and squeezed_name(leading["head"]) in known:
        return leading["tail"].strip()
    return title


def last_part(title: str) -> tuple[str, str] | None:
    """A title as what stands before its last separator and what stands after it."""
    found = list(re.finditer(r"\s*[|•·–—»›~]\s*|\s+(?:[-:/>]|::)\s+", title))
    if not found or not title[: found[-1].start()].strip():
        return None
    return title[: found[-1].start()].rstrip(), title[found[-1].end() :].strip()


NAME_OPENING = re.compile(r"^(?:the|www\.)\s*")
ONE_SPELLING = str.maketrans("أإآٱىة", "ااااي\u0647")


@lru_cache(maxsize=4_096)
def squeezed_name(name: str) -> str:
    """A name without case, article, punctuation and the letters that Arabic writes in two ways."""
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", name).casefold()
        text = "".join(char for char in text if not unicodedata.combining(char)).translate(ONE_SPELLING)
    return squeezed(NAME_OPENING.sub("", text.strip()))


def known_names(names: Iterable[str]) -> frozenset[str]:
    """Names squeezed, with what a name is without its motto or its host's last label (``Gazette | News for Amal``)."""
    return spellings_of(tuple(names))


@lru_cache(maxsize=64)
def spellings_of(names: tuple[str, ...]) -> frozenset[str]:
    """See ``known_names``; a page asks for those of its outlet many times."""
    spelled = [spelling for name in names for spelling in (name, *SEPARATED.split(name)[:1], *HOST.findall(name))]
    return frozenset(map(squeezed_name, spelled)) - {""}


def outlet_names(outlet: Outlet, others: Iterable[str] = ()) -> tuple[str, ...]:
    """Every name by which an outlet's pages may call it.

    Args:
        outlet: Its name, aliases and hosts.
        others: Names that the page itself declares (``og:site_name``, the publisher in JSON-LD).
    """
    hosts = [host.split(":")[0].removeprefix("www.") for host in outlet.urls.hosts]
    return tuple(dict.fromkeys([outlet.name, *outlet.aliases, *hosts, *others]))


def split_kicker(title: str, separator: str | None) -> tuple[str | None, str]:
    """Part ``kicker | headline`` where the outlet says that it writes so.

    Returns:
        The kicker, or ``None``, and the headline.
    """
    if not separator:
        return None, title
    kicker, found, headline = title.partition(separator)
    if not found or not kicker.strip() or not headline.strip():
        return None, title
    return kicker.strip(), headline.strip()
