"""Telegram's limits are kept without slowing down an ordinary conversation."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.errors import Throttled
from bot.channels.telegram.pacing import LONGEST_WAIT, Pacing


async def test_a_burst_to_one_chat_goes_at_once_and_more_waits() -> None:
    pacing = Pacing(chat_per_second=20, chat_burst=5)
    began = time.monotonic()
    for _ in range(5):
        await pacing.turn("lan")
    assert time.monotonic() - began < 0.04
    for _ in range(4):
        await pacing.turn("lan")
    assert time.monotonic() - began >= 0.19


async def test_all_chats_together_keep_to_the_process_limit() -> None:
    pacing = Pacing(per_second=50)
    began = time.monotonic()
    await asyncio.gather(*(pacing.turn(f"chat-{number}") for number in range(75)))
    assert 0.45 <= time.monotonic() - began < 2


async def test_what_would_wait_too_long_goes_back_to_the_queue() -> None:
    pacing = Pacing(clock=lambda: 0.0, chat_burst=1, chat_per_second=0.1)
    await pacing.turn("lan")
    with pytest.raises(Throttled) as caught:
        await pacing.turn("lan")
    assert caught.value.retry_after > LONGEST_WAIT


async def test_a_message_that_the_process_limit_held_back_does_not_count_for_its_chat() -> None:
    pacing = Pacing(clock=lambda: 0.0, per_second=0.1, chat_burst=1, chat_per_second=0.01)
    await pacing.turn("lan")
    for _ in range(3):
        with pytest.raises(Throttled) as caught:
            await pacing.turn("minh")
    assert round(caught.value.retry_after.total_seconds()) == 10
