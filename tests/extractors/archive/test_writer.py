"""What the archive writes is WARC 1.1 that other readers read, found again by file and offset."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.archive import Archive, Location, RawResponse, iter_responses, read_response
from extractors.errors import ArchiveError

PAGE = "<html><title>خبر</title><p>Two convoys crossed the bridge.</p></html>".encode()
NOW = datetime(2026, 11, 22, 23, 59, 58, 123456, tzinfo=UTC)


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment


def make_response(number: int = 1, *, body: bytes = PAGE, size: int = 0) -> RawResponse:
    """A gzipped page, as a server sends it; ``size`` adds bytes that do not compress."""
    return RawResponse(
        requested_url=f"https://news.example/?p={number}",
        final_url=f"https://news.example/{number}/?a=b",
        http_status=200,
        reason_phrase="OK",
        headers=(
            (b"Content-Type", b"text/html; charset=utf-8"),
            (b"content-encoding", b"gzip"),
            (b"Transfer-Encoding", b"chunked"),
            (b"X-Note", "é and ب".encode()),
            (b"Set-Cookie", b"a=1"),
            (b"Set-Cookie", b"b=2"),
        ),
        raw_body=gzip.compress(body + os.urandom(size), mtime=0),
        fetched_at=NOW,
        request_headers=((b"Host", b"news.example"), (b"User-Agent", b"wirewatch/0")),
    )


def read(archive: Archive, location: Location) -> bytes:
    """The body at a location."""
    return read_response(archive.folder, location.warc_file, location.warc_offset, max_body_bytes=1_000_000).body


def test_a_response_comes_back_as_it_went_in(tmp_path: Path) -> None:
    """Status, headers in their order and spelling, body, times and both URLs."""
    response = make_response()
    with Archive(tmp_path, now=at(NOW)) as archive:
        location = archive.append(response)
        back = read_response(tmp_path, location.warc_file, location.warc_offset, max_body_bytes=1_000_000)
    assert back.capture_id == location.capture_id == str(uuid.UUID(location.capture_id))
    assert (back.requested_url, back.target_url) == (response.requested_url, response.final_url)
    assert (back.http_status, back.reason_phrase, back.fetched_at) == (200, "OK", NOW)
    assert back.body == PAGE
    assert back.raw_body == response.raw_body
    assert back.headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("content-encoding", "gzip"),
        ("X-Crawl-Transfer-Encoding", "chunked"),
        ("X-Note", "é and ب"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )


def test_another_reader_reads_it_and_its_digests_hold(tmp_path: Path) -> None:
    """It finds a warcinfo, then response and request, a gzip member each, with right block and payload digests."""
    with Archive(tmp_path, now=at(NOW)) as archive:
        locations = [archive.append(make_response(number)) for number in range(3)]
    path = tmp_path / locations[0].warc_file
    found: list[tuple[str, int]] = []
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            assert record.rec_headers.protocol == "WARC/1.1"
            assert record.rec_headers.get_header("WARC-Block-Digest")
            if record.rec_type == "response":
                assert record.rec_headers.get_header("WARC-Date") == "2026-11-22T23:59:58.123456Z"
                assert record.content_stream().read() == PAGE
                response_id = record.rec_headers.get_header("WARC-Record-ID")
            elif record.rec_type == "request":
                assert record.rec_headers.get_header("WARC-Concurrent-To") == response_id
                assert record.http_headers.to_str().startswith("GET ")
            found.append((record.rec_type, records.get_record_offset()))
    assert [kind for kind, _ in found] == ["warcinfo", *["response", "request"] * 3]
    assert [offset for kind, offset in found if kind == "response"] == [place.warc_offset for place in locations]


def test_files_are_named_by_time_and_process_and_rolled_by_size(tmp_path: Path) -> None:
    """A file is closed when it has grown to the size; each starts with its warcinfo, below year and month."""
    with Archive(tmp_path, roll_bytes=5_000, now=at(NOW)) as archive:
        locations = [archive.append(make_response(number, size=3_000)) for number in range(5)]
        bodies = [read(archive, location) for location in locations]
    files = list(dict.fromkeys(location.warc_file for location in locations))
    assert files == [f"2026/11/wirewatch-20261122235958-{os.getpid()}-{serial:05}.warc.gz" for serial in (1, 2, 3)]
    assert all(body.startswith(PAGE) for body in bodies)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.gz")) == files


def test_two_archives_never_share_a_file(tmp_path: Path) -> None:
    """Not even in one process and one second, and never a file that was there before."""
    with Archive(tmp_path, now=at(NOW)) as one, Archive(tmp_path, now=at(NOW)) as other:
        places = [one.append(make_response()), other.append(make_response())]
    with Archive(tmp_path, now=at(NOW)) as later:
        places.append(later.append(make_response()))
    assert len({place.warc_file for place in places}) == 3


def test_an_archive_that_took_nothing_leaves_no_file(tmp_path: Path) -> None:
    """A run that finds nothing new does not litter."""
    with Archive(tmp_path / "archive", now=at(NOW)):
        pass
    assert list(tmp_path.iterdir()) == []


def test_threads_may_append_side_by_side(tmp_path: Path) -> None:
    """Every offset is the right one."""
    places: dict[int, Location] = {}
    with Archive(tmp_path, roll_bytes=20_000, now=at(NOW)) as archive:

        def append(start: int) -> None:
            for number in range(start, 60, 4):
                places[number] = archive.append(make_response(number, size=500))

        threads = [threading.Thread(target=append, args=(start,)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for number, place in places.items():
        back = read_response(tmp_path, place.warc_file, place.warc_offset, max_body_bytes=1_000_000)
        assert back.target_url == f"https://news.example/{number}/?a=b"
    assert len(places) == 60


def test_a_response_archived_before_keeps_its_id(tmp_path: Path) -> None:
    """The capture's id is the record's."""
    given_id = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
    response = RawResponse(
        requested_url="https://news.example/1",
        final_url="https://news.example/1",
        http_status=404,
        headers=(),
        raw_body=b"",
        fetched_at=NOW,
        capture_id=given_id,
    )
    with Archive(tmp_path, now=at(NOW)) as archive:
        location = archive.append(response)
    [back] = iter_responses(tmp_path / location.warc_file)
    assert back.capture_id == location.capture_id == given_id  # type: ignore[union-attr]  # a broken record has none


class FullDisk:
    """A file that takes half of a record."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("ab", buffering=0)

    def write(self, data: memoryview) -> int:
        """Write half, then fail."""
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return self.file.write(data[: len(data) // 2])

    def fileno(self) -> int:
        """The file's number."""
        return self.file.fileno()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def test_a_failed_write_spoils_neither_what_was_nor_what_comes(tmp_path: Path) -> None:
    """The half record is left at the end of a file that nobody appends to; the next record starts another."""
    with Archive(tmp_path, now=at(NOW)) as archive:
        before = archive.append(make_response(1))
        assert archive._file is not None
        archive._file.close()
        archive._file = FullDisk(tmp_path / before.warc_file)  # type: ignore[assignment]  # what of a file is used
        with pytest.raises(ArchiveError, match="No space left"):
            archive.append(make_response(2))
        after = archive.append(make_response(3))
        assert after.warc_file != before.warc_file
        assert read(archive, before) == read(archive, after) == PAGE


def test_a_folder_that_cannot_be_made_is_an_archive_error(tmp_path: Path) -> None:
    """The error names the folder."""
    (tmp_path / "archive").write_text("in the way")
    with Archive(tmp_path / "archive", now=at(NOW)) as archive, pytest.raises(ArchiveError, match="archive"):
        archive.append(make_response())


def append_forever(folder: Path, report: Callable[[Location], None]) -> None:
    """Append until killed, and report each location after it was given."""
    archive = Archive(folder)
    while True:
        report(archive.append(make_response(size=20_000)))


def test_what_was_reported_before_kill_9_can_be_read(tmp_path: Path) -> None:
    """A process dies at its work; every location that it gave out holds, and its file can be gone through."""
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=append_forever, args=(tmp_path, queue.put))
    process.start()
    places: list[Location] = [queue.get() for _ in range(20)]
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    for place in places:
        assert read_response(tmp_path, place.warc_file, place.warc_offset, max_body_bytes=1_000_000).body
    found = list(iter_responses(tmp_path / places[0].warc_file))
    assert len(found) >= 20


def test_fsync_can_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record at a time, or once a batch by ``sync``."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with Archive(tmp_path, now=at(NOW)) as archive:
        archive.append(make_response())
        assert synced == []
        archive.sync()
        assert len(synced) == 1
    with Archive(tmp_path, now=at(NOW), fsync=True) as archive:
        synced.clear()
        archive.append(make_response())
        assert synced
