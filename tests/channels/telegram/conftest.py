"""A fake Telegram for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.client import Client
from bot.conversation.wording import Wording
from bot.settings import ROOT
from tests.fake_telegram import FakeTelegram
from tests.waiting import PATIENCE


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def client(telegram: FakeTelegram) -> AsyncIterator[Client]:
    """The Bot API's client, as the assistant makes it."""
    client = Client(telegram.token, telegram.url, timeout=PATIENCE)
    yield client
    await client.close()


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.read(ROOT / "data" / "wording")
