"""A body -> an HTTP answer with validators, compression and 304, as real servers give them (RFC 9110)."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

MIN_GZIP_BYTES = 500
HTML = "text/html; charset=UTF-8"
RSS = "application/rss+xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"


def answer(
    request: Request,
    body: bytes,
    *,
    content_type: str,
    status: int = 200,
    etag: bool = False,
    last_modified: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a body, or with 304 where the client has it already.

    Args:
        request: What was asked, with the client's own validators.
        body: Uncompressed; it goes out as gzip where the client takes it.
        content_type: With its charset.
        status: Only a 200 can turn into a 304.
        etag: Send a validator made from the body: strong as it stands, weak when it is compressed on the way.
        last_modified: Sent to the second.
        headers: Further headers, sent with a 304 too.
    """
    sent = {"vary": "Accept-Encoding", **(headers or {})}
    compress = "gzip" in request.headers.get("accept-encoding", "").lower() and len(body) >= MIN_GZIP_BYTES
    if etag:
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        sent["etag"] = f"W/{tag}" if compress else tag
    if last_modified is not None:
        sent["last-modified"] = http_date(last_modified)
    if status == 200 and is_not_modified(request, sent.get("etag"), last_modified):
        return Response(status_code=304, headers=sent)
    if compress:
        body = gzip.compress(body, 6, mtime=0)
        sent["content-encoding"] = "gzip"
    return Response(body, status, {**sent, "content-type": content_type})


def is_not_modified(request: Request, etag: str | None, last_modified: datetime | None) -> bool:
    """Whether the client's validators still hold; ``If-None-Match`` goes before ``If-Modified-Since``."""
    asked = request.headers.get("if-none-match")
    if asked is not None:
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return etag is not None and ("*" in tags or etag.removeprefix("W/") in tags)
    since = request.headers.get("if-modified-since")
    if since is None or last_modified is None:
        return False
    try:
        return last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # not an HTTP date, or one without a zone: RFC 9110 says to ignore it
        return False


def http_date(moment: datetime) -> str:
    """An aware time as ``Mon, 02 Mar 2026 23:05:21 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
