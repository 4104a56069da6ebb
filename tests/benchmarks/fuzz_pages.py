"""Damaged pages -> what they do to a worker: none may crash it, hold it for 5 s or make it take 1 GB.

    python tests/benchmarks/fuzz_pages.py [--count 100000] [--minutes 60] [--pages ../shared/pages]
    python tests/benchmarks/fuzz_pages.py --only 4711 --write page.html

Page and damage follow from a number, so a finding is had again with ``--only``. Seconds are of the processor, so that
a busy machine finds no more than an idle one.
"""

from __future__ import annotations

import argparse
import logging
import resource
import signal
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from quality.damage import damaged  # noqa: E402
from quality.pages import Case, read_cases  # noqa: E402

from extractors.errors import Reason  # noqa: E402
from newsroom.expectations import expected_of  # noqa: E402
from newsroom.sample_articles import Edition, articles_in  # noqa: E402
from newsroom.server import running_newsroom  # noqa: E402

MOST_SECONDS = 5.0
MOST_MEGABYTES = 1_000
LOST_SECONDS = 120.0
"""A worker that has not answered after this time of the wall's clock waits for something."""
ADDRESS_SPACE_BYTES = 4_000_000_000
"""A page that wants more than this is stopped before it hurts the machine."""
SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one page in a worker; ``problem`` is empty where nothing is wrong."""

    number: int
    about: str
    ended: str = ""
    problem: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a fuzz run saw."""

    ended: Counter[str] = field(default_factory=Counter)
    problems: list[Answer] = field(default_factory=list)
    slowest: list[Answer] = field(default_factory=list)
    peak_megabytes: float = 0.0

    def add(self, answer: Answer) -> None:
        """Count one page."""
        if answer.ended not in self.ended and answer.ended.startswith(Reason.EXTRACT_ERROR):
            print(f"  page {answer.number}: {answer.ended}: {answer.about}", flush=True)
        self.ended[answer.ended or answer.problem] += 1
        if answer.problem:
            self.problems.append(answer)
            print(f"  page {answer.number}: {answer.problem}: {answer.about}", flush=True)
        self.slowest = sorted([*self.slowest, answer], key=lambda each: -each.seconds)[:SHOWN]
        self.peak_megabytes = max(self.peak_megabytes, answer.megabytes)


class Worker:
    """A process that reads pages; a new one when it died or took too much."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=read_pages, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def read(self, number: int, case: Case, about: str) -> Answer:
        """Have one page read."""
        self._ours.send(case)
        problem, ended, seconds, megabytes = f"no answer after {LOST_SECONDS:g} s", "", 0.0, 0.0
        if self._ours.poll(LOST_SECONDS):
            try:
                ended, seconds, megabytes = self._ours.recv()
                problem = f"{megabytes:.0f} MB" if megabytes > MOST_MEGABYTES else ""
            except EOFError:
                self._process.join()
                is_slow = self._process.exitcode == -signal.SIGPROF
                problem = f"longer than {MOST_SECONDS:g} s" if is_slow else f"died ({self._process.exitcode})"
                seconds = MOST_SECONDS if is_slow else 0.0
        if problem:
            self.end()
            self._start()
        return Answer(number=number, about=about, ended=ended, problem=problem, seconds=seconds, megabytes=megabytes)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._ours.close()


def read_pages(channel: Connection) -> None:
    """Read one page after another; runs in a worker, which the kernel ends when a page takes too long."""
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            case: Case = channel.recv()
        except EOFError:
            return
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        extraction = case.extract()
        signal.setitimer(signal.ITIMER_PROF, 0)
        ended = str(extraction.reason or "article")
        if extraction.reason is Reason.EXTRACT_ERROR:
            ended += f" {extraction.detail[:150]}"
        channel.send((ended, time.process_time() - started, peak_megabytes()))


def peak_megabytes() -> float:
    """The most memory that this process has had."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000
    # Not of getrusage: what it says on Linux starts with the peak of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000


def read_seeds(pages: Path) -> list[Case]:
    """The sample outlets' pages, and those of every collection of a folder."""
    seeds = list(newsroom_pages())
    for folder in sorted(pages.iterdir()) if pages.is_dir() else ():
        if (folder / "cases.jsonl").is_file():
            seeds += read_cases(folder)
    return seeds


def newsroom_pages() -> Iterator[Case]:
    """Every article's page of the sample outlets, as they serve it."""
    with running_newsroom() as newsroom:
        newsroom.set_edition(Edition.EVENING)
        for story in articles_in(Edition.EVENING):
            if story.kind == "advert":
                continue
            base = newsroom.gazette_url if story.site == "gazette" else newsroom.observatory_url
            url = f"{base}{expected_of(story).path}"
            with urllib.request.urlopen(url) as response:
                yield Case(case_id=f"newsroom {story.path}", url=url, body=response.read(), expected={})


def make_case(seeds: Sequence[Case], number: int) -> tuple[Case, str]:
    """The page of a number, and what it was made of."""
    seed = seeds[number % len(seeds)]
    body, damages = damaged(seed.body, number)
    case = Case(case_id=str(number), url=seed.url, body=body, expected={})
    return case, f"{seed.case_id}, {len(body):,} bytes: {', '.join(damages)}"


def run(seeds: Sequence[Case], numbers: Iterator[int], *, workers: int, until: float) -> Findings:
    """Read the pages of some numbers, until they are done or the time is up."""
    findings, lock = Findings(), threading.Lock()

    def work() -> None:
        worker = Worker()
        try:
            while time.monotonic() < until:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                answer = worker.read(number, *make_case(seeds, number))
                with lock:
                    findings.add(answer)
        finally:
            worker.end()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return findings


def main() -> int:
    """Fuzz, print what was found, and end with 1 where something was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    parser.add_argument("--count", type=int, default=2_000, help="how many damaged pages")
    parser.add_argument("--start", type=int, default=0, help="the first one's number")
    parser.add_argument("--minutes", type=float, default=60.0, help="end after this time")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--only", type=int, help="read the page of this number alone")
    parser.add_argument("--write", type=Path, help="with --only: write that page to a file")
    args = parser.parse_args()
    seeds = read_seeds(args.pages)
    if args.only is not None and args.write:
        args.write.write_bytes(make_case(seeds, args.only)[0].body)
    start, count = (args.start, args.count) if args.only is None else (args.only, 1)
    began = time.monotonic()
    findings = run(seeds, iter(range(start, start + count)), workers=args.workers, until=began + args.minutes * 60)
    show(findings, seeds_count=len(seeds), seconds=time.monotonic() - began)
    return 1 if findings.problems else 0


def show(findings: Findings, *, seeds_count: int, seconds: float) -> None:
    """Print the tables."""
    done = findings.ended.total()
    print(f"{done} damaged pages made of {seeds_count}, {done / seconds:.0f} a second")
    for ended, count in findings.ended.most_common():
        print(f"  {count:>7}  {ended}")
    print(f"  peak memory of a worker {findings.peak_megabytes:.0f} MB, at most {MOST_MEGABYTES}")
    print("  slowest:")
    for answer in findings.slowest:
        print(f"  {answer.seconds:>6.2f} s  page {answer.number}: {answer.about}")
    print(f"  {len(findings.problems)} of {done} pages crashed, held or overfilled a worker")


if __name__ == "__main__":
    raise SystemExit(main())
