"""What is let through to the app: requests of its own page on this machine, for what an app needs, and nothing else.

Beside showing an app, marimo's server can run code, read files and talk to models, and it allows every origin. Whatever
is not named here is answered with 404 before it sees it; a page of another origin, or of a name that was made to lead
here, is refused; and a Content-Security-Policy lets the page run its own scripts alone and ask nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATHS = frozenset(
    {
        "/",
        "/ws",
        "/health",
        "/favicon.ico",
        "/manifest.json",
        "/public-files-sw.js",
        "/api/kernel/instantiate",
        "/api/kernel/set_ui_element_value",
        "/api/kernel/function_call",
    }
)
FOLDERS = ("/assets/", "/favicon", "/apple-touch-icon", "/android-chrome", "/logo")
NAMES = frozenset({"127.0.0.1", "localhost"})

INLINE_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws://{host}; manifest-src 'self'; worker-src 'self'; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """ASGI middleware around marimo's app; hands the notebook what it needs to know as ``meta`` of the request."""

    def __init__(self, app: ASGIApp, *, port: int, meta: dict[str, str]) -> None:
        self.app = app
        self.hosts = frozenset(f"{name}:{port}" for name in NAMES)
        self.meta = meta

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refusal := self.refusal(scope["path"], headers):
            await refuse(scope, receive, send, *refusal)
            return
        scope["meta"] = self.meta
        if scope["type"] == "http":
            await self.app(scope, receive, Answer(send, path=scope["path"], host=headers["host"]))
        else:
            await self.app(scope, receive, send)

    def refusal(self, path: str, headers: Headers) -> tuple[int, str] | None:
        """Status and words for a request that is not let through."""
        if headers.get("host") not in self.hosts:
            return 421, "wirewatch explore answers at 127.0.0.1 alone"
        origin = headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in self.hosts:
            return 403, "wirewatch explore answers its own page alone"
        if path not in PATHS and not path.startswith(FOLDERS):
            return 404, "not found"
        return None


class Answer:
    """Sends a response on, with headers that hold the browser to it."""

    def __init__(self, send: Send, *, path: str, host: str) -> None:
        self.send = send
        self.path = path
        self.host = host
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Hold a page back until it is whole: its policy names each of its scripts."""
        if message["type"] == "http.response.start":
            self.start = message
            self.harden(message)
            if self.is_page(message):
                return
        elif message["type"] == "http.response.body" and self.start is not None and self.is_page(self.start):
            self.body += message.get("body", b"")
            if message.get("more_body", False):
                return
            MutableHeaders(scope=self.start)["content-security-policy"] = policy_for(self.body, self.host)
            await self.send(self.start)
            message = {"type": "http.response.body", "body": self.body}
        await self.send(message)

    def harden(self, start: Message) -> None:
        """Headers for every answer."""
        headers = MutableHeaders(scope=start)
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "no-referrer"
        headers["cross-origin-resource-policy"] = "same-origin"
        headers["cross-origin-opener-policy"] = "same-origin"
        headers["x-dns-prefetch-control"] = "off"
        if self.path.startswith("/assets/") and start["status"] == 200:
            headers["cache-control"] = "public, max-age=31536000, immutable"  # their names are hashes

    @staticmethod
    def is_page(start: Message) -> bool:
        """Whether it is HTML."""
        return MutableHeaders(scope=start).get("content-type", "").startswith("text/html")


def policy_for(page: bytes, host: str) -> str:
    """The policy of a page: of inline scripts it runs those that are in it as it leaves the server."""
    found = INLINE_SCRIPT.finditer(page)
    digests = {hashlib.sha256(script["text"]).digest() for script in found if b"src=" not in script["attributes"]}
    hashes = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in sorted(digests))
    return POLICY.format(hashes=hashes, host=host)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    """Answer a request that is not let through."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": words})
        return
    await PlainTextResponse(words + "\n", status_code=status)(scope, receive, send)
