"""The worker: every update is answered once and in order, or given up with an apology."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.channels.dispatcher import Dispatcher
from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.outcomes import TurnResult
from bot.domain.errors import StaleTracker
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import SqlIntake
from bot.persistence.jobs import retry_stalled
from bot.persistence.migrations import migrate
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.persistence.repositories import SqlInbox
from bot.persistence.rows import InboxRow
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.worker import TurnTaker, prepare_schema, run_worker
from tests.builders import a_message, a_reply, an_address
from tests.channels.test_dispatcher import ScriptedChannel
from tests.conftest import Database
from tests.persistence.test_intake import rows
from tests.reliability.echo import Echo
from tests.waiting import PATIENCE, until

Take = Callable[[InboundMessage], Awaitable[TurnResult]]


async def apologise(message: InboundMessage, incident: str) -> tuple[Reply, ...]:
    return (a_reply(f"xin lỗi vì {message.text}"),)


LISTENING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'"


def nobody(_conversation: uuid.UUID) -> None:
    """Deliver nothing."""


@contextlib.asynccontextmanager
async def working(database: Database, take: Take, channel: ScriptedChannel) -> AsyncIterator[Dispatcher]:
    """A worker at work."""
    dispatcher = Dispatcher(SqlOutboxQueue(database.engine), [channel])
    turns = TurnTaker(SqlInboxQueue(database.engine), take, apologise, dispatcher.soon)
    worker = asyncio.create_task(run_worker(database.url, turns, concurrency=4))
    try:
        yield dispatcher
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        await dispatcher.drain()


async def accept(database: Database, *texts: str, address: Address | None = None) -> None:
    address = address or an_address()
    for text in texts:
        await SqlIntake(database.engine).accept(a_message(text, address=address))


async def conversation_of(database: Database) -> str:
    ((conversation,),) = await rows(database, "SELECT id FROM conversation")
    return str(conversation)


async def test_messages_are_answered_in_order_and_leave_no_job_behind(database: Database) -> None:
    channel = ScriptedChannel()
    async with working(database, Echo(database.engine).take, channel):
        await accept(database, *map(str, range(10)))
        await until(lambda: len(channel.arrived) == 10)
    assert channel.arrived == [f"{n + 1}: {n}" for n in range(10)]
    assert await rows(database, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert await rows(database, "SELECT count(*) FROM procrastinate_workers") == [(0,)], "it took its leave"


async def test_updates_that_came_in_the_wrong_order_are_answered_in_the_right_one(database: Database) -> None:
    address, channel = an_address(), ScriptedChannel()
    for position in (3, 1, 2):
        await SqlIntake(database.engine).accept(a_message(f"p{position}", address=address, position=position))
    async with working(database, Echo(database.engine).take, channel):
        await until(lambda: len(channel.arrived) == 3)
    assert channel.arrived == ["1: p1", "2: p2", "3: p3"]


async def test_an_answer_is_begun_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is woken by the database, not by its poll."""
    monkeypatch.setattr("bot.worker._POLL", 2 * PATIENCE)
    channel = ScriptedChannel()
    async with working(database, Echo(database.engine).take, channel):
        async with asyncio.timeout(PATIENCE):
            while not await rows(database, LISTENING):
                await asyncio.sleep(0.01)
        for n in range(5):  # each of another contact, whose lock is free
            await accept(database, str(n), address=an_address(str(n)))
            await until(lambda n=n: len(channel.arrived) == n + 1)  # type: ignore[misc]


async def test_a_turn_that_fails_once_is_taken_again(database: Database) -> None:
    echo, channel, failures = Echo(database.engine), ScriptedChannel(), [RuntimeError("bad luck")]

    async def take(message: InboundMessage) -> TurnResult:
        if failures:
            raise failures.pop()
        return await echo.take(message)

    async with working(database, take, channel):
        await accept(database, "a", "b")
        await until(lambda: len(channel.arrived) == 2)
    assert channel.arrived == ["1: a", "2: b"]


async def test_an_update_that_always_fails_is_given_up_with_an_apology_and_the_next_goes_on(
    database: Database,
) -> None:
    echo, channel = Echo(database.engine), ScriptedChannel()

    async def take(message: InboundMessage) -> TurnResult:
        if message.text == "poison":
            raise RuntimeError("always")
        return await echo.take(message)

    async with working(database, take, channel):
        await accept(database, "poison", "b")
        await until(lambda: len(channel.arrived) == 2)
    assert channel.arrived == ["xin lỗi vì poison", "1: b"]
    states = "SELECT state, attempts, outcome FROM inbox ORDER BY id"
    assert await rows(database, states) == [("dead", 3, "error_internal"), ("done", 1, "conversed")]


async def test_an_update_that_kills_its_process_each_time_is_given_up_too(database: Database) -> None:
    """A native library that crashes leaves no exception to count; the attempt is counted before it is made."""
    taken: list[str] = []

    async def take(message: InboundMessage) -> TurnResult:
        taken.append(message.text)
        raise asyncio.CancelledError  # nothing after this line runs, as in a crash

    await accept(database, "poison")
    conversation = await conversation_of(database)
    turns = TurnTaker(SqlInboxQueue(database.engine), take, apologise, nobody)
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await turns.take_turns(conversation)
    await turns.take_turns(conversation)
    assert len(taken) == 3
    assert await rows(database, "SELECT state FROM inbox") == [("dead",)]
    assert await rows(database, "SELECT reply->>'text' FROM outbox") == [("xin lỗi vì poison",)]


async def test_a_turn_that_lost_its_tracker_to_another_is_taken_again(database: Database) -> None:
    echo, stale = Echo(database.engine), 3

    async def take(message: InboundMessage) -> TurnResult:
        nonlocal stale
        if stale:
            stale -= 1
            raise StaleTracker("c", 1)
        return await echo.take(message)

    await accept(database, "a")
    turns = TurnTaker(SqlInboxQueue(database.engine), take, apologise, nobody)
    await turns.take_turns(await conversation_of(database))
    assert await rows(database, "SELECT state, attempts FROM inbox") == [("done", 1)]


class CarelessInbox(SqlInbox):
    """What the inbox would be without its compare-and-set."""

    async def finish(self, message: InboundMessage, result: TurnResult) -> None:
        await self._connection.execute(
            update(InboxRow).where(InboxRow.event_id == message.event_id).values(state="done")
        )


class CarelessEcho(Echo):
    """What turns would be with it, and with trackers that anyone may overwrite."""

    def unit_of_work(self) -> SqlUnitOfWork:
        class CarelessUnitOfWork(SqlUnitOfWork):
            async def __aenter__(self) -> CarelessUnitOfWork:
                await super().__aenter__()
                self.inbox = CarelessInbox(self.connection, self.conversations)
                self.trackers = CarelessTrackers()
                return self

        return CarelessUnitOfWork(self._engine)


class CarelessTrackers:
    async def save(self, tracker: object) -> None:
        """Keep nothing."""


@pytest.mark.parametrize(("echo", "safe"), [(CarelessEcho, False), (Echo, True)])
async def test_two_workers_on_one_conversation_answer_each_update_once(
    database: Database, echo: type[Echo], safe: bool
) -> None:
    """The queue's lock is left out on purpose: it may fail when a silent worker is wrongly taken for dead."""
    await accept(database, *map(str, range(8)))
    conversation = await conversation_of(database)

    async def breathe(_point: str) -> None:
        await asyncio.sleep(0.005)

    workers = [
        TurnTaker(SqlInboxQueue(database.engine), echo(database.engine, breathe).take, apologise, nobody)
        for _ in range(3)
    ]
    await asyncio.gather(*(worker.take_turns(conversation) for worker in workers))
    answers = [row[0] for row in await rows(database, "SELECT reply->>'text' FROM outbox ORDER BY sequence")]
    assert (answers == [f"{n + 1}: {n}" for n in range(8)]) is safe


async def test_a_job_whose_worker_died_is_given_to_another(database: Database) -> None:
    await accept(database, "a")
    await rows(database, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    await rows(database, "UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1 RETURNING 1")
    assert await retry_stalled(database.engine) == 0, "it spoke just now"
    await rows(database, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' RETURNING 1")
    counts = await asyncio.gather(*(retry_stalled(database.engine) for _ in range(4)))
    assert sum(counts) == 1
    assert await rows(database, "SELECT status::text FROM procrastinate_jobs") == [("todo",)]


async def test_a_database_restarted_in_mid_turn_costs_nothing(server_folder: Path) -> None:
    with EmbeddedPostgres(server_folder, durable=False) as server:
        migrate(server.url)
        prepare_schema(server.url)
        database = Database(server.url, create_engine(server.url, pool=4))
        restarts = asyncio.Queue[str]()
        going_on = asyncio.Event()

        async def pause(point: str) -> None:
            if point == "before_commit" and not going_on.is_set():
                restarts.put_nowait(point)
                await going_on.wait()

        channel = ScriptedChannel()
        async with working(database, Echo(database.engine, pause).take, channel) as dispatcher:
            await accept(database, "a", "b", address=an_address("1"))
            await restarts.get()
            await asyncio.to_thread(server.halt)
            going_on.set()  # the turn meets a database that is away
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.start)
            await accept(database, "c", address=an_address("1"))
            began = asyncio.get_running_loop().time()
            while len(channel.arrived) < 3 and asyncio.get_running_loop().time() < began + PATIENCE:
                with contextlib.suppress(Exception):  # what the scheduler does
                    await retry_stalled(database.engine)
                    await SqlIntake(database.engine).defer_orphans(1)
                    await dispatcher.deliver_due()
                await asyncio.sleep(0.1)
        assert channel.arrived == ["1: a", "2: b", "3: c"]
        await database.engine.dispose()
