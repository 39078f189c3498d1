"""The console in Chromium, on a telephone and on a desk, by keyboard alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from bot.domain.official import Role
from bot.supervising import free_port
from tests.chromium import ARGUMENTS, NAMES, PATIENCE, chromium_path
from tests.conftest import Database
from tests.console.visiting import PASSWORD, Place, pictures


@pytest.fixture(scope="module")
def executable() -> Path:
    found = chromium_path()
    assert found is not None, f"none of {NAMES} found; run: python -m tests.chromium"
    return found


@pytest.fixture(scope="module")
async def chromium(executable: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture
async def place(database: Database) -> Place:
    return Place(database.engine)


@pytest.fixture
async def address(place: Place) -> AsyncIterator[str]:
    """The console, served."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(place.app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    await serving


async def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which must be seen."""
    for _ in range(60):
        if await page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{selector} has the focus and does not show it"
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


async def _fits(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


@pytest.mark.parametrize("width", [390, 1280])
async def test_an_administrator_signs_in_and_adds_an_official_by_keyboard_alone(
    place: Place, address: str, chromium: Browser, width: int
) -> None:
    await place.add("quan-tri", Role.ADMINISTRATOR, must_change=True)
    for key in ("finance", "health"):
        await place.add_department(key)
    context = await chromium.new_context(
        locale="vi-VN", viewport={"width": width, "height": 844 if width < 500 else 800}
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    keyboard = page.keyboard

    async def look(name: str) -> None:
        await _fits(page)
        await page.screenshot(path=pictures(f"console-{name}-{width}"), full_page=True)

    await page.goto(f"{address}/accounts")
    await look("sign-in")
    await keyboard.type("quan-tri")  # the first field has the focus
    await _tab_to(page, "#f-password")
    await keyboard.type("sai rồi")
    await keyboard.press("Enter")
    await page.get_by_role("alert").wait_for()
    await look("sign-in-wrong")
    await _tab_to(page, "#f-password")
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")

    await page.locator(".secret").wait_for()
    await look("second-factor")
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await _tab_to(page, "#f-code")
    await keyboard.type(pyotp.TOTP(secret).at(place.clock.now))
    await keyboard.press("Enter")

    await page.locator("#f-again").wait_for()
    await look("password")
    for field, typed in (("current", PASSWORD), ("new", "một câu khác hẳn"), ("again", "một câu khác hẳn")):
        await _tab_to(page, f"#f-{field}")
        await keyboard.type(typed)
    await keyboard.press("Enter")

    await page.get_by_role("heading", name="Tài khoản").wait_for()
    await _tab_to(page, "a[href$='/accounts/new']")
    await keyboard.press("Enter")
    await page.locator("#f-login").wait_for()
    await keyboard.type("an.nguyen")
    await _tab_to(page, "#f-name")
    await keyboard.type("Nguyễn Văn An")
    await _tab_to(page, "select[name='department:finance']")
    await keyboard.press("ArrowDown")
    await look("account-new")
    await _tab_to(page, "main button")
    await keyboard.press("Enter")
    await page.get_by_text("chỉ hiện một lần").wait_for()
    await look("one-time-password")
    await page.goto(f"{address}/accounts")
    await page.get_by_text("an.nguyen").wait_for()
    await look("accounts")
    await page.get_by_text("an.nguyen").click()
    await page.locator("#f-name").wait_for()
    await look("account")
    for name in ("audit", "account"):
        await page.goto(f"{address}/{name}")
        await look(f"{'own-account' if name == 'account' else name}")
    await page.goto(f"{address}/")
    await keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.matches('.skip')")
    await look("home")
    await context.close()
    assert troubles == []
