from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement
from quality.made_pages import PARAGRAPHS, make_page, paragraphs

from extractors.parse.documents import parse_text
from extractors.parse.reading.confidence import AGAINST, Signs, confidence_of
from extractors.parse.reading.lines import is_prose
from extractors.parse.reading.paragraphs import Reading, read_paragraphs

TITLE = "Harbor reopens after eleven weeks"
HEAD, TAIL = paragraphs(*PARAGRAPHS[:2]), paragraphs(*PARAGRAPHS[2:])
LONG = [f"{line} That was the report of day {day}." for day in range(4) for line in PARAGRAPHS]


def tree_of(page: str) -> HtmlElement:
    """A parsed page."""
    tree = parse_text(page)
    assert tree is not None
    return tree


def read(main: str, *standfirsts: str) -> Reading:
    """Read a page around an article."""
    return read_paragraphs(tree_of(make_page(main, title=TITLE)), TITLE, standfirsts)


INSIDE = {
    "comments": f"<ol class='comment-list'><li><p>{LONG[0]}</p></li><li><p>{LONG[1]}</p></li></ol>",
    "hidden": "<div class='offer hidden'><p>Readers with an account see all of our articles and the archive.</p></div>",
    "person": "<div class='person-box'><p>Rula Sabbagh owns the largest of the mills and lives in Port Amal.</p></div>",
    "bare text": "<div class='note'>This page may be printed for private use, and for no other one.</div>",
    "linked item": "<ul><li><a href='/mills'>Why the mills of the southern basin stood still in spring.</a></li></ul>",
    "teaser": "<div class='box'><h3><a href='/pilots'>Pilots strike</a></h3><p>The pilots want more pay.</p></div>",
    "image": "<div class='image-wrapper'><p>The quay on Thursday morning, seen from the roof of the mill.</p></div>",
    "byline": "<div class='byline'>By Rula Sabbagh, who reports from Port Amal for this newspaper.</div>",
}


@pytest.mark.parametrize("beside", INSIDE.values(), ids=INSIDE)
def test_what_stands_between_the_paragraphs_is_left_out(beside: str) -> None:
    """Boxes by their names, their place, their tag or their links."""
    found = read(f"<article><h1>{TITLE}</h1><div class='text'>{HEAD}{beside}{TAIL}</div></article>")
    assert found.lines == PARAGRAPHS


BETWEEN = {
    "heading": ("<h2>Two ships wait</h2>", ["Two ships wait"]),
    "list": ("<p>On board:</p><ul><li>17 men</li><li>4 women</li></ul>", ["On board:", "17 men", "4 women"]),
    "quote": (f"<blockquote><p>{LONG[0]}</p></blockquote>", [LONG[0]]),
    "table": ("<table><tr><td>Grain</td><td>70 t</td></tr></table>", ["Grain | 70 t"]),
    "unnamed": (f"<div><p>{LONG[1]}</p></div>", [LONG[1]]),
    "link in a sentence": ("<p>The <a href='/x'>mill</a> opened.</p>", ["The mill opened."]),
    "lines": ("<p>First berth<br>Second berth</p>", ["First berth", "Second berth"]),
}


@pytest.mark.parametrize(("part", "lines"), BETWEEN.values(), ids=BETWEEN)
def test_what_belongs_to_the_article_is_kept(part: str, lines: list[str]) -> None:
    """Headings with text below, lists, quotes, tables, wrapped paragraphs; each line break starts a line."""
    found = read(f"<article><h1>{TITLE}</h1><div class='text'>{HEAD}{part}{TAIL}</div></article>")
    assert list(found.lines) == [*PARAGRAPHS[:2], *lines, *PARAGRAPHS[2:]]


def test_lists_at_the_end_are_kept_and_headings_without_text_are_not() -> None:
    """A bulletin may end with its list of casualties."""
    main = f"<div class='text'>{paragraphs()}<ul><li>17 civilians</li><li>3 fighters</li></ul><h3>More</h3></div>"
    assert read(f"<h1>{TITLE}</h1>{main}").lines == (*PARAGRAPHS, "17 civilians", "3 fighters")


def test_an_article_in_sections_is_put_together_and_is_less_sure() -> None:
    """Sections with the same classes, an advert between them."""
    parts = "<aside>Advert</aside>".join(
        f"<div class='story-part'>{paragraphs(*LONG[n : n + 4])}</div>" for n in (0, 4)
    )
    whole = f"<div class='story-part'>{paragraphs(*LONG[:8])}</div>"
    found, one = read(f"<h1>{TITLE}</h1>{parts}"), read(f"<h1>{TITLE}</h1>{whole}")
    assert found.lines == one.lines == tuple(LONG[:8])
    assert found.confidence < one.confidence


def test_a_declared_standfirst_above_the_text_is_part_of_it() -> None:
    """One that nothing declares stays out: it may be anything."""
    standfirst = "Two grain ships are the first to reach Port Amal since the barges sank in January."
    main = f"<div class='top'><h1>{TITLE}</h1><p>{standfirst}</p></div><div class='text'>{paragraphs(*LONG)}</div>"
    assert read(main, standfirst).lines == (standfirst, *LONG)
    assert read(main).lines == tuple(LONG)


def test_names_that_lie_do_not_hide_the_article() -> None:
    """What holds most of a page's text, or its headline, is the article whatever it is called."""
    for main in (
        f"<div class='sponsored related'>{paragraphs(*LONG)}</div>",
        f"<div class='promo'><h1>{TITLE}</h1>{paragraphs()}</div>",
    ):
        assert set(PARAGRAPHS) <= {line.split(" That was the report")[0] for line in read(main).lines}


def test_a_page_with_two_texts_is_unsure() -> None:
    """An article alone is surer than the same beside a text of the same size, and than none."""
    alone = read(f"<div class='a'>{paragraphs(*LONG)}</div>")
    other = f"<div class='b'><div class='c'><div class='d'>{paragraphs(*reversed(LONG))}</div></div></div>"
    beside = read(f"<div class='a'>{paragraphs(*LONG)}</div>{other}")
    nothing = read("<ul><li><a href='/a'>A headline of another page of this outlet</a></li></ul>")
    assert alone.confidence > 0.95
    assert beside.confidence < 0.9
    assert (nothing.lines, nothing.confidence) == ((), 0.0)


def test_markup_that_names_the_body_makes_a_reading_surer() -> None:
    """On the element that holds the text or one close around it, by schema.org or by a class."""
    unnamed = read(f"<h1>{TITLE}</h1><div><div>{paragraphs(*LONG)}</div></div>")
    for names in ("itemprop='articleBody'", "class='entry-content'", "id='article-body'"):
        for opening in (f"<div><div {names}>", f"<div {names}><div>"):
            named = read(f"<h1>{TITLE}</h1>{opening}{paragraphs(*LONG)}</div></div>")
            assert named.lines == unnamed.lines
            assert named.confidence > unnamed.confidence


def test_a_text_without_the_words_of_its_title_is_unsure() -> None:
    """It is another one's; a title of two words says nothing."""
    tree = tree_of(make_page(f"<div>{paragraphs(*LONG)}</div>"))
    assert read_paragraphs(tree, "Orchards of the northern valleys sold abroad").confidence < 0.9
    assert read_paragraphs(tree, "Northern valleys").confidence > 0.95
    assert read_paragraphs(tree, "北部山谷的果园已出售给外国公司").confidence > 0.95


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ships left the harbor at dawn.", True),
        ("“We waited,” she said. And more", False),
        ("Photo: Port Authority", False),
        ("Harbor reopens after eleven weeks of work on its channel", False),
        ("غادرت السفينتان الميناء عند الفجر.", True),
        ("两艘船黎明时分离开了港口。", True),
        ("港口", False),
        ("word " * 30, True),
    ],
)
def test_prose_is_told_by_its_length_and_the_ends_of_sentences(text: str, expected: bool) -> None:
    """In any script; an ideograph counts as three letters."""
    assert is_prose(text.strip()) is expected


def test_a_page_whose_text_stands_in_nothing_that_holds_text_has_no_lines() -> None:
    """Such as the damaged one whose root is all that is left of it."""
    tree = parse_text(f"<html><p>{LONG[0]}</p></html>")
    assert tree is not None
    root = tree.makeelement("html")
    root.text = LONG[0]
    assert read_paragraphs(root) == Reading(lines=(), confidence=0.0)


@pytest.mark.parametrize("sign", Signs.__slots__)
def test_each_sign_takes_from_the_confidence(sign: str) -> None:
    """None speaks for a reading."""
    nothing = dict.fromkeys(Signs.__slots__, 0.0)
    assert getattr(AGAINST, sign) > 0
    assert confidence_of(Signs(**{**nothing, sign: 1.0})) < confidence_of(Signs(**nothing))


@given(
    st.recursive(st.text(), lambda inner: st.tuples(st.sampled_from(["p", "div", "li", "a", "td", "h2", "br"]), inner))
)
def test_any_markup_is_read(nested: str | tuple[str, object]) -> None:
    """Confidence stays a share, and a text without lines has none."""

    def markup(part: object) -> str:
        return (
            f"<{part[0]}>{markup(part[1])} and what stands behind it in the page.</{part[0]}>"
            if isinstance(part, tuple)
            else str(part)
        )

    tree = parse_text(f"<div>{markup(nested)}</div>")
    found = read_paragraphs(tree) if tree is not None else Reading(lines=(), confidence=0.0)
    assert 0.0 <= found.confidence <= 1.0
    assert bool(found.lines) is (found.confidence > 0)
