"""No way of asking leads into the operator's own network: not by page, feed, redirect, robots.txt or resolver."""

from __future__ import annotations

import pytest
from hostile_site import HTML, PAGE, Site, answer, fetching, make_outlet

from extractors.errors import FetchError, PermanentFetchError, Reason
from extractors.fetch import Accept
from extractors.fetch.addresses import Resolve

INSIDE = "inside.example"

ADDRESSES = {
    "this network": "0.0.0.0",
    "private 10": "10.1.2.3",
    "private 172.16": "172.20.0.1",
    "private 192.168": "192.168.1.1",
    "shared by a carrier": "100.64.0.1",
    "loopback": "127.0.0.1",
    "link-local": "169.254.1.1",
    "metadata": "169.254.169.254",
    "metadata of another cloud": "100.100.100.200",
    "multicast": "224.0.0.251",
    "broadcast": "255.255.255.255",
    "nowhere": "::",
    "loopback 6": "::1",
    "unique local": "fd12:3456::1",
    "metadata 6": "fd00:ec2::254",
    "link-local 6": "fe80::1",
    "multicast 6": "ff02::1",
    "mapped": "::ffff:10.1.2.3",
    "NAT64": "64:ff9b::a01:203",
    "local NAT64": "64:ff9b:1::a01:203",
    "6to4": "2002:a01:203::1",
    "Teredo": "2001:0:a01:203::1",
}


def resolving_to(*addresses: str) -> Resolve:
    """A resolver for which the inner name has these addresses, and everything else is at the site."""

    async def find(host: str, port: int) -> list[str]:
        del port
        return list(addresses) if host == INSIDE else ["127.0.0.1"]

    return find


async def failure_at(site: Site, url: str, resolver: Resolve, *, accept: Accept = Accept.PAGE) -> FetchError:
    """The error of one fetch for an outlet in whose file the inner name stands."""
    async with fetching(site, resolver=resolver, attempts=1) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url, outlet=make_outlet(site, hosts=(INSIDE,)), accept=accept)
    return caught.value


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize("accept", Accept)
async def test_no_kind_of_request_reaches_an_inner_address(site: Site, address: str, accept: Accept) -> None:
    """Pages, feeds and sitemaps, REST answers: by a name, or by the address itself where it stands in the URL."""
    error = await failure_at(site, f"http://{INSIDE}/1", resolving_to(address), accept=accept)
    assert (error.reason, address in error.detail) == (Reason.PRIVATE_ADDRESS, True)
    literal = f"[{address}]" if ":" in address else address
    async with fetching(site, attempts=1) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(f"http://{literal}/1", outlet=make_outlet(site, hosts=(literal,)), accept=accept)
    assert caught.value.reason == Reason.PRIVATE_ADDRESS
    assert site.asked == []


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
async def test_no_redirect_reaches_an_inner_address(site: Site, address: str) -> None:
    """Of a page or feed, it is the reason; of robots.txt, it makes that unreachable."""
    for accept in Accept:
        site.on("/1", answer("302 Found", f"Location: http://{INSIDE}/1"))
        error = await failure_at(site, site.url(), resolving_to(address), accept=accept)
        assert (error.reason, error.url) == (Reason.PRIVATE_ADDRESS, f"http://{INSIDE}/1")
    site.on("/robots.txt", answer("302 Found", f"Location: http://{INSIDE}/robots.txt"))
    error = await failure_at(site, site.url(), resolving_to(address))
    assert (error.reason, "private_address" in error.detail) == (Reason.ROBOTS_UNREACHABLE, True)


@pytest.mark.parametrize("answers", [("8.8.8.8", "10.0.0.7"), ("2606:4700::1111", "fd00::1"), ("10.0.0.7", "8.8.8.8")])
async def test_one_inner_address_among_public_ones_is_enough(site: Site, answers: tuple[str, ...]) -> None:
    """Whatever its place: which one is connected to is nobody's choice but ours."""
    error = await failure_at(site, f"http://{INSIDE}/1", resolving_to(*answers))
    assert error.reason == Reason.PRIVATE_ADDRESS


async def test_a_name_that_changes_between_robots_txt_and_the_page_is_refused(site: Site) -> None:
    """Each connection is judged by the one answer that it is made with (rebinding)."""
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.7"]]

    async def rebinding(host: str, port: int) -> list[str]:
        assert (host, port) == (INSIDE, site.port)
        return answers.pop(0)

    name = f"{INSIDE}:{site.port}"
    site.on("/1", answer("302 Found", f"Location: http://{name}/2"))
    site.on("/2", answer("200 OK", HTML, body=PAGE))
    async with fetching(site, resolver=rebinding, attempts=1) as fetcher:
        with pytest.raises(PermanentFetchError) as caught:
            await fetcher.fetch(f"http://{name}/1", outlet=make_outlet(site, hosts=(name,)), accept=Accept.PAGE)
    assert (caught.value.reason, caught.value.url) == (Reason.PRIVATE_ADDRESS, f"http://{name}/2")
    assert site.asked == ["/robots.txt", "/1"]
    assert answers == []


@pytest.mark.parametrize("place", ["page", "redirect", "robots"])
async def test_credentials_in_a_url_are_sent_to_nobody(site: Site, place: str) -> None:
    """Neither from a feed's link nor from a redirect; the capture's address has none."""
    secret = f"http://me:secret@{site.host}"
    site.on("/1", answer("200 OK", HTML, body=PAGE))
    site.on("/away", answer("302 Found", f"Location: {secret}/1"))
    if place == "robots":
        site.on("/robots.txt", answer("302 Found", f"Location: {secret}/rules.txt"))
        site.on("/rules.txt", answer("200 OK", body=b"User-agent: *\nDisallow: /nothing"))
    url = {"page": f"{secret}/1", "redirect": site.url("/away"), "robots": site.url()}[place]
    async with fetching(site) as fetcher:
        fetched = await fetcher.fetch(url, outlet=make_outlet(site), accept=Accept.PAGE)
    assert fetched is not None
    assert fetched.capture.final_url == site.url()
    assert not any("authorization" in headers or "secret" in headers["host"] for headers in site.headers)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://{}/1", "gopher://{}/1", "data:text/html,x", "//{}/1"])
async def test_only_http_and_https_are_asked(site: Site, url: str) -> None:
    """At first; and on the way, where a redirect without a scheme keeps the one that it had."""
    url = url.format(site.host)
    error = await failure_at(site, url, resolving_to("127.0.0.1"))
    assert (error.reason, site.asked) == (Reason.BAD_URL, [])
    if not url.startswith("//"):
        site.on("/1", answer("302 Found", f"Location: {url}"))
        site.on("/robots.txt", answer("404 Not Found"))
        error = await failure_at(site, site.url(), resolving_to("127.0.0.1"))
        assert (error.reason, site.pages) == (Reason.BAD_URL, ["/1"])
    site.on("/robots.txt", answer("302 Found", "Location: file:///etc/passwd"))
    error = await failure_at(site, site.url(), resolving_to("127.0.0.1"))
    assert error.reason == Reason.ROBOTS_UNREACHABLE
