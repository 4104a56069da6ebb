"""Turns an encoded HTTP body into its content without ever holding more than a bound, after RFC 9110 section 8.4."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from extractors.errors import BodyError, Reason

GZIP_OR_ZLIB = 47  # zlib's window bits for "look at the header: gzip or zlib"
RAW_DEFLATE = -15
GZIP_MAGIC = b"\x1f\x8b"
MAX_LAYERS = 2
MAX_MEMBERS = 1_000  # real servers send one; each costs as much as a small page
MAX_KEPT_BYTES = 1_024
PLAIN = frozenset({"", "identity", "none", "utf-8"})
"""Codings that change nothing; the last two are no codings at all, but are seen on servers."""


class Inflater:
    """Undoes one layer of gzip, zlib or raw deflate, a chunk at a time.

    Args:
        max_bytes: Most bytes that may come out; one more is ``too_large``.
        may_be_raw: Whether to try raw deflate where the zlib header is missing, as some servers send it.
    """

    def __init__(self, *, max_bytes: int, may_be_raw: bool) -> None:
        self.max_bytes = max_bytes
        self.is_complete = False
        self._may_be_raw = may_be_raw
        self._produced_bytes = 0
        self._stream = zlib.decompressobj(GZIP_OR_ZLIB)
        self._member_count = 1
        self._has_padding = False
        self._kept = b""  # what must be seen again: before the first output, or half of a member's magic

    def feed(self, chunk: bytes) -> bytes:
        """Decode the next encoded bytes.

        Raises:
            BodyError: ``too_large`` or ``bad_encoding``.
        """
        out = bytearray()
        pending = chunk
        while pending:
            if self.is_complete:
                pending = self._next_member(pending)
                if not pending:
                    break
            out += self._inflate(pending, self.max_bytes - self._produced_bytes - len(out) + 1)
            if self._produced_bytes + len(out) > self.max_bytes:
                raise BodyError(Reason.TOO_LARGE, f"decodes to more than {self.max_bytes} bytes")
            self.is_complete = self._stream.eof
            pending = self._stream.unused_data if self.is_complete else self._stream.unconsumed_tail
        self._produced_bytes += len(out)
        return bytes(out)

    def finish(self) -> None:
        """Check that the encoded body ended where its own format says that it ends.

        Raises:
            BodyError: ``truncated_body``.
        """
        if not self.is_complete:
            raise BodyError(Reason.TRUNCATED_BODY, "the compressed body ends before its end mark")

    def _next_member(self, pending: bytes) -> bytes:
        """Start on a further gzip member; returns what to feed it, or nothing where padding follows."""
        pending = self._kept + pending
        self._kept = pending if GZIP_MAGIC.startswith(pending) and len(pending) < len(GZIP_MAGIC) else b""
        if self._has_padding or self._kept:
            return b""
        if not pending.startswith(GZIP_MAGIC):
            self._has_padding = True  # browsers ignore what follows the last member, and so do we
            return b""
        self._member_count += 1
        if self._member_count > MAX_MEMBERS:
            raise BodyError(Reason.BAD_ENCODING, f"has more than {MAX_MEMBERS} gzip members")
        self._stream = zlib.decompressobj(GZIP_OR_ZLIB)
        self.is_complete = False
        return pending

    def _inflate(self, data: bytes, max_length: int) -> bytes:
        """Inflate with what zlib takes the data for, and as raw deflate where it takes it for nothing."""
        try:
            out = self._stream.decompress(data, max_length)
        except zlib.error as error:
            if not self._may_be_raw:
                raise BodyError(Reason.BAD_ENCODING, f"does not inflate: {error}") from None
            self._may_be_raw = False
            self._stream = zlib.decompressobj(RAW_DEFLATE)
            seen_again, self._kept = self._kept + data, b""
            return self._inflate(seen_again, max_length)
        if self._may_be_raw:
            self._may_be_raw = not out and not self._stream.eof and len(self._kept) < MAX_KEPT_BYTES
            self._kept = self._kept + data if self._may_be_raw else b""
        return out


class BodyDecoder:
    """Undoes a body's ``Content-Encoding``, a chunk at a time and within bounds.

    Args:
        content_encoding: The header's value; ``None`` or empty for none.
        max_bytes: Most bytes that the content may have.

    Raises:
        BodyError: ``bad_encoding`` for a coding that was never announced (br, zstd) or is not known.
    """

    def __init__(self, content_encoding: str | None, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._plain_bytes = 0
        codings = [coding for coding in codings_in(content_encoding) if coding not in PLAIN]
        if len(codings) > MAX_LAYERS:
            raise BodyError(Reason.BAD_ENCODING, f"has {len(codings)} layers of Content-Encoding")
        self._layers = [Inflater(max_bytes=max_bytes, may_be_raw=is_deflate(coding)) for coding in reversed(codings)]

    def feed(self, chunk: bytes) -> bytes:
        """Decode the next bytes of the body.

        Raises:
            BodyError: ``too_large`` or ``bad_encoding``.
        """
        for layer in self._layers:
            chunk = layer.feed(chunk)
        if not self._layers:
            self._plain_bytes += len(chunk)
            if self._plain_bytes > self.max_bytes:
                raise BodyError(Reason.TOO_LARGE, f"is larger than {self.max_bytes} bytes")
        return chunk

    def finish(self, *, is_empty: bool) -> None:
        """Check that every layer has ended.

        Args:
            is_empty: Whether not one byte was fed: an empty body is no truncated one, whatever its header says.

        Raises:
            BodyError: ``truncated_body``.
        """
        if not is_empty:
            for layer in self._layers:
                layer.finish()


def codings_in(content_encoding: str | None) -> list[str]:
    """The codings of a header's value, in the order in which they were applied."""
    return [coding.strip().lower() for coding in (content_encoding or "").split(",")]


def is_deflate(coding: str) -> bool:
    """Tell deflate from gzip.

    Raises:
        BodyError: ``bad_encoding`` for any other coding.
    """
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise BodyError(Reason.BAD_ENCODING, f"Content-Encoding {coding[:40]!r} was not asked for")
    return coding == "deflate"


def decode_body(chunks: Iterable[bytes], content_encoding: str | None, *, max_bytes: int) -> bytes:
    """Decode a whole body.

    Args:
        chunks: The encoded body, in pieces of any size.
        content_encoding: The header's value; ``None`` or empty for none.
        max_bytes: Most bytes that the content may have.

    Raises:
        BodyError: ``too_large``, ``bad_encoding`` or ``truncated_body``.
    """
    decoder = BodyDecoder(content_encoding, max_bytes=max_bytes)
    content = bytearray()
    fed_bytes = 0
    for chunk in chunks:
        fed_bytes += len(chunk)
        content += decoder.feed(chunk)
    decoder.finish(is_empty=fed_bytes == 0)
    return bytes(content)
