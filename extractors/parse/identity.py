"""What a page says of its own address -> canonical URL and identity (RFC 6596 for ``rel=canonical``)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from extractors.normalize.attribution import host_or_nothing, original_url
from extractors.normalize.candidates import Candidate
from extractors.normalize.texts import squeezed
from extractors.normalize.urls import cms_id_of, normalize_url
from extractors.parse.elements import text_of
from extractors.parse.metadata import absolute
from extractors.parse.witnesses import Witnesses

SHORTLINK_ID = re.compile(r"[?&]p=(?P<query>\d+)(?:&|$)|/node/(?P<node>\d+)/?$")


def declared_canonical(seen: Witnesses) -> str | None:
    """The canonical URL that the page declares, absolute, on whichever host."""
    declared = seen.metadata.link("canonical") or seen.metadata.first("og:url")
    return absolute(seen.metadata.base_url, declared) if declared else None


def canonical_url(seen: Witnesses, final_url: str) -> Candidate:
    """The article's own URL.

    Returns:
        The declared one where it can be this article's: on one of the outlet's hosts, not its front page, and one of
        its articles by the outlet's own patterns. Else the URL that the page was fetched from.
    """
    named = (("link.canonical", seen.metadata.link("canonical")), ("og:url", seen.metadata.first("og:url")))
    for rule, url in named:
        declared = absolute(seen.metadata.base_url, url) if url else ""
        if (
            seen.outlet.has_host(host_or_nothing(declared))
            and leads_to_article(declared)
            and seen.outlet.accepts_url(declared)
        ):
            return Candidate(rule, declared)
    return Candidate("capture.final_url", final_url)


def leads_to_article(url: str) -> bool:
    """Whether a URL can be an article's, which a site's front page cannot."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def identity_of(seen: Witnesses, canonical: str) -> Candidate:
    """What stays the same when the article's URL changes: ``cms:<id>`` where the CMS tells it, else ``url:<url>``.

    The page's own shortlink is believed only of an outlet that has a file: a generic one can hold several sites,
    each with ids of its own.
    """
    outlet = seen.outlet
    ids = [("urls.cms_id", cms_id_of(canonical, outlet) or cms_id_of(seen.url, outlet))]
    if outlet.sources:
        ids += [("link.shortlink", shortlink_id(seen)), ("hints.cms_id", seen.hints.cms_id)]
    for rule, cms_id in ids:
        if cms_id:
            return Candidate(rule, f"cms:{cms_id}")
    return Candidate("canonical_url", f"url:{normalize_url(canonical, outlet)}")


def shortlink_id(seen: Witnesses) -> str | None:
    """The id in the page's ``rel=shortlink`` on the outlet's own host (WordPress ``?p=1``, Drupal ``/node/1``)."""
    url = seen.metadata.link("shortlink")
    match = SHORTLINK_ID.search(url) if url and seen.outlet.has_host(host_or_nothing(url)) else None
    return (match["query"] or match["node"]) if match else None


def original_from(seen: Witnesses, publisher: str | None) -> Candidate | None:
    """Where the article was first published: a canonical URL elsewhere, or the link of its source line."""
    declared = original_url(declared_canonical(seen), seen.url, seen.outlet)
    if declared:
        return Candidate("link.canonical", declared)
    linked = linked_original(seen, publisher)
    return Candidate("source_line.link", linked) if linked else None


def linked_original(seen: Witnesses, publisher: str | None) -> str | None:
    """Where the link of a source line leads: the page that the named publisher had the article on first."""
    if not publisher:
        return None
    wanted = squeezed(publisher)
    for link in seen.tree.iterfind(".//a[@href]"):
        if squeezed(text_of(link)) == wanted:
            url = absolute(seen.metadata.base_url, link.get("href", ""))
            if leads_to_article(url) and original_url(url, seen.url, seen.outlet):
                return url
    return None
