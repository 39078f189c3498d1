"""A running web chat, and a browser to look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.supervising import free_port
from tests.channels.web.parrot import Assistant, settings_for
from tests.chromium import ARGUMENTS, NAMES, chromium_path
from tests.conftest import Database

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def assistant(database: Database, tmp_path: Path) -> AsyncIterator[Assistant]:
    """The web chat with a parrot behind it."""
    running = Assistant(database.url, database.engine, settings_for(free_port(), tmp_path))
    await running.start_server()
    running.start_worker()
    yield running
    await running.stop()


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to the assistant, outside any browser."""
    async with httpx.AsyncClient(base_url=assistant.address, timeout=10) as http:
        yield http


@pytest.fixture(scope="session")
def executable() -> Path:
    """A Chromium; without one the page tests fail, since the pages would go untested."""
    found = chromium_path()
    assert found is not None, f"none of {NAMES} found; run: python -m tests.chromium"
    return found


@pytest.fixture(scope="session")
async def browser(executable: Path) -> AsyncIterator[Browser]:
    """One browser for all tests."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture
async def open_page(browser: Browser, assistant: Assistant) -> AsyncIterator[OpenPage]:
    """Opens the chat as a new visitor with a Vietnamese browser; any error on the page fails the test."""
    contexts = []
    troubles: list[str] = []

    async def open_(path: str = "/", *, width: int = 1280, height: int = 800, locale: str = "vi-VN") -> Page:
        context = await browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh"
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto(assistant.address + path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert troubles == []
