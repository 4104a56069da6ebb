"""Figures held against promises and against what is usual."""

from __future__ import annotations

from typing import Any

import pytest

from warehouse.expectations import Expectation
from warehouse.health.checks import judge
from warehouse.health.figures import Figures
from warehouse.health.verdicts import Check, hours, worst

SILENCE = {
    "watched_hours": 2_000.0,
    "watched_days": 60,
    "silence_hours": 2.0,
    "known_silence_hours": 2.0,
    "usual_gap_hours": 10.0,
    "week_count": 140,
}
VOLUME = {"history_days": 56, "recent_days": 7, "article_count": 140, "usual_count": 140.0, "dispersion": 1.0}
LENGTHS = {
    "total": 60,
    "recent_days": 3,
    "week_words": 400.0,
    "median_words": 400.0,
    "usual_words": 400.0,
    "history_total": 1_000,
    "history_days": 56,
    "article_spread": 0.8,
    "dispersion": 1.0,
}
SHARE = {
    "kind": "fill",
    "item": "authors",
    "hits": 54,
    "total": 60,
    "recent_days": 3,
    "usual_share": 0.9,
    "history_total": 1_000,
    "history_days": 56,
    "dispersion": 1.0,
    "week_share": 0.9,
}
SOURCE = {"source_id": "feed:a", "last_reason": "polled", "failing_hours": None}


def found(
    check_name: str, expectation: Expectation | None = None, *, told: tuple[str, ...] = (), **changes: Any
) -> Check:
    """What one check says of an outlet that is as usual but for what is given, by the figures' part."""
    shares = changes.get("shares", [SHARE])
    figures = Figures(
        silence={**SILENCE, **changes.get("silence", {})},
        volume={**VOLUME, **changes.get("volume", {})},
        lengths={**LENGTHS, **changes.get("lengths", {})},
        shares=tuple(shares),
        sources=tuple(changes.get("sources", [SOURCE])),
    )
    checks = judge(expectation or Expectation(outlet_id="post"), figures, told)
    return next(check for check in checks if check.name == check_name)


def promising(**promises: Any) -> Expectation:
    """An outlet's promises."""
    return Expectation(outlet_id="post", **promises)


@pytest.mark.parametrize("name", ["silence", "volume", "sources", "text_length", "fill_authors"])
def test_an_outlet_as_usual_is_ok(name: str) -> None:
    """No complaint about what is as it always was."""
    assert found(name).state == "ok"


def test_promised_silence_counts_from_the_newest_article_or_from_the_first_poll() -> None:
    """An outlet that never gave an article is silent since it is watched."""
    promise = promising(max_silence_hours=48)
    missed = found("silence", promise, silence={"silence_hours": 49.0, "known_silence_hours": 49.0})
    assert (missed.state, missed.is_promised) == ("failing", True)
    assert missed.sentence == "no new article for 49 hours; max_silence_hours is 48"
    unseen = found("silence", promise, silence={"silence_hours": 49.0, "known_silence_hours": 1.0})
    assert unseen.sentence == f"{missed.sentence}; no poll has worked for 48 hours"
    between_polls = found("silence", promise, silence={"silence_hours": 49.0, "known_silence_hours": 47.9})
    assert between_polls.sentence == missed.sentence
    values = {"silence_hours": 0.75, "known_silence_hours": 0.75}
    short = found("silence", promising(max_silence_hours=0.5), silence=values)
    assert short.sentence == "no new article for 45 minutes; max_silence_hours is 0.5"
    assert found("silence", promise, silence={"silence_hours": None, "watched_hours": 47.0}).state == "ok"
    assert found("silence", promise, silence={"silence_hours": None, "watched_hours": 49.0}).state == "failing"


@pytest.mark.parametrize(
    ("value", "said"), [(1 / 60, "1 minute"), (0.5, "30 minutes"), (5.2, "5 hours"), (71, "71 hours"), (72, "3 days")]
)
def test_spells_are_said_in_the_unit_that_fits(value: float, said: str) -> None:
    """Minutes up to two hours, days from three on."""
    assert hours(value) == said


def test_promised_volume_is_judged_after_a_week() -> None:
    """A new outlet has no week to be judged by."""
    promise = promising(min_articles_per_day=5)
    missed = found("volume", promise, silence={"week_count": 14})
    assert missed.sentence == "2.0 articles a day in the last week; min_articles_per_day is 5"
    assert missed.is_promised
    assert not found("volume", promise, silence={"week_count": 14, "watched_hours": 20.0}).is_promised


def test_a_promised_field_that_is_missing_too_often_is_told() -> None:
    """Shares are of the last week's articles; without any there is nothing to judge."""
    promise = promising(min_fill={"authors": 0.95})
    missed = found("fill_authors", promise, shares=[{**SHARE, "week_share": 0.5}])
    assert missed.sentence == "authors is there in 50% of the last week's articles; min_fill is 95%"
    assert missed.is_promised
    assert not found("fill_authors", promise, shares=[{**SHARE, "week_share": None}]).is_promised


def test_promised_words_languages_and_sections() -> None:
    """Each is a minimum of the outlet's file, and missing it fails the run."""
    short = found("text_length", promising(min_words=150), lengths={"week_words": 149.0})
    english = {**SHARE, "kind": "language", "item": "en", "week_share": 0.5}
    news = {**SHARE, "kind": "section", "item": "news", "week_share": 0.1}
    language = found("language", promising(min_language_share={"en": 0.9}), shares=[english])
    section = found("section", promising(min_section_share={"news": 0.2}), shares=[news])
    assert [check.is_promised for check in (short, language, section)] == [True] * 3
    assert language.sentence == "language en is that of 50% of the last week's articles; min_language_share is 90%"


@pytest.mark.parametrize(
    ("name", "changes", "state"),
    [
        ("silence", {"silence": {"known_silence_hours": 47.0}}, "ok"),
        ("silence", {"silence": {"known_silence_hours": 49.0}}, "warning"),
        ("silence", {"silence": {"known_silence_hours": 97.0}}, "failing"),
        ("silence", {"silence": {"known_silence_hours": 97.0, "usual_gap_hours": 60.0}}, "ok"),
        # What no poll could see is no silence: wirewatch was off for a week.
        ("silence", {"silence": {"silence_hours": 170.0, "known_silence_hours": 3.0}}, "ok"),
        ("volume", {"volume": {"article_count": 85}}, "ok"),
        ("volume", {"volume": {"article_count": 80}}, "warning"),
        ("volume", {"volume": {"article_count": 40}}, "failing"),
        # A few a week: none at all may be chance.
        ("volume", {"volume": {"article_count": 1, "usual_count": 4.0}}, "ok"),
        # Days that differ by much: half of the usual is nothing new.
        ("volume", {"volume": {"article_count": 70, "dispersion": 12.0}}, "ok"),
        ("volume", {"volume": {"history_days": 10}}, "learning"),
        ("volume", {"volume": {"recent_days": 3, "article_count": 1}}, "learning"),
        ("text_length", {"lengths": {"median_words": 200.0}}, "warning"),
        ("text_length", {"lengths": {"median_words": 100.0}}, "failing"),
        ("text_length", {"lengths": {"median_words": 800.0}}, "warning"),
        ("text_length", {"lengths": {"median_words": 300.0}}, "ok"),
        ("text_length", {"lengths": {"median_words": 200.0, "total": 10}}, "learning"),
        ("text_length", {"lengths": {"median_words": 200.0, "history_days": 5}}, "learning"),
        ("fill_authors", {"shares": [{**SHARE, "hits": 42}]}, "ok"),
        ("fill_authors", {"shares": [{**SHARE, "hits": 36}]}, "warning"),
        ("fill_authors", {"shares": [{**SHARE, "hits": 6}]}, "failing"),
        ("fill_authors", {"shares": [{**SHARE, "hits": 6, "history_total": 20}]}, "learning"),
        ("sources", {"sources": [{**SOURCE, "failing_hours": 5.0, "last_reason": "timeout"}]}, "ok"),
        ("sources", {"sources": [{**SOURCE, "failing_hours": 7.0, "last_reason": "timeout"}]}, "failing"),
        ("sources", {"sources": [SOURCE, {**SOURCE, "failing_hours": 7.0}]}, "ok"),
        ("sources", {"sources": [SOURCE, {**SOURCE, "failing_hours": 25.0}]}, "warning"),
    ],
)
def test_what_is_out_of_the_usual(name: str, changes: dict[str, Any], state: str) -> None:
    """It must be off by its bound, and further than its days differ by themselves; twice the bound fails."""
    check = found(name, **changes)
    assert (check.state, check.is_promised) == (state, False)


@pytest.mark.parametrize(
    ("hits", "total", "history_days", "usual", "state"),
    [
        (4, 9, 0, 0.0, "ok"),  # too few to mean anything
        (3, 10, 0, 0.0, "ok"),
        (5, 12, 0, 0.0, "warning"),  # the bound holds from the first day on
        (11, 12, 0, 0.0, "failing"),
        (20, 50, 56, 0.4, "ok"),  # has always been so
        (40, 50, 56, 0.4, "failing"),
    ],
)
def test_attempts_that_fail(hits: int, total: int, history_days: int, usual: float, state: str) -> None:
    """Of the last day's attempts, with a bound, and beside what is usual."""
    row = {
        **SHARE, "kind": "failures", "item": "", "hits": hits, "total": total, "usual_share": usual,
        "history_days": history_days,
    }  # fmt: skip
    assert found("failures", shares=[row]).state == state


def test_pages_that_are_no_article() -> None:
    """A consent wall before every page: fetched well, and nothing comes of it. Fewer than usual is good news."""
    row = {**SHARE, "kind": "no_article", "item": "", "hits": 30, "total": 40, "usual_share": 0.05}
    assert found("no_article", shares=[row]).state == "failing"
    assert found("no_article", shares=[{**row, "hits": 2}]).state == "ok"
    assert found("no_article", shares=[{**row, "hits": 0, "usual_share": 0.6}]).state == "ok"


def test_the_furthest_shift_is_told() -> None:
    """Of several languages the one that moved most is named."""
    english = {**SHARE, "kind": "language", "item": "en", "hits": 30, "usual_share": 0.95}
    arabic = {**SHARE, "kind": "language", "item": "ar", "hits": 20, "usual_share": 0.05}
    check = found("language", shares=[arabic, english])
    assert check.state == "warning"
    assert check.sentence == "language en is that of 50% of the newest 60 articles; usual is 95%"


def test_what_was_told_must_be_well_within_its_bound_to_be_ok_again() -> None:
    """A figure at its bound does not flap."""
    at_the_bound: dict[str, Any] = {"volume": {"article_count": 85}}
    assert found("volume", **at_the_bound).state == "ok"
    assert found("volume", told=("volume",), **at_the_bound).state == "warning"
    assert found("volume", told=("volume",), volume={"article_count": 100}).state == "ok"
    assert found("silence", told=("silence",), silence={"known_silence_hours": 45.0}).state == "warning"


def test_ignored_checks_are_not_made() -> None:
    """``ignore`` takes a check out, and leaves the others."""
    expectation = promising(ignore=("volume",))
    with pytest.raises(StopIteration):
        found("volume", expectation)
    assert found("silence", expectation).state == "ok"


def test_an_outlet_is_as_bad_as_its_worst_check() -> None:
    """One that still learns is no trouble."""
    assert worst(["ok", "learning"]) == "ok"
    assert worst(["ok", "warning", "learning"]) == "warning"
    assert worst(["warning", "failing"]) == "failing"
    assert worst([]) == "ok"
