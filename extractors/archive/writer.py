"""Turns responses into WARC 1.1 files, one gzip member a record, flushed before the capture counts.

Each archive object writes files of its own: a process that was killed leaves at most one half-written record at the end
of a file that nobody appends to, and every offset before it stays good.
"""

from __future__ import annotations

import fcntl
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from extractors.archive.exchange import Location, Note, RawResponse
from extractors.archive.warc_records import (
    compress,
    note_record,
    request_record,
    resource_record,
    response_record,
    warcinfo_record,
)
from extractors.errors import ArchiveError

DEFAULT_ROLL_BYTES = 200_000_000


class Archive:
    """Appends responses to WARC files below a folder; safe to use from several threads.

    Args:
        folder: ``home/archive``; files go to ``YYYY/MM/`` below it.
        roll_bytes: A file that has grown to this is closed, and the next record starts another.
        now: Aware wall-clock time, for names and folders.
        fsync: Whether each record waits for the disk. Without it a record survives the death of the process at once,
            and that of the machine after ``sync``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        roll_bytes: int = DEFAULT_ROLL_BYTES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        fsync: bool = False,
    ) -> None:
        self.folder = folder
        self.roll_bytes = roll_bytes
        self.fsync = fsync
        self._now = now
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._warc_file = ""
        self._size_bytes = 0
        self._serial = 0
        self._preface: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, response: RawResponse) -> Location:
        """Write one response, and its request where it is known, and hand both to the operating system.

        Returns:
            Where the response's record starts; it can be read back from there at once.

        Raises:
            ArchiveError: The disk took less than the whole record; the file is left behind and the next record starts
                another.
        """
        capture_id = response.capture_id or str(uuid.uuid4())
        data = compress((resource_record if response.is_resource else response_record)(response, capture_id))
        if response.request_headers:
            data += compress(request_record(response, capture_id))
        with self._lock:
            if self._file is None or self._size_bytes >= self.roll_bytes:
                self._open_next()
            offset = self._size_bytes
            self._write(data)
            return Location(capture_id=capture_id, warc_file=self._warc_file, warc_offset=offset)

    @property
    def has_written(self) -> bool:
        """Whether anything was written; who only looks leaves no file."""
        return self._warc_file != ""

    def note(self, note: Note) -> None:
        """Write what was made of responses, or what there is to know of what none tells, beside them.

        Raises:
            ArchiveError: The disk took less than the whole record.
        """
        data = compress(note_record(note))
        with self._lock:
            if self._file is None or self._size_bytes >= self.roll_bytes:
                self._open_next()
            self._write(data)

    def introduce(self, notes: Sequence[Note]) -> None:
        """Let every file that is begun from now on start with these notes, and the file that is open have them too."""
        with self._lock:
            added = [compress(note_record(note)) for note in notes]
            self._preface += added
            if self._file is not None:
                self._write(b"".join(added))

    def sync(self) -> None:
        """Wait until everything that was appended is on the disk; once before each batch of rows that name it.

        Raises:
            ArchiveError: The disk reports an error.
        """
        with self._lock:
            if self._file is not None:
                try:
                    os.fsync(self._file.fileno())
                except OSError as error:
                    raise ArchiveError(self._warc_file, self._size_bytes, str(error)) from error

    def close(self) -> None:
        """Sync and close the file; a later append starts another."""
        try:
            self.sync()
        finally:
            with self._lock:
                self._drop()

    def _open_next(self) -> None:
        """Start a file that nobody has written to, with a ``warcinfo`` record at its head."""
        self._drop()
        moment = self._now().astimezone(UTC)
        folder = self.folder / f"{moment:%Y}" / f"{moment:%m}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._create(folder, moment)
        except OSError as error:
            raise ArchiveError(str(folder), -1, f"no file can be made here: {error.strerror}") from error
        self._size_bytes = 0
        self._write(b"".join([compress(warcinfo_record(self._warc_file, moment)), *self._preface]))

    def _create(self, folder: Path, moment: datetime) -> BinaryIO:
        while True:
            self._serial += 1
            path = folder / f"wirewatch-{moment:%Y%m%d%H%M%S}-{os.getpid()}-{self._serial:05}.warc.gz"
            try:
                file = path.open("xb", buffering=0)
            except FileExistsError:  # another archive object of this process, or an earlier process of this number
                continue
            # Held until the file is closed or the process ends: who rewrites files leaves this one alone.
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._warc_file = path.relative_to(self.folder).as_posix()
            return file

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        offset = self._size_bytes
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            if self.fsync:
                os.fsync(self._file.fileno())
        except OSError as error:
            self._drop()
            raise ArchiveError(self._warc_file, offset, f"cannot be written: {error.strerror}") from error
        self._size_bytes += len(data)

    def _drop(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
