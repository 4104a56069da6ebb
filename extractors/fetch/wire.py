"""Turns one URL into one HTTP/1.1 exchange within its bounds; the only module that imports httpx.

No proxy and no credentials from the environment, no cookies, no redirects of the client's own; the body comes in as it
is on the wire and is decoded within its bound (RFC 9110, RFC 9112).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from extractors.archive.exchange import WireHeaders, text_of
from extractors.content_encoding import BodyDecoder
from extractors.errors import (
    BodyError,
    FetchError,
    PermanentFetchError,
    Reason,
    TransientFetchError,
    UnresolvedHostError,
)
from extractors.fetch.addresses import GuardedBackend, Resolve, UnresolvedNameError
from extractors.fetch.responses import Headers, first_header, make_failure
from extractors.normalize.urls import normalize
from extractors.outlets import FetchSettings

Transport = httpx.AsyncBaseTransport
KEEPALIVE_SECONDS = 30.0
MAX_HEADERS = 256
"""Headers of one answer; real ones have a few dozen. The parser below bounds their size, by 100 KB for each read."""
SMALL_BYTES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that can be asked: http or https, without credentials and fragment.

    ``host`` is the name (with the port where it is not the scheme's own) by which the outlet's file and the pacer know
    the host; ``ascii_host`` is the same in IDNA form.
    """

    url: str
    host: str
    ascii_host: str

    def join(self, location: str) -> Target:
        """Where a ``Location`` header leads from here.

        Raises:
            PermanentFetchError: ``bad_url``.
        """
        try:
            target = make_target(str(httpx.URL(self.url).join(location)))
            normalize(target.url)  # a page is known by this spelling, so an address that has none is of no use
        except (httpx.InvalidURL, ValueError) as error:
            raise PermanentFetchError(Reason.BAD_URL, self.url, f"redirects to no URL: {error}") from None
        return target


@lru_cache(maxsize=1_000)  # one request has it read several times
def make_target(url: str) -> Target:
    """Read a URL.

    Raises:
        PermanentFetchError: ``bad_url``.
    """
    try:
        parsed = httpx.URL(url.strip())
        if "#" in url or parsed.userinfo:  # else it would be read a second time for nothing
            parsed = parsed.copy_with(userinfo=b"", fragment=None)
        host, ascii_host, port = parsed.host, parsed.raw_host.decode("ascii"), parsed.port
    except (httpx.InvalidURL, ValueError) as error:
        raise PermanentFetchError(Reason.BAD_URL, url, str(error)) from None
    if parsed.scheme not in ("http", "https") or not host:
        raise PermanentFetchError(Reason.BAD_URL, url, "is not an absolute http or https URL")
    if port is not None and not 0 < port < 65_536:
        raise PermanentFetchError(Reason.BAD_URL, url, f"has the port {port}")
    host = f"[{host}]" if ":" in host else host
    suffix = "" if port is None else f":{port}"
    return Target(url=str(parsed), host=host.lower() + suffix, ascii_host=ascii_host.lower() + suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One response, before anybody has judged it.

    ``headers`` are those of the wire as text, in their order and spelling.
    ``raw_body`` is the body as it came, ``body`` is decoded; both are empty where the body was not wanted, and where
    ``problem`` says that it could not be read whole, they hold what came before.
    """

    target: Target
    status: int
    reason_phrase: str
    http_version: str
    wire_headers: WireHeaders
    headers: Headers
    request_headers: WireHeaders
    raw_body: bytes
    body: bytes
    problem: FetchError | None
    started_at: datetime
    took_seconds: float

    def header(self, name: str) -> str | None:
        """First value of a header, by its name in lower case."""
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRules:
    """Which bodies are read, and how much of them.

    ``is_wanted`` is told the status and the headers. ``max_bytes`` holds for the encoded and for the decoded body.
    ``keeps_beginning`` reads a body that declares more than that up to there, where the beginning is of use.
    """

    is_wanted: Callable[[int, Headers], bool]
    max_bytes: int
    keeps_beginning: bool = False


class Wire:
    """Sends requests, one pool of connections for all hosts, and one for those whose certificates are not checked.

    Args:
        settings: Pool size and timeouts of single operations; the limits of an exchange are given with it.
        transport: In place of the network, for tests; the address guard is the network's, so it is not asked then.
        resolver: Gives a host's addresses.
        trusted: Whose certificates are accepted; ``None`` means those of the authorities that browsers know.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        transport: Transport | None,
        resolver: Resolve,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._slots = asyncio.Semaphore(settings.max_connections)
        self._resources = AsyncExitStack()
        self._verified = make_client(settings, transport or guarded_transport(settings, resolver, trusted or True))
        self._unverified = make_client(settings, transport or guarded_transport(settings, resolver, tls=False))

    async def __aenter__(self) -> Self:
        await self._resources.enter_async_context(self._verified)
        await self._resources.enter_async_context(self._unverified)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._resources.__aexit__(kind, error, trace)

    async def ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        *,
        rules: BodyRules,
        total_seconds: float,
        started_at: datetime,
        is_tls_verified: bool = True,
    ) -> Answer:
        """Send one GET request.

        Args:
            target: What to ask for.
            headers: Of the request.
            rules: For the body.
            total_seconds: From the connection to the last byte.
            started_at: Aware time of the request, for the answer.
            is_tls_verified: Whether the certificate must be valid for the host's name.

        Raises:
            FetchError: No response came: ``timeout``, ``connect_error``, ``tls_error``, ``protocol_error``,
                ``private_address`` or ``bad_url``. A failure in the body is the answer's ``problem``.
        """
        async with self._slots:
            try:
                async with asyncio.timeout(total_seconds):
                    client = self._verified if is_tls_verified else self._unverified
                    return await exchange(client, target, headers, rules, started_at)
            except TimeoutError:
                detail = f"no complete answer within {total_seconds:.1f} s"
                raise make_failure(Reason.TIMEOUT, target.url, detail) from None
            except (httpx.HTTPError, httpx.InvalidURL, OSError, FetchError) as error:
                raise make_wire_error(error, target.url) from error


async def exchange(
    client: httpx.AsyncClient, target: Target, headers: Mapping[str, str], rules: BodyRules, started_at: datetime
) -> Answer:
    """Send one GET request and read what is wanted of its answer.

    Raises:
        FetchError: ``protocol_error``, for more headers than anybody needs.
        httpx.HTTPError: No response came.
    """
    started = time.monotonic()
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = client.build_request("GET", target.url, headers=sent)
    response = await client.send(request, stream=True)
    try:
        if (header_count := len(response.headers.raw)) > MAX_HEADERS:
            raise make_failure(Reason.PROTOCOL_ERROR, target.url, f"has {header_count} headers", response.status_code)
        raw_body, body = bytearray(), bytearray()
        problem = None
        headers_as_text = text_headers(response)
        if rules.is_wanted(response.status_code, headers_as_text):
            problem = await read_body(response, raw_body, body, rules)
    finally:
        await response.aclose()
    return Answer(
        target=target,
        status=response.status_code,
        reason_phrase=response.reason_phrase,
        http_version=response.http_version,
        wire_headers=tuple(response.headers.raw),
        headers=headers_as_text,
        request_headers=tuple(request.headers.raw),
        raw_body=bytes(raw_body),
        body=bytes(body),
        problem=problem,
        started_at=started_at,
        took_seconds=time.monotonic() - started,
    )


def make_client(settings: FetchSettings, transport: Transport) -> httpx.AsyncClient:
    """A client that adds nothing of its own: no environment, no cookies, no redirects."""
    return httpx.AsyncClient(
        transport=transport,
        timeout=httpx.Timeout(settings.read_timeout_seconds, connect=settings.connect_timeout_seconds, pool=None),
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )


def guarded_transport(settings: FetchSettings, resolver: Resolve, tls: ssl.SSLContext | bool = True) -> Transport:
    """The network, with the address guard under the connection pool.

    Args:
        settings: Pool size, and the addresses that are allowed though they are not public.
        resolver: Gives a host's addresses.
        tls: Whose certificates are accepted: a context's, those of the known authorities, or anybody's.
    """
    transport = httpx.AsyncHTTPTransport(
        verify=tls,
        trust_env=False,
        limits=httpx.Limits(
            max_connections=settings.max_connections,
            max_keepalive_connections=settings.max_connections,
            keepalive_expiry=KEEPALIVE_SECONDS,
        ),
    )
    guard = GuardedBackend(allow_addresses=settings.allow_addresses, resolver=resolver)
    # httpx has no public way to a network backend; the version is pinned, and a test fails where this name is gone.
    pool = transport._pool  # noqa: SLF001
    assert hasattr(pool, "_network_backend")
    pool._network_backend = guard  # noqa: SLF001
    return transport


def text_headers(response: httpx.Response) -> Headers:
    """A response's headers as text, in their order and spelling."""
    return tuple((text_of(name), text_of(value)) for name, value in response.headers.raw)


async def read_body(
    response: httpx.Response, raw_body: bytearray, body: bytearray, rules: BodyRules
) -> FetchError | None:
    """Read a body into two buffers, as it came and decoded; returns what went wrong, or ``None``."""
    url = str(response.request.url)
    try:
        await take_body(response, raw_body, body, rules)
    except BodyError as error:
        return make_failure(error.reason, url, error.detail, response.status_code)
    except (httpx.ReadError, httpx.ProtocolError, OSError) as error:
        return make_failure(Reason.TRUNCATED_BODY, url, str(error), response.status_code)
    except httpx.HTTPError as error:
        return make_wire_error(error, url)
    return None


async def take_body(response: httpx.Response, raw_body: bytearray, body: bytearray, rules: BodyRules) -> None:
    """Read a body into two buffers, as it came and decoded.

    Raises:
        BodyError: ``too_large``, ``bad_encoding`` or ``truncated_body``.
    """
    decoder = BodyDecoder(response.headers.get("content-encoding"), max_bytes=rules.max_bytes)
    declared_bytes = content_length(text_headers(response))
    if declared_bytes is not None and declared_bytes > rules.max_bytes and not rules.keeps_beginning:
        raise BodyError(Reason.TOO_LARGE, f"declares {declared_bytes} bytes")
    async for chunk in chunks_of(response):
        raw_body += chunk
        if len(raw_body) > rules.max_bytes:
            raise BodyError(Reason.TOO_LARGE, f"is larger than {rules.max_bytes} bytes")
        # what one call decodes is lost when it goes beyond the bound, so a beginning that is of use comes in small bits
        step = SMALL_BYTES if rules.keeps_beginning else max(len(chunk), 1)
        for start in range(0, len(chunk), step):
            body += decoder.feed(chunk[start : start + step])
    if declared_bytes is not None and len(raw_body) < declared_bytes:
        raise BodyError(Reason.TRUNCATED_BODY, f"has {len(raw_body)} of {declared_bytes} bytes")
    decoder.finish(is_empty=not raw_body)


async def chunks_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes over the wire."""
    if response.is_stream_consumed and isinstance(response.stream, httpx.AsyncByteStream):
        stream = response.stream.__aiter__()  # a test's transport has built the response from bytes
    else:
        stream = response.aiter_raw()
    async for chunk in stream:
        yield chunk


def content_length(headers: Headers) -> int | None:
    """What ``Content-Length`` says of the body as it comes; ``None`` where it says nothing."""
    if first_header(headers, "transfer-encoding") is not None:
        return None
    value = (first_header(headers, "content-length") or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def make_wire_error(error: Exception, url: str) -> FetchError:
    """The error for whatever kept a response from coming."""
    if isinstance(error, FetchError):  # the address guard knows host and port, not the URL
        return type(error)(error.reason, url, error.detail, error.http_status, error.retry_after_seconds)
    detail = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return make_failure(Reason.TIMEOUT, url, f"{type(error).__name__} {error}".strip())
    # a Location that is no URL comes as a protocol error, raised while the address was read
    if any(isinstance(cause, (httpx.InvalidURL, httpx.UnsupportedProtocol)) for cause in causes_of(error)):
        return make_failure(Reason.BAD_URL, url, detail)
    if any(isinstance(cause, ssl.SSLError) for cause in causes_of(error)):
        return make_failure(Reason.TLS_ERROR, url, detail)
    if isinstance(error, httpx.ProtocolError):
        return make_failure(Reason.PROTOCOL_ERROR, url, detail)
    is_unresolved = any(isinstance(cause, UnresolvedNameError) for cause in causes_of(error))
    return (UnresolvedHostError if is_unresolved else TransientFetchError)(Reason.CONNECT_ERROR, url, detail)


def causes_of(error: BaseException) -> list[BaseException]:
    """An error and what it was raised from; the library below wraps TLS errors as failed connections."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    return chain
