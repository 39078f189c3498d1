"""The assistant behind Telegram for these tests: real intake, worker, outbox and dispatcher, and a small turn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from bot.channels.dispatcher import Dispatcher
from bot.channels.telegram.polling import Patience
from bot.channels.telegram.service import TelegramService
from bot.conversation.messages import InboundMessage, Kind, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.wording import Wording
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import SqlIntake
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.settings import ROOT, Settings
from bot.worker import TurnTaker, run_worker
from tests.builders import a_reply, a_result
from tests.conftest import Database
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import QuietServer

SECRET = "a-secret_of-64-signs"
QUICK = Patience(wait=2, shortest=0.05, longest=0.2, refused=0.3)
Say = Callable[[InboundMessage, str | None], tuple[Reply, ...]]


def echo(message: InboundMessage, chosen: str | None) -> tuple[Reply, ...]:
    """Say the text back with three buttons; say what a button meant."""
    if message.kind is Kind.CHOICE:
        return (a_reply(f"chosen: {chosen}"),)
    return (a_reply(f"{message.kind}: {message.text}", buttons=("fee", "time", "person")),)


class Assistant:
    """One process of the assistant, with the updates coming `by` webhook or polling."""

    def __init__(
        self, database: Database, telegram: FakeTelegram, *, by: str = "polling", say: Say = echo, rate: int = 60
    ) -> None:
        self._database = database
        self._say = say
        self._listening = socket.create_server(("127.0.0.1", 0))
        settings = Settings(
            _env_file=None,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            telegram_mode=by,
            telegram_secret=SECRET,
            public_url=f"http://127.0.0.1:{self._listening.getsockname()[1]}",
            rate_per_contact=rate,
        )
        self.intake = SqlIntake(database.engine)
        wording = Wording.read(ROOT / "data" / "wording")
        self.service = TelegramService(settings, self.intake, wording, patience=QUICK)
        self.dispatcher = Dispatcher(SqlOutboxQueue(database.engine), [self.service.channel])
        self._recall = SqlRecall(database.engine)
        self._server: QuietServer | None = None
        self._running: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()

    async def take(self, message: InboundMessage) -> TurnResult:
        """One turn."""
        tracker = await self._recall.tracker(message.address)
        chosen = await self._recall.choice(message.address, message.token) if message.token is not None else None
        result = a_result(*self._say(message, chosen))
        async with SqlUnitOfWork(self._database.engine) as uow:
            await uow.inbox.finish(message, result)
            await uow.trackers.save(tracker)
            await uow.outbox.add(message.address, result.replies)
            await uow.commit()
        return result

    async def __aenter__(self) -> Self:
        app = FastAPI()
        if self.service.router is not None:
            app.include_router(self.service.router)
        self._server = QuietServer(uvicorn.Config(app, log_config=None, log_level="critical", lifespan="off"))

        async def apologise(_message: InboundMessage, incident: str) -> tuple[Reply, ...]:
            return (a_reply(f"sorry {incident}"),)

        turns = TurnTaker(SqlInboxQueue(self._database.engine), self.take, apologise, self.dispatcher.soon)
        self._running = [
            asyncio.create_task(self._server.serve(sockets=[self._listening])),
            asyncio.create_task(self._sweep()),
            asyncio.create_task(self.service.run()),
            asyncio.create_task(run_worker(self._database.url, turns, concurrency=4)),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        serving, sweeping, *others = self._running
        if self._server is not None:
            self._server.should_exit = True
        self._ending.set()  # not cancelled: that would tear a connection off in the middle of a statement
        for task in others:
            task.cancel()
        await asyncio.gather(serving, sweeping, *others, return_exceptions=True)
        await self.dispatcher.drain()
        await self.service.close()
        self._listening.close()

    async def _sweep(self) -> None:
        while not self._ending.is_set():
            await asyncio.sleep(0.1)
            await self.dispatcher.deliver_due()
