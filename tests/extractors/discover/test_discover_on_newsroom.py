"""The discover stage against the sample outlets, over real HTTP."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.discover import discover
from extractors.errors import Reason
from extractors.fetch.client import Fetcher
from extractors.outlets import FetchSettings, Outlet, load_outlets
from extractors.records import Poll, SourceState
from extractors.toml_records import make_record
from newsroom.sample_config import write_sample_config
from newsroom.server import RunningNewsroom, running_newsroom


@pytest.fixture
def newsroom() -> Iterator[RunningNewsroom]:
    """The sample outlets in their morning."""
    with running_newsroom() as running:
        yield running


class Desk:
    """Polls the sample outlets and remembers their sources' states, as a run does."""

    def __init__(self, newsroom: RunningNewsroom, folder: Path) -> None:
        config = write_sample_config(
            folder, observatory_port=newsroom.observatory_port, gazette_port=newsroom.gazette_port
        )
        values = tomllib.loads((config / "wirewatch.toml").read_text(encoding="utf-8"))["fetch"]
        self.settings = make_record(FetchSettings, values, file="wirewatch.toml")
        self.outlets = load_outlets(config / "outlets")
        self.states: dict[str, SourceState] = {}
        self.now = datetime(2026, 4, 2, tzinfo=UTC)  # after the articles' dates

    async def poll(self, outlet: Outlet) -> tuple[Poll, ...]:
        """One poll of an outlet."""
        async with Fetcher(self.settings, archive=None) as fetcher:
            polls = await discover(outlet, fetcher, states=self.states, since=None, now=self.now)
        self.states |= {poll.source_id: poll.state for poll in polls if poll.state}
        return polls


async def test_morning_again_and_evening(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """The morning lists everything, a second look nothing but the overlap, the evening what is new or edited."""
    desk = Desk(newsroom, tmp_path)
    for outlet in desk.outlets.values():
        (morning,) = await desk.poll(outlet)
        (again,) = await desk.poll(outlet)
        newsroom.set_edition("evening")
        (evening,) = await desk.poll(outlet)
        newsroom.set_edition("morning")
        assert len(morning.links) >= 10
        assert all(link.hints.title for link in morning.links)
        assert len(again.links) <= 1
        known = {link.normalized_url: link.hints.fingerprint() for link in morning.links}
        fresh = [link for link in evening.links if link.normalized_url not in known]
        edited = [
            link
            for link in evening.links
            if known.get(link.normalized_url, link.hints.fingerprint()) != link.hints.fingerprint()
        ]
        assert fresh, outlet.outlet_id
        assert len(edited) == (0 if outlet.outlet_id == "sample_observatory_ar" else 1), outlet.outlet_id


async def test_the_feed_stands_in_for_the_api(newsroom: RunningNewsroom, tmp_path: Path) -> None:
    """When REST is closed the feed is read, the failure is kept, and both give an article the same name and id."""
    desk = Desk(newsroom, tmp_path)
    outlet = desk.outlets["sample_observatory_en"]
    (by_rest,) = await desk.poll(outlet)
    newsroom.misbehave("observatory", r".*(?:wp-json|rest_route).*", "http_403")
    closed, by_feed = await desk.poll(outlet)
    assert closed.outcome.reason == Reason.HTTP_403
    names = {link.normalized_url: link.hints.cms_id for link in by_rest.links}
    assert by_feed.links
    for link in by_feed.links:
        assert names[link.normalized_url] == link.hints.cms_id
