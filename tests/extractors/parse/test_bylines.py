from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from quality.made_pages import paragraphs

from extractors.parse.bylines import far_bylines, near_bylines
from extractors.parse.inventory import take_inventory
from extractors.parse.surroundings import Surroundings, surroundings_of

TITLE = "Harbor reopens after eleven weeks"


def page_with(above: str = "", below: str = "", end: str = "") -> Surroundings:
    """A page with markup above and below its headline, and behind its article."""
    tree = document_fromstring(
        f"<html><body><main>{above}<h1>{TITLE}</h1>{below}<article>{paragraphs()}</article>{end}</main></body></html>"
    )
    return surroundings_of(take_inventory(tree), TITLE)


def bylines_of(above: str = "", below: str = "", end: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Bylines close to the headline of such a page."""
    return [(found.raw, found.values) for found in near_bylines(page_with(above, below, end))]


@pytest.mark.parametrize(
    ("markup", "byline"),
    [
        ('<p class="byline">By Rula Sabbagh</p>', "By Rula Sabbagh"),
        ('<a rel="author" href="/u/1">Rula Sabbagh</a>', "Rula Sabbagh"),
        ('<div class="c-article__author-name">Rula Sabbagh</div>', "Rula Sabbagh"),
        ('<span class="articleAuthor">Rula Sabbagh</span>', "Rula Sabbagh"),
        ('<p class="date-author">Rula Sabbagh, 01.12.2026</p>', "Rula Sabbagh, 01.12.2026"),
        ('<div class="submitted">Gespeichert von <span>rula</span></div>', "Gespeichert von rula"),
        ('<span itemprop="author">Rula Sabbagh</span>', "Rula Sabbagh"),
        ('<a class="x1" href="/autor/rula-sabbagh/">Rula Sabbagh</a>', "Rula Sabbagh"),
        ('<div class="x7">By Rula Sabbagh</div>', "By Rula Sabbagh"),
        ('<div class="x7"><b>Von</b> Rula Sabbagh</div>', "Von Rula Sabbagh"),
        ("<p>بقلم: رلى صباغ</p>", "بقلم: رلى صباغ"),
        ('<div class="x7">3 March 2026 by Rula Sabbagh</div>', "3 March 2026 by Rula Sabbagh"),
    ],
)
def test_bylines_below_the_headline(markup: str, byline: str) -> None:
    """By the markup's own word, or by how the line begins; as written."""
    assert bylines_of(below=markup)[0][0] == byline


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="author-avatar">Rula Sabbagh</div>',
        '<div class="author-bio">Rula Sabbagh has written on ports since 2009.</div>',
        '<div class="comment"><span class="author">Omar</span></div>',
        '<aside><span class="author">Omar Haddad</span></aside>',
        '<figure><figcaption class="author">Omar Haddad</figcaption></figure>',
        '<div class="card"><h3><a href="/news/2">Another article</a></h3><p class="byline">Omar Haddad</p></div>',
        "<p>By the time that the first pilot boat left, two ships were waiting</p>",
        '<p class="byline">' + "word " * 60 + "</p>",
        '<section><article><article><p class="byline">Omar Haddad</p></article></article></section>',
        '<div></div><div class="img-holder"><span class="author-name">Omar Haddad</span></div>',
        '<div></div><a href="/news/2"><div>By Omar Haddad</div></a>',
    ],
)
def test_what_is_no_byline(markup: str) -> None:
    """Portraits, comments, teasers of other articles, sentences that begin with "By"."""
    assert bylines_of(below=markup) == []


def test_people_who_stand_together_are_one_byline() -> None:
    """Each link in one element, and sibling elements of one kind."""
    links = '<a href="/team/a">Rula Sabbagh</a><a href="/team/b">Omar Haddad</a>'
    inside = bylines_of(below=f'<p class="authors">By {links}</p>')
    siblings = bylines_of(below='<div><a rel="author">Rula Sabbagh</a> <a rel="author">Omar Haddad</a></div>')
    assert inside[0][1] == siblings[0][1] == ("Rula Sabbagh", "Omar Haddad")


def test_a_byline_above_the_headline_counts_where_none_is_below() -> None:
    """Some designs put it there; what stands below is nearer to the article."""
    above = '<span class="author">Omar Haddad</span>'
    assert bylines_of(above=above) == [("Omar Haddad", ())]
    assert bylines_of(above=above, end='<p class="byline">Rula Sabbagh</p>')[0][0] == "Rula Sabbagh"


@pytest.mark.parametrize(
    ("below", "end", "byline"),
    [
        ("", "<p><em>Von <span>Rula Sabbagh</span></em></p>", "Von Rula Sabbagh"),
        ("", "<ul><li><strong>Autorin/Autor</strong> Rula Sabbagh</li></ul>", "Autorin/Autor Rula Sabbagh"),
        ("", '<div class="author-box"><h4>Rula Sabbagh</h4><p>Writes on ports.</p></div>', "Rula Sabbagh"),
        ('<p class="credit">JIJI</p>', "", "JIJI"),
        ("<div><span>Rula Sabbagh |</span><span>05.04.2026 - 12:10</span></div>", "", "Rula Sabbagh"),
    ],
)
def test_bylines_far_from_the_headline(below: str, end: str, byline: str) -> None:
    """For pages that credit nobody else: at the article's end, with a label, over a box, beside the day."""
    filling = "<i></i>" * 80
    assert next(far_bylines(page_with(below=below, end=filling + end))).raw == byline


@pytest.mark.parametrize(
    "below",
    [
        '<div><a href="/world">World News</a> <span>05.04.2026</span></div>',
        "<div><span>Ports</span><span>05.04.2026</span></div>",
        '<p class="credit">Getty Images</p>',
        f'<div class="source">AFP{"<i></i>" * 50}</div>',
    ],
)
def test_what_stands_beside_a_date_need_not_be_a_name(below: str) -> None:
    """A section is a link or one word; a credit line that names no agency is of a picture."""
    assert list(far_bylines(page_with(below=below))) == []


def test_the_blocks_around_the_headline_are_the_articles() -> None:
    """Whatever their classes say: a page with a sidebar often has that word on the block that holds everything."""
    byline = '<p class="byline">By Rula Sabbagh</p>'
    tree = document_fromstring(f'<body><div class="one-sidebar"><h1>{TITLE}</h1><i></i>{byline}</div></body>')
    found = near_bylines(surroundings_of(take_inventory(tree), TITLE))
    assert {each.raw for each in found} == {"By Rula Sabbagh"}
