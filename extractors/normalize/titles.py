"""A raw title -> headline and kicker: only the site's known names are taken off, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import clean_line, squeezed
from extractors.outlets import Outlet

SEPARATORS = "|•·–—-:»«›‹/\\~"
LEADING_NAME = re.compile(r"^(?P<head>[^|•·–—»›~]+?)\s*(?:[|•·–—»›~]|\s?[-:]\s)\s*(?P<tail>.+)$", re.DOTALL)
EDGE = " \t" + SEPARATORS


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
    known = {squeezed_name(name) for name in names} - {""}
    for candidate in candidates:
        title = clean_title(candidate.raw, names, outlet.title.suffixes)
        if title and squeezed_name(title) not in known:
            kicker, headline = split_kicker(title, outlet.title.kicker_separator)
            return Headline(title=headline, kicker=kicker, candidate=candidate)
    return Headline(title="", kicker=None, candidate=None)


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
    known = {squeezed_name(name) for name in names} - {""}
    while (shorter := without_edge_name(title, known)) != title:
        title = shorter
    return title


def without_edge_name(title: str, known: set[str]) -> str:
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


def squeezed_name(name: str) -> str:
    """A name without case, article, punctuation and the letters that Arabic writes in two ways."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = text.translate(str.maketrans("أإآٱىة", "ااااي\u0647"))
    return squeezed(re.sub(r"^(?:the|www\.)\s*", "", text.strip()))


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
