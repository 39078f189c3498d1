"""Booking with the real assistant where a transcript cannot show it: taps repeated, places lost, words kept."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.conversation.outcomes import Outcome
from bot.headless import Headless
from bot.persistence.booking_rows import AppointmentRow
from bot.persistence.rows import UtteranceRow

from .arranging import BookArranger
from .transcripts import Full, Given

MONDAY = datetime(2026, 3, 2, 7, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
THURSDAY = datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SENTENCE = "đặt lịch thành lập công ty 9h sáng thứ năm, tôi là Nguyễn Văn An 0912345678"


async def summary(assistant: Headless) -> tuple[str, str]:
    """A conversation that is at the summary, and the value of its confirming button."""
    conversation = uuid.uuid4().hex
    result = await assistant.say(conversation, SENTENCE, MONDAY)
    assert result.asks == "confirm"
    return conversation, result.replies[0].buttons[0].value


async def test_a_second_tap_confirms_the_same_appointment(assistant: Headless) -> None:
    arranger = BookArranger(assistant.parts.engine)
    await arranger.arrange(Given(now=MONDAY))
    conversation, value = await summary(assistant)
    first = await assistant.tap(conversation, value, MONDAY)
    second = await assistant.tap(conversation, value, MONDAY + timedelta(minutes=1))
    assert first.outcome is second.outcome is Outcome.DONE
    assert first.appointments == second.appointments
    async with assistant.parts.engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(AppointmentRow)) == 1


async def test_a_place_kept_too_long_and_taken_by_others_loses_no_word(assistant: Headless) -> None:
    arranger = BookArranger(assistant.parts.engine)
    await arranger.arrange(Given(now=MONDAY))
    conversation, value = await summary(assistant)
    later = MONDAY + timedelta(minutes=30)
    await arranger.fill(Full(service="finance_company", at=THURSDAY), later)
    result = await assistant.tap(conversation, value, later)
    assert result.outcome is Outcome.NOT_DONE
    assert result.slots["name"] == "Nguyễn Văn An"
    assert any(button.value.startswith("book:at:") for button in result.replies[0].buttons)
    again = await assistant.tap(conversation, result.replies[0].buttons[0].value, later)
    assert again.asks == "confirm"


async def test_who_comes_does_not_stand_among_the_kept_utterances(assistant: Headless) -> None:
    await BookArranger(assistant.parts.engine).arrange(Given(now=MONDAY))
    await summary(assistant)
    async with assistant.parts.engine.connect() as connection:
        kept = (await connection.scalars(select(UtteranceRow.text).order_by(UtteranceRow.id.desc()))).first()
    assert kept is not None
    assert "[name]" in kept
    assert "Nguyễn" not in kept
    assert "0912345678" not in kept
