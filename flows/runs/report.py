"""What a run did, outlet by outlet: the table on the terminal and the ``--json`` summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from extractors.errors import NO_ARTICLE_REASONS, NOTHING_TO_DO_REASONS, TRANSIENT_REASONS, Reason
from extractors.records import FetchResult
from warehouse.load import LoadCounts

TROUBLE = TRANSIENT_REASONS | {
    Reason.HTTP_401,
    Reason.HTTP_403,
    Reason.CHALLENGE,
    Reason.PRIVATE_ADDRESS,
    Reason.EXTRACT_ERROR,
    Reason.ARCHIVE_ERROR,
}
"""Reasons that speak of the outlet, the way to it or us, rather than of one page."""

FEW_PAGES = 3
"""As many pages in trouble, and none that came, are the outlet's trouble when its sources answer."""

SKIPPED = "skipped: another run is working on it"
COUNTS = ("listed", "new", "fetched", "rechecked", "loaded", "revised", "unchanged")


@dataclass(slots=True, kw_only=True)
class OutletReport:
    """One outlet's part in a run. Counts are of links, but ``sources``, which is how each poll ended.

    ``recovered`` says of each source that works again since when it had failed.
    """

    outlet_id: str
    sources: list[tuple[str, Reason, str]] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    listed: int = 0
    new: int = 0
    fetched: int = 0
    rechecked: int = 0
    loaded: int = 0
    revised: int = 0
    unchanged: int = 0
    other: Counter[Reason] = field(default_factory=Counter)
    problem: str = ""
    seconds: float = 0.0

    @property
    def has_failed(self) -> bool:
        """Whether a person should look: no source answered, or its pages could not be had.

        A page that is gone is no trouble of the outlet's, and one or two pages that time out come again by themselves.
        """
        troubled = sum(self.other[reason] for reason in TROUBLE)
        is_answered = (
            self.fetched
            or self.changed
            or self.unchanged
            or self.other[Reason.NOT_MODIFIED]
            or self.other[Reason.ALREADY_KNOWN]
        )
        is_listed = self.sources or self.other[Reason.NOT_DUE]
        return bool(self.trouble()) or (troubled >= (FEW_PAGES if is_listed else 1) and not is_answered)

    @property
    def changed(self) -> int:
        """Articles that are new or have a new revision."""
        return self.loaded + self.revised

    def skip(self, *, is_named: bool) -> None:
        """Another run is working on the outlet: who named it must hear of that; a tick comes again by itself."""
        self.other[Reason.OUTLET_BUSY] += 1
        if is_named:
            self.problem = SKIPPED

    def count_fetch(self, result: FetchResult, *, is_recheck: bool) -> None:
        """Add a page that was asked for: ``fetched`` ones are new or said to have changed, the others rechecked."""
        reason = result.outcome.reason if result.outcome else None
        if is_recheck:
            self.rechecked += 1
        elif reason is None:
            self.fetched += 1
        if is_recheck and reason in (Reason.NOT_MODIFIED, Reason.UNCHANGED):
            self.unchanged += 1
        elif reason is not None:
            self.other[reason] += 1

    def count(self, counts: LoadCounts) -> None:
        """Add what a load wrote."""
        self.loaded += counts.loaded
        self.revised += counts.revised
        self.unchanged += counts.unchanged
        self.other.update(counts.no_article)

    def sentence(self) -> str:
        """The outlet's run in one line."""
        if trouble := self.trouble():
            return f"{self.outlet_id}: {trouble}"
        if self.other[Reason.OUTLET_BUSY]:
            return f"{self.outlet_id}: {SKIPPED}"
        what = f"{self.loaded} new, {self.revised} revised" if self.changed else "nothing new"
        what += f"; {self.rechecked} rechecked" if self.rechecked else ""
        rest = describe(self.other)
        notes = "".join(f"; {note}" for note in self.recovered)
        return f"{self.outlet_id}: {what}" + (f"; not loaded: {rest}" if rest else "") + notes

    def trouble(self) -> str:
        """What kept the whole outlet from being worked on; empty where nothing did."""
        if self.problem or not self.sources or not all(is_failure(reason) for _, reason, _ in self.sources):
            return self.problem
        causes = dict.fromkeys(f"{reason}" + (f" ({detail})" if detail else "") for _, reason, detail in self.sources)
        return f"no source answered: {'; '.join(causes)}"

    def as_dict(self) -> dict[str, Any]:
        """The outlet's part for a machine."""
        return {
            "outlet_id": self.outlet_id,
            "failed": self.has_failed,
            "problem": self.problem,
            "sources": [
                {"source_id": source, "reason": reason, "detail": detail} for source, reason, detail in self.sources
            ],
            "recovered": self.recovered,
            "listed": self.listed,
            "new": self.new,
            "fetched": self.fetched,
            "rechecked": self.rechecked,
            "loaded": self.loaded,
            "revised": self.revised,
            "unchanged": self.unchanged,
            "not_loaded": dict(sorted(self.other.items())),
            "seconds": round(self.seconds, 3),
        }


@dataclass(slots=True, kw_only=True)
class RunReport:
    """A whole run; ``unconfigured`` counts links that wait for outlets that have no file any more."""

    run_id: str
    command: str
    outlets: list[OutletReport] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unconfigured: dict[str, int] = field(default_factory=dict)
    is_published: bool = False

    @property
    def has_failed(self) -> bool:
        """Whether the run ends with exit code 1."""
        return bool(self.missed) or any(outlet.has_failed for outlet in self.outlets)

    @property
    def changed(self) -> int:
        """Articles that are new or have a new revision."""
        return sum(outlet.changed for outlet in self.outlets)

    def as_table(self) -> Table:
        """Counts by outlet, narrow enough for 80 columns; what was not loaded is in the outlets' own lines."""
        table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False, title=self.title(), title_justify="left")
        has_rechecks = any(report.rechecked for report in self.outlets)
        counts = [name for name in COUNTS if name != "rechecked" or has_rechecks]
        table.add_column("outlet", overflow="fold")
        for name in (*counts, "other", "time"):
            table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
        for report in self.outlets:
            other = sum(report.other.values())
            cells = (*(str(getattr(report, name)) for name in counts), str(other), f"{report.seconds:.1f}s")
            table.add_row(Text(report.outlet_id), *cells)
        return table

    def title(self) -> str:
        """Command and run."""
        return f"{self.command}, run {self.run_id}"

    def as_dict(self) -> dict[str, Any]:
        """The report for a machine."""
        return {
            "run_id": self.run_id,
            "command": self.command,
            "failed": self.has_failed,
            "published": self.is_published,
            "missed": self.missed,
            "unconfigured": self.unconfigured,
            "outlets": [report.as_dict() for report in self.outlets],
        }

    def conclusion(self) -> str:
        """The run in one sentence."""
        failed = [report.outlet_id for report in self.outlets if report.has_failed]
        loaded = sum(report.loaded for report in self.outlets)
        revised = sum(report.revised for report in self.outlets)
        if self.changed:
            text = f"{loaded} new and {revised} revised articles."
        else:
            text = "Nothing new: no article was written."
        text += f" Failed: {', '.join(failed)}." if failed else ""
        for outlet_id, count in self.unconfigured.items():
            text += f" {count} links wait for {outlet_id}, which has no outlet file."
        return text


def is_failure(reason: Reason) -> bool:
    """Whether a reason says that something went wrong, rather than that there was nothing to do or no article."""
    done = {Reason.POLLED, Reason.LOADED, Reason.REVISED}
    ours = {Reason.FOREIGN_HOST, Reason.EXCLUDED_URL, Reason.ROBOTS_DISALLOWED}
    return reason not in done | ours | NOTHING_TO_DO_REASONS | NO_ARTICLE_REASONS


def describe(counts: Counter[Reason] | Counter[str]) -> str:
    """``3 http_404, 1 timeout``: most frequent first."""
    return ", ".join(f"{count} {reason}" for reason, count in counts.most_common() if count)
