"""Print the speed of polling and fetching beside a bare script with the same HTTP client, on loopback.

Pacing is off on both sides; address guard, robots.txt and archive are on for wirewatch.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.loopback import ETAG, running_loopback  # noqa: E402

from extractors.archive import Archive  # noqa: E402
from extractors.discover import discover  # noqa: E402
from extractors.fetch import Accept  # noqa: E402
from extractors.fetch.client import Fetcher  # noqa: E402
from extractors.outlets import FetchSettings, Outlet  # noqa: E402
from extractors.records import Link, SourceState, Validators  # noqa: E402
from flows.runs.pipeline import Request, ingest  # noqa: E402
from flows.runs.run import open_run, remember_outlets  # noqa: E402
from flows.runs.stages import fetch_stage  # noqa: E402
from flows.settings import EngineSettings, Settings, Workspace  # noqa: E402
from flows.shown.progress import SilentReporter  # noqa: E402
from warehouse.state import add_links, due_links  # noqa: E402

HOSTS = 20
SOURCES = 100
PAGES = 2_000
CONNECTIONS = 20
MAX_POLL_RATIO = 1.5
MIN_FETCH_RATIO = 0.7
MAX_PEAK_MEGABYTES = 300


def main() -> int:
    """Print the tables."""
    with running_loopback(HOSTS) as ports, tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder), ports)
        bare, polled, run = asyncio.run(measure_polls(workspace))
        print(f"{SOURCES} sources that answer 304{'seconds':>12}{'ratio':>9}")
        print(f"  {'bare script, same client':<28}{bare:>8.2f}")
        print(f"  {'wirewatch, asking':<28}{polled:>8.2f}{polled / bare:>9.2f}   at most {MAX_POLL_RATIO}")
        print(f"  {'wirewatch, the whole run':<28}{run:>8.2f}{run / bare:>9.2f}")
    with running_loopback(HOSTS) as ports, tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder), ports)
        bare, fetched, staged = asyncio.run(measure_pages(workspace))
        print(f"\n{PAGES} pages of {HOSTS} hosts{'pages/s':>15}{'ratio':>9}")
        print(f"  {'bare script, same client':<28}{bare:>8.0f}")
        print(f"  {'wirewatch, to the archive':<28}{fetched:>8.0f}{fetched / bare:>9.2f}   at least {MIN_FETCH_RATIO}")
        print(f"  {'wirewatch, the fetch stage':<28}{staged:>8.0f}{staged / bare:>9.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)
        print(f"  peak memory of the process {peak:>9.0f} MB         under {MAX_PEAK_MEGABYTES} MB")
    return 0


def make_workspace(folder: Path, ports: Sequence[int]) -> Workspace:
    """One outlet for each feed, spread over the hosts."""
    settings = Settings(
        fetch=FetchSettings(
            contact="mailto:bench@example.org",
            allow_addresses=tuple(f"127.0.0.1:{port}" for port in ports),
            seconds_between_requests=0,
            requests_per_day=1_000_000,
            max_connections=CONNECTIONS,
        ),
        engine=EngineSettings(outlets_at_once=CONNECTIONS),
    )
    outlets = [make_outlet(number, ports[number % HOSTS]) for number in range(SOURCES)]
    by_id = {outlet.outlet_id: outlet for outlet in outlets}
    return Workspace(config=folder, home=folder / "home", settings=settings, outlets=by_id)


def make_outlet(number: int, port: int) -> Outlet:
    """An outlet with one feed."""
    site = f"http://127.0.0.1:{port}"
    return Outlet.model_validate(
        {
            "outlet_id": f"outlet_{number}",
            "name": f"Outlet {number}",
            "homepage": f"{site}/",
            "sources": [{"kind": "feed", "url": f"{site}/feed/{number}"}],
            "urls": {"hosts": [f"127.0.0.1:{port}"]},
        }
    )


async def measure_polls(workspace: Workspace) -> tuple[float, float, float]:
    """Seconds of the bare script, of asking all sources, and of a whole run, when nothing has changed."""
    outlets = workspace.select(())
    urls = [outlet.sources[0].url or "" for outlet in outlets]
    request = Request(outlet_ids=tuple(workspace.outlets), limit=0)
    await ingest(workspace, request, SilentReporter())
    conditions = {"If-None-Match": ETAG.decode()}
    bare, asking = await race(
        5, lambda: ask_barely(urls, conditions, status=304), lambda: ask_sources(workspace, outlets)
    )
    started = time.perf_counter()
    report = await ingest(workspace, request, SilentReporter())
    run = time.perf_counter() - started
    assert {source[1] for outlet in report.outlets for source in outlet.sources} == {"not_modified"}
    return bare, asking, run


async def ask_sources(workspace: Workspace, outlets: Sequence[Outlet]) -> None:
    """Poll every source once, as a run does, with its state in mind."""
    now = datetime.now(UTC)
    with Archive(workspace.archive_folder) as archive:
        async with Fetcher(workspace.settings.fetch, archive=archive) as fetcher:
            polls = await asyncio.gather(
                *(discover(each, fetcher, states=known_states(each, now), since=None, now=now) for each in outlets)
            )
    assert {poll[0].outcome.reason for poll in polls} == {"not_modified"}


def known_states(outlet: Outlet, now: datetime) -> dict[str, SourceState]:
    """What the warehouse remembers of a source that was polled an hour ago."""
    source = outlet.sources[0]
    validators = (Validators(url=source.url or "", etag=ETAG.decode(), last_modified=None),)
    cursor = (now - timedelta(hours=1)).isoformat()
    return {source.source_id: SourceState(source_id=source.source_id, validators=validators, cursor=cursor)}


async def measure_pages(workspace: Workspace) -> tuple[float, float, float]:
    """Pages a second of the bare script, of the fetcher, and of the fetch stage with its rows."""
    outlets = workspace.select(())[:HOSTS]
    pages = [(outlet, f"{outlet.homepage}news/{number}") for number in range(PAGES // HOSTS) for outlet in outlets]
    urls = [url for _, url in pages]
    bare, fetched = await race(2, lambda: ask_barely(urls, {}, status=200), lambda: fetch_pages(workspace, pages))
    staged = await run_stage(workspace, outlets)
    return PAGES / bare, PAGES / fetched, PAGES / staged


async def fetch_pages(workspace: Workspace, pages: Sequence[tuple[Outlet, str]]) -> None:
    """Fetch every page into an archive."""
    with Archive(workspace.archive_folder) as archive:
        async with Fetcher(workspace.settings.fetch, archive=archive) as fetcher:
            # what comes is not kept: in a run, a capture is a row, and its body is in the archive
            async def fetch(outlet: Outlet, url: str) -> None:
                assert await fetcher.fetch(url, outlet=outlet, accept=Accept.PAGE) is not None

            await asyncio.gather(*(fetch(outlet, url) for outlet, url in pages))


async def run_stage(workspace: Workspace, outlets: Sequence[Outlet]) -> float:
    """Seconds of the fetch stage of all outlets, with their rows in the warehouse."""
    async with open_run(workspace, SilentReporter(), command="bench", parameters={}) as run:
        await remember_outlets(run, tuple(outlets))
        work = []
        for outlet in outlets:
            urls = [f"{outlet.homepage}news/{number}" for number in range(PAGES // HOSTS)]
            links = [
                Link(outlet_id=outlet.outlet_id, source_id="urls:bench", requested_url=url, normalized_url=url)
                for url in urls
            ]
            now = datetime.now(UTC)
            await run.write(add_links, run.run_id, outlet.outlet_id, links, now=now, force=True)
            work.append((outlet, await run.write(due_links, outlet.outlet_id, limit=PAGES, now=now)))
        assert sum(len(links) for _, links in work) == PAGES
        started = time.perf_counter()
        results = await asyncio.gather(*(fetch_stage(run, outlet, links) for outlet, links in work))
        seconds = time.perf_counter() - started
        assert all(result.outcome is None for some in results for result in some)
    return seconds


async def ask_barely(urls: Sequence[str], headers: dict[str, str], *, status: int) -> None:
    """What anybody would write: one client, as many requests at once as wirewatch has connections."""
    slots = asyncio.Semaphore(CONNECTIONS)
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def ask(url: str) -> None:
            async with slots:
                answer = await client.get(url, headers=headers)
            assert answer.status_code == status

        await asyncio.gather(*(ask(url) for url in urls))


async def race(rounds: int, *runners: Callable[[], Awaitable[None]]) -> list[float]:
    """Seconds of each one's quickest round; they take turns, so that a busy machine is busy for all of them."""
    seconds: list[list[float]] = [[] for _ in runners]
    for _ in range(rounds):
        for run, taken in zip(runners, seconds, strict=True):
            started = time.perf_counter()
            await run()
            taken.append(time.perf_counter() - started)
    return [min(taken) for taken in seconds]


if __name__ == "__main__":
    raise SystemExit(main())
