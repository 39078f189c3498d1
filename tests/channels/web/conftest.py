"""A running web chat, and a browser to look at it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.supervising import free_port
from tests.channels.web.booking import pages
from tests.channels.web.parrot import Assistant, settings_for
from tests.chromium import ARGUMENTS, NAMES, PATIENCE, chromium_path

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def one_assistant(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Assistant]:
    """The web chat with a parrot behind it, started once: visitors know nothing of each other."""
    name = f"web_{os.getpid()}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    url = postgres.url_of(name)
    engine = create_engine(url, pool=5)
    settings = settings_for(free_port(), tmp_path_factory.mktemp("web"))
    running = Assistant(url, engine, settings, routers=(pages(engine).router(),))
    running.start_worker()
    yield running
    await running.stop()
    await engine.dispose()


@pytest.fixture
async def assistant(one_assistant: Assistant) -> AsyncIterator[Assistant]:
    """The web chat, running, with a parrot that has heard nothing."""
    if one_assistant.server is None:
        await one_assistant.start_server()
    one_assistant.parrot.heard.clear()
    yield one_assistant
    one_assistant.parrot.free.set()


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to the assistant, outside any browser."""
    async with httpx.AsyncClient(base_url=assistant.address, timeout=PATIENCE / 1000) as http:
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

    async def open_(
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        locale: str = "vi-VN",
        address: str = assistant.address,
        script: str | None = None,
    ) -> Page:
        context = await browser.new_context(
            locale=locale, viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh"
        )
        contexts.append(context)
        if script is not None:
            await context.add_init_script(script)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        await page.goto(address + path)
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert troubles == []
