"""A file of our archive gives everything that it holds: responses with their hashes, notes, damage."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from captured import response

from extractors.archive import (
    Archive,
    ArchivedNote,
    ArchivedRecord,
    Location,
    Note,
    archive_files,
    iter_responses,
    note_at,
    scan_file,
)
from extractors.errors import ArchiveError

NOW = datetime(2026, 3, 3, 9, 30, 0, 123456, tzinfo=UTC)
BODY = b"<p>The ferry is late.</p>"
NOTE = Note(event="pages_read", noted_at=NOW, data='{"pages": ["قلعة"]}'.encode())


def write(folder: Path) -> Location:
    """A file with a head, a response and a note."""
    with Archive(folder, now=lambda: NOW) as archive:
        archive.introduce([Note(event="run_started", noted_at=NOW, data=b"{}")])
        location = archive.append(response("https://harbor-post.example/1", BODY))
        archive.note(NOTE)
    return location


def scan(folder: Path) -> list[ArchivedRecord | ArchivedNote]:
    """What its one file holds."""
    (name,) = archive_files(folder)
    return list(scan_file(folder, name, max_body_bytes=1_000_000))


def test_responses_and_notes_come_in_their_order(tmp_path: Path) -> None:
    """Hash and size are computed from the body; a note comes back byte for byte, with its time."""
    location = write(tmp_path)
    head, record, note = scan(tmp_path)
    assert isinstance(head, ArchivedNote)
    assert head.note.event == "run_started"
    assert isinstance(record, ArchivedRecord)
    assert (record.capture_id, record.warc_offset, record.state) == (
        location.capture_id,
        location.warc_offset,
        "whole",
    )
    assert (record.body_sha256, record.body_bytes) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert isinstance(note, ArchivedNote)
    assert note.note == NOTE
    assert note_at(tmp_path, note.warc_file, note.warc_offset) == NOTE


def test_notes_are_no_responses(tmp_path: Path) -> None:
    """Whoever reads the pages of an archive does not meet them."""
    write(tmp_path)
    (name,) = archive_files(tmp_path)
    assert [each.target_url for each in iter_responses(tmp_path / name)] == ["https://harbor-post.example/1"]


def test_every_file_of_a_run_begins_with_its_preface(tmp_path: Path) -> None:
    """Each can be told from alone whose it is."""
    with Archive(tmp_path, roll_bytes=1, now=lambda: NOW) as archive:
        archive.introduce([Note(event="run_started", noted_at=NOW, data=b"{}")])
        assert not archive.has_written
        for number in (1, 2):
            archive.append(response(f"https://harbor-post.example/{number}", BODY))
    for name in archive_files(tmp_path):
        first = next(iter(scan_file(tmp_path, name, max_body_bytes=1_000_000)))
        assert isinstance(first, ArchivedNote)
    assert len(archive_files(tmp_path)) == 2


def test_a_damaged_note_is_damage(tmp_path: Path) -> None:
    """It is told with its place, and what follows it is read."""
    location = write(tmp_path)
    path = tmp_path / location.warc_file
    note = next(each for each in scan(tmp_path)[2:])
    data = bytearray(path.read_bytes())
    data[note.warc_offset + 40] ^= 0xFF
    path.write_bytes(data)
    assert [each.state for each in scan(tmp_path) if isinstance(each, ArchivedRecord)] == ["whole", "damaged"]
    with pytest.raises(ArchiveError):
        note_at(tmp_path, location.warc_file, note.warc_offset)


def test_there_is_no_note_where_a_response_is(tmp_path: Path) -> None:
    """Its place is named."""
    location = write(tmp_path)
    with pytest.raises(ArchiveError, match="holds no note here"):
        note_at(tmp_path, location.warc_file, location.warc_offset)


def test_a_file_that_is_no_warc_is_told(tmp_path: Path) -> None:
    """As a whole."""
    path = tmp_path / "2026" / "03" / "x.warc.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"coffee, spilled")
    with pytest.raises(ArchiveError, match="is not a WARC file"):
        scan(tmp_path)
