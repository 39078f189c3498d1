"""The assistant in a department's portal: one script tag, and only on the sites that are allowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bot.domain.procedure import Language
from bot.supervising import free_port
from tests.channels.web.parrot import WORDING, Assistant, settings_for
from tests.chromium import PATIENCE
from tests.waiting import until

OPEN = WORDING.say("web_open", Language.VI)
FRAME = "cung-thanh-cong iframe"


@asynccontextmanager
async def portal(port: int, home: str) -> AsyncIterator[str]:
    """A department's portal on an origin of its own, strict about inline styles, with our script tag."""
    page = f'<!doctype html><html lang="vi"><title>Sở</title><script src="{home}/embed.js" async></script><p>Sở'

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        policy = f"default-src 'self'; script-src {home}; style-src 'self'; frame-src {home}"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: {policy}\r\n"
        body = page.encode()
        writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def embeddable(assistant: Assistant, tmp_path: Path) -> AsyncIterator[tuple[Assistant, int, int]]:
    """A server that allows one portal to frame it; with the ports of that one and of another."""
    allowed, other = free_port(), free_port()
    settings = settings_for(free_port(), tmp_path, web_allowed_origins=(f"http://127.0.0.1:{allowed}",))
    server = Assistant(assistant.url, assistant.engine, settings)
    await server.start_server()
    yield server, allowed, other
    await server.stop()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens a site in a window of its own size."""
    pages: list[Page] = []

    async def open_(address: str, width: int, height: int) -> Page:
        page = await browser.new_page(locale="vi-VN", viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        pages.append(page)
        await page.goto(address)
        return page

    yield open_
    for page in pages:
        await page.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
async def test_an_allowed_site_shows_the_chat_in_a_frame(
    embeddable: tuple[Assistant, int, int],
    visit: Callable[..., Awaitable[Page]],
    width: int,
    height: int,
    tmp_path: Path,
) -> None:
    server, allowed, _ = embeddable
    async with portal(allowed, server.address) as site:
        page = await visit(site, width, height)
        await page.get_by_role("button", name=OPEN).click()
        frame = page.frame_locator(FRAME)
        await expect(frame.locator(".reply")).to_have_count(1)
        await frame.locator("#utterance").fill("xin chào")
        await page.keyboard.press("Enter")
        await expect(frame.locator(".reply .prose").last).to_have_text("Đã nghe: xin chào")
        await page.screenshot(path=tmp_path / f"embedded-{width}.png")
        box = await page.locator(FRAME).bounding_box()
        assert box is not None
        assert (box["width"] == width) is (width == 390)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name=OPEN)).to_be_focused()
        await expect(page.locator(FRAME)).to_be_hidden()
        await page.keyboard.press("Enter")
        await expect(frame.locator("#utterance")).to_be_focused()
        await expect(frame.locator(".reply")).to_have_count(2)
        await frame.get_by_role("button", name=WORDING.say("web_close", Language.VI)).click()
        await expect(page.locator(FRAME)).to_be_hidden()


async def test_any_other_site_is_refused_and_offers_a_window_of_its_own(
    embeddable: tuple[Assistant, int, int], visit: Callable[..., Awaitable[Page]]
) -> None:
    server, _, other = embeddable
    async with portal(other, server.address) as site:
        page = await visit(site, 1280, 800)
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text))
        await page.clock.install()
        await page.get_by_role("button", name=OPEN).click()
        await page.wait_for_function("document.querySelector('cung-thanh-cong').shadowRoot.querySelector('iframe')")
        await until(lambda: any("frame-ancestors" in said for said in refused))
        await page.clock.fast_forward(10_000)
        link = page.get_by_role("link", name=WORDING.say("web_new_window", Language.VI))
        await expect(link).to_have_attribute("href", f"{server.address}/?lang=vi")
        await expect(page.locator(FRAME)).to_be_hidden()


async def test_a_frame_that_is_only_slow_is_shown_when_it_comes(
    embeddable: tuple[Assistant, int, int], visit: Callable[..., Awaitable[Page]]
) -> None:
    server, allowed, _ = embeddable
    come = asyncio.Event()

    async def hold_back(route: Route) -> None:
        await come.wait()
        await route.continue_()

    async with portal(allowed, server.address) as site:
        page = await visit(site, 390, 844)
        await page.route("**/embed?*", hold_back)
        await page.clock.install()
        await page.get_by_role("button", name=OPEN).click()
        await page.clock.fast_forward(10_000)
        link = page.get_by_role("link", name=WORDING.say("web_new_window", Language.VI))
        await expect(link).to_be_focused()
        come.set()
        await expect(page.frame_locator(FRAME).locator(".reply")).to_have_count(1)
        await expect(page.locator(FRAME)).to_be_visible()
        await expect(link).to_have_count(0)
