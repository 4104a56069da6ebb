from __future__ import annotations

import pytest
from quality.made_pages import make_capture, make_page, paragraphs, read_article

from extractors.parse.paging import is_page_after

OWN = "https://www.gazette.example/news/harbor"


@pytest.mark.parametrize(
    ("own", "following"),
    [
        (OWN, f"{OWN}?page=2"),
        (f"{OWN}/", f"{OWN}/2/"),
        (f"{OWN}/", f"{OWN}/page/2/"),
        (f"{OWN}.html", f"{OWN}-2.html"),
        (f"{OWN}?page=1", f"{OWN}?page=2"),
        (f"{OWN}?page=2", f"{OWN}?page=3"),
        (f"{OWN}/2/", f"{OWN}/3/"),
    ],
)
def test_the_next_page_of_an_article(own: str, following: str) -> None:
    """The same address with the next number."""
    assert is_page_after(own, following)


@pytest.mark.parametrize(
    ("own", "following"),
    [
        (OWN, "https://www.gazette.example/news/harbor-strike"),
        (OWN, OWN),
        (OWN, f"{OWN}?page=3"),
        (f"{OWN}?page=3", f"{OWN}?page=2"),
        (OWN, "https://www.gazette.example/news/other?page=2"),
        (OWN, "https://courier.example/news/harbor?page=2"),
        ("https://www.gazette.example/en/41207/", "https://www.gazette.example/en/41208/"),
        (OWN, f"{OWN}-2"),
        ("https://www.gazette.example/en/?p=12", "https://www.gazette.example/en/?p=13"),
        (OWN, "http://[x"),
        (OWN, "mailto:desk@gazette.example"),
        (OWN, ""),
    ],
)
def test_what_is_another_page(own: str, following: str) -> None:
    """WordPress calls the next article of a blog ``next`` too; ids are no page numbers."""
    assert not is_page_after(own, following)


@pytest.mark.parametrize("label", ["2", "٢", "Next", "Next page »", "Page 2", "التالي", "Weiter", "sonraki sayfa"])
def test_a_link_that_reads_so_leads_on(label: str) -> None:
    """A pager without rel=next: the next number in any digits, or a word for it."""
    main = f"<article><h1>Harbor reopens</h1>{paragraphs()}<a href='/news/harbor?page=2'>{label}</a></article>"
    assert read_article(make_page(main), capture=make_capture(OWN)).next_url == f"{OWN}?page=2"


@pytest.mark.parametrize("label", ["3", "2 comments", "Next story: the ferry", "Harbor reopens", ""])
def test_a_link_that_reads_otherwise_does_not(label: str) -> None:
    """Pages of comments, other articles and pictures have such addresses too."""
    main = f"<article><h1>Harbor reopens</h1>{paragraphs()}<a href='/news/harbor?page=2'>{label}</a></article>"
    article = read_article(make_page(main), capture=make_capture(OWN))
    assert (article.next_url, article.is_complete) == (None, True)


def test_an_article_that_goes_on_says_so() -> None:
    """Its provenance names the next page; the text is this page's, and not complete."""
    article = read_article(make_page(head=f"<link rel='next' href='{OWN}?page=2'>"), capture=make_capture(OWN))
    assert [(f.source, f.raw) for f in article.provenance if f.field == "next_page"] == [("link.next", f"{OWN}?page=2")]
    assert (article.next_url, article.is_complete) == (f"{OWN}?page=2", False)
