"""The real Rasa server with the real model, trained through the cache, once for all tests here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import nlu_server
from bot.clients.rasa import RasaInterpreter
from bot.settings import Settings


@pytest.fixture(scope="session")
async def nlu(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[nlu_server.NluServer]:
    """A server of our own; the first ever start trains for some minutes."""
    folder: Path = tmp_path_factory.mktemp("nlu")
    async with nlu_server.own(Settings(var_dir=folder, rasa_url=None, rasa_port=0), print) as server:
        yield server


@pytest.fixture(scope="session")
async def interpreter(nlu: nlu_server.NluServer) -> AsyncIterator[RasaInterpreter]:
    client = RasaInterpreter(nlu.url, token=nlu.token, timeout=timedelta(seconds=5))
    yield client
    await client.close()
