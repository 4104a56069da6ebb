"""Rows of ``main.coverage`` to a ledger whose columns add up, and the reasons behind each column."""

from __future__ import annotations

from dataclasses import dataclass

from flows.report_page.answers import Answers, Row
from flows.report_page.charts import Bar, Chart, bars_by_name
from flows.report_page.shown import count, share

CLASSES = {
    "loaded": "new article",
    "revised": "new revision",
    "unchanged": "nothing new",
    "no_article": "no article",
    "gone": "gone",
    "rejected": "not wanted",
    "failed": "failed",
    "pending": "waiting",
}
"""Columns of ``main.coverage`` that add up to ``discovered``, with what they mean."""

STAGES = ("discovered", "fetched", "extracted", "with_article")
OUTLETS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The section. ``others`` is the sum of the outlets that are not shown, so that the table adds up to ``total``."""

    total: Row
    outlets: list[Row]
    others: Row | None
    other_count: int
    reasons: list[Row]
    chart: Chart | None
    summary: str

    @property
    def is_balanced(self) -> bool:
        """Whether every link is in one column, and every column's reasons are told."""
        columns = all(balanced(row) for row in (self.total, *self.outlets))
        told = sum(row["link_count"] for row in self.reasons)
        return columns and told == self.total["discovered"] - self.total["pending"]


def ledger_of(answers: Answers) -> Ledger:
    """What became of everything that was discovered."""
    rows = answers.rows("coverage")
    total = summed(rows)
    others = rows[OUTLETS_SHOWN:]
    discovered = total["discovered"]
    parts = [(CLASSES[name], total[name]) for name in CLASSES if total[name]]
    summary = f"Of {count(discovered, 'link')}: " + ", ".join(f"{name} {count(number)}" for name, number in parts) + "."
    chart = None
    if discovered:
        bars = [
            Bar(label=label, value=number, note=f"{count(number)} · {share(number, discovered)}")
            for label, number in parts
        ]
        chart = bars_by_name(bars, name="coverage", title="What became of the links", description=summary)
    return Ledger(
        total=total,
        outlets=rows[:OUTLETS_SHOWN],
        others=summed(others) if others else None,
        other_count=len(others),
        reasons=answers.rows("reasons"),
        chart=chart,
        summary=summary,
    )


def summed(rows: list[Row]) -> Row:
    """The sums of all columns."""
    return {name: sum(row[name] for row in rows) for name in (*STAGES, *CLASSES)}


def balanced(row: Row) -> bool:
    """Whether one row adds up."""
    return bool(row["discovered"] == sum(row[name] for name in CLASSES))
