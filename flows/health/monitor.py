"""What monitors are told over HTTP: /metrics for Prometheus, /healthz for whoever asks, and the reports.

Everything is read from the published file, once for each state of it: a scrape locks nobody out and costs a ``stat``.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from extractors.errors import WarehouseError
from flows.health.metrics import Metrics
from flows.runs.run import now as present
from flows.settings import Workspace
from warehouse.connection import published_path
from warehouse.health.overview import Overview, read_overview

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Beside the report's own policy, which is stricter about what it may load.
    "Content-Security-Policy": "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of one state of the published file; ``problem`` says why nothing could be."""

    identity: tuple[int, int, int]
    overview: Overview | None = None
    archive_bytes: int = 0
    problem: str = ""


class Published:
    """The published file as it was read last; it is read again when another one has taken its place."""

    def __init__(self, workspace: Workspace, now: Callable[[], datetime] = present) -> None:
        self.workspace = workspace
        self.now = now
        self._lock = threading.Lock()
        self._reading: Reading | None = None

    def read(self) -> Reading:
        """What the file says."""
        with self._lock:
            try:
                stat = published_path(self.workspace.home).stat()
            except OSError:
                return Reading(identity=(0, 0, 0), problem="nothing has been published yet")
            identity = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if self._reading is None or self._reading.identity != identity:
                self._reading = self._read_anew(identity)
            return self._reading

    def _read_anew(self, identity: tuple[int, int, int]) -> Reading:
        options = self.workspace.settings.warehouse
        try:
            overview = read_overview(
                self.workspace.home, now=self.now(), memory_limit=options.memory_limit, threads=options.threads
            )
        except WarehouseError as error:
            return Reading(identity=identity, problem=str(error))
        return Reading(identity=identity, overview=overview, archive_bytes=folder_bytes(self.workspace.archive_folder))


def monitor_app(workspace: Workspace, *, now: Callable[[], datetime] = present) -> Starlette:
    """The application of one home; ``now`` is the clock.

    On loopback only its own names are answered to, so that no page on the web can read it through a name of its own
    that resolves to 127.0.0.1. Elsewhere whoever reaches the port may read.
    """
    published = Published(workspace, now)
    metrics = Metrics(published.read, now)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(metrics)

    def tell_metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers=HEADERS)

    def tell_health(_: Request) -> Response:
        problems = list(problems_of(workspace, published.read(), now()))
        status = 503 if problems else 200
        return JSONResponse({"ok": not problems, "problems": problems}, status_code=status, headers=HEADERS)

    def list_reports(_: Request) -> Response:
        names = [path.name for path in reports_in(workspace.home / "reports")]
        items = "".join(f'<li><a href="{quote(name)}">{escape(name)}</a></li>' for name in names)
        page = f"<!doctype html><html lang=en><title>Reports</title><h1>Reports</h1><ul>{items}</ul>"
        return HTMLResponse(page, headers=HEADERS)

    def show_report(request: Request) -> Response:
        # By name among what is there: no path is made of what somebody asks for.
        wanted = request.path_params["name"]
        for path in reports_in(workspace.home / "reports"):
            if path.name == wanted:
                return FileResponse(path, media_type="text/html; charset=utf-8", headers=HEADERS)
        return PlainTextResponse("there is no such report\n", status_code=404, headers=HEADERS)

    host = workspace.settings.monitor.host
    allowed = [*LOOPBACK] if host in LOOPBACK else ["*"]
    return Starlette(
        routes=[
            Route("/metrics", tell_metrics),
            Route("/healthz", tell_health),
            Route("/reports/", list_reports),
            Route("/reports/{name}", show_report),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False)],
    )


def problems_of(workspace: Workspace, reading: Reading, now: datetime) -> Iterator[str]:
    """Why wirewatch itself is unwell; an outlet that fails is a matter of notifications."""
    options = workspace.settings.monitor
    if reading.overview is None:
        yield reading.problem
    else:
        good_at = reading.overview.runs["good_at"]
        longest = timedelta(hours=options.max_hours_since_run)
        if good_at is None:
            yield "no run has ended well yet"
        elif now - good_at > longest:
            hours, bound = (now - good_at).total_seconds() / 3600, options.max_hours_since_run
            yield f"the last run that ended well did so {hours:.1f} hours ago; max_hours_since_run is {bound:g}"
    try:
        free = shutil.disk_usage(workspace.home).free
    except OSError as error:
        yield f"the home cannot be looked at: {error.strerror}"
    else:
        if free < options.min_free_bytes:
            yield f"the disk has {free / 1e6:,.0f} MB left; [monitor] min_free_bytes is {options.min_free_bytes:,}"


def reports_in(folder: Path) -> list[Path]:
    """The reports, newest first: plain files of HTML, no hidden ones and no links to elsewhere."""
    try:
        found = [path for path in folder.iterdir() if path.suffix == ".html" and not path.name.startswith(".")]
    except OSError:
        return []
    plain = [path for path in found if path.is_file() and not path.is_symlink()]
    return sorted(plain, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)


def folder_bytes(folder: Path) -> int:
    """Size of everything below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.warc.gz") if path.is_file())
