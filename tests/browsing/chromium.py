"""Debian's Chromium, headless, with nothing that leaves the machine: what tests of pages look with."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright
from playwright.sync_api import Page as SyncPage
from playwright.sync_api import sync_playwright

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "needs Chromium to look at pages; on Debian: apt-get install chromium"
NEEDS_CHROMIUM = pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
        window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
"""


@dataclass(slots=True)
class Visit:
    """A page that is open, and what happened since: requests but the page's own, console messages, uncaught errors."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    async def violations(self) -> list[str]:
        """What the page's Content-Security-Policy kept from happening."""
        found: list[str] = await self.page.evaluate("window.violations")
        return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser; the test is skipped where there is none."""
    if EXECUTABLE is None:
        pytest.skip(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@contextmanager
def chromium_page(*, patience_seconds: float) -> Iterator[SyncPage]:
    """A page of a browser of its own, for tests that wait for other processes meanwhile.

    What is waited for longer than ``patience_seconds`` fails the test.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1300, "height": 1000})
            page.set_default_timeout(patience_seconds * 1000)
            yield page
        finally:
            browser.close()


@asynccontextmanager
async def visited(
    browser: Browser,
    url: str,
    *,
    width: int = 1200,
    height: int = 900,
    color_scheme: Literal["light", "dark"] = "light",
    allowed: str | None = None,
) -> AsyncIterator[Visit]:
    """Open a page in a profile of its own.

    Args:
        browser: The browser.
        url: The page.
        width: Of the window, in pixels.
        height: Of the window.
        color_scheme: What the reader prefers.
        allowed: Beginning of the addresses that may be asked for; the page alone where it is left out. Any other
            request is noted and goes nowhere.
    """
    context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=color_scheme)
    page = await context.new_page()
    visit = Visit(page)

    async def route(asked: Route) -> None:
        address = asked.request.url
        if address == url or (allowed is not None and address.startswith(allowed)) or address.startswith("data:"):
            await asked.continue_()
        else:
            visit.requests.append(address)
            await asked.abort()

    def said(message: ConsoleMessage) -> None:
        visit.messages.append(f"{message.type}: {message.text}")

    def failed(error: Any) -> None:
        visit.messages.append(f"uncaught: {error}")

    await context.route("**/*", route)
    page.on("console", said)
    page.on("pageerror", failed)
    await page.add_init_script(NOTE_VIOLATIONS)
    try:
        await page.goto(url)
        yield visit
    finally:
        await context.close()
