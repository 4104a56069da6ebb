"""Behavior of extractors.discover.xml_feeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.discover.listings import Item
from extractors.discover.xml_feeds import read_xml_feed
from extractors.errors import DiscoverError, Reason

URL = "https://www.example.org/feed/"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"
 xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Example</title><link>https://www.example.org/</link><language>en-GB</language>
<item>%s</item></channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">
<title>Example</title><entry>%s</entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://www.example.org/"><title>Example</title></channel>%s</rdf:RDF>"""


def read(text: str | bytes, **headers: str) -> list[Item]:
    """Items of a feed served from URL."""
    body = text.encode() if isinstance(text, str) else text
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_xml_feed(body, url=URL, headers=named).items


def only(text: str | bytes, **headers: str) -> Item:
    """The one item of a feed."""
    items = read(text, **headers)
    assert len(items) == 1
    return items[0]


def test_an_item_of_rss_gives_all_its_hints() -> None:
    """Title, standfirst, body, authors, time, tags, image and guid come as the feed has them."""
    item = only(
        RSS
        % """<title>Bridge at Karn reopens &amp; traffic returns</title><link>https://www.example.org/en/12/</link>
        <dc:creator>Lina Haddad</dc:creator><dc:creator>Omar Sayegh</dc:creator>
        <pubDate>Mon, 02 Mar 2026 23:05:21 +0000</pubDate>
        <category>News</category><category>Roads</category><category>News</category>
        <guid isPermaLink="false">https://www.example.org/en/?p=12</guid>
        <description>The span was closed for a year.</description>
        <content:encoded><![CDATA[<p>Cars crossed the river on Monday.</p>]]></content:encoded>
        <media:content url="/a-300.jpg" medium="image" width="300"/>
        <media:content url="/a-1200.jpg" medium="image" width="1200"/>
        <media:content url="/a.mp4" medium="video" width="1920"/>"""
    )
    assert item.url == "https://www.example.org/en/12/"
    assert item.guid == "https://www.example.org/en/?p=12"
    assert item.hints.title == "Bridge at Karn reopens & traffic returns"
    assert item.hints.standfirst == "The span was closed for a year."
    assert item.hints.body_html == "<p>Cars crossed the river on Monday.</p>"
    assert item.hints.authors == ("Lina Haddad", "Omar Sayegh")
    assert item.hints.published == "Mon, 02 Mar 2026 23:05:21 +0000"
    assert item.hints.modified is None
    assert item.hints.tags == ("News", "Roads")
    assert item.hints.image_url == "https://www.example.org/a-1200.jpg"
    assert item.hints.language == "en-GB"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("<link>\n https://www.example.org/a \n</link>", "https://www.example.org/a"),
        ("<link>/news/a</link>", "https://www.example.org/news/a"),
        ('<link xml:base="https://www.example.org/en/">a</link>', "https://www.example.org/en/a"),
        ("<link>https://www.example.org/a?b=1&amp;c=2</link>", "https://www.example.org/a?b=1&c=2"),
        ("<guid>https://www.example.org/a</guid>", "https://www.example.org/a"),
        ('<guid isPermaLink="false">https://www.example.org/a</guid>', "https://www.example.org/a"),
        ('<guid isPermaLink="false">12</guid>', None),
        ('<link>/a</link><guid isPermaLink="true">https://www.example.org/?p=1</guid>', "https://www.example.org/a"),
        ("<link>https://fb.example/1</link><feedburner:origLink>https://www.example.org/a</feedburner:origLink>", "https://www.example.org/a"),
        ("<title>No link at all</title>", None),
    ],
)  # fmt: skip
def test_the_link_of_an_rss_item(entry: str, expected: str | None) -> None:
    """The link, relative ones made absolute, else a guid that is an address; FeedBurner's own is looked through."""
    assert only(RSS % entry).url == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('<link href="https://www.example.org/a"/>', "https://www.example.org/a"),
        ('<link rel="self" href="/a.atom"/><link href="https://www.example.org/a"/>', "https://www.example.org/a"),
        ('<link href="/a"/><link rel="enclosure" type="image/jpeg" href="/a.jpg"/>', "https://www.example.org/a"),
        ('<link rel="alternate" type="application/pdf" href="/a.pdf"/>', "https://www.example.org/a.pdf"),
        ('<id>https://www.example.org/a</id><link rel="self" href="/a.atom"/>', "https://www.example.org/a"),
        ("<id>urn:uuid:1</id>", None),
    ],
)
def test_the_link_of_an_atom_entry(entry: str, expected: str | None) -> None:
    """The alternate is the page; a feed's own address and enclosures are not."""
    assert only(ATOM % entry).url == expected


def test_xml_base_of_the_feed_counts() -> None:
    """Relative links are relative to xml:base, where the feed has one."""
    text = (RSS % "<link>/news/a</link>").replace('version="2.0"', 'version="2.0" xml:base="https://cdn.example/x/"')
    assert only(text).url == "https://cdn.example/news/a"


@pytest.mark.parametrize(
    ("entry", "published", "modified"),
    [
        ("<pubDate>2024-10-18T23:05:21 +0100</pubDate>", "2024-10-18T23:05:21 +0100", None),
        ("<dc:date>2026-03-02T10:00:00Z</dc:date>", "2026-03-02T10:00:00Z", None),
        (
            "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><dc:date>2026-03-02T10:00:00Z</dc:date>",
            "Mon, 02 Mar 2026 10:00:00 GMT",
            None,
        ),
        (
            "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><atom:updated>2026-03-02T11:00:00Z</atom:updated>",
            "Mon, 02 Mar 2026 10:00:00 GMT",
            "2026-03-02T11:00:00Z",
        ),
        ("<title>Undated</title>", None, None),
    ],
)
def test_times_of_rss_stay_as_written(entry: str, published: str | None, modified: str | None) -> None:
    """A lone date is the publication; a later one beside it is a change."""
    hints = only(RSS % entry).hints
    assert (hints.published, hints.modified) == (published, modified)


def test_times_of_atom_are_two() -> None:
    """Atom tells publication and change apart, and a lone ``updated`` is no publication."""
    both = only(ATOM % "<published>2026-03-02T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>").hints
    assert (both.published, both.modified) == ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z")
    lone = only(ATOM % "<updated>2026-03-02T10:00:00Z</updated>").hints
    assert (lone.published, lone.modified) == (None, "2026-03-02T10:00:00Z")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>5 &lt; 6 says the minister</title>", "5 < 6 says the minister"),
        ("<title>The &lt;em&gt;Karn&lt;/em&gt; bridge</title>", "The Karn bridge"),
        ("<title><![CDATA[Saad &#8211; a portrait]]></title>", "Saad – a portrait"),
        ("<title>Two\n  lines</title>", "Two lines"),
        ("<title>‘Quoted’ | كيفر</title>", "‘Quoted’ | كيفر"),
        ("<title></title>", None),
    ],
)
def test_titles_are_text(title: str, expected: str | None) -> None:
    """Markup and double escaping are undone; a bare less-than sign is kept."""
    assert only(RSS % title).hints.title == expected


ARABIC_CREDIT = '<p>ظهرت المقالة <a href="/a">مطر</a> أولاً على <a href="/">مثال</a>.</p>'
BODY = "<content:encoded><![CDATA[<p>Rain fell on the hills of Sarmin all night.</p><p>More.</p>]]></content:encoded>"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("<description>Rain fell.</description>", "Rain fell."),
        ("<description>&lt;p&gt;Rain &lt;b&gt;fell&lt;/b&gt;.&lt;/p&gt;</description>", "Rain fell."),
        ("<description>Rain fell on the hills [&amp;#8230;]</description>", None),
        ("<description>Rain fell on the hills [...]</description>", None),
        ("<description>Rain fell on the hills…</description>", None),
        ("<description>Rain fell. Read more &amp;raquo;</description>", None),
        (f"<description>Rain fell on the hills of Sarmin</description>{BODY}", None),
        (f"<description>A night of rain.</description>{BODY}", "A night of rain."),
        (
            "<description>A night of rain. The post Rain appeared first on Example.</description>",
            "A night of rain.",
        ),
        ("<description>The post Rain appeared first on Example.</description>", None),
        ("<description>A night of rain. The post Rain first appeared on Example.</description>", "A night of rain."),
        (f"<description><![CDATA[<p>ليلة ماطرة</p>\n{ARABIC_CREDIT}]]></description>", "ليلة ماطرة"),
        ("<description></description>", None),
    ],
)
def test_a_standfirst_is_an_editors(entry: str, expected: str | None) -> None:
    """Excerpts that a machine cut from the body, and WordPress' closing sentence, are no standfirst."""
    assert only(RSS % entry).hints.standfirst == expected


def test_the_closing_credit_is_not_in_the_body() -> None:
    """WordPress adds its sentence to the full content too; a last paragraph with two links of its own stays."""
    credit = '<p>Der Beitrag <a href="/a">Regen</a> erschien zuerst auf <a href="/">Beispiel</a>.</p>'
    assert only(RSS % f"<content:encoded><![CDATA[<p>Regen.</p>{credit}]]></content:encoded>").hints.body_html == (
        "<p>Regen.</p>"
    )
    own = f"<p>{'The full reports are here. ' * 5}<a href='/a'>One</a> and <a href='/b'>two</a>.</p>"
    assert only(RSS % f"<content:encoded><![CDATA[{own}]]></content:encoded>").hints.body_html == own


def test_a_description_that_is_the_article_is_its_body() -> None:
    """Feeds without content:encoded put the whole article into the description."""
    hints = only(RSS % "<description><![CDATA[<p>One.</p><p>Two.</p><p>Three.</p>]]></description>").hints
    assert hints.standfirst is None
    assert hints.body_html == "<p>One.</p><p>Two.</p><p>Three.</p>"


def test_plain_content_becomes_markup() -> None:
    """Atom's text content is escaped, so that the body hint is always HTML."""
    hints = only(ATOM % "<content>Fewer than &lt;5&gt; hurt.\n\nMore later.</content>").hints
    assert hints.body_html == "<p>Fewer than &lt;5&gt; hurt.</p><p>More later.</p>"


def test_an_e_mail_address_is_no_author() -> None:
    """RSS wants an address in <author>; only a name beside it is an author."""
    assert only(RSS % "<author>desk@example.org (Lina Haddad)</author>").hints.authors == ("Lina Haddad",)
    assert only(RSS % "<author>desk@example.org</author>").hints.authors == ()


def test_rdf_items_are_read() -> None:
    """RSS 1.0 keeps its items outside the channel."""
    item = only(
        RDF
        % """<item rdf:about="https://www.example.org/a"><title>A</title><link>https://www.example.org/a</link>
        <dc:date>2026-03-02</dc:date></item>"""
    )
    assert (item.url, item.hints.title, item.hints.published) == ("https://www.example.org/a", "A", "2026-03-02")


ARABIC = "<title>قصف على إدلب</title>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ((RSS % ARABIC).encode(), "application/rss+xml"),
        ((RSS % ARABIC).encode(), "text/xml"),
        ((RSS % ARABIC).encode(), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + (RSS % ARABIC).encode(), "application/rss+xml; charset=utf-8"),
        ((RSS % ARABIC).replace("UTF-8", "windows-1256").encode("windows-1256"), "application/rss+xml"),
        ((RSS % ARABIC).encode("windows-1256"), "application/rss+xml; charset=windows-1256"),
        ((RSS % ARABIC).replace("UTF-8", "UTF-16").encode("utf-16"), "application/rss+xml"),
        ((RSS % ARABIC).encode(), "text/plain"),
        ((RSS % ARABIC).encode(), ""),
    ],
)
def test_the_charset_is_found(body: bytes, content_type: str) -> None:
    """Bytes that are UTF-8 are read so, whatever the header says; else header and declaration count."""
    assert only(body, content_type=content_type).hints.title == "قصف على إدلب"


@pytest.mark.parametrize(
    "broken",
    [
        RSS % "<title>Fish & chips</title><link>https://www.example.org/a</link>",
        RSS % "<title>A&nbsp;B</title><link>https://www.example.org/a</link>",
        RSS % "<title>A<br></title><link>https://www.example.org/a</link>",
        (RSS % "<title>A</title><link>https://www.example.org/a</link>").removesuffix("</channel></rss>"),
        (RSS % "<title>A\x08</title><link>https://www.example.org/a</link>"),
        "\n\n" + RSS % "<title>A</title><link>https://www.example.org/a</link>",
    ],
)
def test_a_broken_feed_is_still_used(broken: str) -> None:
    """Bare ampersands, unknown entities, unclosed elements and cut-off ends do not cost the entries."""
    assert only(broken).url == "https://www.example.org/a"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html><body><item><link>https://a.b/</link></item></body></html>", Reason.NOT_A_FEED),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml"></html>', Reason.NOT_A_FEED),
        (b"Service unavailable", Reason.NOT_A_FEED),
        (b"<urlset><url><loc>https://www.example.org/a</loc></url></urlset>", Reason.NOT_A_FEED),
        (b"%PDF-1.4 \x00\xff", Reason.NOT_A_FEED),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>cut', Reason.FEED_PARSE_ERROR),
        ((RSS % f"<author>{'a' * 60_000}</author>").removesuffix("</rss>").encode(), Reason.FEED_PARSE_ERROR),
    ],
)  # fmt: skip
def test_what_is_no_feed_says_so(body: bytes, reason: Reason) -> None:
    """A page, a sitemap, a message and a stump each have their reason; none is an empty feed."""
    with pytest.raises(DiscoverError) as caught:
        read(body)
    assert caught.value.reason == reason
    assert caught.value.url == URL


def test_an_empty_feed_is_a_feed() -> None:
    """A channel without items has no items and no error."""
    assert read('<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title></channel></rss>') == []


@pytest.mark.parametrize("comment", ["", "<!-- <a -->"])
def test_entities_reach_no_file_and_no_memory(comment: str) -> None:
    """External entities stay unread, and nested ones do not grow, also where a comment hides the declaration."""
    external = f'<?xml version="1.0"?>{comment}<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    item = only(f"{external}<rss version='2.0'><channel><item><title>A&x;B</title></item></channel></rss>")
    assert item.hints.title == "AB"
    nested = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 50}">' for n in range(1, 9))
    laughs = f'<?xml version="1.0"?>{comment}<!DOCTYPE rss [<!ENTITY x0 "{"ha" * 50}">{nested}]>'
    item = only(f"{laughs}<rss version='2.0'><channel><item><title>&x8;</title></item></channel></rss>")
    assert len(item.hints.title or "") < 1_000


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: (RSS % text).encode("utf-8", "replace")))
def test_any_bytes_are_items_or_a_reason(body: bytes) -> None:
    """Nobody's bytes raise anything but a DiscoverError."""
    try:
        items = read(body)
    except DiscoverError as error:
        assert error.reason in (Reason.NOT_A_FEED, Reason.FEED_PARSE_ERROR)  # noqa: PT017
        return
    assert all(item.hints.fingerprint() for item in items)
