"""The newsroom as a running server: uvicorn in a thread of its own, on two loopback sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from newsroom.app import Newsroom, make_order
from newsroom.desk import Desk, Host, LoggedRequest
from newsroom.sample_articles import Edition

ADDRESS = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0


class RunningNewsroom:
    """A newsroom that answers. Its methods may be called from any thread."""

    def __init__(self, desk: Desk, observatory_port: int, gazette_port: int) -> None:
        self.desk = desk
        self.observatory_port = observatory_port
        self.gazette_port = gazette_port

    @property
    def observatory_url(self) -> str:
        """The Observatory's address, without a slash at its end."""
        return f"http://{ADDRESS}:{self.observatory_port}"

    @property
    def gazette_url(self) -> str:
        """The Gazette's address, without a slash at its end."""
        return f"http://{ADDRESS}:{self.gazette_port}"

    @property
    def edition(self) -> Edition:
        """The edition that is served."""
        return self.desk.edition

    def set_edition(self, edition: Edition | str) -> None:
        """Serve this edition from now on."""
        self.desk.edition = Edition(edition)

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """What was asked so far, oldest first."""
        return self.desk.requests()

    def forget_requests(self) -> None:
        """Empty the log of requests."""
        self.desk.forget_requests()

    def misbehave(self, host: Host, path: str, behavior: str, *, times: int | None = None, **options: Any) -> None:
        """Fail at an address from now on.

        Args:
            host: ``observatory`` or ``gazette``.
            path: A path, with or without its query, or a regular expression that matches one whole.
            behavior: A name of ``behavior_names()``.
            times: How often; until ``behave()`` where it is ``None``.
            options: The behavior's own, such as ``retry_after``, ``seconds`` or ``megabytes``.

        Raises:
            ValueError: There is no such host or behavior.
        """
        values = {"site": host, "path": path, "behavior": behavior, "times": times, **options}
        self.desk.order(make_order(values))

    def behave(self) -> None:
        """Fail no longer."""
        self.desk.behave()


@contextmanager
def running_newsroom(
    *, edition: Edition | str = Edition.MORNING, observatory_port: int = 0, gazette_port: int = 0
) -> Iterator[RunningNewsroom]:
    """Serve the newsroom while the block runs; port 0 takes a free one.

    Raises:
        OSError: A port is taken.
        RuntimeError: The server did not come up.
    """
    desk = Desk(edition=Edition(edition))
    with listening(observatory_port) as observatory, listening(gazette_port) as gazette:
        sockets = [observatory, gazette]
        ports = [sock.getsockname()[1] for sock in sockets]
        server = make_server(desk, ports[0], ports[1])
        thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, name="newsroom", daemon=True)
        thread.start()
        try:
            wait_until_started(server, thread)
            yield RunningNewsroom(desk, ports[0], ports[1])
        finally:
            desk.closing = True
            server.should_exit = True
            thread.join(STOP_SECONDS)


def make_server(desk: Desk, observatory_port: int, gazette_port: int) -> uvicorn.Server:
    """A server for two sockets that are already bound."""
    app = Newsroom(desk, {observatory_port: "observatory", gazette_port: "gazette"})
    config = uvicorn.Config(
        app,
        http="h11",  # installed everywhere, so every machine meets the same server
        loop="asyncio",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="critical",  # an answer cut on purpose is an error to uvicorn
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on loopback, closed at the end whatever uvicorn did with it."""
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it each answer takes 40 ms longer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((ADDRESS, port))
        yield sock


def wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    """Return when the sockets are served.

    Raises:
        RuntimeError: The thread ended, or took too long.
    """
    end = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError("the newsroom did not come up")
        time.sleep(0.01)
