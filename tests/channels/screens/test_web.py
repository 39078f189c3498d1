"""Transcripts on the web chat's page in Chromium, on a screen as wide as a telephone's."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from bot.domain.procedure import Language
from tests.conversation.arranging import BookArranger
from tests.conversation.transcripts import Screen, Transcript

from .browser import Browsing
from .playing import play_on, transcripts_for
from .running import Running

TRANSCRIPTS = transcripts_for(Screen.WEB)
_LOCALES = {
    Language.VI: "vi-VN",
    Language.EN: "en-GB",
    Language.KO: "ko-KR",
    Language.ZH: "zh-CN",
    Language.JA: "ja-JP",
}


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
async def test_the_conversation_is_seen_as_written(browser: Browser, up: Running, transcript: Transcript) -> None:
    context = await browser.new_context(
        locale=_LOCALES[transcript.language],
        viewport={"width": 390, "height": 844},
        timezone_id="Asia/Ho_Chi_Minh",
    )
    try:
        page = await context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        await page.goto(up.address)
        contact = Browsing(page)
        await contact.is_greeted()
        seen = await play_on(contact, transcript, BookArranger(up.parts.engine), up.clock)
        assert await contact.fits()
        pictures = [file for shown in seen for file in shown.files if file.media_type == "image/png"]
        assert len(await contact.opens_papers()) == len(pictures)
        assert troubles == []
    finally:
        await context.close()


def test_there_are_ten() -> None:
    assert len(TRANSCRIPTS) >= 10
