"""What addresses of articles share, and when that is not sure enough to say."""

from __future__ import annotations

import re

import pytest

from extractors.discover.autodiscovery.address_patterns import article_like, pattern_of
from extractors.records import Hints, Link

HOME = "https://www.example.org/"
SLUGS = ("rain-stops-play", "calm-prevails-in-maran", "truce", "bread-price-doubles-again", "six-killed-in-market")


def links(*urls: str, ids: tuple[str, ...] = ()) -> list[Link]:
    """Links of some addresses."""
    found_ids: tuple[str | None, ...] = ids or (None,) * len(urls)
    return [
        Link(outlet_id="x", source_id="y", requested_url=url, normalized_url=url, hints=Hints(cms_id=cms_id))
        for url, cms_id in zip(urls, found_ids, strict=True)
    ]


def under(form: str, count: int = 5) -> list[str]:
    """Addresses of one form with slugs, numbers and days put in."""
    return [
        form.format(
            slug=SLUGS[n % 5] + ("" if n < 5 else f"-{n}"), id=40000 + n, year=2025 + n % 2, month=f"{n % 12 + 1:02}"
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("form", "home", "expected"),
    [
        ("https://www.example.org/en/{id}/", HOME + "en/", r"^https://www\.example\.org/en/\d+/$"),
        ("https://www.example.org/{slug}/{id}/", HOME, r"^https://www\.example\.org/[^/?]+/\d+/$"),
        ("https://www.example.org/news/{slug}", HOME, r"^https://www\.example\.org/[^/?]+/[^/?]+$"),
        (
            "https://www.example.org/{year}/{month}/{slug}/",
            HOME,
            r"^https://www\.example\.org/\d{{4}}/\d{{1,2}}/[^/?]+/$".replace("{{", "{").replace("}}", "}"),
        ),
        ("https://www.example.org/{slug}-{id}.html", HOME, r"^https://www\.example\.org/[^/?]+-[0-9]+\.html$"),
        ("https://www.example.org/a-b/{slug}.html", HOME + "a-b/", r"^https://www\.example\.org/a-b/[^/?]+\.html$"),
    ],
)
def test_a_shared_shape_is_a_pattern(form: str, home: str, expected: str) -> None:
    """Numbers, days, extensions and the site's own folder are spelled out; words that may change are not."""
    urls = under(form)
    found = pattern_of(links(*urls), home)
    assert found is not None
    assert found.include == expected
    assert all(re.search(found.include, url) for url in urls)
    assert not re.search(found.include, home)


@pytest.mark.parametrize(
    "urls",
    [
        under("https://www.example.org/{slug}/"),  # every page of the site has this shape
        under("https://www.example.org/news?id={id}"),
        under("https://www.example.org/en/{id}/", 4),
        [*under("https://www.example.org/news/{slug}"), "https://www.example.org/live"],
        [HOME] * 5,
        [],
    ],
    ids=["one word", "query", "few", "two shapes", "the home page", "none"],
)
def test_what_is_not_sure_gives_no_pattern(urls: list[str]) -> None:
    """Nothing is excluded by a guess."""
    assert pattern_of(links(*urls), HOME) is None


def test_a_year_that_all_links_share_is_not_spelled_out() -> None:
    """In December every link is of this year; a pattern that said so would end in January."""
    urls = [f"https://www.example.org/2026/12/{slug}" for slug in SLUGS]
    found = pattern_of(links(*urls), HOME)
    assert found is not None
    assert re.search(found.include, "https://www.example.org/2027/1/new-year")


def test_a_word_is_spelled_out_only_when_many_links_share_it() -> None:
    """Five links of one section are chance, twenty are the site's way."""
    few, many = (pattern_of(links(*under("https://www.example.org/news/{slug}", n)), HOME) for n in (19, 20))
    assert few is not None
    assert many is not None
    assert "/news/" not in few.include
    assert "/news/" in many.include


def test_different_shapes_below_one_folder_share_the_folder() -> None:
    """Enough to tell the English site from the Arabic one on the same host."""
    urls = [*under("https://www.example.org/en/{id}/"), "https://www.example.org/en/a/b/c"]
    found = pattern_of(links(*urls), HOME + "en/")
    assert found is not None
    assert found.include == r"^https://www\.example\.org/en/."


def test_the_id_in_the_address_is_the_posts_own() -> None:
    """Only where the source told the same id for each link."""
    urls = under("https://www.example.org/{slug}/{id}/")
    ids = tuple(url.split("/")[-2] for url in urls)
    found = pattern_of(links(*urls, ids=ids), HOME)
    assert found is not None
    assert found.cms_id is not None
    assert [m["id"] for url in urls if (m := re.search(found.cms_id, url))] == list(ids)
    other = pattern_of(links(*urls, ids=(*ids[:-1], "1")), HOME)
    assert other is not None
    assert other.cms_id is None


def test_of_a_home_pages_links_the_likely_articles_are_taken() -> None:
    """Those with a headline, a number or a day in their address, in the shape that most of them share."""
    urls = [
        *under("https://www.example.org/news/{slug}-in-the-east"),
        "https://www.example.org/about",
        "https://www.example.org/terms-and-conditions-of-use",
        "https://www.example.org/news",
    ]
    assert [link.requested_url for link in article_like(links(*urls))] == urls[:5]
    assert article_like(links("https://www.example.org/about")) == []
