"""The hours of a counter and a closing in a real browser, by keyboard alone, on a telephone and at a desk."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect

from bot.persistence.booking_rows import AppointmentRow
from bot.supervising import free_port
from tests.chromium import ARGUMENTS, NAMES, PATIENCE, chromium_path
from tests.conftest import Database
from tests.console.directory import HOURS, Office, open_office
from tests.console.visiting import PASSWORD, pictures
from tests.offices import MONDAY, city

SIZES = [(390, 844), (1280, 860)]
TUESDAY = MONDAY + dt.timedelta(days=1)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[tuple[Office, str]]:
    office = await open_office(database)
    await office.place.add("truong", departments={"finance": "head"})
    server = uvicorn.Server(
        uvicorn.Config(
            office.place.app, host="127.0.0.1", port=(port := free_port()), log_level="error", lifespan="off"
        )
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield office, f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    await running


async def to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(200):
        if await page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


async def fits(page: Page) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"


@pytest.mark.parametrize("size", SIZES)
async def test_hours_are_changed_and_a_day_is_closed_by_keyboard(
    office: tuple[Office, str], size: tuple[int, int]
) -> None:
    behind, base = office
    booked = [await behind.book(name, city(TUESDAY, hour)) for name, hour in (("a", 9), ("b", 10), ("c", 15))]
    found = chromium_path()
    assert found is not None, f"none of {NAMES} found; run: python -m tests.chromium"
    width, height = size
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(found), args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": height}, locale="vi")
        page.set_default_timeout(PATIENCE)
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        await page.goto(f"{base}/sign-in")
        await page.fill("input[name=login]", "truong")
        await page.fill("input[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{base}/")

        await page.goto(f"{base}/directory/departments/finance")
        await fits(page)
        await page.screenshot(path=pictures(f"directory_department_{width}"), full_page=True)

        await page.goto(base + HOURS)
        await fits(page)
        await to(page, '[name="0.0.starts"]')
        await page.keyboard.type("07:30")
        await to(page, 'button[value="spread"]')
        await page.keyboard.press("Enter")
        await expect(page.locator('[name="4.0.starts"]')).to_have_value("07:30")
        await page.screenshot(path=pictures(f"directory_hours_{width}"), full_page=True)
        await to(page, 'button.primary[value="save"]')
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{base}/directory/departments/finance")

        await page.goto(f"{base}/closings/new?where=department:finance&day={TUESDAY}")
        await to(page, '[name="reason"]')
        await page.keyboard.type("Tập huấn nghiệp vụ")
        await page.keyboard.press("Enter")
        await expect(page.locator("#affected")).to_contain_text("3 lịch hẹn")
        await fits(page)
        await page.screenshot(path=pictures(f"directory_closing_{width}"), full_page=True)
        await to(page, 'button[value="close"]')
        await page.keyboard.press("Enter")
        await expect(page.locator(".flash")).to_contain_text("3 người được chuyển giờ")
        await fits(page)
        await page.screenshot(path=pictures(f"directory_closings_{width}"), full_page=True)
        await page.goto(f"{base}/directory/services/finance_company")
        await fits(page)
        await page.screenshot(path=pictures(f"directory_service_{width}"), full_page=True)
        await browser.close()
    assert [line for line in troubles if "409" not in line and "422" not in line] == []
    for one in booked:
        row = await behind.row(AppointmentRow, AppointmentRow.code == one.code)
        assert row.during.lower >= city(TUESDAY + dt.timedelta(days=1), 7, 30)
