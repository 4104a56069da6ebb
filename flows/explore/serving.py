"""A home to a marimo app at 127.0.0.1, until Ctrl-C; of the person's own marimo nothing is read first or written."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from extractors.errors import ConfigurationError
from flows.explore.guarding import Guard

HOST = "127.0.0.1"
NOTEBOOK = Path(__file__).with_name("app.py")
FORGET_SECONDS = 10
"""A page that was left is forgotten after so long; one that loses its connection for a moment finds itself again."""

STOP_SECONDS = 2

MARIMO_SETTINGS = """
[display]
theme = "system"

[ai]
mode = "manual"

[sharing]
html = false
wasm = false
"""


def serve(*, port: int, meta: dict[str, str], say: Callable[[str], None], with_browser: bool) -> None:
    """Serve the app until SIGINT or SIGTERM.

    Args:
        port: Port on 127.0.0.1; 0 for any that is free.
        meta: What the notebook needs to know, as text.
        say: Tells the person the address, once it answers.
        with_browser: Whether to open the person's browser.

    Raises:
        ConfigurationError: The port is taken or not allowed.
    """
    with bound(port) as listener, stopping_quietly(), private_marimo() as environment:
        port = listener.getsockname()[1]
        app = make_app()
        guard = Guard(app, port=port, meta=meta)
        config = uvicorn.Config(
            guard, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=STOP_SECONDS
        )
        # Whoever closes a page while the app is still sending to it is nobody's to be warned of.
        logging.getLogger("asyncio").setLevel(logging.ERROR)
        server = AppServer(config, app, lambda: announce(port, say, environment if with_browser else None))
        try:
            asyncio.run(server.serve([listener]))
        finally:
            leave_soon()


class AppServer(uvicorn.Server):
    """A server that tells when it listens, and ends open pages before it waits for them."""

    def __init__(self, config: uvicorn.Config, app: Starlette, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self.app = app
        self.tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self.tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the sessions of open pages, which marimo's own server would do, then the connections."""
        for route in self.app.routes:
            if isinstance(route, Mount) and isinstance(route.app, Starlette):
                await route.app.state.session_manager.shutdown()
        await super().shutdown(sockets)


def make_app() -> Starlette:
    """The notebook as an app, without its code and without tracebacks."""
    import marimo

    builder = marimo.create_asgi_app(
        quiet=True,
        include_code=False,
        session_ttl=FORGET_SECONDS,
        html_head=NOTEBOOK.with_name("look.html").read_text(encoding="utf-8"),
    )
    app = builder.with_app(path="", root=str(NOTEBOOK)).build()
    assert isinstance(app, Starlette)
    return app


def leave_soon() -> None:
    """End the process even where a thread of a page outlasts it: a person has asked to stop, and nothing is written."""
    last_word = threading.Timer(STOP_SECONDS, os._exit, [0])
    last_word.daemon = True
    last_word.start()


def announce(port: int, say: Callable[[str], None], environment: dict[str, str] | None) -> None:
    """Tell where the app is, and open a browser in the person's own environment."""
    url = f"http://{HOST}:{port}/"
    say(url)
    if environment is not None:
        with suppress(OSError):
            subprocess.Popen(  # noqa: S603 - the standard library's own module, and an address of ours
                [sys.executable, "-m", "webbrowser", url],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


@contextmanager
def bound(port: int) -> Iterator[socket.socket]:
    """A listening socket on loopback, before anything slow is imported.

    Raises:
        ConfigurationError: The port is taken or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            problem = (
                "is taken, perhaps by another `wirewatch explore`" if taken else f"cannot be used: {error.strerror}"
            )
            raise ConfigurationError("explore", f"--port {port}", problem, "name another one with --port N") from error
        yield listener
    finally:
        listener.close()


@contextmanager
def private_marimo() -> Iterator[dict[str, str]]:
    """Give marimo folders of its own for as long as it runs: it would make a configuration and a log in the person's.

    Yields:
        The environment as it was.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="wirewatch-explore-") as folder:
        settings = Path(folder) / "config" / "marimo" / "marimo.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(MARIMO_SETTINGS, encoding="ascii")
        os.environ.update(
            XDG_CONFIG_HOME=f"{folder}/config",
            XDG_CACHE_HOME=f"{folder}/cache",
            XDG_STATE_HOME=f"{folder}/state",
            MARIMO_RESTRICT_SHARING="true",
            MARIMO_TRACING="false",
            DO_NOT_TRACK="1",
        )
        try:
            yield before
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def stopping_quietly() -> Iterator[None]:
    """End on SIGINT and SIGTERM as at the end of a work: uvicorn raises them again once it has stopped."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with suppress(Stopped):
            yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Stopped(Exception):  # noqa: N818 - no error
    """A person has stopped the app; stays inside this module."""
