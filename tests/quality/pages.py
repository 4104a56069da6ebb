"""Folders of labelled pages, which are no part of the project -> cases, and what wirewatch makes of each.

Two forms are known: ``cases.jsonl`` with one object a line and the gzipped pages that it names, and a checkout of the
article-extraction-benchmark with its ``ground-truth.json`` and ``html/<id>.html.gz``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractors.extract import PageTask, extract_body
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, Hints

CASES, GROUND_TRUTH = "cases.jsonl", "ground-truth.json"
UNKNOWN_URL = "https://unknown.example/article"
FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)
"""The pages' own day of capture is not known; this one is after all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page with what is expected of it."""

    case_id: str
    url: str
    body: bytes
    expected: dict[str, Any]

    def extract(self) -> Extraction:
        """Read the page as one of an outlet that has no file."""
        return extract_body(self.body, PageTask(capture=self.capture, link_id="", hints=Hints(), outlet=self.outlet))

    @property
    def outlet(self) -> Outlet:
        """The outlet that a backfill makes for a host that no file names."""
        host = urlsplit(self.url).netloc.lower()
        name = ".".join(host.removeprefix("www.").split(".")[-3:])
        return Outlet.model_validate(
            {"outlet_id": "generic", "name": name, "homepage": f"https://{host}/", "urls": {"hosts": [host]}}
        )

    @property
    def capture(self) -> Capture:
        """The page as if it had been fetched."""
        return Capture(
            capture_id=self.case_id,
            outlet_id="generic",
            requested_url=self.url,
            final_url=self.url,
            http_status=200,
            headers=(("Content-Type", "text/html"),),
            fetched_at=FETCHED_AT,
            body_sha256="",
            body_bytes=len(self.body),
            warc_file="",
            warc_offset=0,
        )


def read_collections(pages: Path) -> dict[str, list[Case]]:
    """Read the collections of a folder by their names; a folder that is a collection itself is the only one."""
    folders = [pages] if is_collection(pages) else sorted(pages.iterdir()) if pages.is_dir() else []
    return {folder.name: list(read_cases(folder)) for folder in folders if is_collection(folder)}


def is_collection(folder: Path) -> bool:
    """Whether a folder holds labelled pages in a form that is known."""
    return any((folder / name).is_file() for name in (CASES, GROUND_TRUTH))


def read_cases(folder: Path) -> Iterator[Case]:
    """Read one collection."""
    labels = benchmark_labels(folder) if (folder / GROUND_TRUTH).is_file() else case_labels(folder)
    for values in labels:
        body = gzip.decompress((folder / values["file"]).read_bytes())
        yield Case(case_id=values["id"], url=values.get("url") or UNKNOWN_URL, body=body, expected=values)


def case_labels(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of ``cases.jsonl``."""
    with (folder / CASES).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def benchmark_labels(folder: Path) -> Iterator[dict[str, Any]]:
    """The entries of ``ground-truth.json`` in the form of the others."""
    truth = json.loads((folder / GROUND_TRUTH).read_text(encoding="utf-8"))
    for case_id, values in sorted(truth.items()):
        file, text = f"html/{case_id}.html.gz", values["articleBody"]
        yield {"id": case_id, "file": file, "url": values.get("url"), "text": text}


def sample(cases: Sequence[Case], size: int | None) -> list[Case]:
    """Some of the cases, the same ones each time and in no order of theirs; all of them without a size."""
    mixed = sorted(cases, key=lambda case: hashlib.sha256(case.case_id.encode()).digest())
    return mixed[:size] if size else list(cases)
