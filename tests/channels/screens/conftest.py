"""The real assistant behind a fake Telegram and behind its web chat, up once for all transcripts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.nlu_server import NluServer
from bot.persistence.embedded import EmbeddedPostgres
from bot.settings import Settings
from bot.supervising import free_port
from tests.channels.web.conftest import browser, executable
from tests.fake_telegram import FakeTelegram

from .running import Running, running

__all__ = ["browser", "executable"]


@pytest.fixture(scope="session")
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture(scope="session")
async def up(
    postgres: EmbeddedPostgres,
    template: str,
    nlu: NluServer,
    telegram: FakeTelegram,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Running]:
    """The running assistant."""
    name = f"screens_{os.getpid()}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    port = free_port()
    settings = Settings(
        _env_file=None,
        var_dir=tmp_path_factory.mktemp("screens"),
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        telegram_mode="webhook",
        telegram_secret="a-secret_of-64-signs",
        rasa_timeout="PT60S",
        rate_per_contact=600,
        rate_per_address=6000,
    )
    async with running(settings, postgres.url_of(name), nlu) as assistant:
        yield assistant
