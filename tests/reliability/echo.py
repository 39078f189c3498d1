"""A small assistant: it counts a contact's messages and says each back. Everything around it is the real thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import InboundMessage
from bot.conversation.outcomes import TurnResult
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.builders import a_reply, a_result

Pause = Callable[[str], Awaitable[None]]


async def no_pause(_point: str) -> None:
    """Go straight on."""


class Echo:
    """Takes turns; `pause` is awaited at named points, so that a test can end the process there."""

    def __init__(self, engine: AsyncEngine, pause: Pause = no_pause) -> None:
        self._engine = engine
        self._recall = SqlRecall(engine)
        self._pause = pause

    def unit_of_work(self) -> SqlUnitOfWork:
        """The real one; a test may put a careless one in its place."""
        return SqlUnitOfWork(self._engine)

    async def take(self, message: InboundMessage) -> TurnResult:
        """Reply "<count>: <text>"; the count lives in the tracker, so an effect lost or doubled shows."""
        tracker = await self._recall.tracker(message.address)
        tracker.turns += 1
        result = a_result(a_reply(f"{tracker.turns}: {message.text}"))
        async with self.unit_of_work() as uow:
            await uow.inbox.finish(message, result)
            await uow.trackers.save(tracker)
            await uow.outbox.add(message.address, result.replies)
            await self._pause("before_commit")
            await uow.commit()
        await self._pause("after_commit")
        return result
