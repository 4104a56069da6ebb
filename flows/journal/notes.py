"""Events to notes of the archive and back: JSON by the events' own types."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from extractors.archive import Note
from extractors.errors import ArchiveError
from flows.journal.events import (
    Event,
    FurtherPagesFetched,
    HealthChanged,
    LinksNamed,
    NoticesSent,
    OutletsDescribed,
    PagesFetched,
    PagesRead,
    PagesReadAgain,
    RecordsLost,
    RunEnded,
    RunStarted,
    SourcesPolled,
)
from warehouse.rows import storable

KINDS: dict[str, type[Any]] = {
    "run_started": RunStarted,
    "run_ended": RunEnded,
    "outlets_described": OutletsDescribed,
    "sources_polled": SourcesPolled,
    "links_named": LinksNamed,
    "pages_fetched": PagesFetched,
    "further_pages_fetched": FurtherPagesFetched,
    "records_lost": RecordsLost,
    "pages_read": PagesRead,
    "pages_read_again": PagesReadAgain,
    "health_changed": HealthChanged,
    "notices_sent": NoticesSent,
}
NAMES = {kind: name for name, kind in KINDS.items()}
ADAPTERS: dict[str, TypeAdapter[Event]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def note_of(event: Event) -> Note:
    """An event as the archive keeps it; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    name = NAMES[type(event)]
    try:
        data = ADAPTERS[name].dump_json(event)
    except (PydanticSerializationError, UnicodeEncodeError):
        plain = storable(ADAPTERS[name].dump_python(event, mode="python"))
        data = json.dumps(plain, default=str, ensure_ascii=False).encode()
    return Note(event=name, noted_at=event.at, data=data)


def event_of(note: Note, *, warc_file: str, warc_offset: int) -> Event:
    """The event that a note tells of.

    Raises:
        ArchiveError: It is of a kind, or has values, that this wirewatch does not know.
    """
    if note.event not in KINDS:
        raise ArchiveError(warc_file, warc_offset, f"has a note of kind {note.event!r}; a newer wirewatch wrote it")
    try:
        event = ADAPTERS[note.event].validate_json(note.data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        detail = f"the note {note.event!r} cannot be read: {place}: {first['msg']}"
        raise ArchiveError(warc_file, warc_offset, detail) from None
    return event
