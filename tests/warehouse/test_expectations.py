from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from warehouse.expectations import Expectation, missed_of

HEALTHY: Mapping[str, Any] = {
    "silence_hours": 2.0,
    "watched_hours": 400.0,
    "articles_7d": 70,
    "published_at_fill": 1.0,
    "authors_fill": None,
}


def missed(expectation: Expectation, **found: Any) -> list[str]:
    """The sentences about an outlet that is healthy but for what is given."""
    return list(missed_of(expectation, {**HEALTHY, **found}))


SILENCE = Expectation(outlet_id="post", max_silence_hours=48)
VOLUME = Expectation(outlet_id="post", min_articles_per_day=5)
FILL = Expectation(outlet_id="post", min_fill={"published_at": 0.95})


@pytest.mark.parametrize("expectation", [Expectation(outlet_id="post"), SILENCE, VOLUME, FILL])
def test_a_healthy_outlet_misses_nothing(expectation: Expectation) -> None:
    """No expectation, no complaint; and none about what is as promised."""
    assert missed(expectation) == []


def test_silence_counts_from_the_newest_article_or_from_the_first_poll() -> None:
    """An outlet that never gave an article is silent since it is watched."""
    assert missed(SILENCE, silence_hours=49.0) == ["post: no new article for 49 hours; max_silence_hours is 48"]
    assert missed(SILENCE, silence_hours=None, watched_hours=47.0) == []
    assert len(missed(SILENCE, silence_hours=None, watched_hours=49.0)) == 1


def test_volume_is_judged_after_a_week() -> None:
    """A new outlet has no week to be judged by."""
    assert missed(VOLUME, articles_7d=14) == [
        "post: 2.0 articles a day in the last week; min_articles_per_day is 5",
    ]
    assert missed(VOLUME, articles_7d=14, watched_hours=20.0) == []


def test_a_field_that_is_missing_too_often_is_told() -> None:
    """Shares are of the last week's articles; without any there is nothing to judge."""
    assert missed(FILL, published_at_fill=0.5) == [
        "post: published_at is there in 50% of the last week's articles; min_fill is 95%"
    ]
    assert missed(FILL, published_at_fill=None) == []
