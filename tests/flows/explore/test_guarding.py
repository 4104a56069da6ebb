"""The guard: this machine's own page, for what an app needs, and a policy that names its scripts."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from flows.explore.guarding import Guard, policy_for

PAGE = b"<html><script data-x>one()</script><script src=./a.js></script><script>two()</script></html>"
SELF = {"host": "127.0.0.1:4202"}


async def app(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers everything with a page in two pieces."""
    kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/javascript"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[20:]})


async def asked(path: str, headers: dict[str, str], *, kind: str = "http") -> tuple[list[Message], dict[str, Any]]:
    """What comes back, and what the app was handed."""
    sent: list[Message] = []
    seen: dict[str, Any] = {}

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(scope)
        if kind == "http":
            await app(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "headers": raw, "query_string": b""}
    await Guard(watched, port=4202, meta={"home": "h"})(scope, receive, send)
    return sent, seen


def status_of(sent: list[Message]) -> int:
    """The status of an answer."""
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4202", "127.0.0.1", "127.0.0.1:80", "192.168.1.2:4202", "[::1]:4202", ""]
)
async def test_other_names_are_refused(host: str) -> None:
    """A name that somebody lets lead to this machine is not this machine's."""
    sent, seen = await asked("/", {"host": host})
    assert (status_of(sent), seen) == (421, {})


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[broken",
        "https://127.0.0.1:4202",
    ],
)
async def test_pages_of_others_are_refused(origin: str) -> None:
    """Another site in the person's browser cannot read what is here, by request or by socket."""
    sent, seen = await asked("/", {**SELF, "origin": origin})
    assert (status_of(sent), seen) == (403, {})
    sent, seen = await asked("/ws", {**SELF, "origin": origin}, kind="websocket")
    assert (sent[0]["type"], seen) == ("websocket.close", {})


@pytest.mark.parametrize(
    "path",
    [
        "/api/kernel/run",
        "/api/kernel/save",
        "/api/kernel/save_user_config",
        "/api/kernel/scratchpad/run",
        "/api/ai/completion",
        "/api/files/list_files",
        "/api/packages/add",
        "/api/export/html",
        "/api/usage",
        "/mcp/server",
        "/terminal/ws",
        "/sse",
        "/auth/login",
        "//",
    ],
)
async def test_what_an_app_does_not_need_is_not_there(path: str) -> None:
    """Code, files, packages, models, exports: 404 before marimo sees the request."""
    sent, seen = await asked(path, SELF)
    assert (status_of(sent), seen) == (404, {})


@pytest.mark.parametrize("headers", [SELF, {"host": "localhost:4202"}, {**SELF, "origin": "http://127.0.0.1:4202"}])
async def test_the_own_page_is_let_through(headers: dict[str, str]) -> None:
    """Whole, with its policy, and the notebook is told its home."""
    sent, seen = await asked("/", headers)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert (status_of(sent), sent[1]["body"], seen["meta"]) == (200, PAGE, {"home": "h"})
    assert answered["x-content-type-options"] == "nosniff"
    assert "connect-src 'self'" in answered["content-security-policy"]


async def test_assets_stay_in_the_browser() -> None:
    """Their names are hashes; they pass as they come."""
    sent, _ = await asked("/assets/index.js", SELF)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert "immutable" in answered["cache-control"]
    assert b"".join(message["body"] for message in sent[1:]) == PAGE


def test_the_policy_names_the_inline_scripts() -> None:
    """Those of the page as it leaves, no others, and nothing that is made at run time."""
    policy = policy_for(PAGE, "127.0.0.1:4202")
    scripts = policy.partition("script-src")[2].partition(";")[0].split()
    wanted = [f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in (b"one()", b"two()")]
    assert sorted(scripts) == sorted(["'self'", *wanted])
    assert "unsafe-eval" not in policy
