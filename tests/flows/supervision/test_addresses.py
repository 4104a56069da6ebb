from __future__ import annotations

import os
import socket

import pytest

from extractors.errors import ConfigurationError
from flows.supervision.addresses import api_url, check_free, page_url


def test_a_free_port_is_fine(port: int) -> None:
    """Nothing is said."""
    check_free("127.0.0.1", port, table="server")


def test_a_taken_port_is_told_with_who_has_it() -> None:
    """A person sees what to stop, and which key names another port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            check_free("127.0.0.1", port, table="server")
    assert str(caught.value).startswith(
        f"[server]: port: 127.0.0.1:{port} is taken by another program (process {os.getpid()}, "
    )
    assert "write another port into wirewatch.toml" in str(caught.value)


def test_an_address_of_another_machine_is_refused(port: int) -> None:
    """A host that is not this machine's cannot be served."""
    with pytest.raises(ConfigurationError, match="cannot be served"):
        check_free("192.0.2.1", port, table="server")
    with pytest.raises(ConfigurationError, match="is no address of this machine"):
        check_free("nowhere.invalid", port, table="server")


@pytest.mark.parametrize(
    ("host", "page"),
    [
        ("127.0.0.1", "http://127.0.0.1:4200"),
        ("0.0.0.0", "http://127.0.0.1:4200"),
        ("::1", "http://[::1]:4200"),
    ],
)
def test_addresses_as_this_machine_reaches_them(host: str, page: str) -> None:
    """What is served everywhere is reached on loopback."""
    assert page_url(host, 4200) == page
    assert api_url(host, 4200) == f"{page}/api"
