"""Rows of ``main.outlet_health`` to what the page says of each outlet: a state, since when, and why.

Where the view says so itself (``state``, ``since``, ``reasons``), this is what is shown. A warehouse that an older
wirewatch published, and an outlet that was never judged, go by the facts that are there: failures of the last run, a
host at rest, silence.
``judged`` is the one place that knows of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.report_page.answers import Answers, Row
from flows.report_page.shown import count, moment, on_one_line, span

ORDER = {"failing": 0, "warning": 1, "ok": 3}
SILENT_HOURS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How one outlet is doing."""

    outlet_id: str
    state: str
    since: datetime | None
    reasons: tuple[str, ...]
    last_success_at: datetime | None
    last_article_at: datetime | None
    articles_7d: int
    is_tls_verified: bool | None


def health_of(answers: Answers) -> list[Judged]:
    """Each outlet, those that need a person first."""
    found = [judged(row) for row in answers.rows("health")]
    return sorted(found, key=lambda each: (ORDER.get(each.state, 2), each.outlet_id))


def judged(row: Row) -> Judged:
    """One outlet."""
    if row.get("state") is not None:
        state, since = str(row["state"]), row["since"]
        reasons = tuple(on_one_line(each) for each in row["reasons"])
    else:
        reasons, since = tuple(facts_of(row)), None
        state = "warning" if reasons else "ok"
    return Judged(
        outlet_id=row["outlet_id"],
        state=state,
        since=since,
        reasons=reasons,
        last_success_at=row["last_success_at"],
        last_article_at=row["last_article_at"],
        articles_7d=row["articles_7d"],
        is_tls_verified=row["is_tls_verified"],
    )


def facts_of(row: Row) -> Iterator[str]:
    """What speaks against an outlet's health."""
    failures = dict(row["failures"])
    if failures:
        said = ", ".join(f"{reason} ({count(number)})" for reason, number in sorted(failures.items()))
        yield f"failures in the last run: {said}"
    if row["resting_until"] is not None:
        yield f"{row['resting_host']} is left alone until {moment(row['resting_until'])}: {row['resting_reason']}"
    if row["last_success_at"] is None:
        yield "no poll has succeeded yet"
    elif row["last_success_at"] < row["last_polled_at"]:
        yield f"the last poll failed; the last good one was {moment(row['last_success_at'])}"
    if row["silence_hours"] is None:
        yield "no article yet"
    elif row["silence_hours"] > SILENT_HOURS:
        yield f"no new article for {span(60 * row['silence_hours'])}"
