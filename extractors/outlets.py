"""An outlet's TOML file as a frozen record: what it is, where its links are found and how its pages read."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from lxml import etree
from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from extractors.cron import check_cron
from extractors.errors import ConfigurationError
from extractors.records import SourceKind
from extractors.toml_records import TomlRecord, make_record, read_toml

OUTLET_ID = re.compile(r"[a-z][a-z0-9_]{1,62}")
ADDRESS = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[0-9.]+):\d{1,5}")


def check_pattern(value: str) -> str:
    """Accept a regular expression."""
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from None
    return value


def check_xpath(value: str) -> str:
    """Accept an XPath 1.0 expression."""
    try:
        etree.XPath(value)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"is not an XPath expression: {error}") from None
    return value


def check_http_url(value: str) -> str:
    """Accept an absolute http or https URL without credentials."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an absolute http or https URL")
    if parts.username or parts.password:
        raise ValueError("holds credentials; take them out")
    return value


def check_time_zone(name: str) -> str:
    """Accept an IANA zone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not an IANA time zone such as 'Asia/Damascus'") from None
    return name


Pattern = Annotated[str, AfterValidator(check_pattern)]
TimeZone = Annotated[str, AfterValidator(check_time_zone)]
"""For times that an outlet prints without one, and for its schedule."""
XPath = Annotated[str, AfterValidator(check_xpath)]
HttpUrl = Annotated[str, AfterValidator(check_http_url)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Share = Annotated[float, Field(ge=0, le=1)]
PostType = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
FilledField = Literal["authors", "image_url", "language", "published_at", "section", "standfirst", "tags"]


BUILT_KINDS = (
    SourceKind.FEED,
    SourceKind.NEWS_SITEMAP,
    SourceKind.SITEMAP,
    SourceKind.WORDPRESS,
    SourceKind.SECTION,
    SourceKind.URLS,
    SourceKind.FOLDER,
)
"""Kinds that a source of an outlet can be of."""

KEYS_OF_KINDS = {
    "urls": SourceKind.URLS,
    "file": SourceKind.URLS,
    "path": SourceKind.FOLDER,
    "post_types": SourceKind.WORDPRESS,
    "links": SourceKind.SECTION,
    "next_page": SourceKind.SECTION,
    "page_url": SourceKind.SECTION,
}
"""Keys that say something for one kind only."""

PLACES_IN_PAGE_URL = {"page": 2, "year": 2020, "month": 5, "day": 6}
"""What a ``page_url`` may name, with values to try it on."""


def check_page_url(value: str) -> str:
    """Accept a pattern of page addresses: ``{page}``, ``{year}``, ``{month}``, ``{day}``, with formats such as :02."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
        if unknown := [name for name in named if name not in PLACES_IN_PAGE_URL]:
            raise ValueError(f"names {{{unknown[0]}}}; it may name {{page}}, {{year}}, {{month}} and {{day}}")
        check_http_url(value.format(**PLACES_IN_PAGE_URL))
    except (KeyError, IndexError) as error:
        raise ValueError(f"is not a pattern of addresses: {error}") from None
    if "page" not in named and "year" not in named:
        raise ValueError("names neither {page} nor {year}, so it is one page; put it into 'url'")
    if ("month" in named and "year" not in named) or ("day" in named and "month" not in named):
        raise ValueError("a {day} needs its {month}, and a {month} its {year}")
    return value


Minutes = Annotated[int, Field(ge=1, le=10_080)]
LONGEST_FACTOR = 8
LONGEST_BY_DEFAULT_MINUTES = 1_440
"""A source without ``max_every_minutes`` waits for up to eight times ``every_minutes``, and a day at most."""


class Source(TomlRecord):
    """One feed, sitemap, REST endpoint, section or list of an outlet."""

    kind: SourceKind
    url: HttpUrl | None = None
    urls: tuple[HttpUrl, ...] = ()
    file: Annotated[str, Field(min_length=1)] | None = None
    path: Annotated[str, Field(min_length=1)] | None = None
    post_types: Annotated[tuple[PostType, ...], Field(min_length=1, max_length=20)] = ("posts",)
    every_minutes: Minutes = 30
    max_every_minutes: Minutes | None = None
    max_items: Annotated[int, Field(ge=1, le=10_000)] = 200
    max_pages: Annotated[int, Field(ge=1, le=10_000)] = 20
    links: XPath | None = None
    next_page: XPath | None = None
    page_url: Annotated[str, AfterValidator(check_page_url)] | None = None

    @field_validator("kind")
    @classmethod
    def kind_is_built(cls, kind: SourceKind) -> SourceKind:
        """A kind that nothing reads would be a source that is silent for ever."""
        if kind not in BUILT_KINDS:
            raise ValueError(f"kind '{kind}' is for `wirewatch backfill --warc`; it is no source of an outlet")
        return kind

    @model_validator(mode="after")
    def has_what_its_kind_needs(self) -> Self:
        """A list of URLs or a folder needs what it is made of; every other kind has one URL of its own."""
        for key, kind in KEYS_OF_KINDS.items():
            if key in self.model_fields_set and self.kind != kind:
                raise ValueError(f"{key!r} is only for a source of kind '{kind}'")
        if self.kind == SourceKind.URLS and not self.urls and self.file is None:
            raise ValueError("a source of kind 'urls' needs 'urls', a list of URLs, or 'file', a file of them")
        if self.kind == SourceKind.FOLDER and self.path is None:
            raise ValueError("a source of kind 'folder' needs 'path', a folder of saved pages")
        if self.kind not in (SourceKind.URLS, SourceKind.FOLDER) and self.url is None:
            raise ValueError(f"a source of kind '{self.kind}' needs 'url'")
        if self.max_every_minutes is not None and self.max_every_minutes < self.every_minutes:
            raise ValueError(f"'max_every_minutes' is shorter than 'every_minutes', which is {self.every_minutes}")
        if self.next_page is not None and self.page_url is not None:
            raise ValueError("has both 'next_page' and 'page_url'; one of them leads to further pages")
        if len(set(self.post_types)) < len(self.post_types):
            raise ValueError("'post_types' names one twice")
        if "post_types" in self.model_fields_set and "wp/v2/" in (self.url or ""):
            raise ValueError("has 'post_types', and a 'url' that names one; give the site's address")
        return self

    @property
    def place(self) -> str:
        """Where it is listed: its URL, file or folder; empty for a list in the outlet's file itself."""
        return self.url or self.file or self.path or ""

    @property
    def longest_minutes(self) -> int:
        """The longest interval between two polls."""
        if self.max_every_minutes is not None:
            return self.max_every_minutes
        return max(self.every_minutes, min(LONGEST_FACTOR * self.every_minutes, LONGEST_BY_DEFAULT_MINUTES))

    @property
    def source_id(self) -> str:
        """Kind and place; stable as long as the configuration names the same one."""
        return f"{self.kind}:{self.place or 'list'}"


class Rewrite(TomlRecord):
    """One spelling of a URL as another: a regular expression and its replacement."""

    pattern: Pattern
    replace: str

    @field_validator("replace")
    @classmethod
    def groups_exist(cls, replace: str, info: ValidationInfo) -> str:
        """The replacement names only groups of its pattern."""
        try:
            re.compile(info.data.get("pattern", "")).sub(replace, "")
        except (re.error, IndexError) as error:
            raise ValueError(f"does not fit its pattern: {error}") from None
        return replace


class Urls(TomlRecord):
    """Which URLs are the outlet's, and how they are told apart."""

    hosts: Annotated[tuple[str, ...], Field(min_length=1)]
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    rewrite: tuple[Rewrite, ...] = ()
    cms_id: Pattern | None = None

    @field_validator("hosts")
    @classmethod
    def hosts_are_bare(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """A host is a name in lower case, with a port where it is not the scheme's own."""
        for host in hosts:
            if "/" in host or host != host.lower() or not host:
                raise ValueError(f"{host!r} is not a host such as 'www.example.org'")
        return hosts

    @field_validator("cms_id")
    @classmethod
    def cms_id_has_its_group(cls, pattern: str | None) -> str | None:
        """The pattern names what it finds."""
        if pattern is not None and "id" not in re.compile(pattern).groupindex:
            raise ValueError("needs a group named id, such as (?P<id>[0-9]+)")
        return pattern


RequestsPerDay = Annotated[int, Field(ge=1, le=10_000_000)]


class OutletFetch(TomlRecord):
    """What one outlet sets differently from ``[fetch]`` of wirewatch.toml."""

    user_agent: str | None = None
    seconds_between_requests: Annotated[float, Field(ge=0, le=3600)] | None = None
    total_timeout_seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    max_body_bytes: Annotated[int, Field(ge=1_000, le=200_000_000)] | None = None
    requests_per_day: RequestsPerDay | None = None
    verify_tls: bool = True


def check_ascending(hours: tuple[float, ...]) -> tuple[float, ...]:
    """Accept ages that grow."""
    if any(later <= earlier for earlier, later in itertools.pairwise(hours)):
        raise ValueError("the hours must grow from one to the next, such as [1, 6, 24]")
    return hours


Hours = Annotated[float, Field(gt=0, le=87_600)]
AgesInHours = Annotated[tuple[Hours, ...], Field(max_length=50), AfterValidator(check_ascending)]


class RecheckSettings(TomlRecord):
    """``[recheck]`` of wirewatch.toml: at which ages an article is fetched again; none turns it off."""

    after_hours: AgesInHours = (1, 6, 24, 72, 336)

    def for_outlet(self, outlet: Outlet) -> RecheckSettings:
        """These settings with what the outlet's own file sets."""
        return self.model_copy(update=outlet.recheck.model_dump(exclude_none=True))


class OutletRecheck(TomlRecord):
    """What one outlet sets differently from ``[recheck]`` of wirewatch.toml."""

    after_hours: AgesInHours | None = None


class Layout(TomlRecord):
    """XPath rules for one design of an outlet's pages; a later design is a layout of its own, before this one."""

    valid_until: dt.date | None = None
    body: XPath
    drop: tuple[XPath, ...] = ()
    title: XPath | None = None
    standfirst: XPath | None = None
    byline: XPath | None = None
    published: XPath | None = None
    section: XPath | None = None
    tags: XPath | None = None


class Title(TomlRecord):
    """How the outlet dresses its headlines."""

    suffixes: tuple[str, ...] = ()
    kicker_separator: str | None = None


class Republication(TomlRecord):
    """How the outlet marks what it took from others."""

    source_line: Pattern | None = None
    disclaimer: Pattern | None = None

    @field_validator("source_line")
    @classmethod
    def source_line_has_its_group(cls, pattern: str | None) -> str | None:
        """The pattern names what it finds."""
        if pattern is not None and "publisher" not in re.compile(pattern).groupindex:
            raise ValueError("needs a group named publisher, such as (?P<publisher>.+?)")
        return pattern


class Text(TomlRecord):
    """What counts as the text of an article."""

    min_chars: Annotated[int, Field(ge=0)] | None = None
    drop_lines: tuple[Pattern, ...] = ()


CheckName = Literal[
    "silence",
    "volume",
    "sources",
    "failures",
    "no_article",
    "text_length",
    "language",
    "section",
    "fill_authors",
    "fill_image_url",
    "fill_language",
    "fill_published_at",
    "fill_section",
    "fill_standfirst",
    "fill_tags",
]
CheckNames = tuple[CheckName, ...]
Weeks = Annotated[int, Field(ge=2, le=52)]
Days = Annotated[int, Field(ge=1, le=365)]
ArticleCount = Annotated[int, Field(ge=4, le=10_000)]
Deviations = Annotated[float, Field(ge=1, le=20)]
Positive = Annotated[float, Field(gt=0, le=87_600)]


class ExpectSettings(TomlRecord):
    """``[expect]`` of wirewatch.toml: what is out of the usual for every outlet, by what its own history shows."""

    history_weeks: Weeks = 8
    min_history_days: Days = 14
    recent_articles: ArticleCount = 40
    min_deviation: Deviations = 4.0
    min_silence_hours: Positive = 48.0
    silence_factor: Positive = 2.0
    min_volume_share: Share = 0.6
    max_source_failure_hours: Positive = 6.0
    max_failure_share: Share = 0.3
    max_no_article_rise: Share = 0.3
    min_text_share: Share = 0.6
    max_fill_drop: Share = 0.25
    max_language_shift: Share = 0.3
    max_section_shift: Share = 0.4
    ignore: CheckNames = ()

    def for_outlet(self, outlet: Outlet) -> ExpectSettings:
        """These settings with what the outlet's own file sets."""
        own = outlet.expect.model_dump(include=set(ExpectSettings.model_fields), exclude_none=True)
        return self.model_copy(update=own)


class Expect(TomlRecord):
    """What the outlet promises, and what it sets differently from ``[expect]`` of wirewatch.toml.

    A missed promise fails the run.
    """

    max_silence_hours: Annotated[float, Field(gt=0)] | None = None
    min_articles_per_day: Annotated[float, Field(ge=0)] | None = None
    min_fill: dict[FilledField, Share] = Field(default_factory=dict)
    min_words: Annotated[int, Field(ge=1)] | None = None
    min_language_share: dict[LanguageTag, Share] = Field(default_factory=dict)
    min_section_share: dict[str, Share] = Field(default_factory=dict)
    history_weeks: Weeks | None = None
    min_history_days: Days | None = None
    recent_articles: ArticleCount | None = None
    min_deviation: Deviations | None = None
    min_silence_hours: Positive | None = None
    silence_factor: Positive | None = None
    min_volume_share: Share | None = None
    max_source_failure_hours: Positive | None = None
    max_failure_share: Share | None = None
    max_no_article_rise: Share | None = None
    min_text_share: Share | None = None
    max_fill_drop: Share | None = None
    max_language_shift: Share | None = None
    max_section_shift: Share | None = None
    ignore: CheckNames | None = None

    def promises(self) -> dict[str, Any]:
        """What is promised, by key."""
        return self.model_dump(exclude=set(ExpectSettings.model_fields))


class OutletSchedule(TomlRecord):
    """Times of its own at which an outlet is polled, beside those at which its sources are due."""

    cron: Annotated[str, AfterValidator(check_cron)]
    timezone: TimeZone | None = None


class Outlet(TomlRecord):
    """A publication; ``folder`` is the one that its file is in."""

    outlet_id: str
    folder: Path = Path()
    name: Annotated[str, Field(min_length=1)]
    homepage: HttpUrl
    country: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    languages: tuple[LanguageTag, ...] = ()
    aliases: tuple[str, ...] = ()
    timezone: TimeZone | None = None
    sources: tuple[Source, ...] = ()
    urls: Urls
    fetch: OutletFetch = OutletFetch()
    recheck: OutletRecheck = OutletRecheck()
    layouts: tuple[Layout, ...] = ()
    title: Title = Title()
    republication: Republication = Republication()
    text: Text = Text()
    expect: Expect = Expect()
    schedule: OutletSchedule | None = None

    @model_validator(mode="after")
    def sources_differ(self) -> Self:
        """A source is listed once."""
        ids = [source.source_id for source in self.sources]
        if len(set(ids)) < len(ids):
            raise ValueError("lists the same source twice")
        return self

    def has_host(self, host: str) -> bool:
        """Whether a host (with its port, where the URL has one) is one of the outlet's."""
        return host.lower() in self.urls.hosts

    def accepts_url(self, url: str) -> bool:
        """Whether a URL on one of the outlet's hosts is one of its articles, by ``include`` and ``exclude``."""
        included = not self.urls.include or any(compiled(p).search(url) for p in self.urls.include)
        return included and not any(compiled(p).search(url) for p in self.urls.exclude)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A configured regular expression, compiled once a process."""
    return re.compile(pattern)


def load_outlet(path: Path) -> Outlet:
    """Read one outlet's file; the stem of its name is the ``outlet_id``.

    Raises:
        ConfigurationError: With file, key, value and advice.
    """
    if not OUTLET_ID.fullmatch(path.stem):
        advice = "name it with lower-case letters, digits and underscores, such as new_arab_en.toml"
        raise ConfigurationError(str(path), "", f"the name {path.stem!r} cannot be an outlet_id", advice)
    values = read_toml(path)
    for key, advice in (
        ("outlet_id", "the file's name is the outlet_id"),
        ("folder", "the file's place is the folder"),
    ):
        if key in values:
            raise ConfigurationError(str(path), key, "is not a known key", advice)
    return make_record(Outlet, {"outlet_id": path.stem, "folder": path.parent, **values}, file=str(path))


def load_outlets(folder: Path) -> dict[str, Outlet]:
    """Read every outlet's file below a folder, sorted by ``outlet_id``.

    Raises:
        ConfigurationError: Two files claim one ``outlet_id``, or one of them is wrong.
    """
    if not folder.is_dir():
        raise ConfigurationError(str(folder), "", "there is no such folder", "outlets are files <outlet_id>.toml in it")
    outlets: dict[str, Outlet] = {}
    for path in sorted(folder.rglob("*.toml"), key=lambda found: (found.stem, str(found))):
        outlet = load_outlet(path)
        if outlet.outlet_id in outlets:
            raise ConfigurationError(
                str(path), "outlet_id", f"{outlet.outlet_id!r} is claimed by two files", "rename one of them"
            )
        outlets[outlet.outlet_id] = outlet
    return outlets


class FetchSettings(TomlRecord):
    """``[fetch]`` of wirewatch.toml: how every outlet is asked, unless its own file says otherwise."""

    contact: Annotated[str, Field(min_length=1)] = "https://example.org/set-fetch-contact"
    user_agent: str | None = None
    allow_addresses: tuple[str, ...] = ()
    seconds_between_requests: Annotated[float, Field(ge=0, le=3600)] = 5.0
    requests_per_day: RequestsPerDay = 5_000
    jitter_share: Share = 0.2
    connect_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    read_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    total_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60.0
    max_body_bytes: Annotated[int, Field(ge=1_000, le=200_000_000)] = 10_000_000
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    max_article_pages: Annotated[int, Field(ge=1, le=200)] = 20
    max_connections: Annotated[int, Field(ge=1, le=100)] = 20
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_wait_seconds: Annotated[float, Field(ge=0, le=600)] = 2.0
    retry_after_cap_seconds: Annotated[float, Field(ge=0, le=86_400)] = 120.0
    robots_cache_hours: Annotated[float, Field(ge=0, le=24)] = 24.0

    @field_validator("allow_addresses")
    @classmethod
    def addresses_have_a_port(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """An exception from the guard is one address and one port, never a name or a network."""
        for address in addresses:
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"{address!r} is not an address with its port, such as '127.0.0.1:8081'")
        return addresses

    def for_outlet(self, outlet: Outlet) -> FetchSettings:
        """These settings with what the outlet's own file sets."""
        return self.model_copy(update=outlet.fetch.model_dump(exclude_none=True, exclude={"verify_tls"}))
