"""The archive: every response as it came over the wire, in WARC 1.1, before anything parses it."""

from extractors.archive.copies import copy_response
from extractors.archive.exchange import ArchivedResponse, BrokenRecord, Location, Note, RawResponse
from extractors.archive.reader import iter_responses, read_response
from extractors.archive.scanning import ArchivedNote, ArchivedRecord, archive_files, note_at, scan_file
from extractors.archive.writer import Archive

__all__ = [
    "Archive",
    "ArchivedNote",
    "ArchivedRecord",
    "ArchivedResponse",
    "BrokenRecord",
    "Location",
    "Note",
    "RawResponse",
    "archive_files",
    "copy_response",
    "iter_responses",
    "note_at",
    "read_response",
    "scan_file",
]
