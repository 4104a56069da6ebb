"""Turns a response's status, headers and body into "usable" or one reason why not, after RFC 9110."""

from __future__ import annotations

import re

from extractors.errors import TRANSIENT_REASONS, FetchError, PermanentFetchError, Reason, TransientFetchError
from extractors.fetch.protocol import Accept

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
USABLE_STATUSES = frozenset({200, 202, 203, 204})
KEPT_FAILURES = frozenset({404, 410})
"""Failures whose page is archived: it is the evidence that an article was taken down."""
SLOWING_STATUSES = frozenset({429, 503})
"""Statuses by which a host says that it is asked too much."""
GOOD_STATUSES = USABLE_STATUSES | KEPT_FAILURES | {304}
"""Statuses of a host that lets itself be asked."""
TOLD_BY_BODY = frozenset({403, 429, 503})
"""Statuses under which the body tells a challenge from a plain refusal."""

ACCEPT_HEADERS = {
    Accept.PAGE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    Accept.FEED: "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, */*;q=0.1",
    Accept.JSON: "application/json, */*;q=0.1",
}
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
OPENING_OF_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta)\b", re.IGNORECASE)
SNIFFED_BYTES = 1_024
NO_TEXT_OPENINGS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")
"""How files begin that are sometimes served as pages; the last is gzip that no header mentions."""
# A feed's type is often wrong and its reader can tell, so only what is certainly no text is refused; a sitemap may be a
# gzip file.
NO_TEXT = re.compile(r"(?:image|audio|video|font)/|application/(?:pdf|zip|java-archive|vnd\.ms-|msword)")

CHALLENGE_HEADERS = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("challenge", "captcha")}
CHALLENGE_MARKS = (
    b"_cf_chl_opt",
    b"cf-challenge-running",
    b"captcha-delivery.com",
    b"_Incapsula_Resource",
    b"sucuri_cloudproxy_js",
    b"px-captcha",
)
"""Scripts that ask a browser to prove itself. Cloudflare's ``/cdn-cgi/challenge-platform/`` is none of them: it is on
ordinary pages too."""
CHALLENGE_BYTES = 200_000

Headers = tuple[tuple[str, str], ...]


def first_header(headers: Headers, name: str) -> str | None:
    """First value of a header, by its name in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


def media_type(headers: Headers) -> str:
    """Type and subtype in lower case, without parameters; empty where there is none."""
    return (first_header(headers, "content-type") or "").partition(";")[0].strip().lower()


def reason_for_status(status: int) -> Reason | None:
    """The reason that a status alone gives; ``None`` for a usable one."""
    exact = {
        401: Reason.HTTP_401,
        403: Reason.HTTP_403,
        404: Reason.HTTP_404,
        408: Reason.TIMEOUT,
        410: Reason.HTTP_410,
        425: Reason.TIMEOUT,  # "too early": like 408, the server wants the same request again
        429: Reason.HTTP_429,
    }
    if status in USABLE_STATUSES:
        return None
    if status in exact:
        return exact[status]
    if 400 <= status < 500:
        return Reason.HTTP_4XX
    if status >= 500:
        return Reason.HTTP_5XX
    return Reason.PROTOCOL_ERROR  # 206 that nobody asked for, 304 without validators, 3xx that is no redirect


def is_challenge(status: int, headers: Headers, body: bytes) -> bool:
    """Whether the answer is not the page but a test whether a browser asks."""
    for name, actions in CHALLENGE_HEADERS.items():
        if (first_header(headers, name) or "").strip().lower() in actions:
            return True
    head = body[:CHALLENGE_BYTES]
    return status in TOLD_BY_BODY and any(mark in head for mark in CHALLENGE_MARKS)


def type_problem(accept: Accept, headers: Headers) -> Reason | None:
    """What the declared content type rules out before the body is read; ``None`` where it may be what is wanted."""
    declared = media_type(headers)
    if accept == Accept.PAGE:
        return Reason.NOT_HTML if declared and declared not in PAGE_TYPES else None
    return Reason.NOT_A_FEED if NO_TEXT.match(declared) else None


def body_problem(accept: Accept, headers: Headers, body: bytes) -> Reason | None:
    """What the first bytes rule out: other kinds of files, and what is no HTML where no content type was declared.

    An empty body is a page's own affair.
    """
    if accept != Accept.PAGE or not body:
        return None
    if body.startswith(NO_TEXT_OPENINGS):
        return Reason.NOT_HTML
    return None if media_type(headers) or OPENING_OF_HTML.search(body[:SNIFFED_BYTES]) else Reason.NOT_HTML


def make_failure(
    reason: Reason,
    url: str,
    detail: str = "",
    http_status: int | None = None,
    retry_after_seconds: float | None = None,
) -> FetchError:
    """The error for a reason, transient or permanent as the reason is."""
    kind = TransientFetchError if reason in TRANSIENT_REASONS else PermanentFetchError
    return kind(reason, url, detail, http_status, retry_after_seconds)
