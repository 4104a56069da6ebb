"""Rows of the published file to the HTML of the app's pages; every value is escaped where it is put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol, TypeGuard, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from extractors.errors import WarehouseError
from flows.explore.originals import Original, frame_element
from flows.shown.search_results import parts_of
from warehouse.browse import ArticlePage, Edition, Found, Row, Stories

T = TypeVar("T")

VIEWS = ("Search", "Stories", "Outlets", "Coverage")
"""What there is to look at."""


class Widget(Protocol):
    """One of marimo's widgets."""

    @property
    def text(self) -> str:
        """Its HTML."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is nothing to show, in the words of whoever complained."""

    words: str


def attempt(look: Callable[[], T]) -> T | Problem:
    """What a look finds, or what the warehouse complained of: a page shows it in place of a traceback."""
    try:
        return look()
    except WarehouseError as error:
        return Problem(str(error))


def query_of(words: str, *, outlets: Sequence[str], languages: Sequence[str], after: str, before: str) -> str:
    """The form's fields as one query in the language of search."""
    filters = [
        *(f"outlet:{outlet}" for outlet in outlets),
        *(f"lang:{language}" for language in languages),
        *([f"after:{after.strip()}"] if after.strip() else []),
        *([f"before:{before.strip()}"] if before.strip() else []),
    ]
    return " ".join([words.strip(), *filters]).strip()


def inert(text: str) -> str:
    """Text as a label: labels are Markdown, and nothing of it is left that Markdown or HTML knows."""
    escaped = "".join(sign if sign.isalnum() or sign == " " else f"&#{ord(sign)};" for sign in text)
    return f'<span dir="auto">{escaped}</span>'


def choices(edition: Edition | Problem) -> tuple[list[str], list[str]]:
    """Outlets and languages that a search can be narrowed to."""
    if isinstance(edition, Problem):
        return [], []
    return [row["outlet_id"] for row in edition.outlets], [row["language"] for row in edition.languages]


def titles(looked_at: Found | Stories | ArticlePage | Problem | None) -> dict[str, str]:
    """What can be opened from a page: the titles of articles by their ids."""
    match looked_at:
        case Found():
            return {str(row["article_id"]): title_of(row) for row in looked_at.rows}
        case Stories():
            return {str(row["origin_article_id"]): title_of(row) for row in looked_at.rows}
        case ArticlePage():
            return {str(row["article_id"]): title_of(row) for row in looked_at.versions}
        case _:
            return {}


def title_of(row: Row) -> str:
    """What an article is called; nothing can be opened by an empty title."""
    return row["title"] or "(no title)"


def is_article(looked_at: ArticlePage | Problem | None) -> TypeGuard[ArticlePage]:
    """Whether there is an article to show."""
    return isinstance(looked_at, ArticlePage)


def no_article(problem: Problem | None) -> str:
    """Why there is no article to show."""
    return problem_page(problem or Problem("The published file holds no article of this id."))


def problem_page(problem: Problem) -> str:
    """What was complained of."""
    return render("problem.html", problem=problem)


def masthead(edition: Edition | Problem) -> str:
    """Which file is looked at and what it holds."""
    problem = edition if isinstance(edition, Problem) else None
    return render("masthead.html", edition=edition, problem=problem)


def ticker(widget: Widget) -> str:
    """What asks again every few seconds, out of sight."""
    return render("ticker.html", widget=made(widget.text))


def form(*widgets: Widget) -> str:
    """The search form; its first widget is wide."""
    return render("form.html", widgets=[made(widget.text) for widget in widgets])


def back(button: Widget) -> str:
    """The way back from an article."""
    return render("back.html", button=made(button.text))


def results_page(found: Found | Problem, query: str, buttons: Mapping[str, str]) -> str:
    """What a search found; ``buttons`` are the HTML of what opens each article, by its id."""
    if isinstance(found, Problem):
        return problem_page(found)
    return render("results.html", found=found, query=query, buttons=made_each(buttons))


def article_page(page: ArticlePage) -> str:
    """An article's head and text."""
    return render("article.html", page=page, article=page.article)


def revisions_label(page: ArticlePage) -> str:
    """What the part with the revisions is called."""
    count = page.article["revision_count"]
    return "1 revision: never changed" if count == 1 else f"{count} revisions, side by side"


def revisions_page(page: ArticlePage) -> str:
    """An article's revisions, each with what it changed, side by side."""
    changed: dict[int, list[Row]] = {}
    for change in page.changes:
        changed.setdefault(change["revision_number"], []).append(change)
    return render("revisions.html", page=page, changed=changed)


def versions_label(page: ArticlePage) -> str:
    """What the part with the copies is called."""
    return f"Who had it: {len(page.versions)} articles" if len(page.versions) > 1 else "Who had it: no copies"


def versions_page(page: ArticlePage, buttons: Mapping[str, str]) -> str:
    """The articles of the same story; ``buttons`` by article id."""
    return render("versions.html", page=page, buttons=made_each(buttons))


def provenance_page(page: ArticlePage) -> str:
    """Where each field came from."""
    return render("provenance.html", page=page, article=page.article)


def capture_labels(page: ArticlePage | Problem | None) -> dict[str, str]:
    """What the buttons say that show an article's responses, by their ids."""
    if not is_article(page):
        return {}
    return {str(row["capture_id"]): f"{row['what']}, received {when(row['fetched_at'])} UTC" for row in page.captures}


def captures_page(buttons: Mapping[str, str]) -> str:
    """What there is of an article in the archive."""
    return render("captures.html", buttons=made_each(buttons))


def capture_of(page: ArticlePage | Problem | None, capture_id: str) -> Row | None:
    """That one of an article's responses that was asked for."""
    captures = page.captures if is_article(page) else []
    return next((row for row in captures if str(row["capture_id"]) == capture_id), None)


def original_page(original: Original) -> str:
    """One archived response."""
    frame = made(frame_element(original.frame, "Words of the archived page")) if original.frame else ""
    return render("original.html", original=original, capture=original.capture, frame=frame)


def stories_page(stories: Stories | Problem, buttons: Mapping[str, str]) -> str:
    """Stories that were copied, and who copies whom; ``buttons`` by article id."""
    if isinstance(stories, Problem):
        return problem_page(stories)
    return render("stories.html", stories=stories.rows, copying=stories.copying, buttons=made_each(buttons))


def health_page(outlets: list[Row] | Problem) -> str:
    """How the outlets are doing."""
    return problem_page(outlets) if isinstance(outlets, Problem) else render("health.html", outlets=outlets)


def coverage_page(days: list[Row] | Problem) -> str:
    """What became of everything that was discovered."""
    return problem_page(days) if isinstance(days, Problem) else render("coverage.html", days=days)


def made(html: str) -> Markup:
    """HTML that was made here or by marimo, with labels that are inert."""
    return Markup(html)  # noqa: S704 - that is the point of it


def made_each(buttons: Mapping[str, str]) -> dict[str, Markup]:
    """The same of buttons by article id."""
    return {article_id: made(html) for article_id, html in buttons.items()}


def render(template: str, **values: object) -> str:
    """One template with its values escaped."""
    return environment().get_template(template).render(values)


@cache
def environment() -> Environment:
    """The templates, and how they show times, shares and passages."""
    made = Environment(
        loader=PackageLoader("flows.explore"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        when=when,
        span=span,
        percent=percent,
        marked=marked,
        before_side=before_side,
        after_side=after_side,
        shown=shown,
        web=is_web,
    )
    return made


def when(moment: datetime | None, precision: str | None = None) -> str:
    """A time in UTC, as exact as it is known."""
    if moment is None:
        return "no date"
    return f"{moment:%Y-%m-%d}" if precision == "day" else f"{moment:%Y-%m-%d %H:%M}"


def span(minutes: float | None) -> str:
    """A stretch of time in the unit that a person would take."""
    if minutes is None:
        return "–"
    size = abs(minutes)
    sign = "−" if minutes < 0 else ""
    if size < 90:
        return f"{sign}{size:.0f} min"
    if size < 48 * 60:
        return f"{sign}{size / 60:.1f} h"
    return f"{sign}{size / 1440:.0f} days"


def percent(share: float | None) -> str:
    """A share of 0 to 1."""
    return "–" if share is None else f"{100 * share:.0f} %"


def marked(row: Row) -> Markup:
    """A snippet with what was found marked."""
    parts = parts_of(row["snippet"] or "", row["snippet_start"] or 1, row["matches"] or [])
    return Markup().join(Markup("<mark>{}</mark>").format(part) if is_match else part for part, is_match in parts)


def before_side(change: Row) -> Markup:
    """What a field was, with the passages that went."""
    return side(change["before"], change["passages"], "before", Markup("<del>{}</del>"))


def after_side(change: Row) -> Markup:
    """What a field became, with the passages that came."""
    return side(change["after"], change["passages"], "after", Markup("<ins>{}</ins>"))


def side(value: str | None, passages: list[Row] | None, name: str, mark: Markup) -> Markup:
    """One state of a field; where there are no passages, the whole of it is what changed."""
    if value is None:
        return Markup('<span class="ww-none">nothing</span>')
    if passages is None:
        return mark.format(value)
    places = [{"start": passage[f"{name}_offset"], "length": len(passage[name])} for passage in passages]
    return Markup().join(mark.format(part) if is_match else part for part, is_match in parts_of(value, 0, places))


def shown(value: object) -> str:
    """A field's value on one line; lists by semicolons."""
    if isinstance(value, list):
        return "; ".join(shown(each) for each in value)
    if isinstance(value, dict):
        return " · ".join(shown(each) for each in value.values())
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)


def is_web(url: str | None) -> bool:
    """Whether an address may be a link: not ``javascript:`` and its like."""
    return url is not None and url.lower().startswith(("http://", "https://"))
