"""Print how many cases of a robots.txt collection are answered as expected, and the speed of reading real files."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from extractors.fetch.robots_rules import parse_robots  # noqa: E402

ALLOWED = "ALLOWED"


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    folder: Path = parser.parse_args().pages / "robots"
    if not folder.is_dir():
        print(f"No robots.txt cases at {folder}: nothing measured. Name a folder with --pages.")
        return 0
    cases = list(read_lines(folder / "google_spec_cases.jsonl"))
    differing = [case for case in cases if not is_as_expected(case)]
    fixed_otherwise = [case for case in differing if standard_says_otherwise(case)]
    print(f"robots.txt: {len(cases) - len(differing)} of {len(cases)} cases as expected")
    for case in differing:
        why = "RFC 9309 says otherwise" if case in fixed_otherwise else "WRONG"
        print(f"  {why}: {case['agent']} at {case['url']} should be {case['expected']} ({Path(case['src']).stem})")
    files = [case["robots"].encode() for case in read_lines(folder / "real_robots.jsonl")]
    started = time.perf_counter()
    rules = [parse_robots(body) for body in files]
    seconds = time.perf_counter() - started
    print(f"  {len(files)} real files read, {sum(len(each.rules) for each in rules)} rules, {seconds * 1000:.0f} ms")
    return 0


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def is_as_expected(case: dict[str, Any]) -> bool:
    """Whether our answer is the collection's."""
    rules = parse_robots(case["robots"].encode("utf-8", "surrogateescape"), agent=case["agent"])
    return rules.can_fetch(case["url"]) is (case["expected"] == ALLOWED)


def standard_says_otherwise(case: dict[str, Any]) -> bool:
    """Whether section 2.2.2 of RFC 9309 contradicts what the collection expects.

    It allows ``/robots.txt`` itself, whatever the rules say, and compares an escaped letter as the letter (figure 4).
    """
    is_rules_file = urlsplit(case["url"]).path == "/robots.txt"
    return is_rules_file or "%62%61%7A" in case["robots"]


if __name__ == "__main__":
    raise SystemExit(main())
