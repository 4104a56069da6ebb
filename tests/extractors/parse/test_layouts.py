from __future__ import annotations

from datetime import date

import pytest
from quality.made_pages import make_outlet

from extractors.outlets import Outlet
from extractors.parse.documents import parse_text
from extractors.parse.layouts import fitting_layout

DAY = date(2026, 3, 2)


def layouts(*values: dict[str, object]) -> Outlet:
    """An outlet with these layouts."""
    return make_outlet(layouts=list(values))


def lines(outlet: Outlet, html: str, day: date = DAY) -> list[str] | None:
    """Lines that the fitting layout finds."""
    tree = parse_text(f"<html><body>{html}</body></html>")
    assert tree is not None
    fit = fitting_layout(tree, outlet, day)
    return fit.lines() if fit else None


def test_the_first_layout_that_finds_text_is_used() -> None:
    """Newest first; one whose body is empty does not fit."""
    outlet = layouts({"body": "//div[@class='new']"}, {"body": "//div[@class='old']"})
    assert lines(outlet, "<div class='new'><p>New.</p></div><div class='old'><p>Old.</p></div>") == ["New."]
    assert lines(outlet, "<div class='new'> </div><div class='old'><p>Old.</p></div>") == ["Old."]
    assert lines(outlet, "<p>Neither.</p>") is None


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2025, 2, 28), ["A", "B"]), (date(2025, 3, 1), ["A", "B"]), (DAY, ["A"])]
)
def test_a_layout_serves_pages_up_to_its_last_day(day: date, expected: list[str]) -> None:
    """``valid_until`` is compared with the page's day."""
    outlet = layouts({"body": "//article", "valid_until": "2025-03-01"}, {"body": "//article/p[1]"})
    assert lines(outlet, "<article><p>A</p><p>B</p></article>", day) == expected


@pytest.mark.parametrize("rule", ["//div[@class='x']", ".//div[@class='x']", "//article/div", "//p[.='B']/.."])
def test_drop_rules_see_the_whole_page(rule: str) -> None:
    """Absolute, relative and ancestor steps alike; text after a dropped element stays."""
    outlet = layouts({"body": "//article", "drop": [rule]})
    assert lines(outlet, "<article><p>A</p><div class='x'><p>B</p></div>tail</article>") == ["A", "tail"]


def test_nested_bodies_are_read_once() -> None:
    """An expression that finds an element and its descendants does not double the text."""
    outlet = layouts({"body": "//*[contains(@class, 'body')]"})
    assert lines(outlet, "<div class='body'><div class='body-inner'><p>A</p></div></div><p class='body'>B</p>") == [
        "A",
        "B",
    ]


def test_rules_find_attributes_elements_and_strings() -> None:
    """Whatever XPath returns becomes text."""
    outlet = layouts(
        {
            "body": "//article",
            "title": "//h1",
            "published": "//time/@datetime",
            "section": "string(//a[@class='s'])",
            "tags": "//ul/li/text()",
        }
    )
    html = (
        "<h1>Head <i>line</i></h1><time datetime='2026-03-02'>Monday</time><a class='s'>News</a>"
        "<ul><li>one</li><li> two </li></ul><article>Text.</article>"
    )
    tree = parse_text(f"<html><body>{html}</body></html>")
    assert tree is not None
    fit = fitting_layout(tree, outlet, DAY)
    assert fit is not None
    found = [fit.texts(tree, field) for field in ("title", "published", "section", "tags", "byline")]
    assert found == [["Head line"], ["2026-03-02"], ["News"], ["one", "two"], []]
    assert fit.source("title") == "layout[0].title"
