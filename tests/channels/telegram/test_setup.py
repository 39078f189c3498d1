"""What Telegram is told when we start: the way updates come, and our commands in five languages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog.testing

from bot.channels.telegram.client import Client
from bot.channels.telegram.service import TelegramService
from bot.channels.telegram.setup import TelegramMisconfigured, Webhook, introduce
from bot.channels.telegram.webhook import PATH
from bot.conversation.wording import Wording
from bot.settings import Settings
from tests.channels.telegram.assistant import QUICK
from tests.channels.telegram.updates import FakeIntake
from tests.fake_telegram import FakeTelegram
from tests.waiting import PATIENCE, until

HOOK = Webhook("https://bot.haiphong.gov.vn" + PATH, "a-secret")


async def test_the_webhook_is_set_with_its_secret_and_waiting_updates_are_kept(
    telegram: FakeTelegram, client: Client, wording: Wording
) -> None:
    telegram.updates.held = True
    telegram.person().says("xin chào")
    await introduce(client.bot, wording, HOOK)
    hook = telegram.updates.webhook
    assert hook is not None
    assert (hook.url, hook.secret) == (HOOK.url, "a-secret")
    assert telegram.updates.kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert len(telegram.updates.pending) == 1


async def test_polling_removes_a_webhook_and_keeps_waiting_updates(
    telegram: FakeTelegram, client: Client, wording: Wording
) -> None:
    telegram.updates.held = True
    await introduce(client.bot, wording, HOOK)
    telegram.person().says("xin chào")
    await introduce(client.bot, wording, None)
    assert telegram.updates.webhook is None
    assert len(telegram.updates.pending) == 1


async def test_commands_are_named_in_five_languages(telegram: FakeTelegram, client: Client, wording: Wording) -> None:
    await introduce(client.bot, wording, None)
    assert set(telegram.world.commands) == {("all_private_chats", code) for code in ("", "en", "ko", "zh", "ja")}
    for commands in telegram.world.commands.values():
        assert [command["command"] for command in commands] == ["start", "help", "language", "mydata"]
    assert telegram.world.commands["all_private_chats", ""][0]["description"] == "Bắt đầu"


async def test_we_start_though_telegram_is_away_and_go_on_when_it_is_back(
    telegram: FakeTelegram, client: Client, wording: Wording
) -> None:
    await telegram.stop()
    introducing = asyncio.create_task(introduce(client.bot, wording, None, QUICK))
    await asyncio.sleep(0.2)
    assert not introducing.done()
    await telegram.start()
    await asyncio.wait_for(introducing, PATIENCE)


async def test_a_refused_webhook_is_explained(telegram: FakeTelegram, client: Client, wording: Wording) -> None:
    wrong_port = Webhook("https://bot.haiphong.gov.vn:8080" + PATH, "a-secret")
    with structlog.testing.capture_logs() as logs:
        introducing = asyncio.create_task(introduce(client.bot, wording, wrong_port, QUICK))
        await until(lambda: logs)
        introducing.cancel()
        await asyncio.gather(introducing, return_exceptions=True)
    assert "CTC_PUBLIC_URL" in logs[0]["what_to_do"]
    assert "8443" in logs[0]["reason"]


@pytest.mark.parametrize(
    "lacking",
    [
        {"public_url": None},
        {"public_url": "http://bot.haiphong.gov.vn"},
        {"telegram_secret": None},
        {"telegram_secret": "bí mật"},
        {"telegram_secret": "x" * 257},
    ],
)
def test_settings_that_cannot_work_are_named(lacking: dict[str, Any], wording: Wording) -> None:
    given: dict[str, Any] = {"public_url": "https://bot.haiphong.gov.vn", "telegram_secret": "a-secret"} | lacking
    settings = Settings(_env_file=None, telegram_token="1:abc", telegram_mode="webhook", **given)
    with pytest.raises(TelegramMisconfigured, match="CTC_"):
        TelegramService(settings, FakeIntake(), wording)


def test_only_the_webhook_needs_a_route(wording: Wording) -> None:
    polling = Settings(_env_file=None, telegram_token="1:abc")
    assert TelegramService(polling, FakeIntake(), wording).router is None
