"""Labelled pages -> tables of text and metadata scores and of speed, wirewatch beside other extractors in the same run.

    python tests/benchmarks/bench_extraction.py [--pages ../shared/pages] [--sample 30] [--worst 10] [--alone]

Every extractor reads the same pages in this process, one after the other; documents a second are those of one
processor. The text of wirewatch is scored as it is read, which is what the others' rows show too, and as it is loaded,
where a page that it takes for no article (a paywall's stub) counts as one without text.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from quality.figures import has_text, metadata_shares, page_f1, snippet_score, text_score  # noqa: E402
from quality.pages import Case, read_collections, sample  # noqa: E402
from quality.readers import WIREWATCH, PageRead, Reader, peers, read_all  # noqa: E402
from quality.scoring import TextScore, score_texts  # noqa: E402

LEAST_TIMES_TRAFILATURA = 5.0
DIFF_LINES = 30
DIFF_WIDTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one extractor read from a collection, and how fast."""

    reader: Reader
    pages: list[PageRead]
    docs_per_second: float


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "pages", help="folder of collections")
    parser.add_argument("--only", action="append", help="a collection by name; may be given again")
    parser.add_argument("--sample", type=int, help="so many pages of each collection, the same ones each time")
    parser.add_argument("--worst", type=int, default=0, help="show the pages with the worst texts, with a diff")
    parser.add_argument("--alone", action="store_true", help="without the other extractors")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    collections = {
        name: sample(cases, args.sample)
        for name, cases in read_collections(args.pages).items()
        if args.only is None or name in args.only
    }
    if not collections:
        print(f"No labelled pages at {args.pages}: nothing measured. Name a folder with --pages.")
        return 0
    found = [] if args.alone else list(peers())
    if missing := [name for name in found if isinstance(name, str)]:
        print(f"Not installed, so not measured: {', '.join(missing)} (`make peers` installs them).")
    readers = [WIREWATCH, *(reader for reader in found if isinstance(reader, Reader))]
    for name, cases in collections.items():
        runs = [run_reader(reader, cases) for reader in readers]
        print("\n".join((f"\n## {name}, {len(cases)} pages", *tables(cases, runs, worst=args.worst))), flush=True)
    return 0


def run_reader(reader: Reader, cases: Sequence[Case]) -> Run:
    """Let an extractor read a collection."""
    pages, seconds = read_all(reader, cases)
    return Run(reader=reader, pages=pages, docs_per_second=len(cases) / (seconds or 1e-9))


def tables(cases: Sequence[Case], runs: Sequence[Run], *, worst: int) -> Iterator[str]:
    """The tables of one collection."""
    yield from text_table(cases, runs)
    yield from metadata_table(cases, runs)
    yield from language_table(cases, runs)
    yield from path_table(cases, runs[0].pages)
    yield from worst_pages(cases, runs[0].pages, worst)


def text_table(cases: Sequence[Case], runs: Sequence[Run]) -> Iterator[str]:
    """Precision, recall and F1 of the texts, and the speed with its ratio to trafilatura's."""
    base = next((run.docs_per_second for run in runs if run.reader.name == "trafilatura"), None)
    yield f"\n{'text':<28}{'precision':>10}{'recall':>10}{'F1':>10}{'docs/s':>10}{'ratio':>8}"
    for run in runs:
        score = text_score(cases, run.pages) or snippet_score(cases, run.pages)
        speed = f"{run.docs_per_second:>10.1f}" + (f"{run.docs_per_second / base:>8.2f}" if base else "")
        yield f"{run.reader.name:<28}{figures_of(score)}{speed}{'' if run.reader.has_metadata else '  (no metadata)'}"
        if run.reader is WIREWATCH and (loaded := text_score(cases, run.pages, loaded=True)):
            yield f"{'wirewatch, as loaded':<28}{figures_of(loaded)}"
    if base:
        ratio = runs[0].docs_per_second / base
        yield f"wirewatch reads {ratio:.1f} times as many pages as trafilatura; aim {LEAST_TIMES_TRAFILATURA:g}"


def figures_of(score: TextScore | None) -> str:
    """Three columns, empty ones where the collection has no labels for the text."""
    return f"{score.precision:>10.4f}{score.recall:>10.4f}{score.f1:>10.4f}" if score else " " * 30


def metadata_table(cases: Sequence[Case], runs: Sequence[Run]) -> Iterator[str]:
    """How many titles, days, authors and languages are right."""
    shares = {run.reader.name: metadata_shares(cases, run.pages) for run in runs if run.reader.has_metadata}
    fields = shares[WIREWATCH.name]
    if fields:
        yield f"\n{'metadata, right':<28}" + "".join(f"{f'{field} ({each.of})':>18}" for field, each in fields.items())
        for name, found in shares.items():
            yield f"{name:<28}" + "".join(
                f"{each.value:>18.1%}" if field != "people" or name == WIREWATCH.name else f"{'':>18}"
                for field, each in found.items()
            )


def language_table(cases: Sequence[Case], runs: Sequence[Run]) -> Iterator[str]:
    """F1 of the texts by the page's language: the labelled one, else the one that wirewatch found."""
    groups: dict[str, list[int]] = {}
    for index, (case, page) in enumerate(zip(cases, runs[0].pages, strict=True)):
        if has_text(case):
            groups.setdefault(case.expected.get("lang") or page.language or "?", []).append(index)
    if len(groups) < 2:
        return
    yield f"\n{'text F1 by language':<28}" + "".join(f"{run.reader.name[:16]:>18}" for run in runs)
    for language, indexes in sorted(groups.items(), key=lambda each: -len(each[1])):
        some = [cases[index] for index in indexes]
        scores = [text_score(some, [run.pages[index] for index in indexes]) for run in runs]
        yield f"{f'{language} ({len(some)})':<28}" + "".join(f"{each.f1:>18.4f}" for each in scores if each)


def path_table(cases: Sequence[Case], pages: Sequence[PageRead]) -> Iterator[str]:
    """Which part of wirewatch read how many pages, and how right it was by how sure it was."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index, page in enumerate(pages):
        path, _, sure = page.path.partition("@")
        groups.setdefault((path, sureness(sure)), []).append(index)
    yield f"\n{'path':<28}{'sure':>10}{'pages':>10}{'share':>10}{'F1':>10}"
    for (path, sure), indexes in sorted(groups.items()):
        pairs = [(cases[i].expected["text"], pages[i].text) for i in indexes if has_text(cases[i])]
        f1 = f"{score_texts(pairs).f1:>10.4f}" if pairs else ""
        yield f"{path:<28}{sure:>10}{len(indexes):>10}{len(indexes) / len(pages):>10.1%}{f1}"


def sureness(sure: str) -> str:
    """The range of a confidence."""
    if not sure:
        return ""
    return f"{max((limit for limit in (0.5, 0.8, 0.9, 0.95, 0.97) if float(sure) >= limit), default=0.0):.2f}+"


def worst_pages(cases: Sequence[Case], pages: Sequence[PageRead], count: int) -> Iterator[str]:
    """The pages with the worst texts: what is missing (-) and what is too much (+)."""
    ranked = sorted((i for i, case in enumerate(cases) if has_text(case)), key=lambda i: page_f1(cases[i], pages[i]))
    for index in ranked[:count]:
        case, page = cases[index], pages[index]
        yield f"\n{page_f1(case, page):.3f} {case.case_id} ({page.path})"
        yield from differing_lines(case.expected["text"], page.text)


def differing_lines(expected: str, found: str) -> Iterator[str]:
    """The first lines that only one of two texts has."""
    wanted, have = (
        [" ".join(line.split()) for line in text.splitlines() if line.strip()] for text in (expected, found)
    )
    changed = [
        line for line in unified_diff(wanted, have, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))
    ]
    yield from (f"  {line[:DIFF_WIDTH]}" for line in changed[:DIFF_LINES])
    if len(changed) > DIFF_LINES:
        yield f"  ... and {len(changed) - DIFF_LINES} more"


if __name__ == "__main__":
    raise SystemExit(main())
