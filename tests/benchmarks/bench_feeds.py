"""Print how many expected values of the feed collections are right, and the speed beside feedparser alone."""

from __future__ import annotations

import argparse
import io
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import feedparser

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from quality.feeds import Expected, FeedCase, Reading, read_feed_cases  # noqa: E402

FIELDS = ("title", "link", "date")
ROUNDS = 3
LONG_FEED_ENTRIES = 1_000
MIN_SPEED_RATIO = 0.8


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    folder: Path = parser.parse_args().pages / "feeds"
    logging.disable(logging.CRITICAL)
    cases = list(read_feed_cases(folder)) if folder.is_dir() else []
    if cases:
        readings = [case.read() for case in cases]
        print_readings(cases, readings)
        print_values(cases, readings)
    else:
        print(f"No feeds at {folder}: nothing scored. Name a folder with --pages.")
    print(f"\n  {'entries/s':<34}{'wirewatch':>11}{'feedparser':>11}{'ratio':>8}")
    xml = [case for case in cases if case.body.lstrip()[:1] not in (b"{", b"[")]
    if xml:
        print_speed(f"{len(xml)} feeds of the collections", xml)
    print_speed(f"one feed of {LONG_FEED_ENTRIES:,} entries", [FeedCase(case_id="long.xml", body=long_feed())])
    return 0


def print_readings(cases: Sequence[FeedCase], readings: Sequence[Reading]) -> None:
    """Print how many feeds were read, and the reasons of those that were not."""
    whole = sum(case.is_wellformed for case in cases)
    print(f"feeds: {len(cases)}, {whole} of them well-formed")
    unread = Counter((case.is_wellformed, reading.reason) for case, reading in zip(cases, readings, strict=True))
    for (is_wellformed, reason), count in sorted(unread.items(), key=str):
        print(f"  {'well-formed' if is_wellformed else 'damaged':<12}{reason or 'read':<20}{count:>6}")


def print_values(cases: Sequence[FeedCase], readings: Sequence[Reading]) -> None:
    """Print how many of the expected values of well-formed feeds are right, and which are not."""
    together = [(case, reading) for case, reading in zip(cases, readings, strict=True) if case.is_wellformed]
    wrong: list[tuple[FeedCase, Expected]] = []
    for field in FIELDS:
        values = [(case, each, reading.items) for case, reading in together for each in case.expected]
        asked = [(case, each, items) for case, each, items in values if each.field == field]
        missed = [(case, each) for case, each, items in asked if not case.is_right(each, items)]
        print(f"  {field:<12}{len(asked) - len(missed):>6} of {len(asked)}")
        wrong += missed
    for case, each in wrong:
        print(f"    wrong: {case.case_id}, entry {each.entry}: {each.field} should be {each.value!r}")


def print_speed(what: str, cases: Sequence[FeedCase]) -> None:
    """Print entries a second of both, on the same feeds."""
    ours = speed_of(lambda case: len(case.read().items), cases)
    peer = speed_of(read_by_peer, cases)
    print(f"  {what:<34}{ours:>11,.0f}{peer:>11,.0f}{ours / peer:>8.2f}   at least {MIN_SPEED_RATIO}")


def speed_of(read: Callable[[FeedCase], int], cases: Sequence[FeedCase]) -> float:
    """Entries a second of the quickest of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        count = sum(read(case) for case in cases)
        best = max(best, count / (time.perf_counter() - started))
    return best


def read_by_peer(case: FeedCase) -> int:
    """The number of entries that feedparser finds, without the work that wirewatch does not want of it."""
    headers = {name.lower(): value for name, value in case.headers}
    parsed = feedparser.parse(
        io.BytesIO(case.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return len(parsed.entries)


def long_feed() -> bytes:
    """A feed as a large outlet has it, with the whole text of each article."""
    body = "".join(f"&lt;p&gt;Paragraph {n} of the report from the harbor.&lt;/p&gt;" for n in range(12))
    items = "".join(
        f"<item><title>Story {n}</title><link>https://news.example/{n}</link><dc:creator>Lina Haddad</dc:creator>"
        f"<pubDate>Mon, 02 Mar 2026 10:00:00 +0000</pubDate><category>News</category>"
        f"<description>Rain fell on hill {n}.</description><content:encoded>{body}</content:encoded></item>"
        for n in range(LONG_FEED_ENTRIES)
    )
    modules = "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/"
    return (
        f'<rss version="2.0" xmlns:content="{modules[0]}" xmlns:dc="{modules[1]}"><channel>{items}</channel></rss>'
    ).encode()


if __name__ == "__main__":
    raise SystemExit(main())
