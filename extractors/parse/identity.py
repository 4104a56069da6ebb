"""What a page says of its own address -> canonical URL and identity (RFC 6596 for ``rel=canonical``)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from extractors.normalize.attribution import host_or_nothing
from extractors.normalize.candidates import Candidate
from extractors.normalize.urls import cms_id_of, normalize_url
from extractors.parse.json_ld import same_page
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
        its articles by the outlet's own patterns. Where ``rel=canonical`` and ``og:url`` name two articles, the one
        that was fetched. Else the URL that the page was fetched from.
    """
    named = (("link.canonical", seen.metadata.link("canonical")), ("og:url", seen.metadata.first("og:url")))
    possible = [
        Candidate(rule, declared)
        for rule, url in named
        if (declared := absolute(seen.metadata.base_url, url) if url else "")
        and seen.outlet.has_host(host_or_nothing(declared))
        and leads_to_article(declared)
        and seen.outlet.accepts_url(declared)
    ]
    own = (found for found in possible if same_page(found.raw, final_url))
    return next(own, None) or next(iter(possible), None) or Candidate("capture.final_url", final_url)


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
