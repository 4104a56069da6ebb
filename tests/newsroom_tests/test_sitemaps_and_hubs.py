"""Behavior of newsroom.sitemaps and newsroom.hubs."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from newsroom import RunningNewsroom, articles_in
from newsroom.sitemaps import INDEX, NEWS_SITEMAP, SECTION_SITEMAPS
from newsroom.sites import OBSERVATORY_ZONE


def locations(text: str) -> list[str]:
    """Addresses of a sitemap."""
    return re.findall(r"<loc>([^<]+)</loc>", text)


def test_robots_names_the_index_and_the_news_sitemap(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """As crawlers find them."""
    robots = client.get(f"{newsroom.gazette_url}/robots.txt").text
    assert re.findall(r"^Sitemap: (.+)$", robots, re.MULTILINE) == [
        f"{newsroom.gazette_url}{INDEX}",
        f"{newsroom.gazette_url}{NEWS_SITEMAP}",
    ]


def test_the_index_leads_to_every_node(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """One sitemap a section, one of them a gzip file that no Content-Encoding announces."""
    listed: set[str] = set()
    for address in locations(client.get(f"{newsroom.gazette_url}{INDEX}").text):
        response = client.get(address)
        zipped = address.endswith(".gz")
        assert response.headers.get("content-encoding") != "gzip" or not zipped
        listed |= set(locations((gzip.decompress(response.content) if zipped else response.content).decode()))
    sections = set(SECTION_SITEMAPS.values())
    nodes = [a for a in articles_in(newsroom.edition, "gazette") if a.kind != "advert" and a.section in sections]
    assert {f"{newsroom.gazette_url}{article.path}" for article in nodes} <= listed


def test_the_news_sitemap_has_each_article_with_its_title(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """And only articles."""
    text = client.get(f"{newsroom.gazette_url}{NEWS_SITEMAP}").text
    articles = [a for a in articles_in(newsroom.edition, "gazette") if a.kind == "article"]
    assert text.count("<news:title>") == len(articles)


def test_the_hub_turns_pages_to_its_end(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """By a pager; past the end is an empty page, not a 404."""
    titles, url = [], f"{newsroom.gazette_url}/latest"
    while url:
        text = client.get(url).text
        titles += re.findall(r"<h2><a href", text)
        following = re.search(r'<a href="(\?page=\d+)" rel="next">', text)
        url = f"{newsroom.gazette_url}/latest{following[1]}" if following else ""
    assert len(titles) == sum(a.kind == "article" for a in articles_in(newsroom.edition, "gazette"))
    assert client.get(f"{newsroom.gazette_url}/latest?page=99").status_code == 200


@pytest.mark.parametrize("site", ["observatory_en", "observatory_ar"])
def test_a_date_archive_ends_in_404(newsroom: RunningNewsroom, client: httpx.Client, site: str) -> None:
    """Each day of the site's own clock, and each month, holds its posts; a day without any is not found."""
    prefix = {"observatory_en": "/en/", "observatory_ar": "/"}[site]
    articles = [a for a in articles_in(newsroom.edition) if a.site == site]
    day = articles[0].published.astimezone(OBSERVATORY_ZONE)
    base = f"{newsroom.observatory_url}{prefix}date"
    assert articles[0].path in client.get(f"{base}/{day:%Y/%m/%d}/").text
    found, number = 0, 1
    while (response := client.get(f"{base}/2026/03/page/{number}/")).status_code == 200:
        found += response.text.count("entry-title")
        number += 1
    assert (found, response.status_code) == (len(articles), 404)
    for nothing in ("2026/02/30", "2031/01/01", "2026/13"):
        assert client.get(f"{base}/{nothing}/").status_code == 404
