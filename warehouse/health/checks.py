"""An outlet's figures to a state for each check: what it promised first, then what is out of its own usual."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

from warehouse.expectations import Expectation
from warehouse.health.figures import Figures
from warehouse.health.shares import fill_checks, has_history, shift_check, troubled_checks
from warehouse.health.verdicts import (
    EASE,
    Check,
    CheckState,
    count_deviation,
    graded,
    hours,
    is_sure,
    learning,
    length_deviation,
)
from warehouse.rows import Row

WEEK_HOURS = 7 * 24
LEAST_DAYS = 5
"""Of the last seven, so many must have been watched for the week's volume to mean anything."""
PATIENCE = 4
"""One of several sources may fail this many times as long as all of them."""


def judge(expectation: Expectation, figures: Figures, told: Collection[str] = ()) -> list[Check]:
    """Hold one outlet's figures against what it promises and what is usual for it.

    Args:
        expectation: Promises and bounds.
        figures: What was found.
        told: Names of the checks that were not ok before: those must be well within their bounds to be ok again.

    Returns:
        A check for everything that there is anything to say of; those that the file ignores are left out.
    """
    checks = [
        silence_check(expectation, figures.silence, was_told="silence" in told),
        volume_check(expectation, figures.silence, figures.volume, was_told="volume" in told),
        *source_checks(expectation, figures.sources),
        *troubled_checks(expectation, figures.shares, told),
    ]
    if figures.lengths is not None:
        checks.append(length_check(expectation, figures.lengths, was_told="text_length" in told))
    shifts = (shift_check(expectation, figures.shares, kind, was_told=kind in told) for kind in ("language", "section"))
    checks += [check for check in shifts if check is not None]
    checks += fill_checks(expectation, figures.shares, told)
    return [check for check in checks if check.name not in expectation.ignore]


def silence_check(expectation: Expectation, row: Row, *, was_told: bool) -> Check:
    """Hours without a new article.

    Of a promise they count up to now; else up to the last good poll, since what no poll has seen is no silence of the
    outlet's.
    """
    watched = row["watched_hours"]
    silence = row["silence_hours"] if row["silence_hours"] is not None else watched
    known = max(0.0, row["known_silence_hours"] or 0.0)
    usual, longest = row["usual_gap_hours"], expectation.max_silence_hours
    if longest is not None:
        is_missed = silence > longest
        # In the bound's own unit, however long; only what rounds to nothing is said in minutes.
        spell = f"{silence:.0f} hours" if silence >= 2 else hours(silence)
        said = f"no new article for {spell}; max_silence_hours is {longest:g}"
        # What the last poll saw was minutes ago for any outlet; most of the silence unseen is another matter.
        if is_missed and known <= silence / 2:
            said += f"; no poll has worked for {hours(silence - known)}"
        return Check(
            name="silence",
            state="failing" if is_missed else "ok",
            sentence=said,
            figure=silence,
            usual=usual,
            bound=longest,
            is_promised=is_missed,
        )
    if row["watched_days"] < expectation.min_history_days:
        # Of a new outlet nobody knows how long its weekends are; that nothing comes at all is to be told all the same.
        usual = expectation.min_silence_hours
    bound = max(expectation.min_silence_hours, expectation.silence_factor * usual)
    said = f"no new article for {hours(known)}; after {hours(bound)} that is unusual"
    state = graded(known, bound, was_told=was_told)
    return Check(name="silence", state=state, sentence=said, figure=known, usual=usual, bound=bound)


def volume_check(expectation: Expectation, silence: Row, row: Row | None, *, was_told: bool) -> Check:
    """Articles of the last seven full days beside those of the same weekdays before."""
    least, daily = expectation.min_articles_per_day, silence["week_count"] / 7
    if least is not None and silence["watched_hours"] >= WEEK_HOURS and daily < least:
        said = f"{daily:.1f} articles a day in the last week; min_articles_per_day is {least:g}"
        return Check(name="volume", state="failing", sentence=said, figure=daily, bound=least, is_promised=True)
    days = int(row["history_days"]) if row else 0
    if row is None or days < expectation.min_history_days or row["recent_days"] < LEAST_DAYS:
        return learning("volume", daily, days, expectation.min_history_days)
    count, usual = float(row["article_count"]), float(row["usual_count"])
    bound = expectation.min_volume_share
    state: CheckState = "ok"
    deviation = count_deviation(count, usual, weeks=days / 7, dispersion=row["dispersion"])
    if usual > 0 and is_sure(deviation, expectation.min_deviation, was_told=was_told):
        eased = bound / EASE if was_told else bound
        state = "failing" if count < usual * bound / 2 else "warning" if count < usual * eased else "ok"
    per_day, usual_per_day = count / row["recent_days"], usual / row["recent_days"]
    said = f"{per_day:.1f} articles a day in the last week; usual on these weekdays is {usual_per_day:.1f}"
    return Check(
        name="volume", state=state, sentence=said, figure=per_day, usual=usual_per_day, bound=usual_per_day * bound
    )


def source_checks(expectation: Expectation, rows: Collection[Row]) -> Iterator[Check]:
    """How long every source has failed, or one of several; the others are asked in its place."""
    if not rows:
        return
    bound = expectation.max_source_failure_hours
    failing = [row for row in rows if row["failing_hours"] is not None]
    working = [row for row in rows if row["failing_hours"] is None]
    figure = max((row["failing_hours"] for row in failing), default=0.0)
    names = "; ".join(f"{row['source_id']} ({row['last_reason']})" for row in failing)
    if failing and not working:
        shortest = min(row["failing_hours"] for row in failing)
        state: CheckState = "failing" if shortest > bound else "ok"
        said = f"no source has answered well for {hours(shortest)}: {names}"
        yield Check(name="sources", state=state, sentence=said, figure=shortest, bound=bound)
    elif failing:
        state = "warning" if figure > bound * PATIENCE else "ok"
        said = f"{len(failing)} of {len(rows)} sources fail, for {hours(figure)} at most: {names}"
        yield Check(name="sources", state=state, sentence=said, figure=figure, bound=bound * PATIENCE)
    else:
        yield Check(name="sources", state="ok", sentence="the sources answer", figure=0.0, bound=bound)


def length_check(expectation: Expectation, row: Row, *, was_told: bool) -> Check:
    """The median length of the newest texts: a layout that has changed leaves half of them out, or adds others."""
    name, words, least = "text_length", row["median_words"], expectation.min_words
    if least is not None and row["week_words"] is not None and row["week_words"] < least:
        said = f"half of the last week's texts have {row['week_words']:.0f} words at most; min_words is {least}"
        return Check(name=name, state="failing", sentence=said, figure=row["week_words"], bound=least, is_promised=True)
    if row["article_spread"] is None or not has_history(expectation, row):
        return learning(name, words, row["history_days"], expectation.min_history_days)
    usual, share = row["usual_words"], expectation.min_text_share
    state: CheckState = "ok"
    if is_sure(length_deviation(row), expectation.min_deviation, was_told=was_told):
        state = graded(abs(math.log(words / usual)), -math.log(share) if share > 0 else math.inf, was_told=was_told)
    said = f"half of the newest {row['total']} texts have {words:.0f} words at most; usual is {usual:.0f}"
    return Check(name=name, state=state, sentence=said, figure=words, usual=usual, bound=usual * share)
