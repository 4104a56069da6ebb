"""Counts by outlet and step of time to the section on volume: bars of all outlets, and of each beside what is usual."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flows.report_page.answers import Answers, Row
from flows.report_page.charts import Bar, Chart, bars_by_time, small_bars
from flows.report_page.names import OutletNames
from flows.report_page.period import Period, beginning_of
from flows.report_page.shown import count, difference

OUTLETS_SHOWN = 15
"""Outlets with bars of their own, those with the most articles; the others stand below, without."""

QUIET, LOUD = 0.5, 2.0
LEAST_USUAL = 5
"""Of an outlet with less than so many usual articles a difference says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletVolume:
    """One outlet's period. ``compared`` are the articles of the days for which ``usual`` is known and that are over."""

    outlet_id: str
    articles: int
    compared: int | None
    usual: float | None
    silent_days: int
    counts: list[int]
    bars: str = ""

    @property
    def verdict(self) -> str:
        """``quiet`` or ``loud``, where it is far from what is usual."""
        if self.usual is None or self.compared is None or self.usual < LEAST_USUAL:
            return ""
        found = self.compared / self.usual
        return "quiet" if found < QUIET else "loud" if found > LOUD else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepVolume:
    """One day, week or month of all outlets."""

    label: str
    start_date: date
    articles: int
    usual: float | None
    runs: int
    is_open: bool
    is_before_first_run: bool

    @property
    def is_idle(self) -> bool:
        """Whether nothing was run in it, though wirewatch had been run before."""
        return not self.runs and not self.is_before_first_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """The section."""

    articles: int
    compared: int | None
    usual: float | None
    steps: list[StepVolume]
    outlets: list[OutletVolume]
    chart: Chart | None
    summary: str
    shown_count: int = OUTLETS_SHOWN


def volume_of(answers: Answers, names: OutletNames) -> Volume:
    """What was seen when, of whom."""
    period = answers.period
    rows = answers.rows("volume")
    first_run_at = answers.row("totals")["first_run_at"]
    steps = steps_of(rows, answers.rows("runs"), period, first_run_at)
    outlets = outlets_of(rows, [step.start_date for step in steps], names)
    compared, usual = added([each.compared for each in outlets]), added([each.usual for each in outlets])
    articles = sum(each.articles for each in outlets)
    summary = summary_of(steps, period, compared, usual)
    chart = None
    if articles:
        bars = [Bar(label=step.label, value=step.articles, usual=step.usual, is_open=step.is_open) for step in steps]
        chart = bars_by_time(bars, name="volume", title=f"Articles by {period.step}, all outlets", description=summary)
    return Volume(
        articles=articles,
        compared=None if compared is None else int(compared),
        usual=usual,
        steps=steps,
        outlets=outlets,
        chart=chart,
        summary=summary,
    )


def steps_of(
    rows: Sequence[Row], runs: Sequence[Row], period: Period, first_run_at: datetime | None
) -> list[StepVolume]:
    """All outlets together; a step without a row had no article, and is there all the same."""
    articles: Counter[date] = Counter()
    usual: dict[date, list[float | None]] = defaultdict(list)
    for row in rows:
        articles[row["start_date"]] += row["article_count"]
        usual[row["start_date"]].append(row["usual_count"])
    starts = period.steps()
    run_counts: Counter[date] = Counter()
    for row in runs:
        run_counts[max(start for start in starts if start <= row["started_date"])] += row["run_count"]
    return [
        StepVolume(
            label=label_of(start, period.step),
            start_date=start,
            articles=articles[start],
            usual=added(usual[start]),
            runs=run_counts[start],
            is_open=start == starts[-1],
            is_before_first_run=first_run_at is None or start < beginning_of(first_run_at.date(), period.step),
        )
        for start in starts
    ]


def label_of(start: date, step: str) -> str:
    """What stands below a bar."""
    return f"{start:%Y}" if step == "year" else f"{start:%b %Y}" if step == "month" else f"{start:%-d %b}"


def outlets_of(rows: Sequence[Row], starts: Sequence[date], names: OutletNames) -> list[OutletVolume]:
    """Each outlet, those with the most articles first."""
    by_outlet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_outlet[row["outlet_id"]].append(row)
    totals = {outlet_id: sum(row["article_count"] for row in found) for outlet_id, found in by_outlet.items()}
    ordered = sorted(by_outlet, key=lambda outlet_id: (-totals[outlet_id], outlet_id))
    return [
        outlet_of(outlet_id, by_outlet[outlet_id], starts, names.of(outlet_id) if place < OUTLETS_SHOWN else "", place)
        for place, outlet_id in enumerate(ordered)
    ]


def outlet_of(outlet_id: str, rows: Sequence[Row], starts: Sequence[date], name: str, place: int) -> OutletVolume:
    """One outlet; with a name, it gets its bars."""
    by_start = {row["start_date"]: row["article_count"] for row in rows}
    counts = [by_start.get(start, 0) for start in starts]
    compared = added([row["compared_count"] for row in rows])
    bars = ""
    if name and len(starts) > 1:
        said = ", ".join(map(str, counts))
        values = [Bar(label="", value=value, is_open=at == len(counts) - 1) for at, value in enumerate(counts)]
        bars = small_bars(values, name=f"outlet-{place}", title=f"Articles of {name}", description=said)
    return OutletVolume(
        outlet_id=outlet_id,
        articles=sum(counts),
        compared=None if compared is None else int(compared),
        usual=added([row["usual_count"] for row in rows]),
        silent_days=sum(row["silent_days"] for row in rows),
        counts=counts,
        bars=bars,
    )


def added(numbers: Sequence[float | None]) -> float | None:
    """The sum of the numbers that are known; None where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def summary_of(steps: Sequence[StepVolume], period: Period, compared: float | None, usual: float | None) -> str:
    """What the bars show, in words."""
    most = max(steps, key=lambda step: step.articles)
    said = f"Most articles: {count(most.articles)} ({most.label}{', so far' if most.is_open else ''})."
    watched = [step for step in steps if step.runs and not step.is_open]
    if len(watched) > 1:
        least = min(watched, key=lambda step: step.articles)
        said += f" Fewest in a whole {period.step}: {count(least.articles)} ({least.label})."
    if usual:
        said += f" Whole days against the same weekdays of up to eight weeks before: {difference(compared, usual)}."
    return said
