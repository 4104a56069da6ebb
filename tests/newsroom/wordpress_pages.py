"""An Observatory article -> its page, as a WordPress news theme prints it, with everything that is not the article."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from newsroom.markup import attribute, render, wordpress_escape
from newsroom.sample_articles import SampleArticle, slug_of
from newsroom.sites import WORDING, Site, Wording
from newsroom.wordpress_content import content_html, description, excerpt_html

BLOCK_ITEMS = 4
LISTING_ITEMS = 10


def article_page(
    article: SampleArticle, site: Site, origin: str, *, others: Sequence[SampleArticle], view_count: int
) -> str:
    """The page of one article."""
    wording = WORDING[site.key]
    published = article.published.astimezone(site.zone)
    related = [other for other in others if other.section == article.section and other is not article]
    image_url = f"{origin}/wp-content/uploads/2026/03/{article.image}"
    return render(
        "observatory_article.html",
        **frame(site, origin, wording),
        page_title=attribute(f"{article.full_headline} • {site.name}"),
        url=f"{origin}{article.path}",
        og_locale="ar_AR" if site.language == "ar" else "en_US",
        description=attribute(description(article)),
        section=attribute(article.section),
        tag_metas="\n".join(f'<meta property="article:tag" content="{attribute(tag)}">' for tag in article.tags),
        published=published.isoformat(),
        modified=article.modified.astimezone(site.zone).isoformat(),
        printed_date=published.strftime("%d/%m/%Y"),
        image_meta=f'<meta property="og:image" content="{image_url}">' if article.image else "",
        figure=figure(image_url, article) if article.image else "",
        api_item=f"wp/v2/posts/{article.article_id}",
        shortlink=f"{origin}{site.prefix}?p={article.article_id}",
        article_id=str(article.article_id),
        category_url=f"{origin}{site.prefix}category/{quote(slug_of(article.section)).lower()}/",
        headline=wordpress_escape(article.full_headline),
        views=wording.views.format(count=view_count),
        content=content_html(article, wording),
        share=wording.share,
        related_title=wording.related,
        related=headlines(related, origin),
        most_read_title=wording.most_read,
        most_read=headlines(sorted(others, key=lambda other: other.article_id % 7), origin),
    )


def listing_page(site: Site, origin: str, path: str, heading: str, articles: Sequence[SampleArticle]) -> str:
    """The home page or a category: headlines with the beginnings of their texts."""
    wording = WORDING[site.key]
    entries = "\n".join(entry(article, origin, wording) for article in articles[:LISTING_ITEMS])
    title = site.name if heading == site.name else f"{heading} • {site.name}"
    return render(
        "observatory_listing.html",
        **frame(site, origin, wording),
        page_title=attribute(title),
        url=f"{origin}{path}",
        body_class="home blog" if heading == site.name else "archive category",
        heading=wordpress_escape(heading),
        entries=entries,
    )


def not_found_page(site: Site, origin: str) -> str:
    """WordPress' page for an address that it does not know, in the site's frame."""
    wording = WORDING[site.key]
    return render(
        "observatory_listing.html",
        **frame(site, origin, wording),
        page_title=attribute(f"{wording.not_found} • {site.name}"),
        url=f"{origin}{site.prefix}",
        body_class="error404",
        heading=wording.not_found,
        entries="",
    )


def frame(site: Site, origin: str, wording: Wording) -> dict[str, str]:
    """What every page of the site prints."""
    home_url = f"{origin}{site.prefix}"
    return {
        "direction": wording.direction,
        "locale": site.locale,
        "site_name": attribute(site.name),
        "home_url": home_url,
        "feed_path": "feed/",
        "api_url": f"{home_url}wp-json/",
        "assets_url": f"{origin}/wp-content/themes/monitor",
        "menu": "\n".join(f'<li class="menu-item"><a href="{home_url}">{word}</a></li>' for word in wording.menu),
        "footer": wording.footer,
        "cookies": wording.cookies,
    }


def figure(image_url: str, article: SampleArticle) -> str:
    """The featured image."""
    alt = attribute(article.headline)
    return f'<figure class="post-thumbnail"><img src="{image_url}" width="64" height="36" alt="{alt}"></figure>'


def headlines(articles: Sequence[SampleArticle], origin: str) -> str:
    """A block of links to other articles."""
    return "\n".join(
        f'<li><a href="{origin}{article.path}">{wordpress_escape(article.full_headline)}</a></li>'
        for article in articles[:BLOCK_ITEMS]
    )


def entry(article: SampleArticle, origin: str, wording: Wording) -> str:
    """One article in a listing."""
    url = f"{origin}{article.path}"
    return (
        f'<article class="post type-post"><h2 class="entry-title"><a href="{url}">'
        f"{wordpress_escape(article.full_headline)}</a></h2>\n"
        f'<div class="entry-summary">{excerpt_html(article)}<a class="more-link" href="{url}">'
        f"{wording.continue_reading}</a></div></article>"
    )
