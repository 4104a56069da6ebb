"""Tags of nothing but attributes lose them before the parser meets them; whatever else looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.parse.crowds import MOST_ATTRIBUTES, UNCROWDED_BYTES, without_crowds
from extractors.parse.documents import parse_document
from extractors.parse.elements import lines_of

LONG_ENOUGH = b" " * UNCROWDED_BYTES


def crowd(value: str = "", count: int = 300_000) -> str:
    """Attributes with names of their own."""
    return " ".join(f"a{number}{value}" for number in range(count))


@pytest.mark.parametrize("value", ["", "=1", '="<p"', "='>'", '=">"', "= "])
def test_a_tag_of_nothing_but_attributes_loses_them(value: str) -> None:
    """The parser would take a time that grows with their square; what comes after is read."""
    tree = parse_document(f"<html><body><p {crowd(value)}>after".encode(), None)
    assert tree is not None
    assert lines_of(tree) == ["after"]
    assert tree.xpath("string(//p/@a1)") == ""


@pytest.mark.parametrize(
    "before",
    [
        "<p = ",
        '<p ="x" ',
        '<p x"=">" ',
        '<i x=b=">"><p ',
        "<!--><p ",
        "<!-- <i a='--><p ",
        "<!-- <i a='--!><p ",
        '<!x <i a="><p ',
        "<!DOCTYPE <script> ><p ",
        '<?x <i a="><p ',
        "</1 <script> ><p ",
        "</i a='<b'><p ",
        "1 < 2 <p ",
        "<script>'<i a=\"'</script><p ",
        '<script></scriptx <i a="</script><p ',
        '<script><!--<script></script> <i a="--></script><p ',
        '<script><!--<script>--></script><i a="">"<p ',
        "<script><!--></script><p ",
        "<script/><p ",
        "<STYLE>'<i a=\"'</style><p ",
        *(f'<{name}><i a="</{name}><p ' for name in ("title", "textarea", "iframe", "xmp", "noembed", "noframes")),
        *(f"<{name}><script></{name}><p " for name in ("title", "textarea", "iframe", "xmp", "noembed", "noframes")),
        "<title><!--</title><p ",
        '<svg><title><i a="</title><p ',
        "<noscript><p ",
    ],
)
def test_a_crowd_hides_behind_nothing(before: str) -> None:
    """What is a tag is told as browsers and the parser tell it: a sign out of place hides none."""
    tree = parse_document(f'<html><body>{before}{crowd(count=20_000)} ">after'.encode(), None)
    assert tree is not None
    assert max(len(element.attrib) for element in tree.iter("*")) <= MOST_ATTRIBUTES
    assert tree.text_content().endswith("after")


@pytest.mark.parametrize(
    "piece", ["<a ", "<a/x=", "<script/x=", "<script><!--", "<title>", "<!--", "<a x='", '<p a="<', "<", "<p>", "</a "]
)
def test_a_page_of_one_thing_is_looked_through(piece: str) -> None:
    """However large: what is left has no crowd, nor one that the cut made."""
    left = without_crowds(piece.encode() * (3_000_000 // len(piece)))
    assert without_crowds(left) == left


def test_a_script_of_nothing_but_attributes_loses_them() -> None:
    """What stands in it stays."""
    raw = f"<script {crowd()}>'<p>'</script><p>after".encode()
    assert without_crowds(raw) == b"<script>'<p>'</script><p>after"


def test_long_attributes_stay_whatever_stands_in_them() -> None:
    """One of megabytes that holds tags is one attribute, and so is what an open quote swallows."""
    value = "<p class='a'>" * 100_000
    tree = parse_document(f'<html><body><p title="{value}" id="b">after</p><a"b>end</a>'.encode(), None)
    assert tree is not None
    assert tree.xpath("string(//p/@title)") == value
    assert lines_of(tree)[0] == "after"


@pytest.mark.parametrize("code", ["<script>{}</script>", "<style>{}</style>", "<!-- {} -->"])
def test_code_and_comments_hold_no_tags(code: str) -> None:
    """Words in them are no attributes, however many stand behind what looks like a tag; they come back as they are."""
    raw = code.format(f"if (a <b {crowd()}) c").encode()
    assert without_crowds(raw + LONG_ENOUGH) == raw + LONG_ENOUGH
    crowded = f"<p {crowd()}>after".encode()
    assert without_crowds(raw + crowded) == raw + b"<p>after"


@given(st.lists(st.sampled_from(["<", "</", "a", " ", "=", '"', "'", ">", "<!--", "-->", "script", "/"]), max_size=60))
def test_pages_without_a_crowd_stay_as_they_are(pieces: list[str]) -> None:
    """Whatever stands in what order."""
    raw = "".join(pieces).encode() + LONG_ENOUGH
    assert without_crowds(raw) == raw
