"""What a visitor sees and does on the page, for the tests of pages."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from bot.domain.procedure import Language
from tests.channels.web.parrot import WORDING


def say(key: str, language: Language = Language.VI) -> str:
    return WORDING.say(key, language)


def replies(page: Page) -> Locator:
    return page.locator(".reply .prose")


def chip(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=title, exact=True)


async def type_and_send(page: Page, said: str) -> None:
    await page.locator("#utterance").fill(said)
    await page.keyboard.press("Enter")


async def greeted(page: Page) -> Page:
    await expect(replies(page).first).to_contain_text("Xin chào")
    return page


async def thread(page: Page) -> list[str]:
    """What the thread shows, from top to bottom."""
    return await page.locator(".message .body > :first-child").all_inner_texts()
