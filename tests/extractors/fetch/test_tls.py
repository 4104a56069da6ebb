"""Certificates are checked by the host's name, on connections whose address the guard has checked."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable

import pytest
import trustme
from hostile_site import HTML, PAGE, Site, answer, fetching, make_outlet, serving

from extractors.errors import FetchError, Reason
from extractors.fetch import Accept
from extractors.outlets import Outlet, OutletFetch
from extractors.records import Fetched

NAME = "news.example"
OUR_CA, THEIR_CA = trustme.CA(), trustme.CA()
YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)

CERTIFICATES: dict[str, Callable[[], trustme.LeafCert]] = {
    "of an authority that nobody knows": lambda: THEIR_CA.issue_cert(NAME),
    "of another name": lambda: OUR_CA.issue_cert("other.example"),
    "of the address and not of the name": lambda: OUR_CA.issue_cert("127.0.0.1"),
    "of yesterday": lambda: OUR_CA.issue_cert(NAME, not_after=YESTERDAY),
}


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """What a server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def our_trust() -> ssl.SSLContext:
    """Whom the client trusts."""
    context = ssl.create_default_context()
    OUR_CA.configure_trust(context)
    return context


async def to_loopback(host: str, port: int) -> list[str]:
    """A resolver that knows the site's name, and an outlet elsewhere."""
    del port
    return {"inside.example": ["10.0.0.7"]}.get(host, ["127.0.0.1"])


def outlet_at(site: Site, *, name: str = NAME, verify_tls: bool = True) -> Outlet:
    """An outlet at the site, by a name."""
    return make_outlet(site, hosts=(f"{name}:{site.port}",), fetch=OutletFetch(verify_tls=verify_tls))


async def fetch(site: Site, outlet: Outlet, *, name: str = NAME, path: str = "/1") -> Fetched | None:
    """Fetch a page of the site by its name."""
    async with fetching(site, resolver=to_loopback, trusted=our_trust(), attempts=1) as fetcher:
        return await fetcher.fetch(f"https://{name}:{site.port}{path}", outlet=outlet, accept=Accept.PAGE)


async def reason_of(site: Site, outlet: Outlet, *, name: str = NAME, path: str = "/1") -> tuple[Reason, str]:
    """How a fetch fails, and what is said about it."""
    with pytest.raises(FetchError) as caught:
        await fetch(site, outlet, name=name, path=path)
    return caught.value.reason, caught.value.detail


async def test_a_good_certificate_is_one_for_the_name() -> None:
    """The connection goes to the checked address; Host, SNI and certificate are the name's."""
    asked: list[str | None] = []
    context = server_context(OUR_CA.issue_cert(NAME))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    async with serving(tls=context) as site:
        site.on("/1", answer("200 OK", HTML, body=PAGE))
        fetched = await fetch(site, outlet_at(site))
    assert fetched is not None
    assert fetched.body == PAGE
    assert set(asked) == {NAME}
    assert {headers["host"] for headers in site.headers} == {f"{NAME}:{site.port}"}


@pytest.mark.parametrize("issue", CERTIFICATES.values(), ids=CERTIFICATES.keys())
async def test_a_bad_certificate_is_a_tls_error_unless_the_outlets_file_says_otherwise(
    issue: Callable[[], trustme.LeafCert],
) -> None:
    """Not a byte is asked of such a host; with the switch, the page comes."""
    async with serving(tls=server_context(issue())) as site:
        site.on("/1", answer("200 OK", HTML, body=PAGE))
        reason, detail = await reason_of(site, outlet_at(site))
        assert (reason, detail.startswith("robots.txt: tls_error: ")) == (Reason.TLS_ERROR, True)
        assert site.asked == []
        assert await fetch(site, outlet_at(site, verify_tls=False))


async def test_the_switch_opens_no_other_host() -> None:
    """Two outlets in one run: the one without the switch is told the error, on the same host, before and after."""
    async with serving(tls=server_context(THEIR_CA.issue_cert(NAME))) as site:
        site.on("/1", answer("200 OK", HTML, body=PAGE))
        strict, lax = outlet_at(site), outlet_at(site, verify_tls=False)
        url = f"https://{NAME}:{site.port}/1"
        async with fetching(site, resolver=to_loopback, trusted=our_trust(), attempts=1) as fetcher:
            for _ in range(2):
                with pytest.raises(FetchError, match="tls_error"):
                    await fetcher.fetch(url, outlet=strict, accept=Accept.PAGE)
                assert await fetcher.fetch(url, outlet=lax, accept=Accept.PAGE)


async def test_a_robots_txt_that_leads_elsewhere_is_checked_there() -> None:
    """The switch is for the hosts in the outlet's file; another one's certificate is checked all the same."""
    async with serving(tls=server_context(THEIR_CA.issue_cert(NAME))) as elsewhere, serving() as site:
        site.on("/robots.txt", answer("302 Found", f"Location: https://{NAME}:{elsewhere.port}/robots.txt"))
        outlet = make_outlet(site, fetch=OutletFetch(verify_tls=False))
        allowed = (site.host, elsewhere.host)
        async with fetching(
            site, resolver=to_loopback, trusted=our_trust(), attempts=1, allow_addresses=allowed
        ) as fetcher:
            with pytest.raises(FetchError, match="tls_error") as caught:
                await fetcher.fetch(site.url(), outlet=outlet, accept=Accept.PAGE)
    assert caught.value.reason == Reason.ROBOTS_UNREACHABLE
    assert elsewhere.asked == []


@pytest.mark.parametrize("verify_tls", [True, False])
async def test_the_guard_checks_the_address_with_and_without_the_switch(*, verify_tls: bool) -> None:
    """A name inside the own network is refused before there is a handshake."""
    async with serving(tls=server_context(OUR_CA.issue_cert("inside.example"))) as site:
        outlet = outlet_at(site, name="inside.example", verify_tls=verify_tls)
        reason, _ = await reason_of(site, outlet, name="inside.example")
    assert reason == Reason.PRIVATE_ADDRESS
