"""Behavior of extractors.discover.folders."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.archive.exchange import ArchivedResponse, BrokenRecord
from extractors.discover.folders import iter_saved_pages
from extractors.errors import DiscoverError, Reason

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
CHANGED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
URL = "https://www.example.org/news/1"
PAGE = b"<html><head><title>One</title></head><body><p>Text.</p></body></html>"
SINGLE_FILE = (
    b"<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://www.example.org/news/1 \n"
    b" saved date: Tue Mar 03 2026 09:00:00 GMT+0200 (Eastern European Standard Time)\n--><title>One</title><p>Text."
)


def put(folder: Path, name: str, body: bytes) -> Path:
    """A file that was changed on the first of March."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (CHANGED.timestamp(), CHANGED.timestamp()))
    return path


def read(folder: Path, *, max_body_bytes: int = 10_000) -> list[ArchivedResponse | BrokenRecord]:
    """Everything in a folder."""
    return list(iter_saved_pages(folder, max_body_bytes=max_body_bytes, now=NOW))


def page_of(folder: Path) -> ArchivedResponse:
    """The one page of a folder."""
    (found,) = read(folder)
    assert isinstance(found, ArchivedResponse), found
    return found


def broken_of(folder: Path, *, max_body_bytes: int = 10_000) -> BrokenRecord:
    """The one file of a folder that cannot be read."""
    (found,) = read(folder, max_body_bytes=max_body_bytes)
    assert isinstance(found, BrokenRecord), found
    return found


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (b"<!-- saved from url=(0030)https://www.example.org/news/1 -->", URL),
        (b"<!-- saved from url=https://www.example.org/news/1-->", URL),
        (b"<link rel='canonical' href='https://www.example.org/news/1'>", URL),
        (b"<meta property='og:url' content='https://www.example.org/news/1'>", URL),
        (b"<!-- saved from url=(0014)about:internet --><link rel=canonical href=https://www.example.org/news/1>", URL),
        (
            b"<!-- saved from url=(0030)https://www.example.org/news/1 --><link rel=canonical href=https://b.example/>",
            URL,
        ),
        (b"<meta property='og:url' content='/news/1'>", None),
        (b"<!-- saved from url=(0009)file:///x -->", None),
        (b"", None),
    ],
)
def test_a_page_says_its_address(tmp_path: Path, head: bytes, url: str | None) -> None:
    """By the browser's comment, its canonical link or ``og:url``, in this order; one that says none is ``bad_url``."""
    put(tmp_path, "a.html", head + PAGE)
    if url is None:
        found = broken_of(tmp_path)
        assert (found.reason, found.file_name) == (Reason.BAD_URL, "a.html")
    else:
        assert page_of(tmp_path).target_url == url


def test_a_sidecar_speaks_first(tmp_path: Path) -> None:
    """``index.csv`` gives addresses and times; a file that it does not name speaks for itself."""
    put(tmp_path, "deep/a.html", b"<!-- saved from url=(0030)https://www.example.org/other1 -->" + PAGE)
    put(tmp_path, "b.html", SINGLE_FILE)
    put(tmp_path, "index.csv", f"\ufefffile,url,fetched_at\ndeep/a.html,{URL},2026-03-02T10:00:00Z\n".encode())
    found = [each for each in read(tmp_path) if isinstance(each, ArchivedResponse)]
    assert [(each.target_url, each.fetched_at) for each in found] == [
        (URL, datetime(2026, 3, 3, 7, 0, tzinfo=UTC)),
        (URL, datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
    ]


@pytest.mark.parametrize("text", ["name,address\na,b\n", "\x00", "file,url\n\udcff"])
def test_a_sidecar_that_cannot_be_read_is_an_error(tmp_path: Path, text: str) -> None:
    """Guessing what it meant would give pages wrong addresses."""
    put(tmp_path, "urls.csv", text.encode(errors="surrogateescape"))
    with pytest.raises(DiscoverError) as caught:
        read(tmp_path)
    assert caught.value.reason == Reason.FILE_ERROR


def test_the_time_is_the_files_and_never_later_than_now(tmp_path: Path) -> None:
    """Where nothing tells when it was saved."""
    path = put(tmp_path, "a.html", b"<link rel=canonical href=https://www.example.org/news/1>" + PAGE)
    assert page_of(tmp_path).fetched_at == CHANGED
    later = (NOW + timedelta(days=3)).timestamp()
    os.utime(path, (later, later))
    assert page_of(tmp_path).fetched_at == NOW


def test_a_packed_page_keeps_its_bytes(tmp_path: Path) -> None:
    """The file's own bytes go to the archive, what is inside is read."""
    packed = gzip.compress(SINGLE_FILE)
    put(tmp_path, "a.html.gz", packed)
    found = page_of(tmp_path)
    assert (found.body, found.raw_body) == (SINGLE_FILE, packed)
    assert found.header("content-encoding") == "gzip"


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("large.html", SINGLE_FILE + b" " * 10_000, Reason.TOO_LARGE),
        ("bomb.html.gz", gzip.compress(SINGLE_FILE + b" " * 100_000), Reason.TOO_LARGE),
        ("cut.htm.gz", gzip.compress(SINGLE_FILE)[:-9], Reason.TRUNCATED_BODY),
        ("no.html.gz", SINGLE_FILE, Reason.BAD_ENCODING),
        ("image.html", b"\x89PNG\r\n\x1a\n", Reason.NOT_HTML),
        ("data.xhtml", b"\x00\x01\x02", Reason.NOT_HTML),
        ("empty.html", b"", Reason.BAD_URL),
    ],
)
def test_what_is_no_page_is_named_with_its_reason(tmp_path: Path, name: str, body: bytes, reason: Reason) -> None:
    """A file costs itself, and its name is on record."""
    put(tmp_path, name, body)
    found = broken_of(tmp_path)
    assert (found.reason, found.file_name) == (reason, name)
    assert found.detail


def test_links_out_of_the_folder_pipes_and_circles_are_not_read(tmp_path: Path) -> None:
    """A folder of somebody else's cannot make this machine's files an article, nor hold the run up."""
    outside = put(tmp_path / "outside", "secret.html", SINGLE_FILE)
    folder = tmp_path / "saved"
    inside = put(folder, "a.html", SINGLE_FILE)
    (folder / "b.html").symlink_to(outside)
    (folder / "c.html").symlink_to(folder / "c.html")
    (folder / "d.html").symlink_to(inside)
    (folder / "e.html").mkdir()
    os.mkfifo(folder / "f.html")
    (folder / "deep").symlink_to(tmp_path / "outside")
    found = {each.file_name: each.reason for each in read(folder) if isinstance(each, BrokenRecord)}
    assert found == dict.fromkeys(("b.html", "c.html", "f.html"), Reason.FILE_ERROR)
    assert len(read(folder)) == 5


def test_what_a_browser_saved_beside_a_page_is_part_of_it(tmp_path: Path) -> None:
    """The frames of adverts in ``One_files/`` are no pages; a folder that is only called so is read."""
    put(tmp_path, "One.html", SINGLE_FILE)
    put(tmp_path, "One_files/frame.html", SINGLE_FILE)
    put(tmp_path, "my_files/a.html", SINGLE_FILE)
    assert len(read(tmp_path)) == 2


def test_a_page_is_known_by_its_address_and_bytes(tmp_path: Path) -> None:
    """Names and times do not matter; one changed byte does."""
    put(tmp_path, "a.html", SINGLE_FILE)
    put(tmp_path, "b.html", SINGLE_FILE)
    put(tmp_path, "c.html", SINGLE_FILE + b" ")
    ids = [each.capture_id for each in read(tmp_path) if isinstance(each, ArchivedResponse)]
    assert ids[0] == ids[1] != ids[2]
