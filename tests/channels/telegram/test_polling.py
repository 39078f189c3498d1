"""Polling: an update is confirmed only once it is stored, and no trouble ends the asking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog.testing
from sqlalchemy.exc import OperationalError

from bot.channels.telegram.client import Client
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.receiving import Receiver
from bot.conversation.wording import Wording
from tests.channels.telegram.assistant import QUICK
from tests.channels.telegram.updates import FakeIntake
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.updates import Webhook
from tests.waiting import PATIENCE, until


@asynccontextmanager
async def polling(telegram: FakeTelegram, intake: FakeIntake, wording: Wording, token: str = "") -> AsyncIterator[None]:
    client = Client(token or telegram.token, telegram.url, timeout=PATIENCE)
    receiver = Receiver(intake, client.bot, wording, per_minute=1000)
    task = asyncio.create_task(Poller(client, receiver, QUICK).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        await receiver.close()
        await client.close()


async def eventually(count: int, intake: FakeIntake) -> None:
    await until(lambda: len(intake.messages) >= count)


def away() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("the database is away"))


async def test_updates_are_stored_in_order_and_confirmed_afterwards(telegram: FakeTelegram, wording: Wording) -> None:
    lan, intake = telegram.person(), FakeIntake()
    numbers = [lan.says(f"câu {number}") for number in range(150)]
    async with polling(telegram, intake, wording):
        await eventually(150, intake)
        await until(lambda: not telegram.updates.pending)
    assert list(intake.messages) == [str(number) for number in numbers]


async def test_what_could_not_be_stored_is_asked_for_again(telegram: FakeTelegram, wording: Wording) -> None:
    lan, intake = telegram.person(), FakeIntake(away(), away())
    numbers = [lan.says(f"câu {number}") for number in range(3)]
    async with polling(telegram, intake, wording):
        await eventually(3, intake)
    assert list(intake.messages) == [str(number) for number in numbers]
    offsets = [int(call.parameters["offset"]) for call in telegram.calls_of("getUpdates")]
    assert offsets[:3] == [0, 0, 0], "an update was confirmed before it was stored"


async def test_a_process_that_dies_before_confirming_gets_the_update_again(
    telegram: FakeTelegram, wording: Wording
) -> None:
    lan, intake = telegram.person(), FakeIntake()
    number = lan.says("xin chào")
    # Stored, then killed before the next question: Telegram still has it.
    assert [u["update_id"] for u in await telegram.updates.poll(0, 100, 0)] == [number]
    assert list(telegram.updates.pending) == [number]
    async with polling(telegram, intake, wording):
        await eventually(1, intake)


async def test_an_update_nobody_can_read_does_not_hold_up_the_others(telegram: FakeTelegram, wording: Wording) -> None:
    lan, intake = telegram.person(), FakeIntake()
    telegram.updates.add_raw({"message": {"message_id": "not a number", "chat": 5}})
    telegram.updates.add_raw({"callback_query": ["?"]})
    lan.says("xin chào")
    async with polling(telegram, intake, wording):
        await eventually(1, intake)
    assert len(intake.unknown) == 2


async def test_a_webhook_set_elsewhere_is_explained_and_waited_out(telegram: FakeTelegram, wording: Wording) -> None:
    intake = FakeIntake()
    await telegram.updates.set_webhook(Webhook("http://127.0.0.1:9/"), drop=False)
    with structlog.testing.capture_logs() as logs:

        def said() -> list[MutableMapping[str, Any]]:
            return [entry for entry in logs if entry["event"] == "telegram_polling_conflict"]

        async with polling(telegram, intake, wording):
            await until(lambda: len(said()) >= 2)
            await telegram.updates.set_webhook(None, drop=False)
            telegram.person().says("xin chào")
            await eventually(1, intake)
    assert "another program asks for this bot's updates, or a webhook is set" in said()[0]["what_to_do"]
    first, second, *_ = telegram.calls_of("getUpdates")
    assert second.at - first.at >= QUICK.shortest, "no pause between attempts"


async def test_two_pollers_of_one_bot_are_told_apart_by_a_conflict(telegram: FakeTelegram, wording: Wording) -> None:
    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, FakeIntake(), wording), polling(telegram, FakeIntake(), wording):
            await until(lambda: any(entry["event"] == "telegram_polling_conflict" for entry in logs))


async def test_a_wrong_token_is_explained_and_never_written_down(telegram: FakeTelegram, wording: Wording) -> None:
    token = "999999:WRONG-TOKEN-of-nobody"
    with structlog.testing.capture_logs() as logs:
        async with polling(telegram, FakeIntake(), wording, token):
            await until(lambda: len(telegram.calls_of("getUpdates")) >= 2)
    first, second, *_ = telegram.calls_of("getUpdates")
    assert second.at - first.at >= QUICK.refused
    refused = [entry for entry in logs if entry["event"] == "telegram_token_refused"]
    assert "CTC_TELEGRAM_TOKEN" in refused[0]["what_to_do"]
    assert token not in str(logs)


async def test_trouble_on_the_way_is_waited_out(
    telegram: FakeTelegram, wording: Wording, caplog: pytest.LogCaptureFixture
) -> None:
    lan, intake = telegram.person(), FakeIntake()
    for kind in ("outage", "truncate", "page", "drop", "error"):
        telegram.fail(kind, "getUpdates")
    with structlog.testing.capture_logs() as logs:
        lan.says("chào")
        async with polling(telegram, intake, wording):
            await eventually(1, intake)
    assert len([entry for entry in logs if entry["event"] == "telegram_away"]) == 5
    logged = str(logs) + "".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert "chào" not in logged, "what a person wrote is in the log"
    assert telegram.token not in logged


async def test_telegram_may_go_away_and_come_back(telegram: FakeTelegram, wording: Wording) -> None:
    lan, intake = telegram.person(), FakeIntake()
    async with polling(telegram, intake, wording):
        await asyncio.sleep(0.1)
        await telegram.stop()
        lan.says("xin chào")
        await asyncio.sleep(0.2)
        await telegram.start()
        await eventually(1, intake)


async def test_telegram_asks_for_patience_and_gets_it(telegram: FakeTelegram, wording: Wording) -> None:
    lan, intake = telegram.person(), FakeIntake()
    telegram.fail("throttle", "getUpdates", seconds=1)
    lan.says("xin chào")
    async with polling(telegram, intake, wording):
        await eventually(1, intake)
    first, second, *_ = telegram.calls_of("getUpdates")
    assert second.at - first.at >= 1
