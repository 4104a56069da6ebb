"""What one page says of its site."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.discover.autodiscovery.home_pages import HomePage, is_language_folder, read_home_page, site_of_api
from extractors.records import Capture, Fetched

URL = "https://www.example.org/"


def page(body: str | bytes, *, url: str = URL, link: str | None = None) -> HomePage:
    """A page as it was fetched, read."""
    capture = Capture(
        capture_id="c",
        outlet_id="example",
        requested_url=url,
        final_url=url,
        http_status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), *((("Link", link),) if link else ())),
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
        body_sha256="",
        body_bytes=0,
        warc_file="",
        warc_offset=-1,
    )
    return read_home_page(Fetched(capture=capture, body=body.encode() if isinstance(body, str) else body))


def alternate(kind: str, href: str) -> str:
    """A link element."""
    return f'<link rel="alternate" type="{kind}" href="{href}">'


def test_feeds_are_taken_in_their_order_and_once() -> None:
    """Feed types only; relative addresses; comments apart; what is only linked to after what is declared."""
    head = "".join(
        [
            alternate("application/rss+xml", "/feed/"),
            alternate("application/rss+xml; charset=utf-8", "/comments/feed/"),
            alternate("application/atom+xml", "atom.xml"),
            alternate("application/feed+json", "/feed.json"),
            alternate("application/json", "/wp-json/wp/v2/pages/2"),
            alternate("application/json+oembed", "/oembed?url=x"),
            alternate("application/rss+xml", "/feed/#top"),
            alternate("application/rss+xml", "http://[x"),
            alternate("text/html", "/fr/"),
        ]
    )
    found = page(f"<html><head>{head}</head><body><a href='/sport/rss'>RSS</a><a href='/rss-guide'>?</a></body></html>")
    assert [each.value.removeprefix(URL) for each in found.feeds] == ["feed/", "atom.xml", "feed.json", "sport/rss"]
    assert [each.told_by for each in found.feeds][-2:] == ["named by the page (rel=alternate)", "linked from the page"]
    assert found.comment_feeds == (URL + "comments/feed/",)


@pytest.mark.parametrize(
    ("head", "name", "told_by"),
    [
        ('<meta property="og:site_name" content="The Post"><title>News</title>', "The Post", "og:site_name"),
        (
            '<script type="application/ld+json">'
            + json.dumps({"@graph": [{"@type": "NewsMediaOrganization", "name": "The Post"}]})
            + "</script>",
            "The Post",
            "JSON-LD, NewsMediaOrganization",
        ),
        ("<title>Breaking news and analysis | The Post</title>", "The Post", "a guess from the page's title; check it"),
        ("<title>العربي الجديد</title>", "العربي الجديد", "a guess from the page's title; check it"),
    ],
)
def test_the_name_is_what_says_it_most_plainly(head: str, name: str, told_by: str) -> None:
    """OpenGraph, then structured data, then the title."""
    found = page(f"<html><head>{head}</head><body>x</body></html>").name
    assert found is not None
    assert (found.value, found.told_by) == (name, told_by)


@pytest.mark.parametrize(
    ("api", "site"),
    [
        ("https://www.example.org/wp-json/", URL),
        ("https://www.example.org/en/wp-json/", URL + "en/"),
        ("https://www.example.org/index.php/wp-json/", URL),
        ("https://www.example.org/index.php?rest_route=/", URL),
        ("https://www.example.org/en/?rest_route=/", URL + "en/"),
        ("https://www.example.org/api/", None),
    ],
)
def test_a_rest_root_names_its_site(api: str, site: str | None) -> None:
    """By its element or by its header; a root of another name is not asked for."""
    assert site_of_api(api) == site
    assert page(f'<html><head><link rel="https://api.w.org/" href="{api}"></head></html>').wordpress_url == site
    header = f'<https://x.example/>; rel=shortlink, <{api}>; rel="https://api.w.org/"'
    assert page("<html><body>x</body></html>", link=header).wordpress_url == site


def test_home_language_and_sitemap() -> None:
    """The home that a page names, on its own host only; BCP 47; link rel=sitemap."""
    body = (
        '<html lang="en_GB"><head><link rel="sitemap" href="/map.xml"></head>'
        '<body><a rel="home" href="https://ads.example/">x</a><a rel="home" href="https://example.org/en/">y</a></body></html>'
    )
    found = page(body, url=URL + "en/a")
    assert (found.language, found.home_url, found.sitemaps) == ("en-GB", "https://example.org/en/", (URL + "map.xml",))


@pytest.mark.parametrize(
    ("path", "is_language"),
    [(("en",), True), (("pt-br",), True), (("arabic",), True), (("news",), False), (("en", "a"), False), ((), False)],
)
def test_a_language_has_a_folder_of_its_own(path: tuple[str, ...], is_language: bool) -> None:
    """So that /en/ is a home page and /news is a section."""
    assert is_language_folder(path) is is_language


@given(st.binary(max_size=300), st.text(max_size=100))
def test_anybodys_bytes_can_be_read(body: bytes, link: str) -> None:
    """Nothing in a page or a header raises."""
    assert page(b"<html><head>" + body, link=link).url == URL
