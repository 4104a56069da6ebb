"""Pages that list articles by position: the Gazette's hub with its pager, the Observatory's date archives."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsroom.answers import HTML, answer
from newsroom.desk import Desk
from newsroom.drupal_pages import hub_page
from newsroom.sample_articles import articles_in
from newsroom.sites import Site
from newsroom.wordpress_pages import listing_page

HUB = "/latest"
TEASERS_PER_PAGE = 5
POSTS_PER_ARCHIVE_PAGE = 2

Respond = Callable[[Request], Response]


def gazette_hub_route(desk: Desk) -> Route:
    """The Gazette's newest articles, five a page; past the end Drupal answers 200 with an empty list."""

    def hub(request: Request) -> Response:
        asked = request.query_params.get("page", "0")
        number = int(asked) if asked.isascii() and asked.isdigit() else 0
        articles = [article for article in articles_in(desk.edition, "gazette") if article.kind == "article"]
        shown = articles[number * TEASERS_PER_PAGE : (number + 1) * TEASERS_PER_PAGE]
        has_more = len(articles) > (number + 1) * TEASERS_PER_PAGE
        host, port = request.scope["server"]
        html = hub_page(f"http://{host}:{port}", HUB, shown, articles, following=number + 1 if has_more else None)
        return answer(request, html.encode(), content_type=HTML, etag=True)

    return Route(HUB, hub)


def archive_routes(site: Site, desk: Desk, not_found: Respond) -> list[Route]:
    """An Observatory site's posts by day or month of its own clock, two a page; 404 past the end, as in WordPress."""

    def archive(request: Request) -> Response:
        values = request.path_params
        wanted = tuple(values[name] for name in ("year", "month", "day") if name in values)
        days = ((article, article.published.astimezone(site.zone)) for article in articles_in(desk.edition, site.key))
        posts = [article for article, at in days if (at.year, at.month, at.day)[: len(wanted)] == wanted]
        page = values.get("page", 1)
        shown = posts[(page - 1) * POSTS_PER_ARCHIVE_PAGE : page * POSTS_PER_ARCHIVE_PAGE]
        if not shown:
            return not_found(request)
        host, port = request.scope["server"]
        heading = "/".join(f"{number:02}" for number in reversed(wanted))
        html = listing_page(site, f"http://{host}:{port}", request.url.path, heading, shown)
        return answer(request, html.encode(), content_type=HTML)

    month = f"{site.prefix}date/{{year:int}}/{{month:int}}/"
    paths = (month, f"{month}{{day:int}}/")
    return [Route(f"{path}{end}", archive) for path in paths for end in ("", "page/{page:int}/")]
