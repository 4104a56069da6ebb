"""The discover stage: an outlet's sources become links with hints, and an outcome for everything else they listed."""

from extractors.discover.polling import discover, poll

__all__ = ["discover", "poll"]
