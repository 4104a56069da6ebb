"""`wirewatch explore` as an analyst sees it, in headless Chromium: quiet, on this machine alone, harmed by nobody."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from browsing.chromium import Visit, chromium, visited
from explored_home import ARABIC_TITLE, EDITED_TITLE, HOSTILE_TITLE, make_home, publish_another
from playwright.async_api import Browser, Locator, expect
from running_explore import RunningExplore, running_explore

from warehouse.connection import published_path

# Playwright's pipes are left to the garbage collector.
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

PROBES = {"script-src eval"}
"""A library of marimo's asks the browser once whether it may make code at run time, and takes the no."""

PATIENCE_MS = 90_000
"""Two cores may be shared by many; nothing is asserted about time."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published home."""
    made = tmp_path_factory.mktemp("looked-at") / "home"
    make_home(made)
    return made


@pytest.fixture(scope="module")
def explore(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningExplore]:
    """One app for all tests; it ends without having written anything to the person's home directory."""
    with running_explore(home, tmp_path_factory.mktemp("person")) as running:
        yield running
        assert running.stop() == (0, "")
        assert list(running.person.rglob("*")) == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests."""
    expect.set_options(timeout=PATIENCE_MS)
    async with chromium() as running:
        yield running


async def look(visit: Visit, words: str) -> Locator:
    """Type a search; what was found."""
    visit.page.set_default_timeout(PATIENCE_MS)
    await visit.page.locator(".ww-form input").first.fill(words)
    return visit.page.locator(".ww-results > li")


async def assert_quiet(visit: Visit, url: str) -> None:
    """Nothing went elsewhere, nothing was kept from happening, nothing was complained of, nothing has run."""
    assert visit.requests == []
    assert set(await visit.violations()) <= PROBES
    assert [words for words in visit.messages if words.startswith(("error", "uncaught"))] == []
    assert await visit.page.evaluate("window.trapped") is None
    assert visit.page.url.startswith(url)


async def test_a_search_shows_what_was_found(browser: Browser, explore: RunningExplore, home: Path) -> None:
    """The newest articles, then those that were asked for, with marks; a wrong query is told in the page."""
    before = hashlib.sha256(published_path(home).read_bytes()).hexdigest()
    async with visited(browser, explore.url, allowed=explore.url) as visit:
        results = visit.page.locator(".ww-results > li")
        await expect(results).to_have_count(5)
        results = await look(visit, "nine ferry")
        await expect(results).to_have_count(1)
        await expect(results.locator("mark")).to_have_text(["ferry", "Nine"])
        await expect(results.locator(".ww-note")).to_have_text("2 revisions")
        assert "q=nine+ferry" in visit.page.url
        await look(visit, "ferry outlet:nope")
        await expect(visit.page.locator(".ww-problem")).to_contain_text("outlet:nope is no outlet of this warehouse")
        await expect(visit.page.locator("body")).not_to_contain_text("Traceback")
        await assert_quiet(visit, explore.url)
    assert hashlib.sha256(published_path(home).read_bytes()).hexdigest() == before


async def test_an_article_shows_its_edit_and_its_original(browser: Browser, explore: RunningExplore) -> None:
    """Words that went and came side by side, the rule behind a field, and the archived page's words in a dead frame."""
    async with visited(browser, f"{explore.url}?q=nine+ferry", allowed=explore.url) as visit:
        page = visit.page
        page.set_default_timeout(PATIENCE_MS)
        await page.locator(".ww-title button").first.click()
        await expect(page.locator(".ww-article [role=heading]")).to_have_text(EDITED_TITLE)
        await page.get_by_text("2 revisions, side by side").click()
        await expect(page.locator(".ww-diff del:visible")).to_have_text(["late", "Eleven"])
        await expect(page.locator(".ww-diff ins:visible")).to_have_text(["found", "Nine"])
        await page.get_by_text("Where each field came from").click()
        await expect(page.locator(".ww-stacked code:visible")).to_have_text(["og:title"])
        await page.locator(".ww-captures button").last.click()
        frame = page.frame_locator(".ww-frame")
        await expect(frame.locator("h1")).to_have_text("Ferry number 1 is late")
        await expect(frame.locator("script, img, iframe, form, link, [onclick], [style], [href]")).to_have_count(0)
        await expect(page.locator(".ww-facts .ww-good")).to_have_text("the archive's bytes have it")
        assert await page.locator(".ww-frame").get_attribute("sandbox") == ""
        await page.get_by_text("Back to the list").click()
        await expect(page.locator(".ww-results > li")).to_have_count(1)
        assert "article=" not in page.url
        await assert_quiet(visit, explore.url)


async def test_a_title_that_means_harm_is_shown(browser: Browser, explore: RunningExplore) -> None:
    """In the list and above its text: as text, and neither as HTML nor as Markdown."""
    async with visited(browser, f"{explore.url}?q=gale", allowed=explore.url) as visit:
        page = visit.page
        page.set_default_timeout(PATIENCE_MS)
        title = page.locator(".ww-title button").first
        await expect(title).to_have_text(HOSTILE_TITLE)
        await title.click()
        await expect(page.locator(".ww-article [role=heading]")).to_have_text(HOSTILE_TITLE)
        await expect(page.locator(".ww img, .ww script, .ww strong, .ww-text a, .ww-chip b")).to_have_count(0)
        await assert_quiet(visit, explore.url)


async def test_arabic_stands_on_its_side_and_a_phone_is_wide_enough(browser: Browser, explore: RunningExplore) -> None:
    """Right to left in the list and in the text; nothing is wider than the screen; dark as the person's system is."""
    url = f"{explore.url}?q=lang%3Aar"
    async with visited(browser, url, width=390, color_scheme="dark", allowed=explore.url) as visit:
        page = visit.page
        page.set_default_timeout(PATIENCE_MS)
        title = page.locator(".ww-title button [dir]").first
        await expect(title).to_have_text(ARABIC_TITLE)
        assert await title.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
        await title.click()
        text = page.locator(".ww-text p").first
        assert await text.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
        assert await page.evaluate("document.getElementById('App').scrollWidth <= document.documentElement.clientWidth")
        assert await text.evaluate("(each) => getComputedStyle(each).color") == "rgb(228, 233, 238)"
        await page.go_back()
        await expect(page.locator(".ww-results > li")).to_have_count(1)
        await assert_quiet(visit, explore.url)


async def test_the_other_views_are_drawn(browser: Browser, explore: RunningExplore) -> None:
    """Stories with who copied, outlets with their health, coverage; each by its tab and by its address."""
    async with visited(browser, f"{explore.url}?view=Stories", allowed=explore.url) as visit:
        page = visit.page
        page.set_default_timeout(PATIENCE_MS)
        await expect(page.locator(".ww-copies li")).to_contain_text("<i>The Gazette</i>")
        await expect(page.locator(".ww-lag")).to_have_text("1.5 h")
        await page.get_by_role("tab", name="Outlets").click()
        await expect(page.locator(".ww-table tbody tr")).to_have_count(2)
        await page.get_by_role("tab", name="Coverage").click()
        await expect(page.locator(".ww-table thead th").last).to_have_text("why not")
        await assert_quiet(visit, explore.url)


async def test_a_published_file_is_followed(browser: Browser, explore: RunningExplore, home: Path) -> None:
    """A run replaces the file under an open page: without a hand the page shows what is new, and goes on working."""
    async with visited(browser, explore.url, allowed=explore.url) as visit:
        await expect(visit.page.locator(".ww-masthead")).to_contain_text("5 articles")
        publish_another(home)
        await expect(visit.page.locator(".ww-masthead")).to_contain_text("6 articles")
        results = await look(visit, "tide")
        await expect(results).to_have_count(1)
        await assert_quiet(visit, explore.url)
