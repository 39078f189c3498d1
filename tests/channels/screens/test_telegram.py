"""Transcripts in Telegram: updates in, messages with keyboards, pictures and calendar files out."""

from __future__ import annotations

import pytest

from tests.conversation.arranging import BookArranger
from tests.conversation.transcripts import Screen, Transcript
from tests.fake_telegram import FakeTelegram

from .phone import Phone
from .playing import play_on, transcripts_for
from .running import Running

TRANSCRIPTS = transcripts_for(Screen.TELEGRAM)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
async def test_the_conversation_is_seen_as_written(up: Running, telegram: FakeTelegram, transcript: Transcript) -> None:
    person = telegram.person(language=transcript.language)
    phone = Phone(telegram, person)
    seen = await play_on(phone, transcript, BookArranger(up.parts.engine), up.clock)
    await phone.heard_nothing_more()
    pictures = [file for shown in seen for file in shown.files if file.media_type == "image/png"]
    assert len(await phone.opens_papers()) == len(pictures)
    taps = [turn for turn in transcript.turns if turn.tap is not None]
    assert len(person.chat.confirmed_taps) == len(taps), "a button keeps spinning"


def test_there_are_ten() -> None:
    assert len(TRANSCRIPTS) >= 10
