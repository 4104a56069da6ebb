"""The page as HTML: every section, also where there is nothing to tell, and nothing that others wrote as markup."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cookbook import demo_bench
from lxml import html
from press_weeks import SINCE, TRICKS, UNTIL, make_press_weeks
from warehouse_samples import NOW, OUTLET, RUN, make_extraction

from flows.report_page import write_report
from flows.report_page.page import SECTIONS
from flows.runs.run import now
from flows.settings import open_workspace
from warehouse.connection import open_live
from warehouse.load import load
from warehouse.publish import publish
from warehouse.query import run_query

SAMPLE = Path(__file__).parents[3] / "config" / "sample"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks of the press."""
    home = tmp_path_factory.mktemp("press") / "home"
    make_press_weeks(home)
    return home


@pytest.fixture(scope="module")
def page(home: Path) -> str:
    """The report on the last of them."""
    return write_report(open_workspace(SAMPLE, home), since=SINCE, now=UNTIL).path.read_text(encoding="utf-8")


def parsed_page(page: str) -> Any:
    """The page as a tree."""
    return html.fromstring(page)


def text_of(page: str, section: str) -> str:
    """The words of a section, on one line."""
    (found,) = parsed_page(page).xpath(f"//section[@id='{section}']")
    return " ".join(" ".join(found.itertext()).split())


def test_every_section_tells_what_happened(page: str) -> None:
    """Counts, names and words of the week."""
    for section, words in {
        "glance": ("New articles 69", "Edits 11", "Takedowns 2 1 put back", "Copies between outlets 6"),
        "volume": ("By outlet", "The Harbor Post 44", "جريدة الميناء 16"),
        "changes": ("killed 12 14", "11 edits to 11 articles, 2 takedowns, 1 put back", "taken down, since put back"),
        "stories": ("6 stories told by more than one article", "Ferry 36 runs aground First: The Harbor Post"),
        "network": ("6 copies between 1 pair of outlets", "50 %"),
        "words": ("quarantine", "66 %", "الهدنة"),
        "languages": ("English", "Arabic", "77 %"),
        "lag": ("Half within",),
        "health": ("The Harbor Post", "In 7 days"),
        "coverage": ("The columns add up", "waiting", "loaded", "http_410"),
    }.items():
        found = text_of(page, section)
        assert [word for word in words if word not in found] == []


def test_nothing_that_outlets_wrote_is_markup(page: str) -> None:
    """Titles, passages and names are escaped, and an address that is a program is no link."""
    parsed = parsed_page(page)
    assert (
        parsed.xpath("//script | //main//img | //main//b | //main//em | //*[@style] | //@*[starts-with(name(), 'on')]")
        == []
    )
    assert [each for each in parsed.xpath("//a/@href") if not re.match(r"#|https?://", each)] == []
    words = " ".join(parsed.text_content().split())
    for shown in (
        *TRICKS[:2],
        "A ‹U+202E›right-to-left override‹U+202C› in a headline",
        "javascript:document.title='run'",
    ):
        assert shown in words
    assert "Bold &lt;b&gt;News&lt;/b&gt; &amp; Views" in page
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


def test_the_policy_allows_this_style_sheet_alone(page: str) -> None:
    """By its hash, and nothing else from anywhere."""
    (policy,) = parsed_page(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = parsed_page(page).xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert re.findall(r"url\(|@import|https?:", style) == []


def test_each_statement_can_be_asked_again(home: Path, page: str) -> None:
    """Of the words at the foot, as a person pastes them."""
    statements = parsed_page(page).xpath("//footer//pre/code")
    assert len(statements) >= 14
    for statement in statements:
        assert run_query(home, statement.text_content()).num_columns
    for heading, _ in SECTIONS.values():
        assert parsed_page(page).xpath(f"//footer//summary[text()='{heading}']")


def test_the_foot_says_what_it_was_made_of(page: str) -> None:
    """Period, time, state and schema of the warehouse, version; no path of the machine."""
    (foot,) = parsed_page(page).xpath("//footer/dl")
    words = " ".join(" ".join(foot.itertext()).split())
    for part in (
        "23 Mar 2026, 00:00 to 30 Mar 2026, 18:00 UTC",
        "by wirewatch",
        "warehouse.duckdb",
        "state ",
        "DuckDB ",
    ):
        assert part in words
    assert "/home" not in words


def test_a_demo_adds_up(tmp_path: Path) -> None:
    """The sample outlets: the page's sums are the warehouse's own, and its ledger is balanced."""
    with demo_bench(tmp_path) as bench:
        written = write_report(bench.workspace, since=now() - timedelta(days=2), now=now())
        (articles,) = bench.column("SELECT COUNT(*) FROM articles")
        (links,) = bench.column("SELECT COUNT(*) FROM links")
        (edits,) = bench.column("SELECT COUNT(*) FROM revisions WHERE kind = 'edit'")
    page = written.path.read_text(encoding="utf-8")
    assert written.articles == articles
    assert f"New articles {articles}" in text_of(page, "glance")
    assert f"{links} discovered" in text_of(page, "coverage")
    assert "The columns add up" in text_of(page, "coverage")
    assert f"{edits} edits" in text_of(page, "changes")
    assert "missing eleven nine" in text_of(page, "changes")
    assert "The Levantine Gazette" in text_of(page, "stories")


def test_a_warehouse_without_articles_says_so(tmp_path: Path) -> None:
    """No chart without a bar: a sentence in each section."""
    with open_live(tmp_path, wait_seconds=0):
        pass
    publish(tmp_path, wait_seconds=0)
    written = write_report(open_workspace(SAMPLE, tmp_path), since=SINCE, now=UNTIL)
    page = written.path.read_text(encoding="utf-8")
    assert "The warehouse holds no article yet, and nothing has been run" in text_of(page, "glance")
    assert parsed_page(page).xpath("//svg") == []
    for section in SECTIONS:
        assert parsed_page(page).xpath(f"//section[@id='{section}']//p[@class='note']"), section


def test_a_period_without_articles_says_so(tmp_path: Path) -> None:
    """And when the newest one was seen; what was before is not told as if it were now."""
    with open_live(tmp_path, wait_seconds=0) as con:
        load(con, RUN, OUTLET, [make_extraction(1, title="An old story")], now=NOW)
    publish(tmp_path, wait_seconds=0)
    later = NOW + timedelta(days=40)
    written = write_report(open_workspace(SAMPLE, tmp_path), since=later - timedelta(days=3), now=later)
    page = written.path.read_text(encoding="utf-8")
    assert "No article was first seen in this period. The newest of 1 article" in text_of(page, "glance")
    assert "An old story" not in page
    assert parsed_page(page).xpath("//svg") == []
