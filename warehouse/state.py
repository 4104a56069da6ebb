"""What the flows call to keep the state of a run: one name for runs, sources, polls, links and fetches."""

from warehouse.fetches import RETRY_DELAYS, record_fetches
from warehouse.hosts import known_hosts, record_visits
from warehouse.links import DiscoverCounts, add_links
from warehouse.polls import record_polls
from warehouse.rechecks import due_work
from warehouse.runs import finish_run, start_run
from warehouse.sources import source_schedules, source_states, upsert_outlets
from warehouse.worklists import DueLink, KnownLink, due_links, fetched_links, known_links, waiting_counts

__all__ = [
    "RETRY_DELAYS",
    "DiscoverCounts",
    "DueLink",
    "KnownLink",
    "add_links",
    "due_links",
    "due_work",
    "fetched_links",
    "finish_run",
    "known_hosts",
    "known_links",
    "record_fetches",
    "record_polls",
    "record_visits",
    "source_schedules",
    "source_states",
    "start_run",
    "upsert_outlets",
    "waiting_counts",
]
