"""Behavior of extractors.discover.freshness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from extractors.discover.freshness import LONGEST_SECONDS, channel_seconds, header_seconds, longer, shortest_seconds
from extractors.records import Capture


def capture(*headers: tuple[str, str]) -> Capture:
    """A response with headers."""
    return Capture(
        capture_id="0f0e7f4e-9d55-4a3c-8f43-0a4f2f4f7c11",
        outlet_id="example",
        requested_url="https://www.example.org/feed/",
        final_url="https://www.example.org/feed/",
        http_status=200,
        headers=headers,
        fetched_at=datetime(2026, 3, 2, 6, tzinfo=UTC),
        body_sha256="00",
        body_bytes=0,
        warc_file="a.warc.gz",
        warc_offset=0,
    )


DATE, HOUR_LATER, LONG_AGO = (
    ("Date", "Mon, 02 Mar 2026 05:00:00 GMT"),
    ("Expires", "Mon, 02 Mar 2026 06:00:00 GMT"),
    ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"),
)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], None),
        ([("Cache-Control", "max-age=600")], 600),
        ([("cache-control", 'PUBLIC , Max-Age="600", s-maxage=7')], 600),
        ([("Cache-Control", "public"), ("Cache-Control", "max-age = 600")], 600),
        ([("Cache-Control", "max-age=600"), ("Age", "200")], 400),
        ([("Cache-Control", "max-age=600"), ("Age", "9999")], 0),
        ([("Cache-Control", "max-age=600"), ("Age", "soon")], 600),
        ([("Cache-Control", "no-cache, max-age=600")], 0),
        ([("Cache-Control", "no-store")], 0),
        ([("Cache-Control", "s-maxage=600")], None),
        ([("Cache-Control", "private, must-revalidate")], None),
        ([("Cache-Control", "max-age=-1")], None),
        ([("Cache-Control", "max-age=ten")], None),
        ([("Cache-Control", "max-age=" + "9" * 99)], LONGEST_SECONDS),
        ([("Cache-Control", "max-age=٦")], None),
        ([("Cache-Control", "xmax-age=5, x=max-age")], None),
        ([DATE, HOUR_LATER], 3_600),
        ([HOUR_LATER], 0),  # counted from when it was fetched
        ([DATE, LONG_AGO], 0),
        ([("Expires", "0")], None),
        ([("Expires", "-1")], None),
        ([("Cache-Control", "max-age=600"), DATE, HOUR_LATER], 600),
    ],
)
def test_headers_say_how_long_an_answer_holds(headers: list[tuple[str, str]], seconds: float | None) -> None:
    """``max-age`` before ``Expires``, less what the answer's age has used up; nonsense says nothing."""
    assert header_seconds(capture(*headers)) == seconds


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ({}, None),
        ({"ttl": "60"}, 3_600),
        ({"ttl": " 15 "}, 900),
        ({"ttl": "0"}, None),
        ({"ttl": "1.5"}, None),
        ({"ttl": "soon"}, None),
        ({"ttl": "90", "sy_updateperiod": "daily"}, 5_400),
        ({"sy_updateperiod": "hourly"}, None),
    ],
)
def test_feeds_say_how_seldom_they_change(channel: Mapping[str, str], seconds: float | None) -> None:
    """By ``ttl``, in minutes; what WordPress writes into every feed says nothing."""
    assert channel_seconds(channel) == seconds


def test_of_several_answers_the_shortest_holds() -> None:
    """The first that may have changed is worth asking for; what says nothing has no say."""
    said = [capture(("Cache-Control", f"max-age={seconds}")) for seconds in (600, 60)]
    assert shortest_seconds([*said, capture()]) == 60
    assert shortest_seconds([*said, capture(("Cache-Control", "no-store"))]) == 0
    assert shortest_seconds([capture()]) is None


def test_of_server_and_feed_the_longer_holds() -> None:
    """Neither is asked sooner than it says."""
    assert [longer(60, 90), longer(60, None), longer(None, 90), longer(None, None)] == [90, 60, 90, None]
