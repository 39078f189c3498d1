"""Intake: each update is stored once, with its job, in its conversation's order."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from sqlalchemy import text

from bot.conversation.messages import Address, Kind
from bot.persistence.intake import SqlIntake
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.builders import a_message, a_reply, a_result, an_address
from tests.conftest import Database


async def rows(database: Database, statement: str, **values: object) -> list[Any]:
    async with database.engine.begin() as connection:
        return list((await connection.execute(text(statement), values)).all())


async def offer_button(database: Database, address: Address, value: str = "fee") -> str:
    """The token of a button that was shown to `address`."""
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.outbox.add(address, (a_reply(buttons=(value,)),))
        await uow.commit()
    ((token,),) = await rows(
        database, "SELECT token FROM button WHERE value = :value ORDER BY created_at DESC LIMIT 1", value=value
    )
    return str(token)


async def test_an_update_becomes_a_row_and_a_job_together(database: Database) -> None:
    message = a_message("mở quán cà phê")
    assert await SqlIntake(database.engine).accept(message)
    ((state, payload, conversation),) = await rows(database, "SELECT state, payload, conversation_id FROM inbox")
    assert (state, payload["text"]) == ("pending", "mở quán cà phê")
    jobs = await rows(database, "SELECT task_name, queue_name, lock, args, status::text FROM procrastinate_jobs")
    assert [tuple(job) for job in jobs] == [
        ("take_turns", "turns", str(conversation), {"conversation_id": str(conversation)}, "todo")
    ]


async def test_an_update_sent_again_changes_nothing(database: Database) -> None:
    message = a_message()
    intake = SqlIntake(database.engine)
    assert [await intake.accept(message) for _ in range(3)] == [True, False, False]
    assert await rows(database, "SELECT count(*) FROM inbox") == [(1,)]
    assert await rows(database, "SELECT count(*) FROM procrastinate_jobs") == [(1,)]


async def test_the_same_event_id_on_another_channel_is_another_event(database: Database) -> None:
    intake = SqlIntake(database.engine)
    assert await intake.accept(a_message(address=an_address("a", "web"), event_id="1"))
    assert await intake.accept(a_message(address=an_address("a", "telegram"), event_id="1"))


async def test_a_strangers_first_messages_at_once_are_one_conversation(database: Database) -> None:
    address = an_address()
    intake = SqlIntake(database.engine)
    accepted = await asyncio.gather(*(intake.accept(a_message(address=address)) for _ in range(8)))
    assert accepted == [True] * 8
    assert await rows(database, "SELECT count(*), count(DISTINCT conversation_id) FROM inbox") == [(8, 1)]


async def test_an_unknown_event_is_stored_and_left_alone(database: Database) -> None:
    intake = SqlIntake(database.engine)
    assert await intake.accept_unknown("telegram", "77", {"poll_answer": {}})
    assert not await intake.accept_unknown("telegram", "77", {"poll_answer": {}})
    assert await rows(database, "SELECT state, conversation_id FROM inbox") == [("ignored", None)]
    assert await rows(database, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]


async def test_a_double_tap_acts_once_though_it_is_another_event(database: Database) -> None:
    address = an_address()
    token = await offer_button(database, address)
    intake = SqlIntake(database.engine)
    taps = [a_message(address=address, kind=Kind.CHOICE, token=token) for _ in range(5)]
    assert sorted(await asyncio.gather(*map(intake.accept, taps))) == [False, False, False, False, True]
    assert await rows(database, "SELECT state, count(*) FROM inbox GROUP BY state ORDER BY 2") == [
        ("pending", 1),
        ("ignored", 4),
    ]


async def test_a_button_tapped_again_later_acts_again(database: Database) -> None:
    address = an_address()
    token = await offer_button(database, address)
    intake = SqlIntake(database.engine)
    assert await intake.accept(a_message(address=address, kind=Kind.CHOICE, token=token))
    await rows(database, "UPDATE button SET used_at = now() - interval '11 seconds' RETURNING 1")
    assert await intake.accept(a_message(address=address, kind=Kind.CHOICE, token=token))


async def test_a_button_belongs_to_its_conversation(database: Database) -> None:
    owner, thief = an_address(), an_address()
    token = await offer_button(database, owner, "cancel:A-17")
    recall = SqlRecall(database.engine)
    assert await recall.choice(owner, token) == "cancel:A-17"
    assert await recall.choice(thief, token) is None
    intake = SqlIntake(database.engine)
    assert await intake.accept(a_message(address=thief, kind=Kind.CHOICE, token=token)), "answered as a stale button"
    assert await intake.accept(a_message(address=owner, kind=Kind.CHOICE, token=token)), "not used up by the thief"


async def test_an_update_that_lost_its_job_gets_another(database: Database) -> None:
    intake = SqlIntake(database.engine)
    await intake.accept(a_message())
    assert await intake.defer_orphans(older_than=0) == [], "its job is still there"
    await rows(database, "DELETE FROM procrastinate_jobs RETURNING 1")
    assert await intake.defer_orphans(older_than=10) == [], "not yet"
    (orphan,) = await intake.defer_orphans(older_than=0)
    assert isinstance(orphan, uuid.UUID)
    assert await rows(database, "SELECT lock FROM procrastinate_jobs") == [(str(orphan),)]


async def test_updates_stored_without_a_job_wait_for_their_caller(database: Database) -> None:
    message = a_message()
    assert await SqlIntake(database.engine).accept(message, defer=False)
    assert await rows(database, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.inbox.finish(message, a_result())
        await uow.commit()
    assert await rows(database, "SELECT state, outcome FROM inbox") == [("done", "conversed")]
