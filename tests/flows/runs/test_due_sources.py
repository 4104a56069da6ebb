"""Which of an outlet's sources are polled, by how each stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extractors.errors import Reason
from extractors.outlets import Source
from flows.runs.due_sources import bounds_of, due_sources
from warehouse.intervals import Schedule

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SITE = "https://www.example.org"
FIRST, SECOND, THIRD, EXTRA = (
    Source.model_validate(values)
    for values in (
        {"kind": "wordpress", "url": f"{SITE}/"},
        {"kind": "feed", "url": f"{SITE}/feed/"},
        {"kind": "section", "url": f"{SITE}/news/"},
        {"kind": "urls", "urls": [f"{SITE}/1"]},
    )
)
SOURCES = (FIRST, SECOND, THIRD, EXTRA)


def stands(state: str, source: Source) -> Schedule | None:
    """A source that is ``due`` or ``waits``, after a poll that was ``enough`` or not; ``never`` was none."""
    if state == "never":
        return None
    minutes = 10 if "waits" in state else -10
    return Schedule(
        source_id=source.source_id,
        interval_minutes=30,
        polled_at=NOW - timedelta(minutes=20),
        due_at=NOW + timedelta(minutes=minutes),
        last_reason=Reason.POLLED,
        is_enough="enough" in state,
    )


@pytest.mark.parametrize(
    ("states", "polled"),
    [
        (("never", "never", "never", "never"), (FIRST, SECOND, THIRD, EXTRA)),
        (("waits enough", "never", "due", "waits"), ()),
        (("waits enough", "due", "due", "due"), (EXTRA,)),
        (("due enough", "never", "waits", "waits"), (FIRST, SECOND)),
        (("due enough", "waits enough", "never", "waits"), (FIRST,)),
        (("waits", "due enough", "waits", "waits"), (SECOND,)),
        (("waits", "waits enough", "never", "waits"), ()),
        (("waits", "waits", "never", "waits"), (THIRD,)),
        (("waits", "waits", "waits", "waits"), ()),
    ],
)
def test_stand_ins_are_polled_where_nothing_before_them_works(
    states: tuple[str, ...], polled: tuple[Source, ...]
) -> None:
    """Each at its own time; a list of URLs is polled at its own, whatever stands before it."""
    schedules = {
        source.source_id: schedule
        for source, state in zip(SOURCES, states, strict=True)
        if (schedule := stands(state, source))
    }
    assert due_sources(SOURCES, schedules, at=NOW) == polled


@pytest.mark.parametrize(
    ("keys", "bounds"),
    [
        ({}, (30, 240)),
        ({"every_minutes": 15}, (15, 120)),
        ({"every_minutes": 600}, (600, 1_440)),
        ({"every_minutes": 10_080}, (10_080, 10_080)),
        ({"every_minutes": 15, "max_every_minutes": 15}, (15, 15)),
        ({"max_every_minutes": 10_080}, (30, 10_080)),
    ],
)
def test_the_bounds_of_an_interval(keys: dict[str, int], bounds: tuple[int, int]) -> None:
    """Without a longest one: eight times the shortest, a day at most, and never below the shortest."""
    found = bounds_of(Source.model_validate({"kind": "feed", "url": f"{SITE}/feed/", **keys}))
    assert (found.shortest_minutes, found.longest_minutes) == bounds


def test_bounds_that_cross_are_refused() -> None:
    """The message says which is which."""
    with pytest.raises(ValueError, match="'max_every_minutes' is shorter than 'every_minutes', which is 30"):
        Source.model_validate({"kind": "feed", "url": f"{SITE}/feed/", "max_every_minutes": 29})
