"""In a rush, messages are taken in first and answered a little later, but answered all the same."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.conversation import rush as module
from bot.conversation.rush import LONGEST, MANY, WINDOW, Rush
from tests.waiting import PATIENCE


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rush(clock: Clock) -> Rush:
    return Rush(clock)


def test_a_usual_pace_is_no_rush(rush: Rush, clock: Clock) -> None:
    for _ in range(10 * MANY):
        rush.count()
        clock.now += 0.05
        assert not rush.is_on


def test_many_messages_at_once_are_a_rush_until_the_window_has_passed(rush: Rush, clock: Clock) -> None:
    for _ in range(MANY - 1):
        rush.count()
    assert not rush.is_on
    rush.count()
    assert rush.is_on
    clock.now += 2 * WINDOW
    assert not rush.is_on


async def test_without_a_rush_a_turn_begins_at_once(rush: Rush, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 2 * PATIENCE)
    await asyncio.wait_for(rush.pass_by(), PATIENCE)


async def test_a_turn_begins_when_the_rush_is_over(rush: Rush, clock: Clock) -> None:
    for _ in range(MANY):
        rush.count()
    waiting = asyncio.create_task(rush.pass_by())
    await asyncio.sleep(3 * module._PAUSE)
    assert not waiting.done()
    clock.now += 2 * WINDOW
    await asyncio.wait_for(waiting, PATIENCE)


async def test_a_rush_without_end_does_not_keep_everyone_waiting_for_ever(
    rush: Rush, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0)
    waiting = asyncio.create_task(rush.pass_by())
    waited = timedelta()
    for _ in range(MANY):
        rush.count()
    while not waiting.done() and waited < 2 * LONGEST:
        rush.count()
        await asyncio.sleep(0)
        clock.now += WINDOW / MANY / 2
        waited += timedelta(seconds=WINDOW / MANY / 2)
    assert timedelta(0) <= waited - LONGEST < timedelta(seconds=1)
