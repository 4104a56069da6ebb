"""Children of a test's own making: a few lines of Python in place of Prefect."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from stand_ins import Bench

from flows.supervision.children import Plan


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bench(tmp_path: Path, port: int) -> Bench:
    """A home, and a supervisor whose children are stand-ins."""
    return Bench(tmp_path, port)


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """Makes the plan of a child from the text of its program."""

    def make(program: str, **values: object) -> Plan:
        return Plan(name="child", command=[sys.executable, "-c", program], environment={}, **values)  # type: ignore[arg-type]

    return make
