"""A Gazette article -> its page, as a Drupal newspaper prints it, with structured data and blocks around the text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from newsroom.markup import body_html, drupal_escape, plain, render
from newsroom.sample_articles import SampleArticle
from newsroom.sites import GAZETTE

BLOCK_ITEMS = 4


def gazette_page(article: SampleArticle, origin: str, others: Sequence[SampleArticle]) -> str:
    """The page of one node, whatever its kind."""
    shown = {"live_blog": live_blog, "listing": topic_listing, "gallery": gallery}.get(article.kind, full_article)
    return page(
        origin,
        others,
        headline=article.headline,
        url=f"{origin}{article.path}",
        shortlink=f"{origin}/node/{article.article_id}",
        description=plain(article.standfirst or article.headline),
        og_type="article" if article.kind in ("article", "paywall", "live_blog") else "website",
        node_type={"article": "article", "paywall": "article", "live_blog": "live-blog"}.get(article.kind, "landing"),
        head=head_metas(article, origin),
        json_ld=json_ld(article, origin),
        main=shown(article, origin, others),
    )


def section_page(origin: str, section: str, articles: Sequence[SampleArticle]) -> str:
    """The front page or a section: teasers only."""
    heading = section or GAZETTE.name
    url = f"{origin}/{section.lower()}"
    return page(
        origin,
        articles,
        headline=heading,
        url=url,
        shortlink=url,
        description=heading,
        og_type="website",
        node_type="landing",
        head="",
        json_ld={"@context": "https://schema.org", "@type": "CollectionPage", "name": heading, "url": url},
        main=f'<h1 class="page-title">{heading}</h1>\n{teasers(articles, origin)}',
    )


def hub_page(
    origin: str,
    path: str,
    shown: Sequence[SampleArticle],
    articles: Sequence[SampleArticle],
    *,
    following: int | None,
) -> str:
    """One page of the newest articles, with a pager to the ``following`` one."""
    pager = f'<nav class="pager"><a href="?page={following}" rel="next">Next</a></nav>' if following else ""
    return page(
        origin,
        articles,
        headline="Latest",
        url=f"{origin}{path}",
        shortlink=f"{origin}{path}",
        description="Latest",
        og_type="website",
        node_type="landing",
        head="",
        json_ld={"@context": "https://schema.org", "@type": "CollectionPage", "name": "Latest"},
        main=f'<h1 class="page-title">Latest</h1>\n<div class="view-latest">{teasers(shown, origin)}</div>\n{pager}',
    )


def not_found_page(origin: str, articles: Sequence[SampleArticle]) -> str:
    """Drupal's page for an address that it does not know."""
    return page(
        origin,
        articles,
        headline="Page not found",
        url=f"{origin}/system/404",
        shortlink=f"{origin}/system/404",
        description="Page not found",
        og_type="website",
        node_type="error",
        head='<meta name="robots" content="noindex">',
        json_ld={"@context": "https://schema.org", "@type": "WebPage", "name": "Page not found"},
        main="<h1>Page not found</h1>\n<p>The requested page could not be found.</p>",
    )


def page(
    origin: str, others: Sequence[SampleArticle], *, json_ld: dict[str, Any], main: str, head: str, **texts: str
) -> str:
    """The frame of every page; ``texts`` are escaped, ``main`` and ``head`` are HTML."""
    popular = sorted((other for other in others if other.kind == "article"), key=lambda other: other.article_id % 5)
    return render(
        "gazette_page.html",
        **{key: drupal_escape(text) for key, text in texts.items()},
        home_url=origin,
        head=head,
        main=main,
        json_ld=json.dumps(json_ld, ensure_ascii=False, indent=2).replace("</", "<\\/"),
        most_popular=links(popular, origin),
    )


def full_article(article: SampleArticle, origin: str, others: Sequence[SampleArticle]) -> str:
    """Headline, standfirst, byline, picture, text, newsletter, tags and related headlines."""
    published = article.published.astimezone(GAZETTE.zone)
    related = [
        other
        for other in others
        if other.kind == "article" and set(other.tags) & set(article.tags) and other != article
    ]
    body = body_html(article.body, drupal_escape)
    return render(
        "gazette_article.html",
        article_id=str(article.article_id),
        section_path=article.section.lower(),
        section=article.section,
        headline=drupal_escape(article.headline),
        standfirst=drupal_escape(article.standfirst or ""),
        byline=drupal_escape(article.byline or ""),
        published=published.isoformat(),
        printed_date=published.strftime("%d %B, %Y"),
        url=f"{origin}{article.path}",
        figure=figure(article, origin),
        body=f"{body}\n{render('paywall_offer.html')}" if article.kind == "paywall" else body,
        tags="\n".join(
            f'<li><a href="/tag/{drupal_escape(tag.lower().replace(" ", "-"))}">{tag}</a></li>' for tag in article.tags
        ),
        related=links(related, origin),
    )


def live_blog(article: SampleArticle, origin: str, others: Sequence[SampleArticle]) -> str:  # noqa: ARG001 - one form
    """A live blog before its script has run: no text at all."""
    return render("live_blog.html", headline=drupal_escape(article.headline), article_id=str(article.article_id))


def topic_listing(article: SampleArticle, origin: str, others: Sequence[SampleArticle]) -> str:
    """A page that gathers what was written on a topic: it looks like an article and is a list."""
    chosen = [other for other in others if other.kind == "article" and "truce" in other.tags]
    return f'<h1 class="page-title">{drupal_escape(article.headline)}</h1>\n{teasers(chosen, origin)}'


def gallery(article: SampleArticle, origin: str, others: Sequence[SampleArticle]) -> str:  # noqa: ARG001 - one form
    """Pictures with captions."""
    shown = "\n".join(figure(article, origin) for _ in range(3))
    return f'<h1 class="page-title">{drupal_escape(article.headline)}</h1>\n<div class="gallery">{shown}</div>'


def teasers(articles: Sequence[SampleArticle], origin: str) -> str:
    """Headlines with their standfirsts."""
    return "\n".join(
        f'<article class="node node--view-mode-teaser"><h2><a href="{origin}{article.path}">'
        f"{drupal_escape(article.headline)}</a></h2><p>{drupal_escape(article.standfirst or '')}</p></article>"
        for article in articles
        if article.kind == "article"
    )


def links(articles: Sequence[SampleArticle], origin: str) -> str:
    """A block of links to other articles."""
    return "\n".join(
        f'<li><a href="{origin}{article.path}">{drupal_escape(article.headline)}</a></li>'
        for article in articles[:BLOCK_ITEMS]
    )


def styled_image(article: SampleArticle, origin: str, style: str) -> str:
    """An image's address in one of the site's sizes; its query changes with the style, its file does not."""
    mark = hashlib.sha256(f"{style}/{article.image}".encode()).hexdigest()
    return f"{origin}/sites/default/files/styles/{style}/public/2026-03/{article.image}?h={mark[:8]}&itok={mark[8:16]}"


def figure(article: SampleArticle, origin: str) -> str:
    """The picture with its caption and credit; nothing where the article has none."""
    if not article.image:
        return ""
    source = drupal_escape(styled_image(article, origin, "large_16_9"))
    return (
        f'<figure class="field--name-field-image"><img src="{source}" alt="" width="64" height="36">'
        f"<figcaption>{GAZETTE.image_caption} [{GAZETTE.image_credit}]</figcaption></figure>"
    )


def head_metas(article: SampleArticle, origin: str) -> str:
    """OpenGraph's article properties."""
    metas = [("og:image", styled_image(article, origin, "og_image"))] if article.image else []
    if article.kind in ("article", "paywall", "live_blog"):
        metas.append(("article:published_time", article.published.astimezone(GAZETTE.zone).isoformat()))
        metas.append(("article:modified_time", article.modified.astimezone(GAZETTE.zone).isoformat()))
        metas.append(("article:section", article.section))
    return "\n".join(f'<meta property="{name}" content="{drupal_escape(value)}">' for name, value in metas)


def json_ld(article: SampleArticle, origin: str) -> dict[str, Any]:
    """The page as schema.org sees it, in a ``@graph`` beside the organization."""
    kind = {"article": "NewsArticle", "paywall": "NewsArticle", "live_blog": "LiveBlogPosting"}.get(article.kind)
    organization = {
        "@type": "NewsMediaOrganization",
        "@id": f"{origin}/#organization",
        "name": GAZETTE.name,
        "url": origin,
    }
    if kind is None:
        collection = {"@type": "CollectionPage", "name": article.headline, "url": f"{origin}{article.path}"}
        return {"@context": "https://schema.org", "@graph": [organization, collection]}
    node: dict[str, Any] = {
        "@type": kind,
        "headline": article.headline,
        "description": plain(article.standfirst or ""),
        "url": f"{origin}{article.path}",
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"{origin}{article.path}"},
        "datePublished": article.published.astimezone(GAZETTE.zone).isoformat(),
        "dateModified": article.modified.astimezone(GAZETTE.zone).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors]
        or [{"@id": f"{origin}/#organization"}],
        "publisher": {"@id": f"{origin}/#organization"},
        "articleSection": article.section,
        "keywords": list(article.tags),
        "isAccessibleForFree": article.kind != "paywall",
    }
    if article.image:
        node["image"] = {"@type": "ImageObject", "url": styled_image(article, origin, "og_image")}
    if article.kind == "paywall":
        node["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": "#paywall"}
    return {"@context": "https://schema.org", "@graph": [organization, node]}
