from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx

TESTS = Path(__file__).parents[1]


def command(*arguments: str) -> subprocess.Popen[str]:
    """``python -m newsroom`` with these arguments."""
    return subprocess.Popen(
        [sys.executable, "-m", "newsroom", *arguments],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_writes_its_configuration_and_stops(tmp_path: Path) -> None:
    """As the demo starts it: with free ports, in an edition, until it is told to end."""
    with command(
        "--observatory-port", "0", "--gazette-port", "0", "--edition", "evening", "--write-config", str(tmp_path)
    ) as process:
        try:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in range(3)]
            observatory, gazette = (re.findall(r"http://[0-9.:]+", line)[0] for line in printed[:2])
            transport = httpx.HTTPTransport(retries=10)  # the ports are printed when they are bound
            with httpx.Client(trust_env=False, transport=transport) as client:
                assert client.get(f"{observatory}/en/41422/").status_code == 200
                assert client.get(f"{gazette}/rss").status_code == 200
            assert observatory in (tmp_path / "outlets" / "sample_observatory_en.toml").read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_a_taken_port_is_said_in_one_line() -> None:
    """Exit code 2, no traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with command("--observatory-port", port, "--gazette-port", "0") as process:
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert errors.startswith(f"port {port} cannot be used")
    assert "Traceback" not in errors
