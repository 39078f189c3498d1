"""The inbox as the worker sees it: which update of a conversation comes next, and which were given up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import structlog
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import InboundMessage, Reply

from .engine import UNFLUSHED, at_once
from .jobs import ABSORB
from .records import message_from_data
from .unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update to be answered; `attempts` counts how often its turn was begun, this time included."""

    id: int
    message: InboundMessage
    attempts: int


_NEXT = text(
    f"""
WITH absorbed AS ({ABSORB})
UPDATE inbox SET attempts = attempts + 1
WHERE state = 'pending' AND id = (
    SELECT id FROM inbox WHERE conversation_id = :conversation AND state = 'pending'
    ORDER BY position, id LIMIT 1
) AND {UNFLUSHED}
RETURNING id, payload, attempts"""  # noqa: S608 - only our own constants
)

_BURY = text(
    "UPDATE inbox SET state = 'dead', outcome = 'error_internal', done_at = now()"
    " WHERE id = :id AND state = 'pending' RETURNING id"
)


class SqlInboxQueue:
    """The pending updates of a conversation, in order."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._at_once = at_once(engine)

    async def next(self, conversation: uuid.UUID) -> Waiting | None:
        """The update to answer now; None where none waits.

        The attempt is counted before it is made, so that an update which kills the process is given up too.
        """
        while True:
            async with self._at_once.connect() as connection:
                row = (await connection.execute(_NEXT, {"conversation": conversation})).first()
            if row is None:
                return None
            try:
                return Waiting(row.id, message_from_data(row.payload), row.attempts)
            except ValidationError as error:
                log.error("update_unreadable", inbox=row.id, problems=error.error_count())
                await self._bury_alone(row.id)

    async def bury(self, waiting: Waiting, replies: tuple[Reply, ...]) -> bool:
        """Give an update up and tell the contact so, together; False where it was answered meanwhile."""
        async with SqlUnitOfWork(self._engine) as uow:
            if (await uow.connection.execute(_BURY, {"id": waiting.id})).first() is None:
                return False
            await uow.outbox.add(waiting.message.address, replies)
            await uow.commit()
        return True

    async def _bury_alone(self, inbox_id: int) -> None:
        async with self._at_once.connect() as connection:
            await connection.execute(_BURY, {"id": inbox_id})
