"""Conditional requests: validators byte for byte, to the URL that they belong to, and answers that contradict them."""

from __future__ import annotations

import socket

import pytest
from hostile_site import HTML, PAGE, Reply, Site, answer, failure, fetching, make_outlet

from extractors.errors import FetchError, Reason, TransientFetchError, UnresolvedHostError
from extractors.fetch import Accept
from extractors.records import Fetched, Validators

NOT_MODIFIED = answer("304 Not Modified", length=False)
DATE = "Mon, 02 Mar 2026 06:00:00 GMT"


def page(*headers: str) -> Reply:
    """A page with headers."""
    return answer("200 OK", HTML, *headers, body=PAGE)


async def fetch(site: Site, validators: Validators | None = None, path: str = "/1") -> Fetched | None:
    """Fetch a page."""
    async with fetching(site) as fetcher:
        return await fetcher.fetch(site.url(path), outlet=make_outlet(site), accept=Accept.PAGE, validators=validators)


def sent(site: Site, header: str) -> str | None:
    """A header of the last request."""
    return site.headers[-1].get(header)


@pytest.mark.parametrize(
    "etag",
    [
        '"1"',
        'W/"1"',
        "1",  # quotes missing
        '"unclosed',
        '"a","b"',
        '"with  two spaces"',
        '"!#$%&\'()*+-./:;<=>?@[]^_`{|}~\\"',
        'w/"lower case"',
        "*",
    ],
)
async def test_a_tag_comes_back_byte_for_byte(site: Site, etag: str) -> None:
    """However odd: what a server made of its own tags is its own affair."""
    site.on("/1", page(f"ETag: {etag}"), NOT_MODIFIED)
    first = await fetch(site)
    assert first is not None
    assert first.capture.validators == Validators(url=site.url("/1"), etag=etag)
    assert await fetch(site, first.capture.validators) is None
    assert sent(site, "if-none-match") == etag


async def test_a_date_comes_back_byte_for_byte_and_only_without_a_tag(site: Site) -> None:
    """No date is ours to make up or to correct; beside a tag it could only mislead."""
    site.on("/1", page("Last-Modified: yesterday,  about noon"), NOT_MODIFIED)
    first = await fetch(site)
    assert first is not None
    assert await fetch(site, first.capture.validators) is None
    assert sent(site, "if-modified-since") == "yesterday,  about noon"
    await fetch(site, Validators(url=site.url("/1"), etag='"1"', last_modified=DATE))
    assert (sent(site, "if-none-match"), sent(site, "if-modified-since")) == ('"1"', None)


async def test_a_tag_that_cannot_be_sent_leaves_the_date(site: Site) -> None:
    """Letters beyond ASCII have no one spelling in a header."""
    site.on("/1", answer("200 OK", HTML, 'ETag: "é"', f"Last-Modified: {DATE}", body=PAGE))
    first = await fetch(site)
    assert first is not None
    assert first.capture.validators.etag == '"é"'
    await fetch(site, first.capture.validators)
    assert (sent(site, "if-none-match"), sent(site, "if-modified-since")) == (None, DATE)


async def test_validators_belong_to_the_page_that_a_redirect_led_to(site: Site) -> None:
    """They are sent there, and neither to the redirect nor, when it leads elsewhere, to the new page."""
    site.on("/old", answer("302 Found", "Location: /1"))
    site.on("/1", page('ETag: "1"'), NOT_MODIFIED)
    first = await fetch(site, path="/old")
    assert first is not None
    assert await fetch(site, first.capture.validators, path="/old") is None
    assert [headers.get("if-none-match") for headers in site.headers[-2:]] == [None, '"1"']
    site.on("/old", answer("302 Found", "Location: /2"))
    site.on("/2", page())
    assert await fetch(site, first.capture.validators, path="/old") is not None
    assert sent(site, "if-none-match") is None


@pytest.mark.parametrize("etag", ['"1"', 'W/"1"', '"1-gzip"', '"1;gzip"'])
async def test_a_304_that_names_the_same_tag_is_one(site: Site, etag: str) -> None:
    """Also where the server that compresses spells it otherwise."""
    site.on("/1", answer("304 Not Modified", f"ETag: {etag}", length=False))
    assert await fetch(site, Validators(url=site.url("/1"), etag='"1"')) is None
    assert site.pages == ["/1"]


async def test_a_304_that_names_another_tag_is_asked_again_in_full(site: Site) -> None:
    """It says that something is unmodified which we do not have."""
    site.on("/1", answer("304 Not Modified", 'ETag: "2"', length=False), page('ETag: "2"'))
    fetched = await fetch(site, Validators(url=site.url("/1"), etag='"1"'))
    assert fetched is not None
    assert fetched.capture.validators.etag == '"2"'
    assert [headers.get("if-none-match") for headers in site.headers[-2:]] == ['"1"', None]


@pytest.mark.parametrize("headers", [(), ('ETag: "1"',)])
async def test_a_304_to_an_unconditional_request_is_a_failure(site: Site, headers: tuple[str, ...]) -> None:
    """Nothing came, and nothing is known that it could mean: tried again, and no page that has not changed."""
    site.on("/1", answer("304 Not Modified", *headers, length=False))
    error = await failure(site, attempts=2)
    assert (error.reason, error.http_status) == (Reason.PROTOCOL_ERROR, 304)
    assert site.pages == ["/1", "/1"]


async def test_a_name_without_an_address_is_told_from_a_host_that_does_not_answer(site: Site) -> None:
    """Whether it is met on the way to the robots.txt, as most are, or to the page itself."""

    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, f"{host}:{port} is not known")

    async def nothing(host: str, port: int) -> list[str]:
        del host, port
        return []

    outlet = make_outlet(site, hosts=("gone.example",))
    for resolver in (unknown, nothing):
        async with fetching(site, resolver=resolver, attempts=1) as fetcher:
            with pytest.raises(UnresolvedHostError) as caught:
                await fetcher.fetch("http://gone.example/1", outlet=outlet, accept=Accept.PAGE)
        assert caught.value.reason in (Reason.ROBOTS_UNREACHABLE, Reason.CONNECT_ERROR)
        assert "gone.example" in caught.value.detail


async def test_a_closed_port_is_no_unknown_name(site: Site) -> None:
    """The name has an address, and nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        async with fetching(site, allow_addresses=(place,), attempts=1) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(f"http://{place}/1", outlet=make_outlet(site, hosts=(place,)), accept=Accept.PAGE)
    assert type(caught.value) is TransientFetchError
