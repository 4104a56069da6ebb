"""The systemd unit, the Dockerfile and the compose file, as far as a machine without a container engine can tell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.settings import get_current_settings

from flows.settings import open_workspace
from flows.up import runner_plan, server_plan

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / "config" / "operating"
BIN = Path(sys.executable).parent
PATIENCE_SECONDS = 300


def unit() -> dict[str, list[str]]:
    """Keys of the unit, with every value that each has."""
    found: dict[str, list[str]] = {}
    for line in (FOLDER / "wirewatch.service").read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Services of the compose file."""
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["volumes"]) == {"database", "data"}
    return dict(compose["services"])


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment."""
    values = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "200", **environment}
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=values, timeout=PATIENCE_SECONDS, check=False
    )


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With the checkout in place of /opt/wirewatch, systemd's own check finds nothing to say."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    text = (FOLDER / "wirewatch.service").read_text(encoding="utf-8")
    copy = tmp_path / "wirewatch.service"
    copy.write_text(text.replace("/opt/wirewatch/.venv/bin", str(BIN)).replace("/opt/wirewatch", str(CHECKOUT)))
    checked = run("systemd-analyze", "verify", copy)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_the_unit_starts_what_the_command_line_knows() -> None:
    """Each word of ExecStart is a command or an option, and the configuration that it names is there."""
    (command,) = unit()["ExecStart"]
    program, *words = shlex.split(command.replace("/opt/wirewatch/.venv/bin", str(BIN)))
    words = [word.replace("/opt/wirewatch", str(CHECKOUT)) for word in words]
    assert words == ["up", "--config", str(CHECKOUT / "config")]
    # A home that cannot be one: the options were read, and nothing was started.
    tried = run(program, *words, "--home", "/dev/null/home")
    assert tried.returncode == 3
    assert "cannot be written" in tried.stderr


def test_the_unit_gives_the_children_their_time() -> None:
    """Systemd waits for longer than wirewatch takes, and does not start again what is wrongly configured."""
    assert int(unit()["TimeoutStopSec"][0]) > 10
    assert unit()["KillMode"] == ["mixed"]
    assert unit()["RestartPreventExitStatus"] == ["2"]
    assert unit()["Environment"] == [f"WIREWATCH_HOME=/var/lib/{unit()['StateDirectory'][0]}"]


def test_every_setting_of_prefect_that_is_named_is_one(services: dict[str, Any], tmp_path: Path) -> None:
    """A name that Prefect does not know would be ignored without a word."""
    workspace = open_workspace(CHECKOUT / "config", tmp_path)
    named = {name for service in services.values() for name in service.get("environment", {})}
    named |= set(re.findall(r"\b(PREFECT_\w+)=", (FOLDER / "Dockerfile").read_text(encoding="utf-8")))
    for plan in (server_plan(workspace), runner_plan(workspace, "http://127.0.0.1:4200/api")):
        named |= set(plan.environment) - set(os.environ)
    # Those without a value are not listed.
    known = {"PREFECT_API_URL", *get_current_settings().to_environment_variables(exclude_unset=False)}
    assert {name for name in named if name.startswith("PREFECT_")} - known == set()


def test_the_containers_commands_are_read(services: dict[str, Any]) -> None:
    """The words of each service are ones that its program takes."""
    server = services["server"]
    assert server["entrypoint"] == ["prefect"]
    shown = run(BIN / "prefect", "server", "start", "--help")
    assert all(word in shown.stdout for word in server["command"] if word.startswith("--"))
    command, option, url = services["runner"]["command"]
    assert (command, url) == ("up", f"http://server:{server['command'][-1]}/api")
    shown = run(BIN / "wirewatch", command, "--help")
    assert option in shown.stdout
    assert "PREFECT_SERVER_DATABASE_CONNECTION_URL" in server["environment"]


def test_the_server_is_healthy_when_it_says_so(services: dict[str, Any]) -> None:
    """The health check's own command, against a server that answers, and against none."""
    kind, python, *words = services["server"]["healthcheck"]["test"]
    assert (kind, python) == ("CMD", "python")
    with answering() as port:
        assert run(sys.executable, *(word.replace("4200", str(port)) for word in words)).returncode == 0
    assert run(sys.executable, *(word.replace("4200", str(port)) for word in words)).returncode == 1


def test_what_the_image_copies_is_there() -> None:
    """Sources of COPY, but for those that an earlier stage makes."""
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        shlex.split(line)[1:-1] for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    assert copied
    assert [name for names in copied for name in names if not (CHECKOUT / name).exists()] == []


def test_the_image_has_all_that_is_installed(tmp_path: Path) -> None:
    """The wheel is built as the Dockerfile builds it, from what it copies alone, and holds the SQL too."""
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    for line in text.partition("FROM python")[2].partition("FROM python")[0].splitlines():
        if line.startswith("COPY "):
            for name in shlex.split(line)[1:-1]:
                copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
                copy(CHECKOUT / name, tmp_path / name)
    words = re.search(r"\.venv/bin/uv (build .*)$", text, flags=re.MULTILINE)
    assert words is not None
    command = [word.replace(".venv/bin/python", sys.executable) for word in shlex.split(words[1])]
    built = subprocess.run(
        [BIN / "uv", *command], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        str(path.relative_to(CHECKOUT))
        for folder in ("extractors", "flows", "warehouse")
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - names == set()


@contextmanager
def answering() -> Iterator[int]:
    """Something that says that it is healthy; its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"true" if self.path == "/api/health" else b"no")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
