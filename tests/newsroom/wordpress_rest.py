"""Posts -> the JSON of WordPress' REST endpoint ``wp/v2/posts``, with its filters, paging and errors.

Follows the WordPress REST API Handbook: ``date`` is in the site's time without a zone, ``date_gmt`` in UTC without one,
``after`` and ``before`` are exclusive, and a page past the end is an error rather than an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from newsroom.answers import JSON, answer
from newsroom.markup import wordpress_escape
from newsroom.sample_articles import SampleArticle, load_articles
from newsroom.sites import WORDING, Site
from newsroom.wordpress_content import content_html, excerpt_html

ROUTE = "/wp/v2/posts"
MAX_PER_PAGE = 100
Json = dict[str, Any]


class RestError(Exception):
    """An error as the REST API words it."""

    def __init__(self, code: str, message: str, status: int = 400, params: Mapping[str, str] | None = None) -> None:
        super().__init__(code, message, status, params)
        data: Json = {"status": status}
        if params is not None:
            data["params"] = dict(params)
        self.status = status
        self.body: Json = {"code": code, "message": message, "data": data}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostQuery:
    """The parameters of a request for posts, checked."""

    after: datetime | None
    before: datetime | None
    modified_after: datetime | None
    modified_before: datetime | None
    include: frozenset[int]
    per_page: int
    page: int
    orderby: str
    descending: bool
    fields: tuple[str, ...]
    embedded: frozenset[str]

    def select(self, articles: Sequence[SampleArticle]) -> list[SampleArticle]:
        """The posts that the query asks for, in its order, all pages."""
        found = [
            article
            for article in articles
            if (not self.include or article.article_id in self.include)
            and (self.after is None or article.published > self.after)
            and (self.before is None or article.published < self.before)
            and (self.modified_after is None or article.modified > self.modified_after)
            and (self.modified_before is None or article.modified < self.modified_before)
        ]
        keys = {
            "date": lambda article: (article.published, article.article_id),
            "modified": lambda article: (article.modified, article.article_id),
            "id": lambda article: article.article_id,
        }
        return sorted(found, key=keys[self.orderby], reverse=self.descending)


def posts_response(request: Request, site: Site, origin: str, articles: Sequence[SampleArticle], base: str) -> Response:
    """Answer a request for posts. ``base`` is the endpoint's address as the client wrote it, for the Link header."""
    try:
        query = read_query(request.query_params, site)
        found = query.select(articles)
        pages = count_pages(query, len(found))
    except RestError as error:
        return json_response(request, error.body, site, origin, status=error.status)
    shown = found[(query.page - 1) * query.per_page : query.page * query.per_page]
    posts = [keep_fields(post_json(article, site, origin, query.embedded), query.fields) for article in shown]
    headers = {"x-wp-total": str(len(found)), "x-wp-totalpages": str(pages)}
    if links := page_links(request.query_params, base, query.page, pages):
        headers["link"] = links
    return json_response(request, posts, site, origin, headers=headers)


def count_pages(query: PostQuery, found_count: int) -> int:
    """How many pages there are.

    Raises:
        RestError: ``rest_post_invalid_page_number``: there are posts, but none on this page.
    """
    pages = -(-found_count // query.per_page)
    if query.page > pages and found_count:
        message = "The page number requested is larger than the number of pages available."
        raise RestError("rest_post_invalid_page_number", message)
    return pages


def post_response(
    request: Request, site: Site, origin: str, articles: Sequence[SampleArticle], post_id: int
) -> Response:
    """Answer a request for one post."""
    for article in articles:
        if article.article_id == post_id:
            return json_response(request, post_json(article, site, origin), site, origin)
    error = RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return json_response(request, error.body, site, origin, status=error.status)


def json_response(
    request: Request,
    value: object,
    site: Site,
    origin: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """JSON with the headers of every REST answer; WordPress sends no validators with it."""
    body = json.dumps(value, ensure_ascii=True).replace("/", "\\/").encode()  # as PHP's json_encode does
    common = {
        "x-robots-tag": "noindex",
        "x-content-type-options": "nosniff",
        "access-control-expose-headers": "X-WP-Total, X-WP-TotalPages, Link",
        "allow": "GET",
        "link": f'<{origin}{site.prefix}wp-json/>; rel="https://api.w.org/"',
    }
    return answer(request, body, content_type=JSON, status=status, headers={**common, **(headers or {})})


def read_query(params: QueryParams, site: Site) -> PostQuery:
    """Check a request's parameters; unknown ones are ignored, as WordPress ignores them.

    Raises:
        RestError: ``rest_invalid_param``.
    """
    return PostQuery(
        after=read_time(params, "after", site),
        before=read_time(params, "before", site),
        modified_after=read_time(params, "modified_after", site),
        modified_before=read_time(params, "modified_before", site),
        include=read_numbers(params, "include"),
        per_page=read_number(params, "per_page", 10, MAX_PER_PAGE),
        page=read_number(params, "page", 1, None),
        orderby=read_choice(params, "orderby", ("date", "modified", "id")),
        descending=read_choice(params, "order", ("desc", "asc")) == "desc",
        fields=tuple(name.strip() for name in params.get("_fields", "").split(",") if name.strip()),
        embedded=frozenset(params.get("_embed", "").split(",")) - {""},
    )


def read_time(params: QueryParams, name: str, site: Site) -> datetime | None:
    """An ISO 8601 time; one without a zone is in the site's time."""
    if (value := params.get(name)) is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid(name, "Invalid date.") from None
    return moment.replace(tzinfo=site.zone) if moment.tzinfo is None else moment


def read_number(params: QueryParams, name: str, default: int, maximum: int | None) -> int:
    """A whole number from 1 to the maximum."""
    value = params.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise invalid(name, f"{name} is not of type integer.")
    if maximum is not None and not 1 <= int(value) <= maximum:
        raise invalid(name, f"{name} must be between 1 (inclusive) and {maximum} (inclusive)")
    if int(value) < 1:
        raise invalid(name, f"{name} must be greater than or equal to 1")
    return int(value)


def read_numbers(params: QueryParams, name: str) -> frozenset[int]:
    """Whole numbers with commas between them."""
    values = [value for value in params.get(name, "").split(",") if value]
    if not all(value.isascii() and value.isdigit() for value in values):
        raise invalid(name, f"{name}[0] is not of type integer.")
    return frozenset(map(int, values))


def read_choice(params: QueryParams, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first where none is given."""
    value = params.get(name, choices[0])
    if value not in choices:
        raise invalid(name, f"{name} is not one of {', '.join(choices)}.")
    return value


def invalid(name: str, message: str) -> RestError:
    """The error for one parameter."""
    return RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, {name: message})


def page_links(params: QueryParams, base: str, page: int, pages: int) -> str:
    """The Link header (RFC 8288): the same request for the page before and the page after."""
    links = []
    for relation, number in (("prev", page - 1), ("next", page + 1)):
        if 1 <= number <= pages:
            wanted = {key: value for key, value in params.items() if key != "rest_route"} | {"page": str(number)}
            joiner = "&" if "?" in base else "?"
            links.append(f'<{base}{joiner}{urlencode(wanted, quote_via=quote)}>; rel="{relation}"')
    return ", ".join(links)


def keep_fields(post: Json, fields: tuple[str, ...]) -> Json:
    """``_fields``: only these keys; ``title.rendered`` keeps one key of an object."""
    if not fields:
        return post
    kept: Json = {}
    for name in fields:
        key, _, inner = name.partition(".")
        if key not in post:
            continue
        if inner and isinstance(post[key], dict):
            if inner in post[key]:
                kept.setdefault(key, {})[inner] = post[key][inner]
        else:
            kept[key] = post[key]
    return kept


def post_json(article: SampleArticle, site: Site, origin: str, wanted: frozenset[str] = frozenset()) -> Json:
    """One post with every field that wirewatch or a curious reader would ask for, and the relations that are wanted."""
    related = {relation: found for relation, found in embedded(article, site, origin).items() if relation in wanted}
    return ({"_embedded": related} if related else {}) | {
        "id": article.article_id,
        "date": article.published.astimezone(site.zone).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_gmt": article.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "guid": {"rendered": f"{origin}{site.prefix}?p={article.article_id}"},
        "modified": article.modified.astimezone(site.zone).strftime("%Y-%m-%dT%H:%M:%S"),
        "modified_gmt": article.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "slug": quote(article.slug).lower(),
        "status": "publish",
        "type": "post",
        "link": f"{origin}{article.path}",
        "title": {"rendered": wordpress_escape(article.full_headline)},
        "content": {"rendered": content_html(article, WORDING[site.key]), "protected": False},
        "excerpt": {"rendered": excerpt_html(article), "protected": False},
        "author": 1,
        "featured_media": article.article_id + 1 if article.image else 0,
        "comment_status": "closed",
        "sticky": False,
        "format": "standard",
        "categories": [term_id(site, article.section)],
        "tags": [term_id(site, name) for name in article.tags],
        "_links": {"self": [{"href": f"{origin}{site.prefix}wp-json{ROUTE}/{article.article_id}"}]},
    }


def embedded(article: SampleArticle, site: Site, origin: str) -> Json:
    """What ``_embed`` puts beside a post. One site's account is nobody's name; the other hides its accounts."""
    hidden = {"code": "rest_user_invalid_id", "message": "Invalid user ID.", "data": {"status": 404}}
    shown = {"id": 1, "name": "admin", "slug": "admin"}
    named = {"category": [article.section], "post_tag": article.tags}
    media = {"source_url": f"{origin}/wp-content/uploads/2026/03/{article.image}", "media_type": "image"}
    return {
        "author": [hidden if site.key == "observatory_ar" else shown],
        "wp:term": [
            [{"id": term_id(site, name), "name": wordpress_escape(name), "taxonomy": taxonomy} for name in names]
            for taxonomy, names in named.items()
        ],
        **({"wp:featuredmedia": [media]} if article.image else {}),
    }


def term_id(site: Site, name: str) -> int:
    """The number of a category or tag, the same in both editions."""
    return terms(site).index(name) + 2


def terms(site: Site) -> list[str]:
    """Every category and tag of a site, in a fixed order."""
    mine = [article for article in load_articles() if article.site == site.key]
    return sorted({name for article in mine for name in (article.section, *article.tags)})
