"""The worker: takes the turns of each conversation, one after another; the only user of procrastinate."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker
from prometheus_client import Counter

from bot.conversation.messages import InboundMessage, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.rush import Rush
from bot.domain.errors import DuplicateMessage, StaleTracker
from bot.persistence.engine import SCHEMA_LOCK, conninfo, is_database_away
from bot.persistence.inbox_queue import SqlInboxQueue, Waiting
from bot.persistence.jobs import HEARTBEAT, QUEUE, SILENCE, TASK

log = structlog.get_logger(__name__)

TURNS = Counter("ctc_turns", "Turns by how their job went.", ["result"])

MOST_ATTEMPTS = 3
"""Times a turn is begun before its update is given up."""
MOST_RECALLS = 5
"""Times a turn is taken anew within one attempt, where another one wrote the tracker meanwhile."""
LONGEST_TURN = timedelta(seconds=60)
_POLL = 0.2
"""Seconds. A job that becomes free while its lock is given back is noticed by this poll only."""
_WITHOUT_DATABASE = (0.2, 0.5, 1, 2, 4, 8)
"""Seconds between attempts while the database is away; then the job ends, and a sweep asks for it again."""

Take = Callable[[InboundMessage], Awaitable[TurnResult]]
Apologise = Callable[[InboundMessage, str], Awaitable[tuple[Reply, ...]]]
"""What to tell a contact whose message could not be answered; the text is the incident's id in our log."""
Deliver = Callable[[uuid.UUID], None]
"""Begins the delivery of a conversation's replies and does not wait for it: a slow platform must not hold up
turns."""


class TurnTaker:
    """Answers what waits in a conversation."""

    def __init__(
        self, queue: SqlInboxQueue, take: Take, apologise: Apologise, deliver: Deliver, rush: Rush | None = None
    ) -> None:
        self._rush = rush or Rush()
        self._queue = queue
        self._take = take
        self._apologise = apologise
        self._deliver = deliver

    async def take_turns(self, conversation_id: str) -> None:
        """Answer every waiting update of a conversation, in order. Nothing that fails holds up the next."""
        conversation = uuid.UUID(conversation_id)
        await self._rush.pass_by()
        for pause in _WITHOUT_DATABASE:
            try:
                return await self._answer_all(conversation)
            except Exception as error:
                if not is_database_away(error):
                    raise
                log.warning("turn_interrupted", conversation=conversation_id, reason=type(error).__name__)
            await asyncio.sleep(pause)
        return await self._answer_all(conversation)

    async def _answer_all(self, conversation: uuid.UUID) -> None:
        while (waiting := await self._queue.next(conversation)) is not None:
            await self._answer(waiting)
            self._deliver(conversation)

    async def _answer(self, waiting: Waiting) -> None:
        if waiting.attempts > MOST_ATTEMPTS:  # it killed its worker each time
            await self._give_up(waiting, secrets.token_hex(4))
            return
        try:
            await self._take_patiently(waiting.message)
            TURNS.labels("done").inc()
        except DuplicateMessage:
            TURNS.labels("duplicate").inc()
        except Exception as error:
            if is_database_away(error):
                raise
            incident = secrets.token_hex(4)
            log.exception("turn_failed", incident=incident, inbox=waiting.id, attempt=waiting.attempts)
            if waiting.attempts >= MOST_ATTEMPTS:
                await self._give_up(waiting, incident)
            else:
                TURNS.labels("retried").inc()
                await asyncio.sleep(0.2 * waiting.attempts)

    async def _take_patiently(self, message: InboundMessage) -> None:
        async with asyncio.timeout(LONGEST_TURN.total_seconds()):
            for _ in range(MOST_RECALLS - 1):
                with contextlib.suppress(StaleTracker):
                    await self._take(message)
                    return
            await self._take(message)

    async def _give_up(self, waiting: Waiting, incident: str) -> None:
        replies: tuple[Reply, ...] = ()
        try:
            replies = await self._apologise(waiting.message, incident)
        except Exception as error:
            if is_database_away(error):
                raise
            log.exception("apology_failed", incident=incident, inbox=waiting.id)
        if await self._queue.bury(waiting, replies):
            TURNS.labels("dead").inc()
            log.error("update_given_up", incident=incident, inbox=waiting.id, attempts=waiting.attempts)


async def run_worker(
    url: str,
    turns: TurnTaker,
    *,
    concurrency: int,
    heartbeat: timedelta = HEARTBEAT,
    silence: timedelta = SILENCE,
) -> None:
    """Take turns, `concurrency` conversations at once, until cancelled; then end those begun (10 s at most).

    A database that goes away only interrupts it.
    """
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it reports each job at INFO
    pause = 0.2
    fallen: int | None = None
    while True:
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo(url),
            min_size=1,
            max_size=concurrency + 3,
            # A job that a power cut makes the database forget comes back by a sweep: no need to wait for the disk.
            kwargs={"application_name": "worker", "options": "-c synchronous_commit=off"},
            configure=_set_autocommit,
        )
        app = procrastinate.App(connector=connector)
        app.task(name=TASK, queue=QUEUE)(turns.take_turns)
        worker = Worker(
            app,
            queues=[QUEUE],
            concurrency=concurrency,
            fetch_job_polling_interval=_POLL,
            shutdown_graceful_timeout=10,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=heartbeat.total_seconds(),
            stalled_worker_timeout=silence.total_seconds(),
        )
        began = asyncio.get_running_loop().time()
        try:
            async with app.open_async():
                if fallen is not None:  # so that its jobs are seen to be nobody's at once
                    await app.job_manager.unregister_worker(fallen)
                    fallen = None
                await worker.run()  # type: ignore[no-untyped-call]
        except Exception as error:
            log.warning("worker_interrupted", reason=type(error).__name__)
        else:
            log.warning("worker_interrupted", reason="a side task of it ended")
        fallen = worker.worker_id or fallen
        if asyncio.get_running_loop().time() - began > 30:
            pause = 0.2
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5)


async def _set_autocommit(connection: psycopg.AsyncConnection[Any]) -> None:
    """Each call of procrastinate is one statement: this halves their round trips."""
    await connection.set_autocommit(True)


def prepare_schema(url: str) -> None:
    """Make the tables of the job queue where there are none. Blocks; call it after `migrate`, in a thread.

    A second process waits for the first.
    """
    with psycopg.connect(conninfo(url)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
        row = connection.execute("SELECT to_regclass('procrastinate_jobs') IS NULL").fetchone()
        if row is not None and row[0]:
            connection.execute(SchemaManager.get_schema())
