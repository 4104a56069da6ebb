"""The fetch stage: a link becomes a capture, by an identified, robots-obeying, paced and guarded request."""

from extractors.fetch.protocol import Accept, Fetching

__all__ = ["Accept", "Fetching"]
