from __future__ import annotations

import json

import pytest
from quality.made_pages import PARAGRAPHS, make_page, paragraphs, read_article

from extractors.parse import body
from extractors.parse.reading.paragraphs import Reading

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


def text_source(page: str) -> tuple[str, float]:
    """Which reading gave a page's text, and how sure it was, as the provenance has it."""
    article = read_article(page)
    path, _, sure = next(found.source for found in article.provenance if found.field == "text").partition("@")
    assert article.extractor.endswith(f" {path}")
    return path, float(sure)


def test_an_ordinary_page_is_read_without_trafilatura(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of paragraphs is sure of it."""
    monkeypatch.setattr(body, "trafilatura_lines", None)
    assert text_source(make_page(title=TITLE)) >= ("paragraphs", body.SURE)


@pytest.mark.parametrize(
    ("lines", "confidence", "path", "sure"),
    [
        ((STRAY,), 0.5, "trafilatura", 0.0),
        ((), 0.0, "trafilatura", 0.0),
        (PARAGRAPHS[:3], 0.89, "trafilatura", 0.86),
        (PARAGRAPHS, 0.5, "paragraphs", 1.0),
        (PARAGRAPHS, 0.91, "paragraphs", 0.91),
    ],
)
def test_an_unsure_reading_is_confirmed_or_replaced(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], confidence: float, path: str, sure: float
) -> None:
    """By trafilatura; what both have in common is stored as how sure it was. The text is whole either way."""
    monkeypatch.setattr(body, "read_paragraphs", lambda *_: Reading(lines=lines, confidence=confidence))
    page = make_page(title=TITLE)
    taken, how_sure = text_source(page)
    assert taken == path
    assert how_sure == pytest.approx(sure, abs=0.05)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)


def test_the_publishers_own_text_makes_a_reading_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then trafilatura is not asked."""
    monkeypatch.setattr(body, "trafilatura_lines", None)
    monkeypatch.setattr(body, "read_paragraphs", lambda *_: Reading(lines=PARAGRAPHS, confidence=0.5))
    assert text_source(make_page(head=told(" ".join(PARAGRAPHS)), title=TITLE)) == ("paragraphs", 1.0)


def test_lines_of_attribution_are_read_wherever_they_stand() -> None:
    """They say whose the text is, and are no part of it."""
    disclaimer = "The views expressed in this article belong to the author and are not those of this newspaper."
    below = f"<span class='from'>Source: The Basin Courier</span><div class='note'>{disclaimer}</div>"
    article = read_article(make_page(f"<article><h1>{TITLE}</h1>{paragraphs()}{below}</article>", title=TITLE))
    assert (article.original_publisher, article.has_disclaimer) == ("The Basin Courier", True)
    assert article.text.split("\n") == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "nested",
    [
        "<div>" * 400 + "<b></b>" * 1_000 + "</div>" * 400,
        "<div>" * 100 + "long " * 10_000 + "</div>" * 100,
        "<div>" * 100 + "<b></b>" + "behind " * 8_000 + "</div>" * 100,
    ],
    ids=["elements", "text", "text behind an element"],
)
def test_a_page_nested_without_end_is_read_without_trafilatura(nested: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time grows with the square of the depth; the fast reading is taken as it is."""
    monkeypatch.setattr(body, "read_paragraphs", lambda *_: Reading(lines=PARAGRAPHS, confidence=0.1))
    monkeypatch.setattr(body, "trafilatura_lines", None)
    page = make_page(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>{nested}", title=TITLE)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)


def test_scripts_and_styles_are_no_text_that_stands_too_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are megabytes on some pages, and trafilatura takes them off first."""
    asked: list[str] = []
    monkeypatch.setattr(body, "read_paragraphs", lambda *_: Reading(lines=PARAGRAPHS, confidence=0.1))

    def read(_: object, focus: str) -> list[str]:
        asked.append(focus)
        return list(PARAGRAPHS)

    monkeypatch.setattr(body, "trafilatura_lines", read)
    code = "<div>" * 50 + f"<script>{'x = 1; ' * 20_000}</script><style>{'p {} ' * 20_000}</style>" + "</div>" * 50
    page = make_page(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>{code}", title=TITLE)
    assert read_article(page).text.split("\n") == list(PARAGRAPHS)
    assert asked == ["precision"]
