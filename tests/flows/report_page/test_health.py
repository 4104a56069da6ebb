"""What the page says of an outlet's health, by what the warehouse tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.report_page.health import judged

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)


def row(**changes: Any) -> dict[str, Any]:
    """An outlet that is well, as an older warehouse tells it."""
    values: dict[str, Any] = {
        "outlet_id": "harbor_post",
        "failures": [],
        "resting_host": None,
        "resting_until": None,
        "resting_reason": None,
        "last_polled_at": NOW,
        "last_success_at": NOW,
        "last_article_at": NOW,
        "silence_hours": 1.0,
        "articles_7d": 40,
        "is_tls_verified": True,
    }
    return {**values, **changes}


def test_an_outlet_is_well_without_reasons() -> None:
    """Nothing speaks against it."""
    assert (judged(row()).state, judged(row()).reasons) == ("ok", ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"failures": [("http_403", 2), ("timeout", 1)]}, "failures in the last run: http_403 (2), timeout (1)"),
        (
            {"resting_host": "a.example", "resting_until": NOW, "resting_reason": "challenge"},
            "a.example is left alone until 30 Mar 2026, 18:00: challenge",
        ),
        ({"last_success_at": None}, "no poll has succeeded yet"),
        (
            {"last_success_at": NOW - timedelta(hours=1)},
            "the last poll failed; the last good one was 30 Mar 2026, 17:00",
        ),
        ({"silence_hours": 72.0}, "no new article for 3 days"),
        ({"silence_hours": None, "last_article_at": None}, "no article yet"),
    ],
)
def test_each_fact_is_a_reason(changes: dict[str, Any], reason: str) -> None:
    """Said in a sentence."""
    found = judged(row(**changes))
    assert (found.state, found.reasons) == ("warning", (reason,))


def test_a_state_that_the_warehouse_tells_is_shown() -> None:
    """Its own reasons, since when, and nothing of ours beside."""
    reasons = ["no new article for 60 hours", "no\u202ene"]
    found = judged(row(state="failing", since=NOW, reasons=reasons, silence_hours=900.0))
    assert (found.state, found.since) == ("failing", NOW)
    assert found.reasons == ("no new article for 60 hours", "no‹U+202E›ne")


def test_an_outlet_that_was_never_judged_goes_by_the_facts() -> None:
    """Its state is not known to the warehouse."""
    assert judged(row(state=None, since=None, reasons=[], silence_hours=72.0)).state == "warning"
