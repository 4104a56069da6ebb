"""What holds for each hop on the way to a page: whose host it may be on, and what is sent there."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from extractors.errors import PermanentFetchError, Reason
from extractors.fetch.protocol import Accept
from extractors.fetch.responses import REDIRECT_STATUSES
from extractors.fetch.wire import Answer, Target, make_target
from extractors.outlets import FetchSettings, Outlet
from extractors.records import Validators


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
    return settings.user_agent or f"wirewatch/{version('wirewatch')} (+{settings.contact})"


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


def source_hosts(outlet: Outlet) -> set[str]:
    """The hosts of the homepage and of the configured sources."""
    urls = [outlet.homepage, *(source.url for source in outlet.sources if source.url is not None)]
    return {make_target(url).host for url in urls}


def redirect_of(answer: Answer) -> str | None:
    """Where an answer sends us; ``None`` where it does not."""
    return answer.header("location") if answer.status in REDIRECT_STATUSES else None


def conditions_for(target: Target, task: Task) -> dict[str, str]:
    """The conditional headers for a URL: byte for byte as they were given out, and only where they were."""
    known = task.validators
    if known is None or make_target(known.url).url != target.url:
        return {}
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value and value.isascii()}
