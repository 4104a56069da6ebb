"""The Gazette's articles -> its sitemaps: an index, one sitemap a section (one of them gzipped), one for news."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsroom.answers import answer
from newsroom.desk import Desk
from newsroom.drupal_pages import styled_image
from newsroom.markup import attribute
from newsroom.sample_articles import SampleArticle, articles_in
from newsroom.sites import GAZETTE

XML = "application/xml; charset=utf-8"
INDEX = "/sitemap.xml"
NEWS_SITEMAP = "/news-sitemap.xml"
SECTION_SITEMAPS = {
    "/sitemaps/news.xml": "News",
    "/sitemaps/features.xml.gz": "Features",
    "/sitemaps/opinion.xml": "Opinion",
}
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def gazette_sitemap_routes(desk: Desk) -> list[Route]:
    """The addresses of the Gazette's sitemaps; the edition is the desk's."""

    def served(
        build: Callable[[str, Sequence[SampleArticle]], bytes], *, zipped: bool = False
    ) -> Callable[..., Response]:
        def respond(request: Request) -> Response:
            nodes = [article for article in articles_in(desk.edition, "gazette") if article.kind != "advert"]
            body = build(origin_of(request), nodes)
            newest = max(article.modified for article in nodes)
            if zipped:  # a file that is compressed itself, as its type says
                body, kind = gzip.compress(body, 6, mtime=0), "application/gzip"
            else:
                kind = XML
            return answer(request, body, content_type=kind, etag=True, last_modified=newest)

        return respond

    return [
        Route(INDEX, served(index)),
        Route(NEWS_SITEMAP, served(news_sitemap)),
        *(
            Route(path, served(section_sitemap(section), zipped=path.endswith(".gz")))
            for path, section in SECTION_SITEMAPS.items()
        ),
    ]


def sitemap_lines(origin: str) -> str:
    """What robots.txt says of the sitemaps."""
    return f"\nSitemap: {origin}{INDEX}\nSitemap: {origin}{NEWS_SITEMAP}\n"


def origin_of(request: Request) -> str:
    """Scheme, address and port at which the site is served."""
    host, port = request.scope["server"]
    return f"http://{host}:{port}"


def index(origin: str, articles: Sequence[SampleArticle]) -> bytes:
    """The index; each sitemap says when it was last changed."""
    rows = []
    for path, section in SECTION_SITEMAPS.items():
        newest = max(article.modified for article in articles if article.section == section)
        rows.append(f"<sitemap><loc>{origin}{path}</loc><lastmod>{printed(newest)}</lastmod></sitemap>")
    return document("sitemapindex", rows)


def section_sitemap(section: str) -> Callable[[str, Sequence[SampleArticle]], bytes]:
    """A sitemap of one section's nodes; the first entry is the section's own page, which has no date."""

    def build(origin: str, articles: Sequence[SampleArticle]) -> bytes:
        own = f"<url><loc>{origin}/{section.lower()}</loc><changefreq>hourly</changefreq></url>"
        rows = [
            f"<url><loc>{attribute(origin + article.path)}</loc><lastmod>{printed(article.modified)}</lastmod></url>"
            for article in articles
            if article.section == section
        ]
        return document("urlset", [own, *rows])

    return build


def news_sitemap(origin: str, articles: Sequence[SampleArticle]) -> bytes:
    """A sitemap for news search: titles, times of publication, language, keywords, pictures."""
    return document("urlset", [news_entry(origin, article) for article in articles if article.kind == "article"])


def news_entry(origin: str, article: SampleArticle) -> str:
    """One article."""
    image = styled_image(article, origin, "og_image") if article.image else ""
    picture = f"<image:image><image:loc>{attribute(image)}</image:loc></image:image>" if image else ""
    return (
        f"<url><loc>{attribute(origin + article.path)}</loc><lastmod>{printed(article.modified)}</lastmod>"
        f"<news:news><news:publication><news:name>{GAZETTE.name}</news:name>"
        f"<news:language>{GAZETTE.language}</news:language></news:publication>"
        f"<news:publication_date>{printed(article.published)}</news:publication_date>"
        f"<news:title>{attribute(article.headline)}</news:title>"
        f"<news:keywords>{attribute(', '.join(article.tags))}</news:keywords></news:news>{picture}</url>"
    )


def document(root: str, rows: Sequence[str]) -> bytes:
    """A whole sitemap."""
    lines = "\n".join(rows)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {NAMESPACES}>\n{lines}\n</{root}>\n'.encode()


def printed(moment: datetime) -> str:
    """A W3C time on London's clock."""
    return moment.astimezone(GAZETTE.zone).isoformat()
