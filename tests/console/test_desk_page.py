"""The desk in a real browser, by keyboard alone, on a telephone and at a counter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect

from bot.domain.booking.appointment import State
from bot.supervising import free_port
from tests.chromium import ARGUMENTS, NAMES, PATIENCE, chromium_path
from tests.conftest import Database
from tests.console.desk import NINE, Desk, open_desk
from tests.console.visiting import PASSWORD, pictures
from tests.offices import HOUSEHOLD, city
from tests.offices import MONDAY as DAY
from tests.visiting import arrive, call, expect_somebody, walk_in

SIZES = [(390, 844), (1280, 860)]


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[tuple[Desk, str]]:
    """A desk with a morning's worth of people, and its address."""
    desk = await open_desk(database)
    await desk.place.add("an", departments={"finance": "head"})
    server = uvicorn.Server(
        uvicorn.Config(desk.place.app, host="127.0.0.1", port=(port := free_port()), log_level="error", lifespan="off")
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield desk, f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    await running


@pytest.fixture
async def opened(desk: tuple[Desk, str], request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A browser signed in as a head of the department; any error on the page fails the test."""
    found = chromium_path()
    assert found is not None, f"none of {NAMES} found; run: python -m tests.chromium"
    width, height = getattr(request, "param", SIZES[1])
    troubles: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        context = await browser.new_context(
            locale="vi-VN", viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh"
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        await page.goto(f"{desk[1]}/sign-in?next=/day/finance")
        await page.locator("[name=login]").fill("an")
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("#code")).to_be_focused()
        yield page
        await browser.close()
    assert troubles == []


async def fill_morning(database: Database, desk: Desk) -> str:
    """Six who booked, of whom some came, and two without; gives the code of one who is still to come."""
    one, other = desk.counters
    engine = database.engine
    served = await expect_somebody(engine, one, city(DAY, 8), name="Trần Thị Bình")
    came = await expect_somebody(engine, other, NINE, name="Phạm Thị Dung", telephone="+84987654321")
    code = await expect_somebody(engine, one, NINE, name="Nguyễn Văn An")
    await expect_somebody(engine, one, city(DAY, 10), name="Lê Văn Cường", service=HOUSEHOLD)
    await expect_somebody(engine, other, city(DAY, 10, 30), name="Kim Min-ji", telephone="+821012345678")
    await expect_somebody(engine, other, city(DAY, 11), name="Hoàng Văn Em", state=State.CANCELLED)
    await arrive(engine, served, city(DAY, 7, 55))
    called = await call(engine, one, city(DAY, 8))
    assert called is not None
    await call(engine, one, city(DAY, 8, 30), called)
    await walk_in(engine, city(DAY, 8, 40), HOUSEHOLD)
    await arrive(engine, came, city(DAY, 8, 50))
    await walk_in(engine, city(DAY, 8, 55))
    return code


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the control is reached, as one does without a mouse."""
    wanted = page.locator(selector)
    for _ in range(60):
        if await wanted.evaluate("it => it === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with Tab")


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("opened", SIZES, indirect=True)
async def test_a_morning_at_the_counter_by_keyboard_alone(
    opened: Page, desk: tuple[Desk, str], database: Database
) -> None:
    page = opened
    size = page.viewport_size
    assert size is not None
    code = await fill_morning(database, desk[0])
    await page.keyboard.type(code.lower())
    await page.keyboard.press("Enter")
    await expect(page.locator(".flash")).to_contain_text("Số thứ tự là")
    await expect(page.locator("#code")).to_be_focused()
    await tab_to(page, "#counter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#call")).to_be_visible()
    await tab_to(page, "#call")
    await page.keyboard.press("Enter")
    await expect(page.locator(".at-counter .number")).to_contain_text("5")
    await expect(page.locator(".at-counter .whom")).to_contain_text("Nguyễn Văn An")
    await tab_to(page, "#recall")
    await page.keyboard.press("Enter")
    await expect(page.locator(".flash")).to_contain_text("Còn gọi lại được 2 lần")
    assert await fits(page)
    await page.screenshot(path=pictures(f"desk-day-{size['width']}"), full_page=True)
    await tab_to(page, "#served")
    await page.keyboard.press("Enter")
    await expect(page.locator(".flash")).to_contain_text("Đã ghi số 5 là đã phục vụ")
    await expect(page.locator(".at-counter .number")).to_contain_text("–")


async def test_the_day_renews_itself_and_keeps_what_is_typed(
    opened: Page, desk: tuple[Desk, str], database: Database
) -> None:
    await opened.keyboard.type("K7M")
    await walk_in(database.engine, NINE)
    await expect(opened.locator("#live .queue-number")).to_have_text("Số 1")
    await expect(opened.locator("#code")).to_have_value("K7M")
    await expect(opened.locator("#code")).to_be_focused()


async def test_a_filter_half_filled_in_outlives_the_renewal(
    opened: Page, desk: tuple[Desk, str], database: Database
) -> None:
    await opened.locator("#q").fill("Nguyễn")
    await opened.locator("#code").focus()
    await walk_in(database.engine, NINE)
    await expect(opened.locator("#live .queue-number")).to_have_text("Số 1")
    await expect(opened.locator("#q")).to_have_value("Nguyễn")


@pytest.mark.parametrize("opened", SIZES, indirect=True)
async def test_week_screen_and_appointment_fit_and_are_looked_at(
    opened: Page, desk: tuple[Desk, str], database: Database
) -> None:
    page, (_, address) = opened, desk
    size = page.viewport_size
    assert size is not None
    code = await fill_morning(database, desk[0])
    for counter in desk[0].counters:
        await call(database.engine, counter, NINE)
    await page.reload()
    screen = await page.locator(".day-links a[target=_blank]").get_attribute("href")
    for name, path in (
        ("week", "/week/finance"),
        ("appointment", f"/appointments/{code}?on=2026-03-04"),
        ("book", "/book/finance?on=2026-03-04"),
        ("screen", (screen or "").removeprefix("/console")),
    ):
        await page.goto(address + path)
        assert await fits(page), name
        await page.screenshot(path=pictures(f"desk-{name}-{size['width']}"), full_page=True)


@pytest.mark.parametrize("opened", SIZES, indirect=True)
async def test_a_day_is_told_in_words_as_soon_as_it_is_chosen(opened: Page, desk: tuple[Desk, str]) -> None:
    await opened.goto(f"{desk[1]}/book/finance?on=2026-03-04")
    words = opened.locator("[data-in-words]")
    await expect(words).to_have_text("Thứ Tư, ngày 4 tháng 3 năm 2026")
    await opened.locator("#on").fill("2026-04-05")
    await expect(words).to_have_text("Chủ nhật, ngày 5 tháng 4 năm 2026")
    assert await fits(opened)
