from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.parse.documents import decode, parse_document
from extractors.parse.elements import lines_of

ARABIC = "أعيد فتح الميناء يوم الخميس"
GERMAN = "Über den Häfen fällt „Schnee“"


def labelled(text: str, charset: str) -> str:
    """A page that calls itself by a charset."""
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (labelled(ARABIC, "utf-8").encode(), None, ARABIC),
        (labelled(ARABIC, "windows-1256").encode("cp1256"), None, ARABIC),
        (labelled(ARABIC, "x").encode("cp1256"), "text/html; charset=windows-1256", ARABIC),
        (labelled(GERMAN, "iso-8859-1").encode("cp1252"), None, GERMAN),
        (labelled(GERMAN, "iso-8859-1").encode(), "text/html; charset=iso-8859-1", GERMAN),
        (labelled(GERMAN, "utf-8").encode("utf-16"), None, GERMAN),
        (labelled(GERMAN, "utf-16").encode(), None, GERMAN),
        (b"\xef\xbb\xbf" + labelled(GERMAN, "latin-1").encode(), None, GERMAN),
        (labelled("国务院发布新规定。", "gb2312").encode("gb18030"), None, "国务院发布新规定。"),
        (labelled("東京で会見した。", "shift_jis").encode("cp932"), None, "東京で会見した。"),
        (labelled(GERMAN, "no-such-charset").encode(), "text/html; charset=", GERMAN),
    ],
)
def test_encodings(body: bytes, content_type: str | None, text: str) -> None:
    """Byte order mark, UTF-8 that is UTF-8 whatever the label says, header, meta, with the supersets of browsers."""
    tree = parse_document(body, content_type)
    assert tree is not None
    assert lines_of(tree) == [text]


def test_utf8_with_a_damaged_character_stays_utf8() -> None:
    """One cut character does not turn a page into mojibake."""
    body = labelled(ARABIC * 20, "utf-8").encode().replace("الخميس".encode(), "الخميس".encode()[:-1], 1)
    assert "أعيد فتح" in decode(body, None)
    assert decode(body, None).count("\ufffd") == 1


def test_nul_and_control_characters_go() -> None:
    """libxml2 would end the page at a NUL."""
    tree = parse_document(b"<html><body><p>be\x00fo\x01re</p><p>after</p></body></html>", None)
    assert tree is not None
    assert lines_of(tree) == ["before", "after"]


@pytest.mark.parametrize("body", [b"", b"  \n", b"<!-- only a comment -->", b"\x00\x00"])
def test_pages_without_an_element(body: bytes) -> None:
    """There is nothing to read."""
    assert parse_document(body, None) is None


def test_a_pit_of_elements_is_cut_off() -> None:
    """Depth is bounded, so that nothing further on runs out of stack."""
    tree = parse_document(b"<html><body><p>above</p>" + b"<div>" * 100_000 + b"deep", None)
    assert tree is not None
    assert lines_of(tree) == ["above"]


@pytest.mark.parametrize(
    ("markup", "is_read"),
    [
        ("<p></p>" * 100_000, False),
        ("<p>word </p>" * 90_000, True),
        ("<p>" + "word " * 210_000, False),
        ("<script>" + "word " * 210_000 + "</script><p>text", True),
    ],
)
def test_a_page_beyond_any_article_is_not_read(markup: str, is_read: bool) -> None:
    """By its elements or its visible text; data in scripts may be large."""
    assert (parse_document(f"<html><body>{markup}".encode(), None) is not None) is is_read


@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_decode(body: bytes, content_type: str | None) -> None:
    """Decoding and parsing never raise, and leave no character that XML forbids."""
    assert "\x00" not in decode(body, content_type)
    parse_document(body, content_type)
