"""The closed set of reasons and the tree of errors.

    WirewatchError
    ├── ConfigurationError        the operator can act: a file, a key, a value
    ├── FetchError                one response could not be had
    │   ├── TransientFetchError   worth trying again later
    │   │   ├── UnresolvedHostError  the host's name has no address
    │   │   └── NotAskedError     nothing was asked: the host rests, or its day's requests are spent
    │   └── PermanentFetchError   the same request will fail the same way
    ├── DiscoverError             a source answered, but not with what it should be
    ├── ArchiveError              a record could not be written or read back
    ├── BodyError                 a response's body could not be decoded within its bounds
    └── WarehouseError            the warehouse could not be used
        ├── WarehouseBusyError    another process holds the loader's lock
        └── WarehouseUnusableError  the file is newer, damaged or not ours

Who can act decides the branch. One item's failure is data (an ``Outcome`` row), so a ``FetchError``, a
``DiscoverError`` is caught where the item is handled and never stops a run; the others do.
Every class passes its constructor's values whole to ``super().__init__``, so each survives a process boundary.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.records import Capture


class Reason(StrEnum):
    """Why an attempt ended as it did; stored in ``outcomes.reason``, never free text."""

    # fetch, transient
    TIMEOUT = "timeout"
    CONNECT_ERROR = "connect_error"
    TLS_ERROR = "tls_error"
    PROTOCOL_ERROR = "protocol_error"
    TRUNCATED_BODY = "truncated_body"
    HTTP_429 = "http_429"
    HTTP_5XX = "http_5xx"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    # fetch, permanent
    HTTP_401 = "http_401"
    HTTP_403 = "http_403"
    HTTP_404 = "http_404"
    HTTP_410 = "http_410"
    HTTP_4XX = "http_4xx"
    ROBOTS_DISALLOWED = "robots_disallowed"
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"
    NOT_HTML = "not_html"
    CHALLENGE = "challenge"
    PRIVATE_ADDRESS = "private_address"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    FOREIGN_HOST = "foreign_host"
    BAD_URL = "bad_url"
    EXCLUDED_URL = "excluded_url"
    REDIRECTED_HOME = "redirected_home"
    # nothing to do
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    ALREADY_KNOWN = "already_known"
    NOT_DUE = "not_due"
    TOO_OLD = "too_old"
    OUTLET_BUSY = "outlet_busy"
    BUDGET_SPENT = "budget_spent"
    # the page is no article
    LISTING_PAGE = "listing_page"
    CONSENT_WALL = "consent_wall"
    PAYWALL_STUB = "paywall_stub"
    SOFT_404 = "soft_404"
    LIVE_BLOG_SHELL = "live_blog_shell"
    SCRIPT_ONLY = "script_only"
    TOO_SHORT = "too_short"
    EMPTY = "empty"
    FURTHER_PAGE = "further_page"
    # an article on several pages
    INCOMPLETE = "incomplete"
    # feed
    NOT_A_FEED = "not_a_feed"
    FEED_PARSE_ERROR = "feed_parse_error"
    # files
    FILE_ERROR = "file_error"
    # ours
    EXTRACT_ERROR = "extract_error"
    ARCHIVE_ERROR = "archive_error"
    # done
    POLLED = "polled"
    LOADED = "loaded"
    REVISED = "revised"


TRANSIENT_REASONS = frozenset(
    {
        Reason.TIMEOUT,
        Reason.CONNECT_ERROR,
        Reason.TLS_ERROR,
        Reason.PROTOCOL_ERROR,
        Reason.TRUNCATED_BODY,
        Reason.HTTP_429,
        Reason.HTTP_5XX,
        Reason.ROBOTS_UNREACHABLE,
    }
)
"""Reasons that a later attempt may not meet again."""

NOTHING_TO_DO_REASONS = frozenset(
    {
        Reason.NOT_MODIFIED,
        Reason.UNCHANGED,
        Reason.ALREADY_KNOWN,
        Reason.NOT_DUE,
        Reason.TOO_OLD,
        Reason.OUTLET_BUSY,
        Reason.BUDGET_SPENT,
    }
)
"""Reasons that say that an attempt was not needed, or not now; they are no failure."""

NO_ARTICLE_REASONS = frozenset(
    {
        Reason.LISTING_PAGE,
        Reason.CONSENT_WALL,
        Reason.PAYWALL_STUB,
        Reason.SOFT_404,
        Reason.LIVE_BLOG_SHELL,
        Reason.SCRIPT_ONLY,
        Reason.TOO_SHORT,
        Reason.EMPTY,
        Reason.FURTHER_PAGE,
    }
)
"""Verdicts: the page was read and is no article."""

EMPTIED_REASONS = frozenset({Reason.REDIRECTED_HOME, Reason.SOFT_404, Reason.EMPTY})
"""A page that held an article and ends so was taken down, unless many of its outlet's pages do so at once."""

TAKEDOWN_REASONS = EMPTIED_REASONS | {Reason.HTTP_404, Reason.HTTP_410}
"""How an article's address answers when the article is gone."""

SUCCESS_REASONS = frozenset({Reason.POLLED, Reason.LOADED, Reason.REVISED})
"""Reasons of an attempt that brought what it was made for."""


class WirewatchError(Exception):
    """Everything that wirewatch itself raises."""


class ConfigurationError(WirewatchError):
    """A configuration file, a key or a value in it is wrong, and nothing was run."""

    def __init__(self, file: str, key: str, problem: str, advice: str = "") -> None:
        super().__init__(file, key, problem, advice)
        self.file = file
        self.key = key
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        return f"{where}{self.problem}" + (f"; {self.advice}" if self.advice else "")


class FetchError(WirewatchError):
    """One response could not be had, or not one that can be used.

    Args:
        reason: Why.
        url: The URL whose answer failed; after a redirect, the hop's.
        detail: What was seen, for a person.
        http_status: The status code, where there was one.
        retry_after_seconds: What the server asked for in ``Retry-After``.
        capture: The archived response, where one was kept (a 404's page is evidence of a takedown).
    """

    def __init__(
        self,
        reason: Reason,
        url: str,
        detail: str = "",
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
        capture: Capture | None = None,
    ) -> None:
        super().__init__(reason, url, detail, http_status, retry_after_seconds, capture)
        self.reason = reason
        self.url = url
        self.detail = detail
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds
        self.capture = capture

    def __str__(self) -> str:
        return f"{self.reason} at {self.url}" + (f": {self.detail}" if self.detail else "")


class TransientFetchError(FetchError):
    """The same request may succeed later."""


class UnresolvedHostError(TransientFetchError):
    """The host's name has no address, which says more of the network and its name servers than of the host."""


class NotAskedError(TransientFetchError):
    """Nothing was asked of a host that is left alone; ``retry_after_seconds`` says for how long.

    The reason is ``budget_spent``, or the one for which the host rests: ``challenge``, ``http_429`` or ``http_5xx``.
    """


class PermanentFetchError(FetchError):
    """The same request will fail the same way."""


class DiscoverError(WirewatchError):
    """A source answered, but its answer is not what the source's kind promises."""

    def __init__(self, reason: Reason, url: str, detail: str = "") -> None:
        super().__init__(reason, url, detail)
        self.reason = reason
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason} at {self.url}" + (f": {self.detail}" if self.detail else "")


class ArchiveError(WirewatchError):
    """A WARC record could not be written, or what was read back is not what was written."""

    def __init__(self, file: str, offset: int, detail: str) -> None:
        super().__init__(file, offset, detail)
        self.file = file
        self.offset = offset
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.file} at offset {self.offset}: {self.detail}"


class BodyError(WirewatchError):
    """A body is larger than it may be, cut short, or not encoded as its header says."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class WarehouseError(WirewatchError):
    """The warehouse could not be used."""

    def __init__(self, path: str, problem: str, advice: str = "") -> None:
        super().__init__(path, problem, advice)
        self.path = path
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}" + (f"; {self.advice}" if self.advice else "")


class WarehouseBusyError(WarehouseError):
    """Another process held the loader's lock for longer than we wait."""


class WarehouseUnusableError(WarehouseError):
    """The file is newer than this code, damaged, or not a warehouse of ours."""
