"""Behavior of extractors.discover.sitemap_files."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.content_encoding import GZIP_MAGIC
from extractors.discover import sitemap_files
from extractors.discover.sitemap_files import Child, read_sitemap
from extractors.errors import DiscoverError, Reason

URL = "https://www.example.org/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ONE = "<url><loc>https://www.example.org/a</loc><lastmod>2026-03-02</lastmod></url>"


LAUGHS = b'<!DOCTYPE urlset [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]>' % (
    b"ha" * 1_000,
    b"&a;" * 1_000,
    b"&b;" * 1_000,
)


def urlset(*rows: str, root: str = f"urlset {SPACE}") -> bytes:
    """A sitemap with some rows."""
    return f"{HEAD}<{root}>{''.join(rows)}</{root.split(maxsplit=1)[0]}>".encode()


def urls(body: bytes) -> list[str | None]:
    """Addresses that a sitemap lists."""
    return [entry.item.url for entry in read_sitemap(body, url=URL).entries]


NEWS = """<url><loc>https://www.example.org/n</loc><lastmod>2026-03-03T10:00:00Z</lastmod>
<news:news><news:publication><news:name>Example</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-02T23:05:21+01:00</news:publication_date><news:title> Bread &amp;
 salt </news:title><news:keywords>bread, salt,, bread</news:keywords></news:news>
<image:image><image:loc>/i/one.jpg</image:loc></image:image><image:image><image:loc>/i/two.jpg</image:loc></image:image>
</url>"""
NEWS_SPACES = (
    f"urlset {SPACE} "
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def test_a_news_entry_gives_its_hints() -> None:
    """Title, times as written, language, keywords, the first image; an image's address is not the page's."""
    (entry,) = read_sitemap(urlset(NEWS, root=NEWS_SPACES), url=URL).entries
    hints = entry.item.hints
    assert entry.is_news
    assert entry.item.url == "https://www.example.org/n"
    assert (hints.title, hints.language, hints.tags) == ("Bread & salt", "en", ("bread", "salt"))
    assert (hints.published, hints.modified) == ("2026-03-02T23:05:21+01:00", "2026-03-03T10:00:00Z")
    assert hints.image_url == "https://www.example.org/i/one.jpg"


def test_an_image_entry_is_no_news() -> None:
    """A page with a picture and nothing else has its address and its picture."""
    row = "<url><image:image><image:loc>/i.jpg</image:loc></image:image><loc>/a</loc></url>"
    (entry,) = read_sitemap(urlset(row, root=NEWS_SPACES), url=URL).entries
    assert (entry.item.url, entry.is_news) == ("https://www.example.org/a", False)
    assert entry.item.hints.image_url == "https://www.example.org/i.jpg"


def test_an_index_lists_sitemaps() -> None:
    """Each with its own time; one without an address is passed over."""
    rows = (
        "<sitemap><loc>/one.xml.gz</loc><lastmod>2026-03-02</lastmod></sitemap>",
        "<sitemap><loc> https://www.example.org/two.xml </loc></sitemap><sitemap><lastmod>x</lastmod></sitemap>",
    )
    found = read_sitemap(urlset(*rows, root=f"sitemapindex {SPACE}"), url=URL)
    assert found.children == [
        Child(url="https://www.example.org/one.xml.gz", lastmod="2026-03-02"),
        Child(url="https://www.example.org/two.xml", lastmod=None),
    ]
    assert not found.entries


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(urlset(ONE)), id="gzip, whatever its name and type"),
        pytest.param(b"\xef\xbb\xbf\n" + urlset(ONE), id="mark and white space before the declaration"),
        pytest.param(urlset(ONE, root="urlset"), id="no namespace"),
        pytest.param(urlset(ONE, root='urlset xmlns="http://www.google.com/schemas/sitemap/0.84"'), id="an old one"),
        pytest.param(urlset(ONE).decode().replace("UTF-8", "UTF-16").encode("utf-16"), id="UTF-16"),
        pytest.param(b"https://www.example.org/a\r\n", id="a list of lines"),
        pytest.param(urlset(ONE.replace("<lastmod>", "<image:image/><lastmod>")), id="a prefix that nobody declared"),
        pytest.param(urlset("<!-- x --><?x y?>", ONE, "<other><url>z</url></other>"), id="other nodes between"),
    ],
)
def test_forms_of_one_sitemap(body: bytes) -> None:
    """However it is packed, it lists the one page."""
    assert urls(body) == ["https://www.example.org/a"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NOT_A_FEED),
        (b" \n", Reason.NOT_A_FEED),
        (b"<!DOCTYPE html><html><body>Page not found</body></html>", Reason.NOT_A_FEED),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', Reason.NOT_A_FEED),
        (b'{"urls": []}', Reason.NOT_A_FEED),
        (b"Not found", Reason.NOT_A_FEED),
        (gzip.compress(b"<html></html>", mtime=0), Reason.NOT_A_FEED),
        (b"<urlset><url><loc>https://www.exam", Reason.FEED_PARSE_ERROR),
        (b"<urlset", Reason.FEED_PARSE_ERROR),
        (GZIP_MAGIC + b"nothing of the kind", Reason.BAD_ENCODING),
        (b"<urlset><url>" + b"<a>" * 20_000, Reason.FEED_PARSE_ERROR),
        (LAUGHS + b'<urlset x="&c;"><url><loc>&c;</loc></url></urlset>', Reason.FEED_PARSE_ERROR),
        (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', Reason.FEED_PARSE_ERROR),
    ],
)
def test_what_is_no_sitemap_has_a_reason(body: bytes, reason: Reason) -> None:
    """A named reason, never an empty listing."""
    with pytest.raises(DiscoverError) as caught:
        read_sitemap(body, url=URL)
    assert caught.value.reason == reason
    assert caught.value.detail


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(urlset(ONE, "<url><loc>https://www.example.org/b?x=1&y=2</loc></url>", ONE), id="bare ampersand"),
        pytest.param(urlset(ONE)[:-9] + b"<url><loc>https://www.exam", id="cut short"),
        pytest.param(urlset(ONE, "<x:y/>")[:-9] + b"<url>", id="cut short, with a prefix that nobody declared"),
        pytest.param(gzip.compress(urlset(ONE))[:-4], id="gzip cut short"),
    ],
)
def test_what_stands_before_the_damage_is_kept_and_the_damage_named(body: bytes) -> None:
    """The caller is told that there was more."""
    found = read_sitemap(body, url=URL)
    assert found.entries[0].item.url == "https://www.example.org/a"
    assert found.damage


def test_entities_are_not_resolved_and_files_not_read() -> None:
    """A declaration of one is reason enough to stop, before any text of it is used."""
    body = b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]><urlset><url><loc>&x;</loc></url></urlset>'
    with pytest.raises(DiscoverError, match="document type"):
        read_sitemap(body, url=URL)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gzip file is unpacked up to the protocol's bound and no further."""
    monkeypatch.setattr(sitemap_files, "MAX_SITEMAP_BYTES", 100_000)
    with pytest.raises(DiscoverError) as caught:
        read_sitemap(gzip.compress(urlset(ONE) + b" " * 200_000), url=URL)
    assert caught.value.reason == Reason.TOO_LARGE


def test_entries_beyond_the_bound_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are read; that there were more is damage."""
    monkeypatch.setattr(sitemap_files, "MAX_ENTRIES", 3)
    for body in (urlset(*[ONE] * 5), b"https://www.example.org/a\n" * 5):
        found = read_sitemap(body, url=URL)
        assert len(found.entries) == 3
        assert "more than 3" in found.damage


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda data: urlset(ONE)[:-9] + data)))
def test_anybodys_bytes_end_in_entries_or_a_reason(body: bytes) -> None:
    """Nothing else is raised."""
    try:
        found = read_sitemap(body, url=URL)
    except DiscoverError as error:
        named = error.reason in (Reason.NOT_A_FEED, Reason.FEED_PARSE_ERROR, Reason.BAD_ENCODING)
    else:
        named = bool(found.entries or found.children or found.damage) or b"<urlset" in body or b"<sitemapindex" in body
    assert named
