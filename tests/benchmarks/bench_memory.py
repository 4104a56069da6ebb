"""The pages of every collection again and again, no two the same -> the memory of the process that reads them.

python tests/benchmarks/bench_memory.py [--pages ../shared/pages] [--count 5000]
"""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.fuzz_pages import peak_megabytes  # noqa: E402
from quality.pages import Case, is_collection, read_cases  # noqa: E402

MOST_MEGABYTES = 300


def main() -> int:
    """Print the peak now and then, and end with 1 where it is too high."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    parser.add_argument("--count", type=int, default=5_000, help="how many pages")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    folders = [each for each in sorted(args.pages.iterdir()) if is_collection(each)] if args.pages.is_dir() else []
    if not folders:
        print(f"No labelled pages at {args.pages}: nothing measured. Name a folder with --pages.")
        return 0
    done = 0
    while done < args.count:
        for case in (case for folder in folders for case in read_cases(folder)):  # from the disk, as a worker has them
            changed(case, done).extract()
            done += 1
            if done in (500, 1_000, 2_000, args.count):
                print(f"  {done:>6} pages{peak_megabytes():>8.0f} MB at the peak, at most {MOST_MEGABYTES}", flush=True)
            if done == args.count:
                break
    return 1 if peak_megabytes() > MOST_MEGABYTES else 0


def changed(case: Case, number: int) -> Case:
    """A page with other words and another address, so that no cache knows them."""
    body = case.body.replace(b" the ", b" the%d " % number).replace(b'href="', b'href="/%d' % number)
    return replace(case, url=f"{case.url}?{number}", body=body)


if __name__ == "__main__":
    raise SystemExit(main())
