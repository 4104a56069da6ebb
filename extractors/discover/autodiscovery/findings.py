"""A poll of a candidate into what it proves, and findings into an order of trust, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

from extractors.discover.autodiscovery.candidates import GIVEN, Candidate
from extractors.errors import Reason
from extractors.normalize.timestamps import parse_timestamp
from extractors.records import Hints, Link, Poll, SourceKind

OWN_SHARE = 0.5
"""A source most of whose entries are another site's is not the outlet's."""
STALE_AFTER = timedelta(days=14)
"""A source whose newest article is so much older than another's was given up by its site."""
TRUST = {
    SourceKind.WORDPRESS: 0,
    SourceKind.NEWS_SITEMAP: 1,
    SourceKind.FEED: 2,
    SourceKind.SITEMAP: 3,
    SourceKind.SECTION: 4,
}
WORTH = {
    SourceKind.WORDPRESS: "the REST API tells of every post and of edits",
    SourceKind.NEWS_SITEMAP: "a news sitemap lists the last days' articles with their times",
    SourceKind.FEED: "a feed lists the newest articles",
    SourceKind.SITEMAP: "a sitemap lists the whole site, so not only articles",
    SourceKind.SECTION: "links of the home page; no times, and edits are not seen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One candidate after it was asked.

    ``links`` are the outlet's, ``foreign_urls`` what it listed on other hosts; ``newest_at`` is the newest time that it
    gave, those of the future left out.
    """

    candidate: Candidate
    reason: Reason
    detail: str = ""
    listed_count: int = 0
    links: tuple[Link, ...] = ()
    foreign_urls: tuple[str, ...] = ()
    dated_count: int = 0
    newest_at: datetime | None = None
    is_of_comments: bool = False

    @property
    def own_share(self) -> float:
        """Part of the entries, each once, that are on the outlet's hosts."""
        entries_count = len(self.links) + len(self.foreign_urls)
        return len(self.links) / entries_count if entries_count else 0.0

    @property
    def is_usable(self) -> bool:
        """Whether it lists articles of the outlet."""
        return bool(self.links) and self.own_share >= OWN_SHARE and not self.is_of_comments

    def why(self) -> str:
        """What it proved, or why it is of no use."""
        if self.is_of_comments:
            return "lists readers' comments"
        if self.reason != Reason.POLLED:
            return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
        if not self.links and not self.foreign_urls:
            return "lists nothing"
        if not self.is_usable:
            return f"lists another site: {len(self.foreign_urls)} of {len(self.foreign_urls) + len(self.links)} links"
        newest = f", the newest of {self.newest_at:%Y-%m-%d}" if self.newest_at else ""
        dates = "no times" if not self.dated_count else f"{self.dated_count} with a time{newest}"
        foreign = f", {len(self.foreign_urls)} of other sites" if self.foreign_urls else ""
        return f"{len(self.links)} links, {dates}{foreign}"


def finding_of(candidate: Candidate, poll: Poll, *, now: datetime) -> Finding:
    """What a poll proves."""
    times = [moment for link in poll.links if (moment := newest_time(link.hints, now)) is not None]
    comments = [link for link in poll.links if urldefrag(link.requested_url)[1].startswith("comment")]
    return Finding(
        candidate=candidate,
        reason=poll.outcome.reason,
        detail=poll.outcome.detail,
        listed_count=poll.listed_count,
        links=poll.links,
        foreign_urls=tuple(each.requested_url for each in poll.rejected if each.reason == Reason.FOREIGN_HOST),
        dated_count=len(times),
        newest_at=max(times, default=None),
        is_of_comments=bool(comments) and 2 * len(comments) > len(poll.links),
    )


def newest_time(hints: Hints, now: datetime) -> datetime | None:
    """The newest time that a source gave for a link; none of the future."""
    found = [parse_timestamp(raw) for raw in (hints.published, hints.modified) if raw]
    return max((moment for moment, _ in filter(None, found) if moment <= now + timedelta(days=1)), default=None)


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order in which an outlet's file lists them, those of no use last.

    What is up to date comes first; then what proves most by its kind; then what somebody named, times, the share of
    the outlet's own links, and their number. The shorter address wins where all is equal: a site's feed before a
    section's.
    """
    every = list(findings)
    newest = max((each.newest_at for each in every if each.is_usable and each.newest_at), default=None)

    def order(finding: Finding) -> tuple[bool, bool, int, bool, bool, float, int, int]:
        return (
            not finding.is_usable,
            is_stale(finding, newest),
            TRUST.get(finding.candidate.kind, len(TRUST)),
            finding.candidate.found_by != GIVEN,
            not finding.dated_count,
            -round(finding.own_share, 1),
            -len(finding.links),
            len(finding.candidate.url),
        )

    return sorted(every, key=order)


def is_stale(finding: Finding, newest: datetime | None) -> bool:
    """Whether a source lags far behind the freshest one."""
    return newest is not None and finding.newest_at is not None and newest - finding.newest_at > STALE_AFTER


def chosen(findings: Sequence[Finding]) -> list[Finding]:
    """The sources for an outlet's file: the best of each kind that is up to date, each for the day the others fail.

    A home page's links are taken only where nothing else is there.
    """
    usable = [each for each in ranked(findings) if each.is_usable]
    newest = max((each.newest_at for each in usable if each.newest_at), default=None)
    fresh = [each for each in usable if not is_stale(each, newest)]
    best: dict[SourceKind, Finding] = {}
    for each in fresh:
        best.setdefault(each.candidate.kind, each)
    if len(best) > 1:
        best.pop(SourceKind.SECTION, None)
    return list(best.values())


def newest_first(links: Iterable[Link], now: datetime) -> list[Link]:
    """Links by the times that their source gave, those without a time after the others in their order."""
    beginning = datetime.min.replace(tzinfo=UTC)
    return sorted(links, key=lambda link: newest_time(link.hints, now) or beginning, reverse=True)
