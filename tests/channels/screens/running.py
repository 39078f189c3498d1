"""The real assistant with its doors open, by a clock that the tests set: database, NLU, index, web app, Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app import Parts, parts
from bot.conversation.messages import InboundMessage
from bot.gateways import Gateways
from bot.nlu_server import NluServer
from bot.persistence.directory_seeding import seed
from bot.persistence.intake import SqlIntake
from bot.settings import Settings
from bot.worker import run_worker

from .playing import Clock


class DatedIntake(SqlIntake):
    """Takes every message as sent at the time of `clock`, whatever its platform says."""

    def __init__(self, assistant: Parts, clock: Callable[[], datetime]) -> None:
        super().__init__(assistant.engine, assistant.rush)
        self._clock = clock

    async def accept(self, message: InboundMessage, *, defer: bool = True) -> bool:
        return await super().accept(replace(message, sent_at=self._clock()), defer=defer)


@dataclass(frozen=True, slots=True)
class Running:
    """An assistant that is up; `address` is that of its web app."""

    parts: Parts
    clock: Clock
    address: str


@asynccontextmanager
async def running(settings: Settings, url: str, nlu: NluServer) -> AsyncIterator[Running]:
    """As `bot up` puts it together, without its sweeps: what they do is not said in a transcript."""
    clock = Clock()
    clock.now = datetime.now().astimezone()
    async with parts(settings, url, nlu.url, nlu.token) as built:
        await seed(built.engine, settings.data_dir / "directory")
        await built.refresh_directory()
        await built.answerer.refresh()
        dated = replace(built, intake=DatedIntake(built, clock))
        gateways = Gateways(dated, nlu, clock=clock)
        dispatcher = dated.dispatcher(gateways.channels)
        taker = dated.taker(gateways.channels, dispatcher)
        tasks = [
            asyncio.create_task(gateways.serve()),
            asyncio.create_task(gateways.poll()),
            asyncio.create_task(run_worker(url, taker, concurrency=settings.workers)),
        ]
        try:
            await gateways.listening()
            yield Running(dated, clock, f"http://127.0.0.1:{settings.port}")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await dispatcher.drain()
            await gateways.close()
