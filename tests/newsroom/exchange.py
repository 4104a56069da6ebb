"""One request to a host that misbehaves: what a behavior needs to answer it wrongly."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import time
import zlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsroom.desk import Desk

CONDITIONAL = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
LONGEST_WAIT_SECONDS = 600.0
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: what the well-behaved site would have sent, uncompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and the means to answer it. ``options`` come from whoever ordered the behavior."""

    scope: Scope
    receive: Receive
    send: Send
    app: ASGIApp
    desk: Desk
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Path and query as they were asked for."""
        return target_of(self.scope)

    @property
    def origin(self) -> str:
        """Scheme, address and port of the host."""
        address, port = self.scope["server"]
        return f"http://{address}:{port}"

    def option(self, name: str, default: float) -> float:
        """A number that the order may set."""
        return float(self.options.get(name, default))

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status line and the headers."""
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": raw})

    async def write(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body. When the last one is never sent, the connection is cut."""
        await self.send({"type": "http.response.body", "body": data, "more_body": more})

    async def respond(self, status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> None:
        """Send a whole answer, as HTML unless the headers say otherwise."""
        data = body.encode() if isinstance(body, str) else body
        given = {"content-type": "text/html; charset=UTF-8", "content-length": str(len(data)), **(headers or {})}
        await self.start(status, given)
        await self.write(data, more=False)

    async def write_raw(self, data: bytes, *, more: bool = False, reset: bool = False) -> None:
        """Send bytes as they are, whatever HTTP says of them.

        Args:
            data: What goes over the wire.
            more: Keep the connection open; else it is closed when all is sent.
            reset: Cut the connection so that the other side sees an error.
        """
        transport = self.send.__self__.transport  # type: ignore[attr-defined] # uvicorn's way to the socket
        transport.write(data)
        if more:
            return
        if reset:
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.close()
        await self.pause(LONGEST_WAIT_SECONDS)

    async def healthy(self, path: str | None = None) -> Answer:
        """What the site would have answered to an unconditional request that takes no compression.

        Args:
            path: Ask for this in place of what was asked for. Where the order has an option ``like``, the page at that
                address is given, as if what was asked for were its own address.
        """
        if path is None and "like" in self.options:
            original, asked = str(self.options["like"]), self.scope["path"]
            answer = await self.healthy(original)
            page = answer.body.replace(original.encode(), quote(asked).encode())
            page = re.sub(rb"(?<=/node/)\d+|(?<=\?p=)\d+", b"%d" % zlib.crc32(asked.encode()), page)
            return replace(answer, body=page, headers={**answer.headers, "content-length": str(len(page))})
        scope = {
            **self.scope,
            **({} if path is None else {"path": unquote(path), "raw_path": path.encode(), "query_string": b""}),
            "method": "GET",
            "headers": [(name, value) for name, value in self.scope["headers"] if name not in CONDITIONAL],
        }
        start: MutableMapping[str, Any] = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.app(scope, self.receive, collect)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(status=start["status"], headers=headers, body=bytes(body))

    async def pause(self, seconds: float) -> bool:
        """Wait; ``False`` as soon as the client is gone or the newsroom closes."""
        gone = asyncio.ensure_future(self.disconnected())
        try:
            end = time.monotonic() + min(seconds, LONGEST_WAIT_SECONDS)
            while (left := end - time.monotonic()) > 0:
                done, _ = await asyncio.wait({gone}, timeout=min(left, POLL_SECONDS))
                if done or self.desk.closing:
                    return False
            return True
        finally:
            gone.cancel()

    async def disconnected(self) -> None:
        """Return when the client has hung up."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


def target_of(scope: Scope) -> str:
    """Path and query of a request as they stand on the wire."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return (raw + (b"?" + query if query else b"")).decode("latin-1")
