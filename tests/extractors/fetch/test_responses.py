"""Status, headers and first bytes give at most one reason why a response is not what was asked for."""

from __future__ import annotations

import pytest

from extractors.errors import TRANSIENT_REASONS, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch.protocol import Accept
from extractors.fetch.responses import body_problem, is_challenge, make_failure, reason_for_status, type_problem

STATUSES = {
    200: None,
    203: None,
    204: None,
    206: Reason.PROTOCOL_ERROR,
    300: Reason.PROTOCOL_ERROR,
    301: Reason.PROTOCOL_ERROR,
    304: Reason.PROTOCOL_ERROR,
    400: Reason.HTTP_4XX,
    401: Reason.HTTP_401,
    402: Reason.HTTP_4XX,
    403: Reason.HTTP_403,
    404: Reason.HTTP_404,
    408: Reason.TIMEOUT,
    410: Reason.HTTP_410,
    418: Reason.HTTP_4XX,
    425: Reason.TIMEOUT,
    429: Reason.HTTP_429,
    451: Reason.HTTP_4XX,
    500: Reason.HTTP_5XX,
    503: Reason.HTTP_5XX,
    999: Reason.HTTP_5XX,
}


@pytest.mark.parametrize(("status", "reason"), STATUSES.items())
def test_statuses(status: int, reason: Reason | None) -> None:
    """Each status has one reason; a redirect gets here only without a place to go to."""
    assert reason_for_status(status) == reason


@pytest.mark.parametrize(
    ("accept", "content_type", "reason"),
    [
        (Accept.PAGE, "text/html; charset=windows-1256", None),
        (Accept.PAGE, "TEXT/HTML", None),
        (Accept.PAGE, "application/xhtml+xml", None),
        (Accept.PAGE, "", None),
        (Accept.PAGE, "application/pdf", Reason.NOT_HTML),
        (Accept.PAGE, "application/json", Reason.NOT_HTML),
        (Accept.PAGE, "image/jpeg", Reason.NOT_HTML),
        (Accept.PAGE, "text/plain", Reason.NOT_HTML),
        (Accept.FEED, "application/rss+xml", None),
        (Accept.FEED, "text/html", None),
        (Accept.FEED, "application/octet-stream", None),
        (Accept.FEED, "", None),
        (Accept.FEED, "image/png", Reason.NOT_A_FEED),
        (Accept.FEED, "application/pdf", Reason.NOT_A_FEED),
        (Accept.JSON, "application/json", None),
        (Accept.JSON, "text/html; charset=utf-8", None),
        (Accept.JSON, "video/mp4", Reason.NOT_A_FEED),
    ],
)
def test_content_types(accept: Accept, content_type: str, reason: Reason | None) -> None:
    """A page must be HTML; a source may be anything that can be text, since its reader tells more exactly."""
    headers = (("Content-Type", content_type),) if content_type else ()
    assert type_problem(accept, headers) == reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML><p>x", None),
        (b"<!-- x --><html lang='ar'>", None),
        (b"", None),
        (b"%PDF-1.7", Reason.NOT_HTML),
        (b'{"a": 1}', Reason.NOT_HTML),
        (b"\x89PNG\r\n", Reason.NOT_HTML),
    ],
)
def test_a_page_without_content_type_is_looked_at(body: bytes, reason: Reason | None) -> None:
    """Whether it starts as HTML does; where there is a type, it holds, unless the bytes are another kind of file."""
    assert body_problem(Accept.PAGE, (), body) == reason
    is_other_file = body.startswith((b"%PDF", b"\x89PNG"))
    declared = body_problem(Accept.PAGE, (("content-type", "text/html"),), body)
    assert declared == (Reason.NOT_HTML if is_other_file else None)
    assert body_problem(Accept.FEED, (), body) is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (403, (("CF-Mitigated", "challenge"),), b"", True),
        (202, (("x-amzn-waf-action", "challenge"),), b"", True),
        (403, (), b"<script>window._cf_chl_opt={}</script>", True),
        (503, (), b"<script src='https://ct.captcha-delivery.com/c.js'></script>", True),
        (403, (), b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", False),
        (403, (), b"Forbidden", False),
        (200, (), b"<p>an article about _cf_chl_opt</p>", False),
        (404, (("cf-mitigated", "other"),), b"", False),
    ],
)
def test_challenges(status: int, headers: tuple[tuple[str, str], ...], body: bytes, *, expected: bool) -> None:
    """By header under any status, by the scripts' own marks under a refusal only."""
    assert is_challenge(status, headers, body) is expected


@pytest.mark.parametrize("reason", list(Reason))
def test_failures_are_transient_as_their_reason_is(reason: Reason) -> None:
    """The class follows from the reason, so that the two never disagree."""
    expected = TransientFetchError if reason in TRANSIENT_REASONS else PermanentFetchError
    assert type(make_failure(reason, "https://news.example/")) is expected
