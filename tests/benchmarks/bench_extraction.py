"""Labelled pages -> a table of text and metadata scores and of speed, wirewatch beside trafilatura in the same run.

    python tests/benchmarks/bench_extraction.py [--pages ../shared/pages]

Two rows are wirewatch's: the text that it reads from every page, which is what the peers' rows show too, and the text
that it loads, where a page that it takes for no article (a paywall's stub) counts as one without text.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from quality.pages import Case, read_cases  # noqa: E402
from quality.scoring import same_authors, same_day, same_title, score_texts  # noqa: E402
from trafilatura import bare_extraction  # noqa: E402

from extractors.records import Article, Extraction  # noqa: E402

TEXT_FOLDERS = ("aeb", "fundus")
METADATA_FOLDERS = ("fundus", "trafilatura_eval", "htmldate_mediacloud")
PEERS: dict[str, dict[str, Any]] = {
    "trafilatura, default": {},
    "trafilatura, no tables": {"include_tables": False},
    "trafilatura, precision": {"favor_precision": True},
    "trafilatura, recall": {"favor_recall": True},
}


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    pages: Path = parser.parse_args().pages
    logging.disable(logging.CRITICAL)
    folders = [name for name in dict.fromkeys((*TEXT_FOLDERS, *METADATA_FOLDERS)) if (pages / name).is_dir()]
    if not folders:
        print(f"No labelled pages at {pages}: nothing measured. Name a folder with --pages.")
        return 0
    for name in folders:
        cases = list(read_cases(pages / name))
        extractions, seconds = timed(Case.extract, cases)
        print(f"\n{name}: {len(cases)} pages, {sum(e.article is not None for e in extractions)} articles")
        if name in TEXT_FOLDERS:
            print_texts(cases, extractions, seconds)
        if name in METADATA_FOLDERS:
            print_metadata(cases, [extraction.article for extraction in extractions])
    return 0


def timed(work: Callable[[Case], Extraction], cases: Iterable[Case]) -> tuple[list[Extraction], float]:
    """Work on each case, and how long all of it took."""
    started = time.perf_counter()
    done = [work(case) for case in cases]
    return done, time.perf_counter() - started


def print_texts(cases: Sequence[Case], extractions: Sequence[Extraction], seconds: float) -> None:
    """Print the text scores of wirewatch and of trafilatura."""
    loaded = [extraction.article.text if extraction.article else "" for extraction in extractions]
    read = [text or extraction.shown_text for text, extraction in zip(loaded, extractions, strict=True)]
    print(f"  {'text':<28}{'precision':>10}{'recall':>10}{'F1':>10}{'pages/s':>10}")
    print_score("wirewatch, as read", cases, read, seconds)
    print_score("wirewatch, as loaded", cases, loaded, seconds)
    for peer, settings in PEERS.items():
        started = time.perf_counter()
        texts = [peer_text(case, settings) for case in cases]
        print_score(peer, cases, texts, time.perf_counter() - started)


def print_score(reader: str, cases: Sequence[Case], texts: Sequence[str], seconds: float) -> None:
    """Print one reader's row."""
    score = score_texts((case.expected["text"], text) for case, text in zip(cases, texts, strict=True))
    figures = f"{score.precision:>10.4f}{score.recall:>10.4f}{score.f1:>10.4f}{len(cases) / seconds:>10.1f}"
    print(f"  {reader:<28}{figures}")


def peer_text(case: Case, settings: dict[str, Any]) -> str:
    """The text that trafilatura finds by itself."""
    found = bare_extraction(case.body, url=case.url, include_comments=False, **settings)
    return getattr(found, "text", None) or ""


def print_metadata(cases: Sequence[Case], articles: Sequence[Article | None]) -> None:
    """Print how many titles, days, authors and languages are right."""
    together = list(zip([case.expected for case in cases], articles, strict=True))
    rows = {
        "title": [same_title(e["title"], a.title if a else None) for e, a in together if e.get("title")],
        "date": [same_day(str(e["date"]), a.published_at if a else None) for e, a in together if e.get("date")],
        "authors": [same_authors(e["authors"], a.authors if a else ()) for e, a in together if e.get("authors")],
        "language": [a is not None and a.language == e["lang"] for e, a in together if e.get("lang")],
    }
    for field, right in rows.items():
        if right:
            print(f"  {field:<10}{sum(right):>5} of {len(right):<5}{sum(right) / len(right):>7.1%}")


if __name__ == "__main__":
    raise SystemExit(main())
