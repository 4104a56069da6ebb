"""Pages: what comes from outside is text wherever it stands, and what changed is marked where it changed."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

import marimo
import pytest
from explored_home import HOSTILE_TITLE

from extractors.errors import WarehouseError
from flows.explore import pages
from flows.explore.addresses import Address
from warehouse.browse import Found


class Params:
    """marimo's parameters of an address, as far as they are used."""

    def __init__(self, **values: list[str]) -> None:
        self.values = values
        self.set_count = 0

    def get_all(self, key: str) -> list[str]:
        """Every value."""
        return list(self.values.get(key, []))

    def set(self, key: str, value: str | list[str]) -> None:
        """Set it."""
        self.set_count += 1
        self.values[key] = [value] if isinstance(value, str) else list(value)


def change(**values: Any) -> dict[str, Any]:
    """A row of ``changes``."""
    return {"before": "a b c", "after": "a x c", "passages": None, **values}


def test_a_title_in_a_label_is_neither_html_nor_markdown() -> None:
    """A label is Markdown to marimo; what it makes of this one is the title and nothing else."""
    made = marimo.md(pages.inert(HOSTILE_TITLE)).text
    assert made.count("<") == 6  # marimo's own two elements and ours, opened and closed
    for tag in ("<script", "<img", "<a ", "<strong", "<marimo-tex", "<svg"):
        assert tag not in made
    assert HOSTILE_TITLE in unescape(made)


def test_a_problem_is_shown_in_place_of_a_traceback() -> None:
    """What the warehouse complains of, escaped."""

    def look() -> None:
        raise WarehouseError("search", "<b>colour: is no filter")

    problem = pages.attempt(look)
    assert isinstance(problem, pages.Problem)
    assert "search: &lt;b&gt;colour: is no filter" in pages.problem_page(problem)
    assert pages.attempt(lambda: 7) == 7


def test_the_form_is_a_query_in_the_language_of_search() -> None:
    """Words first, then a filter for each field that says something."""
    query = pages.query_of(" rocket  ", outlets=["a", "b"], languages=["ar"], after=" 2026-03-01 ", before="")
    assert query == "rocket outlet:a outlet:b lang:ar after:2026-03-01"
    assert pages.query_of("", outlets=[], languages=[], after="", before=" ") == ""


def test_what_was_found_is_marked_and_nothing_else_is_an_element() -> None:
    """A snippet with markup of its own keeps it as text."""
    row = {"snippet": "<b>gale</b> at sea", "snippet_start": 5, "matches": [{"start": 8, "length": 4}]}
    assert pages.marked(row) == "&lt;b&gt;<mark>gale</mark>&lt;/b&gt; at sea"


def test_passages_are_marked_on_their_sides() -> None:
    """By their offsets; a field without passages changed as a whole; one that was not there is nothing."""
    passages = [{"before": "b", "after": "<x>", "before_offset": 2, "after_offset": 2}]
    assert pages.before_side(change(passages=passages)) == "a <del>b</del> c"
    assert pages.after_side(change(after="a <x> c", passages=passages)) == "a <ins>&lt;x&gt;</ins> c"
    assert pages.after_side(change()) == "<ins>a x c</ins>"
    assert "nothing" in pages.before_side(change(before=None))


def test_an_empty_result_says_what_was_asked_for() -> None:
    """As text."""
    page = pages.results_page(Found(rows=[], badges={}, match_count=0), "<b>x", {})
    assert "Nothing found" in page
    assert "&lt;b&gt;x" in page


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://a.example/x", True),
        ("http://a.example", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("http://[broken", True),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(url: str | None, *, is_link: bool) -> None:
    """Whatever a page calls its own address."""
    assert pages.is_web(url) is is_link


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(None, "–"), (0, "0 min"), (89, "89 min"), (-12, "−12 min"), (378, "6.3 h"), (4320, "3 days")],
)
def test_stretches_of_time_have_a_fitting_unit(minutes: float | None, shown: str) -> None:
    """Below zero too: a copy may claim to be the earlier one."""
    assert pages.span(minutes) == shown


def test_times_are_as_exact_as_they_are_known() -> None:
    """A day is no midnight."""
    moment = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)
    assert (pages.when(moment), pages.when(moment, "day"), pages.when(None)) == (
        "2026-03-02 06:05",
        "2026-03-02",
        "no date",
    )


def test_an_address_keeps_what_is_looked_for() -> None:
    """It is set only where it changes, and what it says is taken only where there is such a thing."""
    params = Params(outlet=["harbor_post", "<script>"], q=["ferry"])
    address = Address(params)
    assert (address.one("q"), address.one("article"), address.all("outlet", ["harbor_post"])) == (
        "ferry",
        "",
        ["harbor_post"],
    )
    address.keep(q="ferry", article="", outlet=["harbor_post", "<script>"])
    assert params.set_count == 0
    address.keep(q="", article="x")
    assert (params.values["q"], params.values["article"]) == ([], ["x"])


def test_an_outlet_is_shown_with_its_state_and_why() -> None:
    """State, since when and the reasons, which quote outlets; one that was never judged says so."""
    facts: dict[str, Any] = {
        "outlet_name": "The Harbor Post",
        "outlet_id": "harbor_post",
        "silence_hours": 1.0,
        "articles_24h": 1,
        "articles_7d": 2,
        "article_count": 3,
        "days": [],
        "published_at_fill": 1.0,
        "authors_fill": 0.5,
        "section_fill": None,
        "image_url_fill": None,
        "last_success_at": None,
        "failures": {},
        "resting_host": None,
        "is_tls_verified": None,
        "state": "failing",
        "since": datetime(2026, 11, 26, 12, 12, tzinfo=UTC),
        "reasons": ["half of <b>the texts</b> have 54 words"],
    }
    shown = pages.health_page([facts])
    assert '<span class="ww-chip ww-bad">failing</span> since <time>2026-11-26 12:12' in shown
    assert "half of &lt;b&gt;the texts&lt;/b&gt; have 54 words" in shown
    assert "not judged yet" in pages.health_page([{**facts, "state": None, "since": None, "reasons": []}])
