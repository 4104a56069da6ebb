from __future__ import annotations

import gzip
import json
from pathlib import Path

from quality.figures import figures
from quality.made_pages import PARAGRAPHS, make_page
from quality.pages import read_collections, sample
from quality.readers import PageRead, read_by_wirewatch


def write_page(folder: Path, name: str) -> None:
    """A gzipped page of a collection."""
    (folder / "html").mkdir(parents=True, exist_ok=True)
    (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress(make_page().encode()))


def test_a_checkout_of_the_benchmark_is_a_collection(tmp_path: Path) -> None:
    """By its ground truth; it is scored as the others are."""
    folder = tmp_path / "article-extraction-benchmark"
    write_page(folder, "a1")
    truth = {"a1": {"articleBody": "\n".join(PARAGRAPHS), "url": "https://www.gazette.example/news/a1"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth), encoding="utf-8")
    [(name, cases)] = read_collections(folder).items()
    assert name == folder.name
    assert figures(cases, [read_by_wirewatch(case) for case in cases]) == {"text_f1": 1.0}


def test_lines_of_cases_are_a_collection(tmp_path: Path) -> None:
    """One object a line; each label gives a figure, and a page that is read as nothing has none of them right."""
    write_page(tmp_path / "ours", "b1")
    labels = {
        "must_contain": [PARAGRAPHS[0]], "must_not_contain": ["All rights reserved"], "title": "Harbor",
        "date": "2026-03-03",
    }  # fmt: skip
    line = json.dumps({"id": "b1", "file": "html/b1.html.gz", "url": None, **labels})
    (tmp_path / "ours" / "cases.jsonl").write_text(line + "\n", encoding="utf-8")
    cases = read_collections(tmp_path)["ours"]
    assert figures(cases, [read_by_wirewatch(case) for case in cases])["snippets_f1"] == 1.0
    assert figures(cases, [PageRead()]) == {"snippets_f1": 0.0, "title": 0.0, "date": 0.0, "date_wrong": 0.0}
    assert sample(cases, 30) == cases


def test_a_folder_without_pages_has_no_collection(tmp_path: Path) -> None:
    """Nor has one that is not there."""
    assert read_collections(tmp_path) == read_collections(tmp_path / "none") == {}
