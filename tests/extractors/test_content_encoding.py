"""Bodies are decoded within their bound, completely or not at all."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.content_encoding import MAX_MEMBERS, decode_body
from extractors.errors import BodyError, Reason

PAGE = "<p>Shelling north of the river; no casualties — لا ضحايا</p>".encode() * 40


def raw_deflate(data: bytes) -> bytes:
    """Deflate without zlib's header, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODED = {
    "no header": (None, PAGE),
    "identity": ("identity", PAGE),
    "gzip": ("gzip", gzip.compress(PAGE)),
    "x-gzip in capitals": ("X-GZIP", gzip.compress(PAGE)),
    "zlib": ("deflate", zlib.compress(PAGE)),
    "raw deflate": ("deflate", raw_deflate(PAGE)),
    "gzip that calls itself deflate": ("deflate", gzip.compress(PAGE)),
    "two members": ("gzip", gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
    "padding after the end": ("gzip", gzip.compress(PAGE) + bytes(700)),
    "two layers": ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
    "empty body": ("gzip", b""),
}


@pytest.mark.parametrize("size", [1, 2, 7, 100_000])
@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED.keys())
def test_decodes_whatever_the_size_of_the_pieces(encoding: str | None, body: bytes, size: int) -> None:
    """The network may cut a body anywhere, inside a gzip header too."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    assert decode_body(pieces, encoding, max_bytes=len(PAGE)) == (PAGE if body else b"")


REFUSED = {
    "one byte too many, plain": (None, PAGE + b"!", Reason.TOO_LARGE),
    "one byte too many, gzip": ("gzip", gzip.compress(PAGE + b"!"), Reason.TOO_LARGE),
    "too many in a second member": ("gzip", gzip.compress(PAGE) + gzip.compress(b"!"), Reason.TOO_LARGE),
    "too many in the inner layer": ("gzip, gzip", gzip.compress(gzip.compress(PAGE + b"!")), Reason.TOO_LARGE),
    "cut gzip": ("gzip", gzip.compress(PAGE)[:-1], Reason.TRUNCATED_BODY),
    "cut raw deflate": ("deflate", raw_deflate(PAGE)[:-2], Reason.TRUNCATED_BODY),
    "cut in the second member": ("gzip", gzip.compress(b"a") + gzip.compress(b"b")[:-3], Reason.TRUNCATED_BODY),
    "text that calls itself gzip": ("gzip", PAGE, Reason.BAD_ENCODING),
    "text that calls itself deflate": ("deflate", PAGE, Reason.BAD_ENCODING),
    "wrong checksum": ("gzip", gzip.compress(PAGE)[:-8] + bytes(8), Reason.BAD_ENCODING),
    "brotli": ("br", PAGE, Reason.BAD_ENCODING),
    "three layers": ("gzip, gzip, gzip", PAGE, Reason.BAD_ENCODING),
    "members without end": ("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1), Reason.BAD_ENCODING),
}


@pytest.mark.parametrize(("encoding", "body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_with_a_reason(encoding: str | None, body: bytes, reason: Reason) -> None:
    """Each way to be wrong has its reason."""
    with pytest.raises(BodyError) as caught:
        decode_body([body], encoding, max_bytes=len(PAGE))
    assert caught.value.reason == reason


def test_a_bomb_does_not_fill_the_memory() -> None:
    """200 MB of zeros in 200 KB are given up at the bound, not after it."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    pieces = [bomb[at : at + 65_536] for at in range(0, len(bomb), 65_536)]
    tracemalloc.start()
    try:
        with pytest.raises(BodyError) as caught:
            decode_body(pieces, "gzip", max_bytes=1_000_000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.reason == Reason.TOO_LARGE
    assert peak_bytes < 8_000_000


@given(body=st.binary(max_size=2_000), encoding=st.sampled_from([None, "gzip", "deflate", "gzip, deflate", "br"]))
def test_anybodys_bytes_end_in_content_or_a_reason(body: bytes, encoding: str | None) -> None:
    """Nothing but ``BodyError`` comes out, and never more than the bound."""
    with contextlib.suppress(BodyError):
        assert len(decode_body([body[:50], body[50:]], encoding, max_bytes=1_000)) <= 1_000


@given(body=st.binary(max_size=5_000), cut=st.integers(1, 5_000), flavor=st.sampled_from(["gzip", "zlib", "raw"]))
def test_round_trip(body: bytes, cut: int, flavor: str) -> None:
    """What was compressed comes back, wherever the network cut it."""
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "zlib": zlib.compress,
        "raw": raw_deflate,
    }
    packed = pack[flavor](body)
    encoding = "gzip" if flavor == "gzip" else "deflate"
    assert decode_body([packed[:cut], packed[cut:]], encoding, max_bytes=5_000) == body
