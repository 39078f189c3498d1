"""Telegram's limits are kept without slowing down an ordinary conversation."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.errors import Throttled
from bot.channels.telegram.pacing import LONGEST_WAIT, Pacing


class Sleeper:
    """A clock that only sleeping moves; it remembers when each sleeper was to wake."""

    def __init__(self) -> None:
        self.now = 0.0
        self.woken: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.woken.append(self.now + seconds)


@pytest.fixture
def sleeper(monkeypatch: pytest.MonkeyPatch) -> Sleeper:
    sleeper = Sleeper()
    monkeypatch.setattr("bot.channels.telegram.pacing.asyncio", sleeper)
    return sleeper


async def test_a_burst_to_one_chat_goes_at_once_and_more_waits(sleeper: Sleeper) -> None:
    pacing = Pacing(chat_per_second=20, chat_burst=5, clock=sleeper)
    for _ in range(5):
        await pacing.turn("lan")
    assert sleeper.woken == []
    for _ in range(4):
        await pacing.turn("lan")
    assert sleeper.woken == pytest.approx([0.05, 0.1, 0.15, 0.2])


async def test_all_chats_together_keep_to_the_process_limit(sleeper: Sleeper) -> None:
    pacing = Pacing(per_second=50, clock=sleeper)
    await asyncio.gather(*(pacing.turn(f"chat-{number}") for number in range(75)))
    assert len(sleeper.woken) == 25
    assert max(sleeper.woken) == pytest.approx(0.5)


async def test_the_wait_is_waited() -> None:
    pacing = Pacing(chat_per_second=20, chat_burst=1)
    began = time.monotonic()
    for _ in range(3):
        await pacing.turn("lan")
    assert time.monotonic() - began >= 0.09


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
