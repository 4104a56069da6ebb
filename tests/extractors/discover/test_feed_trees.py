"""Well-formed feeds are read as feedparser reads them, in time linear in their size."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.discover.feed_trees import Entry, read_damaged_tree, read_tree
from extractors.discover.xml_feeds import read_xml_feed
from extractors.errors import DiscoverError

URL = "https://news.example/en/feed/"
RSS = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><language>ar</language>{}</channel></rss>'
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">{}</feed>'


def entries_of(text: str) -> list[Entry]:
    """The entries of a well-formed feed."""
    found = read_tree(text.encode(), url=URL)
    assert found is not None
    return found[1]


def only(text: str) -> Entry:
    """The one entry of a well-formed feed."""
    [entry] = entries_of(text)
    return entry


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<rss><channel></rss>",
        "<html><body/></html>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
        "<rss><channel><item><title>caf&eacute;</title></item></channel></rss>",
        '<?xml version="1.0" encoding="utf-7"?><rss><channel/></rss>',
    ],
)
def test_what_is_not_plainly_a_feed_is_left_to_others(text: str) -> None:
    """Damage, entities of a feed's own and other documents are for feedparser."""
    assert read_tree(text.encode(), url=URL) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (RSS.format("<item/><item/>"), 2),
        ("<rss><channel/><item/></rss>", 1),
        (f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"><channel/><item/></rdf:RDF>', 1),
        ('<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry/></a:feed>', 1),
        ('<RSS xmlns="urn:unknown"><Channel><Item/></Channel></RSS>', 1),
    ],
)  # fmt: skip
def test_entries_are_found_where_each_format_has_them(text: str, count: int) -> None:
    """In a channel or beside it, with a prefix, in any case."""
    assert len(entries_of(text)) == count


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<link>a</link>", "https://news.example/en/feed/a"),
        ('<link xml:base="/x/">a</link>', "https://news.example/x/a"),
        ("<link>/a</link><link>/b</link>", "https://news.example/b"),
        ('<link>/a</link><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="/f"/>', "https://news.example/a"),
        ("<link>http://[x</link>", "http://[x"),
        ("<link/>", None),
    ],
)  # fmt: skip
def test_the_link_of_an_item(inner: str, expected: str | None) -> None:
    """Relative to the bases around it and to the feed; the last one counts; what is no address stays as it is."""
    assert only(RSS.format(f"<item>{inner}</item>")).get("link") == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<link href="/a"/>', "https://news.example/a"),
        ('<link rel="alternate" type="text/html">/a</link><link rel="enclosure">/b</link>', "https://news.example/a"),
        ('<link rel="alternate" type="application/pdf" href="/a.pdf"/>', None),
    ],
)
def test_the_page_of_an_entry(inner: str, expected: str | None) -> None:
    """An alternate that is HTML; some write the address as text."""
    assert only(ATOM.format(f"<entry>{inner}</entry>")).get("link") == expected


@pytest.mark.parametrize(
    ("title", "value", "kind"),
    [
        ("<title>5 &lt; 6</title>", "5 < 6", "text/plain"),
        ('<title type="html">A &lt;b&gt;b&lt;/b&gt;</title>', "A <b>b</b>", "text/html"),
        ('<title type="text">A &lt;b&gt;b&lt;/b&gt;</title>', "A <b>b</b>", "text/plain"),
        (f'<title type="xhtml">{XHTML.format("A <b>b</b>")}</title>', "A <b>b</b>", "application/xhtml+xml"),
        ('<title mode="base64">QSBiw6k=</title>', "A bé", "text/plain"),
        ("<title><!-- note -->A<?php x ?></title>", "A", "text/plain"),
        ("<title>caf\u00c3\u00a9</title>", "café", "text/plain"),
        ("<title>don\u0092t</title>", "don’t", "text/plain"),
    ],
)  # fmt: skip
def test_text_constructs(title: str, value: str, kind: str) -> None:
    """Every type of Atom, and text that was encoded twice."""
    entry = only(ATOM.format(f"<entry>{title}</entry>"))
    assert (entry["title"], entry["title_detail"]["type"]) == (value, kind)


def test_the_later_of_two_times_in_a_feed_counts() -> None:
    """And each of the spellings of a time is known."""
    times = "<pubDate>1 Jan 2026</pubDate><issued>2 Jan 2026</issued><dc:date>2026-01-03</dc:date>"
    entry = only(RSS.format(f"<item>{times}</item>"))
    assert (entry["published"], entry["updated"]) == ("2 Jan 2026", "2026-01-03")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("<author>desk@news.example (Lina Haddad)</author>", "Lina Haddad"),
        ("<author>Lina Haddad &lt;desk@news.example&gt;</author>", "Lina Haddad"),
        ("<dc:creator>Lina Haddad</dc:creator>", "Lina Haddad"),
        ("<author>desk@news.example</author>", ""),
    ],
)
def test_authors_come_without_their_address(author: str, name: str) -> None:
    """RSS asks for an e-mail address, and most feeds write a name beside it or in its place."""
    assert [each["name"] for each in only(RSS.format(f"<item>{author}</item>"))["authors"]] == [name]


def test_media_in_a_group_belong_to_the_entry() -> None:
    """Pictures, title and description of ``media:group`` are the entry's."""
    group = '<media:group><media:title>T</media:title><media:content url="/a.jpg"/></media:group>'
    entry = only(RSS.format(f"<item>{group}</item>"))
    assert entry["title"] == "T"
    assert entry["media_content"] == [{"url": "/a.jpg"}]


def test_the_channel_says_its_language() -> None:
    """As an element in RSS, as an attribute in Atom."""
    rss, atom = (read_tree(text.format("").encode(), url=URL) for text in (RSS, ATOM))
    assert rss is not None
    assert atom is not None
    assert (rss[0]["language"], atom[0]["language"]) == ("ar", "fr")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: text.rindex("<item>") + 10],
        lambda text: text.replace("Rain", "Rain & wind"),
        lambda text: text.replace("Rain", "Rain&nbsp;and &ldquo;wind&rdquo;"),
        lambda text: text.replace("</channel>", ""),
        lambda text: (
            "<!DOCTYPE rss [<!ENTITY b 'c'>]>" + text.replace("Rain", "Rain &b; wind").replace("<link>", "&b;<link>")
        ),
    ],
)
def test_what_can_be_read_of_a_damaged_feed_is_read(damage: object) -> None:
    """Cut, with bare ampersands, with entities of HTML and of its own, without an end."""
    assert callable(damage)
    text = RSS.format("".join(f"<item><title>Rain {n}</title><link>/{n}</link></item>" for n in range(3)))
    found = read_damaged_tree(damage(text).encode(), url=URL)
    assert found is not None
    assert found[1][0]["link"] == "https://news.example/0"


LARGE = 40_000
HOSTILE = {
    "attributes": "<item><title " + " ".join(f'a{n}="x"' for n in range(LARGE)) + ">x</title></item>",
    "bases": "<item>" + '<a xml:base="x/">' * LARGE + "</a>" * LARGE + "</item>",
    "categories": "<item>" + "".join(f"<category>{n}</category>" for n in range(LARGE)) + "</item>",
    "keywords": "<item><itunes:keywords>" + ",".join(map(str, range(LARGE))) + "</itunes:keywords></item>",
    "items in items": "<item>" * LARGE + "</item>" * LARGE,
    "open tags": "<item><description>" + "<a " * LARGE + "</description></item>",
    "open quotes": "<item><description>" + '<a b="' * LARGE + "</description></item>",
    "bare ampersands": "<item><description>" + "&a" * LARGE + "</description></item>",
}


@pytest.mark.parametrize("inner", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("end", ["", "</oops>"], ids=["whole", "damaged"])
def test_hostile_feeds_are_read_or_refused_at_once(inner: str, end: str) -> None:
    """What took feedparser a minute is read in a moment, whole or damaged: none of it gets there."""
    text = RSS.format(f"<item><title>First</title></item>{inner}{end}")
    with suppress(DiscoverError):
        assert read_xml_feed(text.encode(), url=URL, headers={}).items[0].hints.title == "First"


@given(st.text(alphabet="<>/abimte&;!-[]\"'= ", max_size=60))
def test_anybodys_markup_is_read_or_left(inner: str) -> None:
    """Whatever is between two tags of a feed."""
    text = RSS.format(f"<item>{inner}</item>").encode()
    for read in (read_tree, read_damaged_tree):
        found = read(text, url=URL)
        assert found is None or isinstance(found[1], list)
