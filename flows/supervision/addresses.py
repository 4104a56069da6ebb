"""Whether an address of this machine is free to be served, and who has it."""

from __future__ import annotations

import contextlib
import errno
import socket

import psutil

from extractors.errors import ConfigurationError
from flows.server import answers

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def api_url(host: str, port: int) -> str:
    """The API of a server at an address, as this machine reaches it."""
    return f"{page_url(host, port)}/api"


def page_url(host: str, port: int) -> str:
    """The page at an address, as this machine reaches it."""
    reached = "127.0.0.1" if host in ANYWHERE else host
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


ADVICE = "stop that program, or write another port into wirewatch.toml"


def bound_socket(host: str, port: int, *, table: str, advice: str = ADVICE) -> socket.socket:
    """A socket that is bound to an address; ``advice`` says how another one is named.

    Raises:
        ConfigurationError: It is taken, naming by whom, or is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise ConfigurationError(f"[{table}]", "host", f"{host!r} is no address of this machine") from None
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        problem = f"{host}:{port} cannot be served: {error.strerror}"
        if error.errno == errno.EADDRINUSE:
            problem = f"{host}:{port} is taken by {holder_of(host, port)}"
        raise ConfigurationError(f"[{table}]", "port", problem, advice) from None
    return bound


def check_free(host: str, port: int, *, table: str) -> None:
    """Refuse an address that another program serves.

    Raises:
        ConfigurationError: It is taken, naming by whom, or is none of this machine's.
    """
    bound_socket(host, port, table=table).close()


def holder_of(host: str, port: int) -> str:
    """Who serves a port, as far as the system tells."""
    kind = "another Prefect server" if answers(api_url(host, port)) else "another program"
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{kind} (process {connection.pid}, {psutil.Process(connection.pid).name()})"
    return kind
