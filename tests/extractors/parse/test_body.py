from __future__ import annotations

import json

import pytest
from quality.made_pages import PARAGRAPHS, make_page, paragraphs, read_article

NOISE = {
    "newsletter": """<div class='newsletter-signup'><p>The week's news from the region in your mailbox, every Friday,
        free of charge.</p></div>""",
    "related": """<div class='related-posts'><h4>Related</h4><ul>
        <li><a href='/a'>Grain prices fall in three ports</a></li>
        <li><a href='/b'>Pilots strike again</a></li></ul></div>""",
    "link paragraph": "<p><strong><a href='/c'>HARBOR WORKERS PAID AFTER FOUR MONTHS WITHOUT WAGES</a></strong></p>",
    "author": """<div class='author-bio'><p>Rula Sabbagh has covered the ports of the coast since 2011 and lives in
        Port Amal.</p></div>""",
    "other article": """<article class='teaser'><h3><a href='/d'>Another story</a></h3><p>A sentence of another story
        that is none of ours at all.</p></article>""",
    "caption": """<figure><img src='x.jpg'><figcaption>The quay on Thursday morning, seen from the mill.</figcaption>
        </figure>""",
}
AROUND = {
    "inside": "<article><h1>{title}</h1>{before}{noise}{after}</article>",
    "below": "<article><h1>{title}</h1>{before}{after}</article>{noise}",
}
TITLE = "Harbor reopens after eleven weeks"


@pytest.mark.parametrize("frame", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_what_stands_around_the_text_is_not_in_it(noise: str, frame: str) -> None:
    """A page without layout rules gives its paragraphs and nothing else."""
    main = frame.format(title=TITLE, before=paragraphs(*PARAGRAPHS[:2]), noise=noise, after=paragraphs(*PARAGRAPHS[2:]))
    assert read_article(make_page(main, title=TITLE)).text.split("\n") == list(PARAGRAPHS)


def told(text: str) -> str:
    """A script that gives the article's text to machines."""
    values = {"@type": "NewsArticle", "headline": TITLE, "articleBody": text}
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


STRAY = "Readers of this page also took part in the survey of the week, whose results are shown on Friday."


def test_the_publishers_own_text_is_a_witness() -> None:
    """A paragraph that stands in the article's element but not in its articleBody goes; headings stay."""
    lines = [*PARAGRAPHS[:2], STRAY, *PARAGRAPHS[2:]]
    body = f"{paragraphs(lines[0])}<h2>Two ships</h2>{paragraphs(*lines[1:])}"
    page = make_page(f"<article><h1>{TITLE}</h1>{body}</article>", title=TITLE, head=told(" ".join(PARAGRAPHS)))
    assert read_article(page).text.split("\n") == [PARAGRAPHS[0], "Two ships", *PARAGRAPHS[1:]]


def test_a_witness_that_breaks_off_is_not_believed() -> None:
    """Many pages give only the first lines there."""
    page = make_page(head=told(" ".join(PARAGRAPHS)[:330]), title=TITLE)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)


def test_a_witness_of_another_article_is_not_believed() -> None:
    """Its words are not on the page."""
    page = make_page(head=told("Quite another text about grain and mills and the price of bread. " * 20), title=TITLE)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)


def test_lists_and_tables_are_text() -> None:
    """Numbers matter: bulletins list casualties."""
    figures = "<ul><li>17 civilians, among them four children</li><li>3 fighters of the Northern Brigades</li></ul>"
    body = f"{paragraphs(*PARAGRAPHS[:2])}{figures}{paragraphs(*PARAGRAPHS[2:])}"
    lines = read_article(make_page(f"<article><h1>{TITLE}</h1>{body}</article>", title=TITLE)).text.split("\n")
    assert "17 civilians, among them four children" in lines
    assert "3 fighters of the Northern Brigades" in lines


def test_teasers_with_more_text_than_the_article_stay_out() -> None:
    """A short bulletin above eight teasers is still the bulletin."""
    teasers = "".join(
        f"<article class='card'><h3><a href='/news/{n}'>Headline number {n} of the day</a></h3>"
        f"<p>What happened in place {n}, told in a sentence of some length so that it reads like a text.</p></article>"
        for n in range(8)
    )
    page = make_page(f"<article><h1>{TITLE}</h1>{paragraphs()}<section>{teasers}</section></article>", title=TITLE)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)
