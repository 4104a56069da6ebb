"""The records that travel between the stages: outlet -> link -> capture -> article -> rows.

Frozen, slotted and keyword-only, so that a record that crosses a task, a process or a queue is still the record that
was made. Times are aware and in UTC. ``None`` means "not known", never "not asked".
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from extractors.errors import Reason

ARTICLE_NAMESPACE = uuid.UUID("6e0a5bb8-9d7b-5c5e-8f1c-2d9b1f5a7c31")
"""Namespace of every UUIDv5 that wirewatch makes; the same article has the same id on every machine."""

Precision = Literal["second", "minute", "day"]
"""How much of a time its source gave."""


class Stage(StrEnum):
    """The verbs of the pipeline; the same word names the module, the task and ``outcomes.stage``."""

    DISCOVER = "discover"
    FETCH = "fetch"
    EXTRACT = "extract"
    LOAD = "load"
    CHECK = "check"


class SourceKind(StrEnum):
    """What a source is, and so which module of ``extractors/discover/`` reads it."""

    FEED = "feed"
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    SECTION = "section"
    URLS = "urls"
    FOLDER = "folder"
    WARC = "warc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source said about a link, as it said it; the page may say otherwise.

    ``published`` and ``modified`` are the source's own strings (WordPress' GMT fields with a ``Z`` added, since the
    field's name says so). ``body_html`` is a feed's full content: a second witness of the text.
    """

    title: str | None = None
    standfirst: str | None = None
    body_html: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    cms_id: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None

    def fingerprint(self) -> str:
        """Digest of what changes when the article is edited; hex SHA-256.

        A later sighting by the same source with another fingerprint makes the link due again.
        """
        edited = (self.title, self.standfirst, self.body_html, self.modified)
        return hashlib.sha256("\x1f".join(part or "" for part in edited).encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A discovered URL. ``normalized_url`` is what two spellings of one address have in common."""

    outlet_id: str
    source_id: str
    requested_url: str
    normalized_url: str
    hints: Hints = field(default_factory=Hints)

    @property
    def link_id(self) -> str:
        """UUIDv5 of outlet and normalized URL."""
        return make_link_id(self.outlet_id, self.normalized_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """``ETag`` and ``Last-Modified`` byte for byte, with the URL that they belong to."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBody:
    """The decoded body that a URL of a source had when it was last read whole."""

    url: str
    body_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One fetched response, archived. The body is in the archive, not here.

    ``body_sha256`` and ``body_bytes`` are of the decoded body; ``capture_id`` is the WARC record's UUID;
    ``warc_file`` is relative to the archive's folder, with forward slashes; ``headers`` keep their order and spelling.
    """

    capture_id: str
    outlet_id: str
    requested_url: str
    final_url: str
    http_status: int
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    body_sha256: str
    body_bytes: int
    warc_file: str
    warc_offset: int

    def header(self, name: str) -> str | None:
        """First value of a header, by any spelling of its name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def validators(self) -> Validators:
        """What a conditional request sends to the URL that answered: a redirect on the way to it has none."""
        return Validators(url=self.final_url, etag=self.header("etag"), last_modified=self.header("last-modified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A capture with its decoded body, as the discover stage needs it."""

    capture: Capture
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSource:
    """Provenance of one field: which rule gave it, and the raw form that the rule saw (at most 500 characters)."""

    field: str
    source: str
    raw: str


class CreditKind(StrEnum):
    """What is credited in a byline: a person, a news agency, the outlet itself or its staff, another body."""

    PERSON = "person"
    AGENCY = "agency"
    OUTLET = "outlet"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One name of a byline, as it is written there."""

    name: str
    kind: CreditKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The extracted, normalized record of one page at one time.

    ``dateline`` and ``corrections`` are as written and no part of ``text`` (several notes one a line). ``credits`` are
    all whom the byline names, as it names them; ``authors`` are the persons among them, and ``agency`` the news
    agencies that the page credits anywhere, by one name each. ``languages`` are those that a real share of the text
    is in, the largest first.

    Of an article on several pages ``page_count`` are those whose texts are in ``text``, and ``next_url`` is the page
    that is still to be fetched; ``is_complete`` is False while there is one, and where one could not be had.
    """

    outlet_id: str
    identity: str
    canonical_url: str
    normalized_url: str
    capture_id: str
    language: str | None
    languages: tuple[str, ...]
    declared_language: str | None
    title: str
    kicker: str | None
    standfirst: str | None
    dateline: str | None
    text: str
    corrections: str | None
    byline: str | None
    authors: tuple[str, ...]
    credits: tuple[Credit, ...]
    agency: tuple[str, ...]
    published_at: datetime | None
    published_precision: Precision | None
    modified_at: datetime | None
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    image_caption: str | None
    image_credit: str | None
    original_publisher: str | None
    original_url: str | None
    has_disclaimer: bool
    is_free: bool
    extractor: str
    provenance: tuple[FieldSource, ...]
    is_complete: bool = True
    page_count: int = 1
    next_url: str | None = None

    @property
    def article_id(self) -> str:
        """UUIDv5 of outlet and identity: the CMS id where it is known, else the normalized URL."""
        return make_article_id(self.outlet_id, self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPage:
    """A page on which an article goes on, from number 2; ``capture`` is None where it could not be had."""

    number: int
    requested_url: str
    capture: Capture | None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What the extract stage made of one capture: an article, or the reason why there is none.

    ``shown_text`` is what a page that is no article shows all the same, such as the free words before a paywall.
    """

    capture: Capture
    link_id: str
    article: Article | None
    reason: Reason | None = None
    detail: str = ""
    shown_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt."""

    outlet_id: str
    stage: Stage
    requested_url: str
    reason: Reason
    occurred_at: datetime
    detail: str = ""
    http_status: int | None = None
    source_id: str | None = None
    link_id: str | None = None
    capture_id: str | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between runs.

    ``cursor`` belongs to the source's kind: for WordPress the newest ``modified_gmt`` seen.
    """

    source_id: str
    validators: tuple[Validators, ...] = ()
    bodies: tuple[SeenBody, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of one source: what it listed, and what to remember for the next one.

    ``outcome`` says how the poll itself ended (``polled``, ``not_modified``, ``unchanged`` or a failure); ``rejected``
    holds one outcome for each listed link that is not the outlet's (``foreign_host``, ``excluded_url``, ``bad_url``,
    ``too_old``). ``listed_count`` counts the items as the source listed them, before any was set aside.

    For the next poll's time: ``is_enough`` says whether the sources after this one are unnecessary, ``fresh_seconds``
    how long the answer holds by what server and feed say, ``is_unresolved`` that the host's name has no address, and
    ``postponed_until`` that nothing was asked, and when it may be.
    """

    source_id: str
    outcome: Outcome
    links: tuple[Link, ...] = ()
    rejected: tuple[Outcome, ...] = ()
    captures: tuple[Capture, ...] = ()
    listed_count: int = 0
    state: SourceState | None = None
    is_enough: bool = True
    fresh_seconds: float | None = None
    is_unresolved: bool = False
    postponed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What the fetch stage made of one link: a capture to extract, or an outcome, which may keep its capture.

    ``postponed_until`` says that nothing was asked, and when it may be: the link stays as it was.
    """

    link: Link
    capture: Capture | None
    outcome: Outcome | None = None
    postponed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStanding:
    """How a host that asked to be left alone, or answers with challenges, is to be treated.

    ``challenge_count`` counts the rests in a row for challenges; each is longer than the one before.
    """

    challenge_count: int = 0
    resting_until: datetime | None = None
    resting_reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostMemory:
    """What is remembered of a host between runs: the requests of one UTC day, by all runs, and its standing."""

    host: str
    asked_date: date
    request_count: int
    standing: HostStanding = HostStanding()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostVisits:
    """What a run adds to what is remembered of a host: requests since it last told, and a standing that has changed."""

    host: str
    asked_date: date
    request_count: int
    standing: HostStanding | None = None


def make_link_id(outlet_id: str, normalized_url: str) -> str:
    """UUIDv5 of a link, as text."""
    return uuid5_of(f"link\x1f{outlet_id}\x1f{normalized_url}")


def make_article_id(outlet_id: str, identity: str) -> str:
    """UUIDv5 of an article, as text."""
    return uuid5_of(f"article\x1f{outlet_id}\x1f{identity}")


def uuid5_of(name: str) -> str:
    """``str(uuid.uuid5(ARTICLE_NAMESPACE, name))``, after RFC 9562 section 5.5, at a fifth of its cost."""
    digest = bytearray(hashlib.sha1(ARTICLE_NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCard:
    """What the warehouse keeps of an outlet's file."""

    outlet_id: str
    name: str
    homepage: str
    country: str | None
    languages: tuple[str, ...]
    aliases: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    is_tls_verified: bool = True
