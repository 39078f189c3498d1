"""Scanning at the desk: a camera that sees the QR code of an appointment, in a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import segno
import uvicorn
from playwright.async_api import Page, async_playwright, expect

from bot.supervising import free_port
from tests.chromium import ARGUMENTS, NAMES, chromium_path
from tests.conftest import Database
from tests.console.desk import NINE, Desk, id_of, open_desk
from tests.console.visiting import PASSWORD
from tests.visiting import expect_somebody

WIDTH, HEIGHT = 640, 480
PATIENCE = 30_000
"""Milliseconds: the browser starts a camera and fetches a reader, on a busy machine."""


def film(text: str) -> bytes:
    """A camera's picture of a QR code, as a film in YUV4MPEG2 with 4:2:0 colours; Chromium plays it again and again."""
    rows = list(segno.make_qr(text, error="m").matrix_iter(scale=6, border=4))
    assert len(rows) < HEIGHT
    left, top = (WIDTH - len(rows)) // 2, (HEIGHT - len(rows)) // 2
    picture = [bytearray(b"\xb4" * WIDTH) for _ in range(HEIGHT)]
    for y, row in enumerate(rows):
        picture[top + y][left : left + len(rows)] = bytes(0x20 if dark else 0xE0 for dark in row)
    grey = b"\x80" * (WIDTH * HEIGHT // 2)
    frame = b"FRAME\n" + b"".join(picture) + grey
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[tuple[Desk, str]]:
    """A desk and its address."""
    desk = await open_desk(database)
    await desk.place.add("an", departments={"finance": "clerk"})
    server = uvicorn.Server(
        uvicorn.Config(desk.place.app, host="127.0.0.1", port=(port := free_port()), log_level="error", lifespan="off")
    )
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield desk, f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    await running


@asynccontextmanager
async def _camera(address: str, *arguments: str, sees: Path | None = None) -> AsyncIterator[Page]:
    """The day's page in a browser with a camera that plays a film."""
    found = chromium_path()
    assert found is not None, f"none of {NAMES} found; run: python -m tests.chromium"
    films = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={sees}"] if sees else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *films, *arguments])
        context = await browser.new_context(locale="vi-VN", viewport={"width": 390, "height": 844})
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{address}/sign-in?next=/day/finance")
        await page.locator("[name=login]").fill("an")
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("#code")).to_be_focused(timeout=PATIENCE)
        yield page
        await browser.close()


@pytest.mark.parametrize("what", ["link", "code"])
async def test_a_camera_reads_the_appointment_and_its_arrival_is_taken(
    database: Database, desk: tuple[Desk, str], tmp_path: Path, what: str
) -> None:
    code = await expect_somebody(database.engine, desk[0].counters[0], NINE)
    link = f"https://example.test{desk[0].links.path(await id_of(database, code))}"
    seen = tmp_path / "camera.y4m"
    seen.write_bytes(film(link if what == "link" else code))
    async with _camera(desk[1], "--use-fake-ui-for-media-stream", sees=seen) as page:
        await page.locator("[data-scan]").click()
        await expect(page.locator(".flash")).to_contain_text("Đã ghi nhận. Số thứ tự là 1", timeout=PATIENCE)


async def test_a_camera_that_sees_no_code_says_what_to_do_and_stops_with_escape(
    desk: tuple[Desk, str], tmp_path: Path
) -> None:
    seen = tmp_path / "camera.y4m"
    blank = b"FRAME\n" + b"\xb4" * (WIDTH * HEIGHT) + b"\x80" * (WIDTH * HEIGHT // 2)
    seen.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + blank * 2)
    async with _camera(desk[1], "--use-fake-ui-for-media-stream", sees=seen) as page:
        await page.locator("[data-scan]").click()
        await expect(page.locator("[data-camera] video")).to_be_visible()
        await expect(page.locator("[data-scan-stop]")).to_be_focused()
        await expect(page.locator("[data-camera-slow]")).to_be_visible(timeout=PATIENCE)
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-camera]")).to_be_hidden()
        await expect(page.locator("[data-scan]")).to_be_focused()


async def test_without_a_camera_the_official_is_told_to_type_the_code(desk: tuple[Desk, str]) -> None:
    async with _camera(desk[1], "--use-fake-ui-for-media-stream") as page:
        await page.locator("[data-scan]").click()
        await expect(page.locator("[data-camera-fault]:visible")).to_contain_text("mã", timeout=PATIENCE)
        await expect(page.locator("[data-camera]")).to_be_hidden()
