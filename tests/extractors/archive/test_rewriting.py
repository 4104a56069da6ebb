"""Files of the archive become one with the same records, some without their bodies."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from captured import response

from extractors.archive import Archive, ArchivedRecord, Location, Note, archive_files, read_response, scan_file
from extractors.archive.rewriting import MovedRecord, rewrite, unwritten
from extractors.errors import ArchiveError

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
TARGET = "2026/03/new.warc.gz"
BODIES = [b"<p>One</p>", b"<p>Two, which is longer</p>"]


def write(folder: Path) -> list[Location]:
    """Two files of one response and one note each."""
    places = []
    for number, body in enumerate(BODIES):
        with Archive(folder, now=lambda: NOW) as archive:
            places.append(archive.append(response(f"https://harbor-post.example/{number}", body)))
            archive.note(Note(event="pages_read", noted_at=NOW, data=b"{}"))
    return places


def rewritten(folder: Path, places: list[Location], *, dropped: list[Location]) -> list[MovedRecord]:
    """Both files as one."""
    gone = {each.warc_file: {each.warc_offset} for each in dropped}
    sources = [each.warc_file for each in places]
    return rewrite(folder, sources, TARGET, dropped=gone, now=NOW, max_body_bytes=1_000_000)


def test_what_stays_is_copied_byte_for_byte(tmp_path: Path) -> None:
    """The new file is the old ones one after the other, and says where each response is now."""
    places = write(tmp_path)
    moved = rewritten(tmp_path, places, dropped=[])
    assert (tmp_path / TARGET).read_bytes() == b"".join((tmp_path / each.warc_file).read_bytes() for each in places)
    assert [(each.capture_id, each.old_file, each.old_offset) for each in moved] == [
        (each.capture_id, each.warc_file, each.warc_offset) for each in places
    ]
    for each, body in zip(moved, BODIES, strict=True):
        assert read_response(tmp_path, TARGET, each.warc_offset).body == body


def test_a_dropped_body_leaves_what_there_is_to_know_of_it(tmp_path: Path) -> None:
    """Hash, size and time; the other response and the notes are as they were."""
    places = write(tmp_path)
    moved = rewritten(tmp_path, places, dropped=places[:1])
    assert [each.is_dropped for each in moved] == [True, False]
    records = [
        each for each in scan_file(tmp_path, TARGET, max_body_bytes=1_000_000) if isinstance(each, ArchivedRecord)
    ]
    assert [each.state for each in records] == ["dropped", "whole"]
    assert records[0].capture_id == places[0].capture_id
    assert (records[0].body_sha256, records[0].body_bytes) == (hashlib.sha256(BODIES[0]).hexdigest(), len(BODIES[0]))
    assert records[0].dropped_at == NOW
    assert BODIES[1] == read_response(tmp_path, TARGET, moved[1].warc_offset).body
    assert len(archive_files(tmp_path)) == 3


def test_a_damaged_file_is_not_copied(tmp_path: Path) -> None:
    """Nor is anything left where the new file would have been."""
    places = write(tmp_path)
    path = tmp_path / places[1].warc_file
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(ArchiveError):
        rewritten(tmp_path, places, dropped=[])
    assert sorted(each.name for each in path.parent.iterdir()) == sorted(
        each.warc_file.rpartition("/")[2] for each in places
    )


def test_a_file_that_is_written_to_is_known(tmp_path: Path) -> None:
    """By the lock of whoever writes, which ends with the process."""
    with Archive(tmp_path, now=lambda: NOW) as archive:
        place = archive.append(response("https://harbor-post.example/1", BODIES[0]))
        with unwritten(tmp_path / place.warc_file) as is_free:
            assert not is_free
    with unwritten(tmp_path / place.warc_file) as is_free:
        assert is_free
