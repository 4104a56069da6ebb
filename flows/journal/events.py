"""What a run tells the warehouse, as records that can be told again: each knows the rows that it makes.

A run tells everything that it found in this form, and the archive keeps it, as notes beside the responses. A rebuild
tells the notes to an empty warehouse in their order; since it is the same code, the same rows come out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb

from extractors.errors import Reason
from extractors.records import Capture, Extraction, FetchResult, Hints, Link, Outcome, OutletCard, Poll
from warehouse.further_pages import PageFetch, record_further_pages
from warehouse.health.notices import Told, record_notices
from warehouse.health.states import CheckChange, OutletChange, record_changes
from warehouse.hints import archived_hints, hints_of_sightings
from warehouse.intervals import Bounds
from warehouse.load import LoadCounts, load
from warehouse.outcomes import insert_outcomes
from warehouse.polls import QuietPolls, is_quiet, record_quiet_polls
from warehouse.rereadings import Rereading, reload
from warehouse.runs import killed_runs
from warehouse.state import (
    DiscoverCounts,
    add_links,
    finish_run,
    record_fetches,
    record_polls,
    start_run,
    upsert_outlets,
)
from warehouse.transactions import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run began. ``parameters`` is a JSON object."""

    run_id: str
    at: datetime
    command: str
    parameters: str
    wirewatch_version: str
    process: str
    interrupted: tuple[str, ...] | None = None

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write the run's row, and end the earlier ones that were killed, as far as it is not said which those are."""
        start_run(
            con,
            self.run_id,
            command=self.command,
            parameters=json.loads(self.parameters),
            started_at=self.at,
            wirewatch_version=self.wirewatch_version,
            process=self.process,
            interrupted=self.interrupted,
        )

    def abridged(self, con: duckdb.DuckDBPyConnection) -> RunStarted:
        """The same with the runs that it finds killed, which nobody can find out later."""
        return replace(self, interrupted=tuple(killed_runs(con)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """A run came to its end. ``summary`` is a JSON object."""

    run_id: str
    at: datetime
    status: str
    summary: str

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write how the run ended."""
        finish_run(con, self.run_id, finished_at=self.at, status=self.status, summary=json.loads(self.summary))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletsDescribed:
    """What the outlets' files said."""

    run_id: str
    at: datetime
    cards: tuple[OutletCard, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Keep the cards."""
        upsert_outlets(con, self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPolled:
    """An outlet's sources were polled.

    ``spared`` names links, as ``link_id source_id``, whose hints stand in an earlier note in the same words, and are
    left out of this one: a feed lists the same item for days.
    """

    run_id: str
    at: datetime
    outlet_id: str
    polls: tuple[Poll, ...]
    bounds: dict[str, Bounds] = field(default_factory=dict)
    is_history: bool = False
    spared: tuple[str, ...] = ()

    def tell(self, con: duckdb.DuckDBPyConnection) -> DiscoverCounts:
        """Write links, sightings, captures and the polls themselves."""
        return record_polls(
            con,
            self.run_id,
            self.outlet_id,
            self.polls,
            now=self.at,
            bounds=self.bounds,
            is_history=self.is_history,
        )

    @property
    def is_quiet(self) -> bool:
        """Whether the polls listed nothing; of several such events the warehouse can be told at once."""
        return is_quiet(self.polls)

    def abridged(self, con: duckdb.DuckDBPyConnection) -> SourcesPolled:
        """The same without the hints that the archive has."""
        if self.is_quiet:
            return self
        listed: dict[tuple[str, str], Hints] = {}
        for link in (link for poll in self.polls for link in poll.links):
            # What one source lists twice in two wordings is noted in both.
            said_before = listed.setdefault(key_of(link), link.hints)
            listed[key_of(link)] = link.hints if said_before == link.hints else Hints()
        spared = archived_hints(con, listed)
        kept = self.with_hints({key: Hints() for key in spared})
        return replace(kept, spared=tuple(sorted(f"{link_id} {source_id}" for link_id, source_id in spared)))

    def unabridged(self, con: duckdb.DuckDBPyConnection) -> SourcesPolled:
        """The same with the hints that were left out, from a warehouse that was told all that came before."""
        keys = [(link_id, source_id) for link_id, _, source_id in (each.partition(" ") for each in self.spared)]
        return replace(self.with_hints(hints_of_sightings(con, keys)), spared=())

    def with_hints(self, hints: dict[tuple[str, str], Hints]) -> SourcesPolled:
        """The same with other hints of some links."""

        def exchanged(link: Link) -> Link:
            return replace(link, hints=hints[key_of(link)]) if key_of(link) in hints else link

        return replace(
            self, polls=tuple(replace(poll, links=tuple(exchanged(each) for each in poll.links)) for poll in self.polls)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksNamed:
    """Links were named by hand."""

    run_id: str
    at: datetime
    outlet_id: str
    links: tuple[Link, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> DiscoverCounts:
        """Make them due."""
        return add_links(con, self.run_id, self.outlet_id, self.links, now=self.at, force=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesFetched:
    """Links were asked for; ``results`` say what came back."""

    run_id: str
    at: datetime
    outlet_id: str
    results: tuple[FetchResult, ...]
    listings: tuple[Capture, ...] = ()
    is_history: bool = False

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write captures, the links' states and outcomes."""
        record_fetches(
            con,
            self.run_id,
            self.outlet_id,
            self.results,
            now=self.at,
            listings=self.listings,
            is_history=self.is_history,
        )

    def abridged(self, con: duckdb.DuckDBPyConnection) -> PagesFetched:  # noqa: ARG002 - as the polls' notes are
        """The same without hints: whoever listed the links has noted them."""
        bare = tuple(replace(each, link=replace(each.link, hints=Hints())) for each in self.results)
        return replace(self, results=bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherPagesFetched:
    """The next pages of articles were asked for."""

    run_id: str
    at: datetime
    outlet_id: str
    fetches: tuple[PageFetch, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> set[str]:
        """Write captures, outcomes, what is settled and what waits."""
        return record_further_pages(con, self.run_id, self.fetches, now=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsLost:
    """Records of somebody else's archive that do not even say whose they are."""

    run_id: str
    at: datetime
    outcomes: tuple[Outcome, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write their outcomes."""
        with transaction(con):
            insert_outcomes(con, self.run_id, self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page that was extracted; ``reason`` and ``detail`` say why there was no article, where there was none."""

    capture_id: str
    link_id: str
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesRead:
    """Pages were extracted. What came out is not noted: it can be extracted again.

    ``is_hinted`` says whether the extraction knew what sources said of the pages.
    """

    run_id: str
    at: datetime
    outlet_id: str
    pages: tuple[ReadPage, ...]
    is_hinted: bool = True

    def tell(
        self, con: duckdb.DuckDBPyConnection, extractions: Sequence[Extraction], *, keeps_stories: bool = True
    ) -> LoadCounts:
        """Load them."""
        return load(con, self.run_id, self.outlet_id, extractions, now=self.at, keeps_stories=keeps_stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesReadAgain(PagesRead):
    """Pages were extracted once more, by other extractors or rules."""

    def tell_again(
        self, con: duckdb.DuckDBPyConnection, extractions: Sequence[Extraction], *, keeps_stories: bool = True
    ) -> tuple[list[Rereading], LoadCounts]:
        """Load what has changed."""
        return reload(con, self.run_id, self.outlet_id, extractions, now=self.at, keeps_stories=keeps_stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChanged:
    """Outlets came into another state. It is noted, since what was usual then cannot be found out later."""

    run_id: str
    at: datetime
    outlets: tuple[OutletChange, ...]
    checks: tuple[CheckChange, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write the changes."""
        record_changes(con, self.run_id, self.outlets, self.checks, now=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesSent:
    """A receiver took a message about outlets: it is not to hear of that again, in a rebuilt warehouse either."""

    run_id: str
    at: datetime
    receiver: str
    told: tuple[Told, ...]

    def tell(self, con: duckdb.DuckDBPyConnection) -> None:
        """Write what was told."""
        record_notices(con, self.run_id, self.receiver, self.told, now=self.at)


Event = (
    RunStarted
    | RunEnded
    | OutletsDescribed
    | SourcesPolled
    | LinksNamed
    | PagesFetched
    | FurtherPagesFetched
    | RecordsLost
    | PagesRead
    | HealthChanged
    | NoticesSent
)


def tell_quiet(con: duckdb.DuckDBPyConnection, events: Sequence[SourcesPolled]) -> list[DiscoverCounts]:
    """Tell the warehouse of polls of several outlets by one run that listed nothing; what each ``tell`` returns."""
    quiet = [
        QuietPolls(
            outlet_id=each.outlet_id, polls=each.polls, now=each.at, bounds=each.bounds, is_history=each.is_history
        )
        for each in events
    ]
    return record_quiet_polls(con, events[0].run_id, quiet)


def abridged(event: Event, con: duckdb.DuckDBPyConnection) -> Event:
    """An event as it is noted: without what the archive has, with what only this moment knows."""
    if isinstance(event, RunStarted | SourcesPolled | PagesFetched):
        return event.abridged(con)
    return event


def key_of(link: Link) -> tuple[str, str]:
    """By what a sighting is known."""
    return link.link_id, link.source_id


def read_pages(extractions: Sequence[Extraction]) -> tuple[ReadPage, ...]:
    """The pages of extractions, as a note keeps them."""
    return tuple(
        ReadPage(
            capture_id=each.capture.capture_id,
            link_id=each.link_id,
            reason=None if each.article else each.reason,
            detail="" if each.article else each.detail,
        )
        for each in extractions
    )


def as_json(values: dict[str, Any]) -> str:
    """An object as JSON; times, paths and enums as text."""
    return json.dumps(values, default=str, sort_keys=True)
