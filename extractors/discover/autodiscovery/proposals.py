"""What a search found into what an outlet's file would say, each value with what it rests on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count

from extractors.discover.autodiscovery.address_patterns import AddressPattern, pattern_of
from extractors.discover.autodiscovery.findings import Finding, chosen
from extractors.discover.autodiscovery.home_pages import Told, bare, folder_of, is_language_folder
from extractors.discover.autodiscovery.search import Discovery
from extractors.discover.warcs import registered_domain
from extractors.normalize.languages import language_of
from extractors.normalize.urls import host_of
from extractors.records import Article, Link, SourceKind

ARTICLES_ONLY = (SourceKind.WORDPRESS, SourceKind.NEWS_SITEMAP, SourceKind.FEED)
"""Kinds that list nothing but articles, so that what their addresses share tells an article."""
NO_COUNTRY = frozenset(("ai", "am", "cc", "co", "eu", "fm", "gg", "io", "la", "ly", "me", "nu", "su", "to", "tv", "ws"))
"""Domains of countries that are sold for their letters."""
MAX_OUTLET_ID_CHARS = 63
LANGUAGE_SHARE = 0.2
SEPARATOR = re.compile(r"\s+[|•·–—»~-]\s+|\s*[|»]\s*")
FEWEST_TITLES = 3
JOINERS = frozenset("\u200c\u200d")
"""Characters without a shape of their own that Persian and other scripts need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An outlet as its file would describe it. ``sources`` are in their order, ``unused`` worked and are not needed."""

    outlet_id: str
    asked_url: str
    homepage: str
    name: Told
    country: str | None
    languages: tuple[str, ...]
    languages_told_by: str
    hosts: tuple[str, ...]
    pattern: AddressPattern | None
    sources: tuple[Finding, ...]
    unused: tuple[Finding, ...] = ()
    title_suffix: Told | None = None


def propose(found: Discovery, *, asked_url: str) -> Proposal:
    """Make a proposal of a fruitful search."""
    sources = chosen(found.findings)
    home = found.outlet.homepage
    pattern = pattern_of(links_for_pattern(sources), home)
    if pattern is not None:
        sources = [
            each for each in sources if any(re.search(pattern.include, one.normalized_url) for one in each.links)
        ]
    language = language_told(found, sources)
    return Proposal(
        outlet_id=found.outlet.outlet_id,
        asked_url=asked_url,
        homepage=home,
        name=named(found),
        country=country_of(home),
        languages=(language.value,) if language else (),
        languages_told_by=language.told_by if language else "",
        hosts=hosts_of(home, [link for each in sources for link in each.links]),
        pattern=pattern,
        sources=tuple(sources),
        unused=tuple(each for each in found.findings if each.is_usable and each not in sources),
    )


def links_for_pattern(sources: Sequence[Finding]) -> list[Link]:
    """The links, each once, of the sources that list articles only; of a home page, those taken for articles."""
    found: dict[str, Link] = {}
    for each in sources:
        if each.candidate.kind in (*ARTICLES_ONLY, SourceKind.SECTION):
            for link in each.links:
                found.setdefault(link.normalized_url, link)
    return list(found.values())


def named(found: Discovery) -> Told:
    """The outlet's name; its host where the page tells none."""
    name = found.page.name
    if name is not None and (cleaned := without_controls(name.value)):
        return Told(value=cleaned, told_by=name.told_by)
    return Told(value=host_of(found.outlet.homepage), told_by="the page tells no name; write it here")


def language_told(found: Discovery, sources: Sequence[Finding]) -> Told | None:
    """The primary language, from the headlines that were listed, or else from what the page declares."""
    declared = (found.page.language or "").split("-")[0] or None
    headlines = "\n".join(link.hints.title for each in sources for link in each.links[:20] if link.hints.title)
    read = language_of("", headlines, declared=[declared] if declared else [])
    if read.language is None:
        return None
    if read.rule.startswith("declared"):
        return Told(value=read.language, told_by="declared by the home page")
    differs = f"; the home page declares {declared}" if declared and declared != read.language else ""
    return Told(value=read.language, told_by=f"told by the headlines{differs}")


def languages_of(articles: Sequence[Article]) -> list[str]:
    """The languages in which a good part of some articles is written, the commonest first."""
    counts = Counter(article.language for article in articles if article.language)
    return [language for language, count in counts.most_common() if count >= LANGUAGE_SHARE * len(articles)]


def with_preview(proposal: Proposal, articles: Sequence[tuple[Article, str]]) -> Proposal:
    """A proposal with what only pages tell.

    Args:
        proposal: What the search told.
        articles: Articles of the site with their pages' raw titles.
    """
    of_all = f"of all {len(articles)} previewed pages"
    suffix = shared_suffix([title for _, title in articles])
    languages = languages_of([article for article, _ in articles])
    told_by = proposal.languages_told_by if languages == list(proposal.languages) else f"the languages {of_all}"
    return replace(
        proposal,
        languages=tuple(languages) or proposal.languages,
        languages_told_by=told_by if languages else proposal.languages_told_by,
        title_suffix=Told(value=suffix, told_by=f"the titles {of_all} end so") if suffix else None,
    )


def country_of(url: str) -> str | None:
    """The country of a host's domain; ``None`` for a domain of none, and for one that is sold for its letters."""
    top = host_of(url).split(":")[0].rpartition(".")[2]
    if registered_domain(url) is None or not re.fullmatch(r"[a-z]{2}", top) or top in NO_COUNTRY:
        return None
    return "gb" if top == "uk" else top


def hosts_of(home: str, links: Sequence[Link]) -> tuple[str, ...]:
    """The home page's host and every host that the outlet's links show."""
    return tuple(dict.fromkeys([host_of(home), *(host_of(link.normalized_url) for link in links)]))


def outlet_id_for(url: str, taken: Collection[str]) -> str:
    """Make an ``outlet_id`` of a site's address that no other outlet has; with its language's folder, where it has one.

    ``https://www.newarab.com/`` is ``newarab``, ``https://www.syriahr.com/en/`` ``syriahr_en``.
    """
    domain, host, folder = registered_domain(url), bare(host_of(url)), folder_of(url)
    name = host.removesuffix(domain) + domain.partition(".")[0] if domain else f"site_{host}"
    words = [name, *(folder if is_language_folder(folder) else ())]
    made = re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower()).strip("_")
    made = (made if made[0].isalpha() else f"site_{made}")[: MAX_OUTLET_ID_CHARS - 3]
    numbered = (f"{made}_{number}" for number in count(2))
    return made if made not in taken else next(each for each in numbered if each not in taken)


def shared_suffix(titles: Sequence[str]) -> str | None:
    """What all raw titles of a site's articles end in, from a separator on; ``None`` for few titles or none such."""
    unique = list(dict.fromkeys(title.strip() for title in titles if title.strip()))
    if len(unique) < FEWEST_TITLES:
        return None
    length = 0
    shortest = min(map(len, unique))
    while length < shortest and len({title[-1 - length] for title in unique}) == 1:
        length += 1
    common = unique[0][len(unique[0]) - length :]
    first = SEPARATOR.search(common)
    suffix = common[first.start() :] if first else ""
    return suffix if suffix.strip(" |•·–—»~-") else None


def without_controls(text: str) -> str:
    """A text on one line, without characters that have no shape and could steer who reads it."""
    kept = (" " if char.isspace() else char for char in text)
    seen = (char for char in kept if char in JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(seen).split())
