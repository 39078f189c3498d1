"""The clock: it rings on time, survives what fails, and any number of clocks is harmless."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from bot.persistence.intake import SqlIntake
from bot.persistence.retention import delete_old
from bot.persistence.unit_of_work import SqlUnitOfWork
from scheduler.jobs import Sweep, sweeps
from scheduler.runner import run_scheduler
from tests.builders import a_message, a_reply, a_result
from tests.conftest import Database
from tests.persistence.test_intake import rows
from tests.waiting import PATIENCE, until

SOON = timedelta(seconds=0.05)


@contextlib.asynccontextmanager
async def clock(*ringing: Sweep, patience: float = 5) -> AsyncIterator[None]:
    """A clock at work."""
    clock = asyncio.create_task(run_scheduler(ringing, patience=patience))
    try:
        yield
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)


async def test_a_sweep_that_fails_rings_again_and_does_not_silence_the_others() -> None:
    rings: list[str] = []

    def ring(name: str) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            rings.append(name)
            if name == "bad":
                raise RuntimeError(name)

        return run

    async with clock(Sweep("bad", SOON, ring("bad")), Sweep("good", SOON, ring("good"))):
        await until(lambda: min(rings.count("bad"), rings.count("good")) > 2)


async def test_a_sweep_never_runs_beside_itself_and_is_ended_with_the_clock() -> None:
    running = most = ended = 0

    async def slow() -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            ended += 1

    async with clock(Sweep("slow", SOON, slow), patience=0.1):
        await until(lambda: running)
        await asyncio.sleep(0.3)  # it would ring six times
    assert (most, ended) == (1, 1)


async def test_three_clocks_at_once_give_an_orphan_one_job_each_at_most(database: Database) -> None:
    await SqlIntake(database.engine).accept(a_message(), defer=False)

    async def nothing() -> None:
        pass

    def ringing() -> list[Sweep]:
        return [
            Sweep(sweep.name, SOON, sweep.run)
            for sweep in sweeps(
                database.engine,
                deliver_due=nothing,
                refresh_index=nothing,
                keep=timedelta(days=1),
                orphaned=timedelta(0),
            )
        ]

    async def jobs() -> int:
        ((count,),) = await rows(database, "SELECT count(*) FROM procrastinate_jobs")
        return int(count)

    async with clock(*ringing()), clock(*ringing()), clock(*ringing()), asyncio.timeout(PATIENCE):
        while not await jobs():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.4)  # they ring on
    assert await jobs() <= 3


async def test_what_is_too_old_is_deleted_and_nothing_else(database: Database) -> None:
    for text in ("old", "new"):
        message = a_message(text)
        await SqlIntake(database.engine).accept(message)
        async with SqlUnitOfWork(database.engine) as uow:
            await uow.inbox.finish(message, a_result())
            await uow.outbox.add(message.address, (a_reply(text, buttons=(text,)),))
            await uow.utterances.record(message, text, a_result(), 1)
            await uow.commit()
    for table, moment, text in [
        ("inbox", "received_at", "payload->>'text'"),
        ("outbox", "created_at", "reply->>'text'"),
        ("button", "created_at", "value"),
        ("utterance", "said_at", "text"),
    ]:
        aged = f"UPDATE {table} SET {moment} = now() - interval '181 days' WHERE {text} = 'old' RETURNING 1"
        assert len(await rows(database, aged)) == 1
    deleted = await asyncio.gather(*(delete_old(database.engine, timedelta(days=180)) for _ in range(2)))
    totals = {table: sum(each[table] for each in deleted) for table in deleted[0]}
    gone = {table: count for table, count in totals.items() if count}
    assert gone == {"utterance": 1, "outbox": 1, "button": 1, "inbox": 1}
    assert await rows(database, "SELECT text FROM utterance") == [("new",)]
