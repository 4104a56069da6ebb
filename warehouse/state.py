"""What the flows call to keep the state of a run: one name for runs, sources, polls, links and fetches."""

from warehouse.fetches import RETRY_DELAYS, record_fetches
from warehouse.links import DiscoverCounts, add_links
from warehouse.polls import record_polls
from warehouse.runs import finish_run, start_run
from warehouse.sources import last_polls, source_states, upsert_outlets
from warehouse.worklists import DueLink, KnownLink, due_links, fetched_links, known_links

__all__ = [
    "RETRY_DELAYS",
    "DiscoverCounts",
    "DueLink",
    "KnownLink",
    "add_links",
    "due_links",
    "fetched_links",
    "finish_run",
    "known_links",
    "last_polls",
    "record_fetches",
    "record_polls",
    "source_states",
    "start_run",
    "upsert_outlets",
]
