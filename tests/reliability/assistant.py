"""A process to be killed: accepts messages, takes turns, delivers over HTTP, sweeps; hangs where it is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx

from bot.channels.dispatcher import Dispatcher
from bot.channels.errors import PlatformDown
from bot.channels.port import Capabilities, OutboundReply
from bot.conversation.booking.reminding import Reminding
from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.wording import Wording
from bot.persistence.engine import create_engine
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import SqlIntake
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.worker import TurnTaker, run_worker
from scheduler.jobs import booking_sweeps, sweeps
from scheduler.runner import run_scheduler
from tests.builders import a_message, a_reply, an_address
from tests.reliability.echo import Echo

WORDING = Path(__file__).parents[2] / "data" / "wording"


@dataclass(frozen=True, slots=True)
class Orders:
    """What the process is to do: `accept` so many messages first; at the point `hang_at`, set `reached` and stop."""

    url: str
    platform: str
    reached: Event
    accept: int = 0
    hang_at: str | None = None
    clock: datetime | None = None
    """The time by which reminders are sent; None: no reminders."""

    async def pause(self, point: str) -> None:
        if point == self.hang_at:
            self.reached.set()
            await asyncio.Event().wait()


class HttpChannel:
    """A platform behind HTTP, as the real ones are."""

    name = "echo"
    capabilities = Capabilities(4096, 8, 64, opens_links=True, retries_are_safe=True)

    def __init__(self, orders: Orders) -> None:
        self._client = httpx.AsyncClient(base_url=orders.platform, timeout=20)
        self._orders = orders

    async def deliver(self, outbound: OutboundReply) -> str | None:
        await self._orders.pause("before_delivery")
        try:
            await self._client.post("/", json={"text": outbound.reply.text})
        except httpx.TransportError as error:
            raise PlatformDown(type(error).__name__, perhaps_delivered=True) from error
        await self._orders.pause("after_delivery")
        return None

    async def show_typing(self, address: Address) -> None:
        pass


async def apologise(_message: InboundMessage, incident: str) -> tuple[Reply, ...]:
    return (a_reply(f"sorry {incident}"),)


def run(orders: Orders) -> None:
    """What the process does; it ends only when killed."""
    asyncio.run(work(orders))


async def work(orders: Orders) -> None:
    engine = create_engine(orders.url, pool=5)
    contact = an_address("chị Lan")
    for number in range(orders.accept):
        await SqlIntake(engine).accept(a_message(f"m{number}", address=contact, event_id=f"e{number}"))
    await orders.pause("stored")
    dispatcher = Dispatcher(SqlOutboxQueue(engine), [HttpChannel(orders)])
    echo = Echo(engine, orders.pause)
    turns = TurnTaker(SqlInboxQueue(engine), echo.take, apologise, dispatcher.soon)
    every = sweeps(
        engine,
        deliver_due=dispatcher.deliver_due,
        refresh_index=asyncio.Event().wait,
        keep=timedelta(days=1),
        orphaned=timedelta(seconds=1),
    )
    if (clock := orders.clock) is not None:
        every += booking_sweeps(engine, Reminding(Wording.read(WORDING)), clock=lambda: clock)
    ringing = [replace(sweep, every=timedelta(seconds=0.3)) for sweep in every if sweep.name != "refresh_index"]
    await asyncio.gather(run_worker(orders.url, turns, concurrency=4), run_scheduler(ringing))
