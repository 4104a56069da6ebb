from __future__ import annotations

import pytest
from quality.made_pages import PARAGRAPHS, make_capture, make_outlet, make_page, paragraphs, read_article

COURIER = "https://courier.example/news/harbor"
SOURCES = [{"kind": "feed", "url": "https://www.gazette.example/feed"}]
BASED_ON = f'{{"@type":"NewsArticle","headline":"Harbor reopens after eleven weeks","isBasedOn":"{COURIER}"}}'
AMP_HOSTS = {"hosts": ["www.gazette.example", "m.gazette.example", "amp.gazette.example"]}


def page_with(head: str = "", *lines: str) -> str:
    """A page with more in its head, and more lines below or above its text."""
    body = paragraphs(*lines) if lines else paragraphs()
    return make_page(f"<article><h1>Harbor reopens after eleven weeks</h1>{body}</article>", head=head)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (f"<link rel='canonical' href='{COURIER}'>", "link.canonical"),
        (f"<meta name='original-source' content='{COURIER}'>", "meta.original-source"),
        (f"<meta name='syndication-source' content='{COURIER}'>", "meta.syndication-source"),
        (
            f"<script type='application/ld+json'>{BASED_ON}</script>",
            "json-ld.isBasedOn",
        ),
    ],
)
def test_the_head_says_where_the_original_is(head: str, source: str) -> None:
    """A canonical URL on another host, syndication's meta elements, ``isBasedOn``."""
    article = read_article(page_with(head))
    assert article.original_url == COURIER
    assert {f.source for f in article.provenance if f.field == "original_url"} == {source}


@pytest.mark.parametrize(
    "url", ["https://www.gazette.example/other", "https://amp.gazette.example/a", "https://courier.example/", "x"]
)
def test_addresses_that_are_no_original(url: str) -> None:
    """The outlet's own hosts, front pages, what is no address."""
    assert read_article(page_with(f"<meta name='original-source' content='{url}'>")).original_url is None


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        ("<meta property='article:publisher' content='The Levant Courier'>", "The Levant Courier"),
        ("<meta name='dc.source' content='The Levant Courier'>", "The Levant Courier"),
        ("<meta property='article:publisher' content='The Amal Gazette'>", None),
        ("<meta property='article:publisher' content='https://www.facebook.com/LevantCourier'>", None),
        ("<meta name='dc.source' content='42'>", None),
    ],
)
def test_the_head_says_who_had_it_first(head: str, publisher: str | None) -> None:
    """By name; the outlet itself and a page in a social network are none."""
    assert read_article(page_with(head)).original_publisher == publisher


@pytest.mark.parametrize(
    ("href", "original"), [(COURIER, COURIER), ("http://[", None), ("https://www.gazette.example/other", None)]
)
def test_the_link_of_a_source_line_leads_to_the_original(href: str, original: str | None) -> None:
    """Where it is one: a damaged address is none, and does not cost the article."""
    page = page_with("", *PARAGRAPHS, f"Source: <a href='{href}'>The Levant Courier</a>")
    assert read_article(page).original_url == original


def test_a_source_line_counts_more_than_the_head() -> None:
    """It is what readers see."""
    head = "<meta name='dc.source' content='Wire'>"
    article = read_article(page_with(head, *PARAGRAPHS, "Source: The Levant Courier"))
    assert article.original_publisher == "The Levant Courier"


def test_agencies_come_from_dateline_byline_and_credit() -> None:
    """Each once, in this order, with where they were found."""
    lines = ["PORT AMAL (AP) — " + PARAGRAPHS[0], *PARAGRAPHS[1:], "(Reuters, AP)"]
    article = read_article(page_with("<meta name='author' content='AFP'>", *lines))
    assert article.agency == ("AP", "AFP", "Reuters")
    assert {(f.source, f.raw) for f in article.provenance if f.field == "agency"} == {
        ("dateline+byline+credit_line", "AP, AFP, Reuters")
    }


@pytest.mark.parametrize(
    ("sources", "opening", "is_cut"),
    [
        (SOURCES, "PORT AMAL (AP) — ", True),
        ([], "PORT AMAL (AP) — ", False),
        ([], "Port Amal – The Amal Gazette: ", True),
    ],
)
def test_when_a_dateline_is_cut(sources: list[dict[str, str]], opening: str, is_cut: bool) -> None:
    """Where the outlet has a file, or names itself; of any other host the text stays as it was published."""
    article = read_article(page_with("", opening + PARAGRAPHS[0], *PARAGRAPHS[1:]), outlet=make_outlet(sources=sources))
    assert article.dateline == opening.rstrip(" —:")
    assert article.text.startswith(PARAGRAPHS[0] if is_cut else opening)


def test_corrections_are_a_field_of_their_own() -> None:
    """One a line, as written, and none of the text."""
    notes = ["This article was amended on 4 March to name the second ship.", "Correction: The port has eleven quays."]
    article = read_article(page_with("", *PARAGRAPHS, *notes))
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.corrections == "\n".join(notes)


@pytest.mark.parametrize(
    "twin",
    [
        "https://amp.gazette.example/news/harbor-reopens",
        "https://m.gazette.example/news/harbor-reopens",
        "https://www.gazette.example/news/harbor-reopens/amp",
        "https://www.gazette.example/news/harbor-reopens?outputType=amp",
    ],
)
def test_twins_of_a_page_are_the_same_article(twin: str) -> None:
    """AMP and mobile pages name the main page as canonical."""
    url = "https://www.gazette.example/news/harbor-reopens"
    page = page_with(f"<link rel='canonical' href='{url}'>")
    outlet = make_outlet(urls=AMP_HOSTS)
    main, other = (read_article(page, outlet=outlet, capture=make_capture(each)) for each in (url, twin))
    assert other.article_id == main.article_id
    assert (other.canonical_url, other.original_url) == (url, None)
