"""What polls make of links, sightings and source states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pytest
from warehouse_samples import (
    FEED,
    NOW,
    OUTLET,
    RUN,
    ask,
    at,
    column,
    contents,
    make_capture,
    make_extraction,
    make_failure,
    make_fetch,
    make_link,
    make_outcome,
    make_poll,
)

from extractors.errors import Reason
from extractors.records import Link, SourceState
from warehouse.checks import run_checks
from warehouse.fetches import record_fetches
from warehouse.intervals import Bounds
from warehouse.links import DiscoverCounts, add_links
from warehouse.load import load
from warehouse.polls import record_polls
from warehouse.sources import source_schedules, source_states
from warehouse.worklists import due_links

OTHER = "wordpress:https://harborpost.example/"


def due(con: duckdb.DuckDBPyConnection, minutes: float = 0) -> list[Link]:
    """Links that are due."""
    return [each.link for each in due_links(con, OUTLET, limit=None, now=at(minutes))]


def settle(con: duckdb.DuckDBPyConnection, *numbers: int) -> None:
    """Fetch and load stories."""
    record_fetches(con, RUN, OUTLET, [make_fetch(n) for n in numbers], now=NOW)
    load(con, RUN, OUTLET, [make_extraction(n) for n in numbers], now=NOW)


def test_new_links_are_due_with_their_hints(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever a source said comes back as it was said, in the source's order."""
    links = [
        make_link(1, body_html="<p>نص</p>", authors=("A", "B"), tags=("t",), modified="2026-03-02", cms_id="9"),
        make_link(2),
    ]
    counts = record_polls(con, RUN, OUTLET, [make_poll(*links)], now=NOW)
    assert counts == DiscoverCounts(listed=2, new=2)
    assert due(con) == links


def test_the_same_poll_again_finds_everything_known(con: duckdb.DuckDBPyConnection) -> None:
    """A settled link is not due again because it is still listed; only the time of its sighting moves."""
    poll = make_poll(make_link(1), make_link(2))
    record_polls(con, RUN, OUTLET, [poll], now=NOW)
    settle(con, 1, 2)
    counts = record_polls(con, "run-2", OUTLET, [poll], now=at(60))
    assert counts == DiscoverCounts(listed=2, known=2)
    assert due(con, 60) == []
    assert ask(con, "SELECT DISTINCT first_seen_at, last_seen_at, last_run_id FROM core.sightings") == [
        {"first_seen_at": NOW, "last_seen_at": at(60), "last_run_id": "run-2"}
    ]
    assert column(con, "SELECT DISTINCT last_seen_at FROM main.articles") == [at(60)]


@pytest.mark.parametrize(
    ("changed", "is_due"),
    [
        ({"modified": "2026-03-02T07:00:00Z"}, True),
        ({"title": "Story 1, corrected"}, True),
        ({"body_html": "<p>More.</p>"}, True),
        ({"standfirst": "Now with a standfirst."}, True),
        ({"tags": ("new",)}, False),
        ({"image_url": "https://harborpost.example/other.jpg"}, False),
    ],
)
def test_a_link_is_due_again_when_its_source_says_something_else(
    con: duckdb.DuckDBPyConnection, changed: dict[str, Any], is_due: bool
) -> None:
    """What an edit changes counts, and it counts once."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    settle(con, 1)
    again = make_link(1, **changed)
    counts = record_polls(con, RUN, OUTLET, [make_poll(again)], now=at(60))
    assert (counts.changed, counts.known) == (int(is_due), int(not is_due))
    assert due(con, 60) == ([again] if is_due else [])
    settle(con, 1)
    assert record_polls(con, RUN, OUTLET, [make_poll(again)], now=at(90)).changed == 0


def test_another_sources_wording_is_no_change(con: duckdb.DuckDBPyConnection) -> None:
    """Feed and REST put the same article in different words; each is compared with itself only."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    settle(con, 1)
    rest = make_link(1, source_id=OTHER, title="Story the first")
    counts = record_polls(con, RUN, OUTLET, [make_poll(rest, source_id=OTHER)], now=at(10))
    assert counts == DiscoverCounts(listed=1, known=1)
    edited = replace(rest, hints=replace(rest.hints, title="Story the first, edited"))
    counts = record_polls(con, RUN, OUTLET, [make_poll(edited, source_id=OTHER)], now=at(20))
    assert counts == DiscoverCounts(listed=1, changed=1)


def test_a_change_is_not_lost_while_a_response_waits_to_be_extracted(con: duckdb.DuckDBPyConnection) -> None:
    """A killed run's capture is read first; the change makes the link due with the next poll."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_fetch(1)], now=NOW)
    edited = make_poll(make_link(1, title="Edited"))
    assert record_polls(con, RUN, OUTLET, [replace(edited, state=SourceState(source_id=FEED))], now=at(10)).known == 1
    # Its validators are not kept: "not modified" would hide the change.
    assert source_states(con, OUTLET)[FEED] == edited.state
    assert column(con, "SELECT state FROM main.links") == ["fetched"]
    load(con, RUN, OUTLET, [make_extraction(1)], now=at(11))
    assert record_polls(con, RUN, OUTLET, [edited], now=at(20)).changed == 1


def test_a_link_in_two_polls_counts_once_and_keeps_the_first_wording(con: duckdb.DuckDBPyConnection) -> None:
    """The order of the sources is the order of trust."""
    first, second = make_link(1), make_link(1, source_id=OTHER, title="Other words")
    counts = record_polls(con, RUN, OUTLET, [make_poll(first), make_poll(second, source_id=OTHER)], now=NOW)
    assert counts == DiscoverCounts(listed=2, new=1, known=1)
    assert due(con) == [first]
    assert column(con, "SELECT COUNT(*) FROM core.sightings") == [2]


def test_a_failed_poll_leaves_what_is_remembered(con: duckdb.DuckDBPyConnection) -> None:
    """Validators of a good poll are not overwritten by a bad one's; the failure is a poll and an outcome."""
    record_polls(con, RUN, OUTLET, [make_poll()], now=NOW)
    remembered = source_states(con, OUTLET)
    bad = make_poll(reason=Reason.NOT_A_FEED, when=at(5))
    assert bad.state
    record_polls(con, RUN, OUTLET, [replace(bad, state=replace(bad.state, cursor="99"))], now=at(5))
    assert source_states(con, OUTLET) == remembered
    assert column(con, "SELECT reason FROM main.polls ORDER BY polled_at") == ["polled", "not_a_feed"]
    assert column(con, "SELECT reason FROM main.outcomes ORDER BY occurred_at") == ["polled", "not_a_feed"]


def test_ten_thousand_entries_are_news_once(con: duckdb.DuckDBPyConnection) -> None:
    """A source that lists its whole archive is polled at its shortest interval, until that is read."""
    bounds = {FEED: Bounds(shortest_minutes=15, longest_minutes=120)}
    record_polls(con, RUN, OUTLET, [make_poll()], now=NOW, bounds=bounds)
    record_polls(con, RUN, OUTLET, [make_poll(when=at(60))], now=at(60), bounds=bounds)
    links = [make_link(number) for number in range(10_000)]
    for minute, interval in ((120, 15), (140, 22.5)):
        record_polls(con, RUN, OUTLET, [make_poll(*links, when=at(minute))], now=at(minute), bounds=bounds)
        assert source_schedules(con, OUTLET)[FEED].interval_minutes == interval


def test_a_recovery_is_told_in_the_polls_detail(con: duckdb.DuckDBPyConnection) -> None:
    """Before what else the poll has to say, in poll and outcome, and in the view of sources."""
    bounds = {FEED: Bounds(shortest_minutes=15, longest_minutes=120)}
    record_polls(con, RUN, OUTLET, [make_poll(reason=Reason.HTTP_403)], now=NOW, bounds=bounds)
    outcome = replace(make_outcome(Reason.POLLED, when=at(60)), source_id=FEED, detail="max_pages was met")
    record_polls(con, RUN, OUTLET, [make_poll(when=at(60), outcome=outcome)], now=at(60), bounds=bounds)
    note = "recovered after 1 failure since 2026-03-02 06:00 UTC"
    for view in ("polls", "outcomes"):
        details = column(con, f"SELECT detail FROM main.{view} WHERE reason = 'polled'")
        assert details == [f"{note}; max_pages was met"]
    assert ask(con, "SELECT recovery, recovered_at, failing_since FROM main.sources") == [
        {"recovery": note, "recovered_at": at(60), "failing_since": None}
    ]


def test_captures_of_a_poll_are_kept_once(con: duckdb.DuckDBPyConnection) -> None:
    """The poll names its responses, and a capture that comes twice is one row."""
    capture = make_capture(FEED)
    record_polls(con, RUN, OUTLET, [make_poll(captures=(capture,)), make_poll(captures=(capture,))], now=NOW)
    assert column(con, "SELECT COUNT(*) FROM main.captures") == [1]
    assert [str(each[0]) for each in column(con, "SELECT capture_ids FROM main.polls")] == [capture.capture_id] * 2


def test_rejected_links_are_recorded_once(con: duckdb.DuckDBPyConnection) -> None:
    """An advert in a feed is one link and one outcome, however often it is listed; unparsable ones too."""
    advert = make_outcome(Reason.FOREIGN_HOST, url="https://ads.example/x")
    broken = make_outcome(Reason.BAD_URL, url="http://[")
    poll = make_poll(rejected=(advert, broken, advert), listed_count=3)
    for minute in (0, 15):
        counts = record_polls(con, RUN, OUTLET, [poll], now=at(minute))
        assert counts == DiscoverCounts(listed=3, rejected=3)
    assert column(con, "SELECT reason FROM main.links ORDER BY ALL") == ["bad_url", "foreign_host"]
    assert column(con, "SELECT reason FROM main.outcomes WHERE link_id IS NOT NULL ORDER BY ALL") == [
        "bad_url",
        "foreign_host",
    ]
    assert due(con) == []
    assert [each for each in run_checks(con) if each.offending_count] == []


def test_a_link_that_is_not_rejected_any_more_is_due(con: duckdb.DuckDBPyConnection) -> None:
    """A pattern was mended, or --since reaches further back."""
    link = make_link(1)
    old = replace(make_outcome(Reason.TOO_OLD, url=link.requested_url), link_id=link.link_id)
    record_polls(con, RUN, OUTLET, [make_poll(rejected=(old,))], now=NOW)
    assert record_polls(con, RUN, OUTLET, [make_poll(link)], now=at(5)).new == 1
    assert due(con, 5) == [link]


def test_a_rejection_takes_nothing_from_a_known_link(con: duckdb.DuckDBPyConnection) -> None:
    """A run with --since calls a pending link too old; it stays pending."""
    link = make_link(1)
    record_polls(con, RUN, OUTLET, [make_poll(link)], now=NOW)
    old = replace(make_outcome(Reason.TOO_OLD, url=link.requested_url), link_id=link.link_id)
    record_polls(con, RUN, OUTLET, [make_poll(rejected=(old,))], now=at(5))
    assert due(con, 5) == [link]


def test_a_link_that_failed_for_good_is_due_when_its_source_changes_it(con: duckdb.DuckDBPyConnection) -> None:
    """A 404 that is merely listed on is left alone; one with a new wording is tried again."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    record_fetches(con, RUN, OUTLET, [make_failure(1, Reason.HTTP_404)], now=NOW)
    assert record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=at(5)).known == 1
    assert record_polls(con, RUN, OUTLET, [make_poll(make_link(1, title="Back"))], now=at(9)).changed == 1


def test_polls_are_one_transaction(con: duckdb.DuckDBPyConnection) -> None:
    """A batch that cannot be written leaves nothing of itself."""
    before = contents(con)
    bad = replace(make_capture(FEED), capture_id="not a uuid")
    with pytest.raises(duckdb.ConversionException):
        record_polls(con, RUN, OUTLET, [make_poll(make_link(1)), make_poll(captures=(bad,))], now=NOW)
    assert contents(con) == before


def test_add_links_makes_links_due_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """New ones are due; known ones only with force, without validators and without losing their hints."""
    record_polls(con, RUN, OUTLET, [make_poll(make_link(1))], now=NOW)
    settle(con, 1)
    by_hand = [replace(make_link(n, source_id="urls:list"), hints=type(make_link().hints)()) for n in (1, 2)]
    assert add_links(con, RUN, OUTLET, by_hand, now=at(5)) == DiscoverCounts(listed=2, new=1, known=1)
    assert [link.normalized_url for link in due(con, 5)] == [by_hand[1].normalized_url]
    assert add_links(con, RUN, OUTLET, by_hand, now=at(6), force=True).changed == 2
    first, second = due_links(con, OUTLET, limit=None, now=at(6))
    assert (first.link.hints.title, first.validators, second.link.hints.title) == ("Story 1", None, None)
