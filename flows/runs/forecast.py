"""What a dry run found, for a person and for a machine: links that would be fetched, and a reason for each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from extractors.errors import Reason
from flows.runs.report import OutletReport, describe

SHOWN_URLS = 20
"""URLs of an outlet that a person is shown; ``--json`` has all."""


class Why(StrEnum):
    """Why a link would be fetched."""

    NEW = "new"
    CHANGED = "changed"
    RETRY = "retry"
    RECHECK = "recheck"
    WAITING = "waiting"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would become of one link: ``why`` it would be fetched, or the ``reason`` why not.

    Beside the reasons of outcomes there are two that no outcome has: ``beyond_limit`` (``--limit``) and
    ``to_be_extracted`` (a killed run fetched it, and the next one reads it from the archive).
    """

    requested_url: str
    why: Why | None = None
    reason: Reason | Literal["beyond_limit", "to_be_extracted"] | None = None
    detail: str = ""


@dataclass(slots=True, kw_only=True)
class Forecast:
    """One outlet's part in a dry run; ``report`` says how its sources answered."""

    report: OutletReport
    prospects: list[Prospect] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        """Whether no source answered, or the outlet could not be looked at."""
        return bool(self.report.trouble())

    @property
    def fetched_urls(self) -> list[str]:
        """The URLs that would be fetched, in their order."""
        return [each.requested_url for each in self.prospects if each.why]

    def why_counts(self) -> Counter[str]:
        """Links that would be fetched, by why."""
        return Counter(each.why for each in self.prospects if each.why)

    def reason_counts(self) -> Counter[str]:
        """Links that would not be fetched, by reason."""
        return Counter(each.reason for each in self.prospects if each.reason)

    def sentence(self) -> str:
        """The outlet in one line."""
        fetched, rest = describe(self.why_counts()), describe(self.reason_counts())
        text = f"{len(self.fetched_urls)} to fetch" + (f" ({fetched})" if fetched else "")
        text += f"; not: {rest}" if rest else ""
        text += "; its sources are not due" if self.report.other[Reason.NOT_DUE] else ""
        trouble = self.report.trouble()
        return f"{self.report.outlet_id}: " + (f"{trouble}; {text}" if trouble else text)

    def lines(self) -> list[str]:
        """The first URLs that would be fetched, with why."""
        urls = [f"  {each.why:<8} {each.requested_url}" for each in self.prospects if each.why]
        more = len(urls) - SHOWN_URLS
        return urls[:SHOWN_URLS] + ([f"  and {more} more (--json shows all)"] if more > 0 else [])

    def as_dict(self) -> dict[str, Any]:
        """The outlet for a machine."""
        report = self.report.as_dict()
        return {
            **{key: report[key] for key in ("outlet_id", "problem", "sources", "listed", "seconds")},
            "failed": self.has_failed,
            "sources_due": not self.report.other[Reason.NOT_DUE],
            "would_fetch": [
                {"requested_url": each.requested_url, "why": each.why} for each in self.prospects if each.why
            ],
            "not_fetched": dict(sorted(self.reason_counts().items())),
            "not_fetched_links": [
                {"requested_url": each.requested_url, "reason": each.reason, "detail": each.detail}
                for each in self.prospects
                if each.reason
            ],
        }


@dataclass(slots=True, kw_only=True)
class DryRunReport:
    """A whole dry run."""

    outlets: list[Forecast]

    @property
    def has_failed(self) -> bool:
        """Whether the command ends with exit code 1."""
        return any(outlet.has_failed for outlet in self.outlets)

    def as_dict(self) -> dict[str, Any]:
        """The report for a machine."""
        return {
            "command": "ingest",
            "dry_run": True,
            "failed": self.has_failed,
            "outlets": [outlet.as_dict() for outlet in self.outlets],
        }

    def lines(self) -> list[str]:
        """The report for a person: each outlet's sentence, and the URLs."""
        return [line for outlet in self.outlets for line in (outlet.sentence(), *outlet.lines())]

    def as_markdown(self) -> str:
        """The report for Prefect's user interface."""
        return "\n".join(["### ingest, dry run", "", "```", *self.lines(), "```", "", self.conclusion()])

    def conclusion(self) -> str:
        """The dry run in one sentence."""
        count = sum(len(outlet.fetched_urls) for outlet in self.outlets)
        failed = [outlet.report.outlet_id for outlet in self.outlets if outlet.has_failed]
        text = f"A run would fetch {count} pages now. Nothing was written."
        return text + (f" Failed: {', '.join(failed)}." if failed else "")
