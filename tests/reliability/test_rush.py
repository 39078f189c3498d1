"""A rush on a real database: everything is stored before it is answered, and leaves connections for others."""

from __future__ import annotations

import asyncio
import uuid

from bot.conversation.messages import InboundMessage
from bot.conversation.outcomes import TurnResult
from bot.conversation.rush import MANY, Rush
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import AT_ONCE, SqlIntake
from bot.worker import TurnTaker
from tests.builders import a_message, an_address
from tests.conftest import Database
from tests.persistence.test_intake import rows
from tests.reliability.echo import Echo
from tests.reliability.test_worker import apologise, nobody
from tests.waiting import PATIENCE


async def test_a_turn_waits_while_many_messages_come_in(database: Database) -> None:
    now = 100.0
    rush = Rush(lambda: now)
    intake = SqlIntake(database.engine, rush)
    contact = an_address("chị Lan")
    await asyncio.gather(*(intake.accept(a_message(f"m{n}", address=contact)) for n in range(MANY)))
    taken: list[str] = []

    async def take(message: InboundMessage) -> TurnResult:
        taken.append(message.text)
        return await Echo(database.engine).take(message)

    ((conversation,),) = await rows(database, "SELECT id FROM conversation")
    turns = TurnTaker(SqlInboxQueue(database.engine), take, apologise, nobody, rush)
    working = asyncio.create_task(turns.take_turns(str(conversation)))
    await asyncio.sleep(0.3)
    assert taken == []
    now += 1
    await asyncio.wait_for(working, PATIENCE)
    assert len(taken) == MANY


async def test_storing_a_rush_takes_few_connections(database: Database) -> None:
    intake = SqlIntake(database.engine)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, database.engine.pool.checkedout())  # type: ignore[attr-defined]
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    messages = [a_message("m", address=an_address(uuid.uuid4().hex)) for _ in range(40)]
    assert all(await asyncio.gather(*(intake.accept(message) for message in messages)))
    watching.cancel()
    assert 1 < most <= AT_ONCE < database.engine.pool.size()  # type: ignore[attr-defined]
