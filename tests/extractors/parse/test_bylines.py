from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from quality.made_pages import paragraphs

from extractors.parse.bylines import visible_bylines

TITLE = "Harbor reopens after eleven weeks"


def bylines_of(above: str = "", below: str = "", end: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """Bylines of a page with markup above and below its headline, and behind its article."""
    tree = document_fromstring(
        f"<html><body><main>{above}<h1>{TITLE}</h1>{below}<article>{paragraphs()}</article>{end}</main></body></html>"
    )
    return [(found.raw, found.values) for found in visible_bylines(tree, TITLE)]


@pytest.mark.parametrize(
    ("markup", "byline"),
    [
        ('<p class="byline">By Rula Sabbagh</p>', "By Rula Sabbagh"),
        ('<a rel="author" href="/u/1">Rula Sabbagh</a>', "Rula Sabbagh"),
        ('<div class="c-article__author-name">Rula Sabbagh</div>', "Rula Sabbagh"),
        ('<span class="articleAuthor">Rula Sabbagh</span>', "Rula Sabbagh"),
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
