"""``wirewatch explore`` as a person starts and stops it."""

from __future__ import annotations

import hashlib
import http.client
import signal
import socket
from pathlib import Path

import pytest
from explored_home import make_home
from running_explore import running_explore
from terminal import Terminal

from warehouse.connection import published_path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that no test changes."""
    made = tmp_path_factory.mktemp("explored") / "home"
    make_home(made)
    return made


def test_without_a_published_file_it_does_not_start(terminal: Terminal, tmp_path: Path) -> None:
    """Exit code 3, and what to do."""
    assert terminal.run("explore", "--no-open", "--home", tmp_path) == 3
    assert "nothing has been published yet; run `wirewatch ingest` first" in terminal.err
    assert "Traceback" not in terminal.err


def test_a_port_that_is_taken_is_told(terminal: Terminal, home: Path) -> None:
    """Exit code 2, before anything slow."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert terminal.run("explore", "--no-open", "--port", str(port), "--home", home) == 2
    assert f"explore: --port {port}: is taken" in terminal.err
    assert "name another one with --port N" in terminal.err


def test_there_is_no_other_host(terminal: Terminal, home: Path) -> None:
    """It listens on loopback, and cannot be told otherwise."""
    assert terminal.run("explore", "--host", "0.0.0.0", "--home", home) == 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_stopped(home: Path, tmp_path: Path, how: signal.Signals) -> None:
    """It ends with exit code 0 and no word; of the person's home directory and the warehouse nothing has changed."""
    before = hashlib.sha256(published_path(home).read_bytes()).hexdigest()
    with running_explore(home, tmp_path / "person") as explore:
        port = int(explore.url.rstrip("/").rpartition(":")[2])
        assert explore.url == f"http://127.0.0.1:{port}/"
        statuses = []
        for headers in ({}, {"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/", headers=headers)
            answer = connection.getresponse()
            page = answer.read()
            statuses.append(answer.status)
            connection.close()
        assert statuses == [200, 421, 403]
        assert b"evil" not in page
        assert explore.stop(how) == (0, "")
    assert list(explore.person.rglob("*")) == []
    assert hashlib.sha256(published_path(home).read_bytes()).hexdigest() == before
