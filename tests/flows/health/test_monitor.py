"""What monitors are told: metrics, health, reports; and what nobody is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal
from workbench import Workbench

from flows.health import monitor
from flows.health.monitor import monitor_app
from flows.runs.run import now
from flows.settings import Workspace
from warehouse.connection import open_live, published_path
from warehouse.health.overview import Overview, read_overview
from warehouse.publish import publish

Answer = tuple[int, dict[str, str], str]


def get(
    workspace: Workspace, path: str, *, host: str = "127.0.0.1:4201", at: Callable[[], datetime] = now, app: Any = None
) -> Answer:
    """Ask the application, as the server would: status, headers, body."""
    found: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # who asks says nothing more, and stays
        raise AssertionError

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            found["status"] = message["status"]
            found["headers"] = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            found["body"] += message.get("body", b"")

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", host.encode())], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 4201),
    }  # fmt: skip
    asyncio.run((app or monitor_app(workspace, now=at))(scope, receive, send))
    return found["status"], found["headers"], found["body"].decode()


def with_monitor(workspace: Workspace, **changes: Any) -> Workspace:
    """The workspace with other settings of ``[monitor]``."""
    options = workspace.settings.monitor.model_copy(update=changes)
    return replace(workspace, settings=workspace.settings.model_copy(update={"monitor": options}))


def test_a_home_that_nobody_ran_is_unwell(new_bench: Workbench) -> None:
    """It says why; metrics are there all the same, so that a monitor can tell."""
    new_bench.workspace.home.mkdir()
    status, _, body = get(new_bench.workspace, "/healthz")
    assert status == 503
    assert "nothing has been published yet" in body
    status, _, body = get(new_bench.workspace, "/metrics")
    assert (status, "wirewatch_warehouse_readable 0.0" in body) == (200, True)


def test_metrics_and_health_of_a_home(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value for each outlet; the file is opened once for each state of it, and never locked."""
    bench.ingest("sample_observatory_ar", limit=3)
    opened: list[int] = []

    def counted(home: Path, **options: Any) -> Overview:
        opened.append(1)
        return read_overview(home, **options)

    monkeypatch.setattr(monitor, "read_overview", counted)
    app = monitor_app(bench.workspace)
    for _ in range(3):
        status, _, body = get(bench.workspace, "/metrics", app=app)
        assert status == 200
    label = '{outlet="sample_observatory_ar"}'
    lines = dict(line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
    assert float(lines[f"wirewatch_outlet_articles{label}"]) == 3
    assert float(lines[f"wirewatch_outlet_state{label}"]) == 0
    assert 0 <= float(lines[f"wirewatch_outlet_silence_seconds{label}"]) < 600
    assert float(lines[f"wirewatch_outlet_links_waiting{label}"]) > 0
    for name in ("published_age_seconds", "published_bytes", "archive_bytes", "last_good_run_duration_seconds"):
        assert float(lines[f"wirewatch_{name}"]) > 0
    assert len(opened) == 1
    with open_live(bench.workspace.home, wait_seconds=0):
        assert get(bench.workspace, "/healthz", app=app)[0] == 200
    publish(bench.workspace.home, wait_seconds=5, force=True)
    assert get(bench.workspace, "/metrics", app=app)[0] == 200
    assert len(opened) == 2


def test_health_tells_what_is_wrong_with_us(bench: Workbench) -> None:
    """No run for too long, no room on the disk, a file that cannot be read: 503, and why."""
    bench.ingest("sample_observatory_ar", limit=1)
    assert get(bench.workspace, "/healthz")[0] == 200
    status, _, body = get(bench.workspace, "/healthz", at=lambda: now() + timedelta(hours=4))
    assert (status, "hours ago; max_hours_since_run is 3" in body) == (503, True)
    full = with_monitor(bench.workspace, min_free_bytes=10**18)
    status, _, body = get(full, "/healthz")
    assert (status, "the disk has" in body) == (503, True)
    published_path(bench.workspace.home).write_bytes(b"no warehouse at all" * 1_000)
    status, _, body = get(bench.workspace, "/healthz")
    assert (status, "cannot be used as a warehouse" in body) == (503, True)


def test_reports_are_shown_and_nothing_else(bench: Workbench) -> None:
    """Plain HTML files by their names, with headers that keep others' pages away; no path leads elsewhere."""
    folder = bench.workspace.home / "reports"
    folder.mkdir(parents=True)
    (folder / "2026-03-02.html").write_text("<title>Monday</title>", encoding="utf-8")
    (folder / "a b&c.html").write_text("odd", encoding="utf-8")
    (folder / ".hidden.html").write_text("secret", encoding="utf-8")
    (folder / "notes.txt").write_text("secret", encoding="utf-8")
    (folder / "folder.html").mkdir()
    (bench.workspace.home / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "link.html").symlink_to(bench.workspace.home / "secret.html")
    status, headers, body = get(bench.workspace, "/reports/")
    assert status == 200
    assert '<a href="2026-03-02.html">' in body
    assert '<a href="a%20b%26c.html">a b&amp;c.html</a>' in body
    assert not any(name in body for name in ("hidden", "notes", "folder", "link", "secret"))
    status, headers, body = get(bench.workspace, "/reports/2026-03-02.html")
    assert (status, body) == (200, "<title>Monday</title>")
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    for path in (
        "/reports/../secret.html", "/reports/%2e%2e/secret.html", "/reports/..%2fsecret.html", "/reports/link.html",
        "/reports/.hidden.html", "/reports/notes.txt", "/reports/folder.html", "/warehouse.duckdb", "/", "/live/",
    ):  # fmt: skip
        status, _, body = get(bench.workspace, path)
        assert (status, "secret" in body) == (404, False), path


def test_on_loopback_only_its_own_names_are_answered_to(new_bench: Workbench) -> None:
    """A page on the web whose name resolves to 127.0.0.1 cannot read it; elsewhere any name will do."""
    new_bench.workspace.home.mkdir()
    assert get(new_bench.workspace, "/reports/", host="evil.example:4201")[0] == 400
    for host in ("localhost:4201", "127.0.0.1"):
        assert get(new_bench.workspace, "/reports/", host=host)[0] == 200
    open_to_all = with_monitor(new_bench.workspace, host="0.0.0.0")
    assert get(open_to_all, "/reports/", host="news.example")[0] == 200


def test_an_address_that_is_taken_is_refused(terminal: Terminal, bench: Workbench) -> None:
    """With the address and what to do, as a mistake of the call."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ("monitor", "--port", str(port), "--config", bench.workspace.config, "--home", bench.workspace.home)
        assert terminal.run(*words) == 2
    assert f"127.0.0.1:{port} is taken by another program" in terminal.err
    assert "name another one with --port" in terminal.err
