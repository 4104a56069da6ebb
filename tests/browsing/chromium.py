"""Debian's Chromium, headless, with nothing that leaves the machine: what tests of pages look with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright

EXECUTABLE = Path("/usr/bin/chromium")
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
    if not EXECUTABLE.exists():  # noqa: ASYNC240 - asked once, of a local disk
        pytest.skip(f"there is no {EXECUTABLE}; on Debian: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


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
