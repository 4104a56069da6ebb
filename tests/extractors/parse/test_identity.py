from __future__ import annotations

import pytest
from quality.made_pages import PAGE_URL, make_capture, make_page, read_article

OTHER = "https://www.gazette.example/news/quay-closes"


@pytest.mark.parametrize(
    ("canonical", "og_url", "expected"),
    [
        (OTHER, PAGE_URL, PAGE_URL),
        (PAGE_URL, OTHER, PAGE_URL),
        (OTHER, "", OTHER),
        ("https://www.gazette.example/", OTHER, OTHER),
        ("https://www.gazette.example/", "https://www.gazette.example/", PAGE_URL),
        ("", "", PAGE_URL),
    ],
)
def test_of_two_declared_urls_the_one_that_was_fetched_counts(canonical: str, og_url: str, expected: str) -> None:
    """A template can carry another article's canonical link, or the front page's."""
    head = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    head += f'<meta property="og:url" content="{og_url}">' if og_url else ""
    assert read_article(make_page(head=head)).canonical_url == expected


def test_an_amp_page_is_the_article_that_it_is_a_twin_of() -> None:
    """Its canonical link leads there, so both have one identity."""
    head = f'<link rel="canonical" href="{PAGE_URL}">'
    twin = read_article(make_page(head=head), capture=make_capture(f"{PAGE_URL}/amp"))
    assert twin.article_id == read_article(make_page()).article_id
