"""An overview of the outlets as metrics of Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from warehouse.health.overview import Overview
from warehouse.health.verdicts import RANKS


class Readable(Protocol):
    """What was read of the published file."""

    @property
    def overview(self) -> Overview | None:
        """None when it could not be read."""

    @property
    def archive_bytes(self) -> int:
        """Size of the archive."""


class Metrics(Collector):
    """Makes the metrics anew for each scrape; ages are as of the scrape, all else as of the published file."""

    def __init__(self, read: Callable[[], Readable], now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Name none beforehand, so that registering it reads no file."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        reading, now = self._read(), self._now()
        is_readable = reading.overview is not None
        yield gauge("wirewatch_warehouse_readable", "1 when the published file can be read", float(is_readable))
        if reading.overview is None:
            return
        yield from of_home(reading.overview, reading.archive_bytes, now)
        yield from of_outlets(reading.overview, now)


def of_home(overview: Overview, archive_bytes: int, now: datetime) -> Iterable[Metric]:
    """What concerns all outlets."""
    runs = overview.runs
    age = (now - overview.published_at).total_seconds()
    yield gauge("wirewatch_published_age_seconds", "Age of the published file", age)
    yield gauge("wirewatch_published_bytes", "Size of the published file", overview.published_bytes)
    yield gauge("wirewatch_archive_bytes", "Size of the archive when the file was published", archive_bytes)
    for name, text, moment in (
        ("wirewatch_last_run_timestamp_seconds", "When a run last started", runs["started_at"]),
        ("wirewatch_last_good_run_timestamp_seconds", "When a run last ended well", runs["good_at"]),
    ):
        if moment is not None:
            yield gauge(name, text, moment.timestamp())
    if runs["good_seconds"] is not None:
        yield gauge("wirewatch_last_good_run_duration_seconds", "How long that run took", runs["good_seconds"])


def of_outlets(overview: Overview, now: datetime) -> Iterable[Metric]:
    """What concerns each outlet."""
    state = by_outlet("state", "0 ok, 1 warning, 2 failing")
    silence = by_outlet("silence_seconds", "Since its newest article was first seen")
    success = by_outlet("last_success_timestamp_seconds", "When a poll of it last succeeded")
    articles = by_outlet("articles", "Articles in the warehouse")
    daily = by_outlet("articles_24h", "Articles first seen in the 24 hours before the file was published")
    waiting = by_outlet("links_waiting", "Links that wait to be fetched or extracted")
    failures = by_outlet("failures_24h", "Failures in the 24 hours before the file was published", "reason")
    for outlet in overview.outlets:
        labels = [outlet["outlet_id"]]
        if outlet["state"] is not None:
            state.add_metric(labels, RANKS[outlet["state"]])
        if outlet["last_article_at"] is not None:
            silence.add_metric(labels, (now - outlet["last_article_at"]).total_seconds())
        if outlet["last_success_at"] is not None:
            success.add_metric(labels, outlet["last_success_at"].timestamp())
        articles.add_metric(labels, outlet["article_count"])
        daily.add_metric(labels, outlet["articles_24h"])
        waiting.add_metric(labels, outlet["waiting_count"])
        for reason, count in outlet["failures"].items():
            failures.add_metric([*labels, reason], count)
    yield from (state, silence, success, articles, daily, waiting, failures)


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    """One value."""
    return GaugeMetricFamily(name, text, value=value)


def by_outlet(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    """A value for each outlet."""
    return GaugeMetricFamily(f"wirewatch_outlet_{name}", text, labels=["outlet", *labels])
