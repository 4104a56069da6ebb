"""Turns a WARC file, gzipped by record, gzipped as a whole or plain, into bytes, inflated as they are asked for."""

from __future__ import annotations

import zlib
from typing import BinaryIO

READ_BYTES = 65_536
INFLATE_BYTES = 262_144
GZIP_HEAD = b"\x1f\x8b\x08"
RECORD_HEAD = b"WARC/"


class DamagedError(Exception):
    """The bytes at hand are no whole record; stays inside this package."""


class Member:
    """The bytes of one gzip member, or of a plain file from some place on.

    Args:
        file: Open for reading; nobody else moves it meanwhile.
        offset: Where the member starts.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self.offset = offset
        self.position = 0
        self._file = file
        file.seek(offset)
        head = file.read(len(GZIP_HEAD))
        file.seek(offset)
        self.is_gzip = head == GZIP_HEAD
        self._inflater = zlib.decompressobj(31) if self.is_gzip else None
        self._pending = b""
        self._buffer = b""
        self._at = 0
        self._ended = False
        self.end_offset: int | None = None

    def at_end(self) -> bool:
        """Whether everything has been read; for gzip, this is where its checksum is checked."""
        return self._at >= len(self._buffer) and not self._fill()

    def read(self, size: int) -> bytes:
        """Read up to a number of bytes; fewer only at the end."""
        parts = []
        while size > 0 and not self.at_end():
            part = self._buffer[self._at : self._at + size]
            self._advance(len(part))
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Read past bytes without keeping them; returns how many there were."""
        skipped = 0
        while skipped < size and not self.at_end():
            step = min(size - skipped, len(self._buffer) - self._at)
            self._advance(step)
            skipped += step
        return skipped

    def read_line(self, limit: int) -> bytes:
        """Read up to and with a line feed, at most ``limit`` bytes.

        Raises:
            DamagedError: The line is longer.
        """
        parts: list[bytes] = []
        length = 0
        while not self.at_end():
            stop = self._buffer.find(b"\n", self._at)
            part = self._buffer[self._at : len(self._buffer) if stop < 0 else stop + 1]
            self._advance(len(part))
            length += len(part)
            if length > limit:
                raise DamagedError(f"a line is longer than {limit} bytes")
            parts.append(part)
            if stop >= 0:
                break
        return b"".join(parts)

    def _advance(self, count: int) -> None:
        self._at += count
        self.position += count

    def _fill(self) -> bool:
        """Get more bytes into the buffer, which is used up; returns whether there were any."""
        self._buffer, self._at = b"", 0
        while not self._buffer and not self._ended:
            raw = self._pending or self._file.read(READ_BYTES)
            if self._inflater is None:
                self._buffer = raw
                self._ended = not raw
                self.end_offset = self._file.tell() if self._ended else None
            else:
                self._inflate(raw, self._inflater)
        return bool(self._buffer)

    def _inflate(self, raw: bytes, inflater: zlib._Decompress) -> None:
        if not raw:
            raise DamagedError("the file ends in the middle of a record")
        try:
            self._buffer = inflater.decompress(raw, INFLATE_BYTES)
        except zlib.error as error:
            raise DamagedError(f"does not inflate: {error}") from None
        self._pending = inflater.unconsumed_tail
        if inflater.eof:
            self._ended = True
            self.end_offset = self._file.tell() - len(inflater.unused_data)


def find_next_member(file: BinaryIO, offset: int) -> int:
    """Where the next gzip member starts that holds a WARC record, at or after an offset; else the end of the file.

    So one damaged record costs one record and not the rest of its file.
    """
    file.seek(offset)
    window = b""
    start = offset
    while chunk := file.read(1 << 20):
        window += chunk
        at = window.find(GZIP_HEAD)
        while at >= 0:
            if starts_record(file, start + at):
                return start + at
            at = window.find(GZIP_HEAD, at + 1)
        keep = min(len(window), len(GZIP_HEAD) - 1)
        start += len(window) - keep
        window = window[-keep:]
        file.seek(start + keep)
    return file.tell()


def starts_record(file: BinaryIO, offset: int) -> bool:
    """Whether a gzip member at an offset inflates to the first bytes of a WARC record."""
    try:
        return Member(file, offset).read(len(RECORD_HEAD)) == RECORD_HEAD
    except DamagedError:
        return False
