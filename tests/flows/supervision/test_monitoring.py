from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from extractors.errors import ConfigurationError
from flows.settings import MonitorSettings, Settings, Workspace
from flows.supervision.monitoring import serving_monitor


def make(workspace: Workspace) -> Starlette:
    """An application that says whose it is."""

    async def healthz(_: Request) -> PlainTextResponse:
        return PlainTextResponse(f"fine at {workspace.home}")

    return Starlette(routes=[Route("/healthz", healthz)])


def workspace_at(port: int) -> Workspace:
    """A home whose monitor is at a port."""
    settings = Settings(monitor=MonitorSettings(port=port))
    return Workspace(config=Path("config"), home=Path("home"), settings=settings, outlets={})


def test_answers_while_it_is_served(port: int) -> None:
    """And no longer: the port is free again."""
    with serving_monitor(workspace_at(port), make) as url:
        assert url == f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{url}/healthz", timeout=60) as answer:
            assert answer.read() == b"fine at home"
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_there_may_be_none() -> None:
    """Port 0 turns it off."""
    with serving_monitor(workspace_at(0), make) as url:
        assert url is None


def test_a_taken_port_is_told() -> None:
    """The message names the table of the port's key."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ConfigurationError, match=r"\[monitor\]: port: "), serving_monitor(workspace_at(port), make):
            pass
