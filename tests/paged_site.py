"""A site on loopback with articles on several pages, written by us, and a home for the outlet that lists them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from extractors.outlets import Outlet
from flows.runs.pipeline import Request, ingest
from flows.runs.report import OutletReport
from flows.settings import Settings, Workspace
from flows.shown.progress import SilentReporter
from warehouse.checks import run_checks
from warehouse.connection import open_live
from warehouse.rows import read

TITLE = "The long way of the grain"
STANDFIRST = "Eleven weeks lay between the field and the mill, and five papers had to be stamped on the way."
BYLINE = "By Lamia Haddad"
PAGES = (
    (
        "The grain that Rula Sabbagh bought in January left the field on a cart, since the truck had no diesel.",
        "At the first crossing a clerk weighed it twice, wrote down two weights and asked which one she liked better.",
        "She took the smaller one, paid for the larger one, and went on to the harbor of Port Amal before dark.",
    ),
    (
        "In the harbor the sacks waited beside a crane that had not moved since the last barge sank in the channel.",
        "Two pilots came on the ninth day, drank tea, looked at the water and said that they would come back.",
        "When they did, the price of a sack had risen by a third, and half of the buyers had gone home.",
    ),
    (
        "The mill at Maran took the rest on credit and ground it in one night, because power came only after ten.",
        "By Thursday there was bread on the quay again, a little darker than before and cut into smaller loaves.",
    ),
)


def page_of(
    number: int,
    *,
    lines: Sequence[str] | None = None,
    following: str | None = None,
    before: str | None = None,
    title: str = TITLE,
    links: str = "",
    published: str = "2026-03-19T08:00:00Z",
    canonical: str | None = None,
    lang: str = "en",
) -> str:
    """One page of an article: its headline, standfirst and byline stand on each."""
    paragraphs = "".join(f"<p>{line}</p>" for line in (PAGES[number - 1] if lines is None else lines))
    head = f'<meta property="article:published_time" content="{published}">'
    head += f'<link rel="next" href="{following}">' if following else ""
    head += f'<link rel="prev" href="{before}">' if before else ""
    head += f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'<meta name="description" content="{STANDFIRST}"></head><body><nav><a href="/">Home</a></nav><article>'
        f'<h1>{title}</h1><p class="standfirst">{STANDFIRST}</p><p class="byline">{BYLINE}</p>{paragraphs}'
        f'<nav class="pager">{links}</nav></article><footer>All rights reserved.</footer></body></html>'
    )


@dataclass(slots=True)
class PagedSite:
    """What the site answers, by path: a page, or a status; and what it was asked."""

    port: int
    answers: dict[str, str | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    robots: str = ""

    def url(self, path: str) -> str:
        """An address of the site."""
        return f"http://127.0.0.1:{self.port}{path}"

    def article(self, path: str = "/story", pages: int = 3) -> None:
        """Serve an article on several pages: ``/story``, ``/story?page=2``, ..."""
        for number in range(1, pages + 1):
            own = path if number == 1 else f"{path}?page={number}"
            self.answers[own] = page_of(
                number,
                following=f"{path}?page={number + 1}" if number < pages else None,
                before=(path if number == 2 else f"{path}?page={number - 1}") if number > 1 else None,
            )

    def pages_asked(self) -> list[str]:
        """What was asked for besides robots.txt since the last time."""
        found = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return found


@contextmanager
def paged_site() -> Iterator[PagedSite]:
    """A running site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            found = site.robots if self.path == "/robots.txt" else site.answers.get(self.path, 404)
            body = found.encode() if isinstance(found, str) else b"no"
            self.send_response(200 if isinstance(found, str) else found)
            self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{hash(body)}"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of what it overrides
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = PagedSite(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class PagedBench:
    """Short ways to run the pipeline on the site and to ask what came out."""

    site: PagedSite
    workspace: Workspace

    @property
    def outlet(self) -> Outlet:
        """The one outlet."""
        return self.workspace.outlets["papers"]

    def ingest(self, **request: Any) -> OutletReport:
        """Run the pipeline once."""
        named = {"outlet_ids": ("papers",), **request}
        report = asyncio.run(ingest(self.workspace, Request(**named), SilentReporter()))
        assert not report.missed, report.missed
        (outlet,) = report.outlets
        return outlet

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the live warehouse, of which each check has passed."""
        with open_live(self.workspace.home, wait_seconds=5) as con:
            assert [each for each in run_checks(con) if each.offending_count] == []
            return read(con, sql)

    def article(self) -> dict[str, Any]:
        """The one article."""
        (row,) = self.ask("FROM articles")
        return row


def make_paged_bench(site: PagedSite, folder: Path, *paths: str, **fetch: Any) -> PagedBench:
    """A home for an outlet that lists some addresses of the site."""
    host = f"127.0.0.1:{site.port}"
    outlet = Outlet.model_validate(
        {
            "outlet_id": "papers",
            "name": "The Maran Papers",
            "homepage": site.url("/"),
            "urls": {"hosts": [host], "include": ["/story$", "/story[?]page=2$"]},
            "sources": [{"kind": "urls", "urls": [site.url(path) for path in paths or ("/story",)]}],
        }
    )
    settings = Settings.model_validate(
        {
            "fetch": {
                "allow_addresses": [host],
                "seconds_between_requests": 0,
                "retry_wait_seconds": 0,
                "attempts": 1,
                **fetch,
            },
            "publish": {"after_each_run": False},
            "engine": {"extract_workers": 1},
        }
    )
    workspace = Workspace(config=folder, home=folder / "home", settings=settings, outlets={"papers": outlet})
    return PagedBench(site, workspace)
