"""A contact with the web chat in a browser as wide as a telephone."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.channels.web.looking import replies, type_and_send

from .playing import Shown, ShownFile


class Browsing:
    """`Chat` on the page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._read = 0

    async def is_greeted(self) -> None:
        """The page speaks first."""
        await self.sees(1, 0)

    async def says(self, text: str) -> None:
        await type_and_send(self._page, text)

    async def taps(self, title: str) -> None:
        await self._page.get_by_role("button", name=title, exact=True).last.click()

    async def sees(self, replies_: int, files: int) -> list[Shown]:
        """As the port says."""
        await expect(replies(self._page)).to_have_count(self._read + replies_)
        every = self._page.locator(".reply")
        found = [await _shown(every.nth(at)) for at in range(self._read, self._read + replies_)]
        self._read += replies_
        assert sum(len(shown.files) for shown in found) == files, found
        return found

    async def opens_papers(self) -> list[str]:
        """Scans each QR picture on the screen, follows it to the appointment's page, loads each calendar file.

        Gives the codes.
        """
        codes: list[str] = []
        for picture in await self._page.locator(".picture").all():
            await picture.scroll_into_view_if_needed()
            await expect(picture.locator("img")).to_have_js_property("complete", True)
            shot = Image.open(io.BytesIO(await picture.locator("img").screenshot()))
            (scanned,) = zxingcpp.read_barcodes(shot.convert("L"))
            async with self._page.context.expect_page() as opened:
                await picture.click()
            page = await opened.value
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            code = (await picture.get_attribute("title") or "").split()[-1]
            await expect(page.get_by_text(code, exact=False).first).to_be_visible()
            assert page.url == scanned.text
            assert not await overflows(page)
            await page.close()
            codes.append(code)
        for calendar in await self._page.locator(".files a.file").all():
            answer = await self._page.request.get(await calendar.get_attribute("href") or "")
            assert answer.headers["content-type"].startswith("text/calendar")
        return codes

    async def fits(self) -> bool:
        """Whether nothing on the page is wider than the screen."""
        return not await overflows(self._page)


async def overflows(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


async def _shown(reply: Locator) -> Shown:
    files = [
        ShownFile(await image.get_attribute("alt") or "", "image/png")
        for image in await reply.locator(".files img").all()
    ]
    files += [
        ShownFile(title.strip(), "text/calendar") for title in await reply.locator(".files a.file").all_inner_texts()
    ]
    titles = await reply.locator(".choices .chip").all_inner_texts()
    return Shown(await reply.locator(".prose").inner_text(), tuple(map(str.strip, titles)), tuple(files))
