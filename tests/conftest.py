"""What holds for every test: no socket but to loopback, and a Prefect home that nobody else uses."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from warehouse.connection import live_path, open_live

# A machine that is busy with other things is no fault of the code.
settings.register_profile("wirewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wirewatch")
# Before any test module imports Prefect, which reads its settings once.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="wirewatch-prefect-")
os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
os.environ.pop("PREFECT_API_URL", None)
os.environ.pop("WIREWATCH_HOME", None)


def is_loopback(address: Any) -> bool:
    """Whether an address of ``socket.connect`` stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a path: a Unix socket
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            original = getattr(socket.socket, name)

            def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
                if not is_loopback(address):
                    message = f"a test tried to connect to {address!r}; tests use loopback only"
                    raise AssertionError(message)
                return original(self, address)

            patch.setattr(socket.socket, name, guarded)
        yield


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty warehouse, migrated once for all tests of a process."""
    made = tmp_path_factory.mktemp("empty")
    with open_live(made, wait_seconds=0):
        pass
    return live_path(made)
