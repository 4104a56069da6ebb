"""Only public addresses are connected to, whatever a name, a number or a resolver says."""

from __future__ import annotations

import asyncio
import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import PermanentFetchError, Reason
from extractors.fetch.addresses import GuardedBackend, Resolve, is_public, resolve

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "193.0.6.139",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
]
NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::7f00:1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "localhost",
    "",
    "8.8.8.8.8",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    """The table's neighbors, and what real outlets have."""
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses_do_not(address: str) -> None:
    """Private, local, metadata, translated and reserved addresses, and what is no address."""
    assert not is_public(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_never_laxer_than_the_library(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """What the standard library calls private, local or multicast is never public here."""
    if is_public(str(address)):
        assert not any((address.is_private, address.is_loopback, address.is_link_local, address.is_multicast))


def answering(*answers: list[str]) -> Resolve:
    """A resolver that gives one answer after the other, and the last one again and again."""
    queue = list(answers)

    async def answer(host: str, port: int) -> list[str]:
        del host, port
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return answer


@pytest.mark.parametrize("spelling", ["0177.0.0.1", "0x7f.0.0.1", "2130706433", "0x7f000001", "127.1", "0"])
async def test_odd_spellings_of_an_address_are_read_before_they_are_judged(spelling: str) -> None:
    """The system's resolver reads octal, hexadecimal and short forms, so the guard sees what would be connected to."""
    with pytest.raises(PermanentFetchError) as caught:
        await GuardedBackend().connect_tcp(spelling, 80, timeout=5)
    assert caught.value.reason == Reason.PRIVATE_ADDRESS


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:192.168.0.1"], ["2002:7f00:1::"]])
async def test_one_private_address_among_others_is_enough(answer: list[str]) -> None:
    """A name with a public and a private address is refused as a whole."""
    with pytest.raises(PermanentFetchError, match="not public") as caught:
        await GuardedBackend(resolver=answering(answer)).connect_tcp("news.example", 80, timeout=5)
    assert caught.value.reason == Reason.PRIVATE_ADDRESS


async def test_an_allowed_address_is_allowed_at_its_port_only() -> None:
    """``allow_addresses`` names one address and one port."""
    seen: list[str] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername")[0])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        guard = GuardedBackend(allow_addresses=[f"127.0.0.1:{port}"], resolver=answering(["127.0.0.1"]))
        stream = await guard.connect_tcp("news.example", port, timeout=5)
        assert await stream.read(1, timeout=5) == b""
        await stream.aclose()
        with pytest.raises(PermanentFetchError):
            await guard.connect_tcp("news.example", port + 1, timeout=5)
    assert seen == ["127.0.0.1"]


async def test_a_name_that_answers_differently_later_is_asked_once() -> None:
    """DNS rebinding: what was checked is what is connected to."""
    port = 9  # discard; nobody listens there
    guard = GuardedBackend(allow_addresses=[f"127.0.0.1:{port}"], resolver=answering(["127.0.0.1"], ["10.0.0.1"]))
    with pytest.raises((httpcore.ConnectError, httpcore.ConnectTimeout)):
        await guard.connect_tcp("news.example", port, timeout=2)
    with pytest.raises(PermanentFetchError):
        await guard.connect_tcp("news.example", port, timeout=2)


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    """A host with a dead first address is still reached."""

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    allowed = [f"127.0.0.2:{port}", f"127.0.0.1:{port}"]
    async with server:
        guard = GuardedBackend(allow_addresses=allowed, resolver=answering(["127.0.0.2", "127.0.0.1"]))
        stream = await guard.connect_tcp("news.example", port, timeout=10)
        await stream.aclose()


async def test_ipv6_exceptions_have_one_meaning_for_every_spelling() -> None:
    """``[0:0::1]:81`` allows ``::1`` at port 81, so the guard lets the connection be tried."""
    guard = GuardedBackend(allow_addresses=["[0:0::1]:81"], resolver=answering(["::1"]))
    with pytest.raises((httpcore.ConnectError, httpcore.ConnectTimeout)):
        await guard.connect_tcp("news.example", 81, timeout=2)


async def test_a_name_without_address_is_a_failed_connection() -> None:
    """A name that cannot be resolved, has no address or cannot be a name is no crash."""

    async def fails(host: str, port: int) -> list[str]:
        raise OSError(f"unknown {host}:{port}")

    for guard in (GuardedBackend(resolver=fails), GuardedBackend(resolver=answering([]))):
        with pytest.raises(httpcore.ConnectError):
            await guard.connect_tcp("news.example", 80, timeout=5)
    with pytest.raises(httpcore.ConnectError):
        await GuardedBackend(resolver=resolve).connect_tcp("a" * 70 + ".example", 80, timeout=5)


async def test_a_resolver_that_hangs_is_a_timeout() -> None:
    """The time for connecting counts from the question for the name."""

    async def hangs(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return [host, str(port)]

    with pytest.raises(httpcore.ConnectTimeout):
        await GuardedBackend(resolver=hangs).connect_tcp("news.example", 80, timeout=0.05)


async def test_unix_sockets_are_refused() -> None:
    """No outlet is behind a file of this machine."""
    with pytest.raises(PermanentFetchError):
        await GuardedBackend().connect_unix_socket("/var/run/docker.sock")
