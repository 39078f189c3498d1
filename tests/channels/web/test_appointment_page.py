"""The page of an appointment in a browser, and an appointment's files in the chat."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Page, expect

from bot.domain.booking.appointment import Appointment, State
from bot.domain.procedure import Language
from bot.persistence.appointment_book import SqlAppointmentBook
from tests.channels.web.booking import CLOCK, book, path_of, signed_papers
from tests.channels.web.conftest import OpenPage
from tests.channels.web.looking import greeted, type_and_send
from tests.channels.web.parrot import Assistant
from tests.offices import EARLY


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    CLOCK.now = EARLY
    yield
    CLOCK.now = EARLY


@pytest.fixture
async def booked(assistant: Assistant) -> Appointment:
    return await book(assistant.engine)


async def seen_by_a_scanner(page: Page, selector: str) -> list[str]:
    """What a scanner reads from the screen."""
    shot = await page.locator(selector).screenshot()
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)).convert("L"))]


async def overflows(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_page_fits_and_its_code_can_be_scanned_from_the_screen(
    open_page: OpenPage, booked: Appointment, width: int
) -> None:
    page = await open_page(path_of(booked), width=width, height=844)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nộp hồ sơ thành lập công ty")
    assert await seen_by_a_scanner(page, ".ticket img") == [booked.code]
    assert not await overflows(page)


async def test_the_code_can_be_scanned_in_a_dark_page_too(open_page: OpenPage, booked: Appointment) -> None:
    page = await open_page(path_of(booked), width=390, height=844)
    await page.emulate_media(color_scheme="dark")
    assert await seen_by_a_scanner(page, ".ticket img") == [booked.code]


async def test_cancelling_on_the_page_asks_first(
    open_page: OpenPage, assistant: Assistant, booked: Appointment
) -> None:
    book_ = SqlAppointmentBook(assistant.engine)
    page = await open_page(path_of(booked), width=390, height=844)
    yes = page.get_by_role("button", name="Vâng, hủy lịch hẹn này")
    await expect(yes).to_be_hidden()
    await page.get_by_text("Hủy lịch hẹn", exact=True).click()
    await expect(yes).to_be_visible()
    found = await book_.found(booked.code)
    assert found is not None
    assert found.state is State.BOOKED, "nothing is done before the second step"
    await yes.click()
    await expect(page.get_by_text("Lịch hẹn này đã hủy")).to_be_visible()
    found = await book_.found(booked.code)
    assert found is not None
    assert found.state is State.CANCELLED
    await page.reload()
    await expect(page.locator(".state-badge")).to_have_text("Đã hủy")
    await expect(page.locator("form")).to_have_count(0)


async def test_the_keyboard_alone_confirms_and_cancels(open_page: OpenPage, booked: Appointment) -> None:
    page = await open_page(path_of(booked))
    await page.get_by_role("button", name="Tôi sẽ đến").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Cảm ơn anh/chị đã xác nhận")).to_be_visible()
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Lịch hẹn này đã hủy")).to_be_visible()


async def test_the_page_changes_its_language(open_page: OpenPage, booked: Appointment) -> None:
    page = await open_page(path_of(booked), width=390, height=844)
    for language, shown in (
        ("English", "Show this code"),
        ("日本語", "窓口でこのコード"),
        ("Tiếng Việt", "Anh/chị đưa mã"),
    ):
        await page.get_by_role("link", name=language).click()
        await expect(page.get_by_text(shown)).to_be_visible()


async def test_the_chat_shows_the_picture_and_the_calendar_file_and_keeps_them(
    open_page: OpenPage, assistant: Assistant, booked: Appointment
) -> None:
    assistant.parrot.files = signed_papers().of(booked, Language.VI)
    page = await greeted(await open_page(width=390, height=844))
    await type_and_send(page, "lịch hẹn")
    for _ in range(2):
        image = page.get_by_role("img", name=f"Mã QR của lịch hẹn {booked.code}")
        await expect(image).to_be_visible()
        await expect(image).to_have_js_property("complete", True)
        assert await seen_by_a_scanner(page, ".picture img") == [booked.code]
        calendar = page.get_by_role("link", name="Thêm vào lịch")
        assert await calendar.get_attribute("href") == assistant.address + path_of(booked) + "/calendar.ics"
        await page.reload()
    answer = await page.request.get(assistant.address + path_of(booked) + "/calendar.ics")
    assert answer.status == 200
    async with page.context.expect_page() as opened:
        await page.locator("a.picture").click()
    await expect((await opened.value).get_by_role("heading", level=1)).to_have_text("Nộp hồ sơ thành lập công ty")
    assert not await overflows(page)


async def test_a_file_from_elsewhere_is_not_shown(
    open_page: OpenPage, assistant: Assistant, booked: Appointment
) -> None:
    code, calendar = signed_papers().of(booked, Language.VI)
    assistant.parrot.files = (
        replace(code, path="//evil.example/x.png"),
        replace(calendar, path="javascript:document.title='owned'"),
        replace(calendar, title="<b>Lịch</b>"),
    )
    page = await greeted(await open_page())
    await type_and_send(page, "lịch hẹn")
    await expect(page.locator(".files a")).to_have_count(1)
    await expect(page.locator(".files a")).to_contain_text("<b>Lịch</b>")
