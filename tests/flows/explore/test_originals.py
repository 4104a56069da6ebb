"""Archived originals: read back from the WARC file, proved, and shown with nothing left that could act."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from captured import FETCHED_AT, response, write_warc
from explored_home import HOSTILE_PAGE, TRAP
from lxml.html import HtmlElement, document_fromstring

from extractors.archive.reader import iter_responses
from flows.explore.originals import KEPT_ATTRIBUTES, MOST_SOURCE_CHARS, SHOWN, frame_element, read_original
from flows.explore.pages import original_page

URL = "https://harborpost.example/1/"


def capture_of(folder: Path, body: bytes, *, kind: str = "text/html; charset=utf-8", **changes: Any) -> dict[str, Any]:
    """A row of ``captures`` whose response is in the archive."""
    path = write_warc(folder, response(URL, body, kind=kind))
    row = {
        "requested_url": URL,
        "final_url": URL,
        "http_status": 200,
        "fetched_at": FETCHED_AT,
        "body_sha256": sha256(body).hexdigest(),
        "body_bytes": len(body),
        "warc_file": str(path.relative_to(folder)),
        "warc_offset": 0,
    }
    (found,) = iter_responses(path)
    return {**row, "warc_offset": found.warc_offset, **changes}


def test_a_hostile_page_is_left_with_its_words(tmp_path: Path) -> None:
    """Every element is one of a list, without attributes that could load or run anything."""
    original = read_original(tmp_path, capture_of(tmp_path, HOSTILE_PAGE.encode()))
    body = original.frame.partition("</head>")[2]
    tree: HtmlElement = document_fromstring(body)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= SHOWN
    assert {name for element in elements for name in element.attrib} == {"dir"}
    assert "dir" in KEPT_ATTRIBUTES
    assert "192.0.2.1" not in original.frame
    assert TRAP not in re.sub(r"&lt;.*?&gt;", "", original.frame)
    text = tree.text_content()
    assert "Ferry number 1 is late" in text
    assert "read on" in text


def test_the_frame_may_do_nothing() -> None:
    """An empty sandbox, and a document that cannot end the attribute that it stands in."""
    element = frame_element('"></iframe><script>1</script>', "a title")
    assert 'sandbox=""' in element
    assert element.count("<") == 2
    assert element.count('"') == 12


def test_the_policy_of_the_frame_allows_nothing(tmp_path: Path) -> None:
    """It stands before anything of the page."""
    original = read_original(tmp_path, capture_of(tmp_path, HOSTILE_PAGE.encode()))
    assert original.frame.index("default-src 'none'") < original.frame.index("Ferry number 1")


def test_bytes_are_held_against_their_hash(tmp_path: Path) -> None:
    """The page says whether the archive has what was recorded."""
    good = capture_of(tmp_path, b"<p>The ferry came in late.</p>")
    assert read_original(tmp_path, good).is_as_recorded
    assert "bytes have it" in original_page(read_original(tmp_path, good))
    other = read_original(tmp_path, {**good, "body_sha256": "0" * 64})
    assert not other.is_as_recorded
    assert "bytes have another one" in original_page(other)


def test_source_is_text_and_not_too_much_of_it(tmp_path: Path) -> None:
    """With its headers; the cut is told."""
    page = f"<p>{'ferry & barge ' * 30_000}</p>".encode()
    original = read_original(tmp_path, capture_of(tmp_path, page))
    shown = original_page(original)
    assert len(original.source) == MOST_SOURCE_CHARS < original.source_chars
    assert "&lt;p&gt;ferry &amp; barge" in shown
    assert "the first 300,000 of 420,007 characters" in shown
    assert "Content-Type: text/html" in shown


def test_what_is_no_page_is_shown_as_source(tmp_path: Path) -> None:
    """There is no frame around nothing."""
    original = read_original(tmp_path, capture_of(tmp_path, b"  ", kind="application/json"))
    assert original.frame == ""
    assert "<iframe" not in original_page(original)


@pytest.mark.parametrize(
    "changes", [{"warc_file": "2026/03/gone.warc.gz"}, {"warc_offset": 3}, {"warc_file": "../../etc/passwd"}]
)
def test_what_cannot_be_read_is_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    """A file that is missing, damaged, or none of the archive's."""
    original = read_original(tmp_path, capture_of(tmp_path, b"<p>x</p>", **changes))
    assert original.problem
    assert not original.source
    assert 'role="alert"' in original_page(original)
