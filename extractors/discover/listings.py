"""What a source listed, sorted into the outlet's links and an outcome for each entry that is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from extractors.discover.freshness import shortest_seconds
from extractors.errors import DiscoverError, FetchError, NotAskedError, Reason, UnresolvedHostError
from extractors.normalize.timestamps import parse_timestamp
from extractors.normalize.urls import cms_id_of, host_of, link_problem, normalize_url
from extractors.outlets import Outlet, Source
from extractors.records import Capture, Hints, Link, Outcome, Poll, SourceState, Stage, make_link_id

DRUPAL_GUID = re.compile(r"(?P<id>\d+) at (?P<url>https?://\S+)")
DRUPAL_NODE = re.compile(r"(?:^|/)node/(?P<id>\d+)/?$")
LONGEST_DETAIL_CHARS = 300
LONGEST_URL_CHARS = 4_000
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
HINT_NAMES = tuple(item.name for item in fields(Hints))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as its source listed it, before anything was decided about it.

    ``url`` is absolute where the entry has one; ``guid`` is the entry's own identifier, often a URL too.
    """

    url: str | None
    guid: str | None = None
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A listing after each entry was judged; every entry is in one of the two, repeated ones once."""

    links: tuple[Link, ...]
    rejected: tuple[Outcome, ...]

    @property
    def has_too_old(self) -> bool:
        """Whether something was set aside for its age, which a later run may want after all."""
        return any(outcome.reason == Reason.TOO_OLD for outcome in self.rejected)


def sift(items: Iterable[Item], source: Source, outlet: Outlet, *, since: datetime | None, now: datetime) -> Sifted:
    """Judge each entry of a listing.

    An entry is too old when the newest of its times is before ``since``: an edit makes an old article new. An entry
    without a time is kept. Of two entries for one address the first counts, and the second fills what it left out.

    Args:
        items: The entries, in the source's order.
        source: Where they were listed.
        outlet: Whose source it is.
        since: Nothing older is wanted; ``None`` takes everything.
        now: When the source was polled.
    """
    links: dict[str, Link] = {}
    rejected: dict[str, Outcome] = {}
    listed = [storable_item(item) for item in items]
    shared = shared_ids(listed, outlet)
    for item in listed:
        url = clean_url(item.url or "")
        problem = link_problem(url, outlet)
        if problem is None and is_too_old(item.hints, since, outlet):
            problem = Reason.TOO_OLD
        if problem is not None:
            outcome = rejection(item, url, problem, source, outlet, now)
            rejected.setdefault(outcome.link_id or f"{url}\x1f{item.guid}\x1f{item.hints.title}", outcome)
            continue
        hints = replace(item.hints, cms_id=item.hints.cms_id or cms_id_of(url, outlet) or guid_id(item.guid, outlet))
        if hints.cms_id in shared and hints.cms_id != cms_id_of(url, outlet):
            hints = replace(hints, cms_id=None)
        normalized = normalize_url(url, outlet)
        earlier = links.get(normalized)
        links[normalized] = (
            replace(earlier, hints=fill_gaps(earlier.hints, hints))
            if earlier
            else Link(
                outlet_id=outlet.outlet_id,
                source_id=source.source_id,
                requested_url=url,
                normalized_url=normalized,
                hints=hints,
            )
        )
    return Sifted(links=tuple(links.values()), rejected=tuple(rejected.values()))


def shared_ids(items: Sequence[Item], outlet: Outlet) -> set[str | None]:
    """Ids that a listing gives to several addresses: they name no article, and would make one of many."""
    addresses: dict[str, set[str]] = {}
    for item in items:
        cms_id = item.hints.cms_id or guid_id(item.guid, outlet)
        url = clean_url(item.url or "")
        if cms_id and link_problem(url, outlet) is None:
            addresses.setdefault(cms_id, set()).add(normalize_url(url, outlet))
    return {cms_id for cms_id, found in addresses.items() if len(found) > 1}


def storable_item(item: Item) -> Item:
    """An entry without half characters and NULs: JSON can spell both, and no text can hold them."""
    values = {name: getattr(item.hints, name) for name in HINT_NAMES}
    texts = {name: storable(value) for name, value in values.items() if isinstance(value, str)}
    lists = {name: tuple(map(storable, value)) for name, value in values.items() if isinstance(value, tuple)}
    url, guid = (None if text is None else storable(text) for text in (item.url, item.guid))
    cleaned: dict[str, Any] = {**texts, **lists}
    return Item(url=url, guid=guid, hints=replace(item.hints, **cleaned))


def storable(text: str) -> str:
    """A text as UTF-8 can hold it."""
    return UNSTORABLE.sub("\ufffd", text)


def clean_url(url: str) -> str:
    """A URL as it was listed, without the white space that markup puts around and into it."""
    return re.sub(r"[\t\r\n]", "", url.strip())


def is_too_old(hints: Hints, since: datetime | None, outlet: Outlet) -> bool:
    """Whether every time that the source gave is before ``since``."""
    if since is None:
        return False
    found = [parse_timestamp(raw, default_zone=outlet.timezone) for raw in (hints.published, hints.modified) if raw]
    times = [moment for moment, _ in filter(None, found)]
    return bool(times) and max(times) < since


def rejection(item: Item, url: str, reason: Reason, source: Source, outlet: Outlet, now: datetime) -> Outcome:
    """The outcome of an entry that is none of the outlet's links."""
    detail = {
        Reason.TOO_OLD: f"published {item.hints.published}, modified {item.hints.modified}",
        Reason.BAD_URL: f"entry {item.guid or item.hints.title or 'without a title'!r} has no usable link",
    }.get(reason, "")
    try:
        link_id = make_link_id(outlet.outlet_id, normalize_url(url, outlet))
    except ValueError:
        link_id = None
    return Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.DISCOVER,
        requested_url=url[:LONGEST_URL_CHARS] or source.url or "",
        reason=reason,
        occurred_at=now,
        detail=detail[:LONGEST_DETAIL_CHARS],
        source_id=source.source_id,
        link_id=link_id,
    )


def fill_gaps(first: Hints, second: Hints) -> Hints:
    """The first entry's hints, with the second's where the first has none."""
    gaps = {item.name: getattr(second, item.name) for item in fields(Hints) if not getattr(first, item.name)}
    return replace(first, **gaps)


def guid_id(guid: str | None, outlet: Outlet) -> str | None:
    """The id that WordPress (``?p=12``) and Drupal (``/node/12``, ``12 at https://...``) put into an entry's guid.

    A guid on another host names an article of another site, so it says nothing.
    """
    text = (guid or "").strip()
    drupal = DRUPAL_GUID.fullmatch(text)
    url = drupal["url"] if drupal else text
    try:
        if not outlet.has_host(host_of(url)):
            return None
    except ValueError:
        return None
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("p", [""])[0]
    node = drupal or DRUPAL_NODE.search(parts.path)
    if number.isascii() and number.isdigit():
        return number
    return node["id"] if node else None


def listed_poll(
    source: Source,
    outlet: Outlet,
    sifted: Sifted,
    *,
    listed_count: int,
    captures: Sequence[Capture],
    state: SourceState | None,
    now: datetime,
    detail: str = "",
) -> Poll:
    """A poll that brought a listing."""
    return Poll(
        source_id=source.source_id,
        outcome=poll_outcome(source, outlet, Reason.POLLED, now, detail=detail, captures=captures),
        links=sifted.links,
        rejected=sifted.rejected,
        captures=tuple(captures),
        listed_count=listed_count,
        state=state,
        fresh_seconds=shortest_seconds(captures),
    )


def failed_poll(
    source: Source,
    outlet: Outlet,
    error: FetchError | DiscoverError,
    *,
    captures: Sequence[Capture] = (),
    now: datetime,
) -> Poll:
    """A poll that brought none; what is remembered of the source stays as it was."""
    of_error = [error.capture] if isinstance(error, FetchError) and error.capture else []
    known = {capture.capture_id: capture for capture in [*captures, *of_error]}
    outcome = poll_outcome(
        source, outlet, error.reason, now, detail=error.detail or error.url, captures=tuple(known.values())
    )
    status = error.http_status if isinstance(error, FetchError) else outcome.http_status
    return Poll(
        source_id=source.source_id,
        outcome=replace(outcome, http_status=status),
        captures=tuple(known.values()),
        is_unresolved=isinstance(error, UnresolvedHostError),
        postponed_until=now + timedelta(seconds=error.retry_after_seconds or 0)
        if isinstance(error, NotAskedError)
        else None,
    )


def poll_outcome(
    source: Source, outlet: Outlet, reason: Reason, now: datetime, *, detail: str = "", captures: Sequence[Capture] = ()
) -> Outcome:
    """How a poll ended, with the last response that it saw."""
    last = captures[-1] if captures else None
    return Outcome(
        outlet_id=outlet.outlet_id,
        stage=Stage.DISCOVER,
        requested_url=source.url or "",
        reason=reason,
        occurred_at=now,
        detail=detail[:LONGEST_DETAIL_CHARS],
        http_status=last.http_status if last else None,
        source_id=source.source_id,
        capture_id=last.capture_id if last else None,
    )
