"""Turns a host's name into a connection to a public address, or refuses, after IANA's special-purpose registries.

The address is checked where the connection is made, on every hop and after the only resolution there is: neither a
redirect nor a name that answers differently the second time (DNS rebinding) can reach the operator's own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from extractors.errors import PermanentFetchError, Reason

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

NOT_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # "this network"; 0.0.0.0 connects to the own host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent on an address that looks public
        "169.254.0.0/16",  # link-local, and most clouds' metadata at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays into 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",  # reserved, with the broadcast address
    )
)
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
"""The only unicast block that IANA has given out: mapped, NAT64, local and multicast addresses lie outside of it."""
NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, with Teredo 2001::/32, which carries an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",
    )
)
MAX_ADDRESSES_TRIED = 3


def is_public(address: str) -> bool:
    """Whether an address is one that anybody on the internet may be asked at.

    ``ipaddress.is_global`` is not asked: what it says has changed between the Python versions that we run on, and it
    lets NAT64 addresses through.

    Args:
        address: IPv4 in dotted form, or IPv6, with or without a scope; anything else is not public.

    Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
    """
    try:
        parsed: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in NOT_PUBLIC_V4)
    return parsed in PUBLIC_V6 and not any(parsed in network for network in NOT_PUBLIC_V6)


def with_port(address: str, port: int) -> str:
    """An address and its port as ``allow_addresses`` spells them: ``127.0.0.1:8081``, ``[::1]:8081``."""
    try:
        parsed: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address}:{port}"
    return f"[{parsed}]:{port}" if parsed.version == 6 else f"{parsed}:{port}"


def canonical(address_with_port: str) -> str:
    """One spelling for each address with its port: ``[0:0::1]:80`` is ``[::1]:80``."""
    address, _, port = address_with_port.rpartition(":")
    return with_port(address.strip("[]"), int(port))


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver once; also reads the odd spellings of IPv4 (octal, hexadecimal, one number).

    Raises:
        OSError: The name has no address.
        UnicodeError: The name cannot be one.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class UnresolvedNameError(httpcore.ConnectError):
    """A host's name has no address."""


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to those that the operator has named.

    Args:
        allow_addresses: Exceptions, each one address with its port.
        resolver: Gives a host's addresses.
    """

    def __init__(self, *, allow_addresses: Iterable[str] = (), resolver: Resolve = resolve) -> None:
        self.allow_addresses = frozenset(canonical(address) for address in allow_addresses)
        self.resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, connect to one of the checked ones; TLS still verifies the name.

        Raises:
            PermanentFetchError: ``private_address``.
            httpcore.ConnectError: No address, or none that answers.
            httpcore.ConnectTimeout: No answer in time.
        """
        addresses = await self._checked_addresses(host, port, timeout)
        options = None if socket_options is None else list(socket_options)
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, share, local_address, options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no outlet is behind a file of this machine."""
        raise PermanentFetchError(Reason.PRIVATE_ADDRESS, path, "is a Unix socket")

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between its own retries, which are off."""
        await self._inner.sleep(seconds)

    async def _checked_addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                addresses = await self.resolver(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from None
        except (OSError, UnicodeError) as error:
            cause = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise UnresolvedNameError(f"the name {host} cannot be resolved: {cause}") from error
        if not addresses:
            raise UnresolvedNameError(f"the name {host} has no address")
        for address in addresses:
            if not is_public(address) and with_port(address, port) not in self.allow_addresses:
                advice = f"add {with_port(address, port)!r} to allow_addresses of [fetch] if it is meant"
                raise PermanentFetchError(
                    Reason.PRIVATE_ADDRESS, f"{host}:{port}", f"{host} is at {address}, which is not public; {advice}"
                )
        return addresses[:MAX_ADDRESSES_TRIED]
