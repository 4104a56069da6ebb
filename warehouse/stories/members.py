"""What is known of the articles of a story, as far as it says who published first. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from warehouse.stories.words import words_of


class Credit(StrEnum):
    """What of an article names another outlet as its source."""

    SOURCE_LINE = "source_line"
    ORIGINAL_URL = "original_url"
    AGENCY = "agency"
    BYLINE = "byline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How others name an outlet: its names as words, and its hosts."""

    names: frozenset[tuple[str, ...]] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article; ``story_id`` is the story that it belonged to so far, None for a new one."""

    article_id: str
    outlet_id: str
    story_id: str | None
    published_at: datetime | None
    published_precision: str | None
    first_seen_at: datetime
    addresses: tuple[str, ...]
    original_publisher: str | None
    original_url: str | None
    byline: str | None
    agency: tuple[str, ...]

    @property
    def effective_at(self) -> datetime:
        """When it was published at the latest: nothing is published after it was seen, nor after its day."""
        if self.published_at is None:
            return self.first_seen_at
        latest = self.published_at
        if self.published_precision == "day":
            latest += timedelta(days=1, microseconds=-1)
        return min(latest, self.first_seen_at)

    @property
    def is_dated(self) -> bool:
        """Whether its outlet's word is what ``effective_at`` rests on."""
        return self.published_at is not None and self.effective_at < self.first_seen_at

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """Its place among articles that do not name each other; a total order."""
        return self.effective_at, self.first_seen_at, self.article_id


def names_of(name: str, aliases: tuple[str, ...], hosts: tuple[str, ...]) -> Names:
    """The names of an outlet's card."""
    words = (tuple(without_article(words_of(each))) for each in (name, *aliases))
    return Names(names=frozenset(each for each in words if each), hosts=frozenset(bare_host(each) for each in hosts))


def credit_of(copy: Member, origin: Member, names: Names) -> Credit | None:
    """What of ``copy`` names the outlet of ``origin``, whose names are given; the strongest word for it."""
    if copy.outlet_id == origin.outlet_id:
        return None
    if copy.original_publisher and names_outlet(copy.original_publisher, names):
        return Credit.SOURCE_LINE
    if copy.original_url and leads_to(copy.original_url, origin, names):
        return Credit.ORIGINAL_URL
    if any(names_outlet(each, names) for each in copy.agency):
        return Credit.AGENCY
    if copy.byline and names_outlet(copy.byline, names):
        return Credit.BYLINE
    return None


def names_outlet(written: str, names: Names) -> bool:
    """Whether words name an outlet: they are its name, or have a name of several words among them."""
    words = tuple(without_article(words_of(written)))
    return any(
        words == name or (len(name) > 1 and any(words[at : at + len(name)] == name for at in range(len(words))))
        for name in names.names
    )


def without_article(words: list[str]) -> list[str]:
    """Words without a leading "the"."""
    return words[1:] if words[:1] == ["the"] else words


def leads_to(address: str, origin: Member, names: Names) -> bool:
    """Whether an address is the origin's own, or one of its outlet."""
    bare = bare_address(address)
    return bare in {bare_address(each) for each in origin.addresses} or bare.partition("/")[0] in names.hosts


def bare_address(address: str) -> str:
    """An address without scheme, www, fragment and closing slash."""
    return bare_host(address.partition("://")[2].partition("#")[0].rstrip("/"))


def bare_host(host: str) -> str:
    """A host without www."""
    return host.removeprefix("www.")
