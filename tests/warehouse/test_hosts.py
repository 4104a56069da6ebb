"""What is remembered of hosts comes back to the next run, and is there to be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
from warehouse_samples import NOW, OUTLET, ask, at

from extractors.errors import Reason
from extractors.records import HostMemory, HostStanding, HostVisits, OutletCard
from warehouse.hosts import known_hosts, record_visits
from warehouse.sources import upsert_outlets
from warehouse.transactions import change_count

HOST = "harborpost.example"
VISITS = HostVisits(host=HOST, asked_date=NOW.date(), request_count=3)
RESTING = HostStanding(challenge_count=2, resting_until=at(600), resting_reason=Reason.CHALLENGE)


def test_requests_of_a_day_add_up(con: duckdb.DuckDBPyConnection) -> None:
    """Runs side by side lose none of each other's."""
    record_visits(con, [VISITS, replace(VISITS, host="cdn.example")])
    record_visits(con, [replace(VISITS, request_count=4)])
    assert known_hosts(con, now=NOW) == [
        HostMemory(host=HOST, asked_date=NOW.date(), request_count=7),
        HostMemory(host="cdn.example", asked_date=NOW.date(), request_count=3),
    ]


def test_a_day_begins_at_nought(con: duckdb.DuckDBPyConnection) -> None:
    """What a run tells late, of the day before, is added to no other day."""
    tomorrow = NOW.date() + timedelta(days=1)
    record_visits(con, [replace(VISITS, request_count=90)])
    assert known_hosts(con, now=NOW + timedelta(days=1)) == []
    record_visits(con, [replace(VISITS, asked_date=tomorrow)])
    record_visits(con, [VISITS])
    assert known_hosts(con, now=NOW) == [HostMemory(host=HOST, asked_date=tomorrow, request_count=3)]


def test_a_standing_comes_back_and_stays_until_it_is_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Requests alone change nothing in it; a blank one clears it."""
    record_visits(con, [replace(VISITS, standing=RESTING)])
    record_visits(con, [VISITS])
    assert known_hosts(con, now=NOW) == [
        HostMemory(host=HOST, asked_date=NOW.date(), request_count=6, standing=RESTING)
    ]
    record_visits(con, [replace(VISITS, request_count=0, standing=HostStanding())])
    assert known_hosts(con, now=NOW) == [HostMemory(host=HOST, asked_date=NOW.date(), request_count=6)]


def test_challenges_are_remembered_after_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    """The next rest is to be longer; a Retry-After that has passed is of no use any more."""
    asked = HostStanding(resting_until=at(60), resting_reason=Reason.HTTP_429)
    record_visits(con, [replace(VISITS, standing=RESTING), replace(VISITS, host="cdn.example", standing=asked)])
    assert [memory.host for memory in known_hosts(con, now=NOW + timedelta(days=9))] == [HOST]


def test_nothing_new_is_not_written(con: duckdb.DuckDBPyConnection) -> None:
    """So a run that asks for nothing makes no new file for analysts."""
    before = change_count(con)
    record_visits(con, [])
    assert change_count(con) == before


def test_health_says_which_host_is_left_alone_and_why(con: duckdb.DuckDBPyConnection) -> None:
    """Of the outlet's hosts the one that rests longest; a rest that is over is not shown."""
    soon, later = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=2)
    card = OutletCard(
        outlet_id=OUTLET, name="n", homepage="h", country=None, languages=(), aliases=(), hosts=(HOST, "cdn.example")
    )
    upsert_outlets(con, [card, replace(card, outlet_id="other", hosts=("other.example",), is_tls_verified=False)])
    today = datetime.now(UTC).date()
    record_visits(
        con,
        [
            replace(VISITS, asked_date=today, standing=replace(RESTING, resting_until=soon)),
            HostVisits(
                host="cdn.example",
                asked_date=today,
                request_count=1,
                standing=HostStanding(resting_until=later, resting_reason=Reason.HTTP_429),
            ),
            replace(VISITS, host="other.example", standing=RESTING),
        ],
    )
    sql = "SELECT outlet_id, resting_host, resting_until, resting_reason, is_tls_verified FROM outlet_health ORDER BY 1"
    assert [tuple(row.values()) for row in ask(con, sql)] == [
        (OUTLET, "cdn.example", later, "http_429", True),
        ("other", None, None, None, False),
    ]
    hosts = "SELECT host, requests_today, challenge_count, resting_until, resting_reason FROM hosts ORDER BY 1"
    assert [tuple(row.values()) for row in ask(con, hosts)] == [
        ("cdn.example", 1, 0, later, "http_429"),
        (HOST, 3, 2, soon, "challenge"),
        ("other.example", 0, 2, None, None),
    ]
