"""What a check says: its state, the figure beside what is usual and its bound, and the sentence for a person."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from warehouse.rows import Row

CheckState = Literal["ok", "learning", "warning", "failing"]
RANKS: dict[str, int] = {"ok": 0, "learning": 0, "warning": 1, "failing": 2}
EASE = 0.9
"""What was told recovers when its figure is back within the bound by a tenth: one at the bound would flap."""
EASED_DEVIATION = 0.75
MEDIAN_VARIANCE = 1.5708
"""Of a median, beside that of a mean of as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of one outlet. ``figure``, ``usual`` and ``bound`` are in the check's unit; None where there is none.

    ``is_promised`` says that the outlet's file promises what is missed, which fails the run.
    """

    name: str
    state: CheckState
    sentence: str
    figure: float | None = None
    usual: float | None = None
    bound: float | None = None
    is_promised: bool = False


def worst(states: Iterable[str]) -> Literal["ok", "warning", "failing"]:
    """The state of an outlet by those of its checks; one that is still learning is no trouble."""
    rank = max((RANKS[state] for state in states), default=0)
    return "failing" if rank == 2 else "warning" if rank == 1 else "ok"


def learning(name: str, figure: float | None, days: int, least_days: int) -> Check:
    """A check that cannot judge yet."""
    known = f"{days} of {least_days} days" if days < least_days else "too few articles"
    return Check(name=name, state="learning", figure=figure, sentence=f"too little history to judge ({known})")


def graded(distance: float, bound: float, *, was_told: bool) -> CheckState:
    """``warning`` from a bound on, from a tenth before it where it was told already; ``failing`` from twice it on."""
    if bound <= 0 or distance < (bound * EASE if was_told else bound):
        return "ok"
    return "failing" if distance >= 2 * bound else "warning"


def is_sure(deviation: float, least: float, *, was_told: bool) -> bool:
    """Whether a figure is further off than its days differ by themselves."""
    return deviation >= (least * EASED_DEVIATION if was_told else least)


def count_deviation(count: float, usual: float, *, weeks: float, dispersion: float) -> float:
    """How many standard deviations a count lies below the usual one, which is a median of some weeks.

    Square roots of counts spread alike whatever their size (Anscombe 1948), down to counts of none.
    """
    variance = dispersion * (1 + MEDIAN_VARIANCE / weeks)
    return 2 * (math.sqrt(usual + 0.375) - math.sqrt(count + 0.375)) / math.sqrt(variance)


def share_deviation(row: Row) -> float:
    """How many standard deviations a row's hits lie above the usual ones; below zero is below."""
    share = row["usual_share"]
    variance = (row["total"] * share * (1 - share) + 0.25) * row["dispersion"] * uncertainty(row)
    return float((row["hits"] - row["total"] * share) / math.sqrt(variance))


def length_deviation(row: Row) -> float:
    """How many standard deviations the logarithm of the median length is off."""
    variance = MEDIAN_VARIANCE * row["article_spread"] ** 2 / row["total"] * row["dispersion"] * uncertainty(row)
    return float(abs(math.log(row["median_words"] / row["usual_words"])) / math.sqrt(variance))


def uncertainty(row: Row) -> float:
    """By how much more than the newest articles vary they differ from what is usual, which is an estimate itself.

    It rests on the history of the weekdays that they are of, and on that of the others as if on 20 articles.
    """
    known = row["history_total"] * min(1.0, row["recent_days"] / 7) + 20
    return float(1 + row["total"] / known)


def hours(value: float) -> str:
    """``1 minute``, ``5 hours``, ``3 days``."""
    if value < 2:
        minutes = round(value * 60)
        return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
    return f"{value:.0f} hours" if value < 72 else f"{value / 24:.0f} days"
