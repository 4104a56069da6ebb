"""The Gazette: a Drupal newspaper. Its page cache answers with validators, and its feed is its only list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsroom.answers import HTML, RSS, answer
from newsroom.desk import Desk
from newsroom.drupal_pages import gazette_page, not_found_page, section_page
from newsroom.feeds import drupal_feed
from newsroom.hubs import gazette_hub_route
from newsroom.images import png
from newsroom.sample_articles import SampleArticle, articles_in
from newsroom.sitemaps import gazette_sitemap_routes, sitemap_lines
from newsroom.wordpress import origin_of

SECTIONS = ("News", "Features", "Opinion", "Galleries")
CACHE_HEADERS = {"cache-control": "max-age=300, public", "x-drupal-cache": "HIT", "x-generator": "Drupal 10"}
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /node/add/
Disallow: /search/
Disallow: /user/login
# Licensed agency copy
Disallow: /news/wire-
"""


def make_gazette(desk: Desk) -> Starlette:
    """The Gazette's application; the edition is the desk's."""
    drupal = Drupal(desk)
    return Starlette(
        routes=[
            Route("/robots.txt", robots),
            Route("/rss", drupal.feed),
            Route("/rss.xml", drupal.feed),
            Route("/", drupal.section("")),
            gazette_hub_route(desk),
            *gazette_sitemap_routes(desk),
            *(Route(f"/{name.lower()}", drupal.section(name)) for name in SECTIONS),
            Route("/node/{article_id:int}", drupal.node),
            Route("/sites/default/files/{path:path}", image),
            Route("/{section}/{slug}", drupal.article),
            Route("/{rest:path}", drupal.not_found),
        ]
    )


def robots(request: Request) -> Response:
    """robots.txt (RFC 9309)."""
    text = f"{ROBOTS}{sitemap_lines(origin_of(request))}"
    return answer(request, text.encode(), content_type="text/plain; charset=UTF-8", etag=True)


def image(request: Request) -> Response:
    """A picture; every style of it is the same file, since nobody here looks at it."""
    return answer(request, png(request.path_params["path"].rsplit("/", 1)[-1]), content_type="image/png", etag=True)


class Drupal:
    """The one Drupal. Whatever is edited empties its page cache, so every page has the same ``Last-Modified``."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def articles(self) -> tuple[SampleArticle, ...]:
        """The nodes of the present edition, newest first; adverts are only in the feed."""
        return tuple(article for article in self.listed if article.kind != "advert")

    @property
    def listed(self) -> tuple[SampleArticle, ...]:
        """What the feed lists."""
        return articles_in(self.desk.edition, "gazette")

    @property
    def cached_since(self) -> datetime:
        """When the page cache was last emptied."""
        return max(article.modified for article in self.listed)

    def feed(self, request: Request) -> Response:
        """The feed, at either of its addresses."""
        body = drupal_feed(origin_of(request), request.url.path, self.listed)
        return self.cached(request, body, RSS)

    def section(self, name: str) -> Callable[[Request], Response]:
        """The front page (no name) or a section. Drupal renders listings anew: no validators."""

        def page(request: Request) -> Response:
            chosen = [article for article in self.articles if name in ("", article.section)]
            return answer(request, section_page(origin_of(request), name, chosen).encode(), content_type=HTML)

        return page

    def node(self, request: Request) -> Response:
        """301 from a node's number to its address."""
        for article in self.articles:
            if article.article_id == request.path_params["article_id"]:
                return RedirectResponse(f"{origin_of(request)}{article.path}", status_code=301)
        return self.not_found(request)

    def article(self, request: Request) -> Response:
        """A node's page."""
        for article in self.articles:
            if article.path == request.url.path:
                page = gazette_page(article, origin_of(request), self.articles)
                link = f'<{origin_of(request)}/node/{article.article_id}>; rel="shortlink"'
                return self.cached(request, page.encode(), HTML, {"link": link})
        return self.not_found(request)

    def cached(
        self, request: Request, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> Response:
        """An answer of the page cache."""
        return answer(
            request,
            body,
            content_type=content_type,
            etag=True,
            last_modified=self.cached_since,
            headers={**CACHE_HEADERS, **(headers or {})},
        )

    def not_found(self, request: Request) -> Response:
        """Drupal's page for an address that it does not know."""
        page = not_found_page(origin_of(request), self.articles)
        return answer(request, page.encode(), content_type=HTML, status=404)
