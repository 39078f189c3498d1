"""The pictures in the README, made anew from the real assistant: `python -m tests.pictures`.

Uses the assistant that runs on this machine, or starts one and stops it afterwards.
"""

from __future__ import annotations

import asyncio
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
