"""Articles -> RSS 2.0, once as WordPress writes it and once as the Gazette's Drupal does."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime

from newsroom.markup import attribute, body_html, drupal_escape, plain, wordpress_escape
from newsroom.sample_articles import SampleArticle
from newsroom.sites import GAZETTE, WORDING, Site
from newsroom.wordpress_content import content_html, excerpt_html

WORDPRESS_NAMESPACES = """xmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom"
\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
\txmlns:slash="http://purl.org/rss/1.0/modules/slash/\""""
DRUPAL_NAMESPACES = (
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def wordpress_feed(site: Site, origin: str, articles: Sequence[SampleArticle]) -> bytes:
    """The Observatory's feed: RFC 822 dates in UTC, ``?p=`` guids, excerpt and full content."""
    home = f"{origin}{site.prefix}"
    built = format_datetime(max(article.modified for article in articles)) if articles else ""
    items = "\n".join(wordpress_item(site, home, origin, article) for article in articles)
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\t{WORDPRESS_NAMESPACES}
>
<channel>
\t<title>{wordpress_escape(site.name)}</title>
\t<atom:link href="{home}feed/" rel="self" type="application/rss+xml" />
\t<link>{home}</link>
\t<description></description>
\t<lastBuildDate>{built}</lastBuildDate>
\t<language>{site.locale}</language>
\t<sy:updatePeriod>hourly</sy:updatePeriod>
\t<generator>https://wordpress.org/?v=6.7.2</generator>
{items}
</channel>
</rss>
""".encode()


def wordpress_item(site: Site, home: str, origin: str, article: SampleArticle) -> str:
    """One post. Its excerpt ends in the sentence that WordPress adds to every feed."""
    headline = wordpress_escape(article.full_headline)
    link = f"{origin}{article.path}"
    categories = "\n".join(
        f"\t\t<category><![CDATA[{wordpress_escape(name)}]]></category>" for name in (article.section, *article.tags)
    )
    joiner = {"en": "first appeared on", "ar": "ظهرت أولاً على"}[site.language]
    appeared = (
        f'<p>The post <a href="{link}">{headline}</a> {joiner} <a href="{home}">{wordpress_escape(site.name)}</a>.</p>'
    )
    return f"""\t<item>
\t\t<title>{headline}</title>
\t\t<link>{link}</link>
\t\t<dc:creator><![CDATA[QOHR]]></dc:creator>
\t\t<pubDate>{format_datetime(article.published)}</pubDate>
{categories}
\t\t<guid isPermaLink="false">{home}?p={article.article_id}</guid>
\t\t<description><![CDATA[{excerpt_html(article)}
{appeared}
]]></description>
\t\t<content:encoded><![CDATA[{content_html(article, WORDING[site.key])}
{appeared}
]]></content:encoded>
\t</item>"""


def drupal_feed(origin: str, path: str, articles: Sequence[SampleArticle]) -> bytes:
    """The Gazette's feed: dates with a space before the offset, the standfirst, the whole body."""
    items = "\n".join(drupal_item(origin, article) for article in articles)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss {DRUPAL_NAMESPACES} version="2.0" xml:base="{origin}">
  <channel>
    <atom:link href="{origin}{path}" rel="self" type="application/rss+xml"/>
    <title>{GAZETTE.name}</title>
    <link>{origin}</link>
    <description>{GAZETTE.name}</description>
    <language>en</language>
{items}
  </channel>
</rss>
""".encode()


def drupal_item(origin: str, article: SampleArticle) -> str:
    """One item; an advert's link goes to the sponsor's host."""
    link = attribute(article.advert_url or f"{origin}{article.path}")
    return f"""    <item>
      <guid isPermaLink="false">{link}</guid>
      <link>{link}</link>
      <title><![CDATA[{article.headline}]]></title>
      <description><![CDATA[{plain(article.standfirst or "")}]]></description>
      <pubDate>{drupal_date(article)}</pubDate>
      <content:encoded><![CDATA[{body_html(article.body, drupal_escape)}]]></content:encoded>
    </item>"""


def drupal_date(article: SampleArticle) -> str:
    """``2026-03-02T23:05:21 +0000``: London's clock, which RFC 822 and ISO 8601 both refuse in this form."""
    return article.published.astimezone(GAZETTE.zone).strftime("%Y-%m-%dT%H:%M:%S %z")
