"""A folder of labelled pages, which are no part of the project -> cases, and what wirewatch makes of each."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractors.extract import PageTask, extract_body
from extractors.outlets import Outlet
from extractors.records import Capture, Extraction, Hints

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


def read_cases(folder: Path) -> Iterator[Case]:
    """Read a collection: ``cases.jsonl`` with one object a line, and the gzipped pages that it names."""
    with (folder / "cases.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            body = gzip.decompress((folder / values["file"]).read_bytes())
            yield Case(case_id=values["id"], url=values["url"], body=body, expected=values)
