"""What a host was asked, and that it is left alone, holds over outlets and runs of the whole pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workbench import Workbench, make_workbench

from flows.settings import open_workspace
from newsroom import RunningNewsroom, running_newsroom

OBSERVATORIES = ("sample_observatory_ar", "sample_observatory_en")


@pytest.fixture
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets' servers."""
    with running_newsroom() as running:
        yield running


def make_bench(newsroom: RunningNewsroom, folder: Path, **settings: object) -> Workbench:
    """A workbench with settings under ``[fetch]``."""
    bench = make_workbench(newsroom, folder)
    path = bench.workspace.config / "wirewatch.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in settings.items():
        text = re.sub(rf"(?m)^{key} = .*\n", "", text).replace("[fetch]\n", f"[fetch]\n{key} = {value}\n")
    path.write_text(text, encoding="utf-8")
    return Workbench(newsroom, open_workspace(bench.workspace.config, bench.workspace.home))


def host_row(bench: Workbench, port: int) -> dict[str, Any]:
    """What analysts see of a host."""
    (row,) = bench.ask(f"FROM hosts WHERE host = '127.0.0.1:{port}'")
    return row


def test_a_spent_budget_leaves_links_pending_and_fails_nobody(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """Two outlets on one host share it, a second run asks for nothing more, and the books balance."""
    bench = make_bench(newsroom, tmp_path, requests_per_day=12)
    first = bench.ingest()
    asked = len(newsroom.requests)
    row = host_row(bench, newsroom.observatory_port)
    assert (row["requests_today"], row["resting_until"]) == (12, None)
    second = bench.ingest()
    assert len(newsroom.requests) == asked
    for report in (first, second):
        assert not report.has_failed, report.as_dict()
    polls = bench.column("SELECT DISTINCT reason FROM polls ORDER BY 1")
    assert "budget_spent" in polls
    pending = bench.ask(
        "SELECT state, reason, attempt_count, retry_at > now() AS waits FROM links WHERE state = 'pending'"
    )
    assert pending
    assert all(link == {"state": "pending", "reason": None, "attempt_count": 0, "waits": True} for link in pending)
    told = bench.column("SELECT DISTINCT detail FROM outcomes WHERE reason = 'budget_spent' AND stage = 'fetch'")
    assert any(re.search(r"not asked: 127\.0\.0\.1:\d+ got its 12 requests_per_day", detail) for detail in told)


def test_a_host_of_challenges_is_left_alone_over_runs(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """Two are met; all links of the outlet wait, its health says why, and the next run asks for nothing."""
    bench = make_bench(newsroom, tmp_path, seconds_between_requests=0.01)
    newsroom.misbehave("gazette", "/(news|opinion|features)/.*", "challenge")
    bench.ingest()
    met = [request for request in newsroom.requests if request.host == "gazette"]
    (health,) = bench.ask("FROM outlet_health WHERE outlet_id = 'sample_gazette'")
    host = f"127.0.0.1:{newsroom.gazette_port}"
    assert (health["resting_host"], health["resting_reason"]) == (host, "challenge")
    assert health["resting_until"] is not None
    ends = bench.ask(
        "SELECT detail LIKE 'not asked%' AS is_unasked, count(*) AS links FROM outcomes "
        "WHERE outlet_id = 'sample_gazette' AND stage = 'fetch' AND reason = 'challenge' GROUP BY ALL ORDER BY 1"
    )
    assert [row["links"] for row in ends][:1] == [2]
    assert bench.column("SELECT count(*) FROM links WHERE outlet_id = 'sample_gazette' AND state = 'pending'") == [
        2 + ends[1]["links"]
    ]
    report = bench.ingest("sample_gazette")
    assert [request for request in newsroom.requests if request.host == "gazette"] == met
    assert report.outlets[0].sources[0][1] == "challenge"
    assert report.has_failed
    assert bench.column("SELECT DISTINCT resting_host FROM outlet_health WHERE outlet_id LIKE '%observatory%'") == [
        None
    ]


def test_what_is_counted_is_what_the_host_was_asked(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """Over two runs and two outlets, with robots.txt, polls, pages and what failed."""
    bench = make_bench(newsroom, tmp_path)
    newsroom.misbehave("observatory", "/en/41388/", "http_500")
    for limit in (0, 2):
        bench.ingest(*OBSERVATORIES, limit=limit)
        asked = [request for request in newsroom.requests if request.host == "observatory"]
        assert host_row(bench, newsroom.observatory_port)["requests_today"] == len(asked)
