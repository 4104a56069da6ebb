"""Responses of any WARC file, or saved pages -> the outlet that each belongs to, and a link of it.

An outlet of the configuration takes what is on its hosts and passes its patterns. Every other page belongs to a
generic outlet, made from the registered domain of its URL (Public Suffix List), so that history of any origin can be
loaded and told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from extractors.errors import Reason
from extractors.normalize.urls import host_of, link_problem, normalize_url
from extractors.outlets import Outlet, Urls
from extractors.records import Link

if TYPE_CHECKING:
    from tldextract import TLDExtract

FindOutlet = Callable[[str], tuple[Outlet, Reason | None]]
"""Tells whose a page is, and why it is none of that outlet's articles, if it is none."""

GENERIC_PREFIX = "web_"
MAX_OUTLET_ID_CHARS = 63


class OutletFinder:
    """Finds the outlet of a URL.

    Args:
        outlets: The configured ones.
    """

    def __init__(self, outlets: Mapping[str, Outlet]) -> None:
        self._outlets = outlets
        self._generic: dict[str, Outlet] = {}

    def find(self, url: str) -> tuple[Outlet, Reason | None]:
        """The outlet of a URL, and why the URL is none of its articles, if it is none.

        A URL on the host of several outlets belongs to the one whose patterns it passes.
        """
        try:
            host = host_of(url)
        except ValueError:
            return self._generic_for("unknown", "unknown"), Reason.BAD_URL
        hosts = [outlet for outlet in self._outlets.values() if outlet.has_host(host)]
        for outlet in hosts:
            if link_problem(url, outlet) is None:
                return outlet, None
        if hosts:
            return hosts[0], link_problem(url, hosts[0])
        return self._generic_for(registered_domain(url) or host, host), None

    def _generic_for(self, domain: str, host: str) -> Outlet:
        outlet_id = generic_outlet_id(domain)
        known = self._generic.get(outlet_id)
        if known is None or not known.has_host(host):
            hosts = {domain, f"www.{domain}", host, *(known.urls.hosts if known else ())}
            self._generic[outlet_id] = generic_outlet(outlet_id, domain, hosts)
        return self._generic[outlet_id]


def find_in(outlet: Outlet) -> FindOutlet:
    """Finds one outlet for every page, of which all are said to be; and why a page is none of its articles."""
    return lambda url: (outlet, link_problem(url, outlet))


def make_link(url: str, outlet: Outlet, source_id: str) -> Link:
    """The link under which a response's page is known."""
    return Link(
        outlet_id=outlet.outlet_id,
        source_id=source_id,
        requested_url=url,
        normalized_url=normalize_url(url, outlet),
    )


def generic_outlet(outlet_id: str, domain: str, hosts: Iterable[str]) -> Outlet:
    """An outlet of which nothing is known but its domain: no patterns, no layouts, no sources."""
    return Outlet(
        outlet_id=outlet_id,
        name=domain,
        homepage=f"https://{domain}/",
        urls=Urls(hosts=tuple(sorted(hosts))),
    )


def generic_outlet_id(domain: str) -> str:
    """``web_`` and the domain in the characters of an ``outlet_id``."""
    return (GENERIC_PREFIX + re.sub(r"[^a-z0-9]+", "_", domain.lower()))[:MAX_OUTLET_ID_CHARS]


def registered_domain(url: str) -> str | None:
    """The domain that somebody registered, such as ``example.co.uk``; ``None`` for an address or a bare name."""
    return suffixes()(url).top_domain_under_public_suffix or None


@lru_cache(maxsize=1)
def suffixes() -> TLDExtract:
    """The Public Suffix List that the package ships; it never asks the network."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)
