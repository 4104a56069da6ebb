from __future__ import annotations

from datetime import UTC, datetime

import pytest
from quality.made_pages import make_outlet

from extractors.discover.listings import Item, sift
from extractors.discover.xml_feeds import read_xml_feed
from extractors.outlets import Source
from extractors.parse.documents import decode
from extractors.parse.json_ld import read_script
from extractors.records import Hints, SourceKind

NOW = datetime(2026, 4, 1, tzinfo=UTC)
URL = "http://news.example/rss"
ARABIC = "<p>مرحبا بكم في المرصد القادري لحقوق الإنسان، وهذه أخبار اليوم من محافظة ماران.</p>" * 5


def feed(item: str, *, before: str = "") -> str:
    """A feed of one item."""
    channel = f"<channel><title>News</title><item>{item}</item></channel>"
    return f"<?xml version='1.0'?>{before}<rss version='2.0'>{channel}</rss>"


@pytest.mark.parametrize("label", ["utf-8", "idna", "punycode", "undefined", "x-none", "windows-1256"])
def test_arabic_is_read_whatever_its_label_says(label: str) -> None:
    """A label that is wrong, or no charset at all, is passed over."""
    assert decode(ARABIC.encode("windows-1256"), f"text/html; charset={label}") == ARABIC


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1256"])
def test_a_feed_in_another_encoding_than_it_says_is_read(encoding: str) -> None:
    """By its mark, or by detection."""
    title = "المرصد القادري لحقوق الإنسان ينشر أخبار اليوم من محافظة ماران"
    body = feed(f"<title>{title}</title><link>{URL}/1</link><description>{ARABIC}</description>").encode(encoding)
    (item,) = read_xml_feed(body, url=URL, headers={"content-type": "application/rss+xml; charset=utf-8"}).items
    assert item.hints.title == title


def test_blank_lines_before_a_feed_are_nothing() -> None:
    """However many; feedparser alone takes minutes for these."""
    body = "\n" * 50_000 + feed(f"<title>One</title><link>{URL}/1</link>", before="\n" * 50_000)
    (item,) = read_xml_feed(body.encode(), url=URL, headers={}).items
    assert item.url == f"{URL}/1"


def test_a_picture_without_an_address_is_passed_over() -> None:
    """The item is not."""
    text = feed(f"<title>One</title><link>{URL}/1</link><enclosure url='http://[x' type='image/png'/>")
    (item,) = read_xml_feed(text.encode(), url=URL, headers={}).items
    assert (item.url, item.hints.image_url) == (f"{URL}/1", None)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("{}" * 700_000, {}),
        ("x-->" + " " * 300_000 + "x", {}),
        ('<!-- {"a": 1} -->', {"a": 1}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ('/* <![CDATA[ */ {"a": 1}; /* ]]> */', {"a": 1}),
        ('{"a": 1} {"b": 2}', {"a": 1}),
    ],
)
def test_structured_data_is_read_in_time_whatever_is_around_it(text: str, first: object) -> None:
    """Marks around a script go; what would keep a pattern busy for hours does not."""
    assert read_script(text)[0] == first


def test_an_id_that_several_addresses_share_is_nobodys() -> None:
    """A feed with one guid for all its items does not make one article of them."""
    outlet = make_outlet()
    source = Source(kind=SourceKind.FEED, url=f"https://{outlet.urls.hosts[0]}/rss")
    items = [Item(url=f"https://{outlet.urls.hosts[0]}/news/{n}", hints=Hints(cms_id="77")) for n in range(2)]
    alone = sift(items[:1], source, outlet, since=None, now=NOW)
    both = sift(items, source, outlet, since=None, now=NOW)
    assert [link.hints.cms_id for link in alone.links] == ["77"]
    assert [link.hints.cms_id for link in both.links] == [None, None]
