"""``wirewatch outlets check OUTLET --page FILE``: what a layout's rules take from a saved page, without the network."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from quality.made_pages import PARAGRAPHS, make_page, paragraphs
from terminal import Terminal

OUTLET = """
name = "The Amal Gazette"
homepage = "https://www.gazette.example/"
[urls]
hosts = ["www.gazette.example"]
"""
LAYOUT = """
[[layouts]]
valid_until = 2020-01-01
body = "//div[@class='words']"
drop = [".//p[@class='promo']", "//p[@class='sponsor']", "//p[@class='survey']"]
title = "//h1"
byline = "//span[@class='who']"
published = "//time/@datetime"
"""
MAIN = (
    "<article><h1>Harbor reopens after eleven weeks</h1><div class='words'>"
    f"<p class='promo'>Read our new app’s reviews, which are good.</p>{paragraphs(*PARAGRAPHS[:3])}"
    f"<p class='survey'>{PARAGRAPHS[3]}</p></div></article>"
)
DATE = '<meta property="article:published_time" content="2026-03-03T08:15:00+02:00">'
PAGE = make_page(MAIN, head=f'<link rel="canonical" href="https://www.gazette.example/news/harbor">{DATE}')


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration without outlets, and a page that somebody saved."""
    folder = tmp_path / "config"
    (folder / "outlets").mkdir(parents=True)
    (folder / "wirewatch.toml").write_text("", encoding="utf-8")
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "page.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    return folder


def check(terminal: Terminal, config: Path, outlet: str, *words: str, page: str = "page.html") -> int:
    """Exit code of a check of a saved page with an outlet's file."""
    (config / "outlets" / "gazette.toml").write_text(outlet, encoding="utf-8")
    places = ("--config", config, "--home", config / "home")
    return terminal.run("outlets", "check", "gazette", "--page", config / page, *places, *words)


def summary(terminal: Terminal, config: Path, outlet: str, page: str = "page.html") -> dict[str, Any]:
    """What such a check finds."""
    assert check(terminal, config, outlet, "--json", page=page) == 0
    found: dict[str, Any] = json.loads(terminal.out)
    return found


@pytest.mark.parametrize("page", ["page.html", "page.html.gz"])
def test_each_rule_says_what_it_takes(terminal: Terminal, config: Path, page: str) -> None:
    """Empty where it finds nothing; a layout of old pages is tried all the same, and nothing is written."""
    found = summary(terminal, config, OUTLET + LAYOUT, page)
    [layout] = found["layouts"]
    assert found["url"] == "https://www.gazette.example/news/harbor"
    assert layout["taken"] == {"title": ["Harbor reopens after eleven weeks"], "byline": [], "published": []}
    assert layout["dropped"] == {
        ".//p[@class='promo']": ["Read our new app’s reviews, which are good."],
        "//p[@class='sponsor']": [],
        "//p[@class='survey']": [PARAGRAPHS[3]],
    }
    assert layout["text"].splitlines() == list(PARAGRAPHS[:3])
    assert layout["is_match"]
    assert not (config / "home").exists()


def test_the_general_rules_stand_beside_it(terminal: Terminal, config: Path) -> None:
    """With the lines that only one of the two has."""
    found = summary(terminal, config, OUTLET + LAYOUT)
    [layout] = found["layouts"]
    assert (layout["only_here"], PARAGRAPHS[3] in layout["only_general"]) == ([], True)
    assert found["general"]["published_at"] == layout["published_at"] == "2026-03-03 06:15:00+00:00"


def test_what_finds_nothing_is_said(terminal: Terminal, config: Path) -> None:
    """In words that name the rule, for somebody who writes a layout."""
    assert check(terminal, config, OUTLET + LAYOUT) == 0
    shown = " ".join(terminal.out.split())
    assert "finds nothing: //span[@class='who']" in shown
    assert "layout[0].drop finds no text in the body: //p[@class='sponsor']" in shown
    assert "layout[0].drop .//p[@class='promo'] takes out: Read our new app’s reviews" in shown
    assert f"Only in the text by the general rules: {PARAGRAPHS[3]}" in shown
    assert "layout[0] is for pages up to 2020-01-01." in shown


def test_a_body_that_finds_nothing_is_exit_code_1(terminal: Terminal, config: Path) -> None:
    """A run would fall back on the general rules; whoever writes a layout wants to know."""
    assert check(terminal, config, OUTLET + "[[layouts]]\nbody = \"//div[@id='text']\"\n") == 1
    assert "layout[0].body finds nothing: //div[@id='text']" in terminal.out


def test_an_outlet_without_a_layout_shows_the_general_rules(terminal: Terminal, config: Path) -> None:
    """So that one sees whether a layout is needed at all."""
    assert check(terminal, config, OUTLET) == 0
    assert "Harbor reopens after eleven weeks" in " ".join(terminal.out.split())
    assert summary(terminal, config, OUTLET)["layouts"] == []


def test_a_file_that_is_not_there_is_exit_code_2(terminal: Terminal, config: Path) -> None:
    """As any wrong call."""
    assert check(terminal, config, OUTLET, page="other.html") == 2
