"""Behavior of extractors.discover.url_lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.discover.url_lists import poll_urls
from extractors.errors import Reason
from extractors.outlets import Outlet
from extractors.records import Poll

HOME = "https://www.example.org/"

Make = Callable[..., Outlet]


async def poll_list(make_outlet: Make, site: Any, now: datetime, folder: Path, **source: Any) -> Poll:
    """Poll a list of an outlet whose file is in a folder."""
    outlet = make_outlet({"kind": "urls", **source}).model_copy(update={"folder": folder})
    return await poll_urls(outlet.sources[0], outlet, site, state=None, since=None, now=now)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("links.txt", b"https://www.example.org/1\nhttps://www.example.org/2\n"),
        ("links.txt", b"\xef\xbb\xbf# two pages\r\n\r\n  https://www.example.org/1  \r\nhttps://www.example.org/2"),
        ("lists/links.csv", b"title,url\nOne,https://www.example.org/1\nNone,\nTwo,https://www.example.org/2\n"),
    ],
)
async def test_a_file_of_urls_is_read(
    make_outlet: Make, site: Any, now: datetime, tmp_path: Path, name: str, body: bytes
) -> None:
    """One a line, or a column of a CSV; beside the outlet's file, at each poll."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    poll = await poll_list(make_outlet, site, now, tmp_path, file=name)
    assert [link.requested_url for link in poll.links] == [f"{HOME}1", f"{HOME}2"]
    assert (poll.outcome.reason, poll.listed_count, poll.source_id) == (Reason.POLLED, 2, f"urls:{name}")
    assert site.asked == []


async def test_what_is_no_address_is_an_outcome(make_outlet: Make, site: Any, now: datetime, tmp_path: Path) -> None:
    """A line that is none, and a page of somebody else."""
    (tmp_path / "links.txt").write_text("not an address\nhttps://other.example/1\n", encoding="utf-8")
    poll = await poll_list(make_outlet, site, now, tmp_path, file="links.txt")
    assert [outcome.reason for outcome in poll.rejected] == [Reason.BAD_URL, Reason.FOREIGN_HOST]


@pytest.mark.parametrize(
    ("name", "body", "detail"),
    [
        ("links.txt", None, "cannot be read"),
        ("links.txt", b"\xff\xfe", "not UTF-8"),
        ("links.csv", b"address\nhttps://www.example.org/1\n", "no column 'url'"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_the_poll_and_not_the_list_beside_it(
    make_outlet: Make, site: Any, now: datetime, tmp_path: Path, name: str, body: bytes | None, detail: str
) -> None:
    """It may be written later, so it is no wrong configuration; what the outlet's file lists itself is listed."""
    if body is not None:
        (tmp_path / name).write_bytes(body)
    poll = await poll_list(make_outlet, site, now, tmp_path, file=name, urls=[f"{HOME}3"])
    assert poll.outcome.reason == Reason.FILE_ERROR
    assert detail in poll.outcome.detail
    assert [link.requested_url for link in poll.links] == [f"{HOME}3"]
