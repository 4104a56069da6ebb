from __future__ import annotations

import json
from email.utils import parsedate_to_datetime

import feedparser
import httpx
import pytest
from lxml import etree, html

from newsroom import Edition, RunningNewsroom, SampleArticle, articles_in, expected_of
from newsroom.desk import Host
from newsroom.markup import plain

FETCHED = [article for article in articles_in(Edition.EVENING) if article.kind != "advert"]


def address(newsroom: RunningNewsroom, article: SampleArticle) -> str:
    """Where an article's page is."""
    base = newsroom.gazette_url if article.site == "gazette" else newsroom.observatory_url
    return f"{base}{article.path}"


@pytest.mark.parametrize("article", FETCHED, ids=lambda a: f"{a.site}-{a.article_id}")
def test_a_page_holds_what_is_expected_and_what_is_not(
    newsroom: RunningNewsroom, client: httpx.Client, article: SampleArticle
) -> None:
    """The title element carries the site's name; the expected lines are there, with boilerplate around them."""
    newsroom.set_edition("evening")
    response = client.get(address(newsroom, article))
    assert response.status_code == 200
    page = html.fromstring(response.text)
    expected = expected_of(article)
    title = page.findtext(".//title") or ""
    assert expected.title in title
    assert title.endswith(article.outlet.name)
    shown = [
        " ".join(etree.tostring(node, method="text", encoding="unicode", with_tail=False).split())
        for node in page.iter("p", "li", "h3", "strong")
    ]
    if article.kind in ("article", "paywall"):
        assert {plain(line) for block in article.body for line in block.lines} <= set(shown)
        assert page.xpath("string(//link[@rel='canonical']/@href)") == address(newsroom, article)
        assert len(shown) > len(expected.lines) + 5


def test_two_answers_differ_in_the_view_count_alone(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """So the bytes change while the article does not, and the page has no validators."""
    pages = [client.get(f"{newsroom.observatory_url}/en/41207/") for _ in range(2)]
    first, second = (page.text.splitlines() for page in pages)
    different = [line for line, other in zip(first, second, strict=True) if line != other]
    assert len(different) == 1
    assert "post-views" in different[0]
    assert not {"etag", "last-modified"} & pages[0].headers.keys()


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/en/?p=41207", "/en/41207/"),
        ("/en/41207", "/en/41207/"),
        ("/?p=702114", None),
        ("/%D8%AE%D8%B7%D8%A3/702114/", None),
    ],
)
def test_old_and_wrong_addresses_lead_to_the_right_one(
    newsroom: RunningNewsroom, client: httpx.Client, asked: str, leads_to: str | None
) -> None:
    """301, as WordPress answers; an Arabic id is found under any slug."""
    if leads_to is None:
        leads_to = next(a.path for a in articles_in(Edition.MORNING) if a.article_id == 702114)
    response = client.get(f"{newsroom.observatory_url}{asked}")
    assert response.status_code == 301
    assert response.headers["location"] == f"{newsroom.observatory_url}{leads_to}"
    assert client.get(response.headers["location"]).status_code == 200


def test_an_arabic_address_is_the_same_in_either_case(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """``%D9`` and ``%d9`` are one letter."""
    path = next(a.path for a in articles_in(Edition.MORNING) if a.site == "observatory_ar")
    assert client.get(f"{newsroom.observatory_url}{path.replace('%d', '%D')}").status_code == 200


def test_the_withdrawn_article_is_gone_in_the_evening(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """From its address, the feed and the REST API; one that is yet to come is merely not there."""
    url = newsroom.observatory_url
    assert client.get(f"{url}/en/41302/").status_code == 200
    assert client.get(f"{url}/en/41422/").status_code == 404
    newsroom.set_edition("evening")
    assert client.get(f"{url}/en/41302/").status_code == 410
    assert client.get(f"{url}/en/41422/").status_code == 200
    assert "41302" not in client.get(f"{url}/en/wp-json/wp/v2/posts?per_page=100&_fields=id").text
    assert "?p=41302" not in client.get(f"{url}/en/feed/").text


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("observatory", "/nowhere"),
        ("observatory", "/en/999999/"),
        ("observatory", "/en/category/nowhere/"),
        ("gazette", "/news/nowhere"),
        ("gazette", "/x"),
    ],
)
def test_an_unknown_address_is_404_with_a_page_of_the_site(
    newsroom: RunningNewsroom, client: httpx.Client, host: Host, path: str
) -> None:
    """The page has the site's menu and no article."""
    base = newsroom.observatory_url if host == "observatory" else newsroom.gazette_url
    response = client.get(base + path)
    assert response.status_code == 404
    assert "<nav" in response.text
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/en/", "/", "/en/category/casualty-registers/"])
def test_listing_pages_show_headlines_of_several_articles(
    newsroom: RunningNewsroom, client: httpx.Client, path: str
) -> None:
    """What extraction must refuse."""
    page = html.fromstring(client.get(f"{newsroom.observatory_url}{path}").text)
    assert page.findall(".//h2[@class='entry-title']")
    assert page.xpath("string(//meta[@property='og:type']/@content)") == "website"


def test_the_gazettes_pages_carry_structured_data(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """schema.org's words for the article, with London's offset, persons as authors, and a styled image."""
    article = next(a for a in articles_in(Edition.MORNING) if a.article_id == 88117)
    page = html.fromstring(client.get(address(newsroom, article)).text)
    node = json.loads(page.findtext(".//script[@type='application/ld+json']") or "")["@graph"][1]
    assert node["@type"] == "NewsArticle"
    assert node["headline"] == article.headline
    assert node["datePublished"] == "2026-03-29T08:10:00+01:00"
    assert node["author"] == [{"@type": "Person", "name": "Mariam Qassis"}]
    assert "/styles/og_image/public/2026-03/kizilova-bus-school.png?h=" in node["image"]["url"]
    image = client.get(node["image"]["url"])
    assert image.content.startswith(b"\x89PNG")
    assert client.get(f"{newsroom.gazette_url}/node/88117").headers["location"] == address(newsroom, article)


def test_the_observatorys_feed_is_what_wordpress_writes(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Ten posts, guids by number, RFC 822 dates, an excerpt and the whole content."""
    response = client.get(f"{newsroom.observatory_url}/en/feed/")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.version == "rss20"
    assert len(feed.entries) == 10
    entry = feed.entries[0]
    assert entry.id == f"{newsroom.observatory_url}/en/?p=41388"
    assert entry.link == f"{newsroom.observatory_url}/en/41388/"
    assert parsedate_to_datetime(entry.published).isoformat() == "2026-03-24T18:07:44+00:00"
    assert "Source: The Levantine Gazette" in entry.content[0].value
    older = feedparser.parse(client.get(f"{newsroom.observatory_url}/en/feed/?paged=2").content)
    assert len(older.entries) == 4
    assert client.get(f"{newsroom.observatory_url}/en/feed/?paged=3").status_code == 404


@pytest.mark.parametrize("path", ["/rss", "/rss.xml"])
def test_the_gazettes_feed_is_what_its_drupal_writes(
    newsroom: RunningNewsroom, client: httpx.Client, path: str
) -> None:
    """Every node with its body, an advert among them, and dates that neither standard allows."""
    response = client.get(f"{newsroom.gazette_url}{path}")
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    listed = {entry.link: entry for entry in feed.entries}
    first = listed[f"{newsroom.gazette_url}/news/truce-in-maran-province-holds-for-a-second-night"]
    assert first.published == "2026-03-02T23:05:21 +0000"
    assert first.summary.startswith("Residents of Tel Zaytun")
    assert "<p>Queues formed before dawn" in first.content[0].value
    assert [link for link in listed if "sponsor.example" in link]


def test_the_gazettes_edit_shows_in_its_feed(newsroom: RunningNewsroom, client: httpx.Client) -> None:
    """Title, description and body of the item change; its link and date do not."""

    def item() -> feedparser.FeedParserDict:
        feed = feedparser.parse(client.get(f"{newsroom.gazette_url}/rss").content)
        return next(entry for entry in feed.entries if "umm-rihan" in entry.link)

    before = item()
    newsroom.set_edition("evening")
    after = item()
    assert (before.link, before.published) == (after.link, after.published)
    assert before.title != after.title
    assert before.content[0].value != after.content[0].value


@pytest.mark.parametrize("host", ["observatory", "gazette"])
def test_robots_txt_disallows_some_paths(newsroom: RunningNewsroom, client: httpx.Client, host: Host) -> None:
    """On the Gazette one of them is an article that the feed lists."""
    base = newsroom.observatory_url if host == "observatory" else newsroom.gazette_url
    text = client.get(f"{base}/robots.txt").text
    assert text.startswith("User-agent: *\nDisallow: /")
    if host == "gazette":
        refused = next(a for a in articles_in(Edition.MORNING) if a.reason == "robots_disallowed")
        prefix = next(line for line in text.splitlines() if "/news/" in line).removeprefix("Disallow: ")
        assert refused.path.startswith(prefix)
        assert refused.path in client.get(f"{base}/rss").text
