"""The doors of a process, put together as the assistant does it."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import httpx

from bot.app import parts
from bot.gateways import Gateways
from bot.nlu_server import NluServer
from bot.settings import Settings
from bot.supervising import free_port
from tests.channels.web.booking import book
from tests.conftest import Database
from tests.waiting import PATIENCE


async def test_a_running_assistant_serves_the_page_behind_its_own_links(database: Database, tmp_path: Path) -> None:
    settings = Settings(
        port=free_port(), var_dir=tmp_path, public_url="https://tro-ly.example", telegram_token=None, _env_file=None
    )
    booked = await book(database.engine)
    async with parts(settings, database.url, "http://127.0.0.1:9", "") as assistant:
        doors = Gateways(assistant, NluServer("http://127.0.0.1:9", ""))
        serving = asyncio.create_task(doors.serve())
        await doors.listening()
        link = assistant.papers.link(booked)
        assert link.startswith("https://tro-ly.example/a/")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=PATIENCE) as http:
            found = await http.get(link.removeprefix("https://tro-ly.example"))
            assert found.status_code == 410, "an appointment of long ago"
            assert (await http.get("/a/nonsense")).status_code == 404
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await doors.close()
