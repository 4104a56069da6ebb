"""WARC files are read back whoever wrote them, and what cannot be read is a broken record, not a gap."""

from __future__ import annotations

import gzip
import uuid
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.archive import (
    Archive,
    ArchivedResponse,
    BrokenRecord,
    RawResponse,
    copy_response,
    iter_responses,
    read_response,
)
from extractors.archive.messages import without_chunks
from extractors.errors import ArchiveError, Reason

PAGE = b"<html><p>The crossing was closed on Sunday.</p></html>"
DATE = "2020-05-06T07:08:09Z"


def record(
    number: int = 1,
    *,
    block: bytes | None = None,
    kind: str = "response",
    extra: str = "",
    date: str = DATE,
    record_id: str | None = None,
    uri: str | None = None,
) -> bytes:
    """One WARC record, written by hand so that it can be wrong."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE if block is None else block
    record_id = f"<urn:uuid:{uuid.UUID(int=number)}>" if record_id is None else record_id
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {record_id}\r\nWARC-Date: {date}\r\n"
        f"WARC-Target-URI: {uri or f'https://news.example/{number}'}\r\n"
        f"Content-Type: application/http; msgtype=response\r\n{extra}Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read_all(tmp_path: Path, data: bytes, *, max_body_bytes: int = 1_000_000) -> list[ArchivedResponse | BrokenRecord]:
    """What a file of these bytes holds."""
    path = tmp_path / "any.warc"
    path.write_bytes(data)
    return list(iter_responses(path, max_body_bytes=max_body_bytes))


def urls(found: list[ArchivedResponse | BrokenRecord]) -> list[str | None]:
    """Targets of the responses; ``None`` for a broken record."""
    return [item.target_url if isinstance(item, ArchivedResponse) else None for item in found]


RECORDS = [record(1), record(2, kind="request"), record(3), record(4, kind="metadata", block=b"x: y"), record(5)]
WANTED = ["https://news.example/1", "https://news.example/3", "https://news.example/5"]
WAYS = {
    "gzipped by record": b"".join(map(gzip.compress, RECORDS)),
    "gzipped as a whole": gzip.compress(b"".join(RECORDS)),
    "plain": b"".join(RECORDS),
    "gzipped by record, padded": b"".join(map(gzip.compress, RECORDS)) + bytes(1_000),
}


@pytest.mark.parametrize("data", WAYS.values(), ids=WAYS.keys())
def test_each_way_to_keep_records(tmp_path: Path, data: bytes) -> None:
    """Only responses come out, in their order, with id, time and body."""
    found = read_all(tmp_path, data)
    assert urls(found) == WANTED
    first = found[0]
    assert isinstance(first, ArchivedResponse)
    assert first.capture_id == str(uuid.UUID(int=1))
    assert first.fetched_at == datetime(2020, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (first.http_status, first.reason_phrase, first.body) == (200, "OK", PAGE)
    assert first.header("content-TYPE") == "text/html"


def test_offsets_are_those_of_the_records(tmp_path: Path) -> None:
    """In a file gzipped by record, and in a plain one, each response can be found again."""
    for data in (WAYS["gzipped by record"], WAYS["plain"]):
        for item in read_all(tmp_path, data):
            back = read_response(tmp_path, "any.warc", item.warc_offset, max_body_bytes=1_000_000)
            assert back == item


def test_files_by_warcio_are_read(tmp_path: Path) -> None:
    """The most used writer, with compression of its own."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    writer.write_record(
        writer.create_warc_record(
            "https://news.example/1", "response", payload=BytesIO(PAGE), length=len(PAGE), http_headers=headers
        )
    )
    [item] = read_all(tmp_path, out.getvalue())
    assert isinstance(item, ArchivedResponse)
    assert item.body == PAGE


def message(headers: str, body: bytes) -> bytes:
    """A block with these headers."""
    return b"HTTP/1.1 200 OK\r\n" + headers.encode() + b"\r\n" + body


CHUNKED = b"5;x=y\r\n<html\r\n3\r\n><p\r\n0\r\n\r\n"
BODIES = {
    "encoded": (message("Content-Encoding: gzip\r\n", gzip.compress(PAGE)), PAGE),
    "decoded by its writer, header kept": (message("Content-Encoding: gzip\r\n", PAGE), PAGE),
    "decoded from brotli by its writer": (message("Content-Encoding: br\r\n", PAGE), PAGE),
    "chunked": (message("Transfer-Encoding: chunked\r\n", CHUNKED), b"<html><p"),
    "chunks undone by its writer, header kept": (message("Transfer-Encoding: chunked\r\n", PAGE), PAGE),
    "chunked and encoded": (
        message(
            "Transfer-Encoding: chunked\r\nContent-Encoding: deflate\r\n",
            f"{len(zlib.compress(PAGE)):x}\r\n".encode() + zlib.compress(PAGE) + b"\r\n0\r\n\r\n",
        ),
        PAGE,
    ),
    "line feeds only": (b"HTTP/1.0 200\nContent-Type: text/html\n\n" + PAGE, PAGE),
    "HTTP/2, as browsers write it": (b"HTTP/2 200\r\n\r\n" + PAGE, PAGE),
    "no body": (b"HTTP/1.1 404 Not Found\r\n\r\n", b""),
    "folded header": (message("X-Long: a\r\n  b\r\n", PAGE), PAGE),
}


@pytest.mark.parametrize(("block", "body"), BODIES.values(), ids=BODIES.keys())
def test_bodies_as_writers_keep_them(tmp_path: Path, block: bytes, body: bytes) -> None:
    """Transfer codings and content codings are undone where they are there, whatever the headers say."""
    [item] = read_all(tmp_path, record(block=block))
    assert isinstance(item, ArchivedResponse)
    assert item.body == body


BROKEN = {
    "no status line": (record(block=b"<html>" + PAGE), Reason.ARCHIVE_ERROR),
    "empty block": (record(block=b""), Reason.ARCHIVE_ERROR),
    "status is no number": (record(block=b"HTTP/1.1 OK\r\n\r\n"), Reason.ARCHIVE_ERROR),
    "no date": (record(date="nanT12:00:00Z"), Reason.ARCHIVE_ERROR),
    "no such day": (record(date="2022-02-30T12:00:00Z"), Reason.ARCHIVE_ERROR),
    "no id": (record(record_id=" "), Reason.ARCHIVE_ERROR),
    "cut gzip body": (
        record(block=message("Content-Encoding: gzip\r\n", gzip.compress(PAGE)[:-9])),
        Reason.TRUNCATED_BODY,
    ),
    "brotli": (record(block=message("Content-Encoding: br\r\n", b"\x8b\x07\x80")), Reason.BAD_ENCODING),
    "bomb": (record(block=message("Content-Encoding: gzip\r\n", gzip.compress(bytes(2_000_000)))), Reason.TOO_LARGE),
    "long record": (record(block=message("", b"x" * 2_000_000)), Reason.TOO_LARGE),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_response_that_cannot_be_read_is_reported(tmp_path: Path, data: bytes, reason: Reason) -> None:
    """With its reason and its target, and the records around it come out."""
    for pack in (bytes, gzip.compress):
        found = read_all(tmp_path, pack(record(8)) + pack(data) + pack(record(9)))
        assert urls(found) == ["https://news.example/8", None, "https://news.example/9"]
        item = found[1]
        assert isinstance(item, BrokenRecord)
        assert (item.reason, item.target_url) == (reason, "https://news.example/1")
        assert item.detail


@pytest.mark.parametrize(
    ("date", "block", "expected"),
    [
        ("2022-11-1T12:00:00Z", None, datetime(2022, 11, 1, 12, tzinfo=UTC)),
        ("2022-11-01T12:00:00.5Z", None, datetime(2022, 11, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2022-11-01T12:00:00.123456789Z", None, datetime(2022, 11, 1, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("?", message("Date: Tue, 01 Nov 2022 12:00:00 GMT\r\n", PAGE), datetime(2022, 11, 1, 12, tzinfo=UTC)),
    ],
)
def test_dates_as_writers_write_them(tmp_path: Path, date: str, block: bytes | None, expected: datetime) -> None:
    """Missing zeros, fractions of any length, and the response's own date where the record's is none."""
    [item] = read_all(tmp_path, record(date=date, block=block))
    assert isinstance(item, ArchivedResponse)
    assert item.fetched_at == expected


def test_records_that_are_no_http_responses_are_passed_over(tmp_path: Path) -> None:
    """A DNS answer is a response too."""
    assert read_all(tmp_path, record(uri="dns:news.example", block=b"20200506 news.example. A 192.0.2.1")) == []


@pytest.mark.parametrize(("packed", "kind"), [(False, "text/html"), (True, "application/gzip")])
def test_a_resource_is_the_file_that_it_holds(tmp_path: Path, packed: bool, kind: str) -> None:
    """A saved page is kept byte for byte, under the type of its file, and read back decoded."""
    raw_body = gzip.compress(PAGE) if packed else PAGE
    header = (b"Content-Encoding", b"gzip") if packed else (b"Content-Type", b"text/html")
    saved = RawResponse(
        requested_url="https://news.example/1",
        final_url="https://news.example/1",
        http_status=200,
        headers=(header,),
        raw_body=raw_body,
        fetched_at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
        is_resource=True,
    )
    with Archive(tmp_path) as archive:
        location = archive.append(saved)
    path = tmp_path / location.warc_file
    assert f"Content-Type: {kind}\r\n".encode() in gzip.decompress(path.read_bytes())
    assert b"HTTP/1.1 200" not in gzip.decompress(path.read_bytes())
    found = read_response(tmp_path, location.warc_file, location.warc_offset)
    assert (found.is_resource, found.body, found.raw_body) == (True, PAGE, raw_body)
    assert (found.http_status, found.fetched_at, found.capture_id) == (200, saved.fetched_at, location.capture_id)
    assert list(iter_responses(path)) == [found]


def test_ids_that_are_no_uuid_give_the_same_id_again(tmp_path: Path) -> None:
    """A second backfill of the same file must recognize it; angle brackets around a target are no part of it."""
    data = record(record_id="<https://archive.example/record/7>", uri="<https://news.example/7>")
    [one], [two] = read_all(tmp_path, data), read_all(tmp_path, data)
    assert isinstance(one, ArchivedResponse)
    assert isinstance(two, ArchivedResponse)
    assert one.capture_id == two.capture_id == str(uuid.UUID(one.capture_id))
    assert one.target_url == "https://news.example/7"


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_damaged_tail_is_reported_and_spoils_nothing_before_it(tmp_path: Path, cut: int) -> None:
    """As after kill -9, a full disk or a broken download."""
    for pack in (bytes, gzip.compress):
        found = read_all(tmp_path, pack(record(1)) + pack(record(2))[: -cut - 4])
        assert urls(found[:1]) == ["https://news.example/1"]
        assert isinstance(found[-1], BrokenRecord)


def test_a_damaged_record_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    """In a file gzipped by record, reading goes on with the next member."""
    members = [gzip.compress(record(number)) for number in range(1, 6)]
    members[2] = members[2][:60] + b"\xff\x00\xff\x00" + members[2][64:]
    found = read_all(tmp_path, b"".join(members))
    assert urls(found) == [*(f"https://news.example/{number}" for number in (1, 2)), None, *WANTED_AFTER]
    assert found[2].warc_offset == len(members[0]) + len(members[1])


WANTED_AFTER = ["https://news.example/4", "https://news.example/5"]


@pytest.mark.parametrize("data", [b"<html>", b"PK\x03\x04", b"filedesc://x.arc 0.0.0.0"])
def test_what_is_no_warc_file_is_an_error(tmp_path: Path, data: bytes) -> None:
    """The operator named the wrong file."""
    with pytest.raises(ArchiveError, match="not a WARC file"):
        read_all(tmp_path, data)
    with pytest.raises(ArchiveError, match="No such file"):
        list(iter_responses(tmp_path / "missing.warc.gz"))


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    """And gzip that is no WARC is reported."""
    assert read_all(tmp_path, b"") == []
    [item] = read_all(tmp_path, gzip.compress(b"hello"))
    assert isinstance(item, BrokenRecord)


@pytest.mark.parametrize(
    "warc_file", ["../secret.warc.gz", "/etc/passwd", "", "a/../../secret.warc.gz", "link.warc.gz"]
)
def test_only_files_of_the_archive_are_read(tmp_path: Path, warc_file: str) -> None:
    """A row in the warehouse cannot make us read another file, through a symbolic link neither."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (tmp_path / "secret.warc.gz").write_bytes(gzip.compress(record()))
    (folder / "link.warc.gz").symlink_to(tmp_path / "secret.warc.gz")
    with pytest.raises(ArchiveError, match="not a file of the archive"):
        read_response(folder, warc_file, 0, max_body_bytes=1_000_000)


@pytest.mark.parametrize("offset", [-1, 1, 10_000_000])
def test_a_wrong_offset_is_an_archive_error(tmp_path: Path, offset: int) -> None:
    """Before, inside and after the records."""
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(record()))
    with pytest.raises(ArchiveError):
        read_response(tmp_path, "a.warc.gz", offset, max_body_bytes=1_000_000)


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    """Gzip's checksum speaks before the body is believed."""
    member = bytearray(gzip.compress(record(), compresslevel=0))
    member[-60] ^= 1
    (tmp_path / "a.warc.gz").write_bytes(bytes(member))
    with pytest.raises(ArchiveError):
        read_response(tmp_path, "a.warc.gz", 0, max_body_bytes=1_000_000)


def test_a_body_over_the_bound_is_an_archive_error(tmp_path: Path) -> None:
    """The bound holds for what is read back too."""
    data = record(block=message("Content-Encoding: gzip\r\n", gzip.compress(bytes(5_000))))
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(data))
    assert len(read_response(tmp_path, "a.warc.gz", 0, max_body_bytes=5_000).body) == 5_000
    with pytest.raises(ArchiveError, match="too_large"):
        read_response(tmp_path, "a.warc.gz", 0, max_body_bytes=4_999)


def test_a_copy_keeps_id_time_and_bytes(tmp_path: Path) -> None:
    """What a backfill takes over from another archive can be read from ours."""
    [item] = read_all(tmp_path, record(7, block=message("Content-Encoding: gzip\r\n", gzip.compress(PAGE))))
    assert isinstance(item, ArchivedResponse)
    with Archive(tmp_path / "ours") as archive:
        capture = copy_response(item, archive, outlet_id="news_example")
    back = read_response(tmp_path / "ours", capture.warc_file, capture.warc_offset, max_body_bytes=1_000_000)
    assert (back.body, back.headers, back.capture_id) == (PAGE, item.headers, item.capture_id)
    assert (capture.capture_id, capture.fetched_at) == (item.capture_id, item.fetched_at)
    assert (capture.final_url, capture.outlet_id) == ("https://news.example/7", "news_example")
    assert (capture.body_sha256, capture.body_bytes) == (item.body_sha256, len(PAGE))


@settings(max_examples=60, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4),
    way=st.sampled_from(sorted(WAYS)),
)
def test_damage_anywhere_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]], way: str
) -> None:
    """Whatever bytes are changed, reading ends, in responses, broken records or the error for no WARC file."""
    data = bytearray(WAYS[way])
    for place, value in flips:
        data[place % len(data)] = value
    path = tmp_path_factory.mktemp("damaged") / "any.warc"
    path.write_bytes(bytes(data))
    try:
        found = list(iter_responses(path, max_body_bytes=100_000))
    except ArchiveError:
        return
    assert len(found) <= len(RECORDS) + len(flips) + 1
    if not flips:
        assert urls(found) == WANTED


@given(
    headers=st.lists(st.tuples(st.from_regex(rb"[A-Za-z][A-Za-z-]{0,20}", fullmatch=True), st.binary(max_size=30))),
    body=st.binary(max_size=300),
)
def test_any_body_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """The body is given back byte for byte, whatever headers stand before it."""
    clean = tuple(
        (name, value.translate(None, b"\r\n\x00"))
        for name, value in headers
        if name.lower() not in (b"content-encoding", b"transfer-encoding")
    )
    folder = tmp_path_factory.mktemp("archive")
    with Archive(folder) as archive:
        place = archive.append(
            RawResponse(
                requested_url="https://news.example/",
                final_url="https://news.example/",
                http_status=200,
                headers=clean,
                raw_body=body,
                fetched_at=datetime.now(UTC),
            )
        )
    assert read_response(folder, place.warc_file, place.warc_offset, max_body_bytes=1_000).body == body


@pytest.mark.parametrize(
    "body", [b"zz\r\n", b"5\r\nab", b"-5\r\nhello\r\n0\r\n", b"5\r\nhelloXX0\r\n", b"", b"+5\r\nhello\r\n"]
)
def test_what_has_no_chunks_is_left_alone(body: bytes) -> None:
    """Half a chunk is no chunk."""
    assert without_chunks(body) == body
