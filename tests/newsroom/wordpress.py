"""The Observatory: a WordPress in English under ``/en/`` and one in Arabic at the root, on one host."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from newsroom.answers import HTML, RSS, answer
from newsroom.desk import Desk
from newsroom.feeds import wordpress_feed
from newsroom.hubs import archive_routes
from newsroom.images import png
from newsroom.sample_articles import Edition, SampleArticle, articles_in, slug_of
from newsroom.sites import OBSERVATORY_AR, OBSERVATORY_EN, Site
from newsroom.wordpress_pages import article_page, listing_page, not_found_page
from newsroom.wordpress_rest import RestError, json_response, post_response, posts_response, term_id, terms

POSTS_PER_FEED = 10
ROBOTS = """User-agent: *
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php
Disallow: /print/
Disallow: /en/print/
Disallow: /*?replytocom=
"""


def make_observatory(desk: Desk) -> Starlette:
    """The Observatory's application; the edition is the desk's."""
    english, arabic = WordPress(OBSERVATORY_EN, desk), WordPress(OBSERVATORY_AR, desk)
    routes = [
        Route("/robots.txt", robots),
        Route("/wp-content/uploads/{path:path}", upload),
        *english.routes(),
        Route("/en/{rest:path}", english.not_found),
        *arabic.routes(),
        Route("/{rest:path}", arabic.not_found),
    ]
    return Starlette(routes=routes)


def robots(request: Request) -> Response:
    """robots.txt (RFC 9309)."""
    return PlainTextResponse(f"{ROBOTS}\nSitemap: {origin_of(request)}/wp-sitemap.xml\n")


def upload(request: Request) -> Response:
    """An image."""
    return answer(request, png(request.path_params["path"]), content_type="image/png", etag=True)


def origin_of(request: Request) -> str:
    """Scheme, address and port at which the site is served."""
    host, port = request.scope["server"]
    return f"http://{host}:{port}"


class WordPress:
    """One WordPress. Its pages count their views, so no two answers are the same bytes and none has validators."""

    def __init__(self, site: Site, desk: Desk) -> None:
        self.site = site
        self.desk = desk
        self.views = count(1204)

    @property
    def articles(self) -> tuple[SampleArticle, ...]:
        """The posts of the present edition, newest first."""
        return articles_in(self.desk.edition, self.site.key)

    def routes(self) -> list[Route]:
        """Its addresses, under its prefix."""
        prefix = self.site.prefix
        article = f"{prefix}{{article_id:int}}/" if self.site is OBSERVATORY_EN else "/{slug}/{article_id:int}/"
        return [
            Route(prefix, self.home),
            Route(f"{prefix}feed/", self.feed),
            Route(f"{prefix}category/{{name}}/", self.category),
            Route(f"{prefix}wp-json/wp/v2/posts", self.posts),
            Route(f"{prefix}wp-json/wp/v2/posts/{{post_id:int}}", self.post),
            Route(f"{prefix}wp-json/wp/v2/{{taxonomy}}", self.taxonomy),
            Route(f"{prefix}wp-json/", self.api_index),
            *archive_routes(self.site, self.desk, self.not_found),
            Route(article, self.article),
            Route(article.removesuffix("/"), self.add_slash),
        ]

    def home(self, request: Request) -> Response:
        """The front page; with ``?p=`` a redirect to that post, with ``?rest_route=`` the REST API."""
        if (post_id := request.query_params.get("p")) is not None:
            return self.redirect_to_post(request, post_id)
        route = request.query_params.get("rest_route", "").rstrip("/")
        if route == "/wp/v2/posts":
            return self.posts(request)
        if route:
            return self.no_route(request)
        return self.listing(request, self.site.name, self.articles)

    def listing(self, request: Request, heading: str, shown: Sequence[SampleArticle]) -> Response:
        """A page of headlines."""
        html = listing_page(self.site, origin_of(request), quoted_path(request), heading, shown)
        return answer(request, html.encode(), content_type=HTML)

    def category(self, request: Request) -> Response:
        """A category's page."""
        shown = [a for a in self.articles if slug_of(a.section) == request.path_params["name"]]
        return self.listing(request, shown[0].section, shown) if shown else self.not_found(request)

    def redirect_to_post(self, request: Request, post_id: str) -> Response:
        """WordPress' 301 from an old address to the permalink."""
        for article in self.articles:
            if str(article.article_id) == post_id:
                return RedirectResponse(f"{origin_of(request)}{article.path}", status_code=301)
        return self.not_found(request)

    def add_slash(self, request: Request) -> Response:
        """WordPress' 301 to the address with a slash at its end."""
        return RedirectResponse(f"{origin_of(request)}{quoted_path(request)}/", status_code=301)

    def article(self, request: Request) -> Response:
        """One article; 301 from a wrong slug to the right one, 410 for one that was withdrawn."""
        article_id = request.path_params["article_id"]
        article = next((a for a in self.articles if a.article_id == article_id), None)
        if article is None:
            before = articles_in(Edition.MORNING, self.site.key)
            withdrawn = self.desk.edition is Edition.EVENING and any(a.article_id == article_id for a in before)
            return self.not_found(request, 410 if withdrawn else 404)
        if quoted_path(request).lower() != article.path:
            return RedirectResponse(f"{origin_of(request)}{article.path}", status_code=301)
        origin = origin_of(request)
        html = article_page(article, self.site, origin, others=self.articles, view_count=next(self.views))
        links = [
            f'<{origin}{self.site.prefix}wp-json/>; rel="https://api.w.org/"',
            f"<{origin}{self.site.prefix}?p={article_id}>; rel=shortlink",
        ]
        return answer(request, html.encode(), content_type=HTML, headers={"link": ", ".join(links)})

    def not_found(self, request: Request, status: int = 404) -> Response:
        """A page that says so in the site's own frame."""
        html = not_found_page(self.site, origin_of(request))
        return answer(request, html.encode(), content_type=HTML, status=status)

    def feed(self, request: Request) -> Response:
        """The newest posts as RSS; ``?paged=2`` for older ones, 404 past the end."""
        asked = request.query_params.get("paged", "1")
        page = int(asked) if asked.isascii() and asked.isdigit() else 1
        shown = self.articles[(page - 1) * POSTS_PER_FEED : page * POSTS_PER_FEED]
        if not shown:
            return self.not_found(request)
        newest = max(article.modified for article in self.articles)
        body = wordpress_feed(self.site, origin_of(request), shown)
        return answer(request, body, content_type=RSS, etag=True, last_modified=newest)

    def posts(self, request: Request) -> Response:
        """``wp/v2/posts``, by either of its addresses."""
        origin = origin_of(request)
        pretty = "rest_route" not in request.query_params
        end = "wp-json/wp/v2/posts" if pretty else "?rest_route=%2Fwp%2Fv2%2Fposts"
        return posts_response(request, self.site, origin, self.articles, f"{origin}{self.site.prefix}{end}")

    def post(self, request: Request) -> Response:
        """One post."""
        return post_response(request, self.site, origin_of(request), self.articles, request.path_params["post_id"])

    def taxonomy(self, request: Request) -> Response:
        """Names of categories and tags by number."""
        if request.path_params["taxonomy"] not in ("categories", "tags"):
            return self.no_route(request)
        named = [{"id": term_id(self.site, name), "name": name} for name in terms(self.site)]
        return json_response(request, named, self.site, origin_of(request))

    def api_index(self, request: Request) -> Response:
        """What the REST API says of itself."""
        index = {
            "name": self.site.name,
            "home": f"{origin_of(request)}{self.site.prefix}".rstrip("/"),
            "timezone_string": str(self.site.zone),
            "namespaces": ["wp/v2"],
        }
        return json_response(request, index, self.site, origin_of(request))

    def no_route(self, request: Request) -> Response:
        """The REST API's own 404."""
        error = RestError("rest_no_route", "No route was found matching the URL and request method.", 404)
        return json_response(request, error.body, self.site, origin_of(request), status=404)


def quoted_path(request: Request) -> str:
    """The requested path as it stands on the wire, or as it would."""
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return raw.decode("ascii")
