"""What holds for each hop on the way to a page: whose host it may be on, and what is sent there."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from extractors.errors import PermanentFetchError, Reason
from extractors.fetch.protocol import Accept
from extractors.fetch.responses import REDIRECT_STATUSES
from extractors.fetch.wire import Answer, Target, make_target
from extractors.outlets import FetchSettings, Outlet
from extractors.records import Validators

TAG_DRESS = re.compile(r'^\s*W/|"|[-;]+(?:gzip|df|br|zstd)(?="?\s*$)', re.IGNORECASE)
"""What servers put around and behind an entity tag; Apache and Cloudflare name the compression there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One call of ``fetch``, as the steps below it need it; ``settings`` are the outlet's."""

    requested_url: str
    outlet: Outlet
    accept: Accept
    validators: Validators | None
    settings: FetchSettings


def user_agent(settings: FetchSettings) -> str:
    """What we say we are: the outlet's own wording, else our name with the operator's contact."""
    return settings.user_agent or f"wirewatch/{own_version()} (+{settings.contact})"


@cache
def own_version() -> str:
    """Our version; to look it up reads files, and took longer than a request on loopback."""
    return version("wirewatch")


def check_host(target: Target, task: Task) -> None:
    """Refuse a host that is not the outlet's; a source may also be where the outlet's file says that it is.

    Raises:
        PermanentFetchError: ``foreign_host``.
    """
    outlet = task.outlet
    if outlet.has_host(target.host) or outlet.has_host(target.ascii_host):
        return
    if task.accept != Accept.PAGE and target.host in source_hosts(outlet):
        return
    raise PermanentFetchError(Reason.FOREIGN_HOST, target.url, f"{target.host} is not a host of {outlet.outlet_id}")


def is_tls_verified(target: Target, outlet: Outlet) -> bool:
    """Whether a host's certificate is checked: always, but on the hosts of an outlet whose file says otherwise.

    Those are the hosts under ``[urls]``; where a robots.txt leads to, or a source elsewhere, is none of them.
    """
    is_own = outlet.has_host(target.host) or outlet.has_host(target.ascii_host)
    return outlet.fetch.verify_tls or not is_own


def hosts_of(outlet: Outlet) -> tuple[str, ...]:
    """Every host that is asked for an outlet, as the pacer names them."""
    own = {make_target(f"https://{host}/").host for host in outlet.urls.hosts}
    return tuple(sorted(own | source_hosts(outlet)))


def source_hosts(outlet: Outlet) -> set[str]:
    """The hosts of the homepage and of the configured sources."""
    urls = [outlet.homepage, *(source.url for source in outlet.sources if source.url is not None)]
    return {make_target(url).host for url in urls}


def redirect_of(answer: Answer) -> str | None:
    """Where an answer sends us; ``None`` where it does not."""
    return answer.header("location") if answer.status in REDIRECT_STATUSES else None


def conditions_for(target: Target, task: Task) -> dict[str, str]:
    """The conditional header for a URL: byte for byte as it was given out, and only where it was.

    The date goes out where there is no tag. A server must pass over it beside a tag (RFC 9110, 13.1.3), so it could
    only help one that does not, to call unmodified what has another tag.
    """
    known = task.validators
    if known is None or make_target(known.url).url != target.url:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    usable = ((name, value) for name, value in pairs.items() if value and value.isascii())
    return dict(itertools.islice(usable, 1))


def is_of_another_state(answer: Answer, task: Task) -> bool:
    """Whether a 304 names another tag than the one that it was asked about, so that it answers no question of ours.

    Tags that differ in the mark for weak ones or in what a compressing server adds are the same one.

    Source: RFC 9110, 15.4.5: a 304 has the tag that a 200 would have had.
    """
    asked = conditions_for(answer.target, task).get("If-None-Match")
    named = answer.header("etag")
    return answer.status == 304 and bool(asked and named) and opaque_tag(asked or "") != opaque_tag(named or "")


def opaque_tag(etag: str) -> str:
    """What two spellings of an entity tag have in common."""
    return TAG_DRESS.sub("", etag)
