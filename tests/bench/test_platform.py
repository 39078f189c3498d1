"""What a volley loses, gets twice or has refused is seen: else the bench would praise a broken assistant."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.webhook import PATH
from tests.bench.platform import Platform
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import QuietServer

SECRET = "a-secret-of-the-bench"


class Careless:
    """An assistant that does to each contact what the contact says."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram

    async def webhook(self, request: Request) -> Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return Response(status_code=403)
        message = (await request.json())["message"]
        said = message["text"]
        if said == "refuse":
            return Response(status_code=503)
        async with httpx.AsyncClient(base_url=f"{self._telegram.url}/bot{self._telegram.token}") as http:
            for number in range({"answer": 1, "answer in two": 2, "answer twice": 2}.get(said, 0)):
                text = f"part {number}" if said == "answer in two" else "the answer"
                await http.post("/sendMessage", json={"chat_id": message["chat"]["id"], "text": text})
        return Response(status_code=200)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """Telegram, with a careless assistant's webhook."""
    listening = socket.create_server(("127.0.0.1", 0))
    async with FakeTelegram() as telegram:
        app = Starlette(routes=[Route(PATH, Careless(telegram).webhook, methods=["POST"])])
        config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_keep_alive=1)
        server = QuietServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        port = listening.getsockname()[1]
        playing = Platform(telegram, port, lambda: None)
        async with httpx.AsyncClient(base_url=f"{telegram.url}/bot{telegram.token}") as http:
            webhook = {"url": f"http://127.0.0.1:{port}{PATH}", "secret_token": SECRET}
            assert (await http.post("/setWebhook", json=webhook)).json()["ok"]
        yield playing
        server.should_exit = True
        await serving
    listening.close()


async def test_what_is_lost_doubled_or_refused_is_counted(platform: Platform) -> None:
    await platform.is_registered()
    said = ["answer", "say nothing", "answer twice", "refuse", "answer in two"]
    volley = await platform.fire(iter(said), a_second=50, seconds=0.1)
    await platform.settle(volley, patience=0.5)
    fate = dict(zip(said, volley.due, strict=True))
    assert volley.unanswered == {fate["say nothing"], fate["refuse"]}
    assert volley.doubled == {fate["answer twice"]}
    assert volley.refused == {fate["refuse"]: 503}
    assert len(volley.answers[fate["answer in two"]]) == 2


async def test_updates_go_out_at_an_even_pace_over_connections_the_server_has_closed(platform: Platform) -> None:
    volley = await platform.fire(itertools.repeat("answer"), a_second=0.7, seconds=4.3)
    assert volley.refused == {}
    assert len(volley.accepted) == 3
    assert max(volley.sent[contact] - volley.due[contact] for contact in volley.due) < 0.3
