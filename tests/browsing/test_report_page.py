"""The report as a reader sees it, in headless Chromium: drawn, quiet, readable on a phone, and nobody's program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from browsing.chromium import chromium, visited
from playwright.async_api import Browser
from press_weeks import SINCE, TRICKS, UNTIL, make_press_weeks

from flows.report_page import write_report
from flows.settings import open_workspace

# Playwright's pipes are left to the garbage collector.
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

LANDMARKS: tuple[Literal["banner", "navigation", "main", "contentinfo"], ...] = (
    "banner",
    "navigation",
    "main",
    "contentinfo",
)
CHARTS = (
    "Articles by day, all outlets",
    "Articles of The Harbor Post",
    "Who copied from whom",
    "Articles by language",
    "From publication to first sight",
    "What became of the links",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SAMPLE = Path(__file__).parents[2] / "config" / "sample"
BOXES = """
    (selector) => [...document.querySelectorAll(selector)]
        .map((each) => each.getBoundingClientRect())
        .filter((box) => box.width > 0 && box.height > 0).length
"""
TOO_WIDE = """
    () => [...document.querySelectorAll('body *')]
        .filter((each) => !each.closest('.scroll, pre, .skip'))
        .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map((each) => each.outerHTML.slice(0, 100))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on six weeks."""
    home = tmp_path_factory.mktemp("press") / "home"
    make_press_weeks(home)
    return write_report(open_workspace(SAMPLE, home), since=SINCE, now=UNTIL).path.as_uri()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests."""
    async with chromium() as running:
        yield running


@pytest.mark.parametrize(("width", "shown", "hidden"), [(1200, "wide", "narrow"), (360, "narrow", "wide")])
async def test_every_chart_is_drawn(browser: Browser, report: str, width: int, shown: str, hidden: str) -> None:
    """Marks have a size, once for the width of the screen; nothing is asked for, and nothing complained of."""
    async with visited(browser, report, width=width) as visit:
        figures = await visit.page.locator("figure").count()
        assert figures == 5
        for place in range(figures):
            figure = visit.page.locator("figure").nth(place)
            marks = await figure.locator(f".{shown} svg").evaluate(
                "(svg) => [...svg.querySelectorAll('path, line')].map((each) => each.getBoundingClientRect())"
                ".filter((box) => box.width > 1 || box.height > 1).length"
            )
            assert marks >= 1
            assert await figure.locator(f".{shown} svg text").count() >= 2
            assert await figure.locator(f".{hidden}").is_hidden()
        assert await visit.page.evaluate(BOXES, ".spark svg path") >= 8
        assert (visit.requests, visit.messages, await visit.violations()) == ([], [], [])


async def test_the_page_is_as_wide_as_a_phone(browser: Browser, report: str) -> None:
    """Only tables and SQL scroll sideways, each by itself; also with everything unfolded."""
    async with visited(browser, report, width=360, height=740) as visit:
        await visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        assert await visit.page.evaluate(widths) == [360, 360]
        assert await visit.page.evaluate(TOO_WIDE) == []


async def test_it_is_dark_for_who_wants_it(browser: Browser, report: str) -> None:
    """Page and drawings: light text on a dark ground, and bars in a lighter ink."""
    seen = {}
    for scheme in SCHEMES:
        async with visited(browser, report, color_scheme=scheme) as visit:
            seen[scheme] = await visit.page.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color, "
                "getComputedStyle(document.querySelector('.wide .fill-bar')).fill]"
            )
    light, dark = ([brightness(color) for color in seen[scheme]] for scheme in SCHEMES)
    assert (light[0] > 240, light[1] < 60) == (True, True)
    assert (dark[0] < 60, dark[1] > 200) == (True, True)
    assert light[2] < dark[2]


def brightness(color: str) -> float:
    """Of a color such as ``rgb(20, 24, 28)``, 0 to 255."""
    red, green, blue = (int(part) for part in color.strip("rgb()").split(","))
    return (2 * red + 5 * green + blue) / 8


async def test_a_keyboard_reaches_every_section(browser: Browser, report: str) -> None:
    """First what skips the contents, then the contents, each link to a section that is there."""
    async with visited(browser, report) as visit:
        focused = []
        for _ in range(11):
            await visit.page.keyboard.press("Tab")
            focused.append(await visit.page.evaluate("document.activeElement.getAttribute('href')"))
        assert focused[:2] == ["#content", "#volume"]
        assert "#coverage" in focused
        assert all([await visit.page.locator(address).count() == 1 for address in focused if address])
        for address in ("#content", "#coverage"):
            await visit.page.locator(f"a[href='{address}']").first.focus()
            await visit.page.keyboard.press("Enter")
            assert (await visit.page.evaluate("location.hash")) == address
        await visit.page.locator("#volume summary").first.focus()
        await visit.page.keyboard.press("Enter")
        assert await visit.page.locator("#volume-steps").is_visible()


async def test_a_screen_reader_has_names_for_everything(browser: Browser, report: str) -> None:
    """Landmarks, one first heading, charts with what they show, tables with captions and heads."""
    async with visited(browser, report) as visit:
        page = visit.page
        tree = await page.locator("body").aria_snapshot()
        assert await page.locator("html").get_attribute("lang") == "en"
        for role in LANDMARKS:
            assert await page.get_by_role(role).count() == 1
        assert await page.get_by_role("heading", level=1).count() == 1
        for name in CHARTS:
            assert f'- img "{name}"' in tree
        chart = page.get_by_role("img", name=CHARTS[0])
        described = await chart.get_attribute("aria-describedby")
        assert (await page.locator(f"#{described}").text_content() or "").startswith(
            "Most articles: 10 (30 Mar, so far)"
        )
        assert await page.locator("svg[role=img]:not([aria-labelledby])").count() == 0
        assert await page.locator("table:not(:has(caption))").count() == 0
        assert await page.locator("th:not([scope])").count() == 0
        ids = await page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
        assert len(ids) == len(set(ids))


async def test_what_outlets_write_is_shown_and_not_run(browser: Browser, report: str) -> None:
    """Headlines, passages, names and addresses that try to be markup are text; the page's title is its own."""
    async with visited(browser, report) as visit:
        page = visit.page
        assert (await page.title()).startswith("wirewatch report")
        text = await page.locator("body").inner_text()
        assert "Bold <b>News</b> & Views" in text
        assert "<em>after all</em>" in text
        for title in TRICKS[:2]:
            assert title in text
        assert "javascript:document.title='run'" in text
        assert await page.locator("script, iframe, object, embed, main img, main b, main em").count() == 0
        assert await page.locator("[style], [onerror], [onclick], [onload]").count() == 0
        links = await page.evaluate("[...document.querySelectorAll('a')].map((each) => each.protocol)")
        assert set(links) <= {"https:", "file:"}
        labels = await page.locator("#network svg text").all_text_contents()
        assert any("Bold <b>News</b>" in label for label in labels)


async def test_right_to_left_text_runs_right_to_left(browser: Browser, report: str) -> None:
    """Arabic passages as paragraphs of their own direction, words with their language."""
    async with visited(browser, report) as visit:
        page = visit.page
        passage = page.locator("p.diff[lang=ar]").first
        assert await passage.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
        assert "الهدنة" in await page.locator("#words bdi[lang=ar]").all_inner_texts()
        box = await passage.locator("del, ins").first.bounding_box()
        assert box is not None
        assert box["width"] > 0


@pytest.fixture
def broken(report: str, tmp_path: Path) -> str:
    """The address of a report that lets through what others wrote."""
    page = Path(report.removeprefix("file://")).read_text(encoding="utf-8")
    hostile = (
        f"<base href='https://evil.example/'>{TRICKS[0]}"
        "<img src='https://evil.example/pixel' onerror=\"document.title='run'\">"
        "<link rel='stylesheet' href='https://evil.example/x.css'><p id='styled' style='display:none'>seen</p>"
        "<script src='https://evil.example/x.js'></script><iframe src='https://evil.example/'></iframe>"
    )
    path = tmp_path / "broken.html"
    path.write_text(page.replace("<main", f"{hostile}<main", 1), encoding="utf-8")
    return path.as_uri()


async def test_the_policy_stops_what_escaping_would_have_missed(browser: Browser, broken: str) -> None:
    """Were markup of others in the page: no script, no request, no style, and no other base for its links."""
    async with visited(browser, broken) as visit:
        await visit.page.evaluate("document.querySelector('img[onerror]').dispatchEvent(new Event('error'))")
        assert (await visit.page.title()).startswith("wirewatch report")
        assert visit.requests == []
        assert await visit.page.locator("#styled").is_visible()
        stopped = {violation.split(" ")[0] for violation in await visit.violations()}
        assert {"script-src-elem", "script-src-attr", "img-src", "style-src-attr", "base-uri"} <= stopped


async def test_it_prints(browser: Browser, report: str) -> None:
    """On paper: dark on white whatever the reader prefers on screens, without the contents, with the wide drawings."""
    async with visited(browser, report, color_scheme="dark") as visit:
        await visit.page.emulate_media(media="print", color_scheme="dark")
        ground = await visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert brightness(ground) == 255
        assert await visit.page.locator("nav").is_hidden()
        assert await visit.page.locator("figure .wide").first.is_visible()
        assert len(await visit.page.pdf(format="A4")) > 20_000
