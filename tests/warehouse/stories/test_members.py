from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from story_members import SEEN, make_member

from warehouse.stories.members import Credit, credit_of, names_of

GAZETTE = names_of("The Levantine Gazette", ("LevGaz",), ("www.gazette.example",))


@pytest.mark.parametrize(
    ("says", "credit"),
    [
        ({"original_publisher": "The Levantine Gazette"}, Credit.SOURCE_LINE),
        ({"original_publisher": "levantine gazette"}, Credit.SOURCE_LINE),
        ({"original_publisher": "LEVGAZ"}, Credit.SOURCE_LINE),
        ({"original_publisher": "the Levantine Gazette, London"}, Credit.SOURCE_LINE),
        ({"original_publisher": "The Gazette"}, None),
        ({"original_publisher": "LevGaz Weekly"}, None),
        ({"original_url": "http://gazette.example/a/"}, Credit.ORIGINAL_URL),
        ({"original_url": "https://www.gazette.example/another"}, Credit.ORIGINAL_URL),
        ({"original_url": "https://other.example/a"}, None),
        ({"agency": ("Reuters", "LevGaz")}, Credit.AGENCY),
        ({"byline": "By Levantine Gazette staff"}, Credit.BYLINE),
        ({"byline": "By Ana Marsh"}, None),
        ({"original_publisher": "LevGaz", "agency": ("LevGaz",)}, Credit.SOURCE_LINE),
        ({}, None),
    ],
)
def test_a_credit_names_the_outlet_or_leads_to_it(says: dict[str, Any], credit: Credit | None) -> None:
    """By its name or an alias; a short name must be all that is said. The strongest word counts."""
    origin = make_member()
    assert credit_of(make_member("b", "observatory", **says), origin, GAZETTE) is credit


def test_nobody_credits_itself() -> None:
    """An outlet's own name in its byline says nothing of where a text is from."""
    assert credit_of(make_member("b", byline="LevGaz"), make_member(), GAZETTE) is None


def test_names_in_arabic_are_compared_as_they_are_meant() -> None:
    """Whichever alef or ya somebody writes."""
    names = names_of("المرصد السوري لحقوق الإنسان", (), ())
    copy = make_member("b", "other", original_publisher="المرصد السوري لحقوق الانسان")
    assert credit_of(copy, make_member("a", "sohr_ar"), names) is Credit.SOURCE_LINE


@pytest.mark.parametrize(
    ("changes", "minutes_before_noon", "is_dated"),
    [
        ({}, 120, True),
        ({"published_at": None}, 0, False),
        ({"published_at": SEEN + timedelta(days=3)}, 0, False),
        ({"published_at": SEEN.replace(hour=0), "published_precision": "day"}, 0, False),
        ({"published_at": SEEN.replace(day=9, hour=0), "published_precision": "day"}, 720, True),
    ],
)
def test_nothing_is_published_after_it_was_seen(
    changes: dict[str, Any], minutes_before_noon: float, is_dated: bool
) -> None:
    """Of a day alone, and of a time that cannot be, the latest possible one counts."""
    member = make_member(**changes)
    assert round((SEEN - member.effective_at) / timedelta(minutes=1)) == minutes_before_noon
    assert member.is_dated is is_dated
