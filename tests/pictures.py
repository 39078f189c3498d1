"""The pictures in the README, made anew from the real assistant: `python -m tests.pictures`.

Uses the assistant that runs on this machine, or starts one and stops it afterwards.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.settings import ROOT, Settings
from tests.chromium import ARGUMENTS, chromium_path, say
from tests.console.showing import DEPARTMENT, Morning, morning
from tests.console.visiting import PASSWORD
from tests.offices import MONDAY

FOLDER = ROOT / "docs" / "pictures"
PATIENCE = 900
"""Seconds for an assistant to start; the first time it installs, trains and indexes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what is asked in it, and how it is looked at."""

    name: str
    utterances: tuple[str, ...]
    width: int = 1280
    height: int = 860
    locale: str = "vi-VN"
    dark: bool = False


PICTURES = (
    Picture("chat-1280", ("mở quán cà phê cần giấy tờ gì",)),
    Picture("chat-390", ("xin cap phep lao dong cho nguoi nuoc ngoai het bao nhieu tien",), 390, 844),
    Picture(
        "chat-en-390", ("How long does an investment registration certificate take?",), 390, 844, "en-GB", dark=True
    ),
    Picture("chat-start-390", (), 390, 844),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One picture of the console, on a working morning."""

    name: str
    path: str
    width: int = 1280
    height: int = 860


BOOKING = "đặt lịch nộp hồ sơ thành lập doanh nghiệp lúc 9 giờ sáng thứ Năm tới, tôi là Nguyễn Văn An, số 0912 345 678"
CANCEL = "Đúng, hủy lịch"
DESK = (
    Desk("desk-day-1280", f"/day/{DEPARTMENT}"),
    Desk("desk-day-390", f"/day/{DEPARTMENT}", 390, 844),
    Desk("desk-week-1280", f"/week/{DEPARTMENT}"),
    Desk("desk-hours-1280", f"/directory/counters/{DEPARTMENT}_1/hours"),
    Desk("desk-closing-1280", f"/closings/new?where=department:{DEPARTMENT}&day={MONDAY + dt.timedelta(days=1)}"),
)


async def main() -> int:
    executable = await asyncio.to_thread(chromium_path)
    if executable is None:
        say("no Chromium found; run: python -m tests.chromium")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with assistant() as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        for picture in PICTURES:
            path = await take(browser, address, picture)
            say(f"{path.relative_to(ROOT)}")
        for path in await take_booking(browser, address):
            say(f"{path.relative_to(ROOT)}")
        async with morning() as desk:
            for view in DESK:
                path = await take_desk(browser, desk, view)
                say(f"{path.relative_to(ROOT)}")
        await browser.close()
    return 0


async def take(browser: Browser, address: str, picture: Picture) -> Path:
    """Have the conversation and take its picture."""
    context = await browser.new_context(
        locale=picture.locale,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
    )
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator(".reply").first).to_be_visible(timeout=20_000)
    for utterance in picture.utterances:
        await ask(page, utterance)
    await page.locator("#utterance").blur()
    path = FOLDER / f"{picture.name}.png"
    await page.screenshot(path=path)
    await context.close()
    return path


async def take_desk(browser: Browser, desk: Morning, view: Desk) -> Path:
    """Sign in, sit down at the second counter, call who is next, and look."""
    context = await browser.new_context(locale="vi-VN", viewport={"width": view.width, "height": view.height})
    page = await context.new_page()
    await page.goto(f"{desk.address}/sign-in")
    await page.locator("input[name=login]").fill("lan")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{desk.address}/")
    if view.path.startswith("/day"):
        await page.goto(desk.address + view.path)
        await page.locator("#counter").select_option(index=2)
        await page.locator(".sitting button").click()
        await expect(page.locator("#call")).to_be_visible()
        if not await page.locator("#recall").count():
            await page.locator("#call").click()
            await expect(page.locator("#recall")).to_be_visible()
    await page.goto(desk.address + view.path)
    if view.path.startswith("/closings"):
        await page.locator("[name=reason]").fill("Tập huấn nghiệp vụ")
        await page.keyboard.press("Enter")
        await expect(page.locator("#affected")).to_be_visible()
    await page.evaluate("document.activeElement?.blur()")
    if view.width < 600 and await page.locator(".at-counter").count():
        await page.locator(".at-counter").evaluate("it => it.scrollIntoView()")
    path = FOLDER / f"{view.name}.png"
    await page.screenshot(path=path)
    await context.close()
    return path


async def take_booking(browser: Browser, address: str) -> list[Path]:
    """Book in one sentence, look at the appointment's page, and give the place back."""
    context = await browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator(".reply").first).to_be_visible(timeout=20_000)
    await ask(page, BOOKING)
    await page.locator("#utterance").blur()
    summary = FOLDER / "chat-booking-390.png"
    await page.screenshot(path=summary)
    await tap(page, "Xác nhận đặt")
    link = await page.locator(".reply a[href*='/a/']").first.get_attribute("href")
    paper = await context.new_page()
    await paper.goto(link or "")
    shown = FOLDER / "appointment-390.png"
    await paper.screenshot(path=shown)
    await tap(page, "Hủy lịch")
    await tap(page, CANCEL)
    await context.close()
    return [summary, shown]


async def tap(page: Page, label: str) -> None:
    before = await page.locator(".reply").count()
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator(".reply").nth(before)).to_be_visible(timeout=20_000)


async def ask(page: Page, utterance: str) -> None:
    before = await page.locator(".reply").count()
    await page.locator("#utterance").fill(utterance)
    await page.keyboard.press("Enter")
    await expect(page.locator(".reply").nth(before)).to_be_visible(timeout=20_000)
    await expect(page.locator("#typing")).to_be_hidden()


@asynccontextmanager
async def assistant() -> AsyncIterator[str]:
    """The address of a running assistant."""
    settings = Settings()
    address = f"http://127.0.0.1:{settings.port}"
    if await ready(address):
        yield address
        return
    say("starting the assistant")
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "up", cwd=ROOT)
    try:
        async with asyncio.timeout(PATIENCE):
            while not await ready(address):
                if process.returncode is not None:
                    raise SystemExit("the assistant did not start; its words are above")
                await asyncio.sleep(1)
        yield address
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()


async def ready(address: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=3) as http:
            return bool((await http.get(f"{address}/readyz")).json()["state"] == "ok")
    except (httpx.HTTPError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
