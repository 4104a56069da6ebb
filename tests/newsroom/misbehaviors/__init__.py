"""The ways in which a host can fail, by name, a module for each theme.

To add one, write a coroutine that takes an ``Exchange`` and put ``@behavior`` on it: its name is what
``newsroom.misbehave`` takes, its docstring what the newsroom's index says of it.
"""

from newsroom.misbehaviors import encodings, feeds, listings, pages, redirects, rest, robots, statuses, transport
from newsroom.misbehaviors.registry import BEHAVIORS, behavior_names

__all__ = [
    "BEHAVIORS",
    "behavior_names",
    "encodings",
    "feeds",
    "listings",
    "pages",
    "redirects",
    "rest",
    "robots",
    "statuses",
    "transport",
]
