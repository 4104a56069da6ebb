"""WARC files as somebody else's crawler would have written them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from extractors.archive import Archive, RawResponse

FETCHED_AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def response(url: str, body: bytes, *, status: int = 200, kind: str = "text/html; charset=utf-8") -> RawResponse:
    """A response as another crawler would have archived it."""
    return RawResponse(
        requested_url=url,
        final_url=url,
        http_status=status,
        headers=((b"Content-Type", kind.encode()),),
        raw_body=body,
        fetched_at=FETCHED_AT,
    )


def write_warc(folder: Path, *responses: RawResponse) -> Path:
    """A WARC file with these responses."""
    with Archive(folder, roll_bytes=10_000_000, now=lambda: FETCHED_AT) as archive:
        for each in responses:
            archive.append(each)
    (path,) = folder.rglob("*.warc.gz")
    return path
