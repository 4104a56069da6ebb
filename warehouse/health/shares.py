"""Shares of articles and of attempts, beside the usual ones, to checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from warehouse.expectations import Expectation
from warehouse.health.verdicts import Check, CheckState, graded, is_sure, learning, share_deviation
from warehouse.rows import Row

LEAST_ATTEMPTS = 10
LEAST_FAILURES = 5
"""Fewer say nothing of an outlet: pages that are retried fail by the handful."""


def fill_checks(expectation: Expectation, shares: Iterable[Row], told: Collection[str]) -> Iterator[Check]:
    """A check for each field: the share of articles that have it."""
    for row in sorted((row for row in shares if row["kind"] == "fill"), key=lambda row: str(row["item"])):
        field = row["item"]
        name = f"fill_{field}"
        least = expectation.min_fill.get(field)
        if least is not None and row["week_share"] is not None and row["week_share"] < least:
            said = f"{field} is there in {row['week_share']:.0%} of the last week's articles; min_fill is {least:.0%}"
            yield Check(
                name=name,
                state="failing",
                sentence=said,
                figure=row["week_share"],
                usual=row["usual_share"],
                bound=least,
                is_promised=True,
            )
        else:
            yield learned_fill(expectation, row, name, was_told=name in told)


def learned_fill(expectation: Expectation, row: Row, name: str, *, was_told: bool) -> Check:
    """A field's share beside its usual one."""
    if not has_history(expectation, row):
        return learning(name, row["week_share"], row["history_days"], expectation.min_history_days)
    figure, usual = row["hits"] / row["total"], row["usual_share"]
    state = fallen(expectation, row, usual - figure, expectation.max_fill_drop, was_told=was_told)
    said = f"{row['item']} is there in {figure:.0%} of the newest {row['total']:.0f} articles; usual is {usual:.0%}"
    return Check(
        name=name,
        state=state,
        sentence=said,
        figure=figure,
        usual=usual,
        bound=max(0.0, usual - expectation.max_fill_drop),
    )


def fallen(expectation: Expectation, row: Row, distance: float, bound: float, *, was_told: bool) -> CheckState:
    """The state of a share that is off by ``distance``."""
    deviation = abs(share_deviation(row))
    if not is_sure(deviation, expectation.min_deviation, was_told=was_told):
        return "ok"
    return graded(distance, bound, was_told=was_told)


def shift_check(expectation: Expectation, shares: Iterable[Row], kind: str, *, was_told: bool) -> Check | None:
    """One check over all languages, or sections: a promised one that is too rare, else the one that moved furthest."""
    rows = [row for row in shares if row["kind"] == kind]
    promised = expectation.min_language_share if kind == "language" else expectation.min_section_share
    for row in rows:
        least, found = promised.get(row["item"]), row["week_share"]
        if least is not None and found is not None and found < least:
            said = f"{kind} {row['item']} is that of {found:.0%} of the last week's articles; min_{kind}_share is "
            return Check(
                name=kind,
                state="failing",
                sentence=said + f"{least:.0%}",
                figure=found,
                usual=row["usual_share"],
                bound=least,
                is_promised=True,
            )
    rows = [row for row in rows if row["total"]]
    if not rows:
        return None
    furthest = max(rows, key=lambda row: abs(row["hits"] / row["total"] - row["usual_share"]))
    figure, usual = furthest["hits"] / furthest["total"], furthest["usual_share"]
    if not has_history(expectation, furthest):
        return learning(kind, None, furthest["history_days"], expectation.min_history_days)
    bound = expectation.max_language_shift if kind == "language" else expectation.max_section_shift
    said = f"{kind} {furthest['item']} is that of {figure:.0%} of the newest {furthest['total']:.0f} articles; "
    return Check(
        name=kind,
        state=fallen(expectation, furthest, abs(figure - usual), bound, was_told=was_told),
        sentence=said + f"usual is {usual:.0%}",
        figure=figure,
        usual=usual,
        bound=bound,
    )


def troubled_checks(expectation: Expectation, shares: Iterable[Row], told: Collection[str]) -> Iterator[Check]:
    """Attempts that fail, and pages that turn out to be no article."""
    for row in shares:
        if row["kind"] == "failures" and row["total"]:
            yield failure_check(expectation, row, was_told="failures" in told)
        elif row["kind"] == "no_article" and row["total"]:
            yield no_article_check(expectation, row, was_told="no_article" in told)


def failure_check(expectation: Expectation, row: Row, *, was_told: bool) -> Check:
    """The share of the last day's attempts that failed, beside a bound that holds from the first day on."""
    figure, usual, bound = row["hits"] / row["total"], row["usual_share"], expectation.max_failure_share
    is_usual = row["history_days"] >= expectation.min_history_days and not is_sure(
        share_deviation(row),
        expectation.min_deviation,
        was_told=was_told,
    )
    is_told = row["total"] >= LEAST_ATTEMPTS and row["hits"] >= LEAST_FAILURES and not is_usual
    # A share cannot reach twice most bounds: it fails half the way from its bound to everything.
    state = graded(figure, bound, was_told=was_told) if is_told else "ok"
    if state != "ok":
        state = "failing" if figure >= (1 + bound) / 2 else "warning"
    said = f"{row['hits']:.0f} of {row['total']:.0f} attempts of the last 24 hours failed; up to {bound:.0%} may"
    said += f", usual is {usual:.0%}" if row["history_days"] else ""
    return Check(name="failures", state=state, sentence=said, figure=figure, usual=usual, bound=bound)


def no_article_check(expectation: Expectation, row: Row, *, was_told: bool) -> Check:
    """The share of the last day's pages that were no article: walls, stubs, listings, empty ones."""
    figure, usual, rise = row["hits"] / row["total"], row["usual_share"], expectation.max_no_article_rise
    if row["history_days"] < expectation.min_history_days:
        return learning("no_article", figure, row["history_days"], expectation.min_history_days)
    is_told = row["total"] >= LEAST_ATTEMPTS and row["hits"] >= LEAST_FAILURES and figure > usual
    state = fallen(expectation, row, figure - usual, rise, was_told=was_told) if is_told else "ok"
    said = f"{row['hits']:.0f} of {row['total']:.0f} pages of the last 24 hours were no article; usual is {usual:.0%}"
    return Check(
        name="no_article", state=state, sentence=said, figure=figure, usual=usual, bound=min(1.0, usual + rise)
    )


def has_history(expectation: Expectation, row: Row) -> bool:
    """Whether there are enough articles, now and before, to tell what is usual."""
    return bool(
        row["history_days"] >= expectation.min_history_days
        and row["history_total"] >= expectation.recent_articles
        and row["total"] >= expectation.recent_articles / 2
    )
