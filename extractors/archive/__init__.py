"""The archive: every response as it came over the wire, in WARC 1.1, before anything parses it."""

from extractors.archive.copies import copy_response
from extractors.archive.exchange import ArchivedResponse, BrokenRecord, Location, RawResponse
from extractors.archive.reader import iter_responses, read_response
from extractors.archive.writer import Archive

__all__ = [
    "Archive",
    "ArchivedResponse",
    "BrokenRecord",
    "Location",
    "RawResponse",
    "copy_response",
    "iter_responses",
    "read_response",
]
