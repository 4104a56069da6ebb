"""What a page says of where its article comes from -> first publisher, its address, the agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extractors.normalize.agencies import all_agencies
from extractors.normalize.attribution import Attribution, original_url
from extractors.normalize.candidates import Candidate
from extractors.normalize.datelines import Dateline
from extractors.normalize.source_lines import publisher_of
from extractors.normalize.texts import squeezed
from extractors.parse.elements import text_of
from extractors.parse.identity import declared_canonical, leads_to_article
from extractors.parse.json_ld import as_list, text_value
from extractors.parse.metadata import absolute
from extractors.parse.witnesses import Witnesses, meta_source

URL_META = ("original-source", "syndication-source")
"""Google News' meta elements for copied and bought articles."""

PUBLISHER_META = ("article:publisher", "dc.source", "dcterms.source")


def original_from(seen: Witnesses, attribution: Attribution) -> Candidate | None:
    """Where the article was first published.

    Returns:
        A canonical URL elsewhere, else what syndication's meta elements and JSON-LD's ``isBasedOn`` name, else the
        address in the source line, or where its link leads.
    """
    for source, url in addresses(seen, attribution):
        elsewhere = original_url(absolute(seen.metadata.base_url, url) if url else None, seen.url, seen.outlet)
        if elsewhere and leads_to_article(elsewhere):
            return Candidate(source, elsewhere)
    return None


def addresses(seen: Witnesses, attribution: Attribution) -> Iterator[tuple[str, str | None]]:
    """Addresses that may be the original's, in order of trust."""
    yield "link.canonical", declared_canonical(seen)
    yield from ((meta_source(name), seen.metadata.first(name)) for name in URL_META)
    for node in based_on(seen):
        yield "json-ld.isBasedOn", node if isinstance(node, str) else text_value(node.get("url") or node.get("@id"))
    yield "source_line", attribution.original_url
    for href in links_named(seen, attribution.original_publisher):
        yield "source_line.link", href


def declared_publisher(seen: Witnesses, names: Sequence[str]) -> Candidate | None:
    """Who published the article first, as the page's head declares it."""
    declared = [
        ("json-ld.isBasedOn", text_value(node.get("publisher") or node.get("sourceOrganization")))
        for node in based_on(seen)
        if not isinstance(node, str)
    ]
    declared += [(meta_source(name), seen.metadata.first(name) or "") for name in PUBLISHER_META]
    for source, name in declared:
        is_name = name and ":" not in name and not name.startswith(("//", "@")) and len(name) <= 80
        if is_name and any(map(str.isalpha, name)) and (publisher := publisher_of(name, names)):
            return Candidate(source, publisher)
    return None


def based_on(seen: Witnesses) -> list[str | Mapping[str, object]]:
    """The works that the article's JSON-LD says it is based on."""
    found = (seen.json_ld.followed(value) for value in as_list(seen.json_ld.article.get("isBasedOn")))
    return [value for value in found if isinstance(value, str | Mapping)]


def links_named(seen: Witnesses, publisher: str | None) -> Iterator[str]:
    """Where links lead whose text is the publisher that a source line names: to the page that had the article first."""
    wanted = squeezed(publisher or "")
    for link in seen.tree.iterfind(".//a[@href]") if wanted else ():
        if squeezed(text_of(link)) == wanted:
            yield link.get("href", "")


def agencies_from(
    bylines: Sequence[Candidate], attribution: Attribution, dateline: Dateline | None
) -> Candidate | None:
    """The agencies that dateline, bylines and credit lines name, in this order."""
    raws = dict.fromkeys(raw for found in bylines for raw in (found.values or (found.raw,)))
    named = {
        "dateline": dateline.agencies if dateline else (),
        "byline": all_agencies(list(raws)),
        "credit_line": attribution.agencies,
    }
    agencies = tuple(dict.fromkeys(agency for found in named.values() for agency in found))
    source = "+".join(rule for rule, found in named.items() if found)
    return Candidate(source, ", ".join(agencies), agencies) if agencies else None
